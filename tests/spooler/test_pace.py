"""How labels follow one another: one connection for several turns, no question too early."""

import socket
import time
from pathlib import Path

import pytest

from labeler.spooler.asking import Questions
from printers.emulator import VirtualPrinter
from printers.transports import _lines
from tests.plants import until
from tests.production.record import job
from tests.spooler.stations import (
    address,
    issue,
    printed,
    spooling,
    states,
    station,
    until_states,
)

KEPT = {"keep_connection_s": 60}
LINE = _lines.Line(baudrate=9600, bytesize=8, parity="N", stopbits=1, flow="none")


def receive(taken: socket.socket, labels: int) -> bytes:
    """Read so many labels, as a printer does that answers nothing."""
    found = b""
    while found.count(b"^XZ") < labels:
        arrived = taken.recv(65_536)
        assert arrived, "the connection was closed"
        found += arrived
    return found


def test_labels_of_two_triggers_travel_over_one_connection_that_is_kept(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(20)
        uri = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
        with station(tmp_path, uri, spooler=KEPT, printer={"proof": "none"}) as service:
            with spooling(service):
                issue(service.site, "k1")
                taken, _ = listener.accept()
                taken.settimeout(20)
                receive(taken, 1)
                until_states(service.site, "sent")
                issue(service.site, "k2")
                receive(taken, 1)
                until_states(service.site, "sent", job_id=2)
            assert taken.recv(1) == b""  # a service that ends gives it back
            taken.close()


def test_a_kept_connection_that_the_printer_closed_costs_no_label_and_no_pause(
    tmp_path: Path,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(20)
        uri = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
        spooler = {**KEPT, "retry_delay_max_s": 30}
        with (
            station(tmp_path, uri, spooler=spooler, printer={"proof": "none"}) as service,
            spooling(service),
        ):
            issue(service.site, "k1")
            first, _ = listener.accept()
            receive(first, 1)
            until_states(service.site, "sent")
            first.close()
            issue(service.site, "k2")
            second, _ = listener.accept()
            receive(second, 1)
            second.close()
            until_states(service.site, "sent", job_id=2)


def test_a_printer_that_was_switched_off_and_on_meanwhile_gets_its_labels_once(
    tmp_path: Path, printer: VirtualPrinter
) -> None:
    with station(tmp_path, address(printer), spooler=KEPT) as service, spooling(service):
        first = issue(service.site, "k1", quantity=2)
        until_states(service.site, "printed", "printed")
        printer.power_cycle()
        second = issue(service.site, "k2", quantity=2)
        until_states(service.site, "printed", "printed", job_id=2)
        assert printed(printer) == [*first, *second]


def test_a_kept_connection_is_closed_when_its_time_is_over(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(20)
        uri = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
        spooler = {"keep_connection_s": 0.1}
        with (
            station(tmp_path, uri, spooler=spooler, printer={"proof": "none"}) as service,
            spooling(service),
        ):
            issue(service.site, "k1")
            taken, _ = listener.accept()
            taken.settimeout(20)
            receive(taken, 1)
            assert taken.recv(1) == b""
            taken.close()
            assert states(service.site) == ["sent"]


def test_a_slow_line_is_not_asked_before_its_bytes_can_have_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = []
    ask = Questions.status

    def status(self: Questions, connection: object) -> object:
        answer = ask(self, connection)  # type: ignore[arg-type]
        heard.append(answer)
        return answer

    monkeypatch.setattr(Questions, "status", status)
    with VirtualPrinter.on_pty(baud=9600) as printer:
        spooler = {"reply_timeout_s": 0.8}
        with station(tmp_path, printer.uri, spooler=spooler) as service, spooling(service):
            issue(service.site, quantity=5)  # two seconds of line time
            until(lambda: states(service.site) == ["printed"] * 5)
    assert None not in heard


def test_labels_are_marked_and_proved_on_postgresql_too(
    tmp_path: Path, printer: VirtualPrinter, postgres_url: str
) -> None:
    with station(tmp_path, address(printer), database=postgres_url) as service, spooling(service):
        serials = issue(service.site, quantity=12)
        until_states(service.site, *["printed"] * 12)
        assert printed(printer) == list(serials)
        found = job(service.site, 1)
        assert (found["state"], found["progress"]["printed"]) == ("completed", 12)


def test_bytes_of_a_line_leave_one_after_the_other() -> None:
    pace = _lines.Pace(LINE)
    now = time.monotonic()
    pace.handed_over(9600, since=now)
    pace.handed_over(9600, since=now + 1)
    assert 19 < pace.unsent_s() <= 20


def test_a_line_that_was_silent_for_long_has_nothing_left_to_send() -> None:
    pace = _lines.Pace(LINE)
    pace.handed_over(9600, since=time.monotonic() - 11)
    assert pace.unsent_s() == 0
