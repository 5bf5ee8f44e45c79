"""Open a locked site: two people say why, and everything that may have been issued is left out."""

from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import select

from labeler.errors import BAD_VALUE, SECOND_PERSON, Refusal
from labeler.production import counters, events, pool_counts
from labeler.production.events import Cause
from labeler.production.printing import holding, spool
from labeler.production.safekeeping import anchoring, skipping
from labeler.production.site import Site
from labeler.store import Anchor, Guard, Lock, Mark, Transaction, other_copies, schema
from labeler.units import LabelState

KIND = "site_unlocked"
"""The event of the record."""
_HELD = "the record was locked: look whether these labels were printed in the lost part of it"
_ALL = 2**31 - 1

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class UnlockOrder:
    """What two people decided."""

    operator: str
    """Who unlocks: the engineer."""
    approved_by: str
    """Who else is for it: QA."""
    reason: str
    steps: int | None = None
    """At least so many numbers are left out of each counter; needed where nobody else knows."""
    channel: str = "http"


def state(site: Site) -> dict[str, Any]:
    """Return whether the site is locked, why, and what is known of the loss."""
    lock = None if site.store.guard is None else site.store.guard.lock
    return {
        "locked": lock is not None,
        "why": None if lock is None else lock.why,
        "lost": None if lock is None else lock.lost,
        "hint": None if lock is None else lock.refusal().hint,
    }


def unlock(site: Site, order: UnlockOrder) -> dict[str, Any]:
    """Raise every counter above what may have been issued, record who decided it, and unlock.

    Refuses one person alone (5026), a blank reason (1002), a site that is not locked (1002), and a
    loss of which nothing is known and nothing is said (1002).
    """
    _require_two(order)
    guard = site.store.guard
    if guard is None or guard.lock is None:
        raise Refusal(BAD_VALUE, "The site is not locked.", hint="Nothing is to be done.")
    lock = guard.lock
    done, mark, kept = site.store.write(
        lambda transaction: _unlock(transaction, site, guard, lock, order), locks=True
    )
    anchoring.log_head(site, lost_after=kept)
    # Last: a crash before it leaves the site locked, and more is left out. In the writer's thread,
    # since no commit may move the mark between our look at it and our writing.
    site.store.write(lambda _: guard.settle(mark))
    log.info("site.unlocked", **done)
    begin, site.when_unlocked = site.when_unlocked, None
    if begin is not None:
        begin()
    return done


def _require_two(order: UnlockOrder) -> None:
    if not order.reason.strip():
        raise Refusal(BAD_VALUE, "The reason is blank.", hint="Say what happened.")
    names = [name.strip().casefold() for name in (order.operator, order.approved_by)]
    if "" in names or names[0] == names[1]:
        raise Refusal(
            SECOND_PERSON,
            f"'{order.operator}' wants to unlock the site, and '{order.approved_by}' approved it. "
            "Expected two different people.",
            hint="Let somebody else look, and give their name: approved_by.",
        )


def _unlock(
    transaction: Transaction, site: Site, guard: Guard, lock: Lock, order: UnlockOrder
) -> tuple[dict[str, Any], Mark, int | None]:
    steps = _steps(transaction, guard, lock, order)
    now = site.clock()
    raised = counters.raise_all(transaction, steps=steps)
    set_aside = _set_aside(transaction, site, steps)
    skipping.add(transaction, at=now, steps=steps)
    done = {
        "held": _hold(transaction, site, order),
        "steps": steps,
        "counters": raised,
        "set_aside": set_aside,
        "why": lock.why,
        "operator": order.operator,
        "approved_by": order.approved_by,
        "reason": order.reason,
    }
    lost = guard.lost_trail(transaction)
    detail = done if lost is None else {**done, "audit_lost": _said(*lost)}
    cause = Cause(channel=order.channel, detail=detail)
    events.record(transaction, KIND, at=now, cause=cause)
    return done, guard.go_on(transaction, steps=steps), None if lost is None else lost[0]


def _said(kept: int, anchored: Anchor) -> dict[str, Any]:
    """Return what the record keeps of an end of the audit trail that is lost."""
    return {"kept": kept, "seq": anchored.seq, "hash": anchored.hash, "at": anchored.at}


def _steps(transaction: Transaction, guard: Guard, lock: Lock, order: UnlockOrder) -> int:
    """Return how many numbers are left out of each counter; refuse (1002) a guess of ours."""
    # Several marks count on PostgreSQL: what other machines lost stands in their marks only.
    others = bool(transaction.for_update) and other_copies(transaction, guard) > 0
    if order.steps is None and (lock.lost is None or others):
        why = "other machines have marks of their own" if others else "the mark does not tell"
        raise Refusal(
            BAD_VALUE,
            f"How many numbers were issued that the database does not know cannot be seen: {why}.",
            hint="Say a number that is surely as large (steps, or --steps): count what printers, "
            "the PLC or the MES have seen since the backup, and add some.",
        )
    return max(order.steps or 0, lock.lost or 0)


def _set_aside(transaction: Transaction, site: Site, steps: int) -> int:
    """Use up the next ``steps`` numbers of each pool: these are what would have been taken."""
    count = 0
    pools = transaction.execute(select(schema.pool.c.series).order_by(schema.pool.c.series))
    for name in list(pools.scalars()):
        rows = transaction.run_sql(
            "UPDATE pool_number SET state = 'allocated' WHERE id IN (SELECT id FROM pool_number "
            "WHERE series = ? AND state = 'unallocated' "
            "AND id <= (SELECT last_id FROM pool WHERE series = ?) ORDER BY id LIMIT ?) "
            "RETURNING id",
            (name, name, steps),
        )
        if rows:
            pool_counts.take(transaction, site.plant, name, count=len(rows))
        count += len(rows)
    return count


def _hold(transaction: Transaction, site: Site, order: UnlockOrder) -> int:
    """Hold every label that waits: it may have been printed since; return how many."""
    label, count = schema.label, 0
    query = select(label.c.printer).where(label.c.state == LabelState.QUEUED.value).distinct()
    cause = Cause(channel=order.channel, detail={"operator": order.operator, "why": KIND})
    for printer in sorted(transaction.execute(query).scalars()):
        labels = spool.waiting(transaction, printer, limit=_ALL)
        holding.hold_in(transaction, site, labels, reason=_HELD, cause=cause)
        count += len(labels)
    return count
