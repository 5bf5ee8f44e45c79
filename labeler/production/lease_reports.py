"""What became of leased serials: used, voided, the lease closed. All of a report or nothing.

A report says which units it is about before the first of them is changed, in one durable row (see
`lease_places`). The units are then changed in chunks, between which the lines are served. So a
report that was accepted is always done: by who sent it, by the next one who reports, or at the next
start. Each unit has an event of its own.
"""

import re
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row, insert, select

from labeler.errors import (
    BAD_VALUE,
    KEY_REUSED,
    LEASE_BUSY,
    LEASE_CLOSED,
    LEASE_OPEN,
    WRONG_SERIALS,
    Refusal,
)
from labeler.production import blocks, lease_applying, lease_lists, leases
from labeler.production.lease_lists import Read, Serials
from labeler.production.lease_places import Places
from labeler.production.site import Site
from labeler.store import Transaction, schema_leases
from labeler.units import counted

_TABLE = schema_leases.lease_report

_HASH = re.compile(r" serials=[0-9a-f]+$")
"""What a report's arguments say of its list."""
_VERBS = {"used": "reported as used", "void": "voided"}


@dataclass(frozen=True, kw_only=True)
class ReportOrder:
    """What a door received."""

    lease_id: int
    kind: str
    """used, void or close."""
    key: str
    """Chosen by the sender, unique for each wish; a retry carries the same one."""
    channel: str = "http"
    operator: str | None = None
    reason: str | None = None
    detail: str = ""
    """What else must be equal in a retry."""

    @property
    def arguments(self) -> str:
        """What must be equal in a retry."""
        said = {"operator": self.operator, "reason": self.reason}
        words = [f"{name}={value}" for name, value in said.items() if value is not None]
        return " ".join(filter(None, [self.kind, *words, self.detail]))


@dataclass(frozen=True, kw_only=True)
class _Accepted:
    """A report on its way into the record."""

    order: ReportOrder
    places: Places
    seen: int
    """The newest report that everything was checked after."""


def report(site: Site, order: ReportOrder, serials: Serials) -> dict[str, Any]:
    """Record that serials of a lease are used or voided, all of them or none.

    Refuses an unknown lease (3020), a closed one (3021), serials that cannot be reported so (3022,
    each with its line), serials somebody else reported meanwhile (3024), and a key used for another
    report (1008).
    """
    lease, earlier, seen = _look(site, order)
    if earlier is None and lease.state == "closed":
        raise closed(lease)
    found = lease_lists.read(site, lease, serials)
    order = replace(order, detail=f"serials={found.places.digest}")
    if earlier is not None:
        return replay(order, earlier, is_other=bool(found.foreign))
    _refuse_wrong(order, found)
    return _accept(site, _Accepted(order=order, places=found.places, seen=seen))


def close(site: Site, order: ReportOrder, *, void_rest: bool) -> dict[str, Any]:
    """Close a lease; ``void_rest`` voids each serial that is unaccounted for, by name.

    Refuses an unknown lease (3020), a closed one (3021), one with serials that are unaccounted for
    (3023), what somebody else reported meanwhile (3024), and a key used for another report (1008).
    """
    order = replace(order, detail=f"void_rest={str(void_rest).lower()}")
    lease, earlier, seen = _look(site, order)
    if earlier is not None:
        return replay(order, earlier)
    if lease.state == "closed":
        raise closed(lease)
    blocks.fill(site, lease.allocation_id)
    places = _unaccounted(site, lease)
    if places.count and not void_rest:
        raise _unaccounted_for(lease, places.count)
    return _accept(site, _Accepted(order=order, places=places, seen=seen))


def resume(site: Site) -> int:
    """Do what a crash left undone of reports that were accepted; return how many there were."""
    with site.store.read() as transaction:
        query = select(_TABLE.c.id).where(_TABLE.c.state == "applying").order_by(_TABLE.c.id)
        found = list(transaction.execute(query).scalars())
    for report_id in found:
        lease_applying.finish(site, report_id)
    return len(found)


def _look(site: Site, order: ReportOrder) -> tuple[Any, Row[Any] | None, int]:
    """Return the lease, the report with this key, and the newest report; all of them done.

    What is looked up after that may only be changed by newer reports.
    """
    with site.store.read() as transaction:
        leases.find(transaction, order.lease_id)
        own = select(_TABLE.c.id, _TABLE.c.state).where(_TABLE.c.lease_id == order.lease_id)
        newest = transaction.execute(own.order_by(_TABLE.c.id.desc()).limit(1)).first()
        waiting = own.where(_TABLE.c.state == "applying").order_by(_TABLE.c.id)
        undone = [row.id for row in transaction.execute(waiting)]
    for report_id in undone:
        lease_applying.finish(site, report_id)
    with site.store.read() as transaction:
        lease, earlier = leases.find(transaction, order.lease_id), known(transaction, order)
    if earlier is not None and earlier.state == "applying":  # it came in this very moment
        earlier = _finished(site, earlier.id)
    return lease, earlier, newest.id if newest else 0


def _finished(site: Site, report_id: int) -> Row[Any]:
    """Return a report once all of it is done."""
    lease_applying.finish(site, report_id)
    with site.store.read() as transaction:
        return transaction.execute(select(_TABLE).where(_TABLE.c.id == report_id)).one()


