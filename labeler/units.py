"""PURE: the states of runs, units, jobs and labels, and which transition is legal.

Unit states are those of OPC 30260 (OPEN-SCS), and two of ours for numbers in other hands: *leased*
and *voided*. Job states are those of RFC 8011, section 5.3.7. Label states are ours, since no
standard tells "sent" from "printed".
"""

from enum import StrEnum
from typing import Final


class RunState(StrEnum):
    """State of a production run."""

    PLANNED = "planned"
    """Ordered: nothing is pinned yet, and nothing is issued."""
    OPEN = "open"
    """Its line issues from it; a line has one such run at most."""
    PAUSED = "paused"
    """It issues nothing until somebody resumes it, and does not hold its line."""
    CLOSED = "closed"
    """It issues nothing more."""
    RECONCILED = "reconciled"
    """Closed, and its units and labels add up."""
    RELEASED = "released"
    """Reconciled, and somebody let its units go."""
    CANCELED = "canceled"
    """Withdrawn before it was opened."""


RUN_LEGAL: Final[dict[RunState, frozenset[RunState]]] = {
    RunState.PLANNED: frozenset({RunState.OPEN, RunState.CANCELED}),
    RunState.OPEN: frozenset({RunState.PAUSED, RunState.CLOSED}),
    RunState.PAUSED: frozenset({RunState.OPEN, RunState.CLOSED}),
    RunState.CLOSED: frozenset({RunState.RECONCILED}),
    RunState.RECONCILED: frozenset({RunState.RELEASED}),
    RunState.RELEASED: frozenset(),
    RunState.CANCELED: frozenset(),
}
"""From -> the states a run may go to. A run begins planned or open."""

UNPINNED: Final = frozenset({RunState.PLANNED, RunState.CANCELED})
"""States of a run that never was open: it has pinned no versions and issued nothing."""


class RunMode(StrEnum):
    """What a production run is for."""

    PRODUCTION = "production"
    TEST = "test"
    """A line is tried: its serials name no product."""


class UnitState(StrEnum):
    """State of a unit."""

    ALLOCATED = "allocated"
    """It has a serial; nothing more is known."""
    LEASED = "leased"
    """Its serial was given to somebody who has not yet said what became of it."""
    ENCODED = "encoded"
    """A label with its serial is on the rung of the proof ladder that its line asks for: printed,
    unless config.yaml says otherwise."""
    COMMISSIONED = "commissioned"
    """Its label is on it, and was verified: the unit is in the plant's hands."""
    LABEL_SAMPLED = "label_sampled"
    """Its label was taken for a quality check before it was on a unit."""
    LABEL_SCRAPPED = "label_scrapped"
    """Its label itself, no copy of it, was scrapped; the serial is spent."""
    SAMPLED = "sampled"
    """It was taken as a sample."""
    INACTIVE = "inactive"
    """It is set aside, or came back: somebody decides what becomes of it."""
    DESTROYED = "destroyed"
    """It exists no more; the serial is spent."""
    RELEASED = "released"
    """It has left the plant's hands."""
    VOIDED = "voided"
    """Its serial was never used, and never will be: it is spent."""


GONE: Final = frozenset({UnitState.LABEL_SCRAPPED, UnitState.DESTROYED, UnitState.VOIDED})
"""States of a unit whose serial nobody should meet any more: the serial is spent."""

UNIT_LEGAL: Final[dict[UnitState, frozenset[UnitState]]] = {
    UnitState.ALLOCATED: frozenset(
        {
            UnitState.ENCODED,
            UnitState.COMMISSIONED,
            UnitState.LABEL_SAMPLED,
            UnitState.LABEL_SCRAPPED,
            UnitState.DESTROYED,
            UnitState.VOIDED,
        }
    ),
    UnitState.LEASED: frozenset({UnitState.ENCODED, UnitState.VOIDED}),
    UnitState.ENCODED: frozenset(
        {
            UnitState.ALLOCATED,
            UnitState.COMMISSIONED,
            UnitState.LABEL_SAMPLED,
            UnitState.LABEL_SCRAPPED,
            UnitState.DESTROYED,
        }
    ),
    UnitState.COMMISSIONED: frozenset(
        {UnitState.SAMPLED, UnitState.INACTIVE, UnitState.DESTROYED, UnitState.RELEASED}
    ),
    UnitState.LABEL_SAMPLED: frozenset({UnitState.LABEL_SCRAPPED, UnitState.DESTROYED}),
    UnitState.SAMPLED: frozenset({UnitState.COMMISSIONED, UnitState.INACTIVE, UnitState.DESTROYED}),
    UnitState.INACTIVE: frozenset(
        {UnitState.COMMISSIONED, UnitState.DESTROYED, UnitState.RELEASED}
    ),
    UnitState.RELEASED: frozenset({UnitState.INACTIVE, UnitState.DESTROYED}),
    UnitState.LABEL_SCRAPPED: frozenset(),
    UnitState.DESTROYED: frozenset(),
    UnitState.VOIDED: frozenset(),
}
"""From -> the states a unit may go to. Out of a spent serial there is no way.

ENCODED -> ALLOCATED only when the queue that had its only label took its word back. ALLOCATED ->
COMMISSIONED where no label of ours says the serial: it is engraved, say. ALLOCATED -> VOIDED only
where no label of it can exist.
"""


