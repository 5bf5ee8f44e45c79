"""What is wrong, or will be, with the series of config.yaml or with a pattern somebody tries.

Patterns that cannot be read are found when config.yaml is read; here are the findings that take
the record or the other series: texts two of them could make, numbers that run out, changes that
nothing explains. An *error* is what would be refused, or would repeat a serial; a *warning* is what
somebody should know before.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from labeler.production import overlapping, standing, testing, versions
from labeler.production.numbering import PlantSeries
from labeler.production.remarks import Finding, at_number, of_pattern
from labeler.production.site import Site
from labeler.production.template_checks import plc_string
from labeler.serials import Definition, SerialError, WordFilter, define, identify
from labeler.serials import definition as definitions
from labeler.serials.codes import CodePart
from labeler.serials.words import LOOK_ALIKES
from labeler.store import Transaction

PERIOD_DAYS = {"day": 1.0, "week": 7.0, "month": 30.4, "year": 365.25}
SOON_DAYS = 30
"""An end within so many days is a finding, whatever is left."""


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A pattern that somebody tries, for a new series or in place of one."""

    pattern: str
    series: str | None = None
    """Whose pattern it would become."""
    unguessable: bool = False
    word_filter: bool = False
    change: Literal["continue", "restart"] | None = None


def lint(site: Site, transaction: Transaction, name: str | None = None) -> list[Finding]:
    """Return the findings about every series, or one; refuse (3008) an unknown one."""
    wanted = list(site.plant.series.values()) if name is None else [site.plant.number_series(name)]
    found: list[Finding] = []
    for plant_series in wanted:
        found += _about(site, transaction, plant_series)
    return [*found, *_overlaps(site, transaction, wanted)]


def try_pattern(site: Site, transaction: Transaction, trial: Trial) -> list[Finding]:
    """Return the findings about a pattern, as if config.yaml had it."""
    try:
        would_be = tried(site, trial)
    except SerialError as error:
        return [of_pattern(trial.series or "", trial.pattern, error=error)]
    is_known = trial.series is not None
    about = _about(site, transaction, would_be) if is_known else list(_alone(would_be))
    return [*about, *_overlaps(site, transaction, [would_be])]


def tried(site: Site, trial: Trial) -> PlantSeries:
    """Return the series that config.yaml would have; raises SerialError for a wrong pattern.

    Refuses (3008) an unknown series.
    """
    now = site.plant.number_series(trial.series) if trial.series else None
    definition = define(
        trial.pattern,
        own=site.plant.vocabulary,
        words=site.plant.words if trial.word_filter else (),
        unguessable=trial.unguessable,
        key=now.definition.key if now else None,
    )
    if now is not None and now.definition.identifier is not None:
        definition = identify(definition, now.definition.identifier)
    testing.require_apart(definition.series)
    key = now.key if now else None
    return PlantSeries(name=trial.series or "", definition=definition, key=key, change=trial.change)


def _about(site: Site, transaction: Transaction, plant_series: PlantSeries) -> Iterator[Finding]:
    """Yield what is found about a series of config.yaml, the others not looked at."""
    moment = standing.moment(site, transaction, plant_series, at=site.clock())
    stands = standing.read(transaction, plant_series, moment.occasion)
    refusal = stands.version.refusal
    if refusal is not None:
        kind = "change" if refusal.kind.number == 3004 else "restart"
        yield at_number(plant_series, str(refusal), severity="error", kind=kind)
    yield from _used(site, transaction, plant_series, stands)
    yield from _no_code_soon(site, transaction, plant_series)
    yield from _cut_off(site, plant_series)
    yield from _alone(plant_series)


def _cut_off(site: Site, plant_series: PlantSeries) -> Iterator[Finding]:
    """Yield a finding for each line whose PLC has too short a string for the serials."""
    length = plant_series.series.text_length
    products = site.plant.products.items()
    for product in (key for key, one in products if one.series == plant_series.name):
        for line, entry in site.plant.lines.items():
            most = entry.plc_string_length
            if most is not None and length > most:
                said = plc_string.too_long(product, line, length=length, most=most)
                yield at_number(plant_series, said, severity="error", kind="plc_string")


