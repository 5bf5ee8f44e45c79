"""Times, days and numbers as people in the plant write them: the site's zone, their language."""

from datetime import date, datetime

from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_decimal, format_percent
from markupsafe import Markup

from labeler.web import texts
from labeler.web.api import site

NOTHING = "–"
"""What stands where nothing is known."""


def time(moment: datetime | str | None) -> str | Markup:
    """Return a moment in the site's zone, with the exact one for machines beside it."""
    if moment is None:
        return NOTHING
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    zone = site().plant.calendar.zone
    shown = format_datetime(at.astimezone(zone), "medium", locale=texts.locale())
    return Markup('<time datetime="{}">{}</time>').format(at.isoformat(), shown)


def minute(moment: datetime | None) -> str | Markup:
    """Return a moment in the site's zone to the minute, for lists with many columns."""
    if moment is None:
        return NOTHING
    local, locale = moment.astimezone(site().plant.calendar.zone), texts.locale()
    shown = f"{format_date(local, 'medium', locale)}, {format_time(local, 'short', locale=locale)}"
    return Markup('<time datetime="{}">{}</time>').format(moment.isoformat(), shown)


def exact(moment: datetime | None) -> str | Markup:
    """Return a moment in the site's zone to the millisecond."""
    if moment is None:
        return NOTHING
    local = moment.astimezone(site().plant.calendar.zone)
    shown = f"{local:%H:%M:%S}.{local.microsecond // 1000:03d}"
    return Markup('<time datetime="{}">{}</time>').format(moment.isoformat(), shown)


def day(value: date | str | None) -> str:
    """Return a day."""
    if value is None:
        return NOTHING
    at = date.fromisoformat(value) if isinstance(value, str) else value
    return format_date(at, "medium", locale=texts.locale())


def number(value: float | None) -> str:
    """Return a number with its groups of digits."""
    return NOTHING if value is None else format_decimal(value, locale=texts.locale())


def percent(part: float, whole: float) -> str:
    """Return how much of the whole a part is; of nothing it is all."""
    return format_percent(part / whole if whole else 1, locale=texts.locale())


FILTERS = {
    "time": time,
    "minute": minute,
    "day": day,
    "exact": exact,
    "number": number,
    "percent": percent,
}
"""What templates call them."""
