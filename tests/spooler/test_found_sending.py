"""Labels that were on their way when we last knew: after a stop, a crash, an answer too late."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from labeler.production.printing import spool
from labeler.production.site import Site
from labeler.store import writer
from printers.emulator import VirtualPrinter
from tests.plants import until
from tests.production.record import serials
from tests.spooler.stations import (
    SOON,
    address,
    details,
    issue,
    printed,
    spooling,
    states,
    station,
    strangers_labels,
    until_states,
    until_stopped,
)


def claim_all(site: Site, odometer: int | None) -> None:
    """Leave what waits as a service leaves it that dies while it sends."""
    with site.store.read() as transaction:
        labels = spool.waiting(transaction, "zebra-1", limit=100)
    spool.claim(site, [(label, "d" * 64) for label in labels], odometer=odometer)


def test_label_found_sending_is_printed_if_the_odometer_moved_by_it(
    tmp_path: Path, printer: VirtualPrinter
) -> None:
    with station(tmp_path, address(printer)) as service:
        issued = issue(service.site, quantity=2)
        claim_all(service.site, odometer=0)
        strangers_labels(printer, 2)  # for the odometer it is the same whose they were
        with spooling(service):
            until_states(service.site, "printed", "printed")
        assert details(service.site, issued[1], "label_printed") == [
            {"odometer_before": 0, "odometer_after": 2}
        ]


def test_label_found_sending_is_doubtful_if_the_odometer_stood_still(
    tmp_path: Path, printer: VirtualPrinter
) -> None:
    with station(tmp_path, address(printer), spooler=SOON) as service:
        issued = issue(service.site, quantity=2)
        claim_all(service.site, odometer=0)
        with spooling(service):
            until_states(service.site, "doubtful", "doubtful")
            [after] = issue(service.site, "k2")
            until_states(service.site, "printed", job_id=2)
        assert printed(printer) == [after]
        assert details(service.site, issued[0], "label_doubtful") == [
            {
                "why": "the odometer moved by 0, expected 2",
                "odometer_before": 0,
                "moved": 0,
                "parcel": [1, 2],
            }
        ]


def test_label_found_sending_is_doubtful_if_somebody_else_printed_too(
    tmp_path: Path, printer: VirtualPrinter
) -> None:
    with station(tmp_path, address(printer)) as service:
        issued = issue(service.site, quantity=2)
        claim_all(service.site, odometer=0)
        strangers_labels(printer, 3)
        with spooling(service):
            until_states(service.site, "doubtful", "doubtful")
        assert details(service.site, issued[1], "label_doubtful") == [
            {
                "why": "the odometer moved by 3, expected 2",
                "odometer_before": 0,
                "moved": 3,
                "parcel": [1, 2],
            }
        ]


def test_label_found_sending_without_an_odometer_is_doubtful(
    tmp_path: Path, printer: VirtualPrinter
) -> None:
    with station(tmp_path, address(printer), printer={"proof": "none"}) as service:
        [serial] = issue(service.site)
        claim_all(service.site, odometer=None)
        with spooling(service):
            until_states(service.site, "doubtful")
        assert details(service.site, serial, "label_doubtful") == [
            {"why": "the service stopped while it was on its way"}
        ]
        assert printed(printer) == []


def test_claim_that_was_answered_too_late_is_never_proved_by_the_labels_behind_it(
    tmp_path: Path, printer: VirtualPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    claims, claim = [], spool.claim

    def counted(*labels: Any, **known: Any) -> bool:
        claims.append(labels)
        return claim(*labels, **known)

    monkeypatch.setattr(spool, "claim", counted)
    spooler = {**SOON, "labels_in_flight_max": 2}
    with station(tmp_path, address(printer), spooler=spooler) as service:
        issued = issue(service.site, quantity=4)
        monkeypatch.setattr(writer, "ANSWER_TIMEOUT_S", 1.0)
        with closing(sqlite3.connect(tmp_path / "labeler.db")) as stranger:
            stranger.execute("BEGIN IMMEDIATE")
            with spooling(service):
                assert "outcome is not known" in until_stopped(service.site, "other")
                until(lambda: len(claims) > 1 and service.site.store.writer.waiting)
                stranger.rollback()
                until_states(service.site, "doubtful", "doubtful", "printed", "printed")
        assert printed(printer) == list(issued[2:])


def test_label_in_flight_at_a_stop_is_settled_by_the_next_start(
    tmp_path: Path, printer: VirtualPrinter
) -> None:
    printer.media_out(after=1)
    with station(tmp_path, address(printer)) as service:
        issue(service.site, quantity=2)
        with spooling(service):
            until_states(service.site, "sending", "sending")
            until_stopped(service.site, "media-empty")
        assert states(service.site) == ["sending", "sending"]
    printer.load_media()
    with station(tmp_path, address(printer)) as service, spooling(service):
        until_states(service.site, "printed", "printed")
        assert printed(printer) == list(serials(1, 2))
