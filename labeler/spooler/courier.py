"""Bring labels to one printer and find out what became of them.

With a printer that can answer:

1. ask whether it is ready and how many labels it ever printed (its odometer);
2. mark the oldest labels *sending*, with that number, durably;
3. write them;
4. ask until the printer is idle and its odometer moved by as many: *printed*. If that does not come
   within `proof_timeout_s`, they are *doubtful* and wait for a person.

Labels found *sending* after a crash or a lost connection go straight to step 4, since the record
knows the odometer before them. Only labels of which surely no byte left go back to the queue.
"""

import threading
import time
from collections.abc import Callable
from typing import cast

import structlog

from labeler.production import filling
from labeler.production.printing import spool
from labeler.production.printing.spool import SpooledLabel
from labeler.production.site import Site
from labeler.spooler import notices, parcels
from labeler.spooler.parcels import Parcel, Part, Shelf
from labeler.store import Transaction
from labeler.units import LabelState
from printers import languages, transports
from printers.errors import TransportError, Unprintable
from printers.languages import Compiled, ReplyingLanguage
from printers.status import Reason, Status
from printers.transports import Connection

PROOF_POLL_S = 0.02
"""First pause between two questions while labels are printed; it doubles up to PROOF_POLL_MAX_S."""
PROOF_POLL_MAX_S = 0.3

log = structlog.get_logger(__name__)


class NotNow(Exception):
    """The printer cannot be used at the moment; ``reasons`` are keywords of RFC 8011, 5.4.12."""

    def __init__(self, sentence: str, *reasons: Reason) -> None:
        """Say why in a sentence, and name the reasons."""
        super().__init__(sentence)
        self.reasons = reasons


