"""Labels that wait for a stopped printer of a group go to another member.

Only *queued* labels go: no byte of them has left us, so the first printer is surely not printing
them. What is on its way stays, and is settled where it went. Nothing comes back by itself: a member
that prints again gets new jobs.
"""

from collections.abc import Collection, Mapping
from typing import Any

import structlog
from sqlalchemy import Row, func, select

from labeler.errors import Refusal
from labeler.production import routing
from labeler.production.events import Cause
from labeler.production.printing import queues, spool
from labeler.production.site import PrinterState, Site
from labeler.store import Transaction, schema
from labeler.units import LabelState
from printers.errors import Unprintable

JOBS_AT_ONCE_MAX = 100
"""Jobs moved in one transaction, unless they have `queues.MOVED_AT_ONCE_MAX` labels before."""

log = structlog.get_logger(__name__)


def move_on(site: Site, group: str, printer: str, *, stuck: set[int] | None = None) -> int:
    """Let other members of ``group`` print what its jobs have queued for ``printer``.

    Returns how many labels that were. Jobs go one after the other, each as a whole, so no document
    is torn apart. ``stuck`` are runs whose jobs stay where they are; those are added to it that no
    other member can print now. One that breaks this is in it, too, when it breaks.
    """
    others = [one for one in site.plant.members(group) if one != printer]
    total, stuck = 0, set() if stuck is None else stuck
    while routing.usable(site, others):
        with site.store.read() as transaction:
            jobs = _waiting(transaction, group, printer, without=stuck)
            ways: dict[str, list[int]] = {}
            for job in jobs:
                stuck.add(job.run_id)  # whatever happens here
                to = _way(transaction, site, job, group=group, printer=printer)
                if to is not None:
                    stuck.discard(job.run_id)
                    ways.setdefault(to, []).append(job.id)
        if not jobs:
            break
        if ways:
            total += _move(site, group, printer, ways=ways)
    return total


def _waiting(
    transaction: Transaction, group: str, printer: str, *, without: Collection[int]
) -> list[Row[Any]]:
    """Return the oldest jobs that wait, without those of some runs: id, run_id, how many labels."""
    label, job = schema.label, schema.job
    rows = transaction.execute(
        select(job.c.id, job.c.run_id, func.count().label("labels"))
        .join(job, job.c.id == label.c.job_id)
        .where(
            *queues.unsettled(printer),
            label.c.state == LabelState.QUEUED.value,
            job.c.printer_group == group,
            job.c.run_id.not_in(without),
        )
        .group_by(job.c.id, job.c.run_id)
        .order_by(func.min(label.c.rank), func.min(label.c.id))
        .limit(JOBS_AT_ONCE_MAX)
    )
    found: list[Row[Any]] = []
    for row in rows:
        if found and sum(one.labels for one in found) >= queues.MOVED_AT_ONCE_MAX:
            break
        found.append(row)
    return found


def _way(
    transaction: Transaction, site: Site, job: Row[Any], *, group: str, printer: str
) -> str | None:
    """Return the printer that shall print a job; None if no other can now."""
    try:
        run = site.pinned(transaction, job.run_id)
        to = routing.instead(site, run.template, group, of=printer)
        if to is not None:
            site.compiled(run, to)
    except (Unprintable, Refusal) as error:
        log.info("failover.impossible", group=group, run=job.run_id, why=str(error))
        return None
    return to


def _move(site: Site, group: str, printer: str, *, ways: Mapping[str, list[int]]) -> int:
    """Move jobs in one transaction; return how many labels that were."""
    state = site.printer_states.get(printer, PrinterState())
    why = state.sentence or f"Printer '{printer}' is stopped: {', '.join(state.reasons)}."

    def work(transaction: Transaction) -> dict[str, int]:
        moved = {}
        for to, jobs in ways.items():
            detail = {"from": printer, "to": to, "group": group, "why": why}
            cause = Cause(channel=spool.SPOOLER, detail=detail)
            labels = _queued(transaction, printer, jobs)
            moved[to] = queues.relocate(transaction, site, labels, to=to, cause=cause)
        return moved

    moved = site.store.write(work)
    for to, labels in moved.items():
        if labels:
            log.warning("labels.moved", group=group, printer=printer, to=to, labels=labels, why=why)
            site.wake(to)
    return sum(moved.values())


def _queued(
    transaction: Transaction, printer: str, jobs: Collection[int]
) -> list[tuple[int, int, int]]:
    """Return what jobs still have queued for a printer, as `relocate` takes it, and lock it."""
    label = schema.label
    rows = transaction.execute(
        select(label.c.id, label.c.job_id, label.c.unit_id)
        .where(
            *queues.unsettled(printer),
            label.c.state == LabelState.QUEUED.value,
            label.c.job_id.in_(jobs),
        )
        .order_by(label.c.rank, label.c.id)
        .with_for_update()
    )
    return [(row.id, row.job_id, row.unit_id) for row in rows]
