"""Units that are meant, and not written yet: of a block that is still filling.

A block's serials are issued in the moment that reserves it, and its units are written after that,
chunk by chunk, even when its run is closed. So a recall notes which such blocks it means. It stays
`gathering` until each of them has ended, and then takes their units, too; who ends the block goes
on with it, or the next start.
"""

import json
from collections import Counter
from typing import Any

from labeler.production.recalls import walking
from labeler.production.recalls.walking import Found, Search
from labeler.store import Transaction

BEGIN = json.dumps({"block": 0, "place": 0})
"""The cursor of a recall whose written units are gathered: its late blocks are next."""


def blocks(transaction: Transaction, search: Search) -> list[tuple[int, int, int]]:
    """Return the blocks, their runs, and how many units of each are meant and not written."""
    wanted, way = search.wanted, search.way
    if wanted.printers:  # what is not written was sent to no printer
        return []
    terms, values = ["state = 'filling'", "created_at <= ?"], [transaction.time(search.until)]
    for sign, at in ((">=", wanted.since), ("<", wanted.before)):
        if at is not None:
            terms.append(f"created_at {sign} ?")
            values.append(transaction.time(at))
    for runs in (way.runs, way.whole if wanted.operators else None):  # and nobody verified it
        if runs is not None:
            where, own = walking.among(transaction, "run_id", runs)
            terms.append(where)
            values += own
    return transaction.run_sql(
        "SELECT id, run_id, quantity - filled FROM allocation "  # noqa: S608 ours
        f"WHERE {' AND '.join(terms)} ORDER BY id",
        values,
    )


def by_run(transaction: Transaction, search: Search) -> list[dict[str, int]]:
    """Return the runs whose units are not all written, each with how many are not."""
    counts: Counter[int] = Counter()
    for _, run_id, count in blocks(transaction, search):
        counts[run_id] += count
    return [{"run": run_id, "count": count} for run_id, count in sorted(counts.items())]


def is_late(cursor: str | None) -> bool:
    """Return whether a recall has gathered what was written, and takes late blocks now."""
    return cursor is not None and isinstance(json.loads(cursor), dict)


def step(transaction: Transaction, search: Search, cursor: str, *, recall_id: int) -> Found | None:
    """Look at the next units of late blocks, STEP of them; None: the next block is still filling.

    The written units of a block may be in the recall already: they are left out.
    """
    at, left, found = json.loads(cursor), walking.STEP, Found()
    for own in (one for one in search.way.late if one >= at["block"]):
        place = at["place"] if own == at["block"] else 0
        block = transaction.run_sql(
            "SELECT state, run_id, first_position, quantity FROM allocation WHERE id = ?", (own,)
        )
        [[state, run_id, first, quantity]] = block
        if state == "filling":
            return None
        inner = [run_id, max(place, first - 1), first + quantity, left]
        rows = _looked(transaction, search, inner, recall_id=recall_id)
        found.units += [row[0] for row in rows if row[2]]
        left -= len(rows)
        if left == 0:
            found.cursor = json.dumps({"block": own, "place": rows[-1][1]})
            return found
    return found


def _looked(
    transaction: Transaction, search: Search, inner: list[int], *, recall_id: int
) -> list[tuple[Any, ...]]:
    """Return id and place of each of these units, and whether it is to be added."""
    terms, values = walking.asked(transaction, search, times=True, runs=True)
    return transaction.run_sql(
        f"SELECT s.id, s.position, CASE WHEN {' AND '.join(terms)} AND NOT EXISTS "  # noqa: S608
        "(SELECT 1 FROM recall_unit m WHERE m.recall_id = ? AND m.unit_id = s.id) "
        "THEN 1 ELSE 0 END FROM (SELECT id, run_id, position, allocated_at FROM unit "
        "WHERE run_id = ? AND position > ? AND position < ? ORDER BY position LIMIT ?) s "
        "ORDER BY s.position",
        [*values, recall_id, *inner],
    )
