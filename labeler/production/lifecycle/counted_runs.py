"""Runs that are reconciled: whom they did not count as made cannot be made any more.

The balance of such a run is on the record. A unit in it that never came into the plant's hands may
still turn up and be given up, but not turn into a good one behind the back of who signed.
"""

from collections.abc import Sequence
from typing import Final

from labeler.errors import RUN_RECONCILED, Refusal
from labeler.production.lifecycle.steps import Standing
from labeler.production.lifecycle.verbs import Verb
from labeler.store import Transaction
from labeler.units import RunState, UnitState

_UNMADE: Final = (UnitState.ALLOCATED, UnitState.ENCODED)
_MADE: Final = (UnitState.COMMISSIONED, UnitState.LABEL_SAMPLED)
_COUNTED: Final = (RunState.RECONCILED.value, RunState.RELEASED.value)


def of(
    transaction: Transaction, verb: Verb, units: Sequence[Standing], *, hold: bool = False
) -> dict[int, int]:
    """Return which of these units a verb would make although their run is reconciled: unit -> run.

    ``hold``: no run of theirs is reconciled before the transaction ends.
    """
    wanted = [
        one.id for one in units if one.state in _UNMADE and verb.becomes.get(one.state) in _MADE
    ]
    if not wanted:
        return {}
    where, ids = transaction.one_of(wanted)
    # Who reconciles a run locks all of its row; who issues from it changes no key of it.
    lock = " FOR KEY SHARE" if hold and transaction.for_update else ""
    runs = transaction.run_sql(
        f"SELECT id, state FROM run WHERE id IN (SELECT run_id FROM unit WHERE id {where}) "  # noqa: S608
        f"ORDER BY id{lock}",
        ids,
    )
    counted = {run_id for run_id, state in runs if state in _COUNTED}
    if not counted:
        return {}
    rows = transaction.run_sql(f"SELECT id, run_id FROM unit WHERE id {where}", ids)  # noqa: S608
    return {unit_id: run_id for unit_id, run_id in rows if run_id in counted}


def is_counted(state: str) -> bool:
    """Return whether a run in this state is reconciled."""
    return state in _COUNTED


def refusal(unit: Standing, *, run_id: int, to: str) -> Refusal:
    """Return the refusal (2032) of a unit that would be made after its run was reconciled."""
    return Refusal(
        RUN_RECONCILED,
        f"Run {run_id} is reconciled, and the unit with serial '{unit.serial}' was "
        f"'{unit.state}' then: it cannot become '{to}' any more.",
        hint="Scrap its label or destroy it, and issue a new serial from another run.",
    )
