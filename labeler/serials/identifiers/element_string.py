"""GS1 element strings: application identifiers (AI) and their values, as symbols carry them.

Standard: GS1 General Specifications, sections 3.2 (the AIs), 7.8 (how scanners send them, FNC1 as
separator, figure 7.8.5-2: AIs of predefined length) and 7.11 (characters). The bracketed form is
that of GS1's Barcode Syntax Engine: a `(` inside a value has
a backslash in front.

Which AIs there are and what each may hold is biip's table. Reading is ours: biip reads today's
date, and takes a wrong check digit, a missing separator and Arabic digits without a word.

>>> message = parse("]d20109506000134352" + "17270331" + "10AB-123" + GS + "2112345")
>>> message.bracketed()
'(01)09506000134352(17)270331(10)AB-123(21)12345'
>>> message.get("21"), message.get("00"), message.symbology
('12345', None, ']d2')
>>> parse("(10)AB-123(21)1").fnc1().split(GS)
['10AB-123', '211']
>>> parse("(01)09506000134353")
Traceback (most recent call last):
labeler.serials.identifiers._errors.InvalidIdentifier: AI (01) '09506000134353' has a wrong check \
digit: expected '2' at position 14, got '3'; scan or type it again.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from labeler.serials.identifiers import _application_identifiers as table
from labeler.serials.identifiers._errors import InvalidIdentifier
from labeler.serials.identifiers._texts import GS

KIND = "Element string"
SYMBOLOGIES = {
    "]C1": "GS1-128",
    "]J1": "GS1 DotCode",
    "]Q3": "GS1 QR Code",
    "]d2": "GS1 DataMatrix",
    "]e0": "GS1 DataBar or GS1 Composite",
}
"""Symbology identifiers of ISO/IEC 15424 that announce element strings (section 5.1.2)."""

_SYMBOLOGY = re.compile(r"\][A-Za-z][0-9A-Za-z]")
_BRACKETED = re.compile(r"\((\d{2,4})\)((?:[^(\\]|\\\()*)", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Element:
    """An AI and its value, which fits the AI."""

    ai: str
    """Two to four digits."""
    value: str
    """Without the AI."""

    def __post_init__(self) -> None:
        table.require_value(self.ai, self.value)

    @property
    def title(self) -> str:
        """GS1's data title, such as SERIAL or BATCH/LOT."""
        return table.title(self.ai)

    def date(self, *, reference_year: int) -> date:
        """The day that a YYMMDD value means, seen from a year; day 00 is the month's last.

        The century is that of the year at most 49 before or 50 after (section 7.12).

        >>> Element(ai="17", value="270200").date(reference_year=2026)
        datetime.date(2027, 2, 28)
        """
        return table.date_of(self.ai, self.value, reference_year=reference_year)


@dataclass(frozen=True, kw_only=True)
class ElementString:
    """AIs with their values in the order they were sent or given, no AI twice."""

    elements: tuple[Element, ...]
    """At least one."""
    symbology: str = ""
    """The symbology identifier in front of it, if a scanner sent one."""

    def get(self, ai: str) -> str | None:
        """The value of that AI; None where it has none."""
        return next((one.value for one in self.elements if one.ai == ai), None)

    def bracketed(self) -> str:
        """As people read it: `(01)…(21)…`."""
        return "".join(
            f"({one.ai}){one.value.replace('(', chr(92) + '(')}" for one in self.elements
        )

    def fnc1(self) -> str:
        """As symbols carry it: FNC1 as GS after values whose length the AI does not tell.

        FNC1 in first position is the symbology's affair and not in it.
        """
        last = self.elements[-1]
        return "".join(
            one.ai + one.value + (GS if one is not last and needs_separator(one.ai) else "")
            for one in self.elements
        )


def needs_separator(ai: str) -> bool:
    """Whether a value of that AI ends with FNC1 unless it is the last (figure 7.8.5-2).

    >>> needs_separator("01"), needs_separator("21"), needs_separator("8018")
    (False, True, True)
    """
    return table.predefined_length(ai) is None


def compact(text: str) -> str:
    """The text without spaces around it, its symbology identifier and FNC1 in first position.

    >>> compact("]C1" + "10AB" + GS)
    '10AB'
    """
    bare = text.strip(" \t\r\n")
    return bare.removeprefix(_symbology_of(bare)).strip(GS)


def validate(text: str) -> str:
    """The text in brackets, or InvalidIdentifier."""
    return parse(text).bracketed()


def parse(text: str) -> ElementString:
    """The element string, bracketed or as a scanner sends it."""
    bare = compact(text)
    symbology = _symbology_of(text.strip(" \t\r\n"))
    if symbology and symbology not in SYMBOLOGIES:
        known = ", ".join(SYMBOLOGIES)
        problem = (
            f"comes from a symbol without GS1 element strings: expected symbology identifier"
            f" {known}, got {symbology}; read it as plain text."
        )
        raise InvalidIdentifier(text, kind=KIND, problem=problem)
    pairs = _bracketed_pairs(bare) if bare.startswith("(") else _fnc1_pairs(bare)
    return build(pairs, symbology=symbology)


def build(pairs: Iterable[tuple[str, str]], *, symbology: str = "") -> ElementString:
    """The element string of AIs and their values.

    >>> build([("01", "09506000134352"), ("10", "AB-1")]).bracketed()
    '(01)09506000134352(10)AB-1'
    >>> build([("21", "1"), ("21", "2")])
    Traceback (most recent call last):
    labeler.serials.identifiers._errors.InvalidIdentifier: Element string '(21)1(21)2' has AI \
(21) twice: expected each AI once; leave one out.
    """
    elements = tuple(Element(ai=ai, value=value) for ai, value in pairs)
    message = ElementString(elements=elements, symbology=symbology)
    if not elements:
        problem = "is empty: expected an AI and its value; scan it again."
        raise InvalidIdentifier("", kind=KIND, problem=problem)
    ais = [one.ai for one in elements]
    for ai in ais:
        if ais.count(ai) > 1:
            problem = f"has AI ({ai}) twice: expected each AI once; leave one out."
            raise InvalidIdentifier(message.bracketed(), kind=KIND, problem=problem)
    return message


def _symbology_of(text: str) -> str:
    found = _SYMBOLOGY.match(text)
    return found.group() if found else ""


def _bracketed_pairs(text: str) -> Iterator[tuple[str, str]]:
    place = 0
    while place < len(text):
        found = _BRACKETED.match(text, place)
        if not found:
            raise InvalidIdentifier(
                text,
                kind=KIND,
                position=place + 1,
                problem=f"is wrong at position {place + 1}: expected an AI in brackets and its"
                " value, with \\( for a bracket inside a value; correct it.",
            )
        yield found.group(1), found.group(2).replace("\\(", "(")
        place = found.end()


def _fnc1_pairs(text: str) -> Iterator[tuple[str, str]]:
    """AIs and values; GS is allowed after any value, even where it is not needed (7.8.6)."""
    rest = text
    while rest:
        ai = table.at_beginning(rest, text=text)
        length = table.predefined_length(ai)
        end = rest.find(GS, len(ai)) if length is None else length
        end = len(rest) if end < 0 else end
        yield ai, rest[len(ai) : end]
        rest = rest[end:].removeprefix(GS)