def _used(
    site: Site, transaction: Transaction, plant_series: PlantSeries, stands: standing.Standing
) -> Iterator[Finding]:
    name, number = plant_series.name, plant_series.series.number
    wider = "write a wider number" if plant_series.series.kind != "pool" else "import more numbers"
    period = "" if number.reset == "never" else f" of this {number.reset}"
    if not stands.left:
        sentence = standing.nothing_left(plant_series, stands)
        if plant_series.series.kind == "pool" and stands.is_unused:
            yield at_number(plant_series, sentence, severity="warning", kind="empty_pool")
        else:
            yield at_number(plant_series, sentence, severity="error", kind="used_up")
        return
    per_day = standing.per_day(site, transaction, name)
    ends = standing.runs_out_at(site, plant_series, stands, per_day=per_day)
    until = f" At {per_day:.0f} a day the last one is issued on {ends:%Y-%m-%d}." if ends else ""
    is_soon = ends is not None and (ends - site.clock()).days < SOON_DAYS
    if stands.level != "ok" or is_soon:
        used = f"{100 * stands.fill_ratio:.1f}"
        yield at_number(
            plant_series,
            f"Series '{name}' has used {used} % of its numbers{period}, {stands.left} are left;"
            f" {wider}.{until}",
            severity="warning",
            kind="nearly_used_up",
        )
    yield from _too_small(site, plant_series, per_day=per_day)


def _too_small(site: Site, plant_series: PlantSeries, *, per_day: float) -> Iterator[Finding]:
    """Yield a finding where a period needs more numbers than its counter has."""
    number = plant_series.series.number
    days = PERIOD_DAYS.get(number.reset, 0.0)
    if number.reset == "shift":
        days = 1 / max(1, len(site.plant.calendar.shifts))
    wanted = per_day * days
    if wanted > plant_series.definition.limit:
        yield at_number(
            plant_series,
            f"Series '{plant_series.name}' needs {wanted:.0f} numbers each {number.reset} at its "
            f"recent {per_day:.0f} a day, and has {plant_series.definition.limit}; write a wider "
            "counter.",
            severity="error",
            kind="too_small",
        )


def _no_code_soon(
    site: Site, transaction: Transaction, plant_series: PlantSeries
) -> Iterator[Finding]:
    """Yield a finding where a pattern cannot show a day of the coming year."""
    if not any(isinstance(part, CodePart) for part in plant_series.series.fields):
        return
    for at in [site.clock(), *_beginnings(site)]:
        occasion = standing.moment(site, transaction, plant_series, at=at).occasion
        try:
            plant_series.series.formatter(occasion)
        except SerialError as error:
            yield at_number(
                plant_series,
                f"From {occasion.day:%Y-%m-%d} on series '{plant_series.name}' cannot be issued: "
                f"{error}",
                severity="error" if at == site.clock() else "warning",
                kind="no_code",
            )
            return


def _beginnings(site: Site) -> Iterator[datetime]:
    at = site.clock()
    for _ in range(12):
        following = site.plant.calendar.next_begin(at, "month")
        assert following is not None  # noqa: S101 the clock says when a month begins
        at = following
        yield at


def _alone(plant_series: PlantSeries) -> Iterator[Finding]:
    """Yield what a definition says by itself."""
    definition, number = plant_series.definition, plant_series.series.number
    if not definition.words or any(one.isalpha() for one in number.alphabet.characters):
        return
    looks = [
        "".join(LOOK_ALIKES.get(letter, letter) for letter in word.upper())
        for word in definition.words
    ]
    spelled = [text for text in looks if text.isdigit() and len(text) <= number.width]
    if spelled:
        word = WordFilter(definition.words).finds(spelled[0])
        what = f"leaves out numbers that only look like a word, such as {spelled[0]} for {word}"
    else:
        what = "finds no word"
    yield at_number(
        plant_series,
        f"A word filter on {number.alphabet.name} {what}; leave word_filter out.",
        severity="warning",
        kind="word_filter",
    )


def _overlaps(site: Site, transaction: Transaction, wanted: list[PlantSeries]) -> Iterator[Finding]:
    """Yield the texts that these series could share with another one, or with their own past."""
    for mine, other in overlapping.pairs(site, wanted):
        yield from _shared(mine, other.definition, f"series '{other.name}'")
    for mine in wanted:
        yield from _own_past(transaction, mine)
        for row in overlapping.past_of_others(site, transaction, mine):
            whose = overlapping.name_of_past(row)
            yield from _shared(mine, definitions.read(row.definition), whose)


def _own_past(transaction: Transaction, mine: PlantSeries) -> Iterator[Finding]:
    for row in versions.counted_apart(transaction, mine):
        yield from _shared(mine, definitions.read(row.definition), versions.name_of_apart(row))


def _shared(mine: PlantSeries, other: Definition, whose: str) -> Iterator[Finding]:
    found = overlapping.overlap_of(mine.definition, other)
    if found is None:
        return
    who = f"Series '{mine.name}'" if mine.name else "This pattern"
    if found.certain:
        sentence = (
            f"{who} and {whose} can both make '{found.text}'; write another literal into one."
        )
    else:
        sentence = (
            f"{who} and {whose} may make the same text: they agree up to '{found.text}', and not "
            "everything could be tried; write another literal into one."
        )
    yield Finding(
        series=mine.name,
        severity="error" if found.certain else "warning",
        kind="overlap",
        sentence=sentence,
        pattern=mine.definition.pattern,
        position=1,
        example=found.text if found.certain else None,
    )
