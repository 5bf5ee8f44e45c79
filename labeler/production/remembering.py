"""The identifiers the record has of units; a secret only until its label is known to be printed.

A secret is a text without a scope. The transaction that settles its label sets it NULL: from then
on it is on the label and nowhere here.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from sqlalchemy import Row, select

from labeler.store import Transaction, schema
from labeler.units import RUNGS, LabelState, UnitState

FORGETS = frozenset({*RUNGS, LabelState.SCRAPPED})
"""Label states after which we print a unit's secret no more. *Sent* or *buffered* is all that is
ever known of many a printer."""

SecretState = Literal["waiting", "sent", "printed", "scrapped"]

_STATES: Mapping[str, SecretState] = {
    UnitState.ALLOCATED.value: "sent",
    UnitState.LABEL_SCRAPPED.value: "scrapped",
}
"""State of a unit -> how its secret was forgotten; else it was printed."""


def texts_of(transaction: Transaction, unit_ids: Sequence[int]) -> dict[int, dict[str, str | None]]:
    """Return of each of these units name -> text; None where it is forgotten."""
    if not unit_ids:
        return {}
    places = ", ".join("?" * len(unit_ids))
    found: dict[int, dict[str, str | None]] = {}
    for unit_id, name, text in transaction.run_sql(
        f"SELECT unit_id, name, text FROM unit_identifier WHERE unit_id IN ({places})",  # noqa: S608
        unit_ids,
    ):
        found.setdefault(unit_id, {})[name] = text
    return found


def forget(transaction: Transaction, unit_ids: Sequence[int]) -> None:
    """Forget the secrets of units whose label is printed."""
    places = ", ".join("?" * len(unit_ids))
    transaction.run_sql(
        "UPDATE unit_identifier SET text = NULL "  # noqa: S608 places are ours
        f"WHERE unit_id IN ({places}) AND scope IS NULL AND text IS NOT NULL",
        unit_ids,
    )


def names(transaction: Transaction, run_id: int) -> dict[str, bool]:
    """Return the identifiers of a run's units in order: name -> whether it is a secret."""
    table = schema.run_series
    query = select(table.c.name, table.c.secret).where(table.c.run_id == run_id)
    return {row.name: row.secret for row in transaction.execute(query.order_by(table.c.place))}


def about(transaction: Transaction, unit: Row[Any]) -> dict[str, Any]:
    """Return what anybody may know of a unit's identifiers, and what became of its secrets."""
    known = names(transaction, unit.run_id)
    texts = texts_of(transaction, [unit.id] if known else []).get(unit.id, {})
    return {
        "identifiers": {name: None if known[name] else texts[name] for name in known},
        "secrets": {name: _state(unit.state, texts[name]) for name in known if known[name]},
    }


def _state(unit_state: str, text: str | None) -> SecretState:
    return "waiting" if text is not None else _STATES.get(unit_state, "printed")
