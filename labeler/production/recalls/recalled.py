"""Is a unit recalled? What verification, shipping and a unit's history ask."""

from collections.abc import Sequence
from typing import Any

from labeler.errors import RECALLED, Refusal
from labeler.store import Transaction

_OF = "FROM recall_unit m JOIN recall c ON c.id = m.recall_id WHERE m.unit_id"


def names(transaction: Transaction, unit_id: int) -> list[dict[str, Any]]:
    """Return the recalls of a unit that are not closed, the oldest first."""
    rows = transaction.run_sql(
        f"SELECT c.name, c.reason, c.operator, c.created_at {_OF} = ? "
        "AND c.state <> 'closed' ORDER BY c.id",
        (unit_id,),
    )
    return [
        {"name": name, "reason": reason, "operator": operator, "at": transaction.moment(at)}
        for name, reason, operator, at in rows
    ]


def among(transaction: Transaction, unit_ids: Sequence[int]) -> dict[int, str]:
    """Return of these units those in a recall that is not closed, with its name."""
    if not unit_ids:
        return {}
    where, ids = transaction.one_of(unit_ids)
    sql = f"SELECT m.unit_id, min(c.name) {_OF} {where} "
    rows = transaction.run_sql(f"{sql} AND c.state <> 'closed' GROUP BY m.unit_id", ids)
    return dict(rows)


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
