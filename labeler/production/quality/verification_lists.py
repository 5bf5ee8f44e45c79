"""Verifications as people see them: pages of them, the newest first, and how many failed when."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, String, func, select

from labeler.errors import BAD_VALUE, SPAN_TOO_LONG, Refusal
from labeler.production.carrying import units_with
from labeler.production.quality.verdicts import Verdict
from labeler.production.site import Site
from labeler.store import Transaction, schema
from labeler.store.schema_quality import verification

FAILURES_DAYS_MAX = 31
"""Longest time of which failures are counted at once."""
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """Which verifications somebody wants to see; None: any."""

    verdict: Verdict | None = None
    line: str | None = None
    station: str | None = None
    operator: str | None = None
    run: int | None = None
    serial: str | None = None
    since: datetime | None = None
    """From this moment on."""
    until: datetime | None = None
    """Before this moment."""
    before: int | None = None
    """The last one of the page before."""


def rows() -> Select[Any]:
    """Return the query of verifications with what their units are of."""
    table, run = verification, schema.run
    return select(
        table.c.id, table.c.at, table.c.text, table.c.serial, table.c.unit_id, table.c.series,
        table.c.verdict, table.c.sentence, table.c.details, table.c.label_id.label("label"),
        table.c.operator, table.c.station, table.c.line, table.c.run_id.label("run"),
        run.c.product, table.c.channel, table.c.key,
    ).outerjoin(run, run.c.id == table.c.run_id)  # fmt: skip


def shown(row: Row[Any]) -> dict[str, Any]:
    """Return a row as doors show it: `issued` says whether the serial is a unit's."""
    found = dict(row._mapping)
    is_issued = found.pop("unit_id") is not None
    return {**found, "issued": is_issued}


def list_verifications(transaction: Transaction, wish: Wish, *, limit: int) -> list[dict[str, Any]]:
    """Return verifications, the newest first."""
    table = verification
    query = rows().order_by(table.c.id.desc()).limit(limit)
    exact = {
        "verdict": wish.verdict,
        "line": wish.line,
        "station": wish.station,
        "operator": wish.operator,
        "run_id": wish.run,
    }
    for name, value in exact.items():
        if value is not None:
            query = query.where(table.c[name] == value)
    if wish.serial is not None:
        query = query.where(_of_serial(transaction, wish.serial))
    if wish.since is not None:
        query = query.where(table.c.at >= wish.since)
    if wish.until is not None:
        query = query.where(table.c.at < wish.until)
    if wish.before is not None:
        query = query.where(table.c.id < wish.before)
    return [shown(row) for row in transaction.execute(query)]


def _of_serial(transaction: Transaction, serial: str) -> Any:
    """Return what finds a serial's verifications: by its units, or by the text of a stranger."""
    table, unit = verification, schema.unit
    if not units_with(transaction, [serial]):
        return table.c.unit_id.is_(None) & (table.c.serial == serial)
    return table.c.unit_id.in_(select(unit.c.id).where(unit.c.serial == serial))


def failures(
    site: Site, transaction: Transaction, *, since: datetime | None, until: datetime | None
) -> dict[str, Any]:
    """Return of each line and hour, in UTC, how many scans there were and how many were not ok.

    Left out, ``until`` is now and ``since`` a day before it. Refuses more than FAILURES_DAYS_MAX
    days (6004), and a time that ends before it begins (1002).
    """
    until = until or site.clock()
    since = since or until - _ONE_DAY
    _require_span(since, until)
    table = verification
    hour = _hour(transaction)
    query = (
        select(table.c.line, hour.label("hour"), table.c.verdict, func.count().label("count"))
        .where(table.c.at >= since, table.c.at < until)
        .group_by(table.c.line, hour, table.c.verdict)
    )
    found: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for row in transaction.execute(query):
        found[row.hour, row.line or ""][row.verdict] = row._mapping["count"]
    hours = [_rate(at, line, counts) for (at, line), counts in sorted(found.items())]
    return {"since": since, "until": until, "hours": hours}


def _rate(hour: str, line: str, counts: dict[str, int]) -> dict[str, Any]:
    count = sum(counts.values())
    failed = count - counts.get("ok", 0)
    return {
        "line": line or None,
        "hour": f"{hour}:00:00Z",
        "verified": count,
        "failed": failed,
        "rate": round(failed / count, 4),
        "verdicts": dict(sorted(counts.items())),
    }


def _hour(transaction: Transaction) -> Any:
    """Return the column of hours, such as 2026-11-23T12."""
    at = verification.c.at
    if transaction.for_update:  # PostgreSQL
        return func.to_char(func.timezone("UTC", at), 'YYYY-MM-DD"T"HH24')
    return func.substr(at, 1, 13, type_=String)


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
