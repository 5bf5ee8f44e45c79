"""Print jobs as people see them: one with its labels, or a page of them, and how far each is."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, text

from labeler.production.printing import spool
from labeler.store import Transaction, schema
from labeler.units import JobState, LabelState


class Order(StrEnum):
    """In which order jobs are listed."""

    NEWEST = "newest"
    """The newest first."""
    QUEUE = "queue"
    """Those of which labels wait or are on their way, the next one first: by priority, then age."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """Which jobs somebody wants to see."""

    printer: str | None = None
    state: JobState | None = None
    run: int | None = None
    order: Order = Order.NEWEST
    after: int | None = None
    """The last job of the page before."""


_LABELS_OF = {
    JobState.PENDING: "label.state IN ('queued', 'sending')",
    JobState.PROCESSING: "label.state IN ('queued', 'sending')",
    JobState.HELD: "label.state = 'held'",
    JobState.STOPPED: "label.state = 'doubtful'",
}
"""State -> which labels each job in it has, in the words of a partial index: of all jobs that ever
were, those few are found through it.
"""


def show_job(transaction: Transaction, job_id: int) -> dict[str, Any]:
    """Return one job with its progress and its labels; refuse (5001) an unknown one."""
    row = transaction.execute(select(schema.job).where(schema.job.c.id == job_id)).one_or_none()
    if row is None:
        raise spool.no_such_job(job_id)
    label, unit = schema.label, schema.unit
    labels = transaction.execute(
        select(
            label.c.id, label.c.position, unit.c.serial, label.c.copy, label.c.printer,
            label.c.state, label.c.sent_at, label.c.settled_at, label.c.digest,
        )
        .join(unit, unit.c.id == label.c.unit_id)
        .where(label.c.job_id == job_id)
        .order_by(label.c.position)
    )  # fmt: skip
    progress = _progress(transaction, [job_id])[job_id]
    shown = [dict(found._mapping) for found in labels]
    return {**row._mapping, "progress": progress, "labels": shown}


def list_jobs(transaction: Transaction, wish: Wish, *, limit: int) -> list[dict[str, Any]]:
    """Return jobs with their progress, without their labels; refuse (5001) an unknown ``after``."""
    job = schema.job
    query = select(job).limit(limit)
    if wish.printer is not None:
        query = query.where(job.c.printer == wish.printer)
    if wish.run is not None:
        query = query.where(job.c.run_id == wish.run)
    if wish.state is not None:
        query = query.where(job.c.state == wish.state.value)
    found = _in_order(transaction, query, wish)
    rows = [dict(row._mapping) for row in transaction.execute(found)]
    progress = _progress(transaction, [row["id"] for row in rows])
    return [{**row, "progress": progress[row["id"]]} for row in rows]


def _in_order(transaction: Transaction, query: Select[Any], wish: Wish) -> Select[Any]:
    job = schema.job
    states = _LABELS_OF.get(wish.state) if wish.state else None
    if wish.order == Order.QUEUE and states is None:
        states = _LABELS_OF[JobState.PENDING]
    if states is not None:
        query = query.where(job.c.id.in_(select(schema.label.c.job_id).where(text(states))))
    if wish.order == Order.NEWEST:
        if wish.after is not None:
            query = query.where(job.c.id < wish.after)
        return query.order_by(job.c.id.desc())
    if wish.after is not None:
        query = query.where(_behind(transaction, wish.after))
    return query.order_by(job.c.priority.desc(), job.c.id)


def _behind(transaction: Transaction, job_id: int) -> ColumnElement[bool]:
    """Return the condition that a job is printed after this one."""
    job = schema.job
    query = select(job.c.priority).where(job.c.id == job_id)
    priority = transaction.execute(query).scalar_one_or_none()
    if priority is None:
        raise spool.no_such_job(job_id)
    return or_(job.c.priority < priority, and_(job.c.priority == priority, job.c.id > job_id))


def _progress(transaction: Transaction, job_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """Return of each job how many of its labels are in which state."""
    label = schema.label
    found = {job_id: dict.fromkeys(map(str, LabelState), 0) for job_id in job_ids}
    rows = transaction.execute(
        select(label.c.job_id, label.c.state, func.count())
        .where(label.c.job_id.in_(list(found)))
        .group_by(label.c.job_id, label.c.state)
    )
    for job_id, state, count in rows:
        found[job_id][state] = count
    return found
