"""The state of a job is what its labels make of it (`units.job_state`)."""

from collections.abc import Iterable
from datetime import datetime

from labeler.store import Transaction
from labeler.units import JobState, LabelState, job_state

_ENDED = (JobState.COMPLETED, JobState.CANCELED, JobState.ABORTED)


def refresh(
    transaction: Transaction, job_ids: Iterable[int], now: datetime, *, gave_up: bool = False
) -> None:
    """Bring the state of jobs in line with their labels.

    ``gave_up``: nobody asked that what is not printed is not printed.
    """
    found: dict[int, set[LabelState]] = {job_id: set() for job_id in sorted(set(job_ids))}
    where, ids = transaction.one_of(list(found))
    rows = transaction.run_sql(
        f"SELECT DISTINCT job_id, state FROM label WHERE job_id {where}",  # noqa: S608 placeholders
        ids,
    )
    for job_id, state in rows:
        found[job_id].add(LabelState(state))
    by_state: dict[JobState, list[int]] = {}
    for job_id, states in found.items():
        by_state.setdefault(job_state(frozenset(states), gave_up=gave_up), []).append(job_id)
    for new_state, jobs in by_state.items():
        settled = transaction.time(now) if new_state in _ENDED else None
        where, ids = transaction.one_of(jobs)
        transaction.run_sql(
            f"UPDATE job SET state = ?, settled_at = ? WHERE id {where}",  # noqa: S608 placeholders
            [new_state.value, settled, *ids],
        )
