"""Bring labels to one printer and find out what became of them.

With a printer that tells its odometer:

1. ask whether it is ready and how many labels it ever printed;
2. mark the oldest labels *sending*, with that number, durably;
3. write them;
4. ask until the printer is idle and its odometer moved by as many: *printed* (`proving.py`).

With one that only tells its status, and with queues, step 4 is another (`confirming.py`).

Labels found *sending* after a crash or a lost connection go straight to step 4, since the record
knows the odometer before them. Only labels of which surely no byte left go back to the queue.
"""

import threading
from collections.abc import Callable
from typing import Any

import structlog

from labeler.production.printing import holding, spool
from labeler.production.printing.spool import SpooledLabel
from labeler.production.site import Site
from labeler.spooler.asking import NotNow, Questions
from labeler.spooler.confirming import Confirming
from labeler.spooler.packing import Packer
from labeler.spooler.parcels import Parcel, Reach, Shelf
from labeler.spooler.proving import Proving
from labeler.units import LabelState
from printers import transports
from printers.connection import KeepsJobs
from printers.errors import TransportError
from printers.transports import Connection

log = structlog.get_logger(__name__)


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
        self._show = show
        entry = site.plant.printers[printer]
        self._proof = site.plant.proof(printer)
        self._keeps_documents = transports.documents(entry.uri)
        self._is_rewritable = transports.rewritable(entry.uri)
        self._shelf = Shelf()
        self._questions = Questions(site, printer)
        self._packer = Packer(site, printer, shelf=self._shelf)
        self._proving = Proving(site, printer, shelf=self._shelf, stopping=stopping, show=show)
        self._confirming = Confirming(site, printer, stopping=stopping, show=show)
        self._connection: Connection | None = None
        self._packed: Parcel | None = None
        """What is sent next, rendered already."""

    def begin(self) -> None:
        """Begin anew: nothing that was known of the printer before holds."""
        self._connection, self._packed = None, None
        self._shelf.clear()
        self._proving.forget()

    def pack(self) -> bool:
        """Render what is sent next; return whether there is anything. The printer is not needed."""
        self._packed = self._packer.next_parcel()
        return self._packed is not None

    def recover(self, connection: Connection, labels: list[SpooledLabel]) -> None:
        """Find out what became of labels that were on their way when we last knew."""
        log.info("spooler.recovering", printer=self._printer, labels=len(labels))
        if self._proof == "odometer":
            self._proving.recover(connection, labels)
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
        if connection is not self._connection or self._proof != "odometer":
            # Without questions nobody hears that a printer was switched off and on.
            self._shelf.clear()
            self._connection = connection
        parcel, self._packed = self._packed or self._packer.next_parcel(), None
        if parcel is None:
            return False
        odometer = self._ask_first(connection)
        if not spool.claim(self._site, parcel.digests(), odometer=odometer):
            return False
        self._show("processing")
        if self._write(connection, parcel):
            self._find_out(connection, parcel, odometer)
        return True

    def forget(self) -> None:
        """Hear that something else happened to the printer: nothing heard of it before holds."""
        self._proving.forget()

    def failed(self, error: Exception) -> None:
        """Hear that ``send_next`` broke: if it did while it packed, a job may be the cause."""
        self._packer.failed(error)

    def _ask_first(self, connection: Connection) -> int | None:
        """Return the odometer where it proves; NotNow if the printer is asked and not ready."""
        if self._proof == "odometer":
            heard = self._proving.idle_count(connection)
            if heard is not None:
                return heard
            return self._questions.odometer_when_ready(connection)
        if self._proof == "status" and not self._keeps_documents:
            self._questions.require_ready(connection)
        return None

    def _write(self, connection: Connection, parcel: Parcel) -> bool:
        """Write the parcel; after a failure, put back what surely never left, and raise.

        Returns False if the printer refused it so often that its job is held now.
        """
        timeout_s = self._settings.write_timeout_s
        try:
            connection.write(parcel.data, name=parcel.name, timeout_s=timeout_s)
        except TransportError as error:
            self._put_back(parcel, error)
            if not error.is_about_data:
                raise  # labels that left as a whole stay *sending*: recover() asks the odometer
            job, tries = parcel.labels[0].job_id, self._settings.retry_count_max
            why = str(error)
            if holding.refused(self._site, self._printer, job, reason=why, tries=tries):
                return False
            raise NotNow(why, "other") from error
        self._shelf.sent(parcel)
        return True

    def _put_back(self, parcel: Parcel, error: TransportError) -> None:
        """Settle what a write that failed says enough of."""
        reach = self._reach(parcel, error.bytes_written)
        known: dict[str, Any] = {"why": str(error), "bytes_written": error.bytes_written}
        if error.bytes_acknowledged is not None:
            known["bytes_acknowledged"] = error.bytes_acknowledged
        lost = reach.torn if self._proof == "odometer" else [*reach.whole, *reach.torn]
        ids = [label.id for label in parcel.labels]
        torn = [label.id for label in reach.torn]
        doubt = {**known, "parcel": ids, "torn": torn}
        found = [
            (reach.untouched, LabelState.QUEUED, known),
            (lost, LabelState.DOUBTFUL, doubt),
        ]
        spool.settle_all(self._site, found)

    def _reach(self, parcel: Parcel, bytes_written: int) -> Reach:
        if self._is_rewritable or bytes_written == 0:
            return Reach(untouched=parcel.labels)
        if self._keeps_documents:
            return Reach(whole=parcel.labels)
        return parcel.reached(bytes_written)

    def _find_out(self, connection: Connection, parcel: Parcel, odometer: int | None) -> None:
        """Climb the proof ladder as far as this printer lets us."""
        labels, document = parcel.labels, {"document": parcel.name}
        if odometer is not None:
            self._proving.prove(connection, parcel, odometer)
        elif self._is_rewritable:
            spool.settle(self._site, labels, LabelState.PRINTED, **document)
        elif self._keeps_documents:
            spool.settle(self._site, labels, LabelState.BUFFERED, **document)
            if self._proof == "status" and isinstance(connection, KeepsJobs):
                self._confirming.follow(connection, labels)
        elif self._proof == "status":
            self._confirming.confirm(connection, parcel)
        else:
            spool.settle(self._site, labels, LabelState.SENT, proof="none")
