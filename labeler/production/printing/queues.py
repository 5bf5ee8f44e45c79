"""The printers' queues: which nobody works on; move one, or cancel a job, losing nothing.

A printer that config.yaml does not know any more has no spooler thread: its labels would wait
unseen. What is *queued* has surely not left us and may go elsewhere. What was *sending* when its
printer was taken out nobody can ask about any more: it is doubtful.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import func, select, text, update

from labeler.errors import BAD_VALUE, NO_SUCH_PRINTER, NOTHING_WAITS, UNPRINTABLE, Refusal
from labeler.production import events, routing
from labeler.production.events import Cause
from labeler.production.printing import held, spool
from labeler.production.printing.instructions import Instruction
from labeler.production.printing.spooled import SpooledLabel
from labeler.production.site import Site
from labeler.store import Transaction, schema
from labeler.units import LabelState
from printers.errors import Unprintable

MOVED_AT_ONCE_MAX = 500
"""Labels moved in one transaction: a line's trigger waits no longer for it than for its own."""
JOBS_NAMED_MAX = 5
"""Jobs of a printer that is gone that its sentence names."""


def lengths(transaction: Transaction) -> dict[str, int]:
    """Return for each printer how many labels wait or are on their way."""
    label = schema.label
    rows = transaction.execute(
        select(label.c.printer, func.count())
        # In these words the partial index label_unsettled_index covers it.
        .where(text("label.state IN ('queued', 'sending')"))
        .group_by(label.c.printer)
    )
    return {row[0]: row[1] for row in rows}


def gone(site: Site, queues: Iterable[str]) -> list[str]:
    """Return the printers that have a queue, but no entry in config.yaml any more."""
    return sorted(set(queues) - set(site.plant.printers))


def gone_sentence(transaction: Transaction, printer: str) -> str:
    """Say what a printer that is gone leaves behind, and what to do."""
    own = select(schema.label.c.job_id).distinct()
    found = [transaction.execute(own.where(*one)) for one in (unsettled(printer), held.of(printer))]
    ids = {row.job_id for rows in found for row in rows}
    jobs = [str(one) for one in sorted(ids)]
    more = f" and {len(jobs) - JOBS_NAMED_MAX} more" if len(jobs) > JOBS_NAMED_MAX else ""
    return (
        f"It is not in config.yaml, but labels wait for it: jobs "
        f"{', '.join(jobs[:JOBS_NAMED_MAX])}{more}. Put it back there and start again, move them: "
        f"labeler printer move {printer} PRINTER, or cancel each job: labeler job cancel JOB."
    )


def move(site: Site, printer: str, instruction: Instruction, *, to: str) -> dict[str, Any]:
    """Move all labels that wait for ``printer`` now to the printer ``to``; held ones stay held.

    Returns {printer, to, moved, doubtful}. Refuses (1002) a move to itself, an unknown printer
    (5004), one for which nothing waits (5006), and labels that ``to`` cannot draw (4001).
    """
    if to == printer:
        raise Refusal(
            BAD_VALUE, f"Printer '{printer}' is both source and target.", hint="Name another one."
        )
    site.plant.printer(to)
    with site.store.read() as transaction:
        refuse_undrawable(transaction, site, _runs(transaction, printer), to=to)
        last = _last(transaction, printer)
    cause = instruction.cause(**{"from": printer, "to": to})
    doubtful = site.store.write(lambda transaction: _doubt(transaction, site, printer, cause=cause))
    total = 0
    way = _Way(printer, to, last)
    for some in (_move_some, _move_held):
        while moved := site.store.write(partial(some, site=site, way=way, cause=cause)):
            total += moved
    if not (total or doubtful):
        raise _nothing_waits(site, printer)
    site.wake(to)
    return {"printer": printer, "to": to, "moved": total, "doubtful": doubtful}


def _nothing_waits(site: Site, printer: str) -> Refusal:
    known = ", ".join(site.plant.printers)
    if printer not in site.plant.printers:
        sentence = f"There is no printer '{printer}', and no label waits for it."
        return Refusal(NO_SUCH_PRINTER, sentence, hint=f"Known: {known}.")
    sentence = f"No label waits for printer '{printer}'."
    return Refusal(
        NOTHING_WAITS, sentence, hint="Look at them: GET /api/v1/printers, or labeler printer list."
    )


def unsettled(printer: str) -> list[Any]:
    """Return the conditions of labels that a printer has to print yet."""
    # The set of both states is what the partial index label_unsettled_index covers.
    return [schema.label.c.printer == printer, text("label.state IN ('queued', 'sending')")]


