"""One printer's thread: works while labels wait, backs off while the printer cannot be used."""

import threading

import structlog

from labeler.errors import Refusal
from labeler.production import printing
from labeler.production.site import PrinterState, Site
from labeler.spooler.courier import Courier, NotNow
from printers import transports
from printers.errors import TransportError
from printers.status import Reason

IDLE_POLL_S = 1.0
"""How often an idle printer's queue is looked at without being woken: others may fill it too."""
RETRY_DELAY_S = 0.5
"""First pause after a failure; it doubles up to `retry_delay_max_s`."""

log = structlog.get_logger(__name__)


class Worker:
    """One printer's thread."""

    def __init__(self, site: Site, printer: str) -> None:
        """Prepare the worker; ``thread.start()`` begins its work."""
        self.stopping = threading.Event()
        self.wakeup = threading.Event()
        self.thread = threading.Thread(target=self._run, name=f"spooler-{printer}", daemon=True)
        self._site = site
        self._settings = site.plant.spooler
        self._printer = printer
        self._state = PrinterState(since=site.clock())
        site.printer_states[printer] = self._state
        self._courier = Courier(site, printer, stopping=self.stopping, show=self._show)

    def _run(self) -> None:
        delay = 0.0
        while not self.stopping.wait(delay):
            try:
                self._work()
                delay = 0.0
            except NotNow as reason:
                delay = self._hold_off(delay, reason.reasons, str(reason))
            except TransportError as error:
                delay = self._hold_off(delay, ("connecting-to-device",), str(error))
            except Refusal as refusal:
                delay = self._hold_off(delay, ("other",), str(refusal))
            except Exception as error:  # a worker that dies would stop its line without a word
                log.exception("spooler.failed", printer=self._printer)
                delay = self._hold_off(delay, ("other",), repr(error))

    def _work(self) -> None:
        """Work until the queue is empty, or wait until there is something in it."""
        with self._site.store.read() as transaction:
            unfinished = printing.unfinished(transaction, self._printer)
            queued = printing.waiting(transaction, self._printer, limit=1)
        if not (unfinished or queued):
            self._show("idle")
            self.wakeup.wait(IDLE_POLL_S)
            self.wakeup.clear()
            return
        uri = self._site.plant.printers[self._printer].uri
        with transports.connect(uri, timeout_s=self._settings.connect_timeout_s) as connection:
            if unfinished:
                self._courier.recover(connection, unfinished)
            while not self.stopping.is_set() and self._courier.send_next(connection):
                pass

    def _hold_off(self, delay: float, reasons: tuple[Reason, ...], sentence: str) -> float:
        """Show why nothing is printed; return the seconds to wait before the next try."""
        if self._state.reasons != reasons:
            log.warning("printer.stopped", printer=self._printer, reasons=reasons, why=sentence)
        self._show("stopped", reasons, sentence)
        return min(max(RETRY_DELAY_S, delay * 2), self._settings.retry_delay_max_s)

    def _show(self, state: str, reasons: tuple[Reason, ...] = (), sentence: str = "") -> None:
        if (self._state.state, self._state.reasons) != (state, reasons):
            self._state.since = self._site.clock()
        self._state.state, self._state.reasons = state, reasons
        self._state.sentence = sentence
