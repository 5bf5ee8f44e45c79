"""The one place where the state of a unit changes: every writer comes through here.

Each function checks the step with `units.UNIT_LEGAL` and refuses (3025) what is not in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from labeler.errors import UNIT_STEP, Refusal
from labeler.production.lifecycle.verbs import VERBS
from labeler.store import Transaction
from labeler.units import GONE, UNIT_LEGAL, UnitState


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A unit, and its state as nobody else can change it until the transaction ends."""

    id: int
    serial: str
    state: UnitState


def locked(transaction: Transaction, unit_ids: Sequence[int]) -> list[Standing]:
    """Return these units in the order of their ids; others wait who would change them, too."""
    if not unit_ids:
        return []
    where, ids = transaction.one_of(unit_ids)
    # Rows that refer to a unit may be written meanwhile: its key does not change.
    lock = " FOR NO KEY UPDATE" if transaction.for_update else ""
    rows = transaction.run_sql(
        f"SELECT id, serial, state FROM unit WHERE id {where} ORDER BY id{lock}",  # noqa: S608
        ids,
    )
    return [Standing(id=one, serial=text, state=UnitState(state)) for one, text, state in rows]


def require(unit: Standing, to: UnitState) -> None:
    """Refuse (3025) a step of a unit that is not legal."""
    if to not in UNIT_LEGAL[unit.state]:
        raise refusal(unit.serial, was=unit.state, to=str(to))


def refusal(serial: str, *, was: UnitState, to: str) -> Refusal:
    """Return the refusal (3025) of a step; ``to`` is the state it leads to, for people."""
    if was in GONE:
        hint = "Its serial is spent: it is never used again. Issue a new one."
    else:
        can = ", ".join(sorted(name for name, verb in VERBS.items() if was in verb.becomes))
        said = f"What can be done with it: {can}." if can else "Its holder says what became of it."
        hint = f"{said} See what happened: labeler unit show {serial}."
    return Refusal(
        UNIT_STEP,
        f"The unit with serial '{serial}' is '{was}' and cannot become '{to}'.",
        hint=hint,
    )


def change(transaction: Transaction, units: Sequence[Standing], *, to: UnitState) -> None:
    """Let all of these units, which are locked, go to ``to``; refuse (3025) if one may not."""
    for unit in units:
        require(unit, to)
    _set(transaction, [unit.id for unit in units], to)


def give_up(transaction: Transaction, unit_ids: Sequence[int]) -> None:
    """Let these units be *label_scrapped*, since their labels are; what is spent stays as it is.

    Refuses (3025) if one of them is on its way already: what is scrapped then is the unit.
    """
    standing = [one for one in locked(transaction, unit_ids) if one.state not in GONE]
    change(transaction, standing, to=UnitState.LABEL_SCRAPPED)


def follow(
    transaction: Transaction, unit_ids: Sequence[int], *, was: UnitState, to: UnitState
) -> None:
    """Let those of these units that are ``was`` go to ``to``; the others have gone on already."""
    if to not in UNIT_LEGAL[was]:
        raise refusal("?", was=was, to=str(to))
    if not unit_ids:
        return
    where, ids = transaction.one_of(unit_ids)
    transaction.run_sql(
        f"UPDATE unit SET state = ? WHERE state = ? AND id {where}",  # noqa: S608 placeholders
        [to.value, was.value, *ids],
    )


def _set(transaction: Transaction, unit_ids: Sequence[int], to: UnitState) -> None:
    if not unit_ids:
        return
    where, ids = transaction.one_of(unit_ids)
    transaction.run_sql(
        f"UPDATE unit SET state = ? WHERE id {where}",  # noqa: S608 placeholders
        [to.value, *ids],
    )
