"""What stands on labels: the values of units with which their forms are filled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from labeler.production import identifying, remembering
from labeler.production.site import Site
from labeler.store import Transaction
from labeler.templates import Filler


class Labeled(Protocol):
    """A label, or a unit that has one: what stands on it follows from this."""

    @property
    def unit_id(self) -> int:
        """Whose label it is."""

    @property
    def run_id(self) -> int:
        """Which run pinned how it looks."""

    @property
    def serial(self) -> str:
        """The unit's."""

    @property
    def number(self) -> int:
        """The unit's place in its run, from 1."""

    @property
    def copy(self) -> int:
        """Which copy of the unit's label it is; 0 is the label itself."""

    @property
    def allocated_at(self) -> datetime:
        """When the unit got its serial."""

    @property
    def purpose(self) -> str:
        """print, archive or reprint."""


@dataclass(frozen=True, kw_only=True)
class FirstLabel:
    """The label that a unit has, whether a job of it is there or not: see `Labeled`."""

    unit_id: int
    run_id: int
    serial: str
    number: int
    allocated_at: datetime
    purpose: str = "print"
    copy: int = 0


def values(
    site: Site, transaction: Transaction, labels: Sequence[Labeled], *, shown: bool = False
) -> list[dict[str, str]]:
    """Return the unit values with which each label's form is filled.

    A secret is for the label itself. What is ``shown`` to somebody, or kept in an archive, has
    asterisks in its place; so has a label printed after the secret was forgotten.
    """
    runs = [site.pinned(transaction, label.run_id) for label in labels]
    wanted = [label.unit_id for label, run in zip(labels, runs, strict=True) if run.identifiers]
    known = remembering.texts_of(transaction, wanted)
    found = []
    # Units of one trigger were allocated in the same moment.
    fillers: dict[tuple[int, datetime], Filler] = {}
    for label, run in zip(labels, runs, strict=True):
        moment = run.id, label.allocated_at
        fill = fillers.get(moment)
        if fill is None:
            fill = fillers[moment] = run.label_form.filler(site.local(label.allocated_at))
        texts = known.get(label.unit_id, {})
        if shown or label.purpose == "archive":
            texts = identifying.masked(run, texts)
        more = run.more(label.serial, texts)
        found.append(fill(label.serial, label.number, copy=label.copy, more=more))
    return found
