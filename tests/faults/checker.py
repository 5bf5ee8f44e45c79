"""Compare the three books, and name every difference in a sentence.

What a fault of the printer explains is no difference; each explanation is as narrow as the fault:

- *print-twice*: the second one of two equal labels in a row, as often as the fault happened;
- a torn label, of which ^JZY prints a whole one afterwards: no label at all;
- *data-noise*: a label one bit away from one that was sent; its number of copies may be wrong;
- an odometer tells how many labels came out, not which. Where FEED was pressed, a label came out
  twice or a wrong bit made more of it, while as many others were lost, their sum is right: so many
  labels may be called printed by an odometer that moved, in that very interval, by such pieces.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import cached_property

from labeler.units import LEGAL, JobState, LabelState, UnitState, job_state
from tests.faults import tray
from tests.faults.books import Books, LabelRow
from tests.faults.tray import Seen

SPOOLER = "spooler"
OUT = frozenset({LabelState.PRINTED, LabelState.VERIFIED})
"""States that say: it exists."""
NEVER_OUT = frozenset({LabelState.QUEUED, LabelState.HELD, LabelState.NOT_PRINTED})
"""States that say: it does not exist."""
_STATE = {f"label_{state.value}": state for state in LabelState}


def differences(books: Books) -> list[str]:
    """Return what the books disagree about, a sentence each; nothing if they agree."""
    desk = Desk(books)
    return [sentence for rule in RULES for sentence in rule(desk)]


class Desk:
    """The books, opened beside each other."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.seen = tray.look(books)
        self.came_out = tray.by_serial(self.seen)
        self.labels: defaultdict[str, list[LabelRow]] = defaultdict(list)
        for label in books.labels:
            self.labels[label.serial].append(label)

    @cached_property
    def unproven(self) -> dict[int, str]:
        """Label id -> why its odometer does not prove it; no sentence if a fault explains that."""
        found: dict[int, str] = {}
        used: Counter[int] = Counter()
        for label in self.books.labels:
            if label.state not in OUT or (window := _window(label)) is None:
                continue
            inside = [one for one in self.seen if window[0] < one.piece.odometer <= window[1]]
            if any(one.serial == label.serial for one in inside):
                continue
            strange = [
                one.piece.number for one in inside if one.is_strange and not used[one.piece.number]
            ]
            if strange:
                used[strange[0]] += 1
                found[label.id] = ""
                continue
            found[label.id] = (
                f"{label} is called printed by an odometer that went from {window[0]} to "
                f"{window[1]}, and it did not come out then."
            )
        return found


def _window(label: LabelRow) -> tuple[int, int] | None:
    """Return the odometer before and after it was printed, by the word of the spooler."""
    for event in reversed(label.events):
        if event.kind == "label_printed" and event.channel == SPOOLER:
            before, after = (event.detail.get(f"odometer_{end}") for end in ("before", "after"))
            return (before, after) if before is not None and after is not None else None
    return None


def acknowledged(desk: Desk) -> Iterator[str]:
    """Whatever was acknowledged is in the record as it was told, and nothing else is."""
    books = desk.books
    by_job: defaultdict[int, list[LabelRow]] = defaultdict(list)
    for label in books.labels:
        by_job[label.job].append(label)
    told = Counter(serial for one in books.told for serial in one.serials)
    for serial, times in told.items():
        if times > 1:
            yield f"Serial {serial} was told {times} times."
        if serial not in books.units:
            yield f"Serial {serial} was acknowledged, and the record has no unit of it."
        elif serial not in desk.labels:
            yield f"Serial {serial} was acknowledged, and the record has no label of it."
    for one in books.told:
        labels = sorted(by_job[one.job], key=lambda label: label.position)
        if tuple(label.serial for label in labels) != one.serials:
            yield f"Key {one.key} was told other serials than its job {one.job} has."
    for serial in books.units.keys() - told.keys():
        yield f"Serial {serial} is in the record, and nobody was told of it."


def told_in_order(desk: Desk) -> Iterator[str]:
    """Jobs of one client have the order of its triggers."""
    jobs = [one.job for one in desk.books.told]
    if jobs != sorted(set(jobs)):
        yield f"The client was told jobs in this order: {', '.join(map(str, jobs))}."


def came_out_too_often(desk: Desk) -> Iterator[str]:
    """No label comes out more often than somebody ordered it."""
    for serial, seen in desk.came_out.items():
        if serial not in desk.books.units:
            for one in seen:
                yield f"Piece {one.piece.number} of the printer shows no serial of the record."
            continue
        labels = desk.labels[serial]
        allowed = [label for label in labels if label.state not in NEVER_OUT]
        pieces = [one for one in seen if not one.is_double]
        if len(pieces) <= len(allowed):
            continue
        states = ", ".join(f"label {label.id} is {label.state.value}" for label in labels)
        times = "once" if len(pieces) == 1 else f"{len(pieces)} times"
        yield f"Serial {serial} came out {times}, though {states or 'it has no label'}."


