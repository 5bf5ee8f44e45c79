"""Units: a row is one, as it is now, with its identifiers but no secret."""

from collections.abc import Iterator, Sequence
from typing import Any

from labeler.production.exports.rows import (
    ROWS_AT_ONCE,
    Pages,
    Row,
    Source,
    Wanted,
    columns,
    meant_runs,
    times,
    walk,
)
from labeler.production.recalls import recall_lists
from labeler.production.recalls.walking import among
from labeler.store import Transaction

_COLUMNS = columns(
    "id:number", "serial", "state", "product", "lot", "line", "run:number", "number:number",
    "mode", "work_order", "allocated_at:time", "location", "owner", "purchase_order",
    "sales_order", "invoice", "invoice_link", "identifiers:data",
)  # fmt: skip
_ROW = (
    "u.id, u.serial, u.state, r.product, r.lot, r.line, u.run_id, u.position, r.mode, "
    "r.work_order, u.allocated_at, u.location, u.owner, u.purchase_order, u.sales_order, "
    "u.invoice, u.invoice_link"
)


def _count(transaction: Transaction, wanted: Wanted) -> int:
    late, values = times(transaction, wanted, "u.allocated_at")
    runs = meant_runs(transaction, wanted)
    if runs is not None:
        where, own = among(transaction, "u.run_id", runs)
        late, values = f"{late} AND {where}", [*values, *own]
    source = "unit u WHERE 1 = 1"
    if wanted.recall is not None:
        source = "recall_unit m JOIN unit u ON u.id = m.unit_id WHERE m.recall_id = ?"
        values = [recall_lists.find(transaction, wanted.recall).id, *values]
    [[count]] = transaction.run_sql(f"SELECT count(*) FROM {source}{late}", values)  # noqa: S608
    return int(count)


def _pages(transaction: Transaction, wanted: Wanted) -> Pages:
    runs = meant_runs(transaction, wanted)
    if wanted.recall is not None:
        found = _of_a_recall(transaction, wanted, runs)
    elif runs is not None:
        found = _of_runs(transaction, wanted, runs)
    else:
        found = _of_all(transaction, wanted)
    for page in found:
        yield _with_identifiers(transaction, page)


def _joined(inner: str, order: str, keys: str) -> str:
    """Return the query of units that ``inner`` gives: SQLite would begin with the runs."""
    return (
        f"SELECT {keys}{_ROW} FROM ({inner} LIMIT ?) u JOIN run r ON r.id = u.run_id "  # noqa: S608
        f"ORDER BY {order}"
    )


def _of_runs(transaction: Transaction, wanted: Wanted, runs: Sequence[int]) -> Pages:
    late, values = times(transaction, wanted, "allocated_at")
    inner = f"SELECT * FROM unit WHERE run_id = ?{late} AND position > ? ORDER BY position"  # noqa: S608
    sql = _joined(inner, "u.position", "u.position, ")
    for run_id in runs:
        yield from walk(transaction, sql, [run_id, *values], start=(0,), keys=1)


def _of_all(transaction: Transaction, wanted: Wanted) -> Pages:
    late, values = times(transaction, wanted, "allocated_at")
    inner = (
        f"SELECT * FROM unit WHERE 1 = 1{late} AND (allocated_at, id) > (?, ?) "  # noqa: S608 ours
        "ORDER BY allocated_at, id"
    )
    sql = _joined(inner, "u.allocated_at, u.id", "u.allocated_at, u.id, ")
    [[first]] = transaction.run_sql("SELECT min(allocated_at) FROM unit")
    if first is not None:
        yield from walk(transaction, sql, values, start=(first, 0), keys=2)


def _of_a_recall(
    transaction: Transaction, wanted: Wanted, runs: Sequence[int] | None
) -> Iterator[list[Row]]:
    late, values = times(transaction, wanted, "u.allocated_at")
    if runs is not None:
        where, own = among(transaction, "u.run_id", runs)
        late, values = f"{late} AND {where}", [*values, *own]
    recall_id = recall_lists.find(transaction, str(wanted.recall)).id
    members = "SELECT unit_id, unit_id FROM recall_unit WHERE recall_id = ? AND unit_id > ? "
    members += "ORDER BY unit_id LIMIT ?"
    for page in walk(transaction, members, [recall_id], start=(0,), keys=1):
        one_of, ids = transaction.one_of([unit_id for (unit_id,) in page])
        sql = f"SELECT {_ROW} FROM unit u JOIN run r ON r.id = u.run_id "  # noqa: S608 ours
        rows: list[Row] = [
            *transaction.run_sql(f"{sql}WHERE u.id {one_of}{late} ORDER BY u.id", [*ids, *values])
        ]
        if rows:
            yield rows


def _with_identifiers(transaction: Transaction, page: list[Row]) -> list[Row]:
    """Add what else each unit carries; a secret has no scope, and is left out."""
    known: dict[int, dict[str, Any]] = {}
    for start in range(0, len(page), ROWS_AT_ONCE):
        one_of, ids = transaction.one_of([row[0] for row in page[start : start + ROWS_AT_ONCE]])
        rows = transaction.run_sql(
            "SELECT unit_id, name, text FROM unit_identifier "  # noqa: S608 placeholders
            f"WHERE unit_id {one_of} AND scope IS NOT NULL ORDER BY unit_id, name",
            ids,
        )
        for unit_id, name, text in rows:
            known.setdefault(unit_id, {})[name] = text
    return [(*row, known.get(row[0], {})) for row in page]


SOURCE = Source(
    about="a unit as it is now",
    columns=_COLUMNS,
    filters=frozenset({"run", "lot", "line", "product", "recall", "since", "before"}),
    count=_count,
    pages=_pages,
)