class JobState(StrEnum):
    """State of a print job (RFC 8011, section 5.3.7)."""

    PENDING = "pending"
    PROCESSING = "processing"
    HELD = "held"
    """pending-held: somebody holds it, or it was refused too often. It waits to be released."""
    STOPPED = "stopped"
    """processing-stopped: one of its labels is doubtful and waits for a decision."""
    COMPLETED = "completed"
    CANCELED = "canceled"
    """Somebody gave up all of its labels."""
    ABORTED = "aborted"
    """None of its labels could be printed."""


class LabelState(StrEnum):
    """What is known of one label of a job."""

    QUEUED = "queued"
    """Nothing of it has left us."""
    HELD = "held"
    """Nothing of it has left us, and nothing will until its job is released."""
    SENDING = "sending"
    """Its bytes may be leaving right now; committed before the first byte."""
    SENT = "sent"
    """The operating system took all bytes; the printer cannot tell more (proof: none)."""
    BUFFERED = "buffered"
    """The printer, or the queue before it, has confirmed that it has all of it."""
    PRINTED = "printed"
    """The printer's odometer moved by it, a file is on the disk, or a person saw it."""
    VERIFIED = "verified"
    """A scanner has read it."""
    DOUBTFUL = "doubtful"
    """It may exist or not; waits for a decision, and is never sent again by itself."""
    NOT_PRINTED = "not_printed"
    """It surely does not exist: a person said so, its job was canceled, or it cannot be drawn."""
    SCRAPPED = "scrapped"
    """A person decided to give it up; its serial with it, unless it was a copy."""


LEGAL: Final[dict[LabelState, frozenset[LabelState]]] = {
    LabelState.QUEUED: frozenset({LabelState.HELD, LabelState.SENDING, LabelState.NOT_PRINTED}),
    LabelState.HELD: frozenset({LabelState.QUEUED, LabelState.NOT_PRINTED}),
    LabelState.SENDING: frozenset(
        {
            LabelState.QUEUED,
            LabelState.SENT,
            LabelState.BUFFERED,
            LabelState.PRINTED,
            LabelState.DOUBTFUL,
        }
    ),
    LabelState.SENT: frozenset(
        {LabelState.BUFFERED, LabelState.PRINTED, LabelState.VERIFIED, LabelState.DOUBTFUL}
    ),
    LabelState.BUFFERED: frozenset(
        {LabelState.PRINTED, LabelState.VERIFIED, LabelState.DOUBTFUL, LabelState.NOT_PRINTED}
    ),
    LabelState.DOUBTFUL: frozenset(
        {LabelState.PRINTED, LabelState.VERIFIED, LabelState.NOT_PRINTED, LabelState.SCRAPPED}
    ),
    LabelState.PRINTED: frozenset({LabelState.VERIFIED}),
    LabelState.VERIFIED: frozenset(),
    LabelState.NOT_PRINTED: frozenset(),
    LabelState.SCRAPPED: frozenset(),
}
"""From -> the states a label may go to.

SENDING -> QUEUED only when surely no byte had left; BUFFERED -> NOT_PRINTED only when whoever had
it says that it was not printed, and never will be.
"""

ON_WORD: Final[dict[LabelState, frozenset[LabelState]]] = {
    LabelState.HELD: frozenset({LabelState.PRINTED}),
}
"""From -> the states a label may go to as well, but only on a person's word: who resumes a held job
says that a label exists, wherever it comes from.
"""

RUNGS: Final = (LabelState.SENT, LabelState.BUFFERED, LabelState.PRINTED, LabelState.VERIFIED)
"""The proof ladder: how surely a label exists, the least first."""


def reaches(state: LabelState, rung: LabelState) -> bool:
    """Return whether a label in ``state`` stands on that rung of the ladder, or on a higher one.

    >>> reaches(LabelState.VERIFIED, LabelState.PRINTED), reaches(LabelState.DOUBTFUL, RUNGS[0])
    (True, False)
    """
    return state in RUNGS and RUNGS.index(state) >= RUNGS.index(rung)


UNSETTLED: Final = frozenset({LabelState.QUEUED, LabelState.SENDING})
"""States in which the spooler still has work."""


PRIORITY: Final = 50
"""What a job has that nobody gave another: 1 to 100, 100 goes first (RFC 8011, section 5.2.1)."""


def rank(priority: int) -> int:
    """Return where labels of a job stand in a queue: the lowest goes first.

    >>> rank(100), rank(PRIORITY)
    (0, 50)
    """
    return 100 - priority


def job_state(labels: frozenset[LabelState], *, gave_up: bool = False) -> JobState:
    """Return the state of a job whose labels are in ``labels``.

    ``gave_up``: nobody asked that what is not printed is not printed.

    >>> job_state(frozenset({LabelState.PRINTED, LabelState.QUEUED}))
    <JobState.PROCESSING: 'processing'>
    >>> job_state(frozenset({LabelState.PRINTED, LabelState.DOUBTFUL}))
    <JobState.STOPPED: 'stopped'>
    """
    if labels == {LabelState.QUEUED}:
        return JobState.PENDING
    if labels & UNSETTLED:
        return JobState.PROCESSING
    if LabelState.DOUBTFUL in labels:
        return JobState.STOPPED
    if LabelState.HELD in labels:
        return JobState.HELD
    if labels <= {LabelState.NOT_PRINTED, LabelState.SCRAPPED}:
        return JobState.ABORTED if gave_up else JobState.CANCELED
    return JobState.COMPLETED


def counted(count: int, noun: str) -> str:
    """Return how many there are, in words.

    >>> counted(1, "label"), counted(2, "label")
    ('1 label', '2 labels')
    """
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
