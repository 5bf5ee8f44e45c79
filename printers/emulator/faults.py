"""What may go wrong with a virtual printer: faults, as a script or by chance.

    after 3 labels: media-out for 0.5 s
    in label 4: ribbon-out
    silent

A fault waits until so many labels have passed since it was handed to the printer, and then happens
once; without ``after`` it happens now. Faults of the paper and of answers count the labels that
were printed; faults of the line count the labels that arrived whole, since a line knows no others.
``in label 4`` is in the middle of the fourth. ``for 0.5 s`` heals what lasts; without it somebody
presses the button. ``KINDS`` says what there is.

>>> parse("after 3 labels: media-out for 0.5 s")
Fault(kind='media-out', after=3, inside=False, amount=1.0, for_s=0.5)
>>> str(parse("in label 4: disconnect")), str(parse("slow 0.2"))
('in label 4: disconnect', 'slow 0.2')
>>> parse("after 3 labels: meteor")
Traceback (most recent call last):
ValueError: Fault 'after 3 labels: meteor' has the kind 'meteor': expected one of media-out, \
ribbon-out, head-open, pause, never-print, slow, print-twice, feed, power-cycle, silent, \
lose-answer, noise, disconnect, half-open, xoff, data-noise.
"""

import random
import re
from dataclasses import dataclass
from typing import Literal

Side = Literal["paper", "answers", "line"]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What faults of one name do."""

    side: Side
    """``line`` counts labels that arrived; the others count labels that were printed."""
    meaning: str
    """For people, and for the guide."""
    inside: bool = False
    """It may come in the middle of a label."""
    lasts: bool = False
    """It goes on until somebody ends it, or for so many seconds."""
    amount: str | None = None
    """What its number says; None: it takes no number."""


KINDS: dict[str, Kind] = {
    "media-out": Kind(side="paper", inside=True, lasts=True, meaning="the labels run out"),
    "ribbon-out": Kind(side="paper", inside=True, lasts=True, meaning="the ribbon runs out"),
    "head-open": Kind(side="paper", inside=True, lasts=True, meaning="somebody opens the head"),
    "pause": Kind(side="paper", lasts=True, meaning="somebody presses PAUSE"),
    "never-print": Kind(
        side="paper", lasts=True, meaning="it takes labels, looks ready and never prints them"
    ),
    "slow": Kind(
        side="paper", lasts=True, amount="seconds more a label", meaning="each label takes longer"
    ),
    "print-twice": Kind(side="paper", amount="labels", meaning="the next label comes out twice"),
    "feed": Kind(
        side="paper",
        amount="blank labels",
        meaning="somebody presses FEED: the odometer moves by itself",
    ),
    "power-cycle": Kind(
        side="paper",
        inside=True,
        lasts=True,
        meaning="off and on (0.05 s): its buffer and its stored formats are lost",
    ),
    "silent": Kind(side="answers", lasts=True, meaning="it prints, and answers no question"),
    "lose-answer": Kind(
        side="answers", amount="answers", meaning="the next answer about the odometer is lost"
    ),
    "noise": Kind(side="answers", amount="answers", meaning="one bit of the next answer is wrong"),
    "disconnect": Kind(
        side="line", inside=True, meaning="the connection is reset, or the serial line hung up"
    ),
    "half-open": Kind(
        side="line",
        inside=True,
        lasts=True,
        meaning="it reads no more and says nothing; the next connection works",
    ),
    "xoff": Kind(side="line", inside=True, lasts=True, meaning="XOFF: it takes no more bytes"),
    "data-noise": Kind(
        side="line", amount="labels", meaning="one bit of the next label arrives wrong"
    ),
}
"""Every kind, by its name in a script."""

_AMOUNT_DEFAULT = 1.0
_POWER_OFF_S = 0.05
_SYNTAX = re.compile(
    r"(?:(?:after ([0-9]{1,9}) labels?|in label ([0-9]{1,9}))\s*:\s*)?"
    r"([a-z-]+)(?: ([0-9]{1,9}(?:\.[0-9]{1,6})?))?(?: for ([0-9]{1,9}(?:\.[0-9]{1,6})?) ?s)?"
)


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that goes wrong, once. ValueError for what cannot be."""

    kind: str
    """A name of ``KINDS``."""
    after: int = 0
    """How many labels pass before it, counted from when the printer is told."""
    inside: bool = False
    """In the middle of the label that comes then."""
    amount: float = _AMOUNT_DEFAULT
    """How many, or how much, as its kind says."""
    for_s: float | None = None
    """It heals after so many seconds; None: somebody heals it."""

    def __post_init__(self) -> None:
        kind = KINDS.get(self.kind)
        if kind is None:
            raise ValueError(
                f"Fault '{self}' has the kind '{self.kind}': expected one of {', '.join(KINDS)}."
            )
        if self.inside and not kind.inside:
            raise ValueError(
                f"Fault '{self}' comes between labels only: expected 'after {self.after} labels: "
                f"{self.kind}'."
            )
        if self.for_s is not None and not kind.lasts:
            raise ValueError(f"Fault '{self}' is over at once: expected no 'for {self.for_s:g} s'.")
        if self.amount != _AMOUNT_DEFAULT and kind.amount is None:
            raise ValueError(f"Fault '{self}' takes no number: expected none, got {self.amount:g}.")

    @property
    def side(self) -> Side:
        """What it counts."""
        return KINDS[self.kind].side

    def __str__(self) -> str:
        when = f"after {self.after} label{'s' * (self.after != 1)}: " if self.after else ""
        if self.inside:
            when = f"in label {self.after + 1}: "
        amount = "" if self.amount == _AMOUNT_DEFAULT else f" {self.amount:g}"
        ends = "" if self.for_s is None else f" for {self.for_s:g} s"
        return f"{when}{self.kind}{amount}{ends}"


