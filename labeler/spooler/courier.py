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
from collections.abc import Callable

import structlog

from labeler.production.printing import spool
from labeler.production.printing.spool import SpooledLabel
from labeler.production.site import Site
from labeler.spooler.asking import Questions
from labeler.spooler.packing import Packer
from labeler.spooler.parcels import Parcel, Shelf
from labeler.spooler.proving import Proving
from labeler.units import LabelState
from printers import transports
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
        self._proves = site.plant.proves(printer)
        self._keeps_documents = transports.documents(entry.uri)
        self._is_rewritable = transports.rewritable(entry.uri)
        self._shelf = Shelf()
        self._questions = Questions(site, printer)
        self._packer = Packer(site, printer, shelf=self._shelf)
        self._proving = Proving(site, printer, shelf=self._shelf, stopping=stopping, show=show)
        self._connection: Connection | None = None

    def recover(self, connection: Connection, labels: list[SpooledLabel]) -> None:
        """Find out what became of labels that were on their way when we last knew."""
        log.info("spooler.recovering", printer=self._printer, labels=len(labels))
        if self._proves:
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
        if connection is not self._connection or not self._proves:
            # Without questions nobody hears that a printer was switched off and on.
            self._shelf.clear()
            self._connection = connection
        parcel = self._packer.next_parcel()
        if parcel is None:
            return False
        odometer = self._questions.odometer_when_ready(connection) if self._proves else None
        if not spool.claim(self._site, parcel.digests(), odometer=odometer):
            return False
        self._show("processing")
        self._write(connection, parcel)
        if self._proves:
            self._proving.prove(connection, parcel.labels, odometer, expected=parcel.copies)
        else:
            state = LabelState.PRINTED if self._is_rewritable else LabelState.SENT
            known = {"document": parcel.name} if self._is_rewritable else {"proof": "none"}
            spool.settle(self._site, parcel.labels, state, **known)
        return True

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
