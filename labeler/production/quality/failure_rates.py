"""How many scans failed on each line in each hour of the site's clock, in pages."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from labeler.errors import BAD_VALUE, SPAN_TOO_LONG, Refusal
from labeler.production.site import Site
from labeler.store import Transaction

FAILURES_DAYS_MAX = 31
"""Longest time of which failures are counted."""
_ONE_DAY = timedelta(days=1)
_SPELLED = "%Y-%m-%dT%H:%M"
# No clock on Earth goes by less than a quarter of an hour beside another one.
_QUARTER_SQLITE = (
    "substr(at, 1, 14) || printf('%02d', CAST(substr(at, 15, 2) AS INTEGER) / 15 * 15)"
)
_QUARTER_POSTGRES = (
    "to_char(date_bin('15 minutes', at, TIMESTAMPTZ '2000-01-01 00:00:00+00') AT TIME ZONE 'UTC', "
    "'YYYY-MM-DD\"T\"HH24:MI')"
)
_SCANS = (
    "SELECT v.at AS at, coalesce(v.line, r.line) AS line, v.verdict AS verdict FROM verification v "
    "LEFT JOIN run r ON r.id = v.run_id WHERE v.at >= ? AND v.at < ?"
)
"""Scans, each with the line it was met on; where nobody said one, with that of its unit's run."""

_Key = tuple[datetime, str]
"""When an hour begins, in UTC, and the line; no line: the empty text."""
_Counts = dict[str, int]
"""Verdict -> how many."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """Which hours somebody wants to see; None: any."""

    line: str | None = None
    since: datetime | None = None
    """None: a day before ``until``."""
    until: datetime | None = None
    """Before this moment. None: now."""
    after: str | None = None
    """The cursor of the last hour of the page before."""


def failures(site: Site, transaction: Transaction, wish: Wish, *, limit: int) -> dict[str, Any]:
    """Return of each hour and line how many scans there were and how many were not ok.

    Hours are the site's, and say how far they are from UTC: where the clock is set back, an hour
    is there twice. Up to ``limit`` + 1 of them, the oldest first, each with its `cursor`. Refuses
    (6004) more than FAILURES_DAYS_MAX days, and (1002) a time that ends before it begins, and an
    ``after`` that is no cursor.
    """
    until = wish.until or site.clock()
    since = wish.since or until - _ONE_DAY
    _require_span(since, until)
    last = None if wish.after is None else _key(wish.after)
    begin = since if last is None else max(since, last[0])
    found: list[tuple[_Key, _Counts]] = []
    # A day after the other, so that a page does not cost what all of them cost.
    while begin < until and len(found) <= limit:
        end = min(_hour(site, begin + _ONE_DAY), until)
        counted = _count(site, transaction, (begin, end), line=wish.line)
        found += [one for one in sorted(counted.items()) if last is None or one[0] > last]
        begin = end
    hours = [_rate(site, key, counts) for key, counts in found[: limit + 1]]
    return {"since": since, "until": until, "hours": hours}


def _count(
    site: Site, transaction: Transaction, span: tuple[datetime, datetime], *, line: str | None
) -> dict[_Key, _Counts]:
    quarter = _QUARTER_POSTGRES if transaction.for_update else _QUARTER_SQLITE
    values: list[Any] = [transaction.time(moment) for moment in span]
    of_line = ""
    if line is not None:
        of_line = " WHERE line = ?"
        values.append(line)
    rows = transaction.run_sql(
        f"SELECT {quarter} AS quarter, line, verdict, count(*) FROM ({_SCANS}) s"  # noqa: S608
        f"{of_line} GROUP BY 1, line, verdict",
        values,
    )
    found: dict[_Key, _Counts] = defaultdict(lambda: defaultdict(int))
    for text, where, verdict, count in rows:
        moment = datetime.strptime(text, _SPELLED).replace(tzinfo=UTC)
        found[_hour(site, moment), where or ""][verdict] += count
    return found


def _hour(site: Site, moment: datetime) -> datetime:
    """Return when the hour of the site's clock began in which a moment lies, in UTC."""
    return site.local(moment).replace(minute=0, second=0, microsecond=0).astimezone(UTC)


def _rate(site: Site, key: _Key, counts: _Counts) -> dict[str, Any]:
    hour, line = key
    count = sum(counts.values())
    failed = count - counts.get("ok", 0)
    return {
        "cursor": f"{hour:{_SPELLED}}Z {line}",
        "line": line or None,
        "hour": site.local(hour).isoformat(),
        "verified": count,
        "failed": failed,
        "rate": round(failed / count, 4),
        "verdicts": dict(sorted(counts.items())),
    }


def _key(after: str) -> _Key:
    hour, _, line = after.partition("Z ")
    try:
        return datetime.strptime(hour, _SPELLED).replace(tzinfo=UTC), line
    except ValueError:
        raise Refusal(
            BAD_VALUE,
            f"after is {after[:40]!r}: expected `next` of the page before.",
            hint="Leave it out for the first page.",
        ) from None


def _require_span(since: datetime, until: datetime) -> None:
    if since > until:
        raise Refusal(
            BAD_VALUE,
            f"The time begins at {since.isoformat()} and ends at {until.isoformat()}.",
            hint="Let since be before until.",
        )
    if until - since > timedelta(days=FAILURES_DAYS_MAX):
        raise Refusal(
            SPAN_TOO_LONG,
            f"From {since.isoformat()} until {until.isoformat()} are {(until - since).days} days: "
            f"expected at most {FAILURES_DAYS_MAX}.",
            hint="Ask month by month.",
        )
