"""The tables of a certificate: names with values, names with numbers, rows under a head."""

import itertools
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any, Final

from reportlab.lib.units import mm
from reportlab.platypus import Table

from labeler.production.certifying.parts import INK, LEFT, MUTED, RIGHT, RULE, Align, style, text

BARE: Final = [
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 0),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
]


def pairs(rows: Mapping[str, Any], *, width: float) -> Table:
    """Return names and values, one pair a line."""
    rows_shown = [
        [text(title, style(8, color=MUTED)), text(shown(value), style(9))]
        for title, value in rows.items()
    ]
    table = Table(rows_shown, colWidths=[30 * mm, width - 30 * mm], hAlign="LEFT")
    table.setStyle([
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        *BARE,
        ("TOPPADDING", (0, 0), (-1, -1), 1.6),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1.6),
        ("LINEBELOW", (0, 0), (-1, -2), 0.3, RULE),
    ])  # fmt: skip
    return table


def counted(rows: Mapping[str, str], *, width: float) -> Table:
    """Return names and numbers, one pair a line."""
    rows_shown = [
        [text(title, style(8, color=MUTED)), text(value, style(9, align=2))]
        for title, value in rows.items()
    ]
    table = Table(rows_shown, colWidths=[width - 22 * mm, 22 * mm])
    table.setStyle([
        *BARE,
        ("TOPPADDING", (0, 0), (-1, -1), 1.6),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1.6),
        ("LINEBELOW", (0, 0), (-1, -2), 0.3, RULE),
    ])  # fmt: skip
    return table


def table(
    titles: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    widths: Sequence[float],
    numbers: int = 0,
) -> Table:
    """Return a table whose head is repeated on each page; its last columns are numbers."""
    rest = len(titles) - numbers
    aligns: list[Align] = [*itertools.repeat(LEFT, rest), *itertools.repeat(RIGHT, numbers)]
    head = [text(t, style(7.5, color=MUTED, align=a)) for t, a in zip(titles, aligns, strict=True)]
    body = [
        [text(shown(value), style(8.5, align=a)) for value, a in zip(row, aligns, strict=True)]
        for row in rows
    ]
    table = Table([head, *body], colWidths=widths, repeatRows=1)
    table.setStyle([
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, INK),
        ("LINEBELOW", (0, 1), (-1, -1), 0.3, RULE),
        ("LEFTPADDING", (0, 0), (0, -1), 0),
        ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 1.8),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1.8),
    ])  # fmt: skip
    return table


def shown(value: Any) -> str:
    """Return a value for people."""
    return f"{value:,}" if isinstance(value, int) else str(value)


def moment(at: datetime, zone: tzinfo) -> str:
    """Return a time for people: in UTC, and beside it as the site's clock said it.

    >>> from zoneinfo import ZoneInfo
    >>> moment(datetime(2026, 11, 23, 12, tzinfo=UTC), ZoneInfo("Europe/Berlin"))
    '2026-11-23 12:00:00 UTC (13:00:00 CET)'
    >>> moment(datetime(2026, 11, 23, 23, 30, tzinfo=UTC), ZoneInfo("Europe/Berlin"))
    '2026-11-23 23:30:00 UTC (2026-11-24 00:30:00 CET)'
    >>> moment(datetime(2026, 11, 23, 12, tzinfo=UTC), ZoneInfo("UTC"))
    '2026-11-23 12:00:00 UTC'
    """
    at = at.astimezone(UTC)
    told = f"{at:%Y-%m-%d %H:%M:%S} UTC"
    if is_utc(at, zone):
        return told
    local = at.astimezone(zone)
    day = "" if local.date() == at.date() else f"{local:%Y-%m-%d} "
    return f"{told} ({day}{local:%H:%M:%S %Z})"


def is_utc(at: datetime, zone: tzinfo) -> bool:
    """Return whether a zone's clock is called UTC, so that its time need not be said twice."""
    return at.astimezone(zone).tzname() == "UTC"
