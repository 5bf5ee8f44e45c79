"""Hear from a printer without an odometer that it has a parcel, and from a queue what it became.

*Buffered* is what an answer proves that came behind all bytes: a printer reads a question in order
with the bytes before it. What keeps jobs (IPP) says itself what became of them, in its own words.
"""

import threading
import time
from collections.abc import Callable
from typing import Any

from labeler.production.printing import spool
from labeler.production.printing.spooled import SpooledLabel
from labeler.production.site import Site
from labeler.spooler import notices
from labeler.spooler.asking import Questions
from labeler.spooler.parcels import Parcel
from labeler.units import LabelState
from printers.connection import JobReport, KeepsJobs, unsent_s
from printers.errors import TransportError
from printers.transports import Connection

POLL_S = 0.05
"""First pause between two questions; it doubles up to POLL_MAX_S."""
POLL_MAX_S = 2.0


class Confirming:
    """Asks one printer; its caller owns the connection and the thread."""

    def __init__(
        self, site: Site, printer: str, *, stopping: threading.Event, show: Callable[..., None]
    ) -> None:
        """``show(state, reasons)`` tells people what the printer says."""
        self._site = site
        self._settings = site.plant.spooler
        self._printer = printer
        self._questions = Questions(site, printer)
        self._stopping = stopping
        self._show = show

    def confirm(self, connection: Connection, parcel: Parcel) -> None:
        """Ask until the printer says that it is receiving nothing more: *buffered*.

        If it does not within `proof_timeout_s`, or the connection breaks, nobody knows.
        """
        if self._stopping.wait(unsent_s(connection)):
            return  # the labels stay *sending*, and are doubtful at the next start
        labels, size = parcel.labels, len(parcel.data)
        deadline = time.monotonic() + self._settings.proof_timeout_s
        pause = POLL_S
        while True:
            try:
                status = self._questions.status(connection)
            except TransportError as error:
                known: dict[str, Any] = {"why": str(error), "bytes_written": size}
                if error.bytes_acknowledged:
                    # These are of the question: what came before it was taken, too, all of it.
                    known["bytes_acknowledged"] = size
                self._doubt(labels, **known)
                raise
            if status is None:
                silence = notices.silent(self._printer, self._settings.reply_timeout_s)
                self._show("stopped", ("timed-out",), sentence=silence)
            elif not status.receiving:
                said = {"proof": "status", "labels_waiting": status.labels_waiting}
                spool.settle(self._site, labels, LabelState.BUFFERED, **said)
                return
            if time.monotonic() > deadline:
                does = "gives no status" if status is None else "is still receiving"
                waited_s = self._settings.proof_timeout_s
                self._doubt(labels, why=f"the printer {does} {waited_s:g} s after all of it left")
                return
            if self._stopping.wait(pause):
                return  # as above
            pause = min(pause * 2, POLL_MAX_S)

    def follow(self, connection: KeepsJobs, labels: list[SpooledLabel]) -> None:
        """Ask what became of the document written last until that is known.

        What does not become known within `proof_timeout_s`, or before the service stops, stays as
        it is: *buffered*.
        """
        deadline = time.monotonic() + self._settings.proof_timeout_s
        pause = POLL_S
        while True:
            try:
                report = connection.await_job(timeout_s=0)
            except TransportError:
                report = None
            if report is not None and report.is_over:
                state, known = became(report)
                spool.settle(self._site, labels, state, **known)
                return
            if time.monotonic() > deadline or self._stopping.wait(pause):
                return
            pause = min(pause * 2, POLL_MAX_S)

    def _doubt(self, labels: list[SpooledLabel], **known: Any) -> None:
        parcel = [label.id for label in labels]
        spool.settle(self._site, labels, LabelState.DOUBTFUL, **known, parcel=parcel)


def became(report: JobReport) -> tuple[LabelState, dict[str, Any]]:
    """Return what a finished job's report makes of its labels, and how we know.

    A job that ended badly is surely not printed only if it never began (RFC 8011, 5.3.14.2): counts
    of sheets say nothing there, since a queue that passes documents on counts none.
    """
    reasons = f" ({', '.join(report.reasons)})" if report.reasons else ""
    known: dict[str, Any] = {
        "why": f"the printer's own word: its job {report.number} is {report.state}{reasons}"
    }
    if report.state == "completed":
        return LabelState.PRINTED, known
    if report.has_begun is False:
        known["why"] += ", and it never began to print it"
        return LabelState.NOT_PRINTED, known
    if report.sheets is not None:
        known["sheets"] = report.sheets
    return LabelState.DOUBTFUL, known
