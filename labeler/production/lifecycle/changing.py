"""The verbs of units: commission, sample, scrap … one function, all of an order or nothing.

An order is one durable row that names its units. Up to CHUNK units are changed in the transaction
that accepts it. Of more, every unit is checked first, then the order is accepted, and the units are
changed chunk by chunk, between which the lines are served: by who sent it, or at the next start.
What somebody else changed meanwhile is left alone, and named in the report.
"""

import hashlib
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, select

from labeler.errors import KEY_REUSED, Refusal
from labeler.production.lease_lists import Serials
from labeler.production.lifecycle import applying, said, units_named
from labeler.production.lifecycle.units_named import Named
from labeler.production.lifecycle.verbs import VERBS
from labeler.production.site import Site
from labeler.store import Transaction, schema_units

_TABLE = schema_units.unit_order


@dataclass(frozen=True, kw_only=True)
class UnitOrder:
    """What a door received."""

    verb: str
    """One of `verbs.VERBS`."""
    key: str
    """Chosen by the sender, unique for each wish; a retry carries the same one."""
    channel: str = "http"
    product: str | None = None
    """Whose serials, where several products have them."""
    said: dict[str, str] = field(default_factory=dict)
    """Who, why, where and whose: operator, line, reason, location, owner, purchase_order …"""


def change(site: Site, order: UnitOrder, serials: Serials) -> dict[str, Any]:
    """Do what an order says with all of its units, or with none.

    Refuses what the verb needs and nobody said (1002), unknown serials (3001, 3009), steps that are
    not legal (3025), or no more since the run is reconciled (2032), units whose label still waits
    (5022), recalled ones that would leave (6014), a list with any of these (3026, each with its
    line), too many units (3028), and a key used for another order (1008).
    """
    said.require(order.verb, order.said)
    named = units_named.read(site, serials, product=order.product)
    digest = _digest(order, named)
    told = None if named.first_refusal else digest
    with site.store.read() as transaction:
        earlier = _known(transaction, order)
    if earlier is None:
        _check(site, order, named)
        if named.first_refusal:  # perhaps since another process did the same order meanwhile
            with site.store.read() as transaction:
                earlier = _known(transaction, order)
    if earlier is not None:
        return _replay(site, order, earlier, digest=told)
    named.require_right()

    def accept(transaction: Transaction) -> tuple[int, bool]:
        return _accept(transaction, site, order, ids=list(named.rows), digest=digest)

    order_id, is_new = site.store.write(accept, locks=True)
    applying.finish(site, order_id)
    with site.store.read() as transaction:
        row = applying.find(transaction, order_id)
    if is_new:
        return {**applying.shown(row), "replayed": False}
    return _replay(site, order, row, digest=digest)


def resume(site: Site) -> int:
    """Do what a crash left undone of orders that were accepted; return how many there were."""
    with site.store.read() as transaction:
        query = select(_TABLE.c.id).where(_TABLE.c.state == "applying").order_by(_TABLE.c.id)
        found = list(transaction.execute(query).scalars())
    for order_id in found:
        applying.finish(site, order_id)
    return len(found)


def _digest(order: UnitOrder, named: Named) -> str:
    """Return the hash of what must be equal in a retry."""
    told = json.dumps([order.verb, sorted(order.said.items()), list(named.rows)])
    return hashlib.sha256(told.encode()).hexdigest()


def _known(transaction: Transaction, order: UnitOrder) -> Row[Any] | None:
    same = (_TABLE.c.channel == order.channel, _TABLE.c.key == order.key)
    return transaction.execute(select(_TABLE).where(*same)).one_or_none()


def _replay(
    site: Site, order: UnitOrder, earlier: Row[Any], *, digest: str | None
) -> dict[str, Any]:
    """Return what was done with this key; refuse (1008) it for anything else."""
    if digest != earlier.arguments:
        raise Refusal(
            KEY_REUSED,
            f"Idempotency-Key '{order.key}' was used for another order: "
            f"'{earlier.verb}' of {earlier._mapping['count']} units, now '{order.verb}'.",
            hint="Send the same for a retry, or a new key for a new order.",
        )
    applying.finish(site, earlier.id)  # it may be at work this very moment
    with site.store.read() as transaction:
        return {**applying.shown(applying.find(transaction, earlier.id)), "replayed": True}


def _check(site: Site, order: UnitOrder, named: Named) -> None:
    """Note each unit that cannot take the step as the record is now."""
    verb, ids = VERBS[order.verb], list(named.rows)
    for start in range(0, len(ids), applying.CHUNK):
        part = ids[start : start + applying.CHUNK]
        with site.store.read() as transaction:
            standing = applying.standing(transaction, part)
            against = applying.hindrances(transaction, verb, standing)
        for unit in standing:
            refusal = applying.cannot(verb, unit, against=against)
            if refusal is not None:
                named.refuse(named.rows.pop(unit.id), refusal)


def _accept(
    transaction: Transaction, site: Site, order: UnitOrder, *, ids: Sequence[int], digest: str
) -> tuple[int, bool]:
    """Write an order down and do its first chunk; return it, and whether it is new."""
    packed = zlib.compress(json.dumps(ids).encode())
    words = json.dumps(order.said, ensure_ascii=False)
    row = (order.verb, "applying", order.channel, order.key, digest, words, packed, len(ids), 0)
    columns = (
        "verb, state, channel, key, arguments, said, units, count, next_place, left_alone, "
        "received_at"
    )
    made = transaction.run_sql(
        f"INSERT INTO unit_order ({columns}) VALUES ({', '.join('?' * 11)}) "  # noqa: S608 ours
        "ON CONFLICT (channel, key) DO NOTHING RETURNING id",
        (*row, "[]", transaction.time(site.clock())),
    )
    if not made:
        earlier = _known(transaction, order)
        assert earlier is not None  # noqa: S101 it is what was in the way
        return earlier.id, False
    applying.apply(transaction, site, made[0][0], strict=len(ids) <= applying.CHUNK)
    return made[0][0], True
