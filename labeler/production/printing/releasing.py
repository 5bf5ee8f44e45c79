"""Release a job that is held, or resume it at one of its labels.

What waits before that label does not travel any more: whoever resumes the job says whether it is
not wanted, or exists.
"""

from collections.abc import Iterable
from typing import Any

from labeler.errors import BAD_VALUE, JOB_NOT_HELD, NOTHING_WAITS, Refusal
from labeler.production.events import Cause
from labeler.production.printing import job_rows, spool
from labeler.production.printing.doubtful import Decision
from labeler.production.printing.instructions import Instruction
from labeler.production.printing.spooled import SpooledLabel
from labeler.production.site import Site
from labeler.store import Transaction
from labeler.units import LabelState


def release(
    site: Site,
    job_id: int,
    instruction: Instruction,
    *,
    first: int | None = None,
    printed: bool = False,
) -> dict[str, Any]:
    """Let a held job travel again; with ``first``, from its label at this position on.

    What waits before ``first`` becomes *not_printed*: somebody says that it is not wanted; or with
    ``printed``, that it exists. Then ``first`` may be one behind the last. What was sent from
    ``first`` on is not sent again: `left` names it.

    Returns {job, state, queued, printed, not_printed, sending, left: {state: positions}}. Refuses
    an unknown job (5001), one that is not held (5008), a position it does not have (1002), one from
    which on nothing waits unless labels before it exist (5006), and labels of a printer that is
    gone (5004).
    """

    def work(transaction: Transaction) -> dict[str, Any]:
        labels = spool.job_labels(transaction, job_id, locked=True)
        before, behind = _parted(labels, first, printed=printed)
        waiting = [one for one in behind if one.state in job_rows.WAITING]
        decided = [one for one in before if one.state in job_rows.WAITING]
        concerned = [*decided, *waiting] if printed else waiting
        _refuse_release(transaction, labels, concerned, first=first)
        for printer in sorted({one.printer for one in waiting}):
            site.plant.printer(printer)
        cause = instruction.cause() if first is None else instruction.cause(resumed_at=first)
        job_rows.change(transaction, job_id, hold_reason=None, retry_count=0)
        _decide(transaction, site, decided, printed=printed, cause=cause)
        held = job_rows.in_state(waiting, LabelState.HELD)
        if held:
            spool.settle_in(transaction, site, held, state=LabelState.QUEUED, cause=cause)
        return {
            "job": job_id,
            "state": job_rows.state(transaction, job_id),
            "queued": len(waiting),
            "printed": len(decided) if printed else 0,
            "not_printed": 0 if printed else len(decided),
            "sending": len(job_rows.in_state(labels, LabelState.SENDING)),
            "left": {} if first is None else _left(behind),
            "printers": sorted({one.printer for one in waiting}),
        }

    outcome = site.store.write(work, locks=True)
    for printer in outcome.pop("printers"):
        site.wake(printer)
    return outcome


def _decide(
    transaction: Transaction,
    site: Site,
    labels: list[SpooledLabel],
    *,
    printed: bool,
    cause: Cause,
) -> None:
    """Settle labels that wait, as whoever resumes their job says: they exist, or never will."""
    if not labels:
        return
    state = LabelState.NOT_PRINTED
    if printed:
        state = LabelState.PRINTED
        # Of a label that may travel at any moment nobody can say that it exists.
        job_rows.hold(transaction, site, job_rows.in_state(labels, LabelState.QUEUED), cause=cause)
        said = {"decision": Decision.PRINTED.value, **cause.detail}
        cause = Cause(channel=cause.channel, detail=said)
    spool.settle_in(transaction, site, labels, state=state, cause=cause)


def _parted(
    labels: list[SpooledLabel], first: int | None, *, printed: bool
) -> tuple[list[SpooledLabel], list[SpooledLabel]]:
    """Return the labels before a position, and the rest."""
    if first is None and printed:
        raise Refusal(
            BAD_VALUE,
            "printed says that what waits before a label exists, but no label to go on with is "
            "given.",
            hint="Give its position in the job, from 1; one behind the last if all of them exist.",
        )
    if first is None:
        return [], labels
    if first > len(labels) + printed:
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
    known = job_rows.hold_reason(transaction, job_id)
    if known is None and not job_rows.in_state(labels, LabelState.HELD):
        state = job_rows.state(transaction, job_id)
        raise Refusal(
            JOB_NOT_HELD,
            f"Job {job_id} is not held, it is '{state}'.",
            hint=f"Look at it: labeler job show {job_id}. What is printed or given up is not sent "
            "again; a new label of it is a reprint.",
        )
    if job_rows.is_canceled(transaction, job_id):
        raise job_rows.nothing_waits(
            job_id, sending=len(job_rows.in_state(labels, LabelState.SENDING))
        )
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
        if one.state not in (*job_rows.WAITING, LabelState.SENDING):
            left.setdefault(one.state.value, []).append(one.position)
    return left
