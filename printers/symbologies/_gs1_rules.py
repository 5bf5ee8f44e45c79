"""What each GS1 application identifier (AI) may hold, GS1 General Specifications, chapter 3.

Which AIs there are, their lengths and characters are biip's table (docs/decisions/0015). What that
leaves out is here: check digits and characters, days and times, and that percent-encoding counts as
written. biip's patterns match digits of any script; here only ASCII ones.

>>> problem("01", "09501101530003")
>>> problem("01", "09501101530004")
"expected check digit '3' in place 14, got '4'; correct it"
>>> problem("17", "261301")
"expected a day as YYMMDD, got '261301'; correct it"
"""

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from urllib.parse import quote, unquote_to_bytes

from printers.symbologies._check_digit import check_digit

_PREDEFINED = frozenset(f"{first:02d}" for first in (*range(5), *range(11, 21), *range(31, 37), 41))
"""First two digits of AIs whose length readers know without a separator (figure 7.8.5-2)."""

_CHECK_DIGITS: Mapping[str, int] = MappingProxyType(
    {
        "00": 18,
        **dict.fromkeys(("01", "02", "03"), 14),
        **dict.fromkeys(("253", "255"), 13),
        "402": 17,
        **dict.fromkeys(("410", "411", "412", "413", "414", "415", "416", "417"), 13),
        **dict.fromkeys(("8003", "8006", "8026"), 14),
        **dict.fromkeys(("8017", "8018"), 18),
    }
)
"""AI -> which digit is the check digit of those before it (section 7.9.1)."""

_CHECK_PAIR = "8013"
_PAIR_CHARACTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_SET_82_ORDERED = (
    "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
)
_SET_82 = frozenset(_SET_82_ORDERED)
_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83)
"""Weights from the right, and the values of characters in a check character pair (7.9.5)."""

_TIMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **dict.fromkeys(("11", "12", "13", "15", "16", "17", "7006", "4326"), ("YYMMDD",)),
        **dict.fromkeys(("7003", "4324", "4325"), ("YYMMDDhhmm",)),
        "7007": ("YYMMDD", "YYMMDDYYMMDD"),
        "7011": ("YYMMDD", "YYMMDDhhmm"),
        "8008": ("YYMMDDhh", "YYMMDDhhmm", "YYMMDDhhmmss"),
        "7250": ("CCYYMMDD",),
        "7251": ("CCYYMMDDhhmm",),
    }
)
"""AI -> how its days and times may be written (chapter 3)."""

_WHOLE_MONTH = frozenset(("11", "12", "13", "15", "16", "17"))
"""AIs in which day 00 stands for no particular day of the month (section 3.4)."""
_ANY_TIME = frozenset(("4324", "4325"))
"""AIs in which 9999 stands for no particular time of the day (section 3.7)."""
_LIMITS = {"hh": 23, "mm": 59, "ss": 59}

_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


@dataclass(frozen=True, kw_only=True)
class _Entry:
    """A row of the table."""

    pattern: re.Pattern[str]
    """Of AI and value."""
    form: str
    """The value's format in GS1's notation, such as N13[+X..17]."""
    percent_encoded: bool
    """Whether characters outside set 82 are written as % and two hexadecimal digits."""


@lru_cache(maxsize=1024)
def _entry(ai: str) -> _Entry | None:
    """The row of exactly that AI; None for what is no AI."""
    from biip import ParseError  # takes long to load, and few labels need it
    from biip.gs1_application_identifiers import GS1ApplicationIdentifier

    try:
        entry = GS1ApplicationIdentifier.extract(ai)
    except ParseError:
        return None
    if entry.ai != ai:
        return None
    return _Entry(
        pattern=re.compile(entry.pattern.removesuffix("$"), re.ASCII),
        form=entry.format.partition("+")[2],
        percent_encoded="%[0-9A-Fa-f]" in entry.pattern,
    )


def is_known(ai: str) -> bool:
    """Whether GS1 has such an AI."""
    return _entry(ai) is not None


def needs_separator(ai: str) -> bool:
    """Whether a value of that AI ends with FNC1 unless it is the last (section 7.8.5).

    >>> needs_separator("01"), needs_separator("21"), needs_separator("8018")
    (False, True, True)
    """
    return ai[:2] not in _PREDEFINED


