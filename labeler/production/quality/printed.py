"""What else a label says, or somebody expects of it, against what its run pinned."""

import calendar
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from labeler.production.carrying import IssuedUnit
from labeler.production.quality.looking import Seen
from labeler.production.quality.verdicts import Outcome
from labeler.store import Transaction, schema

EXPIRY = "attributes.expiry"
"""The run's attribute that says until which day its units may be used: YYMMDD, as in AI (17)."""


def contradiction(
    transaction: Transaction, seen: Seen, unit: IssuedUnit, *, lot: str | None, today: date
) -> Outcome | None:
    """Return what the label or the expected ``lot`` says against the run, or that it expired."""
    run = schema.run
    row = transaction.execute(select(run.c.lot, run.c.constants).where(run.c.id == unit.run)).one()
    gtin = row.constants.get("product.gtin", "")
    beside = seen.beside
    said = f"Serial '{unit.serial}' was issued by {unit.made_by}"
    if beside is not None and beside.gtin and beside.gtin != gtin.zfill(14):
        known = f"whose GTIN is {gtin}" if gtin else "which has no GTIN"
        return Outcome(
            verdict="other_product",
            sentence=f"{said}, {known}: the label says GTIN {beside.gtin}.",
            details={"product": unit.product, "gtin": gtin or None, "got": beside.gtin},
        )
    for source, other in (("expected is", lot), ("the label says", beside and beside.lot)):
        if other is not None and other != row.lot:
            known = f"of lot {row.lot}" if row.lot else "without a lot"
            return Outcome(
                verdict="other_lot",
                sentence=f"{said}, {known}: {source} lot {other}.",
                details={"lot": row.lot, "got": other, "run": unit.run},
            )
    return _expired(said, row.constants, beside.expiry if beside else None, today=today)


def _expired(
    said: str, constants: Mapping[str, Any], printed: str | None, *, today: date
) -> Outcome | None:
    for text in (printed, constants.get(EXPIRY)):
        last = last_day(text or "", today=today)
        if last is not None and last < today:
            return Outcome(
                verdict="expired",
                sentence=f"{said}, and was to be used until {last.isoformat()}.",
                details={"expiry": last.isoformat()},
            )
    return None


def last_day(text: str, *, today: date) -> date | None:
    """Return the day that YYMMDD means, or None where it means none.

    GS1 General Specifications, section 7.12: 51 years back to 49 years ahead; day 00 is the last
    one of its month.

    >>> last_day("270200", today=date(2026, 11, 23)), last_day("991231", today=date(2026, 11, 23))
    (datetime.date(2027, 2, 28), datetime.date(1999, 12, 31))
    >>> last_day("2027", today=date(2026, 11, 23))
    """
    if len(text) != 6 or not (text.isascii() and text.isdigit()):
        return None
    year, month, day = int(text[:2]), int(text[2:4]), int(text[4:])
    ahead = year - today.year % 100
    century = today.year // 100 + (-1 if ahead >= 51 else 1 if ahead <= -50 else 0)
    year += 100 * century
    try:
        return date(year, month, day or calendar.monthrange(year, month)[1])
    except ValueError:  # calendar.IllegalMonthError is one
        return None
