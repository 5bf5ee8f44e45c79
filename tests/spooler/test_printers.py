"""The spooler with a printer over TCP: each label state is reached only with its evidence."""

import hashlib
import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from labeler.production import runs
from labeler.production.printing import doubtful, spool
from labeler.production.printing.doubtful import Decision, Finding
from printers.emulator import VirtualPrinter
from tests import plants
from tests.plants import order, until
from tests.production.record import job
from tests.spooler.stations import (
    SOON,
    address,
    details,
    issue,
    printed,
    spooling,
    states,
    station,
    until_states,
    until_stopped,
)


def test_label_is_printed_when_the_odometer_says_so(
    tmp_path: Path, printer: VirtualPrinter
) -> None:
    with station(tmp_path, address(printer)) as service, spooling(service):
        [serial] = issue(service.site)
        until_states(service.site, "printed")
        found = job(service.site, 1)
        assert (found["state"], printed(printer)) == ("completed", [serial])
        assert found["labels"][0]["digest"] == hashlib.sha256(printer.labels[0] + b"\n").hexdigest()
        assert details(service.site, serial, "label_printed") == [
            {"odometer_before": 0, "odometer_after": 1}
        ]
        until(lambda: service.site.printer_states["zebra-1"].state == "idle")


def test_labels_are_printed_in_the_order_they_were_issued(
    tmp_path: Path, printer: VirtualPrinter
) -> None:
    with station(tmp_path, address(printer)) as service, spooling(service):
        expected = [serial for n in range(12) for serial in issue(service.site, f"k{n}", 3)]
        until(lambda: len(printed(printer)) == 36)
        until_states(service.site, *["printed"] * 3, job_id=12)
        assert printed(printer) == expected


def test_labels_in_flight_are_no_more_than_their_window(
    tmp_path: Path, printer: VirtualPrinter
) -> None:
    spooler = {"labels_in_flight_max": 2}
    with station(tmp_path, address(printer), spooler=spooler) as service:
        issue(service.site, quantity=5)
        with spooling(service):
            until_states(service.site, *["printed"] * 5)
        with service.site.store.read() as transaction:
            labels = spool.job_labels(transaction, 1)
    assert [label.odometer for label in labels] == [0, 0, 2, 2, 4]


def test_label_waits_while_the_printer_is_paused(tmp_path: Path, printer: VirtualPrinter) -> None:
    printer.pause()
    with station(tmp_path, address(printer)) as service, spooling(service):
        issue(service.site)
        said = until_stopped(service.site, "paused")
        assert said == "Printer 'zebra-1' says: paused. Press its pause button."
        assert states(service.site) == ["queued"]
        printer.resume()
        until_states(service.site, "printed")
        until(lambda: service.site.printer_states["zebra-1"].state == "idle")
        assert service.site.printer_states["zebra-1"].sentence == ""


def test_labels_in_flight_wait_for_media_as_long_as_it_takes(
    tmp_path: Path, printer: VirtualPrinter
) -> None:
    printer.media_out(after=1)
    with station(tmp_path, address(printer)) as service, spooling(service):
        issued = issue(service.site, quantity=3)
        said = until_stopped(service.site, "media-empty")
        assert said == "Printer 'zebra-1' says: media-empty. Put in a roll."
        since = len(printer.history)
        until(lambda: [n for _, n in printer.history[since:]].count("~HS") > 3)
        assert states(service.site) == ["sending"] * 3
        printer.load_media()
        until_states(service.site, *["printed"] * 3)
        assert printed(printer) == list(issued)


def test_label_is_not_sent_to_a_printer_that_is_silent(
    tmp_path: Path, printer: VirtualPrinter
) -> None:
    printer.silent(True)
    spooler = {"reply_timeout_s": 0.05}
    with station(tmp_path, address(printer), spooler=spooler) as service, spooling(service):
        issue(service.site)
        assert until_stopped(service.site, "timed-out") == (
            "Printer 'zebra-1' gives no status within 0.05 s: blocked, off, or no ZPL printer. "
            "Look at it. Nothing was sent."
        )
        assert states(service.site) == ["queued"]
        printer.silent(False)
        until_states(service.site, "printed")


