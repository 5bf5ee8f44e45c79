"""Issue serials: one trigger, one reply, for ever.

All triggers that wait at one moment share a transaction (see store.writer). In it each is served in
order: a known key gets its stored reply; else the line's open run gives the next serials, their
labels are tried, and units, jobs, labels, events and the reply are written together.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from labeler.errors import (
    KEY_REUSED,
    NO_OPEN_RUN,
    RUN_FULL,
    SERIAL_TAKEN,
    UNPRINTABLE,
    Refusal,
)
from labeler.production import booking, counters
from labeler.production.booking import Draft, Reply, Trigger
from labeler.production.counters import Counter
from labeler.production.drawing import Drawer
from labeler.production.pinned import PinnedRun
from labeler.production.site import Site
from labeler.store import Transaction, violated
from printers.errors import Unprintable

QUANTITY_MAX = 1000
"""Most serials one trigger may ask for."""


def issue_labels(site: Site, trigger: Trigger) -> Reply:
    """Issue the next serials of the line's open run and queue their labels; durable on return.

    Refuses an unknown line (2001), a key used with other arguments (1008), a line without an open
    run (2005), more than its remaining quantity (2007), a used-up series (3003), an unprintable
    label (4001). A refusal consumes neither a serial nor the key.
    """
    line = site.plant.line(trigger.line)
    reply = site.store.write_batch(_issue, (site, trigger))
    if reply.job is not None and not reply.replayed:
        site.wake(line.printer)
        if line.archive:
            site.wake(line.archive)
    return reply


@dataclass(slots=True, kw_only=True)
class _Draw:
    """An open run while a transaction draws from it."""

    run: PinnedRun
    quantity: int
    issued: int
    counter: Counter
    """The counter it draws from."""
    write: Callable[[int], str]
    """Number -> serial, on the occasion of this transaction."""
    values_of: Callable[[str, int], dict[str, str]]
    """Serial and number -> what its label shows."""
    checks: list[Callable[[dict[str, str]], None]] | None = None
    """One a printer, once the first label is tried: raises Unprintable."""
    drawn: int = 0


@dataclass(slots=True, kw_only=True)
class _Batch:
    """What one transaction has read and is about to write."""

    transaction: Transaction
    site: Site
    now: datetime
    known: dict[tuple[str, str, str], tuple[str, Any]] = field(default_factory=dict)
    """Key -> arguments, and the stored reply or the draft that will become one."""
    draws: dict[str, _Draw | None] = field(default_factory=dict)
    drawer: Drawer
    counters: dict[Counter, int] = field(default_factory=dict)
    """Where each counter stands after what was drawn so far."""
    drafts: list[Draft] = field(default_factory=list)


def _issue(transaction: Transaction, requests: list[tuple[Site, Trigger]]) -> list[Reply | Refusal]:
    site = requests[0][0]
    triggers = [trigger for _, trigger in requests]
    drawer = Drawer(site=site, transaction=transaction)
    batch = _Batch(transaction=transaction, site=site, now=site.clock(), drawer=drawer)
    if transaction.for_update:
        # Another process may serve the same key now: lock the lines before looking for replies.
        _lock_lines(transaction, sorted({trigger.line for trigger in triggers}))
    batch.known = _known_replies(transaction, triggers)
    served = [_serve(batch, trigger) for trigger in triggers]
    _write(batch)
    return [_finish(outcome) for outcome in served]


def _finish(outcome: "Reply | Refusal | tuple[Draft, bool]") -> Reply | Refusal:
    if not isinstance(outcome, tuple):
        return outcome
    draft, replayed = outcome
    reply = draft.reply
    assert reply is not None  # noqa: S101 _write gave every draft its reply
    if replayed:
        return Reply(serials=reply.serials, run=reply.run, job=reply.job, replayed=True)
    return reply


def _lock_lines(transaction: Transaction, lines: list[str]) -> None:
    """Lock the open runs of ``lines``, then their series: every process in the same order.

    Two lines may share a series. Whoever locked run by run, each with its series, would wait for
    a run whose holder waits for that series.
    """
    places = ", ".join("?" * len(lines))
    lock = transaction.for_update
    transaction.run_sql(
        f"SELECT id FROM run WHERE line IN ({places}) AND state = 'open' ORDER BY id{lock}",  # noqa: S608
        lines,
    )
    series = transaction.run_sql(
        "SELECT DISTINCT v.series FROM series_version v JOIN run r "  # noqa: S608
        f"ON r.series_version_id = v.id WHERE r.line IN ({places}) AND r.state = 'open'",
        lines,
    )
    if series:
        counters.lock(transaction, [row[0] for row in series])


def _known_replies(
    transaction: Transaction, triggers: list[Trigger]
) -> dict[tuple[str, str, str], tuple[str, Any]]:
    keys: dict[tuple[str, str], list[str]] = {}
    for trigger in triggers:
        keys.setdefault((trigger.channel, trigger.line), []).append(trigger.key)
    known: dict[tuple[str, str, str], tuple[str, Any]] = {}
    for (channel, line), wanted in keys.items():
        # Not (channel, line, key) IN (VALUES …): for that, SQLite scans the whole table.
        places = ", ".join("?" * len(wanted))
        rows = transaction.run_sql(
            "SELECT key, arguments, reply FROM trigger_reply "  # noqa: S608 places are ours
            f"WHERE channel = ? AND line = ? AND key IN ({places})",
            (channel, line, *wanted),
        )
        known.update({(channel, line, row[0]): (row[1], row[2]) for row in rows})
    return known


def _serve(batch: _Batch, trigger: Trigger) -> "Reply | Refusal | tuple[Draft, bool]":
    """Return the stored reply, a refusal, or a draft with whether it is a replay."""
    place = (trigger.channel, trigger.line, trigger.key)
    found = batch.known.get(place)
    if found is not None:
        return _replay(trigger, *found)
    try:
        draft = _draw(batch, trigger)
    except Refusal as refusal:
        return refusal
    batch.drafts.append(draft)
    batch.known[place] = (trigger.arguments, draft)
    return draft, False


def _replay(
    trigger: Trigger, arguments: str, stored: "str | Draft"
) -> "Reply | Refusal | tuple[Draft, bool]":
    if arguments != trigger.arguments:
        return Refusal(
            KEY_REUSED,
            f"Idempotency-Key '{trigger.key}' of line '{trigger.line}' was used with {arguments}, "
            f"now with {trigger.arguments}.",
            hint="Send the same arguments for a retry, or a new key for a new label.",
        )
    if isinstance(stored, Draft):
        return stored, True
    reply = json.loads(stored)
    return Reply(serials=tuple(reply["serials"]), run=reply["run"], job=reply["job"], replayed=True)


def _draw(batch: _Batch, trigger: Trigger) -> Draft:
    """Take the next serials of the line's open run and try their labels; or raise a Refusal."""
    draw = _open_draw(batch, trigger.line)
    left = draw.quantity - draw.issued
    if trigger.quantity > left:
        raise Refusal(
            RUN_FULL,
            f"Run {draw.run.id} has {left} of {draw.quantity} units left, "
            f"the trigger wants {trigger.quantity}.",
            hint="Ask for less, or close the run and open the next.",
        )
    numbers = range(draw.issued + 1, draw.issued + 1 + trigger.quantity)
    drawn = batch.drawer.draw(
        draw.run.serial, draw.write, start=batch.counters[draw.counter], count=trigger.quantity
    )
    if trigger.print:
        _try_labels(batch.site, draw, numbers, drawn.serials)
    draw.issued += trigger.quantity
    draw.drawn += trigger.quantity
    batch.counters[draw.counter] = drawn.next
    return Draft(
        trigger=trigger,
        run=draw.run,
        numbers=numbers,
        counters=drawn.numbers,
        serials=drawn.serials,
    )


