"""The printers' queues: which nobody works on; move one, or cancel a job, losing nothing.

A printer that config.yaml does not know any more has no spooler thread: its labels would wait
unseen. What is *queued* has surely not left us and may go elsewhere. What was *sending* when its
printer was taken out nobody can ask about any more: it is doubtful.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select, text, update

from labeler.errors import BAD_VALUE, NO_SUCH_PRINTER, NOTHING_WAITS, UNPRINTABLE, Refusal
from labeler.production import events, routing
from labeler.production.events import Cause
from labeler.production.printing import spool
from labeler.production.printing.spool import SpooledLabel
from labeler.production.site import Site
from labeler.store import Transaction, schema
from labeler.units import LabelState
from printers.errors import Unprintable

MOVED_AT_ONCE_MAX = 500
"""Labels moved in one transaction: a line's trigger waits no longer for it than for its own."""
JOBS_NAMED_MAX = 5
"""Jobs of a printer that is gone that its sentence names."""


@dataclass(frozen=True, kw_only=True)
class Instruction:
    """Who wants it, and why."""

    reason: str
    operator: str
    channel: str

    def cause(self, **known: Any) -> Cause:
        """Return what the record says of it."""
        detail = {**known, "reason": self.reason, "operator": self.operator}
        return Cause(channel=self.channel, detail=detail)


def gone(site: Site, queues: Iterable[str]) -> list[str]:
    """Return the printers that have a queue, but no entry in config.yaml any more."""
    return sorted(set(queues) - set(site.plant.printers))


def gone_sentence(transaction: Transaction, printer: str) -> str:
    """Say what a printer that is gone leaves behind, and what to do."""
    label = schema.label
    query = select(label.c.job_id).where(*unsettled(printer)).distinct().order_by(label.c.job_id)
    jobs = [str(row[0]) for row in transaction.execute(query)]
    more = f" and {len(jobs) - JOBS_NAMED_MAX} more" if len(jobs) > JOBS_NAMED_MAX else ""
    return (
        f"It is not in config.yaml, but labels wait for it: jobs "
        f"{', '.join(jobs[:JOBS_NAMED_MAX])}{more}. Put it back there and start again, move them: "
        f"labeler printer move {printer} PRINTER, or cancel each job: labeler job cancel JOB."
    )


def move(site: Site, printer: str, instruction: Instruction, *, to: str) -> dict[str, Any]:
    """Move all labels that wait for ``printer`` now to the printer ``to``.

    Returns {printer, to, moved, doubtful}. Refuses (1002) a move to itself, an unknown printer
    (5004), one for which nothing waits (5006), and labels that ``to`` cannot draw (4001).
    """
    if to == printer:
        raise Refusal(
            BAD_VALUE, f"Printer '{printer}' is both source and target.", hint="Name another one."
        )
    site.plant.printer(to)
    with site.store.read() as transaction:
        _refuse_undrawable(transaction, site, printer, to=to)
        last = _last(transaction, printer)
    cause = instruction.cause(**{"from": printer, "to": to})
    doubtful = site.store.write(lambda transaction: _doubt(transaction, site, printer, cause=cause))
    way, total = Way(printer, to), 0
    while moved := site.store.write(
        lambda transaction: _move_some(transaction, site, way, last=last, cause=cause)
    ):
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
    return Refusal(NOTHING_WAITS, sentence, hint="Look at GET /api/v1/printers.")


def unsettled(printer: str) -> list[Any]:
    """Return the conditions of labels that a printer has to print yet."""
    # The set of both states is what the partial index label_unsettled_index covers.
    return [schema.label.c.printer == printer, text("label.state IN ('queued', 'sending')")]


def _refuse_undrawable(transaction: Transaction, site: Site, printer: str, *, to: str) -> None:
    """Refuse a run whose label the printer ``to`` cannot draw: it would block its queue."""
    unit, label = schema.unit, schema.label
    query = select(unit.c.run_id).join(label, label.c.unit_id == unit.c.id).distinct()
    for row in transaction.execute(query.where(*unsettled(printer))).all():
        try:
            run = site.pinned(transaction, row.run_id)
            too_large = routing.too_large(run.template, to, printer=site.plant.printers[to])
            if too_large is not None:
                raise Unprintable(too_large)
            site.compiled(run, to)
        except Unprintable as error:
            raise Refusal(
                UNPRINTABLE,
                f"Printer '{to}' cannot draw the labels of run {row.run_id}: {error}",
                hint="Choose another printer; nothing was moved.",
            ) from error


