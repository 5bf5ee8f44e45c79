"""How many serials the whole plant issued in each of the last hours, counted in the index of times.

An hour that is over is counted once: what it issued never changes, unless a block of serials that
began in it is still being written.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from labeler.production.site import Site
from labeler.store import Transaction

HOURS: Final = 24
"""Hours that are shown; the last one has only begun."""
_RESTS: Final = timedelta(minutes=10)
"""After so long no transaction that began within an hour can still be at work."""

COUNT_SQL: Final = "SELECT count(*) FROM unit WHERE allocated_at >= ? AND allocated_at < ?"
_FILLING_SQL: Final = "SELECT 1 FROM allocation WHERE state = 'filling' LIMIT 1"


def last(site: Site, transaction: Transaction) -> list[dict[str, Any]]:
    """Return for each of the last hours of the site's clock {at, count}, the oldest first."""
    now = site.clock()
    begin = site.local(now).replace(minute=0, second=0, microsecond=0).astimezone(UTC)
    moments = [begin - timedelta(hours=back) for back in reversed(range(HOURS))]
    known = dict(site.hour_counts)
    counts = {at: known[at] if at in known else _count(transaction, at) for at in moments}
    if not transaction.run_sql(_FILLING_SQL):
        over = now - _RESTS - timedelta(hours=1)
        site.hour_counts = {at: count for at, count in counts.items() if at <= over}
    return [{"at": at, "count": count} for at, count in counts.items()]


def _count(transaction: Transaction, begin: datetime) -> int:
    times = (transaction.time(begin), transaction.time(begin + timedelta(hours=1)))
    return int(transaction.run_sql(COUNT_SQL, times)[0][0])
