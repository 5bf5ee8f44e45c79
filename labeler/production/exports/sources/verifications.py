"""Verifications: a row is a scan, and what was said about it; secrets are asterisks already."""

from typing import Any

from labeler.production.exports.rows import (
    Pages,
    Source,
    Wanted,
    columns,
    meant_runs,
    times,
    walk,
)
from labeler.production.recalls.walking import among
from labeler.store import Transaction

_COLUMNS = columns(
    "id:number", "at:time", "text", "serial", "issued", "series", "verdict", "sentence",
    "details:data", "label:number", "operator", "station", "line", "run:number", "product", "lot",
    "channel", "key",
)  # fmt: skip
_ROW = (
    "v.id, v.at, v.text, v.serial, v.unit_id IS NOT NULL, v.series, v.verdict, v.sentence, "
    "v.details, v.label_id, v.operator, v.station, v.line, v.run_id, r.product, r.lot, v.channel, "
    "v.key"
)
_ISSUED = 4


def _where(transaction: Transaction, wanted: Wanted) -> tuple[str, list[Any]]:
    sql, values = times(transaction, wanted, "at")
    if wanted.line is not None:
        sql, values = f"{sql} AND line = ?", [*values, wanted.line]
    return sql, values


def _count(transaction: Transaction, wanted: Wanted) -> int:
    where, values = _where(transaction, wanted)
    runs = meant_runs(transaction, wanted, line=False)
    if runs is not None:
        of_runs, own = among(transaction, "run_id", runs)
        where, values = f"{where} AND {of_runs}", [*values, *own]
    rows = transaction.run_sql(f"SELECT count(*) FROM verification WHERE 1 = 1{where}", values)  # noqa: S608
    return int(rows[0][0])


def _pages(transaction: Transaction, wanted: Wanted) -> Pages:
    where, values = _where(transaction, wanted)
    runs = meant_runs(transaction, wanted, line=False)
    if runs is not None:
        sql = _joined(f"WHERE run_id = ?{where} AND id > ? ORDER BY id", "v.id")
        for run_id in runs:
            found = walk(transaction, sql, [run_id, *values], start=(0,), keys=1)
            yield from _told(found)
    elif wanted.since is not None or wanted.before is not None:
        order = f"WHERE 1 = 1{where} AND (at, id) > (?, ?) ORDER BY at, id"
        [[first]] = transaction.run_sql("SELECT min(at) FROM verification")
        if first is not None:
            sql = _joined(order, "v.at, v.id")
            yield from _told(walk(transaction, sql, values, start=(first, 0), keys=2))
    else:
        sql = _joined(f"WHERE 1 = 1{where} AND id > ? ORDER BY id", "v.id")
        yield from _told(walk(transaction, sql, values, start=(0,), keys=1))


def _joined(where: str, keys: str) -> str:
    return (
        f"SELECT {keys}, {_ROW} FROM (SELECT * FROM verification {where} LIMIT ?) v "  # noqa: S608
        f"LEFT JOIN run r ON r.id = v.run_id ORDER BY {keys}"
    )


def _told(found: Pages) -> Pages:
    """SQLite has no truth values: say them as JSON does."""
    for page in found:
        yield [(*row[:_ISSUED], bool(row[_ISSUED]), *row[_ISSUED + 1 :]) for row in page]


SOURCE = Source(
    about="a scan, and what was said about it",
    columns=_COLUMNS,
    filters=frozenset({"run", "lot", "line", "product", "since", "before"}),
    count=_count,
    pages=_pages,
)
