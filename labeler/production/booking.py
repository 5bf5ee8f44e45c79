"""Write what issuing decided: units, jobs, labels, events and replies, in few statements."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy.exc import IntegrityError

from labeler.errors import SERIAL_TAKEN, Refusal
from labeler.production import identifying, pool_counts, routing
from labeler.production.identifying import Given
from labeler.production.pinned import PinnedRun
from labeler.production.site import Site
from labeler.store import Transaction, schema, violated
from labeler.store.transaction import ROWS_AT_ONCE
from labeler.units import PRIORITY, JobState, LabelState, UnitState, rank

Row = tuple[Any, ...]

_quote = json.JSONEncoder().encode
"""A text as JSON; much quicker than json.dumps of a whole reply."""
_ALLOCATED = UnitState.ALLOCATED.value
_PENDING = JobState.PENDING.value
_QUEUED = LabelState.QUEUED.value

UNIT_COLUMNS = ("id", "serial", "scope", "run_id", "position", "counter", "state", "allocated_at")
REPLY_COLUMNS = ("channel", "line", "key", "arguments", "reply", "received_at")
JOB_COLUMNS = (
    *("id", "printer", "run_id", "purpose", "state", "label_count", "created_at", "priority"),
    "printer_group",
)
LABEL_COLUMNS = ("id", "job_id", "unit_id", "printer", "position", "state", "rank")


@dataclass(frozen=True, kw_only=True)
class Trigger:
    """What a door received."""

    channel: str
    line: str
    key: str
    """Chosen by the sender, unique for each wish; a retry carries the same one."""
    quantity: int = 1
    print: bool | None = None
    """False: serials only, no label. None: labels where the line has a printer."""

    @cached_property
    def arguments(self) -> str:
        """Everything that must be equal in a retry."""
        return f"quantity={self.quantity} print={str(self.print is not False).lower()}"

    def prints(self, site: Site) -> bool:
        """Return whether labels are wanted."""
        if self.print is None:
            return site.plant.lines[self.line].printer is not None
        return self.print


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What the door gives back."""

    serials: tuple[str, ...]
    run: int
    job: int | None
    """The print job; None if no label was asked for."""
    replayed: bool
    """True: this key was served before, and this is the same answer."""
    identifiers: tuple[dict[str, str], ...] = ()
    """Of each unit name -> text, without secrets; nothing where the product has none."""
    printers: tuple[str, ...] = field(default=(), compare=False, repr=False)
    """Whom to wake; nobody for a stored reply."""


@dataclass(slots=True, kw_only=True)
class Draft:
    """A trigger that will be served by the rows it stands for."""

    trigger: Trigger
    run: PinnedRun
    numbers: range
    """Places of the units in their run, from 1."""
    counters: list[int]
    """What the record keeps of each serial's number."""
    serials: list[str]
    given: Sequence[Given]
    """The identifiers of its units."""
    reply: Reply | None = None


class _Wanted(NamedTuple):
    """A job to be made."""

    printer: str
    group: str | None
    """The group of which the printer was chosen."""
    purpose: str
    priority: int


@dataclass(slots=True, kw_only=True)
class _Rows:
    """Rows of one transaction, table by table."""

    units: list[Row] = field(default_factory=list)
    identifiers: list[Row] = field(default_factory=list)
    jobs: list[Row] = field(default_factory=list)
    labels: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    replies: list[Row] = field(default_factory=list)


def book(transaction: Transaction, site: Site, drafts: list[Draft], *, at: datetime) -> None:
    """Insert everything the drafts stand for, and give each draft its reply.

    Raises IntegrityError when the database refuses: a serial that exists, for one.
    """
    unit_count = sum(len(draft.serials) for draft in drafts)
    printers = [_printers(site, draft) for draft in drafts]
    label_count = sum(len(d.serials) * len(p) for d, p in zip(drafts, printers, strict=True))
    ids = transaction.next_ids(
        [
            (schema.unit, unit_count),
            (schema.job, sum(len(p) for p in printers)),
            (schema.label, label_count),
            (schema.event, unit_count),
        ]
    )
    unit_ids, job_ids, label_ids, event_ids = (iter(found) for found in ids)
    rows = _Rows()
    time = transaction.time(at)
    for draft, wanted in zip(drafts, printers, strict=True):
        own = [next(unit_ids) for _ in draft.serials]
        _add_units(rows, draft, own, time)
        if draft.given:
            rows.identifiers += identifying.rows(draft.given, own)
        _add_events(rows, draft, [(next(event_ids), unit) for unit in own], time)
        jobs = [(next(job_ids), job) for job in wanted]
        for job in jobs:
            labels = [(next(label_ids), unit) for unit in own]
            _add_job(rows, draft, job, labels, time)
        _add_reply(rows, draft, jobs, time)
    _insert(transaction, rows)
    if any(draft.run.uses_pools for draft in drafts):
        take_from_pools(transaction, site, [(d.run, d.counters, d.given) for d in drafts])


def _printers(site: Site, draft: Draft) -> list[_Wanted]:
    """Return each job the draft makes; its print job first."""
    if not draft.trigger.prints(site):
        return []
    line = site.plant.lines[draft.trigger.line]
    wanted = []
    if line.printer is not None:
        group = line.printer if line.printer in site.plant.printer_groups else None
        printer = routing.choose(site, draft.run.template, line.printer)
        wanted.append(_Wanted(printer, group, "print", priority(site, "print")))
    if line.archive is not None:
        wanted.append(_Wanted(line.archive, None, "archive", priority(site, "archive")))
    return wanted


