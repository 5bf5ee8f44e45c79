"""Return unused numbers of a pool to whom they came from; they are never issued after that.

The last ones of the pool go first, so the line keeps those it would take next. A million rows are
returned in short transactions: a crash in between leaves a return that is open, with the numbers it
has so far, and the same key goes on with it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from sqlalchemy import Row, insert, select, update

from labeler.errors import (
    KEY_REUSED,
    NO_SUCH_NUMBER,
    NO_SUCH_RETURN,
    POOL_EMPTY,
    Refusal,
)
from labeler.production import counters, events, pool_counts, pools
from labeler.production.events import Cause
from labeler.production.site import Site
from labeler.store import Transaction, schema
from labeler.units import counted

CHUNK = 200
"""Rows in one transaction: a trigger waits for at most one chunk."""
EXPORTED_AT_ONCE = 5000

log = structlog.get_logger(__name__)
_TABLE = schema.pool_return


@dataclass(frozen=True, kw_only=True)
class ReturnOrder:
    """Which numbers go back, who says so, and why. Neither count nor range: all."""

    series: str
    channel: str
    key: str
    reason: str
    operator: str
    count: int | None = None
    first: str | None = None
    """With `last`: from one number to the other, in the order of the pool."""
    last: str | None = None

    @property
    def arguments(self) -> str:
        """What must be equal in a retry."""
        if self.count is not None:
            return f"count={self.count}"
        return "all" if self.first is None else f"{self.first}..{self.last}"


def return_numbers(site: Site, order: ReturnOrder) -> dict[str, Any]:
    """Return unused numbers; return what the record keeps of it.

    Refuses an unknown series (3008), one without a pool (3011), more numbers than wait (3006), an
    end of a range that does not wait (3015), a key used for another return (1008), and a pool
    somebody else changes (3013).
    """
    pools.plant_pool(site, order.series)
    with pools.alone(site, order.series):
        row = site.store.write(lambda transaction: _begin(transaction, site, order), locks=True)
        if row.state == "done":
            return {**_shown(row), "replayed": True}
        while row.state == "open":
            chunk = partial(_return_chunk, site=site, work=(order, row.id))
            row = site.store.write(chunk, locks=True)
    log.info("pool.returned", series=order.series, count=row._mapping["count"])
    return {**_shown(row), "replayed": False}


def _begin(transaction: Transaction, site: Site, order: ReturnOrder) -> Row[Any]:
    """Return the row of this key, made now unless it is there."""
    columns = (_TABLE.c.series, _TABLE.c.channel, _TABLE.c.key)
    wanted = (order.series, order.channel, order.key)
    same = [column == value for column, value in zip(columns, wanted, strict=True)]
    row = transaction.execute(select(_TABLE).where(*same)).one_or_none()
    if row is not None:
        if row.arguments != order.arguments:
            raise Refusal(
                KEY_REUSED,
                f"Idempotency-Key '{order.key}' of pool '{order.series}' was used to return "
                f"{row.arguments}, now for {order.arguments}.",
                hint="Send the same arguments for a retry, or a new key for a new return.",
            )
        return row
    _refuse_too_many(transaction, order)
    _ends(transaction, order)
    values = {
        "series": order.series,
        "state": "open",
        "arguments": order.arguments,
        "count": 0,
        "reason": order.reason,
        "channel": order.channel,
        "operator": order.operator,
        "key": order.key,
        "started_at": site.clock(),
    }
    return transaction.execute(insert(_TABLE).values(**values).returning(_TABLE)).one()


def _refuse_too_many(transaction: Transaction, order: ReturnOrder) -> None:
    rows = transaction.run_sql("SELECT waiting FROM pool WHERE series = ?", (order.series,))
    waiting = rows[0][0] if rows else 0
    if waiting < (order.count or 1):
        wanted = order.count if order.count is not None else "all"
        raise Refusal(
            POOL_EMPTY,
            f"The pool of series '{order.series}' has {counted(waiting, 'number')} left, "
            f"{wanted} are to be returned.",
            hint="Nothing was returned. Ask for fewer: labeler pool status says how many wait.",
        )


def _ends(transaction: Transaction, order: ReturnOrder) -> tuple[int, int]:
    """Return the ids between which the numbers lie; all of the pool if no range was named."""
    rows = transaction.run_sql("SELECT last_id FROM pool WHERE series = ?", (order.series,))
    if order.first is None or order.last is None:
        return 0, rows[0][0]
    first, last = (_id_of(transaction, order.series, text) for text in (order.first, order.last))
    if first > last or last > rows[0][0]:
        raise Refusal(
            NO_SUCH_NUMBER,
            f"Number '{order.last}' comes before '{order.first}' in the pool of series "
            f"'{order.series}'.",
            hint="Nothing was returned. Exchange them: a range is in the order of the import.",
        )
    return first, last


def _id_of(transaction: Transaction, series: str, text: str) -> int:
    rows = transaction.run_sql(
        "SELECT id FROM pool_number WHERE series = ? AND text = ? AND state <> 'returned'",
        (series, text),
    )
    if not rows:
        raise Refusal(
            NO_SUCH_NUMBER,
            f"Number '{text}' is not in the pool of series '{series}'.",
            hint="Nothing was returned. Name numbers that were imported and not returned.",
        )
    return int(rows[0][0])


def _return_chunk(transaction: Transaction, site: Site, work: tuple[ReturnOrder, int]) -> Row[Any]:
    """Return some numbers, the last ones first; close the return once there are no more."""
    order, return_id = work
    counters.lock(transaction, [order.series])  # nobody may draw what we take
    [(done,)] = transaction.run_sql("SELECT count FROM pool_return WHERE id = ?", (return_id,))
    first, last = _ends_again(transaction, order, return_id)
    most = CHUNK if order.count is None else min(CHUNK, order.count - done)
    rows = transaction.run_sql(
        "SELECT id FROM pool_number WHERE series = ? AND state = 'unallocated' "
        "AND id >= ? AND id <= ? ORDER BY id DESC LIMIT ?",
        (order.series, first, last, most),
    )
    if rows:
        places = ", ".join("?" * len(rows))
        transaction.run_sql(
            "UPDATE pool_number SET state = 'returned', return_id = ? "  # noqa: S608
            f"WHERE id IN ({places})",
            (return_id, *(row[0] for row in rows)),
        )
        pool_counts.give_back(transaction, site.plant, order.series, count=len(rows))
    values: dict[str, Any] = {"count": done + len(rows)}
    if len(rows) < CHUNK:
        values |= {"state": "done", "finished_at": site.clock()}
        said = {"series": order.series, "return": return_id, "new": values["count"]}
        why = {"operator": order.operator, "reason": order.reason}
        cause = Cause(channel=order.channel, detail={**said, **why})
        events.record(transaction, "pool_returned", at=site.clock(), cause=cause)
    query = update(_TABLE).where(_TABLE.c.id == return_id).values(**values).returning(_TABLE)
    return transaction.execute(query).one()


def _ends_again(transaction: Transaction, order: ReturnOrder, return_id: int) -> tuple[int, int]:
    """Return the ends of the range; the numbers there may have been returned by us since."""
    if order.first is None or order.last is None:
        return _ends(transaction, order)
    ids = []
    for text in (order.first, order.last):
        rows = transaction.run_sql(
            "SELECT id FROM pool_number WHERE return_id = ? AND series = ? AND text = ? "
            "AND state = 'returned'",
            (return_id, order.series, text),
        )
        ids.append(int(rows[0][0]) if rows else _id_of(transaction, order.series, text))
    return ids[0], ids[1]


def _shown(row: Row[Any]) -> dict[str, Any]:
    found = dict(row._mapping)
    return {name: value for name, value in found.items() if name != "key"}


def show(transaction: Transaction, series: str, return_id: int) -> dict[str, Any]:
    """Return one return; refuse (3014) an unknown one."""
    query = select(_TABLE).where(_TABLE.c.id == return_id, _TABLE.c.series == series)
    row = transaction.execute(query).one_or_none()
    if row is None:
        raise Refusal(
            NO_SUCH_RETURN,
            f"Pool '{series}' has no return {return_id}.",
            hint=f"List them: GET /api/v1/pools/{series}, or labeler pool status {series}.",
        )
    return _shown(row)


def export(site: Site, return_id: int) -> Iterator[str]:
    """Yield the numbers of a return in the order of the pool; few are in memory at once."""
    after = 0
    while True:
        with site.store.read() as transaction:
            rows = transaction.run_sql(
                "SELECT id, text FROM pool_number WHERE return_id = ? AND id > ? ORDER BY id "
                "LIMIT ?",
                (return_id, after, EXPORTED_AT_ONCE),
            )
        yield from (row[1] for row in rows)
        if len(rows) < EXPORTED_AT_ONCE:
            return
        after = rows[-1][0]
