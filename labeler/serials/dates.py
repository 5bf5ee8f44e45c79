"""Date parts: strftime codes that have a fixed width and read the same in every language.

They are written by this module, not by the C library, whose `%Y` gives three characters for the
year 999 on some systems. Weeks are those of ISO 8601-1:2019, 4.3.2.2: they belong to the ISO year
`%G`, which differs from the calendar year around New Year.

>>> from labeler.serials.occasions import as_occasion
>>> new_year = as_occasion(datetime(2027, 1, 1, tzinfo=UTC))
>>> DATE_PARTS["G"].text_at(new_year), DATE_PARTS["V"].text_at(new_year)
('2026', '53')
>>> is_possible((("y", 26), ("j", 366)))
False
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from labeler.serials.errors import shown
from labeler.serials.faults import Fault
from labeler.serials.occasions import Occasion

_DIGITS = "0123456789"
TIME_CODES = "HMS"
"""Codes of the time of day."""


@dataclass(frozen=True, kw_only=True)
class DatePart:
    """A part of the moment of issue, in digits."""

    code: str
    """The letter after `%`."""
    name: str
    """The key of its value in a parsed serial."""
    length: int
    """How many digits, zeros in front."""
    low: int
    """Smallest value."""
    high: int
    """Largest value."""
    of: Callable[[Any], int]
    """The value at a `date`, or at a `datetime` for a time of day."""

    @property
    def is_time(self) -> bool:
        """Whether it is a time of day, which the clock on the wall says, not the calendar."""
        return self.code in TIME_CODES

    def value_at(self, occasion: Occasion) -> int:
        """Its value: of the production day, or of the clock on the wall for a time of day."""
        return self.of(occasion.at if self.is_time else occasion.day)

    def text_at(self, occasion: Occasion) -> str:
        """Its digits on an occasion."""
        return f"{self.value_at(occasion):0{self.length}d}"

    def characters_at(self, offset: int) -> str:
        """The characters that can stand at an offset of this field."""
        return _DIGITS

    def admits(self, beginning: str) -> bool:
        """Whether a value of this part begins like this."""
        if beginning.strip(_DIGITS):
            return False
        rest = self.length - len(beginning)
        low, high = int(beginning + "0" * rest), int(beginning + "9" * rest)
        return low <= self.high and high >= self.low

    def fault(self, piece: str) -> Fault | None:
        """What is wrong with a text in this field's place, if anything is."""
        for offset, character in enumerate(piece):
            if character not in _DIGITS:
                return Fault(offset=offset, expected="a digit", found=character)
        if self.low <= int(piece) <= self.high:
            return None
        expected = f"{self.low:0{self.length}d} to {self.high:0{self.length}d}"
        return Fault(offset=0, expected=expected, found=piece)


def _part(code: str, name: str, low: int, high: int, of: Callable[[Any], int]) -> DatePart:
    return DatePart(code=code, name=name, length=len(str(high)), low=low, high=high, of=of)


_LISTED = (
    _part("Y", "year", 1, 9999, lambda at: at.year),
    _part("y", "year_of_century", 0, 99, lambda at: at.year % 100),
    _part("G", "iso_year", 1, 9999, lambda at: at.isocalendar().year),
    _part("g", "iso_year_of_century", 0, 99, lambda at: at.isocalendar().year % 100),
    _part("V", "iso_week", 1, 53, lambda at: at.isocalendar().week),
    _part("u", "iso_weekday", 1, 7, lambda at: at.isoweekday()),
    _part("m", "month", 1, 12, lambda at: at.month),
    _part("d", "day", 1, 31, lambda at: at.day),
    _part("j", "day_of_year", 1, 366, lambda at: at.timetuple().tm_yday),
    _part("H", "hour", 0, 23, lambda at: at.hour),
    _part("M", "minute", 0, 59, lambda at: at.minute),
    _part("S", "second", 0, 59, lambda at: at.second),
)
DATE_PARTS: Mapping[str, DatePart] = MappingProxyType({part.code: part for part in _LISTED})
"""Code letter -> date part."""

