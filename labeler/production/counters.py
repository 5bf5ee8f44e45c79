"""Counters: where each series stands, one row a series, epoch and period.

An *epoch* is a count of its own: a new version of a series goes on in the epoch of the one that
issued last, or begins another. A *period* is what the pattern shows of the day, week … when its
counter begins again; empty if it never does. What is kept is the next number of a counter; of a
permuted or random series or a pool it is how many serials were issued.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from labeler.production.pinned import PinnedSeries
from labeler.production.safekeeping import skipping
from labeler.serials import Occasion
from labeler.store import Transaction


@dataclass(frozen=True, kw_only=True)
class Counter:
    """Which counter."""

    series: str
    epoch: int
    period: str
    day: date | None = field(default=None, compare=False)
    """The production day on which it was asked for; None: not known."""
    reset: str = field(default="never", compare=False)
    """When it begins again."""


def of(source: PinnedSeries, occasion: Occasion) -> Counter:
    """Return the counter from which a series draws on an occasion."""
    return Counter(
        series=source.name,
        epoch=source.epoch,
        period=source.series.period(occasion),
        day=occasion.day,
        reset=source.series.number.reset,
    )


def lock(transaction: Transaction, names: Sequence[str]) -> None:
    """On PostgreSQL, let no other process draw from these series until we end."""
    if not transaction.for_update:
        return
    places = ", ".join("?" * len(names))
    transaction.run_sql(
        f"SELECT name FROM number_series WHERE name IN ({places}) "  # noqa: S608 places are ours
        f"ORDER BY name{transaction.for_update}",
        names,
    )


def read(transaction: Transaction, counter: Counter, *, start: int) -> int:
    """Return where the counter stands; a new one begins at ``start``, or above what was lost."""
    rows = transaction.run_sql(
        "SELECT next FROM series_counter WHERE series = ? AND epoch = ? AND period = ?",
        (counter.series, counter.epoch, counter.period),
    )
    if rows:
        return max(int(rows[0][0]), start)
    began = None if counter.day is None else skipping.earliest(counter.day, counter.reset)
    return start + skipping.of_new(transaction, began=began)


def raise_all(transaction: Transaction, *, steps: int) -> int:
    """Move every counter on by ``steps``, which may have been drawn; return how many there are."""
    names = [row[0] for row in transaction.run_sql("SELECT name FROM number_series")]
    if names:
        lock(transaction, names)
    rows = transaction.run_sql(
        "UPDATE series_counter SET next = next + ? RETURNING series", (steps,)
    )
    return len(rows)


def write(transaction: Transaction, counter: Counter, *, number: int) -> None:
    """Keep where the counter stands."""
    transaction.run_sql(
        "INSERT INTO series_counter (series, epoch, period, next) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (series, epoch, period) DO UPDATE SET next = excluded.next",
        (counter.series, counter.epoch, counter.period, number),
    )
