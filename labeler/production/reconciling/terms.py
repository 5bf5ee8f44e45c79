"""PURE: which term of a run's balance a unit counts in, or why it counts in none.

issued = commissioned + sampled + scrapped + destroyed + unused + difference
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from labeler.units import LabelState, UnitState

Term = Literal["commissioned", "sampled", "scrapped", "destroyed", "unused"]
Cause = Literal[
    "encoded", "leased", "waiting", "doubtful", "labelled", "handed_out", "missing", "surplus"
]
Kind = Literal[
    "commissioned",
    "sampled",
    "scrapped",
    "destroyed",
    "unused",
    "encoded",
    "leased",
    "waiting",
    "doubtful",
    "labelled",
    "handed_out",
    "missing",
    "surplus",
]
"""What is listed: the terms, and the causes of a difference."""

TERMS: Final[tuple[Term, ...]] = ("commissioned", "sampled", "scrapped", "destroyed", "unused")
CAUSES: Final[Mapping[Cause, str]] = {
    "encoded": "Their label exists, and nobody has said what became of it.",
    "leased": "Their serials are in other hands.",
    "waiting": "Their label waits to be printed, is held, or is on its way.",
    "doubtful": "Their label may exist or not.",
    "labelled": "Their label has left us, and stands below the rung that its line asks for.",
    "handed_out": "They were issued without a label of ours, and nobody has said what became of "
    "them.",
    "missing": "They were issued, and the record has no unit in their places.",
    "surplus": "The record has a unit in a place behind the last that was issued.",
}
"""Cause of a difference -> what it means, for people."""

NO_LABEL, GONE, SCRAPPED, OUT, WAITS, DOUBTFUL = range(6)
"""What the labels of a unit are, the least settled of them: none, none that can exist, one that
existed and was scrapped, one that left us, one that may still be printed, one of which nobody
knows."""
LABEL_RANKS: Final[Mapping[LabelState, int]] = {
    LabelState.NOT_PRINTED: GONE,
    LabelState.SCRAPPED: SCRAPPED,
    LabelState.SENT: OUT,
    LabelState.BUFFERED: OUT,
    LabelState.PRINTED: OUT,
    LabelState.VERIFIED: OUT,
    LabelState.QUEUED: WAITS,
    LabelState.HELD: WAITS,
    LabelState.SENDING: WAITS,
    LabelState.DOUBTFUL: DOUBTFUL,
}
_ALLOCATED: Final[Mapping[int, Kind]] = {
    NO_LABEL: "handed_out",
    GONE: "unused",
    SCRAPPED: "scrapped",
    OUT: "labelled",
    WAITS: "waiting",
    DOUBTFUL: "doubtful",
}
_OTHERS: Final[Mapping[UnitState, Kind]] = {
    UnitState.COMMISSIONED: "commissioned",
    UnitState.INACTIVE: "commissioned",
    UnitState.RELEASED: "commissioned",
    UnitState.SAMPLED: "sampled",
    UnitState.LABEL_SAMPLED: "sampled",
    UnitState.LABEL_SCRAPPED: "scrapped",
    UnitState.DESTROYED: "destroyed",
    UnitState.VOIDED: "unused",
    UnitState.ENCODED: "encoded",
    UnitState.LEASED: "leased",
}


def kind_of(state: UnitState, rank: int) -> Kind:
    """Return what a unit counts as; ``rank`` is what its labels are, which *allocated* ones need.

    A unit that is set aside or has left was commissioned. A serial is unused if it was voided, or
    if none of the labels that were to carry it can exist: one that was handed out without a label
    of ours may be on anything. One whose copy was scrapped had a label, so it was used.

    >>> kind_of(UnitState.RELEASED, OUT), kind_of(UnitState.ALLOCATED, GONE)
    ('commissioned', 'unused')
    >>> kind_of(UnitState.ALLOCATED, NO_LABEL)
    'handed_out'
    """
    return _ALLOCATED[rank] if state is UnitState.ALLOCATED else _OTHERS[state]


def members(kind: Kind) -> tuple[frozenset[UnitState], frozenset[int]]:
    """Return the states of units of a kind, and of *allocated* ones what their labels are.

    >>> sorted(members("unused")[0]), sorted(members("unused")[1])
    ([<UnitState.VOIDED: 'voided'>], [1])
    """
    states = frozenset(state for state, own in _OTHERS.items() if own == kind)
    return states, frozenset(rank for rank, own in _ALLOCATED.items() if own == kind)


@dataclass(frozen=True, kw_only=True)
class Balance:
    """What became of the units of a run, in numbers."""

    issued: int
    """As the run itself counts; its units are counted apart from that."""
    terms: Mapping[Term, int]
    causes: Mapping[Cause, int]
    """Why units count in no term; together they are the difference."""
    unvoided: int = 0
    """How many *allocated* ones count as unused or scrapped: their state does not say so yet."""

    @property
    def difference(self) -> int:
        """How many of the issued units are in no term."""
        return self.issued - sum(self.terms.values())

    @property
    def is_even(self) -> bool:
        """Whether each unit that was issued is accounted for, and no other."""
        return self.difference == 0 and not any(self.causes.values())

    def figures(self) -> dict[str, Any]:
        """Return the numbers as the record keeps and doors show them."""
        return {
            "issued": self.issued,
            **{str(term): count for term, count in self.terms.items()},
            "difference": self.difference,
            "causes": {cause: count for cause, count in self.causes.items() if count},
        }


def balance(
    issued: int, counts: Iterable[tuple[UnitState, int, int]], *, surplus: int = 0
) -> Balance:
    """Return the balance of a run of which so many were issued.

    ``counts`` are a state, what the labels are, and how many units are so in the places up to the
    last that was issued; ``surplus`` are behind it.

    >>> one = balance(3, [(UnitState.COMMISSIONED, OUT, 1), (UnitState.ENCODED, OUT, 1)])
    >>> one.difference, one.figures()["causes"]
    (2, {'encoded': 1, 'missing': 1})
    """
    found: dict[str, int] = {}
    units = unvoided = 0
    for state, rank, count in counts:
        kind = kind_of(state, rank)
        found[kind] = found.get(kind, 0) + count
        units += count
        if state is UnitState.ALLOCATED and kind in TERMS:
            unvoided += count
    found["missing"] = max(issued - units, 0)
    found["surplus"] = surplus
    return Balance(
        issued=issued,
        terms={term: found.get(term, 0) for term in TERMS},
        causes={cause: found.get(cause, 0) for cause in CAUSES},
        unvoided=unvoided,
    )
