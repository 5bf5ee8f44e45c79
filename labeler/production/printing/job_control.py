"""Hold a job, change its priority, move or cancel it; `releasing.py` lets it go on.

All of it concerns labels of which nothing has left us. What is on its way is never touched, and
each answer says how much that is: it ends as it would have, or comes back unsent and then fares as
its job does.
"""

from typing import Any

from sqlalchemy import select, update

from labeler.errors import JOB_HELD, Refusal
from labeler.production import events
from labeler.production.events import Cause
from labeler.production.printing import job_rows, queues, spool
from labeler.production.printing.instructions import Instruction
from labeler.production.printing.spooled import SpooledLabel
from labeler.production.site import Site
from labeler.store import Transaction, schema
from labeler.units import LabelState, rank


def hold(site: Site, job_id: int, instruction: Instruction) -> dict[str, Any]:
    """Keep what waits of a job from travelling until it is released; the queue behind it goes on.

    Returns {job, state, held, sending}. Refuses an unknown job (5001), one that is held (5007), and
    one of which nothing waits (5006).
    """

    def work(transaction: Transaction) -> dict[str, Any]:
        labels = spool.job_labels(transaction, job_id, locked=True)
        queued = job_rows.in_state(labels, LabelState.QUEUED)
        sending = job_rows.in_state(labels, LabelState.SENDING)
        known = job_rows.hold_reason(transaction, job_id)
        is_canceled = job_rows.is_canceled(transaction, job_id)
        if not queued and known is not None and not is_canceled:
            hint = f"Let it go on: labeler job release {job_id}."
            raise Refusal(JOB_HELD, f"Job {job_id} is held already: {known}.", hint=hint)
        if not queued and (is_canceled or not sending):
            raise job_rows.nothing_waits(job_id, sending=len(sending))
        job_rows.hold(transaction, site, queued, cause=instruction.cause())
        job_rows.change(transaction, job_id, hold_reason=instruction.says("held"))
        if not queued:
            _note(transaction, site, "job_held", labels, cause=instruction.cause(job=job_id))
        outcome = {"held": len(queued), "sending": len(sending)}
        return {"job": job_id, "state": job_rows.state(transaction, job_id), **outcome}

    return site.store.write(work, locks=True)


def set_priority(
    site: Site, job_id: int, instruction: Instruction, *, priority: int
) -> dict[str, Any]:
    """Let a job's labels go before or behind those of others: 100 first, 1 last.

    What is on its way is not overtaken. Returns {job, state, priority, labels}: of how many labels
    that changes the place. Refuses an unknown job (5001) and one of which nothing waits (5006).
    """

    def work(transaction: Transaction) -> dict[str, Any]:
        labels = spool.job_labels(transaction, job_id, locked=True)
        waiting = [one for one in labels if one.state in (*job_rows.WAITING, LabelState.SENDING)]
        if not waiting:
            raise job_rows.nothing_waits(job_id)
        job, label = schema.job, schema.label
        before = transaction.execute(select(job.c.priority).where(job.c.id == job_id)).scalar_one()
        transaction.execute(
            update(label)
            .where(label.c.id.in_([one.id for one in waiting]))
            .values(rank=rank(priority))
        )
        job_rows.change(transaction, job_id, priority=priority)
        cause = instruction.cause(job=job_id, priority=priority, before=before)
        events.record(
            transaction, "job_priority", at=site.clock(), cause=cause, run_id=labels[0].run_id
        )
        outcome = {"priority": priority, "labels": len(waiting)}
        return {"job": job_id, "state": job_rows.state(transaction, job_id), **outcome}

    return site.store.write(work, locks=True)


def move(site: Site, job_id: int, instruction: Instruction, *, to: str) -> dict[str, Any]:
    """Let the printer ``to`` print what waits of a job; what is held stays held.

    Returns {job, to, moved, sending, doubtful}: `doubtful` were on their way to a printer that is
    gone. Refuses an unknown job (5001), an unknown printer (5004), a job of which nothing waits, or
    for ``to`` already (5006), and labels that ``to`` cannot draw (4001).
    """
    site.plant.printer(to)
    with site.store.read() as transaction:
        runs = {one.run_id for one in spool.job_labels(transaction, job_id)}
        queues.refuse_undrawable(transaction, site, runs, to=to)

    def work(transaction: Transaction) -> dict[str, Any]:
        labels = spool.job_labels(transaction, job_id, locked=True)
        wanted = [one for one in labels if one.state in job_rows.WAITING and one.printer != to]
        stranded = queues.stranded(site, labels)
        if not (wanted or stranded):
            raise job_rows.nothing_waits(
                job_id, besides=to, sending=len(job_rows.in_state(labels, LabelState.SENDING))
            )
        sources = sorted({one.printer for one in (*wanted, *stranded)})
        cause = instruction.cause(**{"from": ", ".join(sources), "to": to})
        queues.doubt(transaction, site, stranded, cause=cause)
        rows = [(one.id, one.job_id, one.unit_id) for one in wanted]
        queues.relocate(transaction, site, rows, to=to, cause=cause)
        sending = len(job_rows.in_state(labels, LabelState.SENDING)) - len(stranded)
        counts = {"moved": len(wanted), "sending": sending, "doubtful": len(stranded)}
        return {"job": job_id, "to": to, **counts}

    outcome = site.store.write(work, locks=True)
    site.wake(to)
    return outcome


def cancel(site: Site, job_id: int, instruction: Instruction) -> dict[str, Any]:
    """Cancel what still waits of a job: those labels are *not_printed*, their serials stay issued.

    Returns {job, state, canceled, sending, doubtful}: `doubtful` were on their way to a printer
    that is gone. Refuses an unknown job (5001) and one of which nothing is left to cancel (5006).
    """

    def work(transaction: Transaction) -> dict[str, Any]:
        labels = spool.job_labels(transaction, job_id, locked=True)
        waiting = [one for one in labels if one.state in job_rows.WAITING]
        stranded = queues.stranded(site, labels)
        sending = len(job_rows.in_state(labels, LabelState.SENDING)) - len(stranded)
        if not (waiting or stranded) and (not sending or job_rows.is_canceled(transaction, job_id)):
            raise job_rows.nothing_waits(job_id, sending=sending)
        cause = instruction.cause()
        queues.doubt(transaction, site, stranded, cause=cause)
        if waiting:
            state = LabelState.NOT_PRINTED
            spool.settle_in(transaction, site, waiting, state=state, cause=cause)
        # One that comes back unsent is canceled, too: see spool.settle_in.
        said = instruction.says("canceled") if sending else None
        job_rows.change(transaction, job_id, hold_reason=said, cancel_unsent=sending > 0)
        if not (waiting or stranded):
            _note(transaction, site, "job_canceled", labels, cause=instruction.cause(job=job_id))
        counts = {"canceled": len(waiting), "sending": sending, "doubtful": len(stranded)}
        return {"job": job_id, "state": job_rows.state(transaction, job_id), **counts}

    return site.store.write(work, locks=True)


def _note(
    transaction: Transaction, site: Site, kind: str, labels: list[SpooledLabel], *, cause: Cause
) -> None:
    """Record what was decided about labels that are on their way: no event of theirs says it."""
    events.record(transaction, kind, at=site.clock(), cause=cause, run_id=labels[0].run_id)
