"""The Serial Numbers overview: units by what is known of them, in pages that are all as quick.

A page goes on behind the last unit of the one before, in the order of an index. Which units are
looked at is decided anew for each page, and the answer is the same either way:

- *narrow*: a filter that few units meet (NARROW_MAX) is asked for all of them, which are sorted;
- *wide*: the index of the order is read on, a few units at first, SCAN_MAX a page at most.

So a page may have fewer rows than wanted, even none, and still a `next`: where so many units were
looked at, the next page looks on. See docs/decisions/0041.
"""

import json
from datetime import UTC, datetime
from typing import Any

from labeler.production.lifecycle.overview_orders import (
    SORTS,
    Wanted,
    Where,
    behind,
    order_of,
    place_of,
)
from labeler.production.recalls import recall_lists
from labeler.production.site import Site
from labeler.store import Transaction
from labeler.store.schema import UNIT_WORDS

__all__ = ["NARROW_MAX", "SCAN_FIRST", "SCAN_MAX", "SORTS", "Wanted", "page"]

NARROW_MAX = 10_000
"""Units that a filter may meet to be asked for all of them."""
SCAN_MAX = 20_000
"""Units looked at for one page."""
SCAN_FIRST = 500
"""Units looked at beyond those of the page before as many as SCAN_MAX are."""

_NEVER = datetime(9998, 12, 31, tzinfo=UTC)
_NARROWING = ("serial", *UNIT_WORDS, "state")
"""Filters with an index of their own."""
_OF_THE_RUN = ("run", "product", "line", "lot")
_MEMBERS = (
    "SELECT m.unit_id FROM recall_unit m JOIN recall c ON c.id = m.recall_id WHERE c.name = ?"
)
_COLUMNS = (
    "id, serial, scope, state, run_id, position, allocated_at, location, owner, purchase_order, "
    "sales_order, invoice, invoice_link"
)


def page(site: Site, transaction: Transaction, wanted: Wanted) -> dict[str, Any]:
    """Return a page of units, and where the next one begins; None at the end.

    Refuses (1002) an ``after`` that no page gave, and (6010) a recall that there is not.
    """
    if wanted.recall is not None:
        recall_lists.find(transaction, wanted.recall)
    matches = _matches(site, transaction, wanted)
    if matches is None:
        return {"units": [], "next": None}
    narrow = _narrow(transaction, wanted)
    place, key = place_of(transaction, wanted), SORTS[wanted.sort]
    if narrow is not None:
        rows = _listed(transaction, wanted, narrow, (matches, behind(wanted, place, of="s.")))
        last = None
    else:
        rows, last = _wide(transaction, wanted, matches, place)
    if len(rows) > wanted.limit:
        rows = rows[: wanted.limit]
        last = tuple(rows[-1][name] for name in key)
    return {
        "units": [_shown(site, row) for row in rows],
        "next": None if last is None else json.dumps([_plain(one) for one in last]),
    }


def _matches(site: Site, transaction: Transaction, wanted: Wanted) -> Where | None:
    """Return what a unit must meet, or None where none can."""
    where = Where()
    for name, value in wanted.filters.items():
        column = {"run": "s.run_id"}.get(name, f"r.{name}" if name in _OF_THE_RUN else f"s.{name}")
        where.add(f"{column} = ?", value)
    if wanted.recall is not None:
        where.add(f"EXISTS ({_MEMBERS} AND m.unit_id = s.id)", wanted.recall)
    if wanted.item_name is not None:
        products = site.plant.products.items()
        named = [name for name, one in products if one.name == wanted.item_name]
        if not named:
            return None
        where.add(f"r.product IN ({', '.join('?' * len(named))})", *named)
    if wanted.search is not None:
        function = "strpos" if transaction.for_update else "instr"
        where.add(f"{function}(s.serial, ?) > 0", wanted.search)
    if wanted.since is not None:
        where.add("s.allocated_at >= ?", transaction.time(wanted.since))
    if wanted.before is not None:
        where.add("s.allocated_at < ?", transaction.time(wanted.before))
    return where


def _narrow(transaction: Transaction, wanted: Wanted) -> tuple[str, list[Any]] | None:
    """Return the units of the filter that the fewest meet, if they are few."""
    choices = [
        (f"FROM unit WHERE {name} = ?", [wanted.filters[name]])
        for name in _NARROWING
        if name in wanted.filters
    ]
    if wanted.recall is not None:
        choices.append((f"FROM unit WHERE id IN ({_MEMBERS})", [wanted.recall]))
    own = {name: wanted.filters[name] for name in _OF_THE_RUN if name in wanted.filters}
    if "run" in own:
        choices.append(("FROM unit WHERE run_id = ?", [own["run"]]))
    elif "lot" in own:
        lot = "SELECT id FROM run WHERE lot = ? ORDER BY id LIMIT 1000"
        choices.append((f"FROM unit WHERE run_id IN ({lot})", [own["lot"]]))
    counts = []
    for place, (source, values) in enumerate(choices):
        sql = f"SELECT count(*) FROM (SELECT 1 {source} LIMIT {NARROW_MAX + 1}) few"  # noqa: S608
        [[count]] = transaction.run_sql(sql, values)
        counts.append((count, place))
    if not counts or min(counts)[0] > NARROW_MAX:
        return None
    source, values = choices[min(counts)[1]]
    return f"SELECT {_COLUMNS} {source} LIMIT {NARROW_MAX}", values


