"""Texts of a template: what stands there as it is, and what is filled in between braces.

    {VALUE}  {VALUE|FILTER}  {VALUE|FILTER:ARGUMENT:ARGUMENT|FILTER …}     {{ and }} for braces

>>> lot, dash, serial = read("{run.lot|or:-} - {serial|last:4}")
>>> dash, serial.text, serial.write("AC2632700042O")
(' - ', 'serial|last:4', '042O')
>>> read("SN {serial")
Traceback (most recent call last):
labeler.templates.errors.Fault: a single '{' at position 4 of 'SN {serial'. Write '{{' for the \
character itself.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from labeler.templates import filters, placeholders
from labeler.templates.errors import Fault, shown
from labeler.templates.filters import Filter
from printers.errors import Unprintable

FILTERS_MAX = 8
"""Filters of one placeholder."""
PLACEHOLDERS_MAX = 100
"""Placeholders of one text."""
_FAULTS_MAX = 10
"""Faults of one text that are told."""
_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


@dataclass(frozen=True, kw_only=True)
class Expression:
    """A value and how it is written."""

    source: str
    """The placeholder's name, such as serial."""
    filters: tuple[Filter, ...] = ()

    @cached_property
    def text(self) -> str:
        """Itself without braces; two that do the same have the same text."""
        return "|".join([self.source, *(one.text for one in self.filters)])

    @property
    def is_unit_value(self) -> bool:
        """Whether its value differs from unit to unit, or with the moment of its trigger."""
        return placeholders.is_unit_value(self.source)

    @property
    def keeps(self) -> bool:
        """Whether the whole value can still be read."""
        return all(one.kind.keeps for one in self.filters)

    @property
    def minds_nothing(self) -> bool:
        """Whether it says what to write where there is no value."""
        return any(one.name == "or" for one in self.filters)

    def write(self, value: str) -> str:
        """Return the value as it is written; raise Unprintable where that becomes too long."""
        text = value
        for one in self.filters:
            text = one.apply(text)
            if len(text) > filters.LENGTH_MAX:
                raise Unprintable(
                    f"'{{{self.text}}}' makes a text of {len(text)} characters of one of "
                    f"{len(value)}: expected {filters.LENGTH_MAX} at most; show less of it."
                )
        return text

    def write_character(self, character: str) -> str:
        """Return what becomes of a character by the filters that look at each alone."""
        for one in self.filters:
            if one.kind.by_character:
                character = one.apply(character)
        return character


Text = tuple[str | Expression, ...]


def read(text: str) -> Text:
    """Read a text with placeholders; raise Fault with everything that is wrong with them."""
    parts: list[str | Expression] = []
    faults: list[str] = []
    count = 0
    for token, inside, start in _tokens(text):
        count += inside is not None
        if count > PLACEHOLDERS_MAX:
            faults.append(f"a text has more than {PLACEHOLDERS_MAX} placeholders. Split it.")
            break
        try:
            parts.append(_part(token, inside, f"at position {start + 1} of {shown(text)}"))
        except Fault as fault:
            faults += fault.sentences
            if len(faults) >= _FAULTS_MAX:
                break
    if faults:
        raise Fault(*faults)
    return tuple(_joined(parts))


def read_one(inside: str) -> Expression:
    """Read what stands between two braces; raise Fault for what a label cannot show.

    >>> read_one("number|pad:4").write("7")
    '0007'
    """
    source, *names = inside.split("|", FILTERS_MAX + 1)
    if len(names) > FILTERS_MAX:
        raise Fault(f"'{{{shown(inside)[1:-1]}}}' has more than {FILTERS_MAX} filters. Use fewer.")
    faults: list[str] = []
    used: list[Filter] = []
    try:
        placeholders.check(source)
    except Fault as fault:
        faults += fault.sentences
    for name in names:
        try:
            used.append(filters.read(name))
        except Fault as fault:
            faults += fault.sentences
    if faults:
        raise Fault(*faults)
    return Expression(source=source, filters=tuple(used))


def _tokens(text: str) -> Iterator[tuple[str, str | None, int]]:
    """Yield each literal and each brace: its text, what is inside of two, and where it starts."""
    end = 0
    for match in _TOKEN.finditer(text):
        if match.start() > end:
            yield text[end : match.start()], None, -1
        yield match.group(), match.group(1), match.start()
        end = match.end()
    if end < len(text):
        yield text[end:], None, -1


def _part(token: str, inside: str | None, place: str) -> str | Expression:
    if inside is not None:
        return read_one(inside)
    if token in ("{{", "}}"):
        return token[0]
    if token in ("{", "}"):
        raise Fault(f"a single '{token}' {place}. Write '{token}{token}' for the character itself.")
    return token


def _joined(parts: list[str | Expression]) -> list[str | Expression]:
    """Return the parts with neighbouring literals as one."""
    joined: list[str | Expression] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        else:
            joined.append(part)
    return joined
