"""The numbers of a block: reserved at once where they are known before, else drawn in chunks."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row

from labeler.errors import SERIES_EXHAUSTED, Refusal
from labeler.production import counters, identifying
from labeler.production.drawing import Drawer, Drawn
from labeler.production.pinned import PinnedRun
from labeler.production.site import Site
from labeler.serials.blocks import block_writer
from labeler.store import Transaction
from labeler.units import counted


def reserve(
    transaction: Transaction, site: Site, run: PinnedRun, *, quantity: int, now: datetime
) -> int | None:
    """Advance the counter past a block of numbers; None where they are drawn while it is filled."""
    transaction.require_open()
    counters.lock(transaction, run.series_names)
    occasion = site.occasion(run, now)
    identifying.require_enough(transaction, run, occasion=occasion, count=quantity)
    counter, number = counters.of(run.serial, occasion), run.serial.series.number
    start = number.at_or_after(counters.read(transaction, counter, start=number.start))
    run.serial.writer(occasion)  # refuses a run that lacks what its serials show
    left = run.serial.definition.limit - (start - number.start) // number.step
    if quantity > left:
        raise Refusal(
            SERIES_EXHAUSTED,
            f"Series '{run.serial.name}' has {counted(max(0, left), 'number')} left, the block "
            f"wants {quantity}.",
            hint="Give the series a wider number in config.yaml.",
        )
    identifying.require_waiting(transaction, run.serial, count=quantity)
    if run.serial.words is not None or run.serial.kind not in ("sequential", "permuted"):
        return None
    transaction.draw_steps(quantity * number.step)
    counters.write(transaction, counter, number=start + quantity * number.step)
    return start


def take(drawer: Drawer, run: PinnedRun, *, row: Row[Any], count: int) -> Drawn:
    """Return the serials of the next chunk; the occasion is that of the reservation."""
    occasion = drawer.site.occasion(run, row.created_at)
    if row.first_number is None:
        counter = counters.of(run.serial, occasion)
        start = counters.read(drawer.transaction, counter, start=run.serial.series.counter_start)
        drawn = drawer.draw(run.serial, run.serial.writer(occasion), start=start, count=count)
        counters.write(drawer.transaction, counter, number=drawn.next)
        return drawn
    step = run.serial.series.number.step
    first = row.first_number + row.filled * step
    numbers = range(first, first + count * step, step)
    if run.serial.permutation is None:
        serials = block_writer(run.serial.series, occasion)(numbers)
        if prefix := run.serial.prefix:
            serials = [prefix + serial for serial in serials]
    else:
        write = run.serial.writer(occasion)
        serials = [write(run.serial.permutation.apply(number)) for number in numbers]
    return Drawn(numbers=list(numbers), serials=serials, next=numbers.stop)
