"""A printer that has nothing to do is asked how it is, and the record keeps what it said."""

import socket
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from labeler.errors import STORE_UNAVAILABLE, Refusal
from labeler.production.printing import printer_history
from labeler.production.site import PrinterState, Site
from labeler.spooler import watch
from printers.emulator import VirtualPrinter
from printers.emulator.answers import Profile
from printers.status import Identity
from tests import plants
from tests.plants import until
from tests.spooler.stations import (
    address,
    issue,
    printed,
    spooling,
    states,
    station,
    until_states,
    until_stopped,
)

OFTEN = {"status_interval_s": 0.02, "reply_timeout_s": 0.5}
NOBODY = "Nobody has asked it yet."
OPEN = "Printer 'zebra-1' says: cover-open. Close its head."
BOTH = "Printer 'zebra-1' says: paused, cover-open. Press its pause button. Close its head."


def shown(site: Site) -> PrinterState:
    return site.printer_states["zebra-1"]


def until_idle(site: Site) -> None:
    until(lambda: shown(site).state == "idle")


def history(site: Site, printer: str = "zebra-1") -> list[tuple[str, list[str], str]]:
    """Return what the record says of a printer, the oldest first."""
    with site.store.read() as transaction:
        rows = printer_history.list_history(transaction, printer, before=None, limit=100)
    return [(row["state"], row["reasons"], row["sentence"]) for row in reversed(rows)]


def questions(printer: VirtualPrinter) -> list[str]:
    return [what for _, what in printer.history if what.startswith("~")]


def test_printer_is_unknown_until_it_was_heard_of(tmp_path: Path, printer: VirtualPrinter) -> None:
    with station(tmp_path, address(printer)) as service:
        with spooling(service):
            until_idle(service.site)
        assert history(service.site) == [
            ("unknown", [], NOBODY),
            ("idle", [], ""),
            ("unknown", [], "The service stopped; nobody asks it."),
        ]
        found = shown(service.site).picture
        assert found is not None
        assert found.identity == Identity(
            model="labeler virtual printer", firmware="V1.0", dpi=203, memory_kib=8176, options=()
        )


def test_printer_is_not_asked_without_a_label_where_the_interval_is_0(
    tmp_path: Path, printer: VirtualPrinter
) -> None:
    spooler = {"status_interval_s": 0}
    with station(tmp_path, address(printer), spooler=spooler) as service, spooling(service):
        assert (shown(service.site).state, shown(service.site).sentence) == (
            "unknown",
            "Nobody asks it (spooler.status_interval_s is 0); its state shows when it prints.",
        )
        issue(service.site)
        until_states(service.site, "printed")
        until_idle(service.site)
        assert "~HQES" not in questions(printer)


def test_printer_that_cannot_answer_is_unknown_until_it_has_printed(
    tmp_path: Path, printer: VirtualPrinter
) -> None:
    silent = {"proof": "none"}
    with station(tmp_path, address(printer), printer=silent, spooler=OFTEN) as service:
        with spooling(service):
            assert (shown(service.site).state, shown(service.site).sentence) == (
                "unknown",
                "It cannot be asked how it is; its state shows when it prints.",
            )
            issue(service.site)
            until_states(service.site, "sent")
            until_idle(service.site)
        assert questions(printer) == []


def test_what_keeps_an_idle_printer_from_printing_is_shown_and_kept(
    tmp_path: Path, printer: VirtualPrinter
) -> None:
    with station(tmp_path, address(printer), spooler=OFTEN) as service:
        with spooling(service):
            until_idle(service.site)
            printer.open_head()
            said = until_stopped(service.site, "cover-open")
            assert said == OPEN
            printer.pause()
            until_stopped(service.site, "paused", "cover-open")
            printer.close_head()
            printer.resume()
            until_idle(service.site)
        assert history(service.site)[1:-1] == [
            ("idle", [], ""),
            ("stopped", ["cover-open"], OPEN),
            ("stopped", ["paused", "cover-open"], BOTH),
            ("idle", [], ""),
        ]


