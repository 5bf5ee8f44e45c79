"""Bring labels to one printer and find out what became of them.

With a printer that tells its odometer:

1. ask whether it is ready and how many labels it ever printed;
2. mark the oldest labels *sending*, with that number, durably;
3. write them;
4. ask until the printer is idle and its odometer moved by as many: *printed* (`proving.py`).

While a parcel is on its way the next one is rendered. It is claimed in the transaction in which the
one before is settled, so that a parcel costs one sync of the disk, and the printer waits for no
other.

With one that only tells its status, and with queues, step 4 is another (`confirming.py`).

Labels found *sending* after a crash or a lost connection go straight to step 4, since the record
knows the odometer before them. Only labels of which surely no byte left go back to the queue.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog

from labeler.production.printing import holding, spool
from labeler.production.printing.spool import Finding
from labeler.production.printing.spooled import SpooledLabel
from labeler.production.site import Site
from labeler.spooler.asking import NotNow, Questions
from labeler.spooler.confirming import Confirming
from labeler.spooler.packing import Packer
from labeler.spooler.parcels import Parcel, Reach, Shelf
from labeler.spooler.proving import Proving
from labeler.spooler.window import Window
from labeler.units import LabelState
from printers import transports
from printers.connection import KeepsJobs
from printers.errors import TransportError, Unprintable
from printers.transports import Connection

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class _Shipment:
    """A parcel that is claimed and may leave."""

    parcel: Parcel
    odometer: int | None
    """The printer's label count before it, if it has one."""


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
        self._window = Window(self._settings.labels_in_flight_max)
        self._packer = Packer(site, printer, shelf=self._shelf, window=self._window)
        self._proving = Proving(site, printer, shelf=self._shelf, stopping=stopping, show=show)
        self._confirming = Confirming(site, printer, stopping=stopping, show=show)
        self._chains = self._proof != "status" or self._is_rewritable
        """Whether nothing is asked between two parcels but what proves the first."""
        self._is_dry = False
        """Whether nothing waits."""
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
        # What has an odometer was no document: it went to a device that had this printer's name.
        again = [one for one in labels if self._is_rewritable and one.odometer is None]
        lost = [one for one in labels if one not in again]
        why = "the service stopped while it was on its way"
        spool.settle(self._site, lost, LabelState.DOUBTFUL, why=why)
        for job in sorted({label.job_id for label in again}):
            self._write_again(connection, [label for label in again if label.job_id == job])

    def _write_again(self, connection: Connection, labels: list[SpooledLabel]) -> None:
        """Write a document once more, in the place of the first: nobody can tell whether that is.

        Until it is there its labels are *sending*: they may be in the folder.
        """
        try:
            parcel = self._packer.again(labels)
        except Unprintable as error:
            why = f"it may be written, and cannot be written again: {error}"
            spool.settle(self._site, labels, LabelState.DOUBTFUL, why=why)
            return
        timeout_s = self._settings.write_timeout_s
        connection.write(parcel.data, name=parcel.name, timeout_s=timeout_s)
        spool.settle(self._site, labels, LabelState.PRINTED, document=parcel.name)

    def carry(self, connection: Connection, *, may_go_on: Callable[[], bool]) -> bool:
        """Send what waits, parcel after parcel, and find out what became of each.

        Between two of them ``may_go_on`` is asked. Returns False when nothing can be sent: nothing
        waits, or the claim was in vain. It may be our own, whose answer came too late. Its labels
        are *sending*, and labels sent before that is cleared up would move the odometer for them.
        """
        shipment = self._first(connection)
        self._is_dry = shipment is None
        while shipment is not None:
            shipment = self._ship(connection, shipment, may_go_on)
        return not self._is_dry

    def _first(self, connection: Connection) -> _Shipment | None:
        """Claim what travels first; None if there is nothing, or it was in vain."""
        if connection is not self._connection or self._proof != "odometer":
            # Without questions nobody hears that a printer was switched off and on.
            self._shelf.clear()
            self._connection = connection
        parcel, self._packed = self._packed or self._packer.next_parcel(), None
        if parcel is None:
            return None
        odometer = self._ask_first(connection)
        if not spool.claim(self._site, parcel.digests(), odometer=odometer):
            return None
        return _Shipment(parcel=parcel, odometer=odometer)

    def _ship(
        self, connection: Connection, shipment: _Shipment, may_go_on: Callable[[], bool]
    ) -> _Shipment | None:
        """Send a parcel and settle it; return the next one, claimed at once, if it may be."""
        self._show("processing")
        began = time.monotonic()
        if not self._write(connection, shipment.parcel):
            return None
        try:
            following = self._ahead() if self._chains else None
        except BaseException:
            # The labels on their way must not suffer for what comes behind them.
            spool.settle_all(self._site, self._find_out(connection, shipment))
            raise
        # While a printer is waited for, labels may come.
        self._is_dry = following is None and self._proof == "none"
        clearings = self._shelf.clearings
        found = self._find_out(connection, shipment)
        if self._proof == "odometer":
            self._window.hear(found, passed_s=time.monotonic() - began)
        is_clear = clearings == self._shelf.clearings and may_go_on()
        odometer = self._proving.idle_count(connection) if is_clear else None
        is_known = odometer is not None or self._proof != "odometer"
        if following is None or not (is_clear and is_known):
            spool.settle_all(self._site, found)
            return None
        digests = following.digests()
        if not spool.settle_and_claim(self._site, found, digests, odometer=odometer):
            return None
        return _Shipment(parcel=following, odometer=odometer)

    def _ahead(self) -> Parcel | None:
        """Render what travels next, while others are on their way."""
        if self._proof != "odometer":
            self._shelf.clear()
        return self._packer.next_parcel()

    def forget(self) -> None:
        """Hear that something else happened to the printer: nothing heard of it before holds."""
        self._proving.forget()

    def failed(self, error: Exception) -> None:
        """Hear that something broke: if it did while it packed, a job may be the cause."""
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
        self._window.begin_anew()
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
        if bytes_written == 0:
            return Reach(untouched=parcel.labels)
        if self._is_rewritable:
            return Reach()  # it may be there: it stays *sending* until it is written again
        if self._keeps_documents:
            return Reach(whole=parcel.labels)
        return parcel.reached(bytes_written)

    def _find_out(self, connection: Connection, shipment: _Shipment) -> list[Finding]:
        """Climb the proof ladder as far as this printer lets us; return what is to be recorded."""
        parcel = shipment.parcel
        labels, document = parcel.labels, {"document": parcel.name}
        if shipment.odometer is not None:
            return self._proving.prove(connection, parcel, shipment.odometer)
        if self._is_rewritable:
            return [(labels, LabelState.PRINTED, document)]
        if self._keeps_documents and self._proof == "status":
            spool.settle(self._site, labels, LabelState.BUFFERED, **document)
            if isinstance(connection, KeepsJobs):
                self._confirming.follow(connection, labels)
            return []
        if self._keeps_documents:
            return [(labels, LabelState.BUFFERED, document)]
        if self._proof == "status":
            self._confirming.confirm(connection, parcel)
            return []
        return [(labels, LabelState.SENT, {"proof": "none"})]
