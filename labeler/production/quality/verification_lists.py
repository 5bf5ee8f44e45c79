"""Verifications as people see them: pages of them, the newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select

from labeler.production.carrying import units_with
from labeler.production.quality.verdicts import Verdict
from labeler.store import Transaction, schema
from labeler.store.schema_quality import verification


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
