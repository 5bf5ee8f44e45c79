"""Periods: when a counter begins again, and the key under which each period keeps its count.

The key is made of what the pattern *shows* of the period, never of the clock alone. So two serials
with the same text always have the same key, and one counter never gives a number twice: a clock
that jumps back finds the count of the earlier period and goes on from there.

>>> from datetime import UTC, datetime
>>> from labeler.serials import parse_pattern
>>> series = parse_pattern("{date:%y%j}-{counter:4,reset=day}")
>>> series.period(datetime(2026, 11, 23, tzinfo=UTC))
'26327'
>>> parse_pattern("{date:%y}-{counter:4,reset=day}")
Traceback (most recent call last):
labeler.serials.errors.PatternError: Pattern '{date:%y}-{counter:4,reset=day}', character 11: A \
counter that begins again each day would repeat serials, since the pattern does not show the day; \
write {date:%y%j} or {date:%y%m%d} into it, or reset=never.
"""

from collections.abc import Sequence

from labeler.serials.codes import CodePart
from labeler.serials.dates import DatePart
from labeler.serials.fields import Constant, Field, RunPart, ShiftPart
from labeler.serials.numbers import Reset
from labeler.serials.occasions import Occasion

RUN_ATTRIBUTES = ("number", "lot", "work_order")
"""What tells one run from another; runs of one lot share its count."""
_ADVICE: dict[Reset, str] = {
    "run": "{run:number:6} or {run:lot:8}",
    "shift": "{date:%y%j} and {shift}",
    "day": "{date:%y%j} or {date:%y%m%d}",
    "week": "{date:%g%V}",
    "month": "{date:%y%m}",
    "year": "{date:%y}",
}
RESETS: tuple[Reset, ...] = ("never", *_ADVICE)
"""All words after `reset=`."""


def shown_fields(fields: Sequence[Field], reset: Reset) -> list[Constant] | None:
    """Return the fields whose text is the period's key; None if the pattern does not show it."""
    if reset == "never":
        return []
    if reset == "run":
        runs = [f for f in fields if isinstance(f, RunPart) and f.attribute in RUN_ATTRIBUTES]
        return list(runs) or None
    dates = [f for f in fields if isinstance(f, DatePart | CodePart) and _code(f) != "H"]
    dates = [f for f in dates if not (isinstance(f, DatePart) and f.is_time)]
    if reset == "shift":
        shifts = [f for f in fields if isinstance(f, ShiftPart)]
        return [*dates, *shifts] if shifts and _shows_day(dates) else None
    if reset == "day":
        return list(dates) if _shows_day(dates) else None
    wanted = {"week": ("GV",), "month": ("Ym",), "year": ("Y",)}[reset]
    if not any(set(codes) <= _codes(dates) for codes in wanted):
        return None
    return [f for f in dates if _code(f) in wanted[0]]


def key(fields: Sequence[Constant], occasion: Occasion) -> str:
    """Return the key of the period of an occasion: what these fields show of it."""
    return "".join(f.text_at(occasion) for f in fields)


def problem(reset: Reset) -> str:
    """Say why a pattern that does not show its period is refused, and what to write."""
    return (
        f"A counter that begins again each {reset} would repeat serials, since the pattern does"
        f" not show the {reset}; write {_ADVICE[reset]} into it, or reset=never."
    )


def _shows_day(dates: Sequence[DatePart | CodePart]) -> bool:
    codes = _codes(dates)
    return any(set(day) <= codes for day in ("Yj", "Ymd", "GVu"))


def _codes(dates: Sequence[DatePart | CodePart]) -> set[str]:
    return {_code(f) for f in dates}


def _code(part: DatePart | CodePart) -> str:
    """The strftime code of a part; a year is one, with or without its century or as a code."""
    code = part.code if isinstance(part, DatePart) else part.table.of.code
    return {"y": "Y", "g": "G"}.get(code, code)
