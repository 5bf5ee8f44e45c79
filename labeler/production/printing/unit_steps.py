"""What a settled label means for its unit: encoded, given up, its secrets forgotten.

Which rung of the proof ladder makes a unit *encoded* is said by its line (`encoded_when`).
"""

from collections.abc import Sequence
from typing import Protocol

from sqlalchemy import select, update

from labeler.production import remembering
from labeler.production.site import Site
from labeler.settings import LineSettings
from labeler.store import Transaction, schema
from labeler.units import LabelState, UnitState, reaches


class Settled(Protocol):
    """A label whose unit is concerned."""

    @property
    def unit_id(self) -> int:
        """Its unit."""

    @property
    def run_id(self) -> int:
        """The unit's run."""

    @property
    def purpose(self) -> str:
        """print, archive or reprint: a page in an archive says nothing of its unit."""

    @property
    def copy(self) -> int:
        """Which copy of the unit's label it is; 0 is the label itself."""


def follow(
    transaction: Transaction, site: Site, labels: Sequence[Settled], *, state: LabelState
) -> None:
    """Let units follow their labels into ``state``.

    A copy that is scrapped is one label less: it says nothing of its unit, nor of the label itself.
    """
    own = [label for label in labels if label.purpose != "archive"]
    if state == LabelState.SCRAPPED:
        own = [label for label in own if not label.copy]
    if not own:
        return
    unit = schema.unit
    if state == LabelState.SCRAPPED:
        units = [label.unit_id for label in own]
        transaction.execute(
            update(unit).where(unit.c.id.in_(units)).values(state=UnitState.LABEL_SCRAPPED.value)
        )
    elif units := _encoded(transaction, site, own, state):
        where, ids = transaction.one_of(units)
        transaction.run_sql(
            f"UPDATE unit SET state = ? WHERE state = ? AND id {where}",  # noqa: S608 placeholders
            [UnitState.ENCODED.value, UnitState.ALLOCATED.value, *ids],
        )
    if state in remembering.FORGETS:
        remembering.forget(transaction, [label.unit_id for label in own])


def _encoded(
    transaction: Transaction, site: Site, labels: list[Settled], state: LabelState
) -> list[int]:
    """Return the units that a label in ``state`` makes encoded."""
    default = LineSettings.model_fields["encoded_when"].default
    wanted = {line.encoded_when for line in site.plant.lines.values()} | {default}
    if not any(reaches(state, LabelState(rung)) for rung in wanted):
        return []
    if wanted == {default}:
        return [label.unit_id for label in labels]
    run = schema.run
    query = select(run.c.id, run.c.line).where(run.c.id.in_({label.run_id for label in labels}))
    lines = {row.id: site.plant.lines.get(row.line) for row in transaction.execute(query)}
    found = []
    for label in labels:
        line = lines[label.run_id]  # a line that config.yaml has no more is like any other
        if reaches(state, LabelState(line.encoded_when if line else default)):
            found.append(label.unit_id)
    return found
