"""The identifiers the record has of units; a secret only until its label is known to be printed.

A secret is a text without a scope. The transaction that settles its label sets it NULL: from then
on it is on the label and nowhere here.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from labeler.production import identifying
from labeler.production.pinned import PinnedRun
from labeler.store import Transaction
from labeler.units import LabelState, UnitState

FORGETS = frozenset({LabelState.PRINTED, LabelState.SENT, LabelState.SCRAPPED})
"""Label states after which we print a unit's secret no more. *Sent* is all that is ever known of a
printer that cannot answer."""

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


def on_label(run: PinnedRun, texts: Mapping[str, str | None], *, masked: bool) -> dict[str, str]:
    """Return the placeholders of a unit's identifiers with what stands on its label.

    ``masked``: it is no label, only what somebody sees of it.
    """
    shown = {}
    for name, source in run.identifiers.items():
        text = None if masked and source.role == "secret" else texts[name]
        shown[name] = identifying.asterisks(source) if text is None else text
    return identifying.on_label(shown)


def forget(transaction: Transaction, unit_ids: Sequence[int]) -> None:
    """Forget the secrets of units whose label is printed."""
    places = ", ".join("?" * len(unit_ids))
    transaction.run_sql(
        "UPDATE unit_identifier SET text = NULL "  # noqa: S608 places are ours
        f"WHERE unit_id IN ({places}) AND scope IS NULL AND text IS NOT NULL",
        unit_ids,
    )
