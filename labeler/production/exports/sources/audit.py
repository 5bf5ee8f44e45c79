"""Audit: a row is one of the audit trail, in the order in which they were sealed.

A row whose event is gone has its number and hash only: whoever removed it does not shorten the
file. `labeler audit verify` says what is wrong with it.
"""

import json
from collections.abc import Sequence
from typing import Any

from labeler.production.exports import rows
from labeler.production.exports.rows import Pages, Row, Source, Wanted, columns, meant_runs, times
from labeler.production.recalls.walking import among
from labeler.production.safekeeping import audit_rows
from labeler.store import Transaction

_COLUMNS = columns(
    "seq:number", "at:time", "who", "what", "of", "old", "new", "reason", "channel", "run:number",
    "serial", "label:number", "detail:data", "event:number", "hash",
)  # fmt: skip
_NAMES = tuple(one.name for one in _COLUMNS)
_READ = (
    "seq", "event", "at", "kind", "channel", "run_id", "unit_id", "unit_run", "serial", "label",
    "detail", "hash",
)  # fmt: skip
_ROW = (
    "c.seq, c.event_id, e.at, e.kind, e.channel, e.run_id, e.unit_id, u.run_id, u.serial, "
    "e.label_id, e.detail, c.hash"
)
_JOINED = (
    "audit_chain c LEFT JOIN event e ON e.id = c.event_id LEFT JOIN unit u ON u.id = e.unit_id"
)
_SPAN = "SELECT count(*), min(c.seq), max(c.seq) FROM event e JOIN audit_chain c ON "
_SPAN += "c.event_id = e.id WHERE "


def _count(transaction: Transaction, wanted: Wanted) -> int:
    return _span(transaction, wanted)[0]


def _span(transaction: Transaction, wanted: Wanted) -> tuple[int, int, int]:
    """Return how many rows are wanted, and the first and the last of them."""
    late, values = times(transaction, wanted, "e.at")
    runs = meant_runs(transaction, wanted)
    if runs is not None:
        itself, own = among(transaction, "e.run_id", runs)
        units, _ = among(transaction, "run_id", runs)
        wheres = [
            f"{itself} AND e.unit_id IS NULL",
            f"e.unit_id IN (SELECT id FROM unit WHERE {units})",  # noqa: S608 ours
        ]
        found = [transaction.run_sql(f"{_SPAN}{one}{late}", [*own, *values])[0] for one in wheres]
    elif late:
        found = transaction.run_sql(f"{_SPAN}1 = 1{late}", values)
    else:
        found = transaction.run_sql("SELECT count(*), min(seq), max(seq) FROM audit_chain")
    some = [one for one in found if one[0]]
    if not some:
        return 0, 1, 0
    return sum(one[0] for one in some), min(one[1] for one in some), max(one[2] for one in some)


def _pages(transaction: Transaction, wanted: Wanted) -> Pages:
    """Yield the trail window by window: its numbers have no gap, so each is as small as a page.

    A query for the next rows of a run would let PostgreSQL read all of them for each page.
    """
    late, values = times(transaction, wanted, "e.at")
    runs = meant_runs(transaction, wanted)
    if runs is not None:
        where, own = among(transaction, "coalesce(u.run_id, e.run_id)", runs)
        late, values = f"{late} AND {where}", [*values, *own]
    sql = f"SELECT {_ROW} FROM {_JOINED} WHERE c.seq >= ? AND c.seq < ?{late} ORDER BY c.seq"  # noqa: S608
    # Times do not narrow the trail: clocks are set, and what is sealed later may be of before.
    _, first, last = _span(transaction, wanted if runs is not None else Wanted())
    for start in range(first, last + 1, rows.ROWS_AT_ONCE):
        end = min(start + rows.ROWS_AT_ONCE, last + 1)
        page = transaction.run_sql(sql, [start, end, *values])
        if page:
            yield _told(transaction, page)


def _told(transaction: Transaction, page: Sequence[Row]) -> list[Row]:
    known = [dict(zip(_READ, row, strict=True)) for row in page]
    before = audit_rows.states_before(transaction, known)
    found: list[Row] = []
    for row in known:
        if row["kind"] is None:
            found.append(_gone(row))
            continue
        detail = row["detail"]
        row["detail"] = json.loads(detail) if isinstance(detail, str) else detail
        told = audit_rows.tell(row, before=before.get(row["event"]))
        found.append([told[name] for name in _NAMES])
    return found


def _gone(row: dict[str, Any]) -> Row:
    left = {"seq": row["seq"], "event": row["event"], "hash": bytes(row["hash"]).hex()}
    return [left.get(name) for name in _NAMES]


SOURCE = Source(
    about="a row of the audit trail: who did what, when, to what, and why",
    columns=_COLUMNS,
    filters=frozenset({"run", "lot", "line", "product", "since", "before"}),
    count=_count,
    pages=_pages,
)