def test_warning_is_shown_and_stops_nothing(tmp_path: Path, printer: VirtualPrinter) -> None:
    printer.media_low(True)
    with station(tmp_path, address(printer), spooler=OFTEN) as service, spooling(service):
        until(lambda: shown(service.site).keywords == ("media-low-warning",))
        assert (shown(service.site).state, shown(service.site).words) == (
            "idle",
            "It warns: media-low.",
        )
        issue(service.site)
        until_states(service.site, "printed")
        until_idle(service.site)
        assert shown(service.site).keywords == ("media-low-warning",)
        printer.media_low(False)
        until(lambda: shown(service.site).keywords == ())


def test_silence_is_never_ready_and_never_simply_off(
    tmp_path: Path, printer: VirtualPrinter
) -> None:
    spooler = {"status_interval_s": 0.02, "reply_timeout_s": 0.1}
    with station(tmp_path, address(printer), spooler=spooler) as service, spooling(service):
        until_idle(service.site)
        printer.silent(True)
        assert until_stopped(service.site, "timed-out") == (
            "Printer 'zebra-1' gives no status within 0.1 s: blocked, off, or no ZPL printer. "
            "Look at it."
        )
        found = shown(service.site).picture
        assert found is not None
        assert found.identity is not None, "what it said it is, it still is"


def test_silence_of_a_printer_that_nobody_knows_is_explained(tmp_path: Path) -> None:
    with VirtualPrinter(port=0, profile=Profile(model="ZM400")) as printer:
        printer.silent(True)
        spooler = {"status_interval_s": 60, "reply_timeout_s": 0.1}
        with station(tmp_path, address(printer), spooler=spooler) as service, spooling(service):
            assert until_stopped(service.site, "timed-out") == (
                "Printer 'zebra-1' gives no status within 0.1 s: blocked, off, or no ZPL printer. "
                "Look at it. It is silent, too, while media or ribbon is out or its head is open."
            )


