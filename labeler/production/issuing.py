"""Issue serials: one trigger, one reply, for ever.

All triggers that wait at one moment share a transaction (see store.writer). In it each is served in
order: a known key gets its stored reply; else the line's open run gives the next serials, their
labels are tried, and units with all their identifiers, jobs, labels, events and the reply are
written together.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from labeler.errors import (
    NO_OPEN_RUN,
    RUN_FULL,
    Refusal,
)
from labeler.production import booking, counters, identifying, repeating, run_records, trying
from labeler.production.booking import Draft, Reply, Trigger
from labeler.production.counters import Counter
from labeler.production.drawing import Drawer
from labeler.production.identifying import Given, Supply
from labeler.production.pinned import PinnedRun
from labeler.production.site import Site
from labeler.production.trying import Trial
from labeler.store import Transaction

QUANTITY_MAX = 1000
"""Most serials one trigger may ask for."""


def issue_labels(site: Site, trigger: Trigger) -> Reply:
    """Issue the next serials of the line's open run and queue their labels; durable on return.

    Refuses an unknown line (2001), a key used with other arguments (1008), a line without an open
    run (2005), one whose run is paused (2020), more than the run's remaining quantity (2007), a
    used-up series (3003, 3006), a secret without a label (3016), an unprintable label (4001),
    labels that are asked for on a line without a printer (5027), and a label that no printer of the
    line's group takes (5030). A refusal consumes neither a serial, nor an identifier, nor the key.
    """
    site.plant.line(trigger.line)
    reply = site.store.write_batch(_issue, (site, trigger))
    if not reply.replayed:
        for printer in reply.printers:
            site.wake(printer)
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
    supplies: tuple[Supply, ...]
    """Where its identifiers come from."""
    at: datetime
    """Now, in the site's time zone."""
    trial: Trial | None = None
    """What tries its labels, once the first one is tried."""
    drawn: int = 0

    @property
    def counters(self) -> list[Counter]:
        """Every counter it draws from."""
        return [self.counter, *(supply.counter for supply in self.supplies)]


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
    batch.known = repeating.known_replies(transaction, triggers)
    served = [_serve(batch, trigger) for trigger in triggers]
    _write(batch)
    return [_finish(outcome) for outcome in served]


def _finish(outcome: "Reply | Refusal | tuple[Draft, bool]") -> Reply | Refusal:
    if not isinstance(outcome, tuple):
        return outcome
    draft, replayed = outcome
    reply = draft.reply
    assert reply is not None  # noqa: S101 _write gave every draft its reply
    return replace(reply, replayed=True) if replayed else reply


def _lock_lines(transaction: Transaction, lines: list[str]) -> None:
    """Lock the open runs of ``lines``, then all their series: every process in the same order.

    Two lines may share a series, or one of many. Whoever locked run by run, each with its series,
    would wait for a run whose holder waits for that series.
    """
    places = ", ".join("?" * len(lines))
    lock = transaction.for_no_key_update
    transaction.run_sql(
        f"SELECT id FROM run WHERE line IN ({places}) AND state = 'open' ORDER BY id{lock}",  # noqa: S608
        lines,
    )
    open_runs = f"r.line IN ({places}) AND r.state = 'open'"
    series = transaction.run_sql(
        "SELECT v.series FROM series_version v JOIN run r "  # noqa: S608
        f"ON r.series_version_id = v.id WHERE {open_runs} UNION "
        "SELECT v.series FROM series_version v JOIN run_series s ON s.series_version_id = v.id "
        f"JOIN run r ON r.id = s.run_id WHERE {open_runs}",
        [*lines, *lines],
    )
    if series:
        counters.lock(transaction, [row[0] for row in series])


