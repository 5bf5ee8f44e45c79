"""The texts that somebody may have meant: one slip away from the text that was read or typed.

A slip is a character taken for one that looks like it, two neighbours in the wrong order, or any
one wrong character. The likeliest come first, one by one, so that the caller, who knows which of
them are serials, stops at the first that is. Positions are counted from 1.

>>> found = candidates("AC1O", lambda position: "AC" if position <= 2 else "01")
>>> next(found)
Candidate(text='AC10', kind='confusable', position=4)
>>> list(found)
[Candidate(text='AC11', kind='substitution', position=4)]
>>> next(candidates("1Z", lambda position: "0123"))
Candidate(text='12', kind='confusable', position=2)
>>> next(candidates("XYZ", lambda position: "0123456789"))
Traceback (most recent call last):
StopIteration
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations, islice, pairwise, product
from types import MappingProxyType
from typing import Literal

from labeler.serials.alphabets import CONFUSABLE_PAIRS

CANDIDATES_MAX = 2000
"""Enough for every slip in a serial of twenty characters; each is a question to the record."""

Kind = Literal["confusable", "two confusables", "transposition", "substitution"]
"""The slips, likeliest first."""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A text that may have been meant."""

    text: str
    """The whole text."""
    kind: Kind
    """What went wrong on the way, if this is it."""
    position: int
    """The first character that is another one."""


def _partners() -> dict[str, str]:
    partners: dict[str, str] = {}
    for one, other in CONFUSABLE_PAIRS:
        partners[one] = partners.get(one, "") + other
        partners[other] = partners.get(other, "") + one
    return partners


_CONFUSABLE_WITH = MappingProxyType(_partners())
"""Character -> those it is taken for, likeliest first."""

_Changes = dict[int, str]
"""Offset -> what stands there instead."""


def candidates(
    text: str, characters_at: Callable[[int], str], *, limit: int = CANDIDATES_MAX
) -> Iterator[Candidate]:
    """At most `limit` texts near this one, each once, never the text itself.

    Every character of a candidate is one of `characters_at(position)`, also where it is the
    text's own: a text with three impossible characters is too far from any.
    """
    return islice(_all(text, characters_at), max(limit, 0))


def _all(text: str, characters_at: Callable[[int], str]) -> Iterator[Candidate]:
    allowed = ["".join(dict.fromkeys(characters_at(at))) for at in range(1, len(text) + 1)]
    impossible = {offset for offset, c in enumerate(text) if c not in allowed[offset]}
    if len(impossible) > 2:
        return
    for kind, changes in _slips(text, allowed):
        if impossible <= changes.keys():
            changed = "".join(changes.get(offset, c) for offset, c in enumerate(text))
            yield Candidate(text=changed, kind=kind, position=min(changes) + 1)


def _slips(text: str, allowed: list[str]) -> Iterator[tuple[Kind, _Changes]]:
    exchanges = [
        [c for c in _CONFUSABLE_WITH.get(own, "") if c in allowed[offset]]
        for offset, own in enumerate(text)
    ]
    for offset, others in enumerate(exchanges):
        for other in others:
            yield "confusable", {offset: other}
    for first, second in combinations(range(len(text)), 2):
        for pair in product(exchanges[first], exchanges[second]):
            yield "two confusables", dict(zip((first, second), pair, strict=True))
    for offset, (left, right) in enumerate(pairwise(text)):
        fits = right in allowed[offset] and left in allowed[offset + 1]
        # Two that look alike, exchanged with each other, were two confusables already.
        if fits and left != right and right not in exchanges[offset]:
            yield "transposition", {offset: right, offset + 1: left}
    for offset, own in enumerate(text):
        for other in allowed[offset]:
            if other != own and other not in exchanges[offset]:
                yield "substitution", {offset: other}
