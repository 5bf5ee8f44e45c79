"""What each AI may hold: biip's table, and what it leaves out: check digits and days.

biip's patterns match digits of every script and a line break at the end; here they match ASCII
digits and the whole text.
"""

import calendar
import re
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from labeler.serials.identifiers._errors import InvalidIdentifier
from labeler.serials.identifiers._texts import require_check_digit

if TYPE_CHECKING:
    from biip.gs1_application_identifiers import GS1ApplicationIdentifier

_AI_LENGTH_MAX = 4
_PREDEFINED = {
    "00": 20,
    **dict.fromkeys(("01", "02", "03"), 16),
    "04": 18,
    **dict.fromkeys(("11", "12", "13", "14", "15", "16", "17", "18", "19"), 8),
    "20": 4,
    **dict.fromkeys(("31", "32", "33", "34", "35", "36"), 10),
    "41": 16,
}
"""The first two digits of an AI -> length of AI and value together (figure 7.8.5-2)."""

_CHECKED = {
    "00": 18,
    "01": 14,
    "02": 14,
    "03": 14,
    "253": 13,
    "255": 13,
    "402": 17,
    **dict.fromkeys(("410", "411", "412", "413", "414", "415", "416", "417"), 13),
    "8003": 14,
    "8006": 14,
    "8017": 18,
    "8018": 18,
    "8026": 14,
}
"""AI -> how many digits at its beginning end with a check digit (section 7.9.1)."""

DATES = ("11", "12", "13", "15", "16", "17")
"""AIs whose value is a day, YYMMDD; day 00 is the month's last (section 3.4)."""


@lru_cache(maxsize=1024)
def _entry(ai: str) -> "GS1ApplicationIdentifier | None":
    """The table's row; None for what is not exactly an AI."""
    from biip import ParseError  # takes long to load, and few commands need it
    from biip.gs1_application_identifiers import GS1ApplicationIdentifier

    try:
        entry = GS1ApplicationIdentifier.extract(ai)
    except ParseError:
        return None
    return entry if entry.ai == ai else None


def title(ai: str) -> str:
    """GS1's data title of an AI there is."""
    entry = _entry(ai)
    return entry.data_title if entry else ""


def predefined_length(ai: str) -> int | None:
    """How long AI and value are together, for the AIs whose scanners need no separator."""
    return _PREDEFINED.get(ai[:2])


def at_beginning(rest: str, *, text: str) -> str:
    """The AI that the rest of a text begins with. No AI is the beginning of another one."""
    for length in range(2, _AI_LENGTH_MAX + 1):
        if _entry(rest[:length]):
            return rest[:length]
    position = len(text) - len(rest) + 1
    raise InvalidIdentifier(
        text,
        kind="Element string",
        position=position,
        problem=f"is wrong at position {position}: expected an AI, got {rest[:4]!r}; look whether"
        " a separator is missing before it.",
    )


def require_value(ai: str, value: str) -> None:
    """Refuse an AI that is none, and a value that is not one of its own."""
    entry = _entry(ai)
    if not entry:
        problem = "is not in GS1's list: expected one such as 01, 10 or 21; correct it."
        raise InvalidIdentifier(ai, kind="AI", problem=problem)
    kind = f"AI ({ai})"
    if not value or not re.fullmatch(entry.pattern.removesuffix("$"), ai + value, re.ASCII):
        expected = entry.format.partition("+")[2]
        problem = f"does not fit: expected {expected}; look whether a separator is missing."
        raise InvalidIdentifier(value, kind=kind, problem=problem)
    if ai in _CHECKED:
        require_check_digit(value, kind=kind, length=_CHECKED[ai])
    if ai in DATES:
        _require_day(value, kind=kind)


def _require_day(value: str, *, kind: str) -> None:
    """Refuse a month or day that no calendar has; every fourth year has a 29th of February."""
    year, month, day = int(value[:2]), int(value[2:4]), int(value[4:])
    leap_or_not = 2000 + year % 4
    if not 1 <= month <= 12 or day > calendar.monthrange(leap_or_not, month)[1]:
        problem = "is no day: expected YYMMDD, with 00 for the month's last day; correct it."
        raise InvalidIdentifier(value, kind=kind, problem=problem)


def date_of(ai: str, value: str, *, reference_year: int) -> date:
    """The day of a value, in the century that the reference year tells (section 7.12)."""
    if ai not in DATES:
        problem = f"is no date: expected an AI of {', '.join(DATES)}; ask for another one."
        raise InvalidIdentifier(value, kind=f"AI ({ai})", problem=problem)
    two_digits, month, day = int(value[:2]), int(value[2:4]), int(value[4:])
    ahead = (two_digits - reference_year + 49) % 100 - 49
    year = reference_year + ahead
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(day or last, last))
