"""Which series could make the same text within one scope.

Serials are unique among serials and identifiers among identifiers; secrets are not looked at, since
nobody keeps them.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Row, exists, or_, select

from labeler.errors import SERIES_OVERLAP, Refusal
from labeler.production.numbering import PlantSeries
from labeler.production.plant import Plant
from labeler.production.site import Site
from labeler.serials import Definition
from labeler.serials import definition as definitions
from labeler.serials.overlap import Overlap, overlap
from labeler.store import Transaction, schema
from labeler.units import RunMode

log = structlog.get_logger(__name__)


def overlap_of(one: Definition, other: Definition) -> Overlap | None:
    """Return a text both can make, if there is one; asked once for two definitions."""
    return _of_texts(one.text, other.text)


def _of_texts(one: str, other: str) -> Overlap | None:
    return _overlap(*sorted((one, other)))


def comparisons() -> int:
    """Return how often two definitions were compared in this process."""
    return _overlap.cache_info().misses


@lru_cache(maxsize=1 << 14)  # the pairs of 180 series
def _overlap(one: str, other: str) -> Overlap | None:
    return overlap(definitions.read(one).series, definitions.read(other).series)


def pairs(site: Site, wanted: Sequence[PlantSeries]) -> Iterator[tuple[PlantSeries, PlantSeries]]:
    """Yield each of these series with each other one of config.yaml in its scope, once."""
    others = site.plant.series
    if len(wanted) == len(others) > 1:
        found: Iterator[tuple[PlantSeries, PlantSeries]] = combinations(wanted, 2)
    else:
        found = (
            (mine, other) for mine in wanted for name, other in others.items() if name != mine.name
        )
    yield from (pair for pair in found if _share_a_scope(site.plant, *pair))


def _share_a_scope(plant: Plant, one: PlantSeries, other: PlantSeries) -> bool:
    """Return whether a text of both would be there twice.

    Where serials are unique within a product, a product has one series for them, and perhaps
    several for identifiers.
    """
    if one.secret or other.secret:
        return False
    mine, theirs = plant.identifies(one.name), plant.identifies(other.name)
    if plant.serial_scope == "product":
        return not set(mine).isdisjoint(theirs)
    return bool(mine) == bool(theirs)


def past_of_others(
    site: Site, transaction: Transaction, mine: PlantSeries, *, product: str | None = None
) -> list[Row[Any]]:
    """Return what other series were when they issued serials into the scope of this one, or may.

    What they are now is compared anyhow. Where serials are unique within a product, ``product``
    says which one is meant; without it, each that has this series.
    """
    if mine.secret:
        return []
    run, version = schema.run, schema.series_version
    identified = site.plant.identifies(mine.name)
    own = _as_identifier() if identified else _as_serial()
    own.append(run.c.mode == RunMode.PRODUCTION.value)
    if site.plant.serial_scope == "product":
        makes = [name for name, one in site.plant.products.items() if one.series == mine.name]
        own.append(run.c.product.in_([product] if product else identified or makes))
    # One run is enough, and an index finds it: a join would go through the runs of years.
    drawn = exists().where(*own, run.c.issued > 0)
    drawing = exists().where(*own, run.c.state.in_(["open", "paused"]))
    query = (
        select(version.c.series, version.c.version, version.c.definition, drawn.label("is_drawn"))
        .where(version.c.series != mine.name, or_(drawn, drawing))
        .order_by(version.c.series, version.c.version)
    )
    rows = transaction.execute(query)
    if site.plant.serial_scope == "product":
        return list(rows)
    now = {(name, one.definition.text) for name, one in site.plant.series.items()}
    return [row for row in rows if (row.series, row.definition) not in now]


def _as_serial() -> list[ColumnElement[bool]]:
    return [schema.run.c.series_version_id == schema.series_version.c.id]


def _as_identifier() -> list[ColumnElement[bool]]:
    run, own = schema.run, schema.run_series
    return [
        own.c.series_version_id == schema.series_version.c.id,
        own.c.run_id == run.c.id,
        own.c.secret.is_(False),
    ]


def compare(site: Site, mine: PlantSeries) -> None:
    """Compare a series with the others of config.yaml ahead of `refuse`.

    The first time two definitions meet, it may take half a second, for which the writer, and so
    every line, need not wait.
    """
    for _, other in pairs(site, [mine]):
        overlap_of(mine.definition, other.definition)


def refuse(
    site: Site, transaction: Transaction, mine: PlantSeries, *, product: str | None = None
) -> None:
    """Refuse (3005) a series that can surely make a text of another one.

    That is one of config.yaml, or one that issued serials into the same scope, or still may.
    """
    for _, other in pairs(site, [mine]):
        refuse_shared(mine, other.definition.text, whose=f"series '{other.name}'")
    for row in past_of_others(site, transaction, mine, product=product):
        refuse_shared(mine, row.definition, whose=name_of_past(row))


def name_of_past(row: Row[Any]) -> str:
    """Return what one of `past_of_others` is called in a sentence."""
    why = "which issued serials" if row.is_drawn else "from which an open run draws"
    return f"version {row.version} of series '{row.series}', {why},"


def refuse_shared(mine: PlantSeries, other: str, *, whose: str) -> None:
    """Refuse (3005) a series that can surely make a text of the definition ``other``."""
    found = _of_texts(mine.definition.text, other)
    if found is not None and found.certain:
        raise Refusal(
            SERIES_OVERLAP,
            f"Series '{mine.name}' and {whose} can both make '{found.text}'.",
            hint="Write another literal into one of them; nothing was opened.",
        )


def warn(site: Site) -> None:
    """Say in the log which series of config.yaml could repeat each other's serials."""
    for one, other in pairs(site, list(site.plant.series.values())):
        found = overlap_of(one.definition, other.definition)
        if found is not None and found.certain:
            log.warning("series.overlap", series=one.name, other=other.name, example=found.text)