class Courier:
    """Sends and proves; its caller owns the connection and the thread."""

    def __init__(
        self,
        site: Site,
        printer: str,
        *,
        stopping: threading.Event,
        show: Callable[..., None],
    ) -> None:
        """Serve ``printer``; ``show(state, reasons)`` tells people what it is doing."""
        self._site = site
        self._settings = site.plant.spooler
        self._printer = printer
        self._stopping = stopping
        self._show = show
        entry = site.plant.printers[printer]
        self._language = languages.load(entry.language)
        self._proves = site.plant.proves(printer)
        self._keeps_documents = transports.documents(entry.uri)
        self._is_rewritable = transports.rewritable(entry.uri)
        self._stores = site.plant.stores(printer)
        self._shelf = Shelf()
        self._connection: Connection | None = None

    def recover(self, connection: Connection, labels: list[SpooledLabel]) -> None:
        """Find out what became of labels that were on their way when we last knew."""
        log.info("spooler.recovering", printer=self._printer, labels=len(labels))
        if self._proves:
            groups: dict[int | None, list[SpooledLabel]] = {}
            for label in labels:
                groups.setdefault(label.odometer, []).append(label)
            for odometer, group in groups.items():
                self._prove(connection, group, odometer, expected=self._labels_out(group))
            return
        # Nobody can tell; but a document may simply be written again, in the place of the first.
        # What has an odometer was no document: it went to a device that had this printer's name.
        again = [one for one in labels if self._is_rewritable and one.odometer is None]
        lost = [one for one in labels if one not in again]
        why = "the service stopped while it was on its way"
        spool.settle(self._site, again, LabelState.QUEUED, why=why)
        spool.settle(self._site, lost, LabelState.DOUBTFUL, why=why)

    def send_next(self, connection: Connection) -> bool:
        """Send the next labels, find out what became of them; return whether to go on with more.

        Not after a claim in vain: it may be our own, whose answer came too late. Its labels are
        *sending*, and labels sent before that is cleared up would move the odometer for them.
        """
        if connection is not self._connection or not self._proves:
            # Without questions nobody hears that a printer was switched off and on.
            self._shelf.clear()
            self._connection = connection
        parcel = self._next_parcel()
        if parcel is None:
            return False
        odometer = self._odometer_when_ready(connection) if self._proves else None
        if not spool.claim(self._site, parcel.digests(), odometer=odometer):
            return False
        self._show("processing")
        self._write(connection, parcel)
        if self._proves:
            self._prove(connection, parcel.labels, odometer, expected=parcel.copies)
        else:
            state = LabelState.PRINTED if self._is_rewritable else LabelState.SENT
            known = {"document": parcel.name} if self._is_rewritable else {"proof": "none"}
            spool.settle(self._site, parcel.labels, state, **known)
        return True

    def _next_parcel(self) -> Parcel | None:
        """Render the oldest labels that wait; those that cannot be rendered leave the queue."""
        while True:
            with self._site.store.read() as transaction:
                labels = self._oldest(transaction)
                runs = [self._site.pinned(transaction, label.run_id) for label in labels]
                rows = self._filled(transaction, labels)
            if not labels:
                return None
            try:
                forms = [self._site.compiled(run, self._printer) for run in runs]
            except Unprintable as error:  # config.yaml has changed: they may fit again one day
                why = f"Printer '{self._printer}' cannot draw them: {error}"
                raise NotNow(why, "other") from error
            try:
                if rows is not None:
                    parts = self._parts(labels, forms, rows)
                    return Parcel(labels=labels, parts=parts, name=self._name(labels[0]))
            except Unprintable:
                pass  # which of them it is, each is asked by itself
            self._set_aside(labels, forms)

    def _filled(
        self, transaction: Transaction, labels: list[SpooledLabel]
    ) -> list[dict[str, str]] | None:
        """Return what the labels show; None if one of them cannot be filled."""
        try:
            return filling.values(self._site, transaction, labels)
        except Unprintable:
            return None

    def _oldest(self, transaction: Transaction) -> list[SpooledLabel]:
        """Return what travels next: some of a stream, or as much of one job as a document holds."""
        if self._keeps_documents:
            limit = self._language.LABELS_PER_DOCUMENT_MAX
            return spool.waiting_job(transaction, self._printer, limit=limit)
        limit = self._settings.labels_in_flight_max
        return spool.waiting(transaction, self._printer, limit=limit)

    def _parts(
        self, labels: list[SpooledLabel], forms: list[Compiled], rows: list[dict[str, str]]
    ) -> list[Part]:
        if self._keeps_documents:
            return [parcels.document(forms[0].document(rows))]
        if self._stores:
            return self._shelf.parts(labels, forms=forms, rows=rows)
        return [parcels.whole(form, row) for form, row in zip(forms, rows, strict=True)]

    def _name(self, first: SpooledLabel) -> str:
        """Return the document's name: of its job, or of its label where each has its own.

        A job may come in parts, some of its labels moved from another printer later than others.
        A part names its first label: under the job's name alone it would replace the one before.
        """
        job = f"run-{first.run_id:06d}-job-{first.job_id:08d}"
        alone = self._language.LABELS_PER_DOCUMENT_MAX == 1
        label = f"-{first.position}" if alone or first.position > 1 else ""
        return f"{job}{label}{self._language.SUFFIX}"

    def _set_aside(self, labels: list[SpooledLabel], forms: list[Compiled]) -> None:
        """Take labels that cannot be rendered for this printer out of the queue, saying why."""
        for label, form in zip(labels, forms, strict=True):
            try:
                with self._site.store.read() as transaction:
                    [row] = filling.values(self._site, transaction, [label])
                form.check(row)
            except Unprintable as error:
                why = str(error)
                log.warning("label.unprintable", printer=self._printer, label=label.id, why=why)
                spool.settle(self._site, [label], LabelState.NOT_PRINTED, why=why)

    def _odometer_when_ready(self, connection: Connection) -> int:
        """Return the printer's label count once it is ready and idle; NotNow if it is not."""
        language = cast(ReplyingLanguage, self._language)
        timeout_s = self._settings.reply_timeout_s
        status = language.ask_status(connection, timeout_s=timeout_s)
        if status is None:
            silence = notices.silent(self._printer, timeout_s)
            raise NotNow(f"{silence} Nothing was sent.", "timed-out")
        if not status.ready:
            raise NotNow(notices.says(self._printer, status), *status.reasons)
        if status.labels_waiting or status.receiving:
            raise NotNow(f"Printer '{self._printer}' prints labels of others.", "other")
        odometer = language.ask_label_count(connection, timeout_s=timeout_s)
        if odometer is None:
            raise NotNow(
                f"Printer '{self._printer}' does not tell odometer.total_label_count. "
                f"Set proof: none for it in config.yaml; its labels then stay 'sent'.",
                "other",
            )
        return odometer

    def _write(self, connection: Connection, parcel: Parcel) -> None:
        """Write the parcel; after a failure, put back what surely never left, and raise."""
        timeout_s = self._settings.write_timeout_s
        try:
            connection.write(parcel.data, name=parcel.name, timeout_s=timeout_s)
            self._shelf.sent(parcel)
        except TransportError as error:
            untouched = self._untouched(parcel, error.bytes_written)
            known = {"why": str(error), "bytes_written": error.bytes_written}
            spool.settle(self._site, untouched, LabelState.QUEUED, **known)
            touched = [label for label in parcel.labels if label not in untouched]
            if not self._proves:
                spool.settle(self._site, touched, LabelState.DOUBTFUL, **known)
            raise  # labels that may have left stay *sending*: recover() asks the odometer

    def _untouched(self, parcel: Parcel, bytes_written: int) -> list[SpooledLabel]:
        if self._is_rewritable or bytes_written == 0:
            return parcel.labels
        return [] if self._keeps_documents else parcel.untouched(bytes_written)

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
        before: int | None,
        *,
        expected: int,
    ) -> None:
        """Ask until the odometer moved by as many as expected, or the time for it is over.

        A printer that names what blocks it (media-empty, paused) is waited for without a limit:
        its labels are still in its buffer.
        """
        language = cast(ReplyingLanguage, self._language)
        timeout_s = self._settings.reply_timeout_s
        moved, pause = 0, PROOF_POLL_S
        deadline = time.monotonic() + self._settings.proof_timeout_s
        while before is not None:
            status = language.ask_status(connection, timeout_s=timeout_s)
            count = language.ask_label_count(connection, timeout_s=timeout_s) if status else None
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
