"""An occasion: when, and for which run, serials are issued, as far as a pattern can show it.

A site's production day may begin at another hour than midnight: what the night shift makes at 02:00
belongs to the day before. Every date code of a pattern speaks of the production day; hour, minute
and second are those of the clock on the wall.

>>> from zoneinfo import ZoneInfo
>>> calendar = Calendar(zone=ZoneInfo("Europe/Berlin"), day_start=time(6),
...     shifts=(Shift(name="A", start=time(6)), Shift(name="B", start=time(22))))
>>> night = calendar.occasion(datetime(2026, 11, 24, 1, 30, tzinfo=ZoneInfo("UTC")))
>>> str(night.day), night.at.hour, night.shift
('2026-11-23', 2, 'B')
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise

from labeler.serials.errors import SerialError, shown
from labeler.serials.numbers import Reset


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """When and for which run serials are issued."""

    at: datetime
    """The time on the wall at the site, with its zone."""
    day: date
    """The production day it belongs to."""
    shift: str | None = None
    """The shift at work; None where the site has no shifts."""
    run: Mapping[str, str] = field(default_factory=dict, hash=False)
    """What is known of the run: line, plant, product, lot, work_order, number …"""


@dataclass(frozen=True, kw_only=True)
class Shift:
    """One shift of the site's day; it lasts until the next one starts."""

    name: str
    """As a pattern shows it; all shifts of a site have names of one length."""
    start: time
    """The time on the wall when it starts."""


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """The site's clock: its zone, where its production day begins, its shifts."""

    zone: tzinfo
    day_start: time = time(0)
    shifts: tuple[Shift, ...] = ()

    def occasion(self, at: datetime, *, run: Mapping[str, str] | None = None) -> Occasion:
        """Return the occasion of a moment; SerialError for one without a zone."""
        _require_zone(at)
        local = at.astimezone(self.zone)
        wall = local.time()
        day = local.date() if wall >= self.day_start else local.date() - timedelta(days=1)
        return Occasion(at=local, day=day, shift=self._shift(wall), run=run or {})

    def next_begin(self, at: datetime, reset: Reset) -> datetime | None:
        """Return when the next shift, day, week, month or year begins; None where no clock says."""
        if reset in ("never", "run"):
            return None
        today = self.occasion(at).day
        if reset == "shift":
            starts = [self.day_start, *(shift.start for shift in self.shifts)]
            days = (today, today + timedelta(days=1), today + timedelta(days=2))
            moments = (self._begin(day, start) for day in days for start in starts)
            return min(moment for moment in moments if moment > at)
        return self._begin(_next_day(today, reset), self.day_start)

    def _begin(self, day: date, wall: time) -> datetime:
        return datetime.combine(day, wall, tzinfo=self.zone).astimezone(UTC)

    def _shift(self, wall: time) -> str | None:
        if not self.shifts:
            return None
        ordered = sorted(self.shifts, key=lambda shift: shift.start)
        begun = [shift for shift in ordered if shift.start <= wall]
        return (begun or ordered)[-1].name  # before the first start, yesterday's last shift works


def _next_day(today: date, reset: Reset) -> date:
    """Return the first day of the next day, week (of ISO 8601), month or year."""
    if reset == "day":
        return today + timedelta(days=1)
    if reset == "week":
        return today + timedelta(days=8 - today.isoweekday())
    if reset == "month":
        return (today.replace(day=28) + timedelta(days=4)).replace(day=1)
    return date(today.year + 1, 1, 1)


def check_shifts(shifts: tuple[Shift, ...]) -> str | None:
    """Return what is wrong with a site's shifts in a sentence, or None.

    >>> check_shifts((Shift(name="A", start=time(6)), Shift(name="LATE", start=time(14))))
    "Shifts 'A' and 'LATE' have names of different lengths; write names of one length."
    """
    for one, other in pairwise(sorted(shifts, key=lambda shift: shift.start)):
        if one.start == other.start:
            return f"Shifts {shown(one.name)} and {shown(other.name)} start at the same time."
    for shift in shifts[1:]:
        if len(shift.name) != len(shifts[0].name):
            return (
                f"Shifts {shown(shifts[0].name)} and {shown(shift.name)} have names of different"
                f" lengths; write names of one length."
            )
    if len({shift.name for shift in shifts}) < len(shifts):
        return "Two shifts have the same name; write each name once."
    return None


def as_occasion(at: "datetime | Occasion") -> Occasion:
    """Return an occasion as it is, or that of a moment on its own calendar day."""
    if isinstance(at, Occasion):
        return at
    _require_zone(at)
    return Occasion(at=at, day=at.date())


def _require_zone(at: datetime) -> None:
    if at.utcoffset() is None:
        raise SerialError(
            f"Moment {at.isoformat()} has no time zone: expected the time of the site with"
            f" its zone; use datetime.astimezone(site_zone)."
        )