def test_printer_that_is_away_is_asked_less_and_less_often(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[float] = []
    ask = watch.Watch.ask

    def noted(self: watch.Watch) -> None:
        asked.append(time.monotonic())
        ask(self)

    monkeypatch.setattr(watch.Watch, "ask", noted)
    spooler = {"status_interval_s": 0.001}
    with station(tmp_path, "tcp://127.0.0.1:9", spooler=spooler) as service, spooling(service):
        until_stopped(service.site, "connecting-to-device")
        until(lambda: len(asked) > 6)
        found = service.site.printer_states["zebra-1"]
        assert found.sentence.startswith("Printer tcp://127.0.0.1:9 cannot be reached: ")
        assert len(history(service.site)) <= 2
    gaps = [later - earlier for earlier, later in pairwise(asked)]
    assert all(gap >= 0.001 * factor for gap, factor in zip(gaps, (1, 2, 4, 8, 8), strict=False))


@pytest.fixture
def deaf() -> Iterator[socket.socket]:
    """Return a device that takes connections and says nothing, ever."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


def test_question_is_given_up_when_a_label_comes(tmp_path: Path, deaf: socket.socket) -> None:
    seen: list[bytes] = []
    asked, gone = threading.Event(), threading.Event()

    def listen() -> None:
        client, _ = deaf.accept()
        with client:
            while data := client.recv(1000):
                seen.append(data)
                asked.set()
        deaf.close()  # so that nobody is asked about the label
        gone.set()

    threading.Thread(target=listen, daemon=True).start()
    spooler = {"reply_timeout_s": 60, "status_interval_s": 60}
    uri = f"tcp://127.0.0.1:{deaf.getsockname()[1]}"
    with station(tmp_path, uri, spooler=spooler) as service, spooling(service):
        assert asked.wait(10)
        issue(service.site)
        assert gone.wait(10), "the question of 60 s ends with the label"
        assert seen == [b"~HS"]
        assert states(service.site) == ["queued"]


def test_printer_of_another_resolution_is_a_warning(tmp_path: Path) -> None:
    with (
        VirtualPrinter(port=0, profile=Profile(dpi=300)) as printer,
        station(tmp_path, address(printer), spooler=OFTEN) as service,
        spooling(service),
    ):
        until(lambda: shown(service.site).keywords == ("other-warning",))
        assert shown(service.site).words == (
            "It says it has 300 dpi, config.yaml says 203: labels come out in a wrong size. "
            "Correct its dpi in config.yaml."
        )


def test_printer_that_is_another_model_than_its_profile_is_a_warning(tmp_path: Path) -> None:
    with VirtualPrinter(port=0, profile=Profile(model="ZTC ZD621-203dpi ZPL")) as printer:
        settings = {"profile": "zebra-gx420"}
        with (
            station(tmp_path, address(printer), printer=settings, spooler=OFTEN) as service,
            spooling(service),
        ):
            until(lambda: shown(service.site).keywords == ("other-warning",))
            assert shown(service.site).words == (
                "It says it is a ZD621 (zebra-zd621), config.yaml says zebra-gx420. "
                "Correct its profile in config.yaml."
            )


def test_labels_going_through_are_no_changes(tmp_path: Path, printer: VirtualPrinter) -> None:
    with station(tmp_path, address(printer)) as service:
        with spooling(service):
            until_idle(service.site)
            for number in range(5):
                issue(service.site, f"k{number}")
            until(lambda: len(printed(printer)) == 5)
        assert [state for state, _, _ in history(service.site)] == ["unknown", "idle", "unknown"]


def test_history_is_bounded(tmp_path: Path, printer: VirtualPrinter) -> None:
    spooler = {**OFTEN, "printer_history_max": 3}
    with station(tmp_path, address(printer), spooler=spooler) as service:
        with spooling(service):
            for _ in range(3):
                until_idle(service.site)
                printer.pause()
                until_stopped(service.site, "paused")
                printer.resume()
            until_idle(service.site)
        assert [state for state, _, _ in history(service.site)] == ["stopped", "idle", "unknown"]


def test_history_goes_on_after_a_crash(tmp_path: Path, printer: VirtualPrinter) -> None:
    with station(tmp_path, address(printer)) as service:
        with spooling(service):
            until_idle(service.site)
        with service.site.store.engine.begin() as connection:  # a crash writes no last row
            connection.exec_driver_sql(
                "DELETE FROM printer_event WHERE sentence = 'The service stopped; nobody asks it.'"
            )
        with spooling(service):
            until_idle(service.site)
        assert history(service.site)[:4] == [
            ("unknown", [], NOBODY),
            ("idle", [], ""),
            ("unknown", [], NOBODY),
            ("idle", [], ""),
        ]


def test_history_waits_while_the_database_cannot_be_written(
    tmp_path: Path, printer: VirtualPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures: list[Any] = []
    append = printer_history.append

    def fail_twice(*rows: Any, **known: Any) -> None:
        if len(failures) < 2:
            failures.append(rows)
            raise Refusal(STORE_UNAVAILABLE, "The disk is full.", hint="Make room.")
        append(*rows, **known)

    monkeypatch.setattr(printer_history, "append", fail_twice)
    monkeypatch.setattr("labeler.spooler.historian.RETRY_S", 0.01)
    with station(tmp_path, address(printer)) as service:
        with spooling(service):
            until_idle(service.site)
            until(lambda: len(history(service.site)) == 2)
        assert [state for state, _, _ in history(service.site)] == ["unknown", "idle", "unknown"]


def test_profile_that_is_not_known_is_refused(tmp_path: Path) -> None:
    path = plants.write_site(tmp_path, printers={"zebra-1": {"profile": "zd611"}})
    with pytest.raises(Refusal) as caught, plants.opened(path):
        pass
    assert caught.value.sentence == (
        f"{path}:22: printers.zebra-1.profile: 'zd611' is not known. Known: virtual, zebra-gx420, "
        "zebra-zd611, zebra-zd621, zebra-x10, zebra-x14, zpl."
    )
