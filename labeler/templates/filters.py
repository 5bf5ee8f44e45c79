"""Filters: how a label writes a value. Each is one function in the table at the end.

A filter takes a text and gives a text; it never fails, and takes time in proportion to the length
of the text. No text may become longer than `LENGTH_MAX`, which is looked at after every filter.

>>> read("group:4").apply("AC2632700042O")
'AC26 3270 0042 O'
>>> read("pad:four")
Traceback (most recent call last):
labeler.templates.errors.Fault: Filter 'pad:four': expected a whole number from 1 to 1000 for \
WIDTH, got 'four'; write pad:WIDTH or pad:WIDTH:CHARACTER.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from types import MappingProxyType

from labeler.templates.errors import Fault, shown
from labeler.templates.placeholders import nearest

LENGTH_MAX = 1000
"""Longest text, in characters, that a filter may make, and greatest number it takes."""
_SEPARATOR_MAX = 10


def upper(text: str) -> str:
    """In capitals."""
    return text.upper()


def lower(text: str) -> str:
    """In small letters."""
    return text.lower()


def first(text: str, count: int) -> str:
    """The first COUNT characters, or all of fewer."""
    return text[:count]


def last(text: str, count: int) -> str:
    """The last COUNT characters, or all of fewer."""
    return text[-count:]


def skip(text: str, count: int) -> str:
    """Without the first COUNT characters."""
    return text[count:]


def cut(text: str, length: int) -> str:
    """At most LENGTH characters, ended behind a whole word if that leaves half of them or more.

    >>> cut("Axis controller, long version", 20), cut("Axis controller", 9)
    ('Axis controller,', 'Axis cont')
    """
    kept = text[:length]
    if len(text) > length and text[length] != " ":
        space = kept.rfind(" ")
        if 2 * space >= length:
            kept = kept[:space]
    return kept.rstrip(" ")


def pad(text: str, width: int, *, character: str = "0") -> str:
    """Filled up in front to WIDTH characters, with CHARACTER or 0."""
    return text.rjust(width, character)


def group(text: str, size: int, *, separator: str = " ") -> str:
    """In groups of SIZE characters, with SEPARATOR or a space between."""
    return separator.join([text[start : start + size] for start in range(0, len(text), size)])


def without(text: str, characters: str) -> str:
    """Without any of CHARACTERS."""
    return text.translate(dict.fromkeys(map(ord, characters)))


def otherwise(text: str, other: str) -> str:
    """OTHER where there is nothing, else unchanged."""
    return text or other


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A filter of the table, and what it may be given."""

    function: Callable[..., str]
    parameters: tuple[str, ...] = ()
    """The function's arguments in capitals; WIDTH, COUNT, LENGTH and SIZE are numbers."""
    defaults: tuple[str, ...] = ()
    """What the last arguments are where they are left out."""
    keeps: bool = False
    """Whether the whole value can still be read."""
    by_character: bool = False
    """Whether it looks at each character alone, wherever that stands."""


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "upper": Kind(function=upper, by_character=True),
        "lower": Kind(function=lower, by_character=True),
        "first": Kind(function=first, parameters=("COUNT",)),
        "last": Kind(function=last, parameters=("COUNT",)),
        "skip": Kind(function=skip, parameters=("COUNT",)),
        "cut": Kind(function=cut, parameters=("LENGTH",)),
        "pad": Kind(function=pad, parameters=("WIDTH", "CHARACTER"), defaults=("0",), keeps=True),
        "group": Kind(
            function=group, parameters=("SIZE", "SEPARATOR"), defaults=(" ",), keeps=True
        ),
        "without": Kind(function=without, parameters=("CHARACTERS",), by_character=True),
        "or": Kind(function=otherwise, parameters=("OTHER",), keeps=True),
    }
)
"""Name -> filter."""

_NUMBERS = frozenset({"COUNT", "LENGTH", "SIZE", "WIDTH"})
_LONGEST = MappingProxyType({"CHARACTER": 1, "SEPARATOR": _SEPARATOR_MAX})


@dataclass(frozen=True, kw_only=True)
class Filter:
    """A filter as a template uses it."""

    name: str
    arguments: tuple[str | int, ...]

    @property
    def kind(self) -> Kind:
        """What it does."""
        return KINDS[self.name]

    @property
    def text(self) -> str:
        """Itself as templates write it, shortest: two that do the same have the same text."""
        given = [str(argument) for argument in self.arguments]
        defaults = self.kind.defaults
        if defaults and given[-len(defaults) :] == list(defaults):
            given = given[: -len(defaults)]
        return ":".join([self.name, *given])

    @cached_property
    def apply(self) -> Callable[[str], str]:
        """What writes a text."""
        names = (name.lower() for name in self.kind.parameters)
        return partial(self.kind.function, **dict(zip(names, self.arguments, strict=True)))


def read(text: str) -> Filter:
    """Read a filter with its arguments; raise Fault for a wrong one.

    The last argument goes up to the end, so it may hold a colon.

    >>> read("group:2::").arguments, read("pad:04").text, read("group:4: ").text
    ((2, ':'), 'pad:4', 'group:4')
    """
    name, colon, rest = text.partition(":")
    kind = KINDS.get(name)
    if kind is None:
        near = nearest(name, KINDS)
        meant = f": did you mean '{near}'?" if near else "."
        raise Fault(f"{shown(name)} is not a known filter{meant} Known: {', '.join(KINDS)}.")
    given = rest.split(":", max(0, len(kind.parameters) - 1)) if colon else []
    least = len(kind.parameters) - len(kind.defaults)
    if not least <= len(given) <= len(kind.parameters):
        raise Fault(_refusal(text, f"expected {_count(kind)}, got {len(given)}", name))
    pairs = zip(kind.parameters, given, strict=False)
    arguments = tuple(_argument(parameter, value, text) for parameter, value in pairs)
    return Filter(name=name, arguments=arguments + kind.defaults[len(given) - least :])


def _argument(parameter: str, value: str, text: str) -> str | int:
    name = text.partition(":")[0]
    if parameter in _NUMBERS:
        if re.fullmatch("[0-9]{1,4}", value) and 1 <= int(value) <= LENGTH_MAX:
            return int(value)
        wanted = f"a whole number from 1 to {LENGTH_MAX}"
        raise Fault(_refusal(text, f"expected {wanted} for {parameter}, got {shown(value)}", name))
    longest = _LONGEST.get(parameter, LENGTH_MAX)
    if 1 <= len(value) <= longest:
        return value
    wanted = "1 character" if longest == 1 else f"1 to {longest} characters"
    raise Fault(_refusal(text, f"expected {wanted} for {parameter}, got {len(value)}", name))


def _refusal(text: str, what: str, name: str) -> str:
    return f"Filter {shown(text)}: {what}; write {usage(name)}."


def _count(kind: Kind) -> str:
    least, most = len(kind.parameters) - len(kind.defaults), len(kind.parameters)
    counts = f"{least} or {most}" if least < most else str(most)
    return "no argument" if not most else f"{counts} argument{'s' if most > 1 else ''}"


def usage(name: str) -> str:
    """Return how a filter is written.

    >>> usage("group"), usage("upper")
    ('group:SIZE or group:SIZE:SEPARATOR', 'upper')
    """
    kind = KINDS[name]
    full = ":".join([name, *kind.parameters])
    if not kind.defaults:
        return full
    return f"{':'.join([name, *kind.parameters[: -len(kind.defaults)]])} or {full}"
