"""Number leases: a block of serials that somebody else uses, until a moment both agreed on.

Whoever holds a lease says which serials have a label now and which never will. Until then a unit is
*leased*: nobody here knows what became of it, and no clock says so. A lease that expired is only
*overdue*; what its holder reports late is true all the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select

from labeler.errors import NO_SUCH_LEASE, Refusal
from labeler.production import blocks, listing
from labeler.production.blocks import BlockOrder
from labeler.production.lease_terms import Terms
from labeler.production.listing import PAGE_ROWS
from labeler.production.site import Site
from labeler.store import Transaction, schema, schema_leases

_TABLE = schema_leases.lease
_REPORT = schema_leases.lease_report

REPORTS_SHOWN = 50
"""Reports of a lease that are shown with it, the newest ones."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which leases are listed."""

    holder: str | None = None
    state: str | None = None
    overdue: bool = False
    """Only those whose holder should have told by now."""
    run: int | None = None


def open_lease(site: Site, order: BlockOrder, terms: Terms) -> dict[str, Any]:
    """Give the next serials of an open run to somebody; durable on return.

    The same key returns the same lease as it is now. Refuses what `blocks.issue_block` refuses, and
    (1002) a moment that is over.
    """
    wanted = BlockOrder(
        run_id=order.run_id,
        quantity=order.quantity,
        key=order.key,
        channel=order.channel,
        lease=terms,
    )
    block = blocks.issue_block(site, wanted)
    with site.store.read() as transaction:
        query = _select().where(_TABLE.c.allocation_id == block["id"])
        found = _shown(transaction.execute(query).one(), site.clock())
    return {**found, "replayed": block["replayed"]}


def show(site: Site, transaction: Transaction, lease_id: int) -> dict[str, Any]:
    """Return a lease and its newest reports; refuse (3020) an unknown one."""
    row = transaction.execute(_select().where(_TABLE.c.id == lease_id)).one_or_none()
    if row is None:
        raise unknown(lease_id)
    query = select(_REPORT).where(_REPORT.c.lease_id == lease_id)
    newest = query.order_by(_REPORT.c.id.desc()).limit(REPORTS_SHOWN)
    reports = [report_shown(found._mapping) for found in transaction.execute(newest)]
    return {**_shown(row, site.clock()), "reports": reports}


def list_leases(
    site: Site,
    transaction: Transaction,
    wanted: Wanted,
    *,
    before: int | None = None,
    limit: int = 50,
) -> list[dict[str, Any]]:
    """Return leases, the newest first; ``before`` is the last id of the page before."""
    now = site.clock()
    query = _select().order_by(_TABLE.c.id.desc()).limit(limit)
    if wanted.holder is not None:
        query = query.where(_TABLE.c.holder == wanted.holder)
    if wanted.state is not None:
        query = query.where(_TABLE.c.state == wanted.state)
    if wanted.run is not None:
        query = query.where(_TABLE.c.run_id == wanted.run)
    if wanted.overdue:
        query = query.where(_TABLE.c.state == "open", _TABLE.c.open > 0)
        query = query.where(_TABLE.c.expires_at <= now)
    if before is not None:
        query = query.where(_TABLE.c.id < before)
    return [_shown(row, now) for row in transaction.execute(query)]


def pages(
    site: Site, lease_id: int, *, after: int = 0, state: str | None = None
) -> Iterator[list[dict[str, Any]]]:
    """Yield the lease's units page by page, in the order of their places; each page a snapshot."""
    while True:
        with site.store.read() as transaction:
            page = list_units(transaction, lease_id, after=after, limit=PAGE_ROWS, state=state)
        if not page:
            return
        yield page
        after = page[-1]["position"]


def list_units(
    transaction: Transaction, lease_id: int, *, after: int, limit: int, state: str | None = None
) -> list[dict[str, Any]]:
    """Return the lease's units behind the place ``after``; refuse (3020) an unknown lease."""
    unit, block = schema.unit, find(transaction, lease_id)
    query = (
        select(unit.c.position, unit.c.serial, unit.c.state, unit.c.allocated_at)
        .where(
            unit.c.run_id == block.run_id,
            unit.c.position > max(after, block.first_position - 1),
            unit.c.position < block.first_position + block.quantity,
        )
        .order_by(unit.c.position)
        .limit(limit)
    )
    if state is not None:
        query = query.where(unit.c.state == state)
    units = [dict(row._mapping) for row in transaction.execute(query)]
    listing.add_identifiers(transaction, block.run_id, units)
    return units


def find(transaction: Transaction, lease_id: int, *, lock: bool = False) -> Any:
    """Return a lease's row with the first place of its block; refuse (3020) an unknown one.

    ``lock``: nobody else can change it until the transaction ends.
    """
    block = schema.allocation
    query = (
        select(_TABLE, block.c.first_position)
        .join(block, block.c.id == _TABLE.c.allocation_id)
        .where(_TABLE.c.id == lease_id)
    )
    if lock:
        query = query.with_for_update(of=_TABLE)
    row = transaction.execute(query).one_or_none()
    if row is None:
        raise unknown(lease_id)
    return row


def unknown(lease_id: int) -> Refusal:
    """Return the refusal (3020) of a lease that does not exist."""
    return Refusal(
        NO_SUCH_LEASE,
        f"There is no lease {lease_id}.",
        hint="List them: GET /api/v1/leases, or labeler lease list.",
    )


def report_shown(row: Any) -> dict[str, Any]:
    """Return a report without what only we need."""
    hidden = {"arguments", "places", "next_place", "key", "lease_id"}
    found = {name: value for name, value in row.items() if name not in hidden}
    return {"id": found.pop("id"), "lease": row["lease_id"], **found}


def _select() -> Any:
    block, first, last = schema.allocation, schema.unit.alias(), schema.unit.alias()
    end = block.c.first_position + _TABLE.c.quantity - 1
    is_first = and_(first.c.run_id == _TABLE.c.run_id, first.c.position == block.c.first_position)
    is_last = and_(last.c.run_id == _TABLE.c.run_id, last.c.position == end)
    return (
        select(
            _TABLE,
            block.c.first_position,
            end.label("last_position"),
            first.c.serial.label("first"),
            last.c.serial.label("last"),
        )
        .join(block, block.c.id == _TABLE.c.allocation_id)
        .outerjoin(first, is_first)
        .outerjoin(last, is_last)
    )


def _shown(row: Any, now: datetime) -> dict[str, Any]:
    names = ("holder", "state", "quantity", "open", "used", "voided", "opened_at", "expires_at")
    ends = ("closed_at", "first_position", "last_position", "first", "last")
    return {
        "id": row.id,
        "run": row.run_id,
        "block": row.allocation_id,
        **{name: row._mapping[name] for name in (*names, *ends)},
        "overdue": row.open > 0 and row.expires_at <= now,
    }
