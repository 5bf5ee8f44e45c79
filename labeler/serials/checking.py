"""What every check scheme is, and the arithmetic that several of them share.

A scheme's file tells `Scheme` its alphabets, its lengths and one function, `compute_after`. Most
schemes walk over a text in one of two ways: `by_columns` adds up what each character counts in
its column, `by_states` lets each character lead from one state to the next.

>>> confirm("79927398710", scheme="luhn", expected="3")
Traceback (most recent call last):
labeler.serials.errors.InvalidSerial: Serial '79927398710' fails check scheme luhn: expected \
check character '3', got '0'.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import getitem
from string import ascii_lowercase, ascii_uppercase, digits

from labeler.serials.errors import InvalidSerial, shown

ComputeAfter = Callable[[str, int], Callable[[str], str]]
"""Prefix and length of the tail -> (tail -> check characters)."""
Column = Mapping[str, int]
"""What each character adds to a sum in one column of a text."""
Step = Mapping[str, Sequence[int]]
"""Character -> state before it -> state after it."""

ANY_LENGTH = range(1, sys.maxsize)
DIGITS_AND_X = digits + "X"
"""Check characters modulo 11: X is ten."""

_CAPITALS = str.maketrans(ascii_lowercase, ascii_uppercase)
"""Only a to z: `str.upper` would also turn foreign letters into pairs of capitals."""


def capitals(text: str) -> str:
    """The text with the letters a to z as capitals, and all else as it is."""
    return text.translate(_CAPITALS)


@dataclass(frozen=True, kw_only=True)
class Scheme:
    """A check scheme: what its file tells, and the verbs that are the same for all."""

    name: str
    """Its file's name, and the word in `{check:…}`."""
    alphabet: str
    """Characters it can check."""
    check_alphabet: str
    """Characters its check characters are taken from."""
    compute_after: ComputeAfter
    """Prefix and length of the tail -> (tail -> check characters of prefix + tail). Serials issued
    at one moment share their beginning, so its part is computed once. Neither prefix nor tail is
    checked again: the caller knows they fit. Two functions that compare equal compute the same, so
    what one gave for many tails need not be computed again for the other."""
    check_length: int = 1
    """How many check characters it has."""
    check_position: int | None = None
    """Where they begin, counted from 1 in the whole text; None: behind everything else."""
    lengths: range = ANY_LENGTH
    """How many characters it can check, its own not counted."""
    canonical: Callable[[str], str] = str
    """A text as people write it -> as it is recorded."""

    def can_end(self, length: int) -> bool:
        """Whether its check characters may be written right behind a text of that length."""
        return self.check_position is None and length in self.lengths

    def without_check(self, text: str) -> str:
        """A text that has its check characters, without them."""
        check = self._check_places(len(text) - self.check_length)
        return text[: check.start] + text[check.stop :]

    def compute(self, text: str) -> str:
        """The check characters of `text`, or InvalidSerial where it cannot be checked."""
        self._require(text, check=range(0))
        return self.compute_after("", len(text))(text)

    def complete(self, text: str) -> str:
        """`text` with its check characters where they belong, or InvalidSerial."""
        check = self.compute(text)
        place = self._check_places(len(text)).start
        return text[:place] + check + text[place:]

    def validate(self, text: str) -> str:
        """The canonical text if its check characters are those of the rest, else InvalidSerial."""
        text = self.canonical(text)
        check = self._check_places(len(text) - self.check_length)
        self._require(text, check=check)
        body = self.without_check(text)
        expected = self.compute_after("", len(body))(body)
        return confirm(text, scheme=self.name, expected=expected, position=check.start + 1)

    def _check_places(self, length: int) -> range:
        start = length if self.check_position is None else self.check_position - 1
        return range(start, start + self.check_length)

    def _require(self, text: str, *, check: range) -> None:
        if len(text) - len(check) not in self.lengths:
            raise InvalidSerial(text, problem=self._wrong_length(len(text), len(check)))
        for place, character in enumerate(text):
            if character not in self.alphabet and place not in check:
                raise InvalidSerial(
                    text,
                    position=place + 1,
                    problem=f"is wrong at position {place + 1} for check scheme {self.name}:"
                    f" expected one of {self.alphabet}, got {shown(character)}.",
                )

    def _wrong_length(self, length: int, check_length: int) -> str:
        shortest, longest = self.lengths[0] + check_length, self.lengths[-1] + check_length
        if shortest == longest:
            wanted = f"{shortest}"
        elif self.lengths == ANY_LENGTH:
            wanted = f"{shortest} or more"
        else:
            wanted = f"{shortest} to {longest}"
        word = "short" if length < shortest else "long"
        return (
            f"is too {word} for check scheme {self.name}: expected {wanted} characters,"
            f" got {length}."
        )