def _runs(transaction: Transaction, printer: str) -> list[int]:
    """Return the runs whose labels wait for a printer."""
    unit, label = schema.unit, schema.label
    query = select(unit.c.run_id).join(label, label.c.unit_id == unit.c.id).distinct()
    found = set()
    for wanted in (unsettled(printer), held.of(printer)):
        found |= {row.run_id for row in transaction.execute(query.where(*wanted))}
    return sorted(found)


def refuse_undrawable(
    transaction: Transaction, site: Site, runs: Iterable[int], *, to: str
) -> None:
    """Refuse (4001) runs whose label the printer ``to`` cannot draw: it would block its queue."""
    for run_id in runs:
        try:
            run = site.pinned(transaction, run_id)
            too_large = routing.too_large(run.template, to, printer=site.plant.printers[to])
            if too_large is not None:
                raise Unprintable(too_large)
            site.compiled(run, to)
        except Unprintable as error:
            raise Refusal(
                UNPRINTABLE,
                f"Printer '{to}' cannot draw the labels of run {run_id}: {error}",
                hint="Choose another printer; nothing was moved.",
            ) from error


def _doubt(transaction: Transaction, site: Site, printer: str, *, cause: Cause) -> int:
    """Make doubtful what was on its way to a printer that is gone; return how many."""
    if printer in site.plant.printers:
        return 0
    labels = spool.unfinished(transaction, printer)
    doubt(transaction, site, labels, cause=cause)
    return len(labels)


def stranded(site: Site, labels: Iterable[SpooledLabel]) -> list[SpooledLabel]:
    """Return those labels that were on their way to a printer that is gone."""
    known = site.plant.printers
    return [one for one in labels if one.state == LabelState.SENDING and one.printer not in known]


def doubt(
    transaction: Transaction, site: Site, labels: list[SpooledLabel], *, cause: Cause
) -> None:
    """Make labels doubtful that were on their way to a printer that is gone."""
    if labels:
        why = f"it was on its way to '{labels[0].printer}', which config.yaml does not know"
        cause = Cause(channel=cause.channel, detail={"why": why, **cause.detail})
        spool.settle_in(transaction, site, labels, state=LabelState.DOUBTFUL, cause=cause)


@dataclass(frozen=True)
class _Way:
    """From where to where, and how far."""

    printer: str
    to: str
    last: int
    """The last label that goes: a line that triggers all the time must not keep us here."""


def _last(transaction: Transaction, printer: str) -> int:
    last = select(func.coalesce(func.max(schema.label.c.id), 0))
    wanted = (unsettled(printer), held.of(printer))
    return max(int(transaction.execute(last.where(*one)).scalar_one()) for one in wanted)


def _move_some(transaction: Transaction, site: Site, way: _Way, *, cause: Cause) -> int:
    """Move the printer's oldest queued labels; return how many."""
    label = schema.label
    # Later labels of a higher priority must not hide those that go.
    wanted = transaction.execute(
        select(label.c.id, label.c.job_id, label.c.unit_id)
        .where(*unsettled(way.printer), label.c.state == LabelState.QUEUED.value)
        .where(label.c.id <= way.last)
        .order_by(label.c.rank, label.c.id)
        .limit(MOVED_AT_ONCE_MAX)
    )
    labels = [(row.id, row.job_id, row.unit_id) for row in wanted]
    return relocate(transaction, site, labels, to=way.to, cause=cause)


def _move_held(transaction: Transaction, site: Site, way: _Way, *, cause: Cause) -> int:
    """Move the printer's oldest held labels, which stay held; return how many."""
    wanted = held.oldest(transaction, way.printer, limit=MOVED_AT_ONCE_MAX)
    labels = [(one.id, one.job_id, one.unit_id) for one in wanted if one.id <= way.last]
    return relocate(transaction, site, labels, to=way.to, cause=cause)


def relocate(
    transaction: Transaction,
    site: Site,
    labels: list[tuple[int, int, int]],
    *,
    to: str,
    cause: Cause,
) -> int:
    """Let ``to`` print labels, given as (id, job id, unit id), unless they left in the meantime.

    Return how many.
    """
    label, job = schema.label, schema.job
    rows = transaction.execute(
        update(label)
        .where(label.c.id.in_([one[0] for one in labels]))
        .where(label.c.state.in_([LabelState.QUEUED.value, LabelState.HELD.value]))
        .values(printer=to)
        .returning(label.c.id)
    )
    moved_ids = {row[0] for row in rows}
    moved = [one for one in labels if one[0] in moved_ids]
    if moved:
        jobs = sorted({job_id for _, job_id, _ in moved})
        transaction.execute(update(job).where(job.c.id.in_(jobs)).values(printer=to))
        pairs = [(unit_id, label_id) for label_id, _, unit_id in moved]
        events.record_labels(transaction, "label_moved", labels=pairs, at=site.clock(), cause=cause)
    return len(moved)
