"""Issue a block of serials in one step: up to a million, without a label each.

The line must not wait for it. So a short transaction reserves the block: the places in the run, and
the numbers where they are known before. Then the units are written in chunks, between which the
triggers of the lines are served. A reserved block is always filled: by who asked for it, by who
asks again with the same key, or at the next start. It is acknowledged once the last chunk is
durable.
"""

from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from labeler.errors import KEY_REUSED, RUN_CLOSED, RUN_FULL, SERIAL_TAKEN, SERIES_EXHAUSTED, Refusal
from labeler.production import (
    block_numbers,
    booking,
    counters,
    events,
    identifying,
    lease_terms,
    run_records,
    runs,
)
from labeler.production.drawing import Drawer, Drawn
from labeler.production.events import Cause
from labeler.production.identifying import Given
from labeler.production.pinned import PinnedRun
from labeler.production.recalls import recalling
from labeler.production.site import Site
from labeler.store import Transaction, schema
from labeler.units import RunState

log = structlog.get_logger(__name__)

QUANTITY_MAX = 1_000_000
"""Most serials of one block."""
CHUNK = 10_000
"""Units of one transaction: a few hundredths of a second, in which a trigger may have to wait."""
DRAWN_CHUNK = 500
"""The same where each number has to be tried against words, or taken from a pool."""

_TABLE = schema.allocation


@dataclass(frozen=True, kw_only=True)
class BlockOrder:
    """What a door received."""

    run_id: int
    quantity: int
    key: str
    """Chosen by the sender, unique for each wish; a retry carries the same one."""
    channel: str = "http"
    lease: lease_terms.Terms | None = None
    """To whom the serials are given; None: they stay here."""

    @property
    def arguments(self) -> str:
        """What must be equal in a retry."""
        return f"quantity={self.quantity}" + (f" {self.lease.arguments}" if self.lease else "")


def issue_block(site: Site, order: BlockOrder) -> dict[str, Any]:
    """Issue the next serials of an open run; durable on return.

    The same key returns the same block. Refuses an unknown run (2003), a closed one (2006), more
    than its remaining quantity (2007), a key used with another quantity (1008), a series that is
    used up (3003, 3006), units with a secret (3016) and serials or identifiers that exist (3002).
    """
    allocation = site.store.write(
        lambda transaction: _reserve(transaction, site, order), locks=True
    )
    return fill(site, allocation.id) | {"replayed": allocation.state == "done"}


def fill(site: Site, allocation_id: int) -> dict[str, Any]:
    """Write the units of a reserved block that are not written yet, and return the block."""
    while True:
        try:
            is_done = site.store.write(
                lambda transaction: _fill(transaction, site, allocation_id), locks=True
            )
        except Refusal as refusal:
            if refusal.kind in (SERIAL_TAKEN, SERIES_EXHAUSTED):
                site.store.write(lambda transaction: _stop(transaction, site, allocation_id))
                recalling.block_ended(site, allocation_id)
            raise
        if is_done:
            recalling.block_ended(site, allocation_id)
            with site.store.read() as transaction:
                return show(transaction, allocation_id)


def resume(site: Site) -> int:
    """Fill the blocks that a crash left half filled; return how many are full now.

    One that cannot be filled now, since its pool has too few numbers, keeps nothing from starting:
    it waits for the next start, or for who asks again with its key.
    """
    with site.store.read() as transaction:
        query = select(_TABLE.c.id).where(_TABLE.c.state == "filling").order_by(_TABLE.c.id)
        found = list(transaction.execute(query).scalars())
    count = 0
    for allocation_id in found:
        try:
            fill(site, allocation_id)
            count += 1
        except Refusal as refusal:
            log.warning("block.waits", block=allocation_id, why=refusal.sentence)
    return count


