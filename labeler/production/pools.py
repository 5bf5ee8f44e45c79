"""Pools: numbers from outside that wait to be used. Import a list; all of it or nothing.

The line must not wait for a million rows. So a list is checked aside from the record (see `sieve`),
and then staged in short transactions that share the writer with triggers. Issuing looks no further
than the pool's `last_id`, and one short transaction moves that to the end of the staged numbers.
What a crash leaves behind lies past that end; the next import, or start, removes it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import structlog
from sqlalchemy import select

from labeler.errors import KEY_REUSED, NO_POOL, POOL_BUSY, SERIES_EXHAUSTED, Refusal
from labeler.production import counters, standing, versions
from labeler.production import pool_staging as staging
from labeler.production.counters import Counter
from labeler.production.numbering import PlantSeries
from labeler.production.pool_lists import ImportOrder, Numbers
from labeler.production.pool_sifting import Sifting, sift
from labeler.production.sieve import Sieve
from labeler.production.site import PoolProgress, Site
from labeler.store import schema

log = structlog.get_logger(__name__)


def plant_pool(site: Site, name: str) -> PlantSeries:
    """Return the series of a pool; refuse (3008) an unknown series and (3011) one without."""
    found = site.plant.number_series(name)
    if found.series.kind != "pool":
        raise Refusal(
            NO_POOL,
            f"Series '{name}' makes its numbers itself: it is {found.series.kind}.",
            hint="Only a series with {imported:…} in its pattern has a pool.",
        )
    return found


@contextmanager
def alone(site: Site, name: str) -> Iterator[None]:
    """Keep other imports and returns from the pool; refuse (3013) if one is at work."""
    with site.store.alone(f"pool {name}") as ours:
        if not ours:
            raise Refusal(
                POOL_BUSY,
                f"Another import into or return from the pool of series '{name}' is at work.",
                hint="Wait until it has ended: labeler pool status.",
            )
        yield


def import_numbers(site: Site, order: ImportOrder, numbers: Numbers) -> dict[str, Any]:
    """Import a list, all of it or nothing; return what the record keeps of it.

    Refuses an unknown series (3008) or one without a pool (3011), a list with lines that are no
    numbers of the series or that are known already (3012, with the lines), a key used for another
    list (1008), a pool somebody else changes (3013), and more numbers than may be issued where
    nobody may guess one (3003).
    """
    plant_series = plant_pool(site, order.series)
    with alone(site, order.series):
        known = _known(site, order)
        if known is not None:
            return _replay(order, numbers, known)
        staging.sweep(site, order.series)
        progress = site.pool_progress[order.series] = PoolProgress()
        try:
            with Sieve() as sieve:
                sift(site, order, Sifting(numbers, plant_series.series, sieve, progress))
                _refuse_too_many(site, plant_series, sieve.count)
                if order.dry_run:
                    return _dry_result(order, numbers, sieve.count)
                return _stage(site, order, numbers, sieve)
        finally:
            site.pool_progress.pop(order.series, None)


def _refuse_too_many(site: Site, plant_series: PlantSeries, count: int) -> None:
    """Refuse (3003) numbers that could never be issued, since somebody could then guess one.

    What is issued meanwhile changes nothing: a number that waited then counts as issued.
    """
    definition, name = plant_series.definition, plant_series.name
    if not definition.unguessable:
        return
    with site.store.read() as transaction:
        epoch = versions.foresee(transaction, plant_series).epoch
        counter = Counter(series=name, epoch=epoch, period="")
        issued = counters.read(transaction, counter, start=0)
        waiting = standing.waiting(transaction, name)
    room = max(0, definition.limit - issued - waiting)
    if count > room:
        raise Refusal(
            SERIES_EXHAUSTED,
            f"Series '{name}' may issue {definition.limit} of {definition.series.number.count} "
            f"serials, so that nobody can guess one: {issued} were issued and {waiting} wait, so "
            f"{room} more may be imported, not {count}. Nothing was imported.",
            hint="Import fewer, or agree on longer numbers.",
        )


def _known(site: Site, order: ImportOrder) -> dict[str, Any] | None:
    table = schema.pool_import
    query = select(table).where(
        table.c.series == order.series,
        table.c.channel == order.channel,
        table.c.key == order.key,
        table.c.state == "done",
    )
    with site.store.read() as transaction:
        row = transaction.execute(query).one_or_none()
    return None if row is None else dict(row._mapping)


def _replay(order: ImportOrder, numbers: Numbers, known: dict[str, Any]) -> dict[str, Any]:
    """Return what was done with this key; refuse (1008) it for another list."""
    for _ in numbers:
        pass
    if known["digest"] != numbers.digest or known["arguments"] != order.arguments:
        raise Refusal(
            KEY_REUSED,
            f"Idempotency-Key '{order.key}' of pool '{order.series}' was used for "
            f"'{known['source']}' with SHA-256 {known['digest']}, now for '{order.source}' with "
            f"{numbers.digest}.",
            hint="Send the same list for a retry, or a new key for a new list.",
        )
    return {**shown(known), "blank_lines": numbers.blank, "replayed": True}


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """Return an import without what only we need."""
    return {name: value for name, value in row.items() if name not in {"key", "arguments"}}


def _dry_result(order: ImportOrder, numbers: Numbers, count: int) -> dict[str, Any]:
    return {
        "id": None,
        "series": order.series,
        "state": "checked",
        "source": order.source,
        "digest": numbers.digest,
        "count": count,
        "channel": order.channel,
        "operator": order.operator,
        "started_at": None,
        "finished_at": None,
        "blank_lines": numbers.blank,
        "replayed": False,
    }


def _stage(site: Site, order: ImportOrder, numbers: Numbers, sieve: Sieve) -> dict[str, Any]:
    progress = site.pool_progress[order.series]
    begin = partial(staging.begin, site=site, order=order, digest=numbers.digest, count=sieve.count)
    import_id = site.store.write(begin, locks=True)
    try:
        for block in sieve.blocks(staging.CHUNK):
            chunk = staging.Chunk(import_id=import_id, series=order.series, texts=tuple(block))
            site.store.write(chunk.write)
            progress.staged += len(block)
        row = site.store.write(
            lambda transaction: staging.finish(transaction, site, import_id), locks=True
        )
    except Refusal:
        staging.sweep(site, order.series)
        raise
    log.info("pool.imported", series=order.series, count=sieve.count, source=order.source)
    return {**shown(row), "blank_lines": numbers.blank, "replayed": False}
