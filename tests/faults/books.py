"""The three books: what the client was told, what the record says, what came out of the printer."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from labeler.store import schema
from labeler.units import JobState, LabelState, UnitState
from printers.emulator import Fault, Piece, VirtualPrinter
from printers.emulator import faults as faults_

PRINTER = "zebra-1"
SERIAL = "SN "
"""What stands before the serial on a label of tests/plants.py."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """What the client was told of one key."""

    key: str
    serials: tuple[str, ...]
    job: int


@dataclass(frozen=True, kw_only=True)
class Event:
    """What the record says that happened to a label."""

    kind: str
    channel: str
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class LabelRow:
    """A label of the record, with what happened to it, the oldest first."""

    id: int
    job: int
    serial: str
    state: LabelState
    purpose: str = "print"
    printer: str = PRINTER
    position: int = 1
    rank: int = 50
    digest: str | None = None
    events: tuple[Event, ...] = ()

    def __str__(self) -> str:
        return f"label {self.id} of serial {self.serial}"


@dataclass(frozen=True, kw_only=True)
class JobRow:
    """A job of the record."""

    id: int
    state: JobState
    label_count: int


@dataclass(frozen=True, kw_only=True)
class Books:
    """All three, and what went wrong on the way."""

    told: tuple[Told, ...]
    """In the order of the answers."""
    units: Mapping[str, UnitState]
    """By serial."""
    jobs: tuple[JobRow, ...]
    labels: tuple[LabelRow, ...]
    """In the order of their ids."""
    pieces: tuple[Piece, ...]
    """In the order in which they came out."""
    faults: tuple[Fault, ...] = ()
    """Those of the printer that happened."""
    crashes: int = 0
    """How often the server was killed."""


def read(
    connection: Connection, printer: VirtualPrinter, *, told: list[Told], crashes: int
) -> Books:
    """Return the books as they are now."""
    unit, job = schema.unit, schema.job
    units = connection.execute(select(unit.c.serial, unit.c.state))
    jobs = connection.execute(select(job.c.id, job.c.state, job.c.label_count).order_by(job.c.id))
    return Books(
        told=tuple(told),
        units={row.serial: UnitState(row.state) for row in units},
        jobs=tuple(
            JobRow(id=row.id, state=JobState(row.state), label_count=row.label_count)
            for row in jobs
        ),
        labels=_labels(connection),
        pieces=printer.pieces,
        faults=happened(printer),
        crashes=crashes,
    )


def _labels(connection: Connection) -> tuple[LabelRow, ...]:
    label, unit, job, event = schema.label, schema.unit, schema.job, schema.event
    events: defaultdict[int, list[Event]] = defaultdict(list)
    for row in connection.execute(
        select(event.c.label_id, event.c.kind, event.c.channel, event.c.detail)
        .where(event.c.label_id.is_not(None))
        .order_by(event.c.id)
    ):
        events[row.label_id].append(Event(kind=row.kind, channel=row.channel, detail=row.detail))
    rows = connection.execute(
        select(
            label.c.id, label.c.job_id, unit.c.serial, label.c.state, job.c.purpose,
            label.c.printer, label.c.position, label.c.rank, label.c.digest,
        )
        .join(unit, unit.c.id == label.c.unit_id)
        .join(job, job.c.id == label.c.job_id)
        .order_by(label.c.id)
    )  # fmt: skip
    return tuple(
        LabelRow(
            id=row.id,
            job=row.job_id,
            serial=row.serial,
            state=LabelState(row.state),
            purpose=row.purpose,
            printer=row.printer,
            position=row.position,
            rank=row.rank,
            digest=row.digest,
            events=tuple(events[row.id]),
        )
        for row in rows
    )


def happened(printer: VirtualPrinter) -> tuple[Fault, ...]:
    """Return the faults that the printer wrote down as they happened."""
    return tuple(
        faults_.parse(what.removeprefix("fault: "))
        for _, what in printer.history
        if what.startswith("fault: ")
    )


def serial_on(piece: Piece) -> str:
    """Return the serial that can be read on a piece; nothing where there is none."""
    shown = [text for text in piece.texts if text.startswith(SERIAL)]
    return shown[-1].removeprefix(SERIAL) if shown else ""
