"""What the verbs of one job read and change of it."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select, update

from labeler.errors import NOTHING_WAITS, Refusal
from labeler.production.events import Cause
from labeler.production.printing import spool
from labeler.production.printing.spooled import SpooledLabel
from labeler.production.site import Site
from labeler.store import Transaction, schema
from labeler.units import LabelState

WAITING = (LabelState.QUEUED, LabelState.HELD)
"""Nothing of such a label has left us."""


def in_state(labels: Iterable[SpooledLabel], state: LabelState) -> list[SpooledLabel]:
    """Return those of the labels that are in a state."""
    return [one for one in labels if one.state == state]


def nothing_waits(job_id: int, *, besides: str | None = None, sending: int = 0) -> Refusal:
    """Return the refusal (5006) of a job of which nothing waits, or all of it for ``besides``."""
    where = f" for another printer than '{besides}'" if besides else ""
    away = f"; on their way: {sending}" if sending else ""
    return Refusal(
        NOTHING_WAITS,
        f"No label of job {job_id} waits{where}{away}.",
        hint=f"Look at it: GET /api/v1/jobs/{job_id}, or labeler job show {job_id}.",
    )


def hold_reason(transaction: Transaction, job_id: int) -> str | None:
    """Return who holds a job and why, or why it was held."""
    query = select(schema.job.c.hold_reason).where(schema.job.c.id == job_id)
    found: str | None = transaction.execute(query).scalar_one()
    return found


def is_canceled(transaction: Transaction, job_id: int) -> bool:
    """Return whether a job was canceled while labels of it were on their way."""
    query = select(schema.job.c.cancel_unsent).where(schema.job.c.id == job_id)
    return bool(transaction.execute(query).scalar_one())


def state(transaction: Transaction, job_id: int) -> str:
    """Return a job's state, one of `units.JobState`."""
    query = select(schema.job.c.state).where(schema.job.c.id == job_id)
    return str(transaction.execute(query).scalar_one())


def change(transaction: Transaction, job_id: int, **values: Any) -> None:
    """Write columns of a job's row."""
    transaction.execute(update(schema.job).where(schema.job.c.id == job_id).values(**values))


def hold(transaction: Transaction, site: Site, labels: list[SpooledLabel], *, cause: Cause) -> None:
    """Keep labels that are queued from travelling; there may be none."""
    if labels:
        spool.settle_in(transaction, site, labels, state=LabelState.HELD, cause=cause)
