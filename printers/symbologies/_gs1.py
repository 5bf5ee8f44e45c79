r"""GS1 data: element strings in bracket syntax, as people write them and as symbols carry them.

Text is `(01)09501101530003(21)AC\(1`: AIs in brackets, each before its value. Inside a value `\(`,
`\)` and `\\` stand for these characters, so a value that went through `literal` can never
open a second element. A closing bracket alone may also stand for itself.

>>> elements = parse("(01)09501101530003(10)L7(21)" + literal("A(10)X"), title="GS1-128")
>>> elements[-1]
Element(ai='21', value='A(10)X')
>>> carried(elements, separator="|")
'010950110153000310L7|21A(10)X'
>>> interpretation(elements)
'(01)09501101530003(10)L7(21)A(10)X'
>>> parse("(01)09501101530004", title="GS1-128")  # doctest: +NORMALIZE_WHITESPACE
Traceback (most recent call last):
printers.errors.Unprintable: GS1-128 cannot carry AI (01) with '09501101530004' at position 1 of
'(01)09501101530004': expected check digit '3' in place 14, got '4'; correct it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from printers.errors import Unprintable
from printers.symbologies import _gs1_rules, _texts

GS = "\x1d"
"""What a scanner sends for FNC1 between elements (section 7.8.6)."""

_ELEMENT = re.compile(r"\(([0-9]{2,4})\)((?:[^(\\]|\\[()\\])*)")
_ESCAPE = re.compile(r"\\([()\\])")
_SPECIAL = re.compile(r"([()\\])")


@dataclass(frozen=True, kw_only=True)
class Element:
    """An AI and its value, which fits the AI."""

    ai: str
    """Two to four digits."""
    value: str
    """As a symbol carries it, without escapes."""


def literal(value: str) -> str:
    r"""A value as it must stand inside bracket syntax.

    >>> print(literal("A(10)X"))
    A\(10\)X
    """
    return _SPECIAL.sub(r"\\\1", value)


@lru_cache(maxsize=1024)
def parse(text: str, *, title: str) -> tuple[Element, ...]:
    """The elements of a text; Unprintable names the place of what is wrong."""
    _texts.require_some(text, title=title)
    found: dict[str, Element] = {}
    for at, ai, value in _pairs(text, title):
        problem = _gs1_rules.problem(ai, value)
        if ai in found:
            problem = "expected each AI once; leave one out"
        if problem:
            raise Unprintable(
                f"{title} cannot carry AI ({ai}) with {value!r} at position {at + 1} of {text!r}: "
                f"{problem}."
            )
        found[ai] = Element(ai=ai, value=value)
    return tuple(found.values())


def _pairs(text: str, title: str) -> Iterator[tuple[int, str, str]]:
    """Where each element begins, its AI and its value."""
    at = 0
    while at < len(text):
        found = _ELEMENT.match(text, at)
        if not found:
            raise _refusal(text, title, at)
        yield at, found[1], _ESCAPE.sub(r"\1", found[2])
        at = found.end()


def _refusal(text: str, title: str, at: int) -> Unprintable:
    if text[at] == "\\":
        expected = "a bracket or a backslash behind a backslash"
    else:
        expected = "an AI of two to four digits in brackets"
    return Unprintable(
        f"{title} cannot carry {text!r} from position {at + 1} on: expected {expected}, got "
        f"{text[at : at + 6]!r}; write GS1 data like (01)09501101530003(21)AC1, with \\( for a "
        "bracket inside a value."
    )


def carried(elements: tuple[Element, ...], *, separator: str) -> str:
    """As symbols carry it, behind the FNC1 in first position: no separator where none is needed."""
    last = elements[-1]
    return "".join(
        one.ai
        + one.value
        + (separator if one is not last and _gs1_rules.needs_separator(one.ai) else "")
        for one in elements
    )


def interpretation(elements: tuple[Element, ...]) -> str:
    """HRI: brackets around AIs, nothing for FNC1 (section 4.14)."""
    return "".join(f"({one.ai}){one.value}" for one in elements)
