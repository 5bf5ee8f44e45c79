"""Find out by a printer's odometer what became of labels.

Ask until the printer is idle and its odometer moved by as many as were sent: *printed*. If that
does not come within `proof_timeout_s`, those that are not surely out are *doubtful* and wait for a
person. See docs/decisions/0032-the-proof-ladder.md.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from labeler.production.printing import spool
from labeler.production.printing.spool import Finding
from labeler.production.printing.spooled import SpooledLabel
from labeler.production.site import Site
from labeler.spooler import notices
from labeler.spooler.accounts import Account
from labeler.spooler.asking import Questions
from labeler.spooler.parcels import Parcel, Shelf
from labeler.spooler.polls import Polls
from labeler.units import LabelState
from printers import languages
from printers.connection import unsent_s
from printers.errors import Unprintable
from printers.status import Status
from printers.transports import Connection

EARLY_S = 0.05
"""So long before a slow line can have sent a parcel the first question is put behind it."""
FRESH_S = 1.0
"""How long the answers that proved a parcel are good for beginning the next one."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class _Idle:
    """A printer that was found ready and idle."""

    connection: Connection
    count: int
    """Its odometer."""
    at_s: float
    """When; by ``time.monotonic``."""


class Proving:
    """Proves the labels of one printer; its caller owns the connection and the thread."""

    def __init__(
        self,
        site: Site,
        printer: str,
        *,
        shelf: Shelf,
        stopping: threading.Event,
        show: Callable[..., None],
    ) -> None:
        """Clear the ``shelf`` when the printer may have forgotten its formats."""
        self._site = site
        self._settings = site.plant.spooler
        self._printer = printer
        self._questions = Questions(site, printer)
        self._shelf = shelf
        self._stopping = stopping
        self._show = show
        self._known: dict[tuple[int, ...], Account] = {}
        """What was heard of labels before their connection was lost, by their ids."""
        self._idle: _Idle | None = None

    def forget(self) -> None:
        """Take nothing that the printer said for its present state any more."""
        self._idle = None

    def idle_count(self, connection: Connection) -> int | None:
        """Return the odometer if over this connection a proof ended just now, all well.

        The printer said then that it is ready and idle, and its count behind that: what is asked
        before a parcel. Asked again at once it would say the same. None: ask.
        """
        idle, self._idle = self._idle, None
        if idle is None or idle.connection is not connection:
            return None
        return idle.count if time.monotonic() - idle.at_s < FRESH_S else None

    def prove(self, connection: Connection, parcel: Parcel, before: int) -> list[Finding]:
        """Find out what became of a parcel that has just been written over this connection.

        Returns what is to be recorded; nothing if we are to stop: then the labels stay *sending*.

        A question waits behind the bytes that a slow line has not sent. Asked too soon it would be
        over time before it is read, be asked again, and all its answers would come at once.
        """
        if self._stopping.wait(max(0.0, unsent_s(connection) - EARLY_S)):
            return []
        account = Account(before=before, expected=parcel.copies, is_countable=parcel.is_countable)
        return self._prove(connection, parcel.labels, account, is_own=True)

    def recover(self, connection: Connection, labels: list[SpooledLabel]) -> None:
        """Prove labels that were found *sending*: the record knows the odometer before them."""
        groups: dict[int | None, list[SpooledLabel]] = {}
        for label in labels:
            groups.setdefault(label.odometer, []).append(label)
        for odometer, group in groups.items():
            if odometer is None:
                self._doubt(group, "the odometer before it is not known")
                continue
            account = self._known.get(_ids(group)) or Account(
                before=odometer, expected=self._labels_out(group), is_countable=False
            )
            account.new_connection()
            spool.settle_all(self._site, self._prove(connection, group, account, is_own=False))

    def _labels_out(self, labels: list[SpooledLabel]) -> int:
        """Return how many labels come out for these; one each where settings have changed since."""
        with self._site.store.read() as transaction:
            runs = [self._site.pinned(transaction, label.run_id) for label in labels]
        try:
            return sum(languages.copies(self._site.compiled(run, self._printer)) for run in runs)
        except Unprintable:
            return len(labels)

    def _prove(
        self,
        connection: Connection,
        labels: list[SpooledLabel],
        account: Account,
        *,
        is_own: bool,
    ) -> list[Finding]:
        """Ask until the odometer moved by as many as expected, or the time for it is over.

        A printer that names what blocks it (media-empty, paused) is waited for without a limit:
        its labels are still in its buffer.
        """
        self._known = {_ids(labels): account}
        polls, is_idle = Polls(account.expected), False
        began = time.monotonic()
        deadline = began + self._settings.proof_timeout_s
        while True:
            status = self._questions.status(connection)
            count = self._questions.label_count(connection) if status else None
            moved = account.moved
            account.hear(status, count, is_own=is_own)
            self._show_proving(status)
            if account.moved > moved:
                deadline = time.monotonic() + self._settings.proof_timeout_s
            is_idle = bool(status and not status.labels_waiting and not status.receiving)
            if is_idle and account.moved == account.expected:
                self._remember(connection, status, count, account)
                return self._found(_printed(labels, account))
            if is_idle and account.moved > account.expected:
                break  # one may exist twice, or somebody else printed, too
            if status is None or not status.ready:
                self._shelf.clear()  # somebody may switch it off to mend it
            if status is not None and not status.ready:
                deadline = time.monotonic() + self._settings.proof_timeout_s
            if time.monotonic() > deadline:
                break  # only after an answer: nobody is doubted without a last question
            pause = polls.pause_s(account.moved, passed_s=time.monotonic() - began)
            if self._stopping.wait(pause):
                return []  # the next start asks again
        self._shelf.clear()  # what lost labels may have lost formats: it may have been off unseen
        return self._found(_not_proven(labels, account, is_whole=is_own and is_idle))

    def _remember(
        self, connection: Connection, status: Status | None, count: int | None, account: Account
    ) -> None:
        """Keep what the printer said at the end of a proof, if a parcel may begin with it."""
        is_ready = status is not None and status.ready
        if is_ready and count is not None and count == account.before + account.expected:
            self._idle = _Idle(connection=connection, count=count, at_s=time.monotonic())

    def _show_proving(self, status: Status | None) -> None:
        """Show what a printer says that has labels of ours."""
        if status is None:
            silence = notices.silent(self._printer, self._settings.reply_timeout_s)
            self._show("stopped", ("timed-out",), sentence=silence)
        elif status.ready:
            self._show("processing")
        else:
            sentence = notices.says(self._printer, status)
            self._show("stopped", status.reasons, sentence=sentence)

    def _doubt(self, labels: list[SpooledLabel], why: str) -> None:
        spool.settle_all(self._site, self._found([(labels, LabelState.DOUBTFUL, {"why": why})]))

    def _found(self, found: list[Finding]) -> list[Finding]:
        """Return what was found; nothing that was heard before matters any more."""
        self._known.clear()
        for labels, state, known in found:
            if labels and state == LabelState.DOUBTFUL:
                ids = [label.id for label in labels]
                log.warning("labels.doubtful", printer=self._printer, labels=ids, **known)
        return found


