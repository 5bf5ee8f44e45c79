"""What happens, as it happens: labels, doubtful labels, jobs and printers, read from the record.

A `Cursor` says how far somebody has read: all events of labels and jobs and all changes of printers
up to two ids. Whoever comes back with it misses nothing and hears nothing twice.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from heapq import merge
from operator import itemgetter
from typing import Any

from sqlalchemy import func, select

from labeler.errors import BAD_VALUE, Refusal
from labeler.production import runs
from labeler.production.printing import pausing
from labeler.production.printing.pausing import Pause
from labeler.production.printing.printer_history import shown
from labeler.production.site import PrinterState, Site
from labeler.store import Transaction, schema
from labeler.store.schema_printers import printer_event

TOPICS = ("printers", "labels", "doubtful", "jobs")

_CURSOR = re.compile(r"([0-9]{1,18})-([0-9]{1,18})")


@dataclass(frozen=True, kw_only=True)
class Cursor:
    """How far somebody has read."""

    event: int
    printer_event: int

    def __str__(self) -> str:
        """Return it as an id of a server-sent event."""
        return f"{self.event}-{self.printer_event}"


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody wants to hear of."""

    topics: frozenset[str]
    printer: str | None = None
    run: int | None = None
    is_brief: bool = False
    """Whether it is enough to hear that something happened, as for a page that then looks."""


@dataclass(frozen=True, kw_only=True)
class Message:
    """One thing that happened."""

    topic: str
    """printer, label, doubtful or job."""
    cursor: Cursor
    """How far who has this one has read."""
    content: dict[str, Any]


def cursor(text: str) -> Cursor:
    """Return the cursor that an id says; refuse (1002) what is none.

    >>> cursor("12-3")
    Cursor(event=12, printer_event=3)
    """
    found = _CURSOR.fullmatch(text)
    if found is None:
        raise Refusal(
            BAD_VALUE,
            f"Last-Event-ID, or after, is {text[:40]!r}: expected the id of an event here, "
            "such as '217-52'.",
            hint="Leave it out to begin with what happens now.",
        )
    return Cursor(event=int(found[1]), printer_event=int(found[2]))


def present(transaction: Transaction) -> Cursor:
    """Return the cursor of who has read everything."""
    event = transaction.execute(select(func.coalesce(func.max(schema.event.c.id), 0)))
    changes = transaction.execute(select(func.coalesce(func.max(printer_event.c.id), 0)))
    return Cursor(event=event.scalar_one(), printer_event=changes.scalar_one())


def begin(
    site: Site, transaction: Transaction, wish: Wish, *, since: str | None
) -> tuple[list[Message], Cursor]:
    """Return what a listener is told first, and from where it reads on.

    Who comes for the first time hears how each printer is; who comes back, what it missed. Refuses
    (2003) an unknown run, (5004) an unknown printer, (1002) what is no id of an event.
    """
    if wish.run is not None:
        runs.show(transaction, wish.run)
    if wish.printer is not None:
        site.plant.printer(wish.printer)
    now = present(transaction)
    if since is None:
        pauses = pausing.every(transaction)
        return list(_printers_now(site, wish, now, pauses)), now
    asked = cursor(since)
    # Ids beyond ours are of another record: there is nothing to catch up with.
    return [], Cursor(
        event=min(asked.event, now.event),
        printer_event=min(asked.printer_event, now.printer_event),
    )


def read_on(
    transaction: Transaction, wish: Wish, after: Cursor, *, limit: int
) -> tuple[list[Message], Cursor]:
    """Return what happened after a cursor, the oldest first, and how far that reaches.

    At most ``limit`` of labels and jobs and as many of printers; who gets fewer has read
    everything.
    """
    now = present(transaction)
    events = _events(transaction, wish, after, limit=limit) if now.event > after.event else []
    changes = (
        _changes(transaction, wish, after, limit=limit)
        if now.printer_event > after.printer_event
        else []
    )
    messages, reached = [], after
    # Each keeps its own order, whatever its times say: a cursor never goes back.
    for row in merge(events, changes, key=itemgetter("at")):
        topic, column, content = row["topic"], row["column"], row["content"]
        reached = replace(reached, **{column: row["id"]})
        messages.append(Message(topic=topic, cursor=reached, content=content))
    return messages, Cursor(
        event=reached.event if len(events) == limit else now.event,
        printer_event=reached.printer_event if len(changes) == limit else now.printer_event,
    )


