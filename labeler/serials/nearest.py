"""The texts that somebody may have meant: one slip away from the text that was read or typed.

A slip is a character taken for one that looks like it, two neighbours in the wrong order, or any
one wrong character; where the length is wrong by one, also one character too many or one that is
missing. The likeliest come first, one by one, so that the caller, who knows which of them are
serials, stops at the first that is. Positions are counted from 1.

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
>>> list(resized("A11", lambda position: "AC" if position == 1 else "01", length=2))
[Candidate(text='11', kind='extra character', position=1), \
Candidate(text='A1', kind='extra character', position=2)]
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations, islice, pairwise, product
from types import MappingProxyType
from typing import Literal

from labeler.serials.alphabets import CONFUSABLE_PAIRS

CANDIDATES_MAX = 2000
"""Enough for every slip in a serial of twenty characters; each is a question to the record."""

Kind = Literal[
    "confusable",
    "two confusables",
    "transposition",
    "substitution",
    "extra character",
    "missing character",
]
"""The slips, likeliest first; the last two only where the length is wrong."""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A text that may have been meant."""

    text: str
    """The whole text."""
    kind: Kind
    """What went wrong on the way, if this is it."""
    position: int
    """The first character that is another one, too many or missing."""


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


def resized(text: str, characters_at: Callable[[int], str], *, length: int) -> Iterator[Candidate]:
    """The texts of that length, one character less or more, each once; none for another length.

    Unlike above, what else is wrong with them is the caller's to find out: there are few.
    """
    found: dict[str, Candidate] = {}
    if len(text) == length + 1:
        for offset in range(len(text)):
            shorter = text[:offset] + text[offset + 1 :]
            one = Candidate(text=shorter, kind="extra character", position=offset + 1)
            found.setdefault(shorter, one)
    if len(text) == length - 1:
        for offset in range(length):
            for character in characters_at(offset + 1):
                longer = text[:offset] + character + text[offset:]
                one = Candidate(text=longer, kind="missing character", position=offset + 1)
                found.setdefault(longer, one)
    return iter(found.values())


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
