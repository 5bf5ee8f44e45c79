"""Versions of a series: each is immutable, and runs pin one.

A change of the pattern, or of anything else that decides what the serials are, makes a new version.
Once serials were drawn, config.yaml must say what becomes of the counter: it goes on, or it begins
again, which is allowed only if no text can come a second time.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select

from labeler.errors import SERIES_CHANGED, SERIES_OVERLAP, Refusal
from labeler.production import counters, events
from labeler.production.draws import draws
from labeler.production.events import CONFIG, Cause
from labeler.production.numbering import PlantSeries
from labeler.production.overlapping import overlap_of, refuse_shared
from labeler.serials import definition as definitions
from labeler.store import Transaction, schema
from labeler.units import RunMode

_TABLE = schema.series_version


_BY_CONFIG = Cause(channel=CONFIG)


def pin(
    transaction: Transaction,
    plant_series: PlantSeries,
    *,
    now: datetime,
    cause: Cause = _BY_CONFIG,
) -> Row[Any]:
    """Return the version of a series that has this definition, made now if it is new.

    ``cause`` says who made it, where that is not a run that opens. The row has `id`, `version` and
    `epoch`. Refuses (3004) a change after serials were drawn about whose counter config.yaml says
    nothing, and (3005) a restart that could repeat a text.
    """
    name = plant_series.name
    begin(transaction, [name], now=now)
    earlier = all_of(transaction, name)
    for row in earlier:
        if row.definition == plant_series.definition.text:
            return row
    version = earlier[-1].version + 1 if earlier else 1
    values = {
        "series": name,
        "version": version,
        "epoch": _epoch(transaction, plant_series, earlier=earlier, version=version),
        "pattern": plant_series.definition.pattern,
        "definition": plant_series.definition.text,
        "created_at": now,
    }
    old = earlier[-1].pattern if earlier else None
    said = {"series": name, "version": version, "old": old, "new": values["pattern"]}
    cause = replace(cause, detail={**said, **cause.detail})
    events.record(transaction, "series_version", at=now, cause=cause)
    return transaction.execute(insert(_TABLE).values(**values).returning(_TABLE)).one()


@dataclass(frozen=True, kw_only=True)
class Foreseen:
    """The version that the next run of a series would pin."""

    version: int
    epoch: int
    is_new: bool
    """Whether that run would make it."""
    refusal: Refusal | None = None
    """Why that run could not open."""


def foresee(transaction: Transaction, plant_series: PlantSeries) -> Foreseen:
    """Return the version `pin` would return, or make, or refuse; nothing is made."""
    earlier = all_of(transaction, plant_series.name)
    for row in earlier:
        if row.definition == plant_series.definition.text:
            return Foreseen(version=row.version, epoch=row.epoch, is_new=False)
    version = earlier[-1].version + 1 if earlier else 1
    try:
        epoch = _epoch(transaction, plant_series, earlier=earlier, version=version)
    except Refusal as refusal:
        epoch = int(earlier[-1].epoch)
        return Foreseen(version=version, epoch=epoch, is_new=True, refusal=refusal)
    return Foreseen(version=version, epoch=epoch, is_new=True)


def all_of(transaction: Transaction, name: str) -> list[Row[Any]]:
    """Return the versions of a series, the oldest first."""
    query = select(_TABLE).where(_TABLE.c.series == name).order_by(_TABLE.c.version)
    return list(transaction.execute(query))


def begin(transaction: Transaction, names: Sequence[str], *, now: datetime) -> None:
    """Make the rows that processes lock to draw from the series, if they are new; lock them."""
    table = schema.number_series
    found = transaction.execute(select(table.c.name).where(table.c.name.in_(names))).scalars()
    for name in sorted(set(names).difference(found)):
        transaction.execute(insert(table).values(name=name, created_at=now))
    counters.lock(transaction, names)


def _epoch(
    transaction: Transaction,
    plant_series: PlantSeries,
    *,
    earlier: list[Row[Any]],
    version: int,
) -> int:
    if not earlier:
        return version
    if plant_series.change == "restart":
        _refuse_repeats(plant_series, earlier)
        return version
    used = _last_used(transaction, plant_series.name)
    if plant_series.change is None and used is not None:
        raise Refusal(
            SERIES_CHANGED,
            f"Series '{plant_series.name}' was changed after serials were issued with version "
            f"{used.version}, pattern '{used.pattern}', and nothing says what becomes of its "
            f"counter.",
            hint=f"Write under series.{plant_series.name} in config.yaml: change: continue (it "
            f"goes on) or change: restart (it begins again).",
        )
    return int((used or earlier[-1]).epoch)


def _last_used(transaction: Transaction, name: str) -> Row[Any] | None:
    """Return the version from which the newest run took that issued anything, tests left out.

    It need not be the newest version: config.yaml may have gone back to an earlier one.
    """
    run, drawn = schema.run, draws()
    query = (
        select(_TABLE)
        .join(drawn, drawn.c.version_id == _TABLE.c.id)
        .join(run, run.c.id == drawn.c.run_id)
        .where(_TABLE.c.series == name, run.c.issued > 0, run.c.mode == RunMode.PRODUCTION.value)
        .order_by(run.c.id.desc())
        .limit(1)
    )
    return transaction.execute(query).one_or_none()


def counted_apart(transaction: Transaction, plant_series: PlantSeries) -> list[Row[Any]]:
    """Return the versions whose counter is another than the next run's.

    They issued what nothing but their texts keeps apart from what it will issue.
    """
    foreseen = foresee(transaction, plant_series)
    if foreseen.refusal is not None:
        return []  # that says it
    return [row for row in all_of(transaction, plant_series.name) if row.epoch != foreseen.epoch]


def name_of_apart(row: Row[Any]) -> str:
    """Return what one of `counted_apart` is called in a sentence."""
    return f"its version {row.version}, which counted on its own,"


def refuse_past(transaction: Transaction, plant_series: PlantSeries) -> None:
    """Refuse (3005) a series that can surely make a text of a version that counted apart."""
    for row in counted_apart(transaction, plant_series):
        refuse_shared(plant_series, row.definition, whose=name_of_apart(row))


def _refuse_repeats(plant_series: PlantSeries, earlier: list[Row[Any]]) -> None:
    for row in earlier:
        found = overlap_of(plant_series.definition, definitions.read(row.definition))
        if found:
            raise Refusal(
                SERIES_OVERLAP,
                f"Series '{plant_series.name}' cannot begin again: its new pattern "
                f"'{plant_series.definition.pattern}' and version {row.version}, "
                f"'{row.pattern}', could both make '{found.text}'.",
                hint="Give the new pattern another literal, or write change: continue.",
            )
