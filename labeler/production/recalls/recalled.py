"""Is a unit recalled? What verification, shipping and a unit's history ask.

While a recall is gathering, the units that it did not come to yet are asked its criteria.
"""

from collections.abc import Sequence
from typing import Any

from labeler.errors import RECALLED, Refusal
from labeler.production.recalls import walking
from labeler.store import Transaction

_OF = "FROM recall_unit m JOIN recall c ON c.id = m.recall_id WHERE m.unit_id"


def names(transaction: Transaction, unit_id: int) -> list[dict[str, Any]]:
    """Return the recalls of a unit that are not closed, the oldest first."""
    # These first: a unit that is gathered between both questions is found by the second.
    found = {
        row[0]: row[:5] for row in _gathering(transaction) if _meant(transaction, row, [unit_id])
    }
    rows = transaction.run_sql(
        f"SELECT c.id, c.name, c.reason, c.operator, c.created_at {_OF} = ? "
        "AND c.state <> 'closed' ORDER BY c.id",
        (unit_id,),
    )
    found |= {row[0]: row for row in rows}
    return [
        {"name": name, "reason": reason, "operator": operator, "at": transaction.moment(at)}
        for _, name, reason, operator, at in sorted(found.values())
    ]


def among(transaction: Transaction, unit_ids: Sequence[int]) -> dict[int, str]:
    """Return of these units those in a recall that is not closed, with its name."""
    if not unit_ids:
        return {}
    found: dict[int, str] = {}
    for row in _gathering(transaction):
        found |= dict.fromkeys(_meant(transaction, row, unit_ids), row[1])
    where, ids = transaction.one_of(unit_ids)
    sql = f"SELECT m.unit_id, min(c.name) {_OF} {where} "
    rows = transaction.run_sql(f"{sql} AND c.state <> 'closed' GROUP BY m.unit_id", ids)
    return found | dict(rows)


def _gathering(transaction: Transaction) -> list[tuple[Any, ...]]:
    return transaction.run_sql(
        "SELECT id, name, reason, operator, created_at, criteria, way FROM recall "
        "WHERE state = 'gathering' ORDER BY id DESC"
    )


def _meant(transaction: Transaction, row: tuple[Any, ...], unit_ids: Sequence[int]) -> list[int]:
    """Return those of the units that a recall asks for, gathered or not."""
    search = walking.kept(criteria=row[5], way=row[6], until=transaction.moment(row[4]))
    terms, values = walking.asked(transaction, search, times=True, runs=True)
    where, ids = transaction.one_of(unit_ids)
    sql = f"SELECT s.id FROM unit s WHERE s.id {where} AND {' AND '.join(terms)}"  # noqa: S608 ours
    return [unit_id for (unit_id,) in transaction.run_sql(sql, [*ids, *values])]


def refusal(serial: str, recall: str) -> Refusal:
    """Return the refusal (6014) of a step that would let a recalled unit leave."""
    return Refusal(
        RECALLED,
        f"The unit with serial '{serial}' is recalled: '{recall}'. It must not leave.",
        hint=f"Why, and who can end it: labeler recall show {recall}.",
    )


def history(transaction: Transaction, unit_id: int) -> list[dict[str, Any]]:
    """Return when a unit was recalled, and when that ended, as entries of its history."""
    rows = transaction.run_sql(
        "SELECT c.name, c.reason, c.operator, c.channel, c.created_at, c.closed_at, c.closed_by, "
        f"c.close_reason {_OF} = ? ORDER BY c.id",
        (unit_id,),
    )
    found = []
    for name, reason, operator, channel, at, closed_at, closed_by, why in rows:
        detail = {"recall": name, "operator": operator, "reason": reason}
        about = {"channel": channel, "label": None}
        found.append({"at": transaction.moment(at), "kind": "recalled", "detail": detail, **about})
        if closed_at is not None:
            ended = {"recall": name, "operator": closed_by, "reason": why}
            over = transaction.moment(closed_at)
            found.append({"at": over, "kind": "recall_closed", "detail": ended, **about})
    return found
