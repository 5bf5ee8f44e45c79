"""What tests of jobs do with a queue, and ask of it."""

from typing import Any

from labeler.production import issuing, runs, verifying
from labeler.production.printing import spool
from labeler.production.printing.instructions import Instruction
from labeler.production.printing.spooled import SpooledLabel
from labeler.production.site import Site
from tests.plants import order, trigger
from tests.production.record import job, serials

WISH = Instruction(reason="wrong lot", operator="mk", channel="http")
SAID = {"reason": "wrong lot", "operator": "mk"}


def fill(site: Site, *quantities: int) -> None:
    """Open a run and queue a job of each quantity."""
    runs.open_run(site, order())
    for number, quantity in enumerate(quantities, start=1):
        issuing.issue_labels(site, trigger(f"k{number}", quantity=quantity))


def send(site: Site, count: int) -> list[SpooledLabel]:
    """Mark labels of zebra-1 as being on their way."""
    with site.store.read() as transaction:
        labels = spool.waiting(transaction, "zebra-1", limit=count)
    assert spool.claim(site, [(one, "d" * 64) for one in labels], odometer=7)
    return labels


def states(site: Site, job_id: int) -> list[str]:
    """Return the state of a job and of its labels."""
    found = job(site, job_id)
    return [found["state"], *(one["state"] for one in found["labels"])]


def waiting(site: Site, printer: str = "zebra-1") -> list[str]:
    """Return the serials that wait for a printer, the next one first."""
    with site.store.read() as transaction:
        return [one.serial for one in spool.waiting(transaction, printer, limit=1000)]


def last_event(site: Site, number: int) -> dict[str, Any]:
    """Return what happened last to a unit."""
    with site.store.read() as transaction:
        found = verifying.show_serial(transaction, serials(number)[0])["events"][-1]
    return {key: found[key] for key in ("kind", "channel", "detail")}