def known(transaction: Transaction, order: ReportOrder) -> Row[Any] | None:
    """Return the report that came with this key, if one did."""
    same = (_TABLE.c.lease_id == order.lease_id, _TABLE.c.channel == order.channel)
    query = select(_TABLE).where(*same, _TABLE.c.key == order.key)
    return transaction.execute(query).one_or_none()


def replay(order: ReportOrder, earlier: Row[Any], *, is_other: bool = False) -> dict[str, Any]:
    """Return what was done with this key; refuse (1008) it for anything else."""
    if is_other or earlier.arguments != order.arguments:
        raise Refusal(
            KEY_REUSED,
            f"Idempotency-Key '{order.key}' of lease {order.lease_id} was used for "
            f"{_told_apart(earlier, order)}.",
            hint="Send the same for a retry, or a new key for a new report.",
        )
    return {**leases.report_shown(earlier._mapping), "replayed": True}


def _told_apart(earlier: Row[Any], order: ReportOrder) -> str:
    """Return what a key was used for, in words: nobody knows a list by its hash."""
    before, now = (_HASH.sub("", text) for text in (earlier.arguments, order.arguments))
    if before == now:
        return f"another list of {counted(earlier._mapping['count'], 'serial')}"
    return f"'{before}', now for '{now}'"


def _refuse_wrong(order: ReportOrder, found: Read) -> None:
    if not found.lines:
        raise Refusal(
            BAD_VALUE, "The list names no serial.", hint="Name them as serials, or as ranges."
        )
    if not found.wrong.count:
        return
    shown = found.wrong.as_dict()
    first = shown["first"][0]  # type: ignore[index]
    raise Refusal(
        WRONG_SERIALS,
        f"{found.wrong_lines} of {found.lines} lines cannot be {_VERBS[order.kind]}. Nothing was "
        f"changed. Line {first['line']}: {first['sentence']}",
        hint="Correct the list and send all of it.",
        extra={"wrong": shown},
    )


def _unaccounted(site: Site, lease: Any) -> Places:
    places = Places(lease.quantity)
    for page in leases.pages(site, lease.id, state="leased"):
        for unit in page:
            places.add(unit["position"] - lease.first_position)
    return places


def _accept(site: Site, wanted: _Accepted) -> dict[str, Any]:
    taken, is_new = site.store.write(
        lambda transaction: _take(transaction, site, wanted), locks=True
    )
    row = _finished(site, taken.id)
    if is_new:
        return {**leases.report_shown(row._mapping), "replayed": False}
    return replay(wanted.order, row)


def _take(transaction: Transaction, site: Site, wanted: _Accepted) -> tuple[Row[Any], bool]:
    """Write down what a report is about; return it, and whether it is new."""
    order = wanted.order
    lease = leases.find(transaction, order.lease_id, lock=True)
    earlier = known(transaction, order)
    if earlier is not None:
        return earlier, False
    if lease.state == "closed":
        raise closed(lease)
    newer = select(_TABLE).where(_TABLE.c.lease_id == lease.id, _TABLE.c.id > wanted.seen)
    for other in transaction.execute(newer):
        shared = Places.unpacked(other.places).shared(wanted.places)
        if shared:
            raise Refusal(
                LEASE_BUSY,
                f"{shared} of {wanted.places.count} serials were reported by somebody else at the "
                f"same moment, in report {other.id} of lease {lease.id}. Nothing was changed.",
                hint="Send it again: then it is said which.",
            )
    row = insert_report(transaction, site, order, lease=lease, places=wanted.places)
    lease_applying.apply(transaction, site, row.id)
    return row, True


def insert_report(
    transaction: Transaction, site: Site, order: ReportOrder, *, lease: Any, places: Places
) -> Row[Any]:
    """Write a report down; nothing of it is done yet."""
    now = site.clock()
    values = {
        "lease_id": lease.id,
        "kind": order.kind,
        "state": "applying",
        "channel": order.channel,
        "key": order.key,
        "arguments": order.arguments,
        "count": places.count,
        "places": places.packed,
        "next_place": 0,
        "late": now >= lease.expires_at,
        "operator": order.operator,
        "reason": order.reason,
        "received_at": now,
    }
    return transaction.execute(insert(_TABLE).values(**values).returning(_TABLE)).one()


def closed(lease: Any) -> Refusal:
    """Return the refusal (3021) of a lease that is closed."""
    at = f"{lease.closed_at:%Y-%m-%d %H:%M:%S} UTC"
    return Refusal(
        LEASE_CLOSED,
        f"Lease {lease.id} of {lease.holder} was closed at {at}.",
        hint=f"What became of each of its serials is known: GET /api/v1/leases/{lease.id}/serials, "
        f"or labeler lease show {lease.id} --out FILE.",
    )


def _unaccounted_for(lease: Any, count: int) -> Refusal:
    address = f"/api/v1/leases/{lease.id}/serials?state=leased"
    return Refusal(
        LEASE_OPEN,
        f"Lease {lease.id} has {count} of {counted(lease.quantity, 'serial')} of which "
        f"{lease.holder} has not said what became of them.",
        hint=f"List them: GET {address}, or labeler lease show {lease.id} --state leased "
        "--out FILE. Report them, or void the rest: void_rest, --void-rest.",
        extra={"open": count, "list": address},
    )