def test_label_that_never_came_out_is_doubtful_and_never_sent_again(
    tmp_path: Path, printer: VirtualPrinter
) -> None:
    printer.accept_and_never_print(True)
    with station(tmp_path, address(printer), spooler=SOON) as service, spooling(service):
        [lost] = issue(service.site)
        until_states(service.site, "doubtful")
        assert job(service.site, 1)["state"] == "stopped"
        assert details(service.site, lost, "label_doubtful") == [
            {
                "why": "the odometer moved by 0, expected 1",
                "odometer_before": 0,
                "moved": 0,
                "parcel": [1],
            }
        ]
        printer.accept_and_never_print(False)
        [next_one] = issue(service.site, "k2")
        until_states(service.site, "printed", job_id=2)
        assert (printed(printer), states(service.site)) == ([next_one], ["doubtful"])


def test_doubtful_label_is_printed_again_when_a_person_says_so(
    tmp_path: Path, printer: VirtualPrinter
) -> None:
    printer.accept_and_never_print(True)
    with station(tmp_path, address(printer), spooler=SOON) as service, spooling(service):
        [lost] = issue(service.site)
        until_states(service.site, "doubtful")
        printer.accept_and_never_print(False)
        finding = Finding(
            decision=Decision.PRINT_AGAIN, reason="nothing there", operator="mk", channel="http"
        )
        decided = doubtful.decide(service.site, 1, finding)
        until_states(service.site, "printed", job_id=decided["job"])
        assert (printed(printer), states(service.site)) == ([lost], ["not_printed"])


def test_label_of_a_printer_without_proof_is_only_sent(
    tmp_path: Path, printer: VirtualPrinter
) -> None:
    with station(tmp_path, address(printer), printer={"proof": "none"}) as service:
        with spooling(service):
            [serial] = issue(service.site)
            until_states(service.site, "sent")
            until(lambda: printed(printer) == [serial])
        assert states(service.site) == ["sent"]
        assert job(service.site, 1)["state"] == "completed"
        assert details(service.site, serial, "label_sent") == [{"proof": "none"}]


def test_connection_that_drops_loses_no_label_and_doubles_none(
    tmp_path: Path, printer: VirtualPrinter
) -> None:
    with station(
        tmp_path, address(printer), spooler={**SOON, "labels_in_flight_max": 3}
    ) as service:
        issued = issue(service.site, quantity=9)
        printer.drop_connection(after_bytes=900)
        with spooling(service):
            until(lambda: not {"queued", "sending"} & set(states(service.site)))
        found = dict(zip(issued, states(service.site), strict=True))
        on_paper = printed(printer)
        assert len(on_paper) == len(set(on_paper))
        assert set(found.values()) <= {"printed", "doubtful"}
        assert [s for s, state in found.items() if state == "printed" and s not in on_paper] == []
        assert [s for s, state in found.items() if state != "doubtful"] != []
        assert [s for s in issued if s not in on_paper and found[s] != "doubtful"] == []


def test_printer_that_cannot_be_reached_is_tried_again(tmp_path: Path) -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        port = reserved.getsockname()[1]
    with station(tmp_path, f"tcp://127.0.0.1:{port}") as service, spooling(service):
        [serial] = issue(service.site)
        sentence = until_stopped(service.site, "connecting-to-device")
        assert sentence == (
            f"Printer tcp://127.0.0.1:{port} cannot be reached: expected a connection within 2 s, "
            "got [Errno 111] Connection refused; check that it is switched on, in the network and "
            "has this address."
        )
        assert states(service.site) == ["queued"]
        with VirtualPrinter(port=port) as printer:
            until_states(service.site, "printed")
            assert printed(printer) == [serial]


