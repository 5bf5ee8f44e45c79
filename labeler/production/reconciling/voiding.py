"""Void the serials of a closed run that were never used: they are spent, and never issued again."""

from typing import Final

from labeler.production import events, remembering
from labeler.production.events import Cause
from labeler.production.lifecycle import steps
from labeler.production.reconciling import counting
from labeler.production.run_records import Said
from labeler.production.site import Site
from labeler.store import Transaction
from labeler.units import UnitState

CHUNK: Final = 1000
"""Units of one transaction: a few hundredths of a second, in which a trigger may have to wait."""


def void_some(
    transaction: Transaction, site: Site, *, run_id: int, said: Said, after: int
) -> int | None:
    """Void the next unused serials behind a place; return the last place, None if none are left.

    What is *allocated* and has labels none of which can exist is unused, as soon as its run is
    closed: that is so whatever becomes of the rest, so a crash between two chunks spoils nothing.
    """
    found = counting.unused(transaction, run_id, after=after, limit=CHUNK)
    if not found:
        return None
    locked = steps.locked(transaction, sorted(found.values()))
    # Before we had them, somebody may have printed a label again, or said what became of one.
    labelled = counting.labelled(transaction, [one.id for one in locked])
    units = [one for one in locked if one.state is UnitState.ALLOCATED and one.id not in labelled]
    if units:
        own = [one.id for one in units]
        steps.change(transaction, units, to=UnitState.VOIDED)
        remembering.forget(transaction, own)
        detail = {
            "operator": said.operator,
            "why": "reconciled",
            "run": run_id,
            "from": UnitState.ALLOCATED.value,
            "to": UnitState.VOIDED.value,
        }
        cause = Cause(channel=said.channel, detail=detail)
        events.record_units(transaction, "unit_voided", units=own, at=site.clock(), cause=cause)
    return max(found)