def show(transaction: Transaction, allocation_id: int) -> dict[str, Any]:
    """Return a block: its run, its quantity, its first and last serial."""
    row = transaction.execute(select(_TABLE).where(_TABLE.c.id == allocation_id)).one()
    last = row.first_position + row.filled - 1
    found = transaction.run_sql(
        "SELECT position, serial FROM unit WHERE run_id = ? AND position IN (?, ?)",
        (row.run_id, row.first_position, last),
    )
    ends = {position: serial for position, serial in found}  # noqa: C416 rows of two
    return {
        "id": row.id,
        "run": row.run_id,
        "quantity": row.quantity,
        "state": row.state,
        "first_position": row.first_position,
        "last_position": last,
        "first": ends.get(row.first_position),
        "last": ends.get(last),
    }


def events_of(transaction: Transaction, unit: Row[Any]) -> list[dict[str, Any]]:
    """Return how a unit came about, if it came with a block: one event stands for all of them."""
    columns = _TABLE.c
    row = transaction.execute(
        select(_TABLE).where(
            columns.run_id == unit.run_id,
            columns.first_position <= unit.position,
            columns.first_position + columns.quantity > unit.position,
        )
    ).one_or_none()
    return [] if row is None else [lease_terms.beginning(transaction, row)]


def _reserve(transaction: Transaction, site: Site, order: BlockOrder) -> Row[Any]:
    run_id, quantity = order.run_id, order.quantity
    found = _run_for_update(transaction, run_id)
    earlier = _reserved_before(transaction, order)
    if earlier is not None:
        return earlier
    _require_open(transaction, found, quantity)
    run, now = site.pinned(transaction, run_id), site.clock()
    if run.secrets:
        raise identifying.unprinted_secret(run)
    values = {
        "run_id": run_id,
        "channel": order.channel,
        "key": order.key,
        "first_position": found["issued"] + 1,
        "quantity": quantity,
        "filled": 0,
        "first_number": block_numbers.reserve(transaction, site, run, quantity=quantity, now=now),
        "state": "filling",
        "created_at": now,
    }
    row = transaction.execute(insert(_TABLE).values(**values).returning(_TABLE)).one()
    if order.lease is not None:
        lease_terms.grant(transaction, row, order.lease)
    transaction.execute(
        update(schema.run)
        .where(schema.run.c.id == run_id)
        .values(issued=found["issued"] + quantity)
    )
    detail = {"allocation": row.id, "key": order.key, "quantity": quantity}
    cause = Cause(channel=order.channel, detail=detail)
    events.record(transaction, "block_allocated", at=now, cause=cause, run_id=run_id)
    return row


def _reserved_before(transaction: Transaction, order: BlockOrder) -> Row[Any] | None:
    columns = _TABLE.c
    same = (columns.run_id == order.run_id, columns.channel == order.channel)
    query = select(_TABLE).where(*same, columns.key == order.key)
    earlier = transaction.execute(query).one_or_none()
    if earlier is None:
        return None
    before = lease_terms.arguments(transaction, earlier)
    if before != order.arguments:
        raise Refusal(
            KEY_REUSED,
            f"Idempotency-Key '{order.key}' of run {order.run_id} was used with {before}, now with "
            f"{order.arguments}.",
            hint="Send the same quantity for a retry, or a new key for a new block."
            if order.lease is None
            else "Send the same arguments for a retry, or a new key for a new lease.",
        )
    return earlier


def _run_for_update(transaction: Transaction, run_id: int) -> dict[str, Any]:
    transaction.execute(
        select(schema.run.c.id).where(schema.run.c.id == run_id).with_for_update(key_share=True)
    )
    return runs.show(transaction, run_id)


