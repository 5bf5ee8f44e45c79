"""Recalls as people see them: how many units, and where each of them is now."""

import json
from collections import Counter
from typing import Any

from sqlalchemy import Row, select

from labeler.errors import NO_SUCH_RECALL, Refusal
from labeler.production.recalls import unwritten, walking
from labeler.production.recalls.walking import Search
from labeler.store import Transaction
from labeler.store.schema_recalls import recall

PLACES_MAX = 100
"""Locations and owners that are named with their counts; the rest is added up."""

_COLUMNS = (
    "u.serial", "u.state", "r.product", "r.line", "r.lot", "u.run_id", "u.position",
    "u.allocated_at", "u.location", "u.owner", "u.sales_order", "u.invoice",
)  # fmt: skip
_RENAMED = {"run_id": "run", "position": "number"}


def find(transaction: Transaction, name: str) -> Row[Any]:
    """Return a recall by its name; refuse (6010) one that there is not."""
    row = transaction.execute(select(recall).where(recall.c.name == name)).one_or_none()
    if row is None:
        raise Refusal(
            NO_SUCH_RECALL,
            f"There is no recall '{name}'.",
            hint="See which there are: labeler recall list.",
        )
    return row


def shown(row: Row[Any]) -> dict[str, Any]:
    """Return a recall without where its units are."""
    names = ("name", "state", "reason", "operator", "channel", "created_at", "gathered_at",
             "closed_at", "closed_by", "close_reason", "expected")  # fmt: skip
    return {
        **{name: row._mapping[name] for name in names},
        "id": row.id,
        "criteria": json.loads(row.criteria),
        "count": row._mapping["count"],
    }


def show(transaction: Transaction, name: str) -> dict[str, Any]:
    """Return a recall, and where its units are now; refuse (6010) one that there is not."""
    row = find(transaction, name)
    source = "FROM recall_unit m JOIN unit s ON s.id = m.unit_id WHERE m.recall_id = ?"
    late: list[dict[str, int]] = []
    if row.state == "gathering":
        search = walking.kept(criteria=row.criteria, way=row.way, until=row.created_at)
        late = unwritten.by_run(transaction, search)
    return {**shown(row), **_places(transaction, source, [row.id]), "unwritten": late}


def preview(transaction: Transaction, search: Search) -> dict[str, Any]:
    """Return how many units are meant, where they are now, and which of their runs go on."""
    source, values = walking.every(transaction, search)
    found = _places(transaction, source, values)
    return {
        **found,
        "count": sum(found["states"].values()),
        "going_on": going_on(transaction, search),
        "unwritten": unwritten.by_run(transaction, search),
    }


def going_on(transaction: Transaction, search: Search) -> list[int]:
    """Return those of the runs that may issue more: what they issue later is not recalled."""
    if search.way.runs is None:
        return []
    rows = transaction.run_sql(
        "SELECT id FROM run WHERE state IN ('planned', 'open', 'paused') ORDER BY id"
    )
    meant = set(search.way.runs)
    return [run_id for (run_id,) in rows if run_id in meant]


def _places(transaction: Transaction, source: str, values: list[Any]) -> dict[str, Any]:
    rows = transaction.run_sql(
        f"SELECT s.state, s.location, s.owner, count(*) {source} "
        "GROUP BY s.state, s.location, s.owner",
        values,
    )
    states: Counter[str] = Counter()
    locations: Counter[str | None] = Counter()
    owners: Counter[str | None] = Counter()
    for state, location, owner, count in rows:
        states[state] += count
        locations[location] += count
        owners[owner] += count
    return {
        "states": dict(sorted(states.items())),
        "locations": _largest(locations, "location"),
        "owners": _largest(owners, "owner"),
    }


def _largest(counts: "Counter[str | None]", name: str) -> list[dict[str, Any]]:
    """Return the largest, the largest first; what nobody said is null."""
    ranked = sorted(counts.items(), key=lambda one: (-one[1], one[0] or ""))
    return [{name: place, "count": count} for place, count in ranked[:PLACES_MAX]]


def list_recalls(
    transaction: Transaction, *, state: str | None, before: int | None, limit: int
) -> list[dict[str, Any]]:
    """Return recalls, the newest first."""
    query = select(recall).order_by(recall.c.id.desc()).limit(limit)
    if state is not None:
        query = query.where(recall.c.state == state)
    if before is not None:
        query = query.where(recall.c.id < before)
    return [shown(row) for row in transaction.execute(query)]


def units(
    transaction: Transaction, name: str, *, after: int, limit: int
) -> tuple[list[dict[str, Any]], int | None]:
    """Return a recall's units behind ``after``, and where the next page begins; refuses (6010)."""
    row = find(transaction, name)
    ids = transaction.run_sql(
        "SELECT unit_id FROM recall_unit WHERE recall_id = ? AND unit_id > ? "
        "ORDER BY unit_id LIMIT ?",
        (row.id, after, limit + 1),
    )
    page = [one for (one,) in ids[:limit]]
    return told(transaction, page), page[-1] if len(ids) > limit else None


def preview_units(
    transaction: Transaction, search: Search, *, after: str | None, limit: int
) -> tuple[list[dict[str, Any]], str | None]:
    """Return units that are meant, and where to look on: a page may be short, even empty.

    Refuses (1002) an ``after`` that no page gave.
    """
    if after is not None:
        walking.require_place(search, after)
    found = walking.step(transaction, search, after, most=max(limit, 1))
    return told(transaction, found.units), found.cursor


def told(transaction: Transaction, unit_ids: list[int]) -> list[dict[str, Any]]:
    """Return these units as they are now, in the order in which they are named."""
    if not unit_ids:
        return []
    where, ids = transaction.one_of(unit_ids)
    rows = transaction.run_sql(
        f"SELECT u.id, {', '.join(_COLUMNS)} FROM unit u JOIN run r ON r.id = u.run_id "  # noqa: S608
        f"WHERE u.id {where}",
        ids,
    )
    names = [name.partition(".")[2] for name in _COLUMNS]
    names = [_RENAMED.get(name, name) for name in names]
    known = {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows}
    for one in known.values():
        one["allocated_at"] = transaction.moment(one["allocated_at"])
    return [known[unit_id] for unit_id in unit_ids]
