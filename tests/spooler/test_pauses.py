"""Pauses, holds and priorities with a printer at work, and after the service began again."""

from contextlib import suppress
from pathlib import Path
from typing import Any

from labeler.errors import Refusal
from labeler.production import issuing
from labeler.production.printing import doubtful, job_control, overview, pausing, releasing, spool
from labeler.production.printing.doubtful import Decision, Finding
from labeler.production.printing.instructions import Instruction
from labeler.production.site import Site
from labeler.units import LabelState
from printers.emulator import VirtualPrinter
from tests.plants import trigger, until
from tests.production.record import job, serials
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

WISH = Instruction(reason="head is cleaned", operator="mk", channel="http")
SENTENCE = "Paused by mk: head is cleaned. Go on: labeler printer resume zebra-1."


def history(site: Site) -> list[tuple[str, str]]:
    """Return the printer's changes, the oldest first."""
    with site.store.read() as transaction:
        found = overview.history(site, transaction, "zebra-1", before=None, limit=20)
    return [(one["state"], one["sentence"]) for one in reversed(found)]


def test_pause_and_hold_outlive_the_service_and_end_when_somebody_says_so(
    tmp_path: Path, printer: VirtualPrinter, database_url: str
) -> None:
    with station(tmp_path, address(printer), database=database_url) as service:
        pausing.pause(service.site, "zebra-1", WISH)
        with spooling(service):
            for number in (1, 2, 3):
                issue(service.site, f"k{number}", quantity=2)
            job_control.hold(service.site, 2, WISH)
            job_control.set_priority(service.site, 3, WISH, priority=90)
            assert until_stopped(service.site, "paused") == SENTENCE
    with station(tmp_path, address(printer), database=database_url) as service:
        site = service.site
        with spooling(service):
            assert until_stopped(site, "paused") == SENTENCE
            until(lambda: history(site)[-1] == ("stopped", SENTENCE))
            assert printed(printer) == []
            pausing.resume(site, "zebra-1", WISH)
            until_states(site, "printed", "printed")
            until(lambda: site.printer_states["zebra-1"].state == "idle")
            assert printed(printer) == [*serials(5, 2), *serials(1, 2)]
            assert (states(site, 2), job(site, 2)["state"]) == (["held", "held"], "held")
            releasing.release(site, 2, WISH)
            site.wake("zebra-1")
            until_states(site, "printed", "printed", job_id=2)
            assert printed(printer)[4:] == [*serials(3, 2)]


def test_pause_between_two_parcels_proves_what_is_on_its_way(
    tmp_path: Path, database_url: str
) -> None:
    with VirtualPrinter(port=0, label_time_s=0.15) as slow:
        spooler = {"labels_in_flight_max": 2}
        with (
            station(tmp_path, address(slow), database=database_url, spooler=spooler) as service,
            spooling(service),
        ):
            site = service.site
            issue(site, quantity=8)
            until(lambda: slow.label_count >= 1)
            pausing.pause(site, "zebra-1", WISH)
            until(lambda: "sending" not in states(site))
            until_stopped(site, "paused")
            found = states(site)
            count = found.count("printed")
            assert found == ["printed"] * count + ["queued"] * (8 - count)
            assert (0 < count < 8, len(printed(slow))) == (True, count)
            pausing.resume(site, "zebra-1", WISH)
            until_states(site, *["printed"] * 8)
            assert printed(slow) == [*serials(1, 8)]


def test_labels_sent_before_a_crash_are_proven_although_the_printer_is_paused(
    tmp_path: Path, printer: VirtualPrinter
) -> None:
    with station(tmp_path, address(printer)) as service:
        issue(service.site, quantity=2)
        with service.site.store.read() as transaction:
            [first, _] = spool.waiting(transaction, "zebra-1", limit=2)
        spool.claim(service.site, [(first, "d" * 64)], odometer=printer.label_count - 1)
        pausing.pause(service.site, "zebra-1", WISH)
        with spooling(service):
            until_states(service.site, "printed", "queued")
            assert until_stopped(service.site, "paused") == SENTENCE


def test_own_pause_of_a_printer_is_told_apart_from_ours(
    tmp_path: Path, printer: VirtualPrinter
) -> None:
    watched = {"status_interval_s": 0.05}
    with station(tmp_path, address(printer), spooler=watched) as service, spooling(service):
        printer.pause()
        own = until_stopped(service.site, "paused")
        assert own == "Printer 'zebra-1' says: paused. Press its pause button."
        pausing.pause(service.site, "zebra-1", WISH)
        until(lambda: service.site.printer_states["zebra-1"].sentence == f"{SENTENCE} {own}")
        printer.resume()
        until(lambda: service.site.printer_states["zebra-1"].sentence == SENTENCE)
        pausing.resume(service.site, "zebra-1", WISH)
        until(lambda: service.site.printer_states["zebra-1"].state == "idle")


def test_reprint_overtakes_five_hundred_labels_that_wait(
    tmp_path: Path, printer: VirtualPrinter, database_url: str
) -> None:
    with station(tmp_path, address(printer), database=database_url) as service:
        site = service.site
        [first] = issue(site, "first")
        with site.store.read() as transaction:
            labels = spool.waiting(transaction, "zebra-1", limit=1)
        spool.claim(site, [(labels[0], "d" * 64)], odometer=7)
        spool.settle(site, labels, LabelState.DOUBTFUL)
        for number in range(2):
            line = {"line": f"line-{number + 1}", "quantity": 250}
            issuing.issue_labels(site, trigger(f"k{number}", **line))
        again = Finding(decision=Decision.PRINT_AGAIN, reason="gone", operator="mk", channel="http")
        reprint: Any = doubtful.decide(site, 1, again)["job"]
        with spooling(service):
            until_states(site, "printed", job_id=reprint)
            until(lambda: len(printer.labels) >= 20)
        assert printed(printer)[:2] == [first, *serials(2)]


def test_cancel_and_move_work_while_the_printer_is_away(
    tmp_path: Path, printer: VirtualPrinter
) -> None:
    with station(tmp_path, "tcp://127.0.0.1:9") as service, spooling(service):
        site = service.site
        for key in ("k1", "k2"):
            issue(site, key, quantity=2)
        until_stopped(site, "connecting-to-device")
        assert job_control.cancel(site, 1, WISH)["state"] == "canceled"
        assert job_control.move(site, 2, WISH, to="archive")["moved"] == 2
        until_states(site, "printed", "printed", job_id=2)
        assert states(site, 1) == ["not_printed", "not_printed"]


def test_jobs_held_and_released_all_the_time_are_printed_once(
    tmp_path: Path, printer: VirtualPrinter
) -> None:
    with station(tmp_path, address(printer)) as service, spooling(service):
        site = service.site
        for number in range(1, 9):
            issue(site, f"k{number}", quantity=10)
            found = [job(site, one)["progress"] for one in range(1, number + 1)]
            for one, progress in enumerate(found, start=1):
                if progress["queued"]:
                    with suppress(Refusal):  # its last labels may have left since we looked
                        job_control.hold(site, one, WISH)
                        releasing.release(site, one, WISH)
        for number in range(1, 9):
            until_states(site, *["printed"] * 10, job_id=number)
        assert sorted(printed(printer)) == sorted(serials(1, 80))