def problem(ai: str, value: str) -> str | None:
    """What is wrong with a value: what is expected, and what to do; None where nothing is."""
    entry = _entry(ai)
    if entry is None:
        return "expected an application identifier of GS1, such as 01, 10 or 21; correct it"
    if value.isascii() and value.isdigit() and (found := _time_problem(ai, value)):
        return found
    if not entry.pattern.fullmatch(ai + value):
        return f"expected {entry.form}{_hint(entry, value)}; correct it"
    return _escape_problem(entry, value) or _check_problem(ai, value)


def _hint(entry: _Entry, value: str) -> str:
    """Which characters there are, where a value has another one."""
    if not set(value) - _SET_82:
        return ""
    if entry.percent_encoded:
        return f" in GS1's character set 82, others percent-encoded as in {quote(value, safe='')!r}"
    return " in GS1's character set 82 (letters, digits and some signs, no space)"


def _check_problem(ai: str, value: str) -> str | None:
    if ai == _CHECK_PAIR:
        expected = check_pair(value[:-2])
        if value[-2:] != expected:
            return f"expected check characters {expected!r} at its end; correct it"
    if ai not in _CHECK_DIGITS:
        return None
    place = _CHECK_DIGITS[ai]
    expected = check_digit(value[: place - 1])
    if value[place - 1] == expected:
        return None
    got = value[place - 1]
    return f"expected check digit {expected!r} in place {place}, got {got!r}; correct it"


def check_pair(text: str) -> str:
    """The two check characters of a Global Model Number (section 7.9.5).

    >>> check_pair("1987654Ad4X4bL5ttr2310c")
    '2K'
    """
    total = sum(
        _SET_82_ORDERED.index(character) * prime
        for character, prime in zip(reversed(text), _PRIMES, strict=False)
    )
    high, low = divmod(total % 1021, 32)
    return _PAIR_CHARACTERS[high] + _PAIR_CHARACTERS[low]


def _time_problem(ai: str, value: str) -> str | None:
    for form in _TIMES.get(ai, ()):
        if len(form) == len(value) and _is_time(ai, value, form):
            return None
    if ai not in _TIMES:
        return None
    what = "a day and time" if "hh" in "".join(_TIMES[ai]) else "a day"
    return f"expected {what} as {' or '.join(_TIMES[ai])}, got {value!r}; correct it"


def _is_time(ai: str, value: str, form: str) -> bool:
    """Whether the digits are days and times; a year divided by 4 may have a 29th of February."""
    century = 2 if form.startswith("CC") else 0
    days, clock = value[century:], ""
    if "h" in form:
        days, clock = value[century : form.index("h")], value[form.index("h") :]
    names = re.findall("hh|mm|ss", form)
    if not (ai in _ANY_TIME and clock == "9999"):
        for name, at in zip(names, range(0, len(clock), 2), strict=True):
            if int(clock[at : at + 2]) > _LIMITS[name]:
                return False
    return all(
        _is_day(days[at : at + 6], may_be_whole_month=ai in _WHOLE_MONTH)
        for at in range(0, len(days), 6)
    )


def _is_day(digits: str, *, may_be_whole_month: bool) -> bool:
    year, month, day = int(digits[:2]), int(digits[2:4]), int(digits[4:])
    if not 1 <= month <= 12:
        return False
    first = 0 if may_be_whole_month else 1
    return first <= day <= calendar.monthrange(2000 + year % 4, month)[1]


def _escape_problem(entry: _Entry, value: str) -> str | None:
    """What is percent-encoded counts as it is written: three characters a byte."""
    if not entry.percent_encoded:
        return None
    longest = int(entry.form.rpartition("..")[2])
    if len(value) > longest:
        return f"expected {entry.form} as it is written, got {len(value)} characters; shorten it"
    if _BROKEN_ESCAPE.search(value):
        return "expected two hexadecimal digits behind each %, which is itself %25; correct it"
    try:
        unquote_to_bytes(value).decode()
    except UnicodeDecodeError:
        return "expected percent-encoded UTF-8; correct it"
    return None