def confirm(text: str, *, scheme: str, expected: str, position: int | None = None) -> str:
    """The text itself if it has the check characters that were expected, at its end or position."""
    start = len(text) - len(expected) if position is None else position - 1
    found = text[start : start + len(expected)]
    if found == expected:
        return text
    word = "check character" if len(expected) == 1 else "check characters"
    raise InvalidSerial(
        text,
        position=start + 1,
        problem=f"fails check scheme {scheme}: expected {word} {expected!r}, got {shown(found)}.",
    )


def weighted(values: Mapping[str, int], weights: Sequence[int]) -> list[Column]:
    """A column for each weight, in which a character counts its value as often."""
    return [
        {character: weight * value for character, value in values.items()} for weight in weights
    ]


def by_columns(repeating: Sequence[Column], *, check: Sequence[str]) -> ComputeAfter:
    """The `compute_after` of a scheme that adds up columns.

    Columns repeat from the right end of a text, its check characters left out: `repeating[0]` is
    the rightmost one. `check` holds the check characters for each rest of the sum.
    """
    modulus = len(check)

    def compute_after(prefix: str, tail_length: int) -> Callable[[str], str]:
        length = len(prefix) + tail_length
        columns = [repeating[(length - 1 - place) % len(repeating)] for place in range(length)]
        return behind(sum(map(getitem, columns, prefix)) % modulus, tail_length)

    @lru_cache(maxsize=1024)
    def behind(before: int, tail_length: int) -> Callable[[str], str]:
        columns = [
            repeating[(tail_length - 1 - place) % len(repeating)] for place in range(tail_length)
        ]
        return lambda tail: check[sum(map(getitem, columns, tail), before) % modulus]

    return compute_after


class State(dict[str, "State"]):
    """Where a scheme stands between two characters: next character -> the state behind it."""

    __slots__ = ("check",)

    def __init__(self, check: str) -> None:
        super().__init__()
        self.check = check
        """Check characters of a text that ends here."""

    def check_after(self, tail: str) -> str:
        """Check characters of a text that goes on from here with `tail`."""
        state = self
        for character in tail:
            state = state[character]
        return state.check


def by_states(repeating: Sequence[Step], *, start: int, check: Sequence[str]) -> ComputeAfter:
    """The `compute_after` of a scheme in which each character leads from one state to the next.

    Steps repeat from the right end like the columns above. `check` holds the check characters for
    each last state. States are linked to one another, since one look-up a character is all that
    issuing a serial can wait for.
    """
    rows = [[State(characters) for characters in check] for _ in repeating]
    for place, row in enumerate(rows):  # so many characters follow, or a multiple of all more
        step, behind = repeating[place - 1], rows[place - 1]
        for number, state in enumerate(row):
            state.update({character: behind[after[number]] for character, after in step.items()})

    def compute_after(prefix: str, tail_length: int) -> Callable[[str], str]:
        before = rows[(len(prefix) + tail_length) % len(rows)][start]
        for character in prefix:
            before = before[character]
        return before.check_after

    return compute_after
