"""The state of a job is what its labels make of it (`units.job_state`)."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update

from labeler.store import Transaction, schema
from labeler.units import JobState, LabelState, job_state

_ENDED = (JobState.COMPLETED, JobState.CANCELED, JobState.ABORTED)


def refresh(
    transaction: Transaction, job_ids: Iterable[int], now: datetime, *, gave_up: bool = False
) -> None:
    """Bring the state of jobs in line with their labels.

    ``gave_up``: nobody asked that what is not printed is not printed.
    """
    label, job = schema.label, schema.job
    found: dict[int, set[LabelState]] = {job_id: set() for job_id in sorted(set(job_ids))}
    rows = transaction.execute(
        select(label.c.job_id, label.c.state).where(label.c.job_id.in_(list(found))).distinct()
    )
    for row in rows:
        found[row[0]].add(LabelState(row[1]))
    by_state: dict[JobState, list[int]] = {}
    for job_id, states in found.items():
        by_state.setdefault(job_state(frozenset(states), gave_up=gave_up), []).append(job_id)
    for state, ids in by_state.items():
        settled = now if state in _ENDED else None
        transaction.execute(
            update(job).where(job.c.id.in_(ids)).values(state=state.value, settled_at=settled)
        )
