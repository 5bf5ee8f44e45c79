"""How fast a series is used up: serials a day over the last seven days, and when none is left.

Units are never counted. In a run they have places without a gap, and a later place was given later:
where the seven days begin in a run is found by halving, in the index of its places. Runs that ended
earlier are not looked at, nor are those that only tried a line.
"""

from datetime import datetime, timedelta

from sqlalchemy import or_, select

from labeler.production.draws import draws
from labeler.serials import Calendar
from labeler.serials.numbers import Reset
from labeler.store import Transaction, schema
from labeler.units import RunMode

WINDOW_DAYS = 7
"""What "recently" means."""
FAR_DAYS = 36_500
"""Nobody plans further than a hundred years."""

_run = schema.run
_version = schema.series_version


def a_day(transaction: Transaction, name: str, *, now: datetime) -> float:
    """Return how many serials or identifiers a day the series issued recently.

    A series that began within these days is measured from its first run on, but for a day at least.
    """
    drawn = draws()
    of_series = (
        select(_run.c.id, _run.c.issued, _run.c.opened_at, drawn.c.times)
        .join(drawn, drawn.c.run_id == _run.c.id)
        .join(_version, _version.c.id == drawn.c.version_id)
        .where(_version.c.series == name, _run.c.issued > 0)
        .where(_run.c.mode == RunMode.PRODUCTION.value)
    )
    since = now - timedelta(days=WINDOW_DAYS)
    recent = or_(_run.c.state.in_(["open", "paused"]), _run.c.closed_at >= since)
    count = 0
    rows = transaction.execute(of_series.where(recent)).all()
    for row in rows:
        is_new = row.opened_at >= since
        before = (
            0 if is_new else issued_before(transaction, row.id, issued=row.issued, moment=since)
        )
        count += row.times * (row.issued - before)
    if not count:
        return 0.0
    first = min(row.opened_at for row in rows)
    # Of runs that ended earlier it matters only whether there is one, however many there are.
    older = of_series.where(_run.c.opened_at < since).limit(1)
    if first > since and transaction.execute(older).first() is not None:
        first = since
    days: float = (now - first) / timedelta(days=1)
    return count / min(max(days, 1.0), float(WINDOW_DAYS))


def issued_before(transaction: Transaction, run_id: int, *, issued: int, moment: datetime) -> int:
    """Return how many of the ``issued`` units of a run were allocated before a moment."""
    unit = schema.unit
    low, high = 0, issued
    while low < high:
        middle = (low + high) // 2
        found = transaction.execute(
            select(unit.c.allocated_at).where(
                unit.c.run_id == run_id, unit.c.position == middle + 1
            )
        ).scalar_one_or_none()
        if found is not None and found < moment:
            low = middle + 1
        else:
            high = middle
    return low


def exhausted_at(
    calendar: Calendar, now: datetime, *, left: int, per_day: float, reset: Reset
) -> datetime | None:
    """Return when no number is left at this rate; None if never, or if nobody can say.

    A counter that begins again is used up only if that comes before its next beginning.
    """
    if per_day <= 0 or reset == "run" or left / per_day > FAR_DAYS:
        return None
    moment = now + timedelta(days=left / per_day)
    begins = calendar.next_begin(now, reset)
    return moment if begins is None or moment < begins else None
