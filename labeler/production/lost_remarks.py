"""What a check says of a serial that nobody knows, where a part of the record was lost.

Whoever restores a backup loses what was issued since. An unlock leaves those numbers out, and their
labels may be on units: to call them never issued would call right units strangers.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from labeler.production.safekeeping import skipping
from labeler.serials.definition import Definition
from labeler.store import Transaction


def remark(
    transaction: Transaction, fits: Sequence[Mapping[str, Any]], *, known: Mapping[str, Definition]
) -> str | None:
    """Return that a text may have been issued in a lost part of the record; None: it was not.

    ``fits`` says of which series it is, as `fitting.fits_of`. Above where its counter stands now
    nothing was ever issued. Where numbers are in no order, or no counter is known, nobody can tell.
    """
    losses = skipping.losses(transaction)
    may_be = losses and any(
        one["valid"] and _is_below(transaction, one, known[one["series"]]) for one in fits
    )
    if not may_be:
        return None
    told = " and ".join(f"on {at:%Y-%m-%d at %H:%M:%S} UTC ({steps:,})" for at, steps in losses)
    return (
        "the record does not know it: it may have been issued before a part of the record was "
        f"lost; so many numbers of each counter were left out when the site was unlocked, {told}"
    )


def _is_below(transaction: Transaction, fit: Mapping[str, Any], definition: Definition) -> bool:
    """Return whether its counter may have passed the number of a text."""
    if definition.series.kind == "pool":
        return True
    number = fit["place"] if fit["place"] is not None else fit["counter"]
    [(limit,)] = transaction.run_sql(
        "SELECT max(next) FROM series_counter WHERE series = ? AND epoch >= 0", (fit["series"],)
    )
    in_order = fit["place"] is not None or definition.series.kind == "sequential"
    return not in_order or number is None or limit is None or number < limit
