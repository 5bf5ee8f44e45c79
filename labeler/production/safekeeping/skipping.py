"""Numbers that are left out, since a lost part of the record may have issued them.

An unlock raises every counter that the record knows. A counter that it does not know may have begun
in the lost part: that of a day, a lot, a whole series. So such a counter begins above its start,
unless its period surely began after the unlock.
"""

import json
from datetime import date, datetime, timedelta
from typing import Any

from labeler.store import Transaction

NAME = "skips"
"""Name in site_setting: a JSON list of when was unlocked, and how many steps were lost."""


def add(transaction: Transaction, *, at: datetime, steps: int) -> None:
    """Keep that ``steps`` may have been drawn before ``at``, of any counter."""
    text = json.dumps([*_read(transaction), {"at": at.isoformat(), "steps": steps}])
    transaction.run_sql(
        "INSERT INTO site_setting (name, value) VALUES (?, ?) "
        "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (NAME, text),
    )


def of_new(transaction: Transaction, *, began: date | None) -> int:
    """Return how far above its start a counter begins that the record does not know.

    ``began`` is the earliest day on which its period may have begun; None: it may be any day.
    """
    return sum(
        int(one["steps"])
        for one in _read(transaction)
        if began is None or began <= _last_day(one["at"])
    )


def losses(transaction: Transaction) -> list[tuple[datetime, int]]:
    """Return when was unlocked, and how many steps of each counter were left out then."""
    found = [(datetime.fromisoformat(one["at"]), int(one["steps"])) for one in _read(transaction)]
    return [(at, steps) for at, steps in found if steps]


def _last_day(text: str) -> date:
    """Return the latest date that any zone and production day had at a moment."""
    return (datetime.fromisoformat(text) + timedelta(days=1)).date()


def _read(transaction: Transaction) -> list[dict[str, Any]]:
    rows = transaction.run_sql("SELECT value FROM site_setting WHERE name = ?", (NAME,))
    return list(json.loads(rows[0][0])) if rows else []


def earliest(day: date, reset: str) -> date | None:
    """Return the earliest day on which the period with this production day can have begun.

    >>> earliest(date(2026, 11, 23), "month"), earliest(date(2026, 11, 23), "never")
    (datetime.date(2026, 11, 1), None)
    """
    if reset in ("day", "shift"):
        return day
    if reset == "week":
        return day - timedelta(days=7)
    if reset == "month":
        return day.replace(day=1)
    # A year of weeks begins up to three days before the year.
    return day.replace(month=1, day=1) - timedelta(days=4) if reset == "year" else None
