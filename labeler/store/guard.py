"""The guard: a database that is behind its high-water mark issues nothing.

Whatever draws numbers says so to its transaction, in *steps*: how far it moves a counter. Before
the commit the mark is moved by as many, and so is the copy of it that the database keeps; after the
commit the mark says that it is done. No sync is paid for it but one in `BLOCK` steps.

At the start, and with each commit, the copy has to lie where the mark says. Where it does not, the
database is another one than the one that issued last, and is locked.
"""

import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import structlog

from labeler.errors import SITE_LOCKED, Refusal
from labeler.store import chain
from labeler.store.anchors import Anchor, AnchorFiles
from labeler.store.mark import Damaged, Mark, MarkFile, new_id, this_boot

if TYPE_CHECKING:
    from labeler.store.transaction import Transaction

BLOCK = 10_000
"""Steps that one sync of the mark covers."""
SITE, COPY = "site_id", "mark_"
"""Names in site_setting: the record's identity, and what a mark's copy begins with."""

_ANY_SQL = "SELECT (SELECT count(*) FROM series_counter) + (SELECT coalesce(max(id), 0) FROM run)"
_SETTING_SQL = "SELECT value FROM site_setting WHERE name = ?"
_KEEP_SQL = (
    "INSERT INTO site_setting (name, value) VALUES (?, ?) "
    "ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)
_MOVE_SQL = (
    "UPDATE site_setting SET value = ? WHERE name = ? "
    "AND CAST(value AS BIGINT) BETWEEN ? AND ? RETURNING name"
)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Lock:
    """Why nothing is issued."""

    why: str
    """What is wrong, in a sentence."""
    lost: int | None
    """How many steps were drawn that the database does not know, at most; None: nobody knows."""
    site: str | None = None
    """The identity of the record that the mark is about, where the mark can be read."""

    def refusal(self) -> Refusal:
        """Return what everybody is told who would issue."""
        return Refusal(
            SITE_LOCKED,
            f"Nothing is issued: {self.why}",
            hint="Put the right database or mark back, or let two people go on above it: "
            "labeler site status, labeler site unlock.",
        )


class Guard:
    """Compares the record with its mark. Used in the writer's thread, shown in any."""

    def __init__(self, file: MarkFile, anchors: AnchorFiles) -> None:
        """Guard with the mark in ``file`` and what was anchored of the audit trail."""
        self.file = file
        self.anchors = anchors
        self.lock: Lock | None = None
        self._boot = this_boot()
        self._wrote = False
        self._checking = threading.Lock()

    def require_open(self, transaction: "Transaction") -> None:
        """Refuse (9010) while the record is locked; look again, since it may be put right."""
        if self.lock is not None:
            self.check(transaction)
        if self.lock is not None:
            raise self.lock.refusal()

    def check(self, transaction: "Transaction") -> None:
        """Find out whether the record is the one that the mark is about; make the first mark."""
        with self._checking, self.file.held():
            before, self.lock = self.lock, self._compare(transaction)
        if before is not None and self.lock is None:
            log.info("site.unlocked", why="The record and its mark agree again.")

    def begin(self, transaction: "Transaction") -> None:
        """Move the mark before a commit; hold it until ``end``. Refuse (9010) another record."""
        self.file.hold()
        mark = self._readable()
        begun = mark.begun + transaction.steps
        known = (str(begun), COPY + mark.id, mark.done, mark.begun)
        if not transaction.run_sql(_MOVE_SQL, known):
            self.lock = Lock(
                why="the database was exchanged while the service ran; its copy of the "
                f"high-water mark is not {mark.done}.",
                lost=None,
                site=mark.site,
            )
            log.error("site.locked", why=self.lock.why)
            raise self.lock.refusal()
        moved = replace(mark, begun=begun, boot=self._boot)
        if begun > mark.limit or mark.boot != self._boot or not self._wrote:
            # The commit waits until this is on the disk: nothing above a limit is ever issued.
            self.file.keep(replace(moved, limit=max(mark.limit, begun + BLOCK)))
        else:
            self.file.note(moved)
        self._wrote = True

    def done(self) -> None:
        """Say that what was begun is committed."""
        mark = self._readable()
        self.file.note(replace(mark, done=mark.begun))

    def end(self) -> None:
        """Let other processes have the mark."""
        self.file.release()

    def close(self) -> None:
        """Reserve nothing any more: the mark says exactly what was drawn."""
        if self._wrote and self.lock is None:
            with self.file.held():
                mark = self._readable()
                if mark.done == mark.begun:
                    self.file.keep(replace(mark, limit=mark.begun))
        self.file.close()

    def go_on(self, transaction: "Transaction", *, steps: int) -> Mark:
        """Let the record's copy say that ``steps`` were lost; return the mark to `settle`.

        Where the mark cannot be read, or is about another record, a new one begins.
        """
        mark = self.found()
        site = _setting(transaction, SITE) or (mark.site if mark else new_id())
        if mark is None or mark.site != site:
            above = max(steps, 0 if mark is None else mark.after_loss(self._boot))
            mark = Mark(site=site, id=new_id(), boot=self._boot, done=0, begun=0, limit=above)
        copy = int(_setting(transaction, COPY + mark.id) or 0)
        count = max(mark.limit, mark.begun, copy + steps)
        transaction.run_sql(_KEEP_SQL, (SITE, site))
        transaction.run_sql(_KEEP_SQL, (COPY + mark.id, str(count)))
        return replace(mark, boot=self._boot, done=count, begun=count, limit=count)

    def settle(self, mark: Mark) -> None:
        """Write a mark whose copy is committed, and unlock.

        Since that commit the record and the mark before may have agreed already, and something may
        have been drawn. Then the mark that is there is further on, and stays.
        """
        with self._checking, self.file.held():
            now = self.found()
            is_ahead = now is not None and now.id == mark.id and now.begun >= mark.begun
            self.file.keep(now if now is not None and is_ahead else mark)
        self.lock = None

    def found(self) -> Mark | None:
        """Return what the file says, where it can be read."""
        try:
            return self.file.read()
        except Damaged:
            return None

    def _readable(self) -> Mark:
        try:
            mark = self.file.read()
        except Damaged:
            mark = None
        if mark is None:
            self.lock = Lock(why=f"the high-water mark {self.file.path} is gone.", lost=None)
            raise self.lock.refusal()
        return mark

    def _compare(self, transaction: "Transaction") -> Lock | None:
        site = _setting(transaction, SITE)
        try:
            mark = self.file.read()
        except Damaged:
            return Lock(why=f"the high-water mark {self.file.path} is damaged.", lost=None)
        if mark is None:
            if site is None:
                self._make(transaction)
                return None
            return Lock(why=f"the high-water mark {self.file.path} is missing.", lost=None)
        if site is None:
            return self._compare_new(transaction, mark)
        if site != mark.site:
            return Lock(
                why=f"the high-water mark {self.file.path} is about another database.",
                lost=None,
                site=mark.site,
            )
        copy = int(_setting(transaction, COPY + mark.id) or 0)
        lock = self._compare_counts(mark, copy) or self._compare_trail(transaction, mark, copy)
        if lock is None and (mark.done, mark.begun) != (copy, copy):
            # After a power cut the mark may lag behind; after a kill it may be ahead by a commit.
            # While locked it stays as it is: it is the witness of what was lost.
            self.file.note(replace(mark, done=copy, begun=copy))
        return lock

    def _compare_new(self, transaction: "Transaction", mark: Mark) -> Lock | None:
        """Compare with a database that never had a mark: a new one, or one of before the marks."""
        most = mark.after_loss(self._boot)
        if not most:
            self._make(transaction)
            return None
        [(rows,)] = transaction.run_sql(_ANY_SQL)
        what = "is empty" if not rows else "is older than the mark"
        why = f"the database {what}, and {most} steps were drawn from its counters."
        return Lock(why=why, lost=most, site=mark.site)

    def _compare_counts(self, mark: Mark, copy: int) -> Lock | None:
        most = mark.after_loss(self._boot)
        if copy < mark.done:
            return Lock(
                why=f"the database is behind its high-water mark: it knows {copy} steps of its "
                f"counters, and {mark.done} were made; it was restored, or lost the end of its "
                "log.",
                lost=most - copy,
                site=mark.site,
            )
        if copy > most:
            return Lock(
                why=f"the high-water mark is older than the database: it says {most} steps, and "
                f"the database {copy}.",
                lost=None,
                site=mark.site,
            )
        return None

    def _compare_trail(self, transaction: "Transaction", mark: Mark, copy: int) -> Lock | None:
        """Compare with the audit trail: it may have lost what drew no number.

        Nor does the mark know all that drew some, where another boot lost its notes: everything up
        to its limit may have been committed.
        """
        anchored = self.anchors.newest()
        if anchored is None or chain.hash_of(transaction, anchored.seq) == anchored.hash:
            return None
        seq = chain.head(transaction).seq
        if seq < anchored.seq:
            why = f"its audit trail ends at row {seq}, and row {anchored.seq} was anchored"
        else:
            why = f"row {anchored.seq} of its audit trail is not the one that was anchored"
        return Lock(
            why=f"{why}; the database was restored, changed, or lost the end of its log.",
            lost=mark.after_loss(self._boot) - copy,
            site=mark.site,
        )

    def lost_trail(self, transaction: "Transaction") -> tuple[int, Anchor] | None:
        """Return the last row that was kept, and the newest anchor, if that is lost.

        Where every anchor up to the trail's end agrees, all of the trail was kept; else up to the
        last anchor that does. None: nothing that was anchored is lost.
        """
        anchored = self.anchors.newest()
        if anchored is None or chain.hash_of(transaction, anchored.seq) == anchored.hash:
            return None
        end = chain.head(transaction).seq
        known = {(one.seq, one.hash) for one in self.anchors.read().anchors if one.seq <= end}
        kept = {seq for seq, hash_ in known if chain.hash_of(transaction, seq) == hash_}
        if len(kept) == len(known):
            return end, anchored
        return max(kept, default=0), anchored

    def _make(self, transaction: "Transaction") -> None:
        """Make the first mark: first the file, then what the database says of it."""
        site, own = new_id(), new_id()
        self.file.keep(Mark(site=site, id=own, boot=self._boot, done=0, begun=0, limit=0))
        transaction.run_sql(_KEEP_SQL, (SITE, site))
        transaction.run_sql(_KEEP_SQL, (COPY + own, "0"))


def other_copies(transaction: "Transaction", guard: Guard) -> int:
    """Return how many other marks than the guard's have counted in this record."""
    mark = guard.found()
    own = COPY + (mark.id if mark else "")
    rows = transaction.run_sql("SELECT name FROM site_setting")
    return sum(name.startswith(COPY) and name != own for (name,) in rows)


def _setting(transaction: "Transaction", name: str) -> str | None:
    rows = transaction.run_sql(_SETTING_SQL, (name,))
    return str(rows[0][0]) if rows else None
