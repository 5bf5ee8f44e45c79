"""A label printed again on a line that prints to a group goes on elsewhere, as its others do."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from labeler.production import issuing, runs
from labeler.production.printing import doubtful, failover
from labeler.production.printing.doubtful import Decision, Finding
from labeler.production.site import PrinterState, Site
from labeler.units import LabelState
from tests import plants
from tests.plants import order, trigger
from tests.production.copying import issue_printed, reprint, settle
from tests.production.record import job, refused

PRINTER = plants.CONFIG["printers"]["zebra-1"]
HALL: dict[str, Any] = {
    "printers": {
        "zebra-2": {**PRINTER, "uri": "tcp://127.0.0.1:10"},
        "other": {**PRINTER, "uri": "tcp://127.0.0.1:11"},
    },
    "printer_groups": {"hall": {"printers": ["zebra-1", "zebra-2"]}},
    "lines": {"line-1": {"printer": "hall"}},
}
STOPPED = PrinterState(state="stopped", reasons=("media-empty",), stopped_s=0.0)
IDLE = PrinterState(state="idle")

Open = Callable[..., AbstractContextManager[Site]]


@pytest.fixture
def opening(tmp_path: Path, database_url: str) -> Open:
    """Return ``opening(**changes)``: a plant whose line-1 prints to the group hall."""

    @contextmanager
    def opened(**changes: Any) -> Iterator[Site]:
        changed = plants.merged(HALL, changes)
        path = plants.write_site(tmp_path / "site", database=database_url, **changed)
        with plants.opened(path) as service:
            yield service.site

    return opened


def where(site: Site, job_id: int) -> tuple[str, str | None]:
    """Return which printer prints a job, and of which group it was chosen."""
    found = job(site, job_id)
    assert {one["printer"] for one in found["labels"]} == {found["printer"]}
    return found["printer"], found["printer_group"]


def print_again(site: Site, label: int) -> int:
    """Say of a doubtful label that it is not there; return the job that prints it again."""
    finding = Finding(decision=Decision.PRINT_AGAIN, reason="looked", operator="mk", channel="http")
    return int(doubtful.decide(site, label, finding)["job"])


def test_copy_waits_for_the_group_and_goes_on_elsewhere(opening: Open) -> None:
    with opening() as site:
        issue_printed(site)
        assert reprint(site, copies=2)["job"] == 2
        assert where(site, 2) == ("zebra-1", "hall")
        site.printer_states["zebra-1"] = STOPPED
        assert failover.move_on(site, "hall", "zebra-1") == 2
        assert where(site, 2) == ("zebra-2", "hall")


def test_copy_goes_where_the_label_was_printed_unless_that_printer_is_stopped(
    opening: Open,
) -> None:
    with opening() as site:
        site.printer_states["zebra-1"] = STOPPED
        runs.open_run(site, order())
        issuing.issue_labels(site, trigger("k1"))
        settle(site, printer="zebra-2")
        site.printer_states["zebra-1"] = IDLE
        assert (reprint(site)["printer"], where(site, 2)) == ("zebra-2", ("zebra-2", "hall"))
        settle(site, printer="zebra-2")
        site.printer_states["zebra-2"] = STOPPED
        assert reprint(site, key="c2")["printer"] == "zebra-1"
        settle(site)
        site.printer_states["zebra-1"] = STOPPED
        # Nobody prints now: it waits where the last one came out.
        assert reprint(site, key="c3")["printer"] == "zebra-1"


def test_copy_of_a_unit_without_a_label_is_for_the_group(opening: Open) -> None:
    with opening() as site:
        runs.open_run(site, order())
        issuing.issue_labels(site, trigger("k1", print=False))
        site.printer_states["zebra-1"] = STOPPED
        assert (reprint(site)["printer"], where(site, 1)) == ("zebra-2", ("zebra-2", "hall"))


@pytest.mark.parametrize("named", ["zebra-1", "other"])
def test_copy_for_a_printer_that_somebody_named_stays_there(opening: Open, named: str) -> None:
    with opening() as site:
        issue_printed(site)
        site.printer_states["zebra-1"] = STOPPED
        assert reprint(site, printer=named)["printer"] == named
        assert where(site, 2) == (named, None)
        assert failover.move_on(site, "hall", named) == 0
        settle(site, LabelState.DOUBTFUL, printer=named)
        assert print_again(site, 2) == 3
        assert where(site, 3) == (named, None)


def test_copy_of_a_label_of_another_printer_goes_there_again(opening: Open) -> None:
    with opening() as site:
        issue_printed(site)
        reprint(site, printer="other")
        settle(site, printer="other")
        assert reprint(site, key="c2")["job"] == 3
        assert where(site, 3) == ("other", None)


def test_doubtful_label_printed_again_is_for_the_group_of_its_job(opening: Open) -> None:
    with opening() as site:
        runs.open_run(site, order())
        issuing.issue_labels(site, trigger("k1", quantity=3))
        settle(site, LabelState.DOUBTFUL)
        assert where(site, print_again(site, 1)) == ("zebra-1", "hall")
        site.printer_states["zebra-1"] = STOPPED
        assert where(site, print_again(site, 2)) == ("zebra-2", "hall")
        assert failover.move_on(site, "hall", "zebra-1") == 1
        assert where(site, 2) == ("zebra-2", "hall")
        site.printer_states["zebra-2"] = STOPPED
        assert where(site, print_again(site, 3)) == ("zebra-1", "hall")


def test_doubtful_label_is_printed_again_where_it_was_if_its_group_is_gone(opening: Open) -> None:
    with opening() as site:
        runs.open_run(site, order())
        issuing.issue_labels(site, trigger("k1", quantity=2))
        settle(site, LabelState.DOUBTFUL)
    with opening(printer_groups=None, lines={"line-1": {"printer": "other"}}) as site:
        site.printer_states["zebra-1"] = STOPPED
        assert where(site, print_again(site, 1)) == ("zebra-1", None)
    with opening(printer_groups={"hall": {"printers": ["zebra-2"]}}) as site:
        # The printer is no member any more: whoever prints to the group prints to the others.
        assert where(site, print_again(site, 2)) == ("zebra-2", "hall")


def test_copy_that_no_member_takes_is_refused(opening: Open) -> None:
    small = {"width_mm": 30, "height_mm": 20}
    with opening() as site:
        issue_printed(site)
    with opening(
        printers={"zebra-1": {"media": small}, "zebra-2": {"media": small}},
    ) as site:
        number, sentence, hint = refused(partial(reprint, site))
        assert (number, sentence.partition(". ")[0], hint) == (
            5030,
            "No printer of group 'hall' takes template 'unit-label'",
            "Name another printer; nothing was printed.",
        )
