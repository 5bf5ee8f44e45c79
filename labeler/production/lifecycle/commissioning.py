"""Commission units without a person who says so: by a scan, or by the label that a machine applies.

Which of them a line wants is said by its `commission` in config.yaml. Only units that are
*allocated* or *encoded* are commissioned so: of all others somebody has said something else.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Protocol

from sqlalchemy import select

from labeler.errors import Refusal
from labeler.production import events
from labeler.production.carrying import IssuedUnit
from labeler.production.events import Cause
from labeler.production.lifecycle import counted_runs, steps
from labeler.production.lifecycle.verbs import VERBS
from labeler.production.site import Site
from labeler.store import Transaction, schema
from labeler.units import LabelState, RunMode, UnitState

KIND = "unit_commissioned"
"""The kind of the event, as of a person's commissioning."""
_BEFORE = (UnitState.ALLOCATED, UnitState.ENCODED)


class Applied(Protocol):
    """A label that was printed, and perhaps is on its unit by that."""

    @property
    def id(self) -> int:
        """The label."""

    @property
    def unit_id(self) -> int:
        """Its unit."""

    @property
    def run_id(self) -> int:
        """The unit's run."""

    @property
    def copy(self) -> int:
        """Which copy of the unit's label it is; 0 is the label itself."""


def is_by_scan(site: Site, unit: IssuedUnit) -> bool:
    """Return whether the line of a unit commissions by a scan; one that is gone does not."""
    line = site.plant.lines.get(unit.line)
    return line is not None and line.commission == "by_scan"


def too_late(transaction: Transaction, unit_id: int) -> Refusal | None:
    """Return why a scan makes no good unit of this one any more: its run is reconciled."""
    [unit] = steps.locked(transaction, [unit_id])
    counted = counted_runs.of(transaction, VERBS["commission"], [unit], hold=True)
    if not counted:
        return None
    return counted_runs.refusal(unit, run_id=counted[unit_id], to=UnitState.COMMISSIONED.value)


def by_scan(
    transaction: Transaction, site: Site, unit_id: int, *, said: Mapping[str, str], channel: str
) -> bool:
    """Commission a unit that was scanned, and found right; return whether it was not so before.

    ``said``: operator, station, line. Refuses (3025) a unit that is neither allocated, encoded nor
    commissioned.
    """
    [unit] = steps.locked(transaction, [unit_id])
    if unit.state == UnitState.COMMISSIONED:
        return False
    steps.change(transaction, [unit], to=UnitState.COMMISSIONED)
    detail = {**said, "why": "its label was scanned, and is right", **_way(unit.state)}
    cause = Cause(channel=channel, detail=detail)
    events.record_units(transaction, KIND, units=[unit_id], at=site.clock(), cause=cause)
    return True


def when_printed(
    transaction: Transaction,
    site: Site,
    labels: Sequence[Applied],
    *,
    state: LabelState,
    cause: Cause,
) -> None:
    """Commission the units whose label came to its rung on a line that prints and applies in one.

    ``cause`` is how that is known of the label. A copy is handed to a person: nobody knows whether
    it is on its unit. Test serials name no product.
    """
    own = {label.unit_id: label for label in labels if not label.copy}
    lines = _lines(transaction, site, {label.run_id for label in own.values()})
    wanted = [unit_id for unit_id, label in own.items() if label.run_id in lines]
    found = [one for one in steps.locked(transaction, wanted) if one.state in _BEFORE]
    groups: dict[tuple[str, UnitState], list[int]] = defaultdict(list)
    for unit in found:
        groups[lines[own[unit.id].run_id], unit.state].append(unit.id)
    steps.change(transaction, found, to=UnitState.COMMISSIONED)
    for (line, was), units in groups.items():
        why = f"its label is {state.value}, and what prints for {line} applies it"
        detail = {**cause.detail, "line": line, "why": why, **_way(was)}
        pairs = [(unit_id, own[unit_id].id) for unit_id in units]
        own_cause = Cause(channel=cause.channel, detail=detail)
        events.record_labels(transaction, KIND, labels=pairs, at=site.clock(), cause=own_cause)


def wants_printed(site: Site) -> bool:
    """Return whether any line commissions what it prints: others pay nothing for it."""
    return any(line.commission == "when_printed" for line in site.plant.lines.values())


def _lines(transaction: Transaction, site: Site, run_ids: set[int]) -> dict[int, str]:
    """Return of those runs the line of each that does so; not of tests, nor of reconciled ones."""
    run = schema.run
    query = (
        select(run.c.id, run.c.line, run.c.state)
        .where(run.c.id.in_(run_ids), run.c.mode == RunMode.PRODUCTION.value)
        .order_by(run.c.id)
        .with_for_update(read=True, key_share=True)  # who reconciles a run waits for us, or we
    )
    plant = site.plant.lines
    return {
        row.id: row.line
        for row in transaction.execute(query)
        if row.line in plant
        and plant[row.line].commission == "when_printed"
        and not counted_runs.is_counted(row.state)
    }


def _way(was: UnitState) -> dict[str, str]:
    return {"from": was.value, "to": UnitState.COMMISSIONED.value}
