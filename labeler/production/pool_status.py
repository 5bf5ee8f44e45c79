"""Pools at a glance: counts, imports, returns."""

from typing import Any

from sqlalchemy import select

from labeler.production import pool_counts, pools
from labeler.production.site import Site
from labeler.store import Transaction, schema

LISTED_MAX = 100
"""Imports and returns that are shown, the newest first."""


def list_pools(site: Site, transaction: Transaction) -> list[dict[str, Any]]:
    """Return every pool with its counts; those that config.yaml does not know any more come last.

    Nothing is counted: each pool's row knows, however many numbers it has.
    """
    rows = {row.series: row for row in transaction.execute(select(schema.pool))}
    names = [name for name, one in site.plant.series.items() if one.series.kind == "pool"]
    gone = sorted(name for name in rows if name not in names)
    return [_counts(site, name, rows.get(name)) for name in [*names, *gone]]


def show_pool(site: Site, transaction: Transaction, name: str) -> dict[str, Any]:
    """Return a pool, its newest imports and returns, and the import at work, if one is."""
    pools.plant_pool(site, name)
    row = transaction.execute(select(schema.pool).where(schema.pool.c.series == name)).one_or_none()
    progress = site.pool_progress.get(name)
    return {
        **_counts(site, name, row),
        "importing": None if progress is None else dict(vars(progress)),
        "imports": _newest(transaction, schema.pool_import, name),
        "returns": _newest(transaction, schema.pool_return, name),
    }


def _counts(site: Site, name: str, row: Any) -> dict[str, Any]:
    series = site.plant.series.get(name)
    waiting = row.waiting if row else 0
    low_water = series.low_water if series else 0
    return {
        "series": name,
        "pattern": series.definition.pattern if series else None,
        "waiting": waiting,
        "allocated": row.allocated if row else 0,
        "returned": row.returned if row else 0,
        "low_water": low_water,
        "low": pool_counts.is_low(waiting, low_water),
    }


def _newest(transaction: Transaction, table: Any, name: str) -> list[dict[str, Any]]:
    query = select(table).where(table.c.series == name).order_by(table.c.id.desc())
    rows = transaction.execute(query.limit(LISTED_MAX))
    return [pools.shown(dict(row._mapping)) for row in rows]


def waiting(site: Site, transaction: Transaction) -> dict[str, int]:
    """Return how many numbers wait in each pool."""
    return {pool["series"]: pool["waiting"] for pool in list_pools(site, transaction)}


def warn_of_low(site: Site) -> None:
    """At the start: say which pools run low."""
    with site.store.read() as transaction:
        for name, count in waiting(site, transaction).items():
            pool_counts.warn(site.plant, name, before=None, now=count)
