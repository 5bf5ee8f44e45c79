"""What a settled label means for its unit: encoded, given up, its secrets forgotten.

Which rung of the proof ladder makes a unit *encoded* is said by its line (`encoded_when`). A label
that leaves its rung again, since the queue that had it took its word back, takes that with it.
"""

from collections.abc import Sequence
from typing import Protocol

from sqlalchemy import select

from labeler.production import remembering
from labeler.production.events import Cause
from labeler.production.lifecycle import commissioning, steps
from labeler.production.site import Site
from labeler.settings import LineSettings
from labeler.store import Transaction, schema
from labeler.units import LabelState, UnitState, reaches

_LEFT = (LabelState.DOUBTFUL, LabelState.NOT_PRINTED)
"""States that a label may come to from a rung of the ladder."""
_LOWER_RUNGS = ("label_sent", "label_buffered")
"""Events of labels that may leave their rung again."""
_DEFAULT = LineSettings.model_fields["encoded_when"].default


class Settled(Protocol):
    """A label whose unit is concerned."""

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
    def purpose(self) -> str:
        """print, archive or reprint: a page in an archive says nothing of its unit."""

    @property
    def copy(self) -> int:
        """Which copy of the unit's label it is; 0 is the label itself."""


def follow(
    transaction: Transaction,
    site: Site,
    labels: Sequence[Settled],
    *,
    state: LabelState,
    cause: Cause,
) -> None:
    """Let units follow their labels into ``state``, of which ``cause`` says how it is known.

    A copy that is scrapped is one label less: it says nothing of its unit, nor of the label itself.
    Refuses (3025) a label scrapped whose unit is commissioned: the unit is what must be destroyed.
    """
    own = [label for label in labels if label.purpose != "archive"]
    if state == LabelState.SCRAPPED:
        own = [label for label in own if not label.copy]
    if not own:
        return
    if state == LabelState.SCRAPPED:
        steps.give_up(transaction, [label.unit_id for label in own])
    elif units := _encoded(transaction, site, own, state):
        steps.follow(transaction, units, was=UnitState.ALLOCATED, to=UnitState.ENCODED)
        if commissioning.wants_printed(site):
            on_rung = [label for label in own if label.unit_id in set(units)]
            commissioning.when_printed(transaction, site, on_rung, state=state, cause=cause)
    elif state in _LEFT:
        _take_back(transaction, site, own)
    if state in remembering.FORGETS:
        remembering.forget(transaction, [label.unit_id for label in own])


def _encoded(
    transaction: Transaction, site: Site, labels: list[Settled], state: LabelState
) -> list[int]:
    """Return the units that a label in ``state`` makes encoded."""
    wanted = {line.encoded_when for line in site.plant.lines.values()} | {_DEFAULT}
    if not any(reaches(state, LabelState(rung)) for rung in wanted):
        return []
    if wanted == {_DEFAULT}:
        return [label.unit_id for label in labels]
    rungs = _rungs(transaction, site, labels)
    return [label.unit_id for label in labels if reaches(state, rungs[label.run_id])]


def _rungs(
    transaction: Transaction, site: Site, labels: Sequence[Settled]
) -> dict[int, LabelState]:
    """Return for each run of these labels the rung that its line asks for."""
    run = schema.run
    query = select(run.c.id, run.c.line).where(run.c.id.in_({label.run_id for label in labels}))
    lines = {row.id: site.plant.lines.get(row.line) for row in transaction.execute(query)}
    # A line that config.yaml has no more is like any other.
    return {
        run_id: LabelState(line.encoded_when if line else _DEFAULT)
        for run_id, line in lines.items()
    }


def _take_back(transaction: Transaction, site: Site, labels: Sequence[Settled]) -> None:
    """Make units *allocated* again whose only label on the rung has left it.

    One that a holder of a lease has used was not encoded by a label of ours.
    """
    unit, label, job, event = schema.unit, schema.label, schema.job, schema.event
    units = {one.unit_id: one for one in labels}
    wanted = unit.c.id.in_(units), unit.c.state == UnitState.ENCODED.value
    encoded = [row.id for row in transaction.execute(select(unit.c.id).where(*wanted))]
    if not encoded:
        return
    told = transaction.execute(
        select(event.c.unit_id, event.c.label_id, event.c.kind).where(
            event.c.unit_id.in_(encoded), event.c.kind.in_((*_LOWER_RUNGS, "lease_used"))
        )
    ).all()
    own = {one.id for one in labels}
    candidates = {row.unit_id for row in told if row.label_id in own}
    candidates -= {row.unit_id for row in told if row.kind == "lease_used"}
    query = select(label.c.unit_id, label.c.state).join(job, job.c.id == label.c.job_id)
    others = transaction.execute(
        query.where(label.c.unit_id.in_(candidates), job.c.purpose != "archive")
    )
    rungs = _rungs(transaction, site, labels)
    for row in others:
        if reaches(LabelState(row.state), rungs[units[row.unit_id].run_id]):
            candidates.discard(row.unit_id)
    steps.follow(transaction, sorted(candidates), was=UnitState.ENCODED, to=UnitState.ALLOCATED)
