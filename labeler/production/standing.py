"""Where a series stands: its next number, how many are left, when they run out. Nothing is drawn.

Every answer costs the same however many units the record has: it comes from the counters, from the
runs, and from the index of a run's places.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sqlalchemy import select

from labeler.production import counters, numbering, rates, versions
from labeler.production.counters import Counter
from labeler.production.draws import draws
from labeler.production.numbering import PlantSeries
from labeler.production.pinned import run_values
from labeler.production.site import Site
from labeler.serials import Occasion, SerialError
from labeler.serials.fields import RunPart
from labeler.store import Transaction, schema
from labeler.units import RunMode

Level = Literal["ok", "warn_80", "warn_95", "exhausted"]
_LEVELS: tuple[tuple[float, Level], ...] = ((1.0, "exhausted"), (0.95, "warn_95"), (0.8, "warn_80"))


@dataclass(frozen=True, kw_only=True)
class Moment:
    """An occasion, and how much of it is a guess."""

    occasion: Occasion
    run: int | None
    """The open run whose values it shows."""
    samples: Mapping[str, str] = field(default_factory=dict)
    """What stands for values of a run that nobody knows yet."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a series stands at a moment."""

    version: versions.Foreseen
    counter: Counter
    next: int
    """What the counter holds."""
    used: int
    """Numbers that were used up, or left out; in this period, if the counter begins again."""
    limit: int
    """How many it may use; in each period."""
    left: int

    @property
    def is_unused(self) -> bool:
        """Whether nothing was taken yet: of a pool that has nothing, that no list came."""
        return not self.used

    @property
    def fill_ratio(self) -> float:
        """How much of what there is was used: 0 to 1; an empty pool is used up."""
        total = self.used + self.left
        return self.used / total if total else 1.0

    @property
    def level(self) -> Level:
        """Whether somebody should do something about it."""
        return next((level for least, level in _LEVELS if self.fill_ratio >= least), "ok")


def nothing_left(plant_series: PlantSeries, standing: Standing) -> str:
    """Return the sentence about a series that has no number left, and what to do."""
    name, number = plant_series.name, plant_series.series.number
    if plant_series.series.kind == "pool":
        if standing.is_unused:
            return f"The pool of series '{name}' is empty; import numbers before the first run."
        return f"Series '{name}' has no number left; import more numbers."
    period = "" if number.reset == "never" else f" of this {number.reset}"
    return f"Series '{name}' has no number left{period}; write a wider number."


def read(transaction: Transaction, plant_series: PlantSeries, occasion: Occasion) -> Standing:
    """Return where the series of config.yaml stands on an occasion."""
    definition, series = plant_series.definition, plant_series.series
    foreseen = versions.foresee(transaction, plant_series)
    try:
        period = series.period(occasion)
    except SerialError:  # a code table that has no code for this day
        period = ""
    counter = Counter(
        series=plant_series.name,
        epoch=foreseen.epoch,
        period=period,
        day=occasion.day,
        reset=series.number.reset,
    )
    first = series.counter_start
    following = series.number.at_or_after(counters.read(transaction, counter, start=first))
    used = (following - first) // series.number.step
    left = max(0, definition.limit - used)
    if series.kind == "pool":
        left = min(left, waiting(transaction, plant_series.name))
    return Standing(
        version=foreseen,
        counter=counter,
        next=following,
        used=min(used, definition.limit),
        limit=definition.limit,
        left=left,
    )


def waiting(transaction: Transaction, name: str) -> int:
    """Return how many numbers wait in a pool: its row knows, however many it has."""
    query = select(schema.pool.c.waiting).where(schema.pool.c.series == name)
    return transaction.execute(query).scalar_one_or_none() or 0


def first_waiting(transaction: Transaction, name: str, *, count: int) -> list[str]:
    """Return the numbers of a pool that would be taken next."""
    number, pool = schema.pool_number, schema.pool
    query = (
        select(number.c.text)
        .join(pool, pool.c.series == number.c.series)
        .where(number.c.series == name, number.c.state == "unallocated")
        .where(number.c.id <= pool.c.last_id)  # beyond it, an import is at work
        .order_by(number.c.id)
        .limit(count)
    )
    return list(transaction.execute(query).scalars())


def moment(
    site: Site, transaction: Transaction, plant_series: PlantSeries, *, at: datetime
) -> Moment:
    """Return the occasion on which the series would issue: that of its open run, if it has one.

    What its pattern shows of a run, and nobody knows, is filled with samples.
    """
    if not plant_series.series.run_parts:
        return Moment(occasion=site.plant.calendar.occasion(at), run=None)
    run, version, drawn = schema.run, schema.series_version, draws()
    row = transaction.execute(
        select(run.c.id, run.c.constants)
        .join(drawn, drawn.c.run_id == run.c.id)
        .join(version, version.c.id == drawn.c.version_id)
        .where(run.c.state == "open", version.c.series == plant_series.name)
        .where(run.c.mode == RunMode.PRODUCTION.value)  # what a test shows says nothing of the next
        .order_by(run.c.id.desc())
        .limit(1)
    ).one_or_none()
    known = run_values(row.constants) if row else {"plant": site.plant.site_code}
    return imagined(site, plant_series, at=at, known=known, run=row.id if row else None)


def imagined(
    site: Site,
    plant_series: PlantSeries,
    *,
    at: datetime,
    known: Mapping[str, str],
    run: int | None = None,
) -> Moment:
    """Return the occasion of a run of which only some values are known."""
    occasion = site.plant.calendar.occasion(at, run=known)
    samples = dict(_samples(plant_series, occasion))
    occasion = site.plant.calendar.occasion(at, run={**known, **samples})
    return Moment(occasion=occasion, run=run, samples=samples)


def _samples(plant_series: PlantSeries, occasion: Occasion) -> Iterator[tuple[str, str]]:
    for part in plant_series.series.run_parts:
        try:
            part.text_at(occasion)
        except SerialError:
            yield part.attribute, _sample(part)


def _sample(part: RunPart) -> str:
    """Return a value that fits and looks like none: XXXX, or 1234 where letters may not stand."""
    characters = part.alphabet.characters
    if "X" in characters:
        return "X" * part.length
    wanted = ("1234567890" * part.length)[: part.length]
    return wanted if set(wanted) <= set(characters) else characters[-1] * part.length


def per_day(site: Site, transaction: Transaction, name: str) -> float:
    """Return how many serials a day the series issued recently."""
    return rates.a_day(transaction, name, now=site.clock())


def runs_out_at(
    site: Site, plant_series: PlantSeries, standing: Standing, *, per_day: float
) -> datetime | None:
    """Return when the series is used up if it goes on as recently."""
    reset = plant_series.series.number.reset
    calendar = site.plant.calendar
    return rates.exhausted_at(
        calendar, site.clock(), left=standing.left, per_day=per_day, reset=reset
    )


def succession(
    plant_series: PlantSeries, occasion: Occasion, *, start: int
) -> Iterator[tuple[int, str]]:
    """Yield number and serial from where a counter stands to its end, as issuing would.

    For a sequential or permuted series. Raises SerialError for what the pattern cannot show.
    """
    definition, series = plant_series.definition, plant_series.series
    write = series.formatter(occasion)
    shuffled = numbering.permutation(definition, key=plant_series.key, name=plant_series.name)
    words = numbering.word_filter(definition)
    stop = definition.limit if shuffled else series.counter_last + 1
    for place in range(start, stop, series.number.step):
        number = shuffled.apply(place) if shuffled else place
        if words is None or words.finds(series.number_text(number)) is None:
            yield number, write(number)
