"""Void the serials of a closed run that were never used: they are spent, and never issued again."""

from typing import Final

from labeler.production import events, remembering
from labeler.production.events import Cause
from labeler.production.lifecycle import steps
from labeler.production.lifecycle.steps import Standing
from labeler.production.reconciling import counting, terms
from labeler.production.run_records import Said
from labeler.production.site import Site
from labeler.store import Transaction
from labeler.units import UnitState

CHUNK: Final = 1000
"""Units of one transaction: a few hundredths of a second, in which a trigger may have to wait."""

_ENDS: Final = (
    (terms.GONE, UnitState.VOIDED, "unit_voided"),
    (terms.SCRAPPED, UnitState.LABEL_SCRAPPED, "unit_label_scrapped"),
)
"""What the labels of an *allocated* unit are, how it ends, and what the record calls that."""


def void(
    transaction: Transaction, site: Site, *, run_id: int, said: Said, unit_ids: list[int]
) -> None:
    """Void those of these units that are unused; give up those whose labels were scrapped.

    What is *allocated* and has labels none of which can exist is unused, as soon as its run is
    closed: that is so whatever becomes of the rest, so a crash between two chunks spoils nothing.
    """
    locked = steps.locked(transaction, unit_ids)
    units = [one for one in locked if one.state is UnitState.ALLOCATED]
    # Before we had them, somebody may have printed a label again, or said what became of one.
    ranks = counting.ranks(transaction, [one.id for one in units])
    for rank, to, kind in _ENDS:
        own = [one for one in units if ranks[one.id] == rank]
        if own:
            detail = {
                "operator": said.operator,
                "why": "reconciled",
                "run": run_id,
                "from": UnitState.ALLOCATED.value,
                "to": to.value,
            }
            cause = Cause(channel=said.channel, detail=detail)
            _end(transaction, site, own, kind=kind, cause=cause)


def _end(
    transaction: Transaction, site: Site, units: list[Standing], *, kind: str, cause: Cause
) -> None:
    own = [one.id for one in units]
    steps.change(transaction, units, to=UnitState(cause.detail["to"]))
    remembering.forget(transaction, own)
    events.record_units(transaction, kind, units=own, at=site.clock(), cause=cause)
