"""Find out by a printer's odometer what became of labels.

Ask until the printer is idle and its odometer moved by as many as were sent: *printed*. If that
does not come within `proof_timeout_s`, they are *doubtful* and wait for a person.
"""

import threading
import time
from collections.abc import Callable

import structlog

from labeler.production.printing import spool
from labeler.production.printing.spool import SpooledLabel
from labeler.production.site import Site
from labeler.spooler import notices
from labeler.spooler.asking import Questions
from labeler.spooler.parcels import Shelf
from labeler.units import LabelState
from printers import languages
from printers.errors import Unprintable
from printers.status import Status
from printers.transports import Connection

PROOF_POLL_S = 0.02
"""First pause between two questions while labels are printed; it doubles up to PROOF_POLL_MAX_S."""
PROOF_POLL_MAX_S = 0.3

log = structlog.get_logger(__name__)


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
        self._shelf = shelf
        self._stopping = stopping
        self._show = show

    def recover(self, connection: Connection, labels: list[SpooledLabel]) -> None:
        """Prove labels that were found *sending*: the record knows the odometer before them."""
        groups: dict[int | None, list[SpooledLabel]] = {}
        for label in labels:
            groups.setdefault(label.odometer, []).append(label)
        for odometer, group in groups.items():
            self.prove(connection, group, odometer, expected=self._labels_out(group))

    def _labels_out(self, labels: list[SpooledLabel]) -> int:
        """Return how many labels come out for these; one each where settings have changed since."""
        with self._site.store.read() as transaction:
            runs = [self._site.pinned(transaction, label.run_id) for label in labels]
        try:
            return sum(languages.copies(self._site.compiled(run, self._printer)) for run in runs)
        except Unprintable:
            return len(labels)

    def prove(
        self,
        connection: Connection,
        labels: list[SpooledLabel],
        before: int | None,
        *,
        expected: int,
    ) -> None:
        """Ask until the odometer moved by as many as expected, or the time for it is over.

        A printer that names what blocks it (media-empty, paused) is waited for without a limit:
        its labels are still in its buffer.
        """
        questions = Questions(self._site, self._printer)
        moved, pause = 0, PROOF_POLL_S
        deadline = time.monotonic() + self._settings.proof_timeout_s
        while before is not None:
            status = questions.status(connection)
            count = questions.label_count(connection) if status else None
            idle = status is not None and not status.labels_waiting and not status.receiving
            if count is not None and count - before > moved:
                moved, pause = count - before, PROOF_POLL_S
                deadline = time.monotonic() + self._settings.proof_timeout_s
            if idle and moved == expected:
                known = {"odometer_before": before, "odometer_after": before + moved}
                spool.settle(self._site, labels, LabelState.PRINTED, **known)
                return
            if idle and moved > expected:
                break  # somebody else printed, too: which labels these were, nobody knows
            if status is None or not status.ready:
                self._shelf.clear()  # somebody may switch it off to mend it
            self._show_proving(status)
            if status is not None and not status.ready:
                deadline = time.monotonic() + self._settings.proof_timeout_s
            if time.monotonic() > deadline:
                break  # only after an answer: nobody is doubted without a last question
            if self._stopping.wait(pause):
                return  # the labels stay *sending*; the next start asks again
            pause = min(pause * 2, PROOF_POLL_MAX_S)
        self._doubt(labels, before, f"the odometer moved by {moved}, expected {expected}")

    def _show_proving(self, status: Status | None) -> None:
        """Show what a printer says that has labels of ours."""
        if status is None:
            silence = notices.silent(self._printer, self._settings.reply_timeout_s)
            self._show("stopped", ("timed-out",), sentence=silence)
        elif status.ready:
            self._show("processing")
        else:
            reasons = ", ".join(status.reasons)
            self._show("stopped", status.reasons, sentence=f"It says: {reasons}.")

    def _doubt(self, labels: list[SpooledLabel], before: int | None, why: str) -> None:
        log.warning(
            "labels.doubtful",
            printer=self._printer,
            labels=[label.id for label in labels],
            odometer_before=before,
            why=why,
        )
        spool.settle(self._site, labels, LabelState.DOUBTFUL, why=why, odometer_before=before)
