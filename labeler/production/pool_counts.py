"""How many numbers of a pool wait, and whether somebody should import more."""

import structlog

from labeler.production.plant import Plant
from labeler.store import Transaction

log = structlog.get_logger(__name__)


def take(transaction: Transaction, plant: Plant, name: str, *, count: int) -> None:
    """Count numbers that are allocated now; warn when they take the pool to its low-water mark."""
    [(waiting,)] = transaction.run_sql(
        "UPDATE pool SET waiting = waiting - ?, allocated = allocated + ? WHERE series = ? "
        "RETURNING waiting",
        (count, count, name),
    )
    warn(plant, name, before=waiting + count, now=waiting)


def give_back(transaction: Transaction, plant: Plant, name: str, *, count: int) -> None:
    """Count numbers that are returned now."""
    [(waiting,)] = transaction.run_sql(
        "UPDATE pool SET waiting = waiting - ?, returned = returned + ? WHERE series = ? "
        "RETURNING waiting",
        (count, count, name),
    )
    warn(plant, name, before=waiting + count, now=waiting)


def warn(plant: Plant, name: str, *, before: int | None, now: int) -> None:
    """Warn once, when the pool passes its low-water mark; ``before`` is None at the start."""
    series = plant.series.get(name)
    if (
        series is not None
        and is_low(now, series.low_water)
        and (before is None or not is_low(before, series.low_water))
    ):
        log.warning("pool.low", series=name, waiting=now, low_water=series.low_water)


def is_low(waiting: int, low_water: int) -> bool:
    """Return whether somebody should import more; an empty pool always says so.

    >>> is_low(5, 4), is_low(4, 4), is_low(0, 0)
    (False, True, True)
    """
    return waiting <= low_water
