"""Check the audit trail from its first row to its last, and against what was anchored outside.

It reads a few thousand rows at a time of one snapshot: ten million take no more memory than ten.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from labeler.store.anchors import Anchor
from labeler.store.chain import START, Head, seal_event
from labeler.store.transaction import Transaction

What = Literal["missing", "gone", "changed", "resealed", "cut", "added", "anchors"]
"""missing: a row of the chain; gone: the event of a row; changed: an event is not as it was sealed;
resealed: whole, but not what was anchored; cut: the end is before an anchor; added: an event that
nobody sealed; anchors: the files outside cannot vouch for it."""

ROWS_AT_ONCE = 5000
UNLOCKED = "site_unlocked"
"""The event by which two people go on after a loss."""

ROWS_SQL = (
    "SELECT c.seq, c.hash, c.event_id, e.id, {at}, e.kind, e.channel, e.run_id, e.unit_id, "
    "e.label_id, CAST(e.detail AS TEXT) FROM (SELECT seq, event_id, hash FROM audit_chain "
    "WHERE seq > ? ORDER BY seq LIMIT ?) c LEFT JOIN event e ON e.id = c.event_id ORDER BY c.seq"
)
_AT = {True: "e.at", False: "to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"}
_COUNTS_SQL = "SELECT (SELECT coalesce(max(seq), 0) FROM audit_chain), (SELECT count(*) FROM event)"
_ADDED_SQL = (
    "SELECT e.id, e.kind FROM event e LEFT JOIN audit_chain c ON c.event_id = e.id "
    "WHERE c.event_id IS NULL ORDER BY e.id LIMIT 1"
)


@dataclass(frozen=True, kw_only=True)
class Bad:
    """The first thing that is wrong."""

    what: What
    seq: int | None
    """The row, or the first one that may be wrong."""
    event: int | None
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Loss:
    """Rows that a restore lost, and over which two people went on."""

    after: int
    """The last row that was kept for sure."""
    until: int
    """The last row that is known to be lost."""
    unlocked: int
    """The row that says who went on."""


@dataclass(kw_only=True)
class Check:
    """How far it is, and at its end what was found."""

    rows: int = 0
    """Rows that are right."""
    of: int = 0
    """Rows there are."""
    head: Head = START
    anchors: int = 0
    """Anchors that the rows agree with."""
    skipped: list[Anchor] = field(default_factory=list)
    """Copies from elsewhere that are not compared: of rows that were lost, or wrong."""
    losses: list[Loss] = field(default_factory=list)
    bad: Bad | None = None


def check(
    transaction: Transaction, own: Sequence[Anchor], *, others: Sequence[Anchor] = ()
) -> Iterator[Check]:
    """Yield how far it is, again and again, and at last what was found.

    ``own`` are this site's anchors in the order in which they were written, ``others`` copies that
    somebody kept elsewhere.
    """
    [(last, event_count)] = transaction.run_sql(_COUNTS_SQL)
    found = Check(of=last)
    walk = _Walk(own, others)
    yield found
    for rows in _rows(transaction):
        for row in rows:
            found.bad = walk.step(row)
            if found.bad is not None:
                break
        found.rows, found.head, found.anchors = walk.head.seq, walk.head, walk.agreed
        yield found
        if found.bad is not None:
            return
    found.bad = walk.end() or _added(transaction, walk.head.seq, event_count)
    found.losses, found.skipped = walk.losses, walk.skipped
    yield found


def _rows(transaction: Transaction) -> Iterator[list[tuple[Any, ...]]]:
    sql = ROWS_SQL.format(at=_AT[transaction.for_update == ""])
    after = 0
    while rows := transaction.run_sql(sql, (after, ROWS_AT_ONCE)):
        yield rows
        after = rows[-1][0]


class _Walk:
    """Goes from row to row, and remembers the one before."""

    def __init__(self, own: Sequence[Anchor], others: Sequence[Anchor]) -> None:
        self.head, self.agreed = START, 0
        self.losses: list[Loss] = []
        self._anchored = 0
        """The last row that an anchor agrees with."""
        self._unlocked: dict[int, int] = {}
        """Row of an unlocking -> the anchored row that it says is lost."""
        self._given_up: list[tuple[Anchor, int]] = []
        """Anchors that begin anew, and the highest row that was anchored and lost before each."""
        lost_rows: list[range] = []
        valid: list[Anchor] = []
        for one in own:
            if one.lost_after is not None:
                lost = [old.seq for old in valid if old.seq > one.lost_after]
                until = max(lost, default=one.lost_after)
                # Of an unlocking that was itself lost later nothing can be seen any more.
                kept = [old for old in self._given_up if old[0].seq <= one.lost_after]
                self._given_up = [*kept, (one, until)]
                lost_rows.append(range(one.lost_after + 1, until + 1))
                valid = [old for old in valid if old.seq <= one.lost_after]
            valid.append(one)
        said = {(one.seq, one.hash) for one in own} - {(one.seq, one.hash) for one in valid}
        self._wanted: dict[int, list[Anchor]] = {}
        self._doubted: dict[int, list[Anchor]] = {}
        """Of rows that were given up, and not what this site anchored of them."""
        for one in valid:
            self._wanted.setdefault(one.seq, []).append(one)
        for one in others:
            if not any(one.seq in lost for lost in lost_rows):
                self._wanted.setdefault(one.seq, []).append(one)
            elif (one.seq, one.hash) not in said:
                self._doubted.setdefault(one.seq, []).append(one)

    @property
    def skipped(self) -> list[Anchor]:
        """Copies from elsewhere of rows that were given up, which no row was found to agree with.

        They may be of the rows that were lost, or wrong: nobody can tell.
        """
        return [one for seq in sorted(self._doubted) for one in self._doubted[seq]]

    def step(self, row: tuple[Any, ...]) -> Bad | None:
        """Go to the next row; return what is wrong with it."""
        seq, sealed, event_id, *event = row
        due = self.head.seq + 1
        if seq != due:
            said = f"Row {due} is missing: row {seq} follows row {due - 1}."
            return Bad(what="missing", seq=due, event=None, sentence=said)
        if event[0] is None:
            said = f"Row {seq} seals event {event_id}, which is gone."
            return Bad(what="gone", seq=seq, event=event_id, sentence=said)
        end = seal_event(self.head, event)
        if end.hash != sealed:
            said = (
                f"Row {seq} is not what was sealed: event {event_id}, '{event[2]}' of {event[1]}, "
                "or its hash was changed, put in or put elsewhere."
            )
            return Bad(what="changed", seq=seq, event=event_id, sentence=said)
        self.head = end
        if event[2] == UNLOCKED:
            lost = json.loads(event[7]).get("audit_lost")
            self._unlocked[seq] = 0 if lost is None else int(lost["seq"])
        if seq in self._doubted:
            rest = [one for one in self._doubted[seq] if one.hash != sealed.hex()]
            self.agreed += len(self._doubted[seq]) - len(rest)
            self._doubted[seq] = rest
        return self._compare() if seq in self._wanted else None

    def _compare(self) -> Bad | None:
        """Compare the row with what was anchored of it."""
        seq, sealed = self.head
        for one in self._wanted.pop(seq):
            if one.hash != sealed.hex():
                said = (
                    f"Row {seq} is not the one that was anchored{_when(one)}: the trail was sealed "
                    f"anew, or is another record's, from somewhere behind row {self._anchored} on."
                )
                return Bad(what="resealed", seq=self._anchored + 1, event=None, sentence=said)
            self.agreed += 1
        self._anchored = seq
        return None

    def end(self) -> Bad | None:
        """Return what only the end shows: rows that were cut off, and losses nobody decided."""
        if self._wanted:
            seq = max(self._wanted)
            one = self._wanted[seq][0]
            said = (
                f"The trail ends at row {self.head.seq}, and row {seq} was anchored{_when(one)}: "
                f"{seq - self.head.seq} rows or more were cut off."
            )
            return Bad(what="cut", seq=self.head.seq + 1, event=None, sentence=said)
        for new, until in self._given_up:
            after = new.lost_after or 0
            unlocked = [
                seq for seq, lost in self._unlocked.items()
                if after < seq <= new.seq and lost == until
            ]  # fmt: skip
            if not unlocked:
                said = (
                    f"The anchors say that rows {after + 1} to {until} were lost{_when(new)}, and "
                    "no unlocking in the trail says so."
                )
                return Bad(what="anchors", seq=after + 1, event=None, sentence=said)
            self.losses.append(Loss(after=after, until=until, unlocked=unlocked[-1]))
        return None


def _when(one: Anchor) -> str:
    return f" at {one.at}" if one.at else ""


def _added(transaction: Transaction, sealed: int, events: int) -> Bad | None:
    """Find an event that nobody sealed; only where the numbers differ, since it takes longer."""
    if events == sealed:
        return None
    [(event_id, kind)] = transaction.run_sql(_ADDED_SQL)
    said = f"Event {event_id}, '{kind}', was put in behind the trail's back: no row seals it."
    return Bad(what="added", seq=None, event=event_id, sentence=said)