def priority(site: Site, purpose: str) -> int:
    """Return the priority of a new job; an archive has a queue of its own."""
    spooler = site.plant.spooler
    given = {"print": spooler.priority_print, "reprint": spooler.priority_reprint}
    return given.get(purpose, PRIORITY)


def _add_units(rows: _Rows, draft: Draft, ids: list[int], time: Any) -> None:
    run_id, scope = draft.run.id, draft.run.serial.scope
    rows.units += [
        (unit_id, serial, scope, run_id, number, counter, _ALLOCATED, time)
        for unit_id, serial, number, counter in zip(
            ids, draft.serials, draft.numbers, draft.counters, strict=True
        )
    ]


def _add_events(rows: _Rows, draft: Draft, ids: list[tuple[int, int]], time: Any) -> None:
    channel = draft.trigger.channel
    # The audit trail seals which unit got which serial: the unit's own row is not sealed.
    head = f'{{"key": {_quote(draft.trigger.key)}, "serial": '
    rows.events += [
        (event_id, time, "allocated", channel, None, unit_id, None, f"{head}{_quote(serial)}}}")
        for (event_id, unit_id), serial in zip(ids, draft.serials, strict=True)
    ]


def _add_job(
    rows: _Rows, draft: Draft, job: tuple[int, _Wanted], ids: list[tuple[int, int]], time: Any
) -> None:
    job_id, (printer, group, purpose, given) = job
    row = (job_id, printer, draft.run.id, purpose, _PENDING, len(ids), time, given, group)
    rows.jobs.append(row)
    place = rank(given)
    rows.labels += [
        (label_id, job_id, unit_id, printer, position, _QUEUED, place)
        for position, (label_id, unit_id) in enumerate(ids, start=1)
    ]


def _add_reply(rows: _Rows, draft: Draft, jobs: list[tuple[int, _Wanted]], time: Any) -> None:
    trigger = draft.trigger
    job_id = jobs[0][0] if jobs else None
    serials = tuple(draft.serials)
    identifiers: tuple[dict[str, str], ...] = ()
    if draft.given:
        identifiers = tuple(identifying.texts(draft.run, draft.given, secrets=False))
    draft.reply = Reply(
        serials=serials,
        run=draft.run.id,
        job=job_id,
        identifiers=identifiers,
        replayed=False,
        printers=tuple(wanted.printer for _, wanted in jobs),
    )
    listed = ", ".join(map(_quote, serials))
    job = "null" if job_id is None else job_id
    more = f', "identifiers": {_quote(identifiers)}' if identifiers else ""
    text = f'{{"serials": [{listed}], "run": {draft.run.id}, "job": {job}{more}}}'
    rows.replies.append((trigger.channel, trigger.line, trigger.key, trigger.arguments, text, time))


def _insert(transaction: Transaction, rows: _Rows) -> None:
    insert = transaction.insert_rows
    insert(schema.unit, columns=UNIT_COLUMNS, rows=rows.units)
    if rows.identifiers:
        insert(schema.unit_identifier, columns=identifying.COLUMNS, rows=rows.identifiers)
    insert(schema.job, columns=JOB_COLUMNS, rows=rows.jobs)
    insert(schema.label, columns=LABEL_COLUMNS, rows=rows.labels)
    transaction.insert_events(rows.events)
    insert(schema.trigger, columns=REPLY_COLUMNS, rows=rows.replies)


def take_from_pools(
    transaction: Transaction, site: Site, drawn: list[tuple[PinnedRun, list[int], Sequence[Given]]]
) -> None:
    """Mark what units have now of the pools, and count it.

    Of each run come its serials' numbers and its units' identifiers.
    """
    places: dict[str, list[int]] = {}
    for run, numbers, given in drawn:
        if run.serial.kind == "pool":
            places.setdefault(run.serial.name, []).extend(numbers)
        for name, taken in identifying.taken_from_pools(given).items():
            places.setdefault(name, []).extend(taken)
    for name, own in sorted(places.items()):
        _take_from_pool(transaction, site, name, places=own)


def _take_from_pool(transaction: Transaction, site: Site, name: str, *, places: list[int]) -> None:
    """Mark the numbers of a pool that units have now, and count them."""
    for start in range(0, len(places), ROWS_AT_ONCE):
        block = places[start : start + ROWS_AT_ONCE]
        marks = ", ".join("?" * len(block))
        transaction.run_sql(
            f"UPDATE pool_number SET state = 'allocated' WHERE id IN ({marks})",  # noqa: S608
            block,
        )
    pool_counts.take(transaction, site.plant, name, count=len(places))


def taken(error: IntegrityError, *, first: str, last: str, also: str = "") -> Exception:
    """Return the refusal (3002) of a text that exists, or the error itself if it says another.

    The units have the serials ``first`` to ``last``; ``also`` is what else the sentence tells.
    """
    rule = violated(error)
    if rule == "unit_serial_scope_unique":
        sentence = f"A serial of '{first}' to '{last}' exists already{also}."
    elif rule == "unit_identifier_text_scope_unique":
        sentence = f"An identifier of the units '{first}' to '{last}' exists already{also}."
    else:
        return error
    hint = "Two series make the same text. Give one of them another literal."
    return Refusal(SERIAL_TAKEN, sentence, hint=hint)
