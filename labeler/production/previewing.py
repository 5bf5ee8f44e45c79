"""What a series will issue next, today and after its counter begins again. Nothing is consumed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from labeler.production import numbering, standing
from labeler.production.drawing import DRAWS_MAX, random_numbers
from labeler.production.numbering import PlantSeries
from labeler.production.site import Site
from labeler.production.standing import Moment
from labeler.serials import SerialError
from labeler.store import Transaction
from labeler.units import counted

COUNT_MAX = 100
"""Serials shown at once."""

_SENTENCES = {
    "random": "Drawn by chance: nobody can know the next ones. These are samples.",
    "pool": "These wait in the pool, the next one first.",
}
NOT_SHOWN = "These are secrets: only a unit's label shows them."
NOTHING_TAKEN = "Nothing was issued: showing takes no number."


@dataclass(frozen=True, kw_only=True)
class Following:
    """The next serials on an occasion."""

    serials: list[str]
    is_known: bool
    """False: samples of what chance could give."""
    why_fewer: str = ""
    """Why there are fewer than were asked for."""


def preview(
    site: Site, transaction: Transaction, name: str, *, count: int, at: datetime | None = None
) -> dict[str, Any]:
    """Return the next ``count`` serials at a moment, and after the next reset.

    Refuses (3008) an unknown series.
    """
    plant_series = site.plant.number_series(name)
    at = at or site.clock()
    moment = standing.moment(site, transaction, plant_series, at=at)
    kind = plant_series.series.kind
    found = shown(site, transaction, plant_series=plant_series, moment=moment, count=count)
    values = {part.attribute: "" for part in plant_series.series.run_parts}
    about = _SENTENCES.get(kind, "") if found["serials"] else ""
    about = NOT_SHOWN if plant_series.secret else about
    sentence = [about, _sample_sentence(moment.samples), NOTHING_TAKEN]
    return {
        "series": name,
        "kind": kind,
        "pattern": plant_series.definition.pattern,
        "version": standing.read(transaction, plant_series, moment.occasion).version.version,
        "reset": plant_series.series.number.reset,
        "run": moment.run,
        "values": {key: moment.occasion.run[key] for key in values},
        "is_sample": kind == "random" or bool(moment.samples),
        "samples": dict(moment.samples),
        "sentence": " ".join(filter(None, sentence)),
        "now": found,
        "after_reset": _after_reset(site, transaction, plant_series, moment, count=count),
    }


def _after_reset(
    site: Site, transaction: Transaction, plant_series: PlantSeries, moment: Moment, *, count: int
) -> dict[str, Any] | None:
    """Return what comes after the next beginning of the counter; None if it never begins again."""
    reset = plant_series.series.number.reset
    at = moment.occasion.at
    if reset == "run":  # another run, of which nothing is known but its plant
        known = {"plant": site.plant.site_code}
        other = standing.imagined(site, plant_series, at=at, known=known)
        return shown(site, transaction, plant_series=plant_series, moment=other, count=count)
    begins = site.plant.calendar.next_begin(at, reset)
    if begins is None:
        return None
    later = standing.imagined(site, plant_series, at=begins, known=moment.occasion.run)
    return shown(site, transaction, plant_series=plant_series, moment=later, count=count)


def shown(
    site: Site, transaction: Transaction, *, plant_series: PlantSeries, moment: Moment, count: int
) -> dict[str, Any]:
    """Return the next serials on an occasion as doors give them."""
    following = next_serials(site, transaction, plant_series, moment=moment, count=count)
    occasion = moment.occasion
    return {
        "at": occasion.at,
        "day": occasion.day.isoformat(),
        "shift": occasion.shift,
        "period": _period(plant_series, moment),
        "next": standing.read(transaction, plant_series, occasion).next,
        "serials": following.serials,
        "why_fewer": following.why_fewer,
    }


def _period(plant_series: PlantSeries, moment: Moment) -> str:
    try:
        return plant_series.series.period(moment.occasion)
    except SerialError:
        return ""


def next_serials(
    site: Site, transaction: Transaction, plant_series: PlantSeries, *, moment: Moment, count: int
) -> Following:
    """Return the next serials on an occasion, or samples where nobody can know them."""
    if plant_series.secret:
        return Following(serials=[], is_known=False, why_fewer=NOT_SHOWN)
    kind = plant_series.series.kind
    try:
        if kind == "pool":
            serials = standing.first_waiting(transaction, plant_series.name, count=count)
        elif kind == "random":
            left = standing.read(transaction, plant_series, moment.occasion).left
            serials = _by_chance(site, plant_series, moment, count=min(count, left))
        else:
            start = standing.read(transaction, plant_series, moment.occasion).next
            every = standing.succession(plant_series, moment.occasion, start=start)
            serials = [serial for _, serial in islice(every, count)]
    except SerialError as error:
        return Following(serials=[], is_known=False, why_fewer=str(error))
    left_here = counted(len(serials), "number") if serials else "no number"
    why = f"The series has {left_here} left here." if len(serials) < count else ""
    return Following(serials=serials, is_known=kind != "random", why_fewer=why)


def _by_chance(site: Site, plant_series: PlantSeries, moment: Moment, *, count: int) -> list[str]:
    """Return samples, no two alike, as issuing would give them."""
    write = plant_series.series.formatter(moment.occasion)
    below = plant_series.series.number.count
    words = numbering.word_filter(plant_series.definition)
    found: dict[int, None] = {}
    for _ in range(DRAWS_MAX):
        drawn = random_numbers(site, below=below, count=count - len(found))
        for number in drawn:
            if words is None or words.finds(plant_series.series.number_text(number)) is None:
                found[number] = None
        if len(found) == count:
            break
    return [write(number) for number in found]


def _sample_sentence(samples: Mapping[str, str]) -> str:
    if not samples:
        return ""
    said = ", ".join(f"{name} {value}" for name, value in samples.items())
    return f"No open run says its values: {said} only stand for them."
