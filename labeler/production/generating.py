"""Serials of a pattern for tests and quotations. They are neither issued nor reserved."""

from collections.abc import Iterator
from itertools import islice

from labeler.errors import BAD_VALUE, RUN_LACKS, SERIES_EXHAUSTED, Refusal
from labeler.production import standing
from labeler.production.numbering import PlantSeries
from labeler.serials import CounterExhausted, Occasion, SerialError
from labeler.serials.blocks import block_writer
from labeler.units import counted

BLOCK = 10_000
"""Serials made at once."""

Rows = list[tuple[int, str]]


def refuse_chance(plant_series: PlantSeries) -> None:
    """Refuse (1002) a series whose serials no rule makes, or nobody may know."""
    if plant_series.secret:
        raise Refusal(
            BAD_VALUE,
            f"Series '{plant_series.name}' makes secrets, and a unit would get the same ones.",
            hint="Choose another series.",
        )
    kind = plant_series.series.kind
    if kind in ("random", "pool"):
        shown = "samples" if kind == "random" else "those that wait"
        how = "by chance" if kind == "random" else "from a list somebody imports"
        raise Refusal(
            BAD_VALUE,
            f"The serials of series '{plant_series.name}' come {how}; none can be generated.",
            hint=f"labeler series preview {plant_series.name} shows {shown}.",
        )


def blocks(
    plant_series: PlantSeries, occasion: Occasion, *, start: int, count: int
) -> Iterator[Rows]:
    """Yield number and serial of ``count`` serials from ``start`` on, some thousands at once.

    Refuses (3003) more than the series has, and (2008) an occasion its pattern cannot show.
    """
    try:
        yield from _blocks(plant_series, occasion, start=start, count=count)
    except CounterExhausted as error:
        raise Refusal(SERIES_EXHAUSTED, str(error), hint="Ask for fewer.") from error
    except SerialError as error:
        hint = "Choose another --at or --start, or open the run whose values are shown."
        raise Refusal(RUN_LACKS, str(error), hint=hint) from error


def _blocks(
    plant_series: PlantSeries, occasion: Occasion, *, start: int, count: int
) -> Iterator[Rows]:
    if plant_series.series.kind == "sequential" and not plant_series.definition.words:
        yield from _counted(plant_series, occasion, start=start, count=count)
        return
    every = standing.succession(plant_series, occasion, start=start)
    made = 0
    while made < count:
        rows = list(islice(every, min(BLOCK, count - made)))
        if not rows:
            raise Refusal(
                SERIES_EXHAUSTED,
                f"From {start} on series '{plant_series.name}' makes {counted(made, 'serial')}, "
                f"{count} are wanted.",
                hint=f"Ask for at most {made}, or start earlier." if made else "Start earlier.",
            )
        made += len(rows)
        yield rows


def _counted(
    plant_series: PlantSeries, occasion: Occasion, *, start: int, count: int
) -> Iterator[Rows]:
    """The usual case, much quicker: every number follows the one before."""
    series = plant_series.series
    write = block_writer(series, occasion)
    numbers = range(start, start + count * series.number.step, series.number.step)
    if start >= series.number.start:  # too many are refused at once, not after the first million
        left = len(range(start, series.number.last + 1, series.number.step))
        if left < count:
            raise Refusal(
                SERIES_EXHAUSTED,
                f"Series '{plant_series.name}' has {counted(left, 'number')} from {start} on, "
                f"{count} are wanted.",
                hint=f"Ask for at most {left}." if left else "Start earlier.",
            )
    write(numbers[:1])
    for first in range(0, count, BLOCK):
        block = numbers[first : first + BLOCK]
        yield list(zip(block, write(block), strict=True))
