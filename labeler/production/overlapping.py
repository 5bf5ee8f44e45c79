"""Which series could make the same text within one scope."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations
from typing import Any

import structlog
from sqlalchemy import Row, select

from labeler.production.numbering import PlantSeries
from labeler.production.site import Site
from labeler.serials import Definition
from labeler.serials import definition as definitions
from labeler.serials.overlap import Overlap, overlap
from labeler.store import Transaction, schema

log = structlog.get_logger(__name__)


def overlap_of(one: Definition, other: Definition) -> Overlap | None:
    """Return a text both can make, if there is one; asked once for two definitions."""
    return _overlap(one.text, other.text)


@lru_cache(maxsize=1024)
def _overlap(one: str, other: str) -> Overlap | None:
    return overlap(definitions.read(one).series, definitions.read(other).series)


def pairs(site: Site, wanted: Sequence[PlantSeries]) -> Iterator[tuple[PlantSeries, PlantSeries]]:
    """Yield each of these series with each other one of config.yaml in its scope, once.

    Where serials are unique within a product, no two series share a scope: a product has one.
    """
    if site.plant.serial_scope == "product":
        return
    others = site.plant.series
    if len(wanted) == len(others) > 1:
        yield from combinations(wanted, 2)
        return
    for mine in wanted:
        yield from ((mine, other) for name, other in others.items() if name != mine.name)


def past_of_others(site: Site, transaction: Transaction, mine: PlantSeries) -> list[Row[Any]]:
    """Return what other series were when they issued serials into the scope of this one.

    What they are now is compared anyhow.
    """
    run, version = schema.run, schema.series_version
    query = (
        select(version.c.series, version.c.version, version.c.definition)
        .join(run, run.c.series_version_id == version.c.id)
        .where(version.c.series != mine.name, run.c.issued > 0)
        .distinct()
        .order_by(version.c.series, version.c.version)
    )
    if site.plant.serial_scope == "product":
        products = [name for name, one in site.plant.products.items() if one.series == mine.name]
        return list(transaction.execute(query.where(run.c.product.in_(products))))
    now = {(name, one.definition.text) for name, one in site.plant.series.items()}
    rows = transaction.execute(query)
    return [row for row in rows if (row.series, row.definition) not in now]


def warn(site: Site) -> None:
    """Say in the log which series of config.yaml could repeat each other's serials."""
    for one, other in pairs(site, list(site.plant.series.values())):
        found = overlap_of(one.definition, other.definition)
        if found is not None and found.certain:
            log.warning("series.overlap", series=one.name, other=other.name, example=found.text)
