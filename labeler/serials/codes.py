"""Code tables: a part of the date written as a short code, such as the letter of a model year.

A site adds its own in config.yaml. A table speaks of one date part and gives each of its values a
code; all its codes have one length. Several values may share a code (a year's last digit).

>>> from labeler.serials.occasions import as_occasion
>>> from datetime import UTC, datetime
>>> november = as_occasion(datetime(2026, 11, 23, tzinfo=UTC))
>>> [CODE_TABLES[name].code_at(november) for name in ("vin_year", "month_hex", "month_letter")]
['T', 'B', 'L']
>>> make_table("half", of="month", codes={1: "A", 2: "BB"})
Traceback (most recent call last):
labeler.serials.errors.SerialError: Code table 'half' has codes of different lengths, 'A' and \
'BB'; write codes of one length.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from string import ascii_uppercase, digits
from types import MappingProxyType

from labeler.serials.dates import DATE_PARTS, DatePart
from labeler.serials.errors import SerialError, shown
from labeler.serials.faults import Fault
from labeler.serials.occasions import Occasion

SOURCES: Mapping[str, DatePart] = MappingProxyType(
    {
        part.name: part
        for code, part in DATE_PARTS.items()
        if code in ("Y", "G", "V", "u", "m", "d", "j", "H")
    }
)
"""Name of a date part -> the part a table can speak of."""


@dataclass(frozen=True, kw_only=True)
class CodeTable:
    """Which code stands for which value of one date part."""

    name: str
    """How a pattern names it: `{code:vin_year}`."""
    of: DatePart
    """The date part it speaks of."""
    codes: Mapping[int, str] = field(hash=False)
    """Value -> code."""

    @property
    def length(self) -> int:
        """How many characters a code has."""
        return len(next(iter(self.codes.values())))

    def code_at(self, occasion: Occasion) -> str:
        """The code on an occasion; SerialError where the table ends before it."""
        value = self.of.value_at(occasion)
        if value not in self.codes:
            raise SerialError(
                f"Code table {shown(self.name)} has no code for {self.of.name} {value}: expected"
                f" one of {min(self.codes)} to {max(self.codes)}; add it to the table."
            )
        return self.codes[value]


@dataclass(frozen=True, kw_only=True)
class CodePart:
    """A field that shows a date part by its code."""

    table: CodeTable
    """Where its codes stand."""

    @property
    def name(self) -> str:
        """The key of its value in a parsed serial."""
        return self.table.name

    @property
    def length(self) -> int:
        """How many characters it takes."""
        return self.table.length

    def text_at(self, occasion: Occasion) -> str:
        """Its code on an occasion."""
        return self.table.code_at(occasion)

    def characters_at(self, offset: int) -> str:
        """The characters that can stand at an offset."""
        return "".join(sorted({code[offset] for code in self.table.codes.values()}))

    def admits(self, beginning: str) -> bool:
        """Whether a code begins like this."""
        return any(code.startswith(beginning) for code in self.table.codes.values())

    def fault(self, piece: str) -> Fault | None:
        """What is wrong with a text that is none of the codes."""
        known = list(dict.fromkeys(self.table.codes.values()))
        if piece in known:
            return None
        return Fault(offset=0, expected=f"one of {' '.join(known)}", found=piece)


def make_table(name: str, *, of: str, codes: Mapping[int, str]) -> CodeTable:
    """Return a site's own table, or SerialError with what is wrong with it."""
    if of not in SOURCES:
        known = ", ".join(SOURCES)
        raise SerialError(f"Code table {shown(name)} is of {shown(of)}: expected one of {known}.")
    part = SOURCES[of]
    if not codes:
        raise SerialError(f"Code table {shown(name)} has no codes; write for example 1: A.")
    first = next(iter(codes.values()))
    for value, code in codes.items():
        if not part.low <= value <= part.high:
            raise SerialError(
                f"Code table {shown(name)} has a code for {of} {value}: expected {part.low} to"
                f" {part.high}."
            )
        if not code or not all("!" <= character <= "~" for character in code):
            raise SerialError(
                f"Code table {shown(name)} has the code {shown(code)} for {of} {value}: expected"
                f" printable ASCII without spaces."
            )
        if len(code) != len(first):
            raise SerialError(
                f"Code table {shown(name)} has codes of different lengths, {shown(first)} and"
                f" {shown(code)}; write codes of one length."
            )
    return CodeTable(name=name, of=part, codes=MappingProxyType(dict(codes)))


def _without(left_out: str) -> str:
    return "".join(letter for letter in ascii_uppercase if letter not in left_out)


_VIN_YEARS = _without("IOQUZ") + "123456789"
_BUILT_IN = (
    # 49 CFR 565.15, Table VII; ISO 3779 leaves the year code to the maker.
    ("vin_year", "year", {y: _VIN_YEARS[(y - 1980) % 30] for y in range(1980, 2160)}),
    ("year_digit", "year", {y: str(y % 10) for y in range(1, 10_000)}),
    ("month_hex", "month", dict(enumerate("123456789ABC", start=1))),
    ("month_letter", "month", dict(enumerate(_without("I")[:12], start=1))),
    ("day_31", "day", dict(enumerate((digits[1:] + _without("IO"))[:31], start=1))),
    ("hour_letter", "hour", dict(enumerate(_without("IO")))),
)
CODE_TABLES: Mapping[str, CodeTable] = MappingProxyType(
    {name: make_table(name, of=of, codes=codes) for name, of, codes in _BUILT_IN}
)
"""The tables every site has."""