def _doubt(transaction: Transaction, site: Site, printer: str, *, cause: Cause) -> int:
    """Make doubtful what was on its way to a printer that is gone; return how many."""
    if printer in site.plant.printers:
        return 0
    labels = spool.unfinished(transaction, printer)
    _settle_doubtful(transaction, site, labels, cause)
    return len(labels)


def _settle_doubtful(
    transaction: Transaction, site: Site, labels: list[SpooledLabel], cause: Cause
) -> None:
    if labels:
        why = f"it was on its way to '{labels[0].printer}', which config.yaml does not know"
        cause = Cause(channel=cause.channel, detail={"why": why, **cause.detail})
        spool.settle_in(transaction, site, labels, state=LabelState.DOUBTFUL, cause=cause)


@dataclass(frozen=True)
class Way:
    """From which printer to which."""

    printer: str
    to: str


def _last(transaction: Transaction, printer: str) -> int:
    query = select(func.coalesce(func.max(schema.label.c.id), 0)).where(*unsettled(printer))
    return int(transaction.execute(query).scalar_one())


def _move_some(transaction: Transaction, site: Site, way: Way, *, last: int, cause: Cause) -> int:
    """Move the printer's oldest labels, up to the label ``last``; return how many.

    A line that triggers all the time must not keep us here.
    """
    wanted = spool.waiting(transaction, way.printer, limit=MOVED_AT_ONCE_MAX)
    which = schema.label.c.id.in_([one.id for one in wanted if one.id <= last])
    return move_queued(transaction, site, which, way=way, cause=cause)


def move_queued(
    transaction: Transaction, site: Site, which: ColumnElement[bool], *, way: Way, cause: Cause
) -> int:
    """Let another printer print labels that are queued for one; return how many.

    ``which`` of them: a condition on rows of `label`. Their jobs are of the other printer then.
    """
    label, job = schema.label, schema.job
    rows = transaction.execute(
        update(label)
        .where(which, *unsettled(way.printer), label.c.state == LabelState.QUEUED.value)
        .values(printer=way.to)
        .returning(label.c.id, label.c.unit_id, label.c.job_id)
    )
    moved = sorted(tuple(row) for row in rows)
    if moved:
        jobs = sorted({job_id for _, _, job_id in moved})
        transaction.execute(update(job).where(job.c.id.in_(jobs)).values(printer=way.to))
        pairs = [(unit_id, label_id) for label_id, unit_id, _ in moved]
        events.record_labels(transaction, "label_moved", labels=pairs, at=site.clock(), cause=cause)
    return len(moved)


def cancel_job(site: Site, job_id: int, instruction: Instruction) -> dict[str, Any]:
    """Cancel what still waits of a job: those labels are *not_printed*, their serials stay issued.

    Returns {job, state, canceled, doubtful}. Refuses an unknown job (5001) and one of which
    nothing waits (5006).
    """

    def work(transaction: Transaction) -> dict[str, Any]:
        labels = spool.job_labels(transaction, job_id)
        waiting = [one for one in labels if one.state == LabelState.QUEUED]
        stranded = [
            one
            for one in labels
            if one.state == LabelState.SENDING and one.printer not in site.plant.printers
        ]
        if not (waiting or stranded):
            raise Refusal(
                NOTHING_WAITS,
                f"No label of job {job_id} waits.",
                hint=f"Look at GET /api/v1/jobs/{job_id}.",
            )
        cause = instruction.cause()
        _settle_doubtful(transaction, site, stranded, cause)
        if waiting:
            state = LabelState.NOT_PRINTED
            spool.settle_in(transaction, site, waiting, state=state, cause=cause)
        state = spool.show_job(transaction, job_id)["state"]
        counts = {"canceled": len(waiting), "doubtful": len(stranded)}
        return {"job": job_id, "state": state, **counts}

    return site.store.write(work)
