"""The proof ladder: what a printer that answers proves of each label, and what stays doubtful."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labeler.production.printing import doubtful
from labeler.production.site import Site
from printers.emulator import VirtualPrinter
from printers.emulator.answers import Profile
from printers.emulator.faults import parse
from tests.plants import until
from tests.production.record import job
from tests.spooler.stations import (
    SOON,
    details,
    issue,
    printed,
    spooling,
    states,
    station,
    until_states,
    until_stopped,
)

STATUS = {"proof": "status"}


@pytest.fixture(params=["tcp", "pty"])
def either(request: pytest.FixtureRequest) -> Iterator[VirtualPrinter]:
    """Return a virtual printer on each kind of line in turn."""
    made = VirtualPrinter(port=0) if request.param == "tcp" else VirtualPrinter.on_pty()
    with made as started:
        yield started


def unit_state(service: Any, serial: str) -> str:
    found = service.web.test_client().get(f"/api/v1/serials/{serial}")
    return str(found.get_json()["state"])


def listed(site: Site) -> dict[int, tuple[str, str]]:
    """Return of each doubtful label why it is so, and the advice."""
    with site.store.read() as transaction:
        found = doubtful.list_doubtful(transaction)
    return {one["id"]: (one["known"]["why"], one["advice"]) for one in found}


def test_label_is_buffered_when_the_printer_answers_behind_it(
    tmp_path: Path, either: VirtualPrinter
) -> None:
    with station(tmp_path, either.uri, printer=STATUS) as service, spooling(service):
        first, second = issue(service.site, quantity=2)
        until_states(service.site, "buffered", "buffered")
        until(lambda: printed(either) == [first, second])
        [detail] = details(service.site, first, "label_buffered")
        assert (detail["proof"], set(detail)) == ("status", {"proof", "labels_waiting"})
        assert job(service.site, 1)["state"] == "completed"
        assert unit_state(service, first) == "allocated"


def test_label_is_buffered_also_while_the_printer_has_no_media(tmp_path: Path) -> None:
    with (
        VirtualPrinter(port=0, faults=[parse("in label 1: media-out")]) as printer,
        station(tmp_path, printer.uri, printer=STATUS) as service,
        spooling(service),
    ):
        issue(service.site, quantity=2)
        until_states(service.site, "buffered", "buffered")
        assert printer.label_count == 0
        [after] = issue(service.site, "k2")
        until_stopped(service.site, "media-empty")
        assert states(service.site, 2) == ["queued"]
        printer.load_media()
        until_states(service.site, "buffered", job_id=2)
        until(lambda: printed(printer)[-1:] == [after])


def test_label_behind_which_nothing_is_answered_is_doubtful(
    tmp_path: Path, either: VirtualPrinter
) -> None:
    either.fault("after 1 labels: half-open")
    spooler = {"proof_timeout_s": 0.2, "reply_timeout_s": 0.2}
    with station(tmp_path, either.uri, printer=STATUS, spooler=spooler) as service:
        with spooling(service):
            [serial] = issue(service.site)
            until_states(service.site, "doubtful")
        assert details(service.site, serial, "label_doubtful") == [
            {"why": "the printer gives no status 0.2 s after all of it left", "parcel": [1]}
        ]
        assert listed(service.site)[1][1] == (
            "It left as a whole, and then nothing was heard: look for it, or scan it."
        )


def test_label_behind_which_the_connection_breaks_is_doubtful(tmp_path: Path) -> None:
    with (
        VirtualPrinter(port=0, faults=[parse("after 1 labels: disconnect")]) as printer,
        station(tmp_path, printer.uri, printer=STATUS) as service,
        spooling(service),
    ):
        [serial] = issue(service.site)
        until_states(service.site, "doubtful")
        [detail] = details(service.site, serial, "label_doubtful")
        assert f"Printer {printer.uri} is gone" in detail["why"]
        [after] = issue(service.site, "k2")
        until_states(service.site, "buffered", job_id=2)
        until(lambda: printed(printer)[-1:] == [after])
        assert states(service.site) == ["doubtful"]


@pytest.mark.parametrize(
    ("encoded_when", "proof", "expected"),
    [
        ("sent", "none", "encoded"),
        ("buffered", "none", "allocated"),
        ("buffered", "status", "encoded"),
        ("printed", "status", "allocated"),
        ("buffered", "odometer", "encoded"),
        ("verified", "odometer", "allocated"),
    ],
)
def test_unit_is_encoded_on_the_rung_that_its_line_asks_for(
    tmp_path: Path, printer: VirtualPrinter, encoded_when: str, proof: str, expected: str
) -> None:
    lines = {"line-1": {"encoded_when": encoded_when}}
    how = {"proof": proof}
    with station(tmp_path, printer.uri, printer=how, lines=lines) as service, spooling(service):
        [serial] = issue(service.site)
        until(lambda: job(service.site, 1)["state"] == "completed")
        assert unit_state(service, serial) == expected


def test_labels_that_are_surely_out_are_printed_when_the_printer_loses_the_others(
    tmp_path: Path,
) -> None:
    with (
        VirtualPrinter(port=0, faults=[parse("after 1 labels: media-out")]) as printer,
        station(tmp_path, printer.uri, spooler=SOON) as service,
        spooling(service),
    ):
        first, second, _ = issue(service.site, quantity=3)
        until_stopped(service.site, "media-empty")
        since = len(printer.history)
        until(lambda: [n for _, n in printer.history[since:]].count("~HS") > 2)
        printer.power_cycle()
        printer.load_media()
        until_states(service.site, "printed", "doubtful", "doubtful")
        assert printed(printer) == [first]
        assert details(service.site, first, "label_printed") == [
            {"odometer_before": 0, "odometer_after": 1, "surely_out": 1}
        ]
        assert details(service.site, second, "label_doubtful") == [
            {
                "why": "the odometer moved by 1, expected 3",
                "odometer_before": 0,
                "moved": 1,
                "parcel": [1, 2, 3],
            }
        ]
        assert [advice for _, advice in listed(service.site).values()] == [
            (
                "The printer's counter moved by 1 for 3 labels: number 2 is the first that may be "
                "missing or torn."
            ),
            ("The printer's counter moved by 1 for 3 labels: number 3 is probably not there."),
        ]


def test_labels_of_which_nobody_saw_that_they_came_out_in_order_are_all_doubtful(
    tmp_path: Path, either: VirtualPrinter
) -> None:
    either.accept_and_never_print(True)
    with station(tmp_path, either.uri, spooler=SOON) as service, spooling(service):
        issue(service.site, quantity=3)
        until_states(service.site, "sending", "sending", "sending")
        either.feed()
        until_states(service.site, "doubtful", "doubtful", "doubtful")
        assert {why for why, _ in listed(service.site).values()} == {
            "the odometer moved by 1, expected 3"
        }


def test_label_that_media_out_may_have_torn_says_so_and_only_that_one(
    tmp_path: Path, either: VirtualPrinter
) -> None:
    either.fault("in label 2: media-out")
    with station(tmp_path, either.uri) as service, spooling(service):
        issued = issue(service.site, quantity=3)
        until_stopped(service.site, "media-empty")
        since = len(either.history)
        until(lambda: [n for _, n in either.history[since:]].count("~HS") > 2)
        either.load_media()
        until_states(service.site, "printed", "printed", "printed")
        found = [details(service.site, one, "label_printed")[0] for one in issued]
        note = "media-empty came while it was next: a torn piece of it may exist, too"
        assert [one.get("note") for one in found] == [None, note, None]
        assert [piece.what for piece in either.pieces] == ["label", "torn", "label", "label"]


def test_torn_label_that_a_printer_counts_leaves_only_those_before_the_stop_doubtful(
    tmp_path: Path,
) -> None:
    profile = Profile(counts_torn=True)
    faults = [parse("in label 2: media-out")]
    with (
        VirtualPrinter(port=0, profile=profile, faults=faults) as printer,
        station(tmp_path, printer.uri) as service,
        spooling(service),
    ):
        issued = issue(service.site, quantity=4)
        until_stopped(service.site, "media-empty")
        since = len(printer.history)
        until(lambda: [n for _, n in printer.history[since:]].count("~HS") > 2)
        printer.load_media()
        until_states(service.site, "doubtful", "doubtful", "printed", "printed")
        assert printed(printer) == list(issued)
        assert {why for why, _ in listed(service.site).values()} == {
            (
                "the odometer moved by 5, expected 4; media-empty may have torn one that counted, "
                "or it is there twice"
            )
        }


def test_labels_behind_which_one_too_many_came_out_are_doubtful(
    tmp_path: Path, printer: VirtualPrinter
) -> None:
    printer.fault("after 1 labels: print-twice")
    with station(tmp_path, printer.uri) as service, spooling(service):
        issue(service.site, quantity=3)
        until_states(service.site, "doubtful", "doubtful", "doubtful")
        assert listed(service.site)[3] == (
            "the odometer moved by 4, expected 3",
            (
                "The printer's counter moved by 4 for 3 labels: one may be there twice, or "
                "somebody else printed, too."
            ),
        )
