"""Staging: an import's rows on their way into a pool, past the end that issuing sees."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from labeler.errors import POOL_BUSY, Refusal
from labeler.production import counters, events, versions
from labeler.production.events import Cause
from labeler.production.pool_lists import ImportOrder
from labeler.production.site import Site
from labeler.store import Transaction, schema

CHUNK = 200
"""Rows in one transaction: a trigger waits for at most one chunk."""

log = structlog.get_logger(__name__)


def begin(
    transaction: Transaction, site: Site, order: ImportOrder, *, digest: str, count: int
) -> int:
    """Record an import that begins, with the digest and the count of its list; return its id."""
    now, series = site.clock(), order.series
    transaction.keep_others_waiting()  # a run may begin the same series now
    versions.begin(transaction, [series], now=now)
    transaction.run_sql(
        "INSERT INTO pool (series, last_id, waiting, allocated, returned) "
        "VALUES (?, 0, 0, 0, 0) ON CONFLICT DO NOTHING",
        (series,),
    )
    table = schema.pool_import
    values = {
        "series": series,
        "state": "staging",
        "source": order.source,
        "digest": digest,
        "arguments": order.arguments,
        "count": count,
        "channel": order.channel,
        "operator": order.operator,
        "key": order.key,
        "started_at": now,
    }
    return int(
        transaction.execute(insert(table).values(**values).returning(table.c.id)).scalar_one()
    )


@dataclass(frozen=True, kw_only=True)
class Chunk:
    """Numbers that are staged together."""

    import_id: int
    series: str
    texts: tuple[str, ...]

    def write(self, transaction: Transaction) -> None:
        """Stage these numbers, unless somebody has taken this import for dead."""
        _require_staging(transaction, self.import_id)
        rows = [(self.series, self.import_id, text, "unallocated") for text in self.texts]
        columns = ("series", "import_id", "text", "state")
        try:
            transaction.insert_many(schema.pool_number, columns=columns, rows=rows)
        except IntegrityError as error:
            raise Refusal(
                POOL_BUSY,
                f"Pool '{self.series}' was changed by somebody else during the import; nothing was "
                f"imported.",
                hint="Import the list again: it is then compared with what is there now.",
            ) from error


def _require_staging(transaction: Transaction, import_id: int) -> None:
    lock = transaction.for_update
    [(state,)] = transaction.run_sql(
        f"SELECT state FROM pool_import WHERE id = ?{lock}",  # noqa: S608
        (import_id,),
    )
    if state != "staging":
        raise Refusal(
            POOL_BUSY,
            f"Import {import_id} was given up: another process found nobody at work on it.",
            hint="Import the list again.",
        )


def finish(transaction: Transaction, site: Site, import_id: int) -> dict[str, Any]:
    """Let issuing see the numbers: whatever their count, this is two rows."""
    _require_staging(transaction, import_id)
    table = schema.pool_import
    now = site.clock()
    values = {"state": "done", "finished_at": now}
    query = update(table).where(table.c.id == import_id).values(**values).returning(table)
    row = transaction.execute(query).one()
    said = {"series": row.series, "import": row.id, "new": row._mapping["count"]}
    more = {"source": row.source, "digest": row.digest, "operator": row.operator}
    cause = Cause(channel=row.channel, detail={**said, **more})
    events.record(transaction, "pool_imported", at=now, cause=cause)
    counters.lock(transaction, [row.series])
    [(last,)] = transaction.run_sql(
        "SELECT max(id) FROM pool_number WHERE series = ? AND state = 'unallocated'", (row.series,)
    )
    transaction.run_sql(
        "UPDATE pool SET last_id = ?, waiting = waiting + ? WHERE series = ?",
        (last, row._mapping["count"], row.series),
    )
    return dict(row._mapping)


def sweep_all(site: Site) -> None:
    """At the start: remove what crashed imports left, but of no pool where one is at work."""
    for name in _unfinished(site):
        with site.store.alone(f"pool {name}") as ours:
            if ours:
                sweep(site, name)


def _unfinished(site: Site) -> list[str]:
    with site.store.read() as transaction:
        rows = transaction.run_sql(
            "SELECT DISTINCT series FROM pool_import WHERE state <> 'done'"
            " AND (state = 'staging' OR finished_at IS NULL)"
        )
    return [row[0] for row in rows]


def sweep(site: Site, name: str) -> None:
    """Give up the imports of a pool that nobody works on, and remove their numbers in chunks."""
    table = schema.pool_import
    unfinished = [table.c.series == name, table.c.state != "done", table.c.finished_at.is_(None)]
    with site.store.read() as transaction:
        found = list(transaction.execute(select(table.c.id).where(*unfinished)).scalars())
    for import_id in found:
        site.store.write(partial(_give_up, site=site, name=name, import_id=import_id))
        while site.store.write(partial(_remove_chunk, name=name, import_id=import_id)):
            pass
        _set(site, import_id, finished_at=site.clock())
        log.warning("pool.import_abandoned", series=name, id=import_id)


def _give_up(transaction: Transaction, site: Site, name: str, import_id: int) -> None:
    table = schema.pool_import
    query = update(table).where(table.c.id == import_id, table.c.state == "staging")
    if transaction.execute(query.values(state="abandoned")).rowcount:
        cause = Cause(channel="spooler", detail={"series": name, "import": import_id})
        events.record(transaction, "pool_import_abandoned", at=site.clock(), cause=cause)


def _set(site: Site, import_id: int, **values: Any) -> None:
    table = schema.pool_import
    query = update(table).where(table.c.id == import_id).values(**values)
    site.store.write(lambda transaction: transaction.execute(query).rowcount)


def _remove_chunk(transaction: Transaction, *, name: str, import_id: int) -> bool:
    """Remove some numbers of an import that was given up, the last ones first."""
    rows = transaction.run_sql(
        "SELECT id, import_id FROM pool_number WHERE series = ? AND state = 'unallocated' "
        "AND id > (SELECT last_id FROM pool WHERE series = ?) ORDER BY id DESC LIMIT ?",
        (name, name, CHUNK),
    )
    ids = [row[0] for row in rows if row[1] == import_id]
    if ids:
        places = ", ".join("?" * len(ids))
        transaction.run_sql(f"DELETE FROM pool_number WHERE id IN ({places})", ids)  # noqa: S608
    return bool(ids)
