"""Groups of printers at work: one runs out of paper, and another one goes on."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from labeler.app import Service
from labeler.production import issuing, runs
from labeler.production.printing import rolls
from labeler.production.printing.rolls import Roll
from labeler.production.site import Site
from labeler.spooler import router
from printers.emulator import VirtualPrinter
from printers.emulator.answers import Profile
from tests import plants
from tests.plants import order, trigger, until
from tests.production.record import job
from tests.spooler.stations import (
    address,
    details,
    issue,
    printed,
    spooling,
    states,
    until_states,
    until_stopped,
)

FLIGHT = {"labels_in_flight_max": 2, "status_interval_s": 0.1, "proof_timeout_s": 30}


@pytest.fixture
def second() -> Iterator[VirtualPrinter]:
    with VirtualPrinter(port=0) as one:
        yield one


@pytest.fixture
def fine() -> Iterator[VirtualPrinter]:
    with VirtualPrinter(port=0, profile=Profile(dpi=300)) as one:
        yield one


@contextmanager
def hall(folder: Path, database: str, uris: dict[str, Any], **said: Any) -> Iterator[Service]:
    """Open the plant whose line-1 prints to a group of printers; a run is open on it."""
    media = plants.CONFIG["printers"]["zebra-1"]["media"]
    path = plants.write_site(
        folder,
        database=database,
        spooler=FLIGHT,
        printers={
            name: {"language": "zpl", "media": media, **entry} for name, entry in uris.items()
        },
        printer_groups={"hall": {"printers": list(uris), **said}},
        lines={"line-1": {"printer": "hall"}},
    )
    with plants.opened(path) as service:
        with service.site.store.read() as transaction:
            known = runs.list_runs(transaction)
        if not known:
            runs.open_run(service.site, order())
        yield service


def where(site: Site, job_id: int) -> list[str]:
    return [str(one["printer"]) for one in job(site, job_id)["labels"]]


def test_queued_labels_go_on_elsewhere_and_those_in_flight_stay(
    tmp_path: Path, database_url: str, printer: VirtualPrinter, second: VirtualPrinter
) -> None:
    uris = {"zebra-1": {"uri": address(printer)}, "zebra-2": {"uri": address(second)}}
    printer.media_out(after=1)
    with hall(tmp_path, database_url, uris, failover_after_s=0.2) as service:
        site = service.site
        with spooling(service):
            serials = issue(site, "k1", 6)
            until(lambda: states(site)[2:] == ["printed"] * 4)
            assert states(site)[:2] == ["sending", "sending"]
            assert where(site, 1) == ["zebra-1"] * 2 + ["zebra-2"] * 4
            until_stopped(site, "media-empty")
            issue(site, "k2")
            until_states(site, "printed", job_id=2)
            assert where(site, 2) == ["zebra-2"]
            printer.load_media()
            until_states(site, *["printed"] * 6)
            until(lambda: site.printer_states["zebra-1"].state == "idle")
            issue(site, "k3")
            until_states(site, "printed", job_id=3)
        assert where(site, 3) == ["zebra-1"]
        assert printed(printer)[:2] == list(serials[:2])
        assert printed(second)[:4] == list(serials[2:])
        assert (len(printed(printer)), len(printed(second))) == (3, 5)
        [moved] = details(site, serials[2], "label_moved")
        assert {key: moved[key] for key in ("from", "to", "group")} == {
            "from": "zebra-1",
            "to": "zebra-2",
            "group": "hall",
        }
        assert "media-empty" in moved["why"]


def test_labels_move_to_a_printer_of_another_resolution_drawn_for_it(
    tmp_path: Path, database_url: str, printer: VirtualPrinter, fine: VirtualPrinter
) -> None:
    uris = {
        "zebra-1": {"uri": address(printer)},
        "zebra-3": {"uri": address(fine), "dpi": 300},
    }
    printer.open_head()
    with hall(tmp_path, database_url, uris, failover_after_s=0.2) as service:
        with spooling(service):
            serials = issue(service.site, "k1", 3)
            until_states(service.site, *["printed"] * 3)
        assert where(service.site, 1) == ["zebra-3"] * 3
        assert printed(fine) == list(serials)
        assert printed(printer) == []
        assert all(b"^PW827" in label or b"^PW826" in label for label in fine.labels)


def test_round_robin_spreads_jobs_evenly(
    tmp_path: Path, printer: VirtualPrinter, second: VirtualPrinter, fine: VirtualPrinter
) -> None:
    uris = {
        "zebra-1": {"uri": address(printer)},
        "zebra-2": {"uri": address(second)},
        "zebra-3": {"uri": address(fine), "dpi": 300},
    }
    database = f"sqlite:///{tmp_path / 'labeler.db'}"
    with hall(tmp_path, database, uris, choose="round_robin") as service:
        with spooling(service):
            for number in range(12):
                issue(service.site, f"k{number}")
            for number in range(12):
                until_states(service.site, "printed", job_id=number + 1)
        assert [len(printed(one)) for one in (printer, second, fine)] == [4, 4, 4]


def test_restart_keeps_what_waits_for_a_group_and_moves_it_on(
    tmp_path: Path, database_url: str, printer: VirtualPrinter, second: VirtualPrinter
) -> None:
    uris = {"zebra-1": {"uri": address(printer)}, "zebra-2": {"uri": address(second)}}
    printer.pause()
    second.pause()
    with hall(tmp_path, database_url, uris, failover_after_s=0.2) as service, spooling(service):
        serials = issue(service.site, "k1", 3)
        until_stopped(service.site, "paused")
        until_stopped(service.site, "paused", printer="zebra-2")
    second.resume()
    with hall(tmp_path, database_url, uris, failover_after_s=0.2) as service:
        with spooling(service):
            until_states(service.site, *["printed"] * 3)
        assert where(service.site, 1) == ["zebra-2"] * 3
        assert printed(second) == list(serials)


def test_roll_counts_labels_and_feeds_by_the_odometer(
    tmp_path: Path, database_url: str, printer: VirtualPrinter, second: VirtualPrinter
) -> None:
    uris = {
        "zebra-1": {"uri": address(printer)},
        "zebra-2": {"uri": address(second), "proof": "none"},
    }

    def left(site: Site) -> list[tuple[int, int, bool]]:
        with site.store.read() as transaction:
            found = rolls.current(site, transaction)
        rows = [found[name] for name in ("zebra-1", "zebra-2")]
        return [(row["used"], row["left"], row["estimated"]) for row in rows]

    with hall(tmp_path, database_url, uris, choose="round_robin") as service:
        site = service.site
        with spooling(service):
            until(lambda: site.printer_states["zebra-1"].picture is not None)
            for name in uris:
                rolls.put_in(site, name, Roll(labels=100, operator="mk", channel="http"))
            issue(site, "k1", 4)
            until_states(site, *["printed"] * 4)
            issuing.issue_labels(site, trigger("k2", quantity=3))
            until_states(site, *["sent"] * 3, job_id=2)
            assert left(site) == [(4, 96, False), (3, 97, True)]
            printer.feed(labels=2)
            second.feed(labels=2)
            until(lambda: left(site)[0] == (6, 94, False))
            assert left(site)[1] == (3, 97, True)
    with hall(tmp_path, database_url, uris, choose="round_robin") as service, spooling(service):
        until(lambda: left(service.site) == [(6, 94, False), (3, 97, True)])


def test_run_that_breaks_the_program_keeps_no_other_run_with_a_stopped_printer(
    tmp_path: Path,
    printer: VirtualPrinter,
    second: VirtualPrinter,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compiled = Site.compiled

    def broken(site: Site, run: Any, name: str, **how: Any) -> Any:
        if (run.id, name) == (1, "zebra-2"):
            raise ZeroDivisionError("a bug")
        return compiled(site, run, name, **how)

    uris = {"zebra-1": {"uri": address(printer)}, "zebra-2": {"uri": address(second)}}
    printer.pause()
    database = f"sqlite:///{tmp_path / 'labeler.db'}"
    with hall(tmp_path, database, uris, failover_after_s=0.2) as service:
        site = service.site
        issue(site, "k1")
        runs.close_run(site, 1)
        runs.open_run(site, order())
        [serial] = issue(site, "k2")
        monkeypatch.setattr(Site, "compiled", broken)
        with spooling(service) as spooler:
            until_states(site, "printed", job_id=2)
            assert spooler.alive
        assert printed(second) == [serial]
        assert (states(site), where(site, 1)) == (["queued"], ["zebra-1"])


@contextmanager
def beside_a_dumb_one(folder: Path, second: VirtualPrinter) -> Iterator[Site]:
    """Give a site whose first printer cannot be asked, is off, and lost a label to the second."""
    uris = {
        "zebra-1": {"uri": "tcp://127.0.0.1:9", "proof": "none"},
        "zebra-2": {"uri": address(second)},
    }
    database = f"sqlite:///{folder / 'labeler.db'}"
    with hall(folder, database, uris, failover_after_s=0.2) as service, spooling(service):
        issue(service.site, "k1")
        until_states(service.site, "printed")
        yield service.site


def test_printer_that_cannot_be_asked_is_not_trusted_after_labels_were_taken_away_from_it(
    tmp_path: Path, second: VirtualPrinter
) -> None:
    with beside_a_dumb_one(tmp_path, second) as site:
        until(lambda: site.printer_states["zebra-1"].state == "unknown")
        assert site.avoided == {"zebra-1"}
        serials = issue(site, "k2")
        until_states(site, "printed", job_id=2)
        assert where(site, 2) == ["zebra-2"]
        assert details(site, serials[0], "label_moved") == []


def test_printer_that_cannot_be_asked_is_tried_again_after_a_while(
    tmp_path: Path, second: VirtualPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert router.AVOIDED_S == 60.0
    monkeypatch.setattr(router, "AVOIDED_S", 0.3)
    with beside_a_dumb_one(tmp_path, second) as site:
        until(lambda: site.printer_states["zebra-1"].state == "unknown" and not site.avoided)
        serials = issue(site, "k2")
        until_states(site, "printed", job_id=2)
        [moved] = details(site, serials[0], "label_moved")
        assert (moved["from"], moved["to"]) == ("zebra-1", "zebra-2")


def test_printer_that_says_that_it_works_again_is_trusted_at_once(
    tmp_path: Path, printer: VirtualPrinter, second: VirtualPrinter
) -> None:
    uris = {"zebra-1": {"uri": address(printer)}, "zebra-2": {"uri": address(second)}}
    database = f"sqlite:///{tmp_path / 'labeler.db'}"
    printer.media_out(after=1)
    with hall(tmp_path, database, uris, failover_after_s=0.2) as service, spooling(service):
        site = service.site
        issue(site, "k1", 6)
        until(lambda: site.avoided == {"zebra-1"})
        printer.load_media()
        until_states(site, *["printed"] * 6)
        until(lambda: not site.avoided)
        issue(site, "k2")
        until_states(site, "printed", job_id=2)
        assert where(site, 2) == ["zebra-1"]