def called_printed(desk: Desk) -> Iterator[str]:
    """What is called printed came out, and its proof is one."""
    for label in desk.books.labels:
        if label.state not in OUT:
            continue
        events = [event for event in label.events if event.kind == "label_printed"]
        if not events:
            yield f"{label} is {label.state.value}, and no event says so."
        elif events[-1].channel == SPOOLER and _window(label) is None:
            yield f"{label} is called printed without a proof."
    yield from filter(None, desk.unproven.values())
    for serial, labels in desk.labels.items():
        claims = [one for one in labels if one.state in OUT and one.id not in desk.unproven]
        if len(claims) > len(desk.came_out.get(serial, [])):
            ids = ", ".join(str(label.id) for label in claims)
            came = len(desk.came_out.get(serial, []))
            yield f"Serial {serial} is called printed by labels {ids}, and came out {came} times."


def in_order(desk: Desk) -> Iterator[str]:
    """Labels come out in the order of the queue, except those that were ever doubtful."""
    first: dict[str, Seen] = {}
    for serial, seen in desk.came_out.items():
        first[serial] = seen[0]
    queue = sorted(desk.books.labels, key=lambda label: (label.rank, label.id))
    last: dict[tuple[str, int], LabelRow] = {}
    for label in queue:
        was_doubtful = any(event.kind == "label_doubtful" for event in label.events)
        if label.purpose != "print" or was_doubtful or label.id in desk.unproven:
            continue
        if label.serial not in first:
            continue
        before = last.get((label.printer, label.rank))
        if before and first[before.serial].piece.number > first[label.serial].piece.number:
            yield f"The {label} came out before the {before}."
        last[label.printer, label.rank] = label


def states_legal(desk: Desk) -> Iterator[str]:
    """Each label went where labels may go, and is where its events say."""
    for label in desk.books.labels:
        current = LabelState.QUEUED
        for event in label.events:
            state = _STATE.get(event.kind)
            if state is None:
                continue
            ways = LEGAL[current]
            if LabelState.SENDING in ways:  # of which no event tells
                ways |= LEGAL[LabelState.SENDING]
            if state not in ways:
                yield f"The {label} went from {current.value} to {state.value}."
            current = state
        if label.state not in {current, LabelState.SENDING} or (
            label.state == LabelState.SENDING and current != LabelState.QUEUED
        ):
            yield f"The {label} is {label.state.value}, its events say {current.value}."


def jobs_agree(desk: Desk) -> Iterator[str]:
    """The state of a job is that of its labels."""
    states: defaultdict[int, list[LabelState]] = defaultdict(list)
    for label in desk.books.labels:
        states[label.job].append(label.state)
    for job in desk.books.jobs:
        own = frozenset(states[job.id])
        expected = {job_state(own), job_state(own, gave_up=True)} if own else set[JobState]()
        if job.state not in expected:
            shown = ", ".join(sorted(state.value for state in own)) or "missing"
            yield f"Job {job.id} is {job.state.value}, its labels are {shown}."
        if job.label_count != len(states[job.id]):
            yield f"Job {job.id} has {len(states[job.id])} labels of {job.label_count}."


def units_agree(desk: Desk) -> Iterator[str]:
    """A unit is encoded when a label of it is known to exist, and not before."""
    for serial, state in desk.books.units.items():
        is_out = any(label.state in OUT for label in desk.labels[serial])
        expected = UnitState.ENCODED if is_out else UnitState.ALLOCATED
        if state != expected:
            yield f"Unit {serial} is {state.value}: expected {expected.value} by its labels."


def nothing_forgotten(desk: Desk) -> Iterator[str]:
    """At the end no label waits."""
    for label in desk.books.labels:
        if label.state in {LabelState.QUEUED, LabelState.HELD, LabelState.SENDING}:
            yield f"The {label} was forgotten: it is still {label.state.value}."


def doubted_with_reason(desk: Desk) -> Iterator[str]:
    """Where nothing went wrong, nothing is doubtful."""
    if desk.books.faults or desk.books.crashes:
        return
    for label in desk.books.labels:
        if any(event.kind == "label_doubtful" for event in label.events):
            yield f"The {label} was doubted, though nothing went wrong."


def stock_explained(desk: Desk) -> Iterator[str]:
    """Torn and blank pieces are those of the faults."""
    pieces = Counter(piece.what for piece in desk.books.pieces)
    faults = desk.books.faults
    torn = sum(fault.inside and fault.side != "line" for fault in faults)
    blank = sum(int(fault.amount) for fault in faults if fault.kind == "feed")
    if pieces["torn"] > torn:
        yield f"{pieces['torn']} labels were torn: expected {torn} by the faults."
    if pieces["blank"] > blank:
        yield f"{pieces['blank']} blank labels came out: expected {blank} by the faults."


RULES: tuple[Callable[[Desk], Iterator[str]], ...] = (
    acknowledged,
    told_in_order,
    came_out_too_often,
    called_printed,
    in_order,
    states_legal,
    jobs_agree,
    units_agree,
    nothing_forgotten,
    doubted_with_reason,
    stock_explained,
)
"""Each names the differences of one kind."""
