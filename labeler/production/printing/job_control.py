"""Hold a job, release it, resume it at one of its labels, change its priority, move or cancel it.

All of it concerns labels of which nothing has left us. What is on its way is never touched, and
each answer says how much that is: it ends as it would have, or comes back unsent and then fares as
its job does.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select, update

from labeler.errors import BAD_VALUE, JOB_HELD, JOB_NOT_HELD, NOTHING_WAITS, Refusal
from labeler.production import events
from labeler.production.events import Cause
from labeler.production.printing import queues, spool
from labeler.production.printing.instructions import Instruction
from labeler.production.printing.spool import CANCELED
from labeler.production.printing.spooled import SpooledLabel
from labeler.production.site import Site
from labeler.store import Transaction, schema
from labeler.units import LabelState, rank

WAITING = (LabelState.QUEUED, LabelState.HELD)
"""Nothing of such a label has left us."""


def hold(site: Site, job_id: int, instruction: Instruction) -> dict[str, Any]:
    """Keep what waits of a job from travelling until it is released; the queue behind it goes on.

    Returns {job, state, held, sending}. Refuses an unknown job (5001), one that is held (5007), and
    one of which nothing waits (5006).
    """

    def work(transaction: Transaction) -> dict[str, Any]:
        labels = spool.job_labels(transaction, job_id, locked=True)
        queued = _in_state(labels, LabelState.QUEUED)
        sending = _in_state(labels, LabelState.SENDING)
        known, is_canceled = _hold_reason(transaction, job_id), _is_canceled(transaction, job_id)
        if not queued and known is not None and not is_canceled:
            hint = f"Let it go on: labeler job release {job_id}."
            raise Refusal(JOB_HELD, f"Job {job_id} is held already: {known}.", hint=hint)
        if not queued and (is_canceled or not sending):
            raise _nothing_waits(job_id, sending=len(sending))
        _put_on_hold(transaction, site, queued, cause=instruction.cause())
        _set_job(transaction, job_id, hold_reason=instruction.says("held"))
        outcome = {"held": len(queued), "sending": len(sending)}
        return {"job": job_id, "state": _state(transaction, job_id), **outcome}

    return site.store.write(work)


def _put_on_hold(
    transaction: Transaction, site: Site, labels: list[SpooledLabel], *, cause: Cause
) -> None:
    if labels:
        spool.settle_in(transaction, site, labels, state=LabelState.HELD, cause=cause)


def release(
    site: Site, job_id: int, instruction: Instruction, *, first: int | None = None
) -> dict[str, Any]:
    """Let a held job travel again; with ``first``, from its label at this position on.

    What waits before ``first`` becomes *not_printed*: somebody says that it exists, or is not
    wanted. What was sent from ``first`` on is not sent again: `left` names it.

    Returns {job, state, queued, not_printed, sending, left: {state: positions}}. Refuses an unknown
    job (5001), one that is not held (5008), a position it does not have (1002), one from which on
    nothing waits (5006), and labels of a printer that is gone (5004).
    """

    def work(transaction: Transaction) -> dict[str, Any]:
        labels = spool.job_labels(transaction, job_id, locked=True)
        before, behind = _parted(labels, first)
        waiting = [one for one in behind if one.state in WAITING]
        _refuse_release(transaction, labels, waiting, first=first)
        for printer in sorted({one.printer for one in waiting}):
            site.plant.printer(printer)
        given_up = [one for one in before if one.state in WAITING]
        cause = instruction.cause() if first is None else instruction.cause(resumed_at=first)
        _set_job(transaction, job_id, hold_reason=None, retry_count=0)
        if given_up:
            state = LabelState.NOT_PRINTED
            spool.settle_in(transaction, site, given_up, state=state, cause=cause)
        held = _in_state(waiting, LabelState.HELD)
        if held:
            spool.settle_in(transaction, site, held, state=LabelState.QUEUED, cause=cause)
        return {
            "job": job_id,
            "state": _state(transaction, job_id),
            "queued": len(waiting),
            "not_printed": len(given_up),
            "sending": len(_in_state(labels, LabelState.SENDING)),
            "left": {} if first is None else _left(behind),
            "printers": sorted({one.printer for one in waiting}),
        }

    outcome = site.store.write(work)
    for printer in outcome.pop("printers"):
        site.wake(printer)
    return outcome


def _parted(
    labels: list[SpooledLabel], first: int | None
) -> tuple[list[SpooledLabel], list[SpooledLabel]]:
    """Return the labels before a position, and the rest."""
    if first is None:
        return [], labels
    if first > len(labels):
        raise Refusal(
            BAD_VALUE,
            f"Job {labels[0].job_id} has {len(labels)} labels, so it cannot go on at {first}.",
            hint="Give the position of a label of it, from 1.",
        )
    return [one for one in labels if one.position < first], [
        one for one in labels if one.position >= first
    ]


def _refuse_release(
    transaction: Transaction,
    labels: list[SpooledLabel],
    waiting: list[SpooledLabel],
    *,
    first: int | None,
) -> None:
    job_id = labels[0].job_id
    known = _hold_reason(transaction, job_id)
    if known is None and not _in_state(labels, LabelState.HELD):
        state = _state(transaction, job_id)
        raise Refusal(
            JOB_NOT_HELD,
            f"Job {job_id} is not held, it is '{state}'.",
            hint=f"Look at it: labeler job show {job_id}. What is printed or given up is not sent "
            "again; a new label of it is a reprint.",
        )
    if _is_canceled(transaction, job_id):
        raise _nothing_waits(job_id, sending=len(_in_state(labels, LabelState.SENDING)))
    if first is not None and not waiting:
        raise Refusal(
            NOTHING_WAITS,
            f"From label {first} on nothing of job {job_id} waits.",
            hint=f"Look at it: labeler job show {job_id}. Nothing is sent a second time so.",
        )


def _left(labels: Iterable[SpooledLabel]) -> dict[str, list[int]]:
    """Return which labels are not sent again, by what is known of them."""
    left: dict[str, list[int]] = {}
    for one in labels:
        if one.state not in (*WAITING, LabelState.SENDING):
            left.setdefault(one.state.value, []).append(one.position)
    return left


def set_priority(
    site: Site, job_id: int, instruction: Instruction, *, priority: int
) -> dict[str, Any]:
    """Let a job's labels go before or behind those of others: 100 first, 1 last.

    What is on its way is not overtaken. Returns {job, state, priority, labels}: of how many labels
    that changes the place. Refuses an unknown job (5001) and one of which nothing waits (5006).
    """

    def work(transaction: Transaction) -> dict[str, Any]:
        labels = spool.job_labels(transaction, job_id, locked=True)
        waiting = [one for one in labels if one.state in (*WAITING, LabelState.SENDING)]
        if not waiting:
            raise _nothing_waits(job_id)
        job, label = schema.job, schema.label
        before = transaction.execute(select(job.c.priority).where(job.c.id == job_id)).scalar_one()
        transaction.execute(
            update(label)
            .where(label.c.id.in_([one.id for one in waiting]))
            .values(rank=rank(priority))
        )
        _set_job(transaction, job_id, priority=priority)
        cause = instruction.cause(job=job_id, priority=priority, before=before)
        events.record(
            transaction, "job_priority", at=site.clock(), cause=cause, run_id=labels[0].run_id
        )
        outcome = {"priority": priority, "labels": len(waiting)}
        return {"job": job_id, "state": _state(transaction, job_id), **outcome}

    return site.store.write(work)


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
        wanted = [one for one in labels if one.state in WAITING and one.printer != to]
        stranded = queues.stranded(site, labels)
        if not (wanted or stranded):
            raise _nothing_waits(
                job_id, besides=to, sending=len(_in_state(labels, LabelState.SENDING))
            )
        sources = sorted({one.printer for one in (*wanted, *stranded)})
        cause = instruction.cause(**{"from": ", ".join(sources), "to": to})
        queues.doubt(transaction, site, stranded, cause=cause)
        rows = [(one.id, one.job_id, one.unit_id) for one in wanted]
        queues.relocate(transaction, site, rows, to=to, cause=cause)
        sending = len(_in_state(labels, LabelState.SENDING)) - len(stranded)
        counts = {"moved": len(wanted), "sending": sending, "doubtful": len(stranded)}
        return {"job": job_id, "to": to, **counts}

    outcome = site.store.write(work)
    site.wake(to)
    return outcome


def cancel(site: Site, job_id: int, instruction: Instruction) -> dict[str, Any]:
    """Cancel what still waits of a job: those labels are *not_printed*, their serials stay issued.

    Returns {job, state, canceled, sending, doubtful}: `doubtful` were on their way to a printer
    that is gone. Refuses an unknown job (5001) and one of which nothing is left to cancel (5006).
    """

    def work(transaction: Transaction) -> dict[str, Any]:
        labels = spool.job_labels(transaction, job_id, locked=True)
        waiting = [one for one in labels if one.state in WAITING]
        stranded = queues.stranded(site, labels)
        sending = len(_in_state(labels, LabelState.SENDING)) - len(stranded)
        if not (waiting or stranded) and (not sending or _is_canceled(transaction, job_id)):
            raise _nothing_waits(job_id, sending=sending)
        cause = instruction.cause()
        queues.doubt(transaction, site, stranded, cause=cause)
        if waiting:
            state = LabelState.NOT_PRINTED
            spool.settle_in(transaction, site, waiting, state=state, cause=cause)
        # One that comes back unsent is canceled, too: see spool.settle_in.
        said = f"{CANCELED}{instruction.operator}: {instruction.reason}" if sending else None
        _set_job(transaction, job_id, hold_reason=said)
        counts = {"canceled": len(waiting), "sending": sending, "doubtful": len(stranded)}
        return {"job": job_id, "state": _state(transaction, job_id), **counts}

    return site.store.write(work)


def _in_state(labels: Iterable[SpooledLabel], state: LabelState) -> list[SpooledLabel]:
    return [one for one in labels if one.state == state]


def _nothing_waits(job_id: int, *, besides: str | None = None, sending: int = 0) -> Refusal:
    where = f" for another printer than '{besides}'" if besides else ""
    away = f"; on their way: {sending}" if sending else ""
    return Refusal(
        NOTHING_WAITS,
        f"No label of job {job_id} waits{where}{away}.",
        hint=f"Look at it: GET /api/v1/jobs/{job_id}, or labeler job show {job_id}.",
    )


def _hold_reason(transaction: Transaction, job_id: int) -> str | None:
    query = select(schema.job.c.hold_reason).where(schema.job.c.id == job_id)
    found: str | None = transaction.execute(query).scalar_one()
    return found


def _is_canceled(transaction: Transaction, job_id: int) -> bool:
    return (_hold_reason(transaction, job_id) or "").startswith(CANCELED)


def _state(transaction: Transaction, job_id: int) -> str:
    query = select(schema.job.c.state).where(schema.job.c.id == job_id)
    return str(transaction.execute(query).scalar_one())


def _set_job(transaction: Transaction, job_id: int, **values: Any) -> None:
    transaction.execute(update(schema.job).where(schema.job.c.id == job_id).values(**values))
