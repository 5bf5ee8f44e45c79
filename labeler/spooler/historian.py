"""Writes down what printers say, in a thread of its own: no label waits for it."""

import threading
import time
from collections import deque

import structlog

from labeler.errors import Refusal
from labeler.production.printing import printer_history
from labeler.production.printing.printer_history import Change
from labeler.production.site import PrinterState, Site

WAITING_MAX = 1000
"""Changes kept while the database cannot be written; the oldest are lost first."""
RETRY_S = 1.0
STOPPED = "The service stopped; nobody asks it."

log = structlog.get_logger(__name__)


class Historian:
    """Takes changes from all printers; ``start`` it, ``tell`` it, ``stop`` it."""

    def __init__(self, site: Site) -> None:
        """Prepare the thread."""
        self.thread = threading.Thread(target=self._run, name="historian", daemon=True)
        self._site = site
        self._keep = site.plant.spooler.printer_history_max
        self._waiting: deque[Change] = deque(maxlen=WAITING_MAX)
        self._bell = threading.Event()
        self._stopping = threading.Event()

    def start(self) -> None:
        """Begin with what is shown now: after a crash the record says something older."""
        for printer, state in self._site.printer_states.items():
            self.tell(printer_history.change(printer, state, at=self._site.clock()))
        self.thread.start()

    def tell(self, change: Change) -> None:
        """Hear of a change; return at once."""
        self._waiting.append(change)
        self._bell.set()

    def stop(self, *, timeout_s: float, last_words: bool) -> None:
        """Write what waits; give up after a while.

        ``last_words``: write, too, that nobody asks the printers any more. Not to a database that
        seems to hang: whoever closes it would wait for them.
        """
        for printer, state in self._site.printer_states.items() if last_words else ():
            gone = PrinterState(sentence=STOPPED, picture=state.picture)
            self.tell(printer_history.change(printer, gone, at=self._site.clock()))
        self._stopping.set()
        self._bell.set()
        if self.thread.ident is not None:
            self.thread.join(timeout_s)

    def _run(self) -> None:
        while True:
            self._bell.wait()
            self._bell.clear()
            written = self._write()
            if self._stopping.is_set() and (not written or not self._waiting):
                return
            if not written:
                self._stopping.wait(RETRY_S)
                self._bell.set()

    def _write(self) -> bool:
        """Write what waits; return whether that went well."""
        changes = [self._waiting.popleft() for _ in range(len(self._waiting))]
        started = time.monotonic()
        try:
            if changes:
                # Others write of a printer, too: who pauses it. And what was refused, since the
                # answer came too late, may be written all the same. So the record says what is new.
                self._site.store.write(
                    lambda transaction: printer_history.append_news(
                        transaction, changes, keep=self._keep
                    )
                )
        except Refusal as refusal:
            self._waiting.extendleft(reversed(changes))
            seconds = round(time.monotonic() - started, 3)
            log.warning("printer.history_unwritten", why=str(refusal), seconds=seconds)
            return False
        return True