def _printers_now(
    site: Site, wish: Wish, now: Cursor, pauses: Mapping[str, Pause]
) -> Iterator[Message]:
    """Yield how each printer is now."""
    for name in site.plant.printers:
        if "printers" not in wish.topics or wish.printer not in (None, name):
            continue
        state = pausing.seen(site.printer_states.get(name, PrinterState()), pauses.get(name))
        content = {
            "printer": name,
            "at": state.since,
            "state": state.state,
            "reasons": list(state.keywords),
            "sentence": state.words,
            "label_count": state.picture.label_count if state.picture else None,
        }
        yield Message(topic="printer", cursor=now, content=content)


def _changes(
    transaction: Transaction, wish: Wish, after: Cursor, *, limit: int
) -> list[dict[str, Any]]:
    if "printers" not in wish.topics:
        return []
    query = select(printer_event).where(printer_event.c.id > after.printer_event)
    if wish.printer is not None:
        query = query.where(printer_event.c.printer == wish.printer)
    found = []
    for row in transaction.execute(query.order_by(printer_event.c.id).limit(limit)):
        content = shown(row)
        about = {"topic": "printer", "column": "printer_event", "id": content.pop("id")}
        found.append({**about, "at": row.at, "content": content})
    return found


def _events(
    transaction: Transaction, wish: Wish, after: Cursor, *, limit: int
) -> list[dict[str, Any]]:
    """Return events of labels and of jobs, the oldest first."""
    labels = _labels(transaction, wish, after, limit=limit)
    # What lies behind a full page is left to the next one: it may be most of the record.
    last = labels[-1]["id"] if len(labels) == limit else None
    jobs = _jobs(transaction, wish, after, last=last)
    return sorted([*labels, *jobs], key=itemgetter("id"))[:limit]


def _jobs(
    transaction: Transaction, wish: Wish, after: Cursor, *, last: int | None
) -> list[dict[str, Any]]:
    """Return events of jobs up to an id: that one goes before others now, or behind them."""
    if "jobs" not in wish.topics:
        return []
    event, job = schema.event, schema.job
    query = select(event).where(event.c.kind == "job_priority", event.c.id > after.event)
    if last is not None:
        query = query.where(event.c.id < last)
    if wish.run is not None:
        query = query.where(event.c.run_id == wish.run)
    rows = transaction.execute(query.order_by(event.c.id)).all()
    ids = {row.detail["job"] for row in rows}
    known = transaction.execute(select(job.c.id, job.c.printer).where(job.c.id.in_(ids)))
    printers = {row.id: row.printer for row in known}
    found = []
    for row in rows:
        printer = printers[row.detail["job"]]
        if wish.printer not in (None, printer):
            continue
        content = {
            "at": row.at,
            "kind": row.kind,
            "job": row.detail["job"],
            "printer": printer,
            "run": row.run_id,
            "detail": row.detail,
        }
        about = {"column": "event", "id": row.id, "at": row.at, "topic": "job"}
        found.append({**about, "content": content})
    return found


def _labels(
    transaction: Transaction, wish: Wish, after: Cursor, *, limit: int
) -> list[dict[str, Any]]:
    """Return events of labels: how they were settled, moved or called doubtful."""
    if not wish.topics & {"labels", "doubtful"}:
        return []
    event, label, unit = schema.event, schema.label, schema.unit
    query = (
        select(
            event.c.id, event.c.at, event.c.kind, event.c.label_id.label("label"),
            label.c.job_id.label("job"), label.c.position, label.c.printer,
            unit.c.run_id.label("run"), unit.c.serial, event.c.detail,
        )
        .join(label, label.c.id == event.c.label_id)
        .join(unit, unit.c.id == label.c.unit_id)
        .where(event.c.id > after.event)
        .order_by(event.c.id)
        .limit(limit)
    )  # fmt: skip
    if "labels" not in wish.topics:
        query = query.where(event.c.kind == "label_doubtful")
    elif "doubtful" not in wish.topics:
        query = query.where(event.c.kind != "label_doubtful")
    if wish.printer is not None:
        query = query.where(label.c.printer == wish.printer)
    if wish.run is not None:
        query = query.where(unit.c.run_id == wish.run)
    found = []
    for row in transaction.execute(query):
        content = dict(row._mapping)
        about = {"column": "event", "id": content.pop("id"), "at": row.at}
        topic = "doubtful" if row.kind == "label_doubtful" else "label"
        found.append({**about, "topic": topic, "content": content})
    return found
