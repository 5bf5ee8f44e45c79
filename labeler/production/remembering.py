"""The identifiers the record has of units; a secret only until its label is known to be printed.

A secret is a text without a scope. The transaction that settles its label sets it NULL: from then
on it is on the label and nowhere here.
"""

from collections.abc import Sequence
from typing import Any, Literal

from sqlalchemy import Row, select

from labeler.store import Transaction, schema
from labeler.units import GONE, RUNGS, LabelState, UnitState, reaches

FORGETS = frozenset({*RUNGS, LabelState.SCRAPPED})
"""Label states after which we print a unit's secret no more. *Sent* or *buffered* is all that is
ever known of many a printer."""

SecretState = Literal["waiting", "sent", "printed", "scrapped"]


def texts_of(transaction: Transaction, unit_ids: Sequence[int]) -> dict[int, dict[str, str | None]]:
    """Return of each of these units name -> text; None where it is forgotten."""
    if not unit_ids:
        return {}
    where, ids = transaction.one_of(unit_ids)
    found: dict[int, dict[str, str | None]] = {}
    for unit_id, name, text in transaction.run_sql(
        f"SELECT unit_id, name, text FROM unit_identifier WHERE unit_id {where}",  # noqa: S608 places are ours
        ids,
    ):
        found.setdefault(unit_id, {})[name] = text
    return found


def forget(transaction: Transaction, unit_ids: Sequence[int]) -> None:
    """Forget the secrets of units whose label is printed."""
    where, ids = transaction.one_of(unit_ids)
    transaction.run_sql(
        "UPDATE unit_identifier SET text = NULL "  # noqa: S608 places are ours
        f"WHERE unit_id {where} AND scope IS NULL AND text IS NOT NULL",
        ids,
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
        "secrets": {
            name: "waiting" if texts[name] is not None else _forgotten(transaction, unit)
            for name in known
            if known[name]
        },
    }


def _forgotten(transaction: Transaction, unit: Row[Any]) -> SecretState:
    """Return how a unit's secrets were forgotten: by the highest rung that a label of it reached.

    Not by the state of the unit: its line may ask for more, or for less, than *printed*.
    """
    if unit.state == UnitState.LABEL_SCRAPPED.value:
        return "scrapped"
    label, job = schema.label, schema.job
    query = select(label.c.state).join(job, job.c.id == label.c.job_id)
    rows = transaction.execute(query.where(label.c.unit_id == unit.id, job.c.purpose != "archive"))
    states = [LabelState(row.state) for row in rows]
    if any(reaches(state, LabelState.PRINTED) for state in states):
        return "printed"
    is_out = any(reaches(state, LabelState.SENT) for state in states)
    return "scrapped" if unit.state in GONE and not is_out else "sent"
