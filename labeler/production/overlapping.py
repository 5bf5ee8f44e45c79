"""Which series could make the same text within one scope.

Serials are unique among serials and identifiers among identifiers; secrets are not looked at, since
nobody keeps them.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations
from typing import Any

import structlog
from sqlalchemy import Row, select

from labeler.production.draws import draws
from labeler.production.numbering import PlantSeries
from labeler.production.plant import Plant
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


def past_of_others(site: Site, transaction: Transaction, mine: PlantSeries) -> list[Row[Any]]:
    """Return what other series were when they issued serials into the scope of this one.

    What they are now is compared anyhow.
    """
    if mine.secret:
        return []
    run, version, drawn = schema.run, schema.series_version, draws()
    products = site.plant.identifies(mine.name)
    query = (
        select(version.c.series, version.c.version, version.c.definition)
        .join(drawn, drawn.c.version_id == version.c.id)
        .join(run, run.c.id == drawn.c.run_id)
        .where(version.c.series != mine.name, run.c.issued > 0)
        .where(drawn.c.role == ("identifier" if products else "serial"))
        .distinct()
        .order_by(version.c.series, version.c.version)
    )
    if site.plant.serial_scope == "product":
        makes = [name for name, one in site.plant.products.items() if one.series == mine.name]
        products = products or makes
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