def _ids(labels: list[SpooledLabel]) -> tuple[int, ...]:
    return tuple(label.id for label in labels)


def _printed(labels: list[SpooledLabel], account: Account) -> list[Finding]:
    """All of them are out; those that a stop may have torn are told apart."""
    known = {"odometer_before": account.before, "odometer_after": account.before + account.moved}
    torn: dict[int, list[str]] = {}
    for reason, place in account.tears.items():
        torn.setdefault(place, []).append(reason)
    whole = [label for place, label in enumerate(labels) if place not in torn]
    found: list[Finding] = [(whole, LabelState.PRINTED, known)]
    for place, reasons in torn.items():
        note = f"{', '.join(reasons)} came while it was next: a torn piece of it may exist, too"
        found.append(([labels[place]], LabelState.PRINTED, {**known, "note": note}))
    return found


def _not_proven(labels: list[SpooledLabel], account: Account, *, is_whole: bool) -> list[Finding]:
    """Some may be missing, or one too many came out: doubt those that are not surely out once.

    ``is_whole``: the printer has been heard to its end, over the connection that carried them.
    """
    first, end = account.surely_out, len(labels)
    why = f"the odometer moved by {account.moved}, expected {account.expected}"
    if is_whole and account.excess and account.moved == account.expected + 1:
        # What came behind the stop added up again: the piece too many is one of those before it.
        first, end = account.excess
        why += f"; {', '.join(account.tears)} may have torn one that counted, or it is there twice"
    known = {"why": why, "odometer_before": account.before, "moved": account.moved}
    parcel = [label.id for label in labels]
    out = {
        "odometer_before": account.before,
        "odometer_after": account.before + account.moved,
        "surely_out": first,
    }
    return [
        (labels[first:end], LabelState.DOUBTFUL, {**known, "parcel": parcel}),
        (labels[:first] + labels[end:], LabelState.PRINTED, out),
    ]
