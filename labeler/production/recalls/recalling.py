"""The verbs of recalls: call units back, and end a recall.

A recall is a row with what was asked, and a row for each unit that was meant at that moment: what
was recalled does not change when something else is said of a run later. The units are gathered
step by step, between which the lines are served, and over a crash. See docs/decisions/0048.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, text, update

from labeler.errors import NOTHING_TO_RECALL, RECALL_CLOSED, RECALL_NAMED_SO, Refusal
from labeler.production import events
from labeler.production.events import Cause
from labeler.production.recalls import recall_lists, unwritten, walking
from labeler.production.recalls.criteria import Criteria
from labeler.production.recalls.walking import Search
from labeler.production.site import Site
from labeler.store import Transaction, schema_recalls

_TABLE = schema_recalls.recall


@dataclass(frozen=True, kw_only=True)
class RecallOrder:
    """What is called back, why and by whom."""

    name: str
    """How people call the recall; there is one of it, so a retry is no second one."""
    reason: str
    operator: str
    criteria: Criteria
    channel: str = "http"


@dataclass(frozen=True, kw_only=True)
class CloseOrder:
    """Which recall ends, why and by whom."""

    name: str
    reason: str
    operator: str
    channel: str = "http"


def recall(site: Site, order: RecallOrder) -> dict[str, Any]:
    """Call back every unit that is meant now; all that are written are, when this returns.

    It is `gathering` while a block that is meant is still being written: its units follow.
    The same name, criteria, reason and operator again give the same recall, `replayed`. Refuses
    criteria that say nothing (1002), name something unknown or meet no unit (6012), and the name of
    another recall (6011).
    """
    with site.store.read() as transaction:
        earlier = _known(transaction, order)
        if earlier is None:
            search = walking.begin(transaction, order.criteria, until=site.clock())
            count = _expected(transaction, search)

    def accept(transaction: Transaction) -> tuple[int, bool]:
        return _accept(transaction, order, search, count=count)

    row_id, is_new = (
        (earlier, False) if earlier is not None else site.store.write(accept, locks=True)
    )
    finish(site, row_id)
    with site.store.read() as transaction:
        return {**recall_lists.show(transaction, order.name), "replayed": not is_new}


def _known(transaction: Transaction, order: RecallOrder) -> int | None:
    """Return the recall of that name, or None; refuse (6011) another one."""
    query = select(_TABLE).where(_TABLE.c.name == order.name)
    row = transaction.execute(query).one_or_none()
    if row is None:
        return None
    said = (order.criteria.as_text(), order.reason, order.operator)
    if said != (row.criteria, row.reason, row.operator):
        raise Refusal(
            RECALL_NAMED_SO,
            f"Recall '{order.name}' was made for something else by {row.operator}, on "
            f"{row.created_at:%Y-%m-%d at %H:%M:%S} UTC: {row.reason}.",
            hint="Choose another name, or send the very same for a retry.",
        )
    return int(row.id)


def _expected(transaction: Transaction, search: Search) -> int:
    """Return how many units are meant; refuse (6012) none."""
    source, values = walking.every(transaction, search)
    [[count]] = transaction.run_sql(f"SELECT count(*) {source}", values)
    count += sum(block[2] for block in unwritten.blocks(transaction, search))
    if not count:
        raise Refusal(
            NOTHING_TO_RECALL,
            "No unit is all that the recall asks for.",
            hint="Look at it without one criterion after the other: labeler recall preview.",
        )
    return int(count)


def _accept(
    transaction: Transaction, order: RecallOrder, search: Search, *, count: int
) -> tuple[int, bool]:
    """Write the recall down; return it, and whether it is new."""
    late = tuple(block[0] for block in unwritten.blocks(transaction, search))
    row = (
        order.name, "gathering", order.reason, order.operator, order.channel,
        order.criteria.as_text(), replace(search.way, late=late).as_text(), 0, count,
        transaction.time(search.until),
    )  # fmt: skip
    made = transaction.run_sql(
        "INSERT INTO recall (name, state, reason, operator, channel, criteria, way, count, "
        "expected, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (name) DO NOTHING RETURNING id",
        row,
    )
    if not made:
        earlier = _known(transaction, order)
        assert earlier is not None  # noqa: S101 it is what was in the way
        return earlier, False
    detail = {"recall": order.name, "operator": order.operator, "reason": order.reason,
              "criteria": json.loads(order.criteria.as_text())}  # fmt: skip
    _record(transaction, "recall_opened", detail, at=search.until, channel=order.channel)
    return made[0][0], True


def finish(site: Site, recall_id: int) -> None:
    """Gather the units of a recall that are not gathered yet, as far as they are written."""
    while not site.store.write(
        lambda transaction: _gather(transaction, site, recall_id), locks=True
    ):
        pass


def resume(site: Site) -> int:
    """Gather what a crash left ungathered; return how many recalls that were."""
    with site.store.read() as transaction:
        found = [row.id for row in _gathering(transaction)]
    for recall_id in found:
        finish(site, recall_id)
    return len(found)


def block_ended(site: Site, allocation_id: int) -> None:
    """Go on with the recalls that waited until a block was written.

    Others are left to those who gather them: who asked for a block waits for this.
    """
    with site.store.read() as transaction:
        found = [
            row.id
            for row in _gathering(transaction)
            if unwritten.is_late(row.cursor) and allocation_id in walking.read(row.way).late
        ]
    for recall_id in found:
        finish(site, recall_id)


def _gathering(transaction: Transaction) -> list[Row[Any]]:
    # In these words the partial index recall_gathering_index covers it.
    query = select(_TABLE).where(text("state = 'gathering'")).order_by(_TABLE.c.id)
    return list(transaction.execute(query).all())


def _gather(transaction: Transaction, site: Site, recall_id: int) -> bool:
    """Take the next step of a recall; return whether there is none to be taken now."""
    query = select(_TABLE).where(_TABLE.c.id == recall_id).with_for_update()
    row = transaction.execute(query).one()
    if row.state != "gathering":
        return True
    search = walking.kept(criteria=row.criteria, way=row.way, until=row.created_at)
    if unwritten.is_late(row.cursor):
        found = unwritten.step(transaction, search, row.cursor, recall_id=recall_id)
    else:
        found = walking.step(transaction, search, row.cursor)
        if found.cursor is None and search.way.late:
            # Only a step after this one asks for the blocks: who ends one then finds us waiting.
            found.cursor = unwritten.BEGIN
    if found is None:
        return True
    rows = [(recall_id, unit_id) for unit_id in found.units]
    transaction.insert_many(schema_recalls.recall_unit, columns=("recall_id", "unit_id"), rows=rows)
    values: dict[str, Any] = {"cursor": found.cursor, "count": row._mapping["count"] + len(rows)}
    if found.cursor is None:
        values |= {"state": "open", "gathered_at": site.clock()}
    transaction.execute(update(_TABLE).where(_TABLE.c.id == recall_id).values(**values))
    return found.cursor is None


def close(site: Site, order: CloseOrder) -> dict[str, Any]:
    """End a recall: its units may go on. Refuses (6010) an unknown one, (6013) one that is ended.

    The same person and reason again are a retry, and change nothing. Units of a block that is
    still being written are not in it: what is ended calls back nothing more.
    """
    with site.store.read() as transaction:
        recall_id = recall_lists.find(transaction, order.name).id
    finish(site, recall_id)  # what is written and recalled is known before it is ended

    def work(transaction: Transaction) -> None:
        query = select(_TABLE).where(_TABLE.c.id == recall_id).with_for_update()
        row = transaction.execute(query).one()
        if row.state == "closed":
            _require_same(row, order)
            return
        closed = {"state": "closed", "closed_at": site.clock(), "closed_by": order.operator,
                  "close_reason": order.reason}  # fmt: skip
        transaction.execute(update(_TABLE).where(_TABLE.c.id == recall_id).values(**closed))
        detail = {"recall": order.name, "operator": order.operator, "reason": order.reason}
        _record(transaction, "recall_closed", detail, at=site.clock(), channel=order.channel)

    site.store.write(work)
    with site.store.read() as transaction:
        return recall_lists.show(transaction, order.name)


def _require_same(row: Row[Any], order: CloseOrder) -> None:
    if (row.closed_by, row.close_reason) != (order.operator, order.reason):
        raise Refusal(
            RECALL_CLOSED,
            f"Recall '{order.name}' was closed already, on "
            f"{row.closed_at:%Y-%m-%d at %H:%M:%S} UTC by {row.closed_by}: {row.close_reason}.",
            hint="Recall its units again under another name if they must come back.",
        )


def _record(
    transaction: Transaction, kind: str, detail: Mapping[str, Any], *, at: datetime, channel: str
) -> None:
    """Record an event of the site: of no run, no unit, no label."""
    events.record(transaction, kind, at=at, cause=Cause(channel=channel, detail=detail))