def _open_draw(batch: _Batch, line: str) -> _Draw:
    if line not in batch.draws:
        batch.draws[line] = _load_draw(batch, line)
    draw = batch.draws[line]
    if draw is None:
        raise Refusal(
            NO_OPEN_RUN,
            f"Line '{line}' has no open run.",
            hint="Open one: POST /api/v1/runs, or labeler run open.",
        )
    return draw


def _load_draw(batch: _Batch, line: str) -> _Draw | None:
    """Read the open run of ``line``, and where the counter of its series stands.

    On PostgreSQL they are locked already, but for a run that was opened since: lock that now.
    """
    transaction, site = batch.transaction, batch.site
    lock = transaction.for_update
    rows = transaction.run_sql(
        f"SELECT id, quantity, issued FROM run WHERE line = ? AND state = 'open'{lock}",  # noqa: S608
        (line,),
    )
    if not rows:
        return None
    [(run_id, quantity, issued)] = rows
    run = site.pinned(transaction, run_id)
    counters.lock(transaction, [run.serial.name])
    occasion = site.occasion(run, batch.now)
    counter = counters.of(run.serial, occasion)
    if counter not in batch.counters:
        start = run.serial.series.counter_start
        batch.counters[counter] = counters.read(transaction, counter, start=start)
    return _Draw(
        run=run,
        quantity=quantity,
        issued=issued,
        counter=counter,
        write=run.serial.writer(occasion),
        values_of=run.template.filler(occasion.at),
    )


def _try_labels(site: Site, draw: _Draw, numbers: range, serials: list[str]) -> None:
    line = site.plant.lines[draw.run.line]
    printers = [name for name in (line.printer, line.archive) if name]
    try:
        if draw.checks is None:
            draw.checks = [site.compiled(draw.run, name).check for name in printers]
        for number, serial in zip(numbers, serials, strict=True):
            values = draw.values_of(serial, number)
            for check in draw.checks:
                check(values)
    except Unprintable as error:
        raise Refusal(
            UNPRINTABLE, str(error), hint="Nothing was issued. Correct the template."
        ) from error


def _write(batch: _Batch) -> None:
    if not batch.drafts:
        return
    try:
        booking.book(batch.transaction, batch.site, batch.drafts, at=batch.now)
    except IntegrityError as error:
        if violated(error) != "unit_serial_scope_unique":
            raise
        first, last = batch.drafts[0].serials[0], batch.drafts[-1].serials[-1]
        raise Refusal(
            SERIAL_TAKEN,
            f"A serial of '{first}' to '{last}' exists already.",
            hint="Two series make the same text. Give one of them another literal.",
        ) from error
    _advance(batch)


def _advance(batch: _Batch) -> None:
    run_sql = batch.transaction.run_sql
    for draw in batch.draws.values():
        if draw is not None and draw.drawn:
            run_sql("UPDATE run SET issued = issued + ? WHERE id = ?", (draw.drawn, draw.run.id))
    for draw in batch.draws.values():
        if draw is not None and draw.drawn:
            counters.write(batch.transaction, draw.counter, number=batch.counters[draw.counter])
