"""The state of a job is what its labels make of it (`units.job_state`)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from labeler.store import Transaction
from labeler.units import UNSETTLED, JobState, LabelState, job_state

_ENDED = (JobState.COMPLETED, JobState.CANCELED, JobState.ABORTED)
_ENDS_SQL = (
    "SELECT id, (SELECT state FROM label WHERE job_id = job.id ORDER BY position LIMIT 1), "
    "(SELECT state FROM label WHERE job_id = job.id ORDER BY position DESC LIMIT 1) "
    "FROM job WHERE id "
)


def begun(transaction: Transaction, job_ids: Iterable[int]) -> None:
    """Say of jobs that a label of theirs is on its way now, whatever their others are."""
    _say(transaction, JobState.PROCESSING, sorted(set(job_ids)), settled=None)


def refresh(
    transaction: Transaction, job_ids: Iterable[int], now: datetime, *, gave_up: bool = False
) -> None:
    """Bring the state of jobs in line with their labels.

    ``gave_up``: nobody asked that what is not printed is not printed. A job of a million labels
    costs as little as a small one while it is printed: its first and its last label say enough.
    """
    jobs = sorted(set(job_ids))
    processing = _processing(transaction, jobs)
    by_state: dict[JobState, list[int]] = {JobState.PROCESSING: processing}
    for job_id, states in _states(transaction, [job for job in jobs if job not in processing]):
        by_state.setdefault(job_state(states, gave_up=gave_up), []).append(job_id)
    for state, found in by_state.items():
        _say(transaction, state, found, settled=now if state in _ENDED else None)


def _processing(transaction: Transaction, jobs: list[int]) -> list[int]:
    """Return the jobs of which the first label has left and the last one has not come to an end."""
    where, ids = transaction.one_of(jobs)
    rows = transaction.run_sql(_ENDS_SQL + where, ids)
    return [job for job, first, last in rows if first != LabelState.QUEUED and last in UNSETTLED]


def _states(transaction: Transaction, jobs: list[int]) -> list[tuple[int, frozenset[LabelState]]]:
    """Return every state that labels of each job are in."""
    found: dict[int, set[LabelState]] = {job: set() for job in jobs}
    where, ids = transaction.one_of(jobs)
    sql = f"SELECT DISTINCT job_id, state FROM label WHERE job_id {where}"  # noqa: S608 placeholders
    for job, state in transaction.run_sql(sql, ids) if jobs else ():
        found[job].add(LabelState(state))
    return [(job, frozenset(states)) for job, states in found.items()]


def _say(
    transaction: Transaction, state: JobState, jobs: Sequence[int], *, settled: datetime | None
) -> None:
    if not jobs:
        return
    where, ids = transaction.one_of(jobs)
    transaction.run_sql(
        f"UPDATE job SET state = ?, settled_at = ? WHERE id {where}",  # noqa: S608 placeholders
        [state.value, transaction.time(settled) if settled else None, *ids],
    )