def _serve(batch: _Batch, trigger: Trigger) -> "Reply | Refusal | tuple[Draft, bool]":
    """Return the stored reply, a refusal, or a draft with whether it is a replay."""
    place = (trigger.channel, trigger.line, trigger.key)
    found = batch.known.get(place)
    if found is not None:
        return repeating.replay(trigger, arguments=found[0], stored=found[1])
    pool_places = dict(batch.drawer.pool_places)
    try:
        draft = _draw(batch, trigger)
    except Refusal as refusal:
        batch.drawer.pool_places = pool_places  # what was drawn of the pools is still there
        return refusal
    batch.drafts.append(draft)
    batch.known[place] = (trigger.arguments, draft)
    return draft, False


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
    is_printed = trigger.prints(batch.site)
    if draw.run.secrets and not is_printed:
        raise identifying.unprinted_secret(draw.run)
    numbers = range(draw.issued + 1, draw.issued + 1 + trigger.quantity)
    drawn = batch.drawer.draw(
        draw.run.serial, draw.write, start=batch.counters[draw.counter], count=trigger.quantity
    )
    given: Sequence[Given] = ()
    if draw.supplies:  # most products have none, and this is the hot path
        given = identifying.draw(
            batch.drawer, draw.supplies, known=batch.counters, count=trigger.quantity
        )
    draft = Draft(
        trigger=trigger,
        run=draw.run,
        numbers=numbers,
        counters=drawn.numbers,
        serials=drawn.serials,
        given=given,
    )
    if is_printed:
        draw.trial = draw.trial or trying.trial(batch.site, draw.run, draw.at)
        draw.trial.units(draft.numbers, draft.serials, given=given)
    draw.issued += trigger.quantity
    draw.drawn += trigger.quantity
    batch.counters[draw.counter] = drawn.next
    if given:
        identifying.advance(given, batch.counters)
    return draft


def _open_draw(batch: _Batch, line: str) -> _Draw:
    if line not in batch.draws:
        batch.draws[line] = _load_draw(batch, line)
    draw = batch.draws[line]
    if draw is None:
        refusal = run_records.last_paused(batch.transaction, line=line)
        if refusal is not None:
            raise refusal
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
    lock = transaction.for_no_key_update
    rows = transaction.run_sql(
        f"SELECT id, quantity + overrun, issued FROM run WHERE line = ? AND state = 'open'{lock}",  # noqa: S608
        (line,),
    )
    if not rows:
        return None
    [(run_id, quantity, issued)] = rows
    run = site.pinned(transaction, run_id)
    counters.lock(transaction, run.series_names)
    occasion = site.occasion(run, batch.now)
    counter = counters.of(run.serial, occasion)
    if counter not in batch.counters:
        start = run.serial.series.counter_start
        batch.counters[counter] = counters.read(transaction, counter, start=start)
    supplies = identifying.supplies(run, occasion)
    identifying.read_counters(transaction, supplies, known=batch.counters)
    return _Draw(
        run=run,
        quantity=quantity,
        issued=issued,
        counter=counter,
        write=run.serial.writer(occasion),
        supplies=supplies,
        at=occasion.at,
    )


def _write(batch: _Batch) -> None:
    if not batch.drafts:
        return
    try:
        booking.book(batch.transaction, batch.site, batch.drafts, at=batch.now)
    except IntegrityError as error:
        first, last = batch.drafts[0].serials[0], batch.drafts[-1].serials[-1]
        raise booking.taken(error, first=first, last=last) from error
    _advance(batch)


def _advance(batch: _Batch) -> None:
    run_sql = batch.transaction.run_sql
    for draw in batch.draws.values():
        if draw is not None and draw.drawn:
            run_sql("UPDATE run SET issued = issued + ? WHERE id = ?", (draw.drawn, draw.run.id))
    drawn = [draw for draw in batch.draws.values() if draw is not None and draw.drawn]
    moved = {counter: None for draw in drawn for counter in draw.counters}
    for counter in moved:
        counters.write(batch.transaction, counter, number=batch.counters[counter])