def _wide(
    transaction: Transaction, wanted: Wanted, matches: Where, place: tuple[Any, Any] | None
) -> tuple[list[dict[str, Any]], tuple[Any, ...] | None]:
    """Return those that match of the next units; and the last that was looked at, if there is room.

    Where every unit matches no more are read than the page needs.
    """
    count = min(wanted.limit + SCAN_FIRST, SCAN_MAX) if matches.terms else wanted.limit + 1
    while True:
        inner = _scan(transaction, wanted, place, count)
        rows = _listed(transaction, wanted, inner, (matches, Where()))
        if len(rows) > wanted.limit:
            return rows, None
        if count >= SCAN_MAX or not matches.terms:
            return rows, _last(transaction, wanted, inner, count)
        count = SCAN_MAX


def _scan(
    transaction: Transaction, wanted: Wanted, place: tuple[Any, Any] | None, count: int
) -> tuple[str, list[Any]]:
    """Return the next units in the order of the index, from the first that can be meant.

    SQLite finds (state, id) > (?, ?) by the state alone: it would read on from the first unit of a
    state that millions may be in. So those of the same state are one question, the others another.
    """
    first, second = SORTS[wanted.sort]
    if place is None or second != "id":
        return _ordered(transaction, wanted, behind(wanted, place), count)
    parts, values = [], []
    for where in (
        Where([f"{first} = ?", f"{second} {wanted.sign} ?"], list(place)),
        Where([f"{first} {wanted.sign} ?"], [place[0]]),
    ):
        part, known = _ordered(transaction, wanted, where, count)
        parts.append(f"SELECT {_COLUMNS} FROM ({part}) p")  # noqa: S608 our own words
        values += known
    sql = " UNION ALL ".join(parts)
    sql = f"SELECT {_COLUMNS} FROM ({sql}) b ORDER BY {order_of(wanted)} LIMIT {count}"  # noqa: S608
    return sql, values


def _ordered(
    transaction: Transaction, wanted: Wanted, where: Where, count: int
) -> tuple[str, list[Any]]:
    if wanted.sort == "state" and "state" in wanted.filters:
        where.add("state = ?", wanted.filters["state"])
    if wanted.sort in UNIT_WORDS and wanted.sort in wanted.filters:
        where.add(f"{wanted.sort} = ?", wanted.filters[wanted.sort])
    if wanted.sort == "allocated_at":
        _between(transaction, wanted, where)
    order = f"ORDER BY {order_of(wanted)} LIMIT {count}"
    return f"SELECT {_COLUMNS} FROM unit{where.sql} {order}", where.values  # noqa: S608


def _between(transaction: Transaction, wanted: Wanted, behind: Where) -> None:
    """Begin and end where units can have been allocated: in time, and while their run was open."""
    if wanted.since is not None:
        behind.add("allocated_at >= ?", transaction.time(wanted.since))
    if wanted.before is not None:
        behind.add("allocated_at < ?", transaction.time(wanted.before))
    if "run" in wanted.filters:
        own, end = wanted.filters["run"], transaction.time(_NEVER)
        behind.add("allocated_at >= (SELECT opened_at FROM run WHERE id = ?)", own)
        behind.add(
            "allocated_at <= (SELECT coalesce(closed_at, ?) FROM run WHERE id = ?)", end, own
        )


def _listed(
    transaction: Transaction,
    wanted: Wanted,
    inner: tuple[str, list[Any]],
    conditions: tuple[Where, Where],
) -> list[dict[str, Any]]:
    """Return those of the inner units that match, one more than the page has where there is."""
    (sql, values), (matches, behind) = inner, conditions
    where = Where([*matches.terms, *behind.terms], [*matches.values, *behind.values])
    names = (*(f"s.{name}" for name in _COLUMNS.split(", ")), "r.product", "r.line", "r.lot")
    rows = transaction.run_sql(
        f"SELECT {', '.join(names)} FROM ({sql}) s JOIN run r ON r.id = s.run_id{where.sql} "  # noqa: S608
        f"ORDER BY {', '.join('s.' + one for one in order_of(wanted).split(', '))} "
        f"LIMIT {wanted.limit + 1}",
        [*values, *where.values],
    )
    return [dict(zip((name.split(".")[1] for name in names), row, strict=True)) for row in rows]


def _last(
    transaction: Transaction, wanted: Wanted, inner: tuple[str, list[Any]], count: int
) -> tuple[Any, ...] | None:
    """Return the last of ``count`` units that were looked at, if there may be more behind it."""
    sql, values = inner
    first, second = SORTS[wanted.sort]
    keys = sql.replace(_COLUMNS, f"{first}, {second}")
    turned = ", ".join(f"{name}{'' if wanted.descending else ' DESC'}" for name in (first, second))
    rows = transaction.run_sql(
        f"SELECT {first}, {second}, (SELECT count(*) FROM ({keys}) n) FROM ({keys}) k "  # noqa: S608
        f"ORDER BY {turned} LIMIT 1",
        [*values, *values],
    )
    return rows[0][:2] if rows and rows[0][2] == count else None


def _shown(site: Site, row: dict[str, Any]) -> dict[str, Any]:
    product = site.plant.products.get(row["product"])
    names = ("serial", "state", "product", "line", "lot", *UNIT_WORDS, "invoice_link")
    return {
        **{name: row[name] for name in names},
        "item_name": None if product is None else product.name,
        "run": row["run_id"],
        "number": row["position"],
        "allocated_at": _time(row["allocated_at"]),
    }


def _time(value: Any) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