def parse(text: str) -> Fault:
    """Read one fault of a script. ValueError, in a sentence, for what is none."""
    found = _SYNTAX.fullmatch(text.strip())
    if found is None or found[2] == "0":
        raise ValueError(
            f"Fault '{text}' is not understood: expected '[after N labels:|in label N:] KIND "
            "[NUMBER] [for SECONDS s]', for example 'after 3 labels: media-out for 0.5 s'."
        )
    after, inside, kind, amount, for_s = found.groups()
    return Fault(
        kind=kind,
        after=int(after or 0) if inside is None else int(inside) - 1,
        inside=inside is not None,
        amount=float(amount) if amount else _AMOUNT_DEFAULT,
        for_s=float(for_s) if for_s else None,
    )


def plan(
    seed: int, *, labels: int, share: float = 0.1, kinds: tuple[str, ...] = tuple(KINDS)
) -> tuple[Fault, ...]:
    """Faults by chance over so many labels, the same ones for the same arguments.

    ``share`` is how many there are for each label. Everything that lasts heals by itself within
    0.3 s, so that a run with them ends.

    >>> [str(fault) for fault in plan(7, labels=30)]
    ['after 2 labels: ribbon-out for 0.07 s', 'after 12 labels: lose-answer', \
'after 29 labels: ribbon-out for 0.06 s']
    """
    dice = random.Random(seed)  # noqa: S311 - chance that can be repeated, not a secret
    count = max(1, round(labels * share))
    return tuple(
        sorted(
            (_by_chance(dice, dice.choice(kinds), labels) for _ in range(count)),
            key=lambda fault: (fault.after, fault.kind),
        )
    )


def _by_chance(dice: random.Random, name: str, labels: int) -> Fault:
    kind = KINDS[name]
    amount = _AMOUNT_DEFAULT
    if name == "slow":
        amount = dice.randint(1, 5) / 100
    elif kind.amount:
        amount = dice.randint(1, 2)
    return Fault(
        kind=name,
        after=dice.randrange(max(1, labels)),
        inside=kind.inside and dice.random() < 0.5,
        amount=amount,
        for_s=round(dice.uniform(_POWER_OFF_S, 0.3), 2) if kind.lasts else None,
    )


class Script:
    """Faults that wait for their moment. Its caller holds a lock."""

    def __init__(self) -> None:
        self._waiting: list[tuple[int, Fault]] = []

    def add(self, fault: Fault, *, passed: int) -> None:
        """Let it wait; ``passed`` labels of its side have passed by now."""
        self._waiting.append((passed + fault.after, fault))

    def due(self, *sides: Side, passed: int, inside: bool) -> list[Fault]:
        """Take out the faults whose moment has come, the oldest first."""
        taken: list[tuple[int, Fault]] = []
        left: list[tuple[int, Fault]] = []
        for moment, fault in self._waiting:
            ready = fault.side in sides and fault.inside == inside and moment <= passed
            (taken if ready else left).append((moment, fault))
        self._waiting = left
        return [fault for _, fault in taken]

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits."""
        return not self._waiting

    @property
    def waiting(self) -> list[Fault]:
        """What has not happened yet."""
        return [fault for _, fault in self._waiting]