@pytest.mark.parametrize(
    ("shown", "change", "why"),
    [
        (
            "{number}",
            "UPDATE unit SET position = 88888 WHERE id = 1",
            "Text '88888' may become ",
        ),
        (
            "{serial|group:1|cut:4}",
            "UPDATE unit SET serial = printf('%0600d', 0) WHERE id = 1",
            "'{serial|group:1|cut:4}' makes a text of 1199 characters of one of 600: expected ",
        ),
    ],
)
def test_label_that_no_longer_can_be_drawn_is_set_aside_and_the_next_is_printed(
    tmp_path: Path, printer: VirtualPrinter, shown: str, change: str, why: str
) -> None:
    text = {"x_mm": 4, "y_mm": 3, "size_mm": 4, "width_mm": 8, "text": shown}
    with station(tmp_path, address(printer)) as service:
        plants.write_template(tmp_path, elements=[{"text": text}])
        runs.close_run(service.site, 1)
        runs.open_run(service.site, order())
        issue(service.site, quantity=2)
        service.site.store.write(lambda t: t.run_sql(change))
        with spooling(service):
            until_states(service.site, "not_printed", "printed")
        found = job(service.site, 1)
        serial = str(found["labels"][0]["serial"])
        [detail] = details(service.site, serial, "label_not_printed")
        assert detail["why"].startswith(why)
        assert (found["state"], printer.label_count) == ("completed", 1)


def test_job_that_a_printers_new_settings_cannot_draw_is_held_and_the_queue_goes_on(
    tmp_path: Path, printer: VirtualPrinter
) -> None:
    with station(tmp_path, address(printer)) as service:
        [poor] = issue(service.site)
    hasty = {"speed_mm_s": 400}
    archive = {"lines": {"line-1": {"archive": "archive"}}}
    with station(tmp_path, address(printer), printer=hasty, **archive) as service:
        with spooling(service):
            until_states(service.site, "held")
        found = job(service.site, 1)
        why = (
            "Printer 'zebra-1' cannot draw them: Speed 400 mm/s is 16 inches per second: expected "
            "1 to 14 (25.4 to 355.6 mm/s); choose one that the printer has."
        )
        assert (found["state"], found["hold_reason"], found["retry_count"]) == ("held", why, 1)
        assert details(service.site, poor, "label_held") == [{"why": why, "tries": 1}]
        assert printer.label_count == 0


def test_spooler_lives_until_it_is_stopped(tmp_path: Path, printer: VirtualPrinter) -> None:
    with station(tmp_path, address(printer)) as service:
        with spooling(service) as spooler:
            alive = [spooler.alive]
            assert service.site.spooler is spooler
            spooler.wake("no such printer")
        alive.append(spooler.alive)
        assert alive == [True, False]
        assert service.site.spooler is None


def test_spooler_whose_record_is_out_of_reach_says_so_and_goes_on_when_it_is_back(
    tmp_path: Path, printer: VirtualPrinter
) -> None:
    with station(tmp_path, address(printer)) as service, spooling(service):
        with closing(sqlite3.connect(tmp_path / "labeler.db")) as stranger:
            stranger.execute("ALTER TABLE label RENAME TO label_away")
            sentence = until_stopped(service.site, "other")
            assert sentence.startswith("The database cannot be read: no such table: label")
            stranger.execute("ALTER TABLE label_away RENAME TO label")
        issue(service.site)
        until_states(service.site, "printed")


def test_spooler_survives_a_bug_and_says_that_there_is_one(
    tmp_path: Path, printer: VirtualPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    with station(tmp_path, address(printer)) as service, monkeypatch.context() as patch:

        def fail(*_: object, **__: object) -> None:
            raise ZeroDivisionError("a bug")

        patch.setattr("labeler.production.printing.spool.claim", fail)
        with spooling(service) as spooler:
            issue(service.site)
            assert until_stopped(service.site, "other") == "ZeroDivisionError('a bug')"
            assert spooler.alive
            patch.undo()
            until_states(service.site, "printed")