_LANGUAGE = "is written in the language of the machine"
_MIXED = "has several parts, in an order that differs between machines"
_REFUSED = {
    "a": (_LANGUAGE, "%u (1 = Monday)"),
    "A": (_LANGUAGE, "%u (1 = Monday)"),
    "w": ("begins with Sunday = 0, against ISO 8601", "%u (1 = Monday)"),
    "b": (_LANGUAGE, "%m"),
    "B": (_LANGUAGE, "%m"),
    "h": (_LANGUAGE, "%m"),
    "p": (_LANGUAGE, "%H (00 to 23)"),
    "P": (_LANGUAGE, "%H (00 to 23)"),
    "I": ("gives the same hour twice a day", "%H (00 to 23)"),
    "l": ("gives the same hour twice a day", "%H (00 to 23)"),
    "k": ("has a space in front of one digit", "%H"),
    "e": ("has a space in front of one digit", "%d"),
    "U": ("does not count ISO weeks", "%G%V"),
    "W": ("does not count ISO weeks", "%G%V"),
    "c": (_MIXED, "%Y%m%d%H%M%S"),
    "x": (_MIXED, "%Y%m%d"),
    "D": (_MIXED, "%Y%m%d"),
    "F": ("stands for several codes", "%Y-%m-%d"),
    "X": (_MIXED, "%H%M%S"),
    "T": ("stands for several codes", "%H%M%S"),
    "R": ("stands for several codes", "%H%M"),
    "r": (_MIXED, "%H%M%S"),
    "s": ("has no fixed width", "%Y%m%d%H%M%S"),
    "-": ("drops zeros, so it has no fixed width", "the code without '-'"),
    "Z": ("is a name without a fixed width", "no zone: times are the site's"),
    "z": ("differs in width between zones", "no zone: times are the site's"),
}
"""Code -> (what is wrong with it, what to write instead)."""


def refusal(code: str) -> str:
    """Why `%code` is not a date part here, and what to write instead.

    >>> refusal("b")
    '%b is written in the language of the machine; write %m.'
    >>> refusal("Q")
    "'%Q' is not a date code; write one of %Y %y %G %g %V %u %m %d %j %H %M %S."
    """
    if code in _REFUSED:
        reason, instead = _REFUSED[code]
        return f"%{code} {reason}; write {instead}."
    known = " ".join(f"%{known}" for known in DATE_PARTS)
    return f"{shown('%' + code)} is not a date code; write one of {known}."


@lru_cache(maxsize=4096)
def is_possible(values: tuple[tuple[str, int], ...]) -> bool:
    """Whether some day of the calendar has all these (code, value) pairs at once.

    Each value alone is known to be in its range, so times of day need no look at the calendar.
    Cached because all serials of one day ask the same question.
    """
    wanted = {code: value for code, value in values if code not in TIME_CODES}
    if not wanted:
        return True
    return any(
        all(DATE_PARTS[code].of(day) == value for code, value in wanted.items())
        for day in _candidate_days(wanted)
    )


def _candidate_days(wanted: Mapping[str, int]) -> Iterator[datetime]:
    for year in _candidate_years(wanted):
        for month in [wanted["m"]] if "m" in wanted else range(1, 13):
            for day in [wanted["d"]] if "d" in wanted else range(1, 32):
                try:
                    yield datetime(year, month, day, tzinfo=UTC)
                except ValueError:  # 30 February, or a year outside the calendar
                    continue


def _candidate_years(wanted: Mapping[str, int]) -> Iterator[int]:
    if "Y" in wanted:
        yield wanted["Y"]
    elif "G" in wanted:
        yield from (wanted["G"], wanted["G"] - 1, wanted["G"] + 1)
    elif "y" in wanted:
        # The calendar repeats after 400 years, so four centuries stand for all.
        yield from range(2000 + wanted["y"], 2400, 100)
    elif "g" in wanted:
        for iso_year in range(2000 + wanted["g"], 2400, 100):
            yield from (iso_year, iso_year - 1, iso_year + 1)
    else:
        # 28 years hold every weekday of New Year, before, in and after a leap year.
        yield from range(2000, 2028)