def _require_open(transaction: Transaction, found: dict[str, Any], quantity: int) -> None:
    if found["state"] == RunState.PAUSED.value:
        refusal = run_records.last_paused(transaction, id=found["id"])
        assert refusal is not None  # noqa: S101 a run is paused by a step
        raise refusal
    if found["state"] != RunState.OPEN.value:
        raise Refusal(RUN_CLOSED, f"Run {found['id']} is {found['state']}.", hint="Open a new run.")
    if quantity > found["remaining"]:
        raise Refusal(
            RUN_FULL,
            f"Run {found['id']} has {found['remaining']} of "
            f"{found['quantity'] + found['overrun']} units left, the "
            f"block wants {quantity}.",
            hint="Ask for less, or close the run and open the next.",
        )


def _fill(transaction: Transaction, site: Site, allocation_id: int) -> bool:
    """Write the next chunk of a block; return whether the block is full."""
    query = select(_TABLE).where(_TABLE.c.id == allocation_id).with_for_update()
    row = transaction.execute(query).one()
    if row.state != "filling":
        return True
    transaction.require_open()
    run = site.pinned(transaction, row.run_id)
    sources = [run.serial, *run.identifiers.values()]
    is_slow = any(source.words is not None or source.kind == "pool" for source in sources)
    count = min(DRAWN_CHUNK if is_slow else CHUNK, row.quantity - row.filled)
    if row.first_number is None or run.identifiers:
        counters.lock(transaction, run.series_names)
    drawer = Drawer(site=site, transaction=transaction)
    drawn = block_numbers.take(drawer, run, row=row, count=count)
    given = identifying.take(drawer, run, occasion=site.occasion(run, row.created_at), count=count)
    _write(drawer, run, row=row, drawn=drawn, given=given)
    filled = row.filled + count
    is_done = bool(filled == row.quantity)
    transaction.write_back_late(not is_done)
    values: dict[str, Any] = {"filled": filled}
    if is_done:
        values |= {"state": "done", "done_at": site.clock()}
    transaction.execute(update(_TABLE).where(_TABLE.c.id == allocation_id).values(**values))
    return is_done


def _write(
    drawer: Drawer, run: PinnedRun, *, row: Row[Any], drawn: Drawn, given: list[Given]
) -> None:
    site, transaction = drawer.site, drawer.transaction
    time = transaction.time(row.created_at)
    state, scope = lease_terms.unit_state(transaction, row.id), run.serial.scope
    [ids] = transaction.next_ids([(schema.unit, len(drawn.serials))])
    positions = range(row.first_position + row.filled, row.first_position + row.quantity)
    # In the order of the index that keeps serials unique: each of its pages is touched once, not
    # once for each random serial that lands there.
    ordered = sorted(zip(drawn.serials, positions, drawn.numbers, strict=False))
    rows = [
        (unit_id, serial, scope, run.id, position, number, state, time)
        for unit_id, (serial, position, number) in zip(ids, ordered, strict=True)
    ]
    add = transaction.insert_many
    try:
        add(schema.unit, columns=booking.UNIT_COLUMNS, rows=rows)
        if given:
            own = dict(zip((position for _, position, _ in ordered), ids, strict=True))
            in_order = [own[position] for position in sorted(own)]
            more = identifying.rows(given, in_order)
            add(schema.unit_identifier, columns=identifying.COLUMNS, rows=more)
    except IntegrityError as error:
        also = f"; of the block {row.filled} of {row.quantity} serials were issued"
        first, last = drawn.serials[0], drawn.serials[-1]
        raise booking.taken(error, first=first, last=last, also=also) from error
    booking.take_from_pools(transaction, site, [(run, drawn.numbers, given)])


def _stop(transaction: Transaction, site: Site, allocation_id: int) -> None:
    """End a block that cannot be filled; what was issued of it stays issued."""
    transaction.write_back_late(False)
    row = transaction.execute(
        update(_TABLE)
        .where(_TABLE.c.id == allocation_id, _TABLE.c.state == "filling")
        .values(state="stopped", done_at=site.clock())
        .returning(_TABLE)
    ).one_or_none()
    if row is not None:
        lease_terms.shorten(transaction, row)
