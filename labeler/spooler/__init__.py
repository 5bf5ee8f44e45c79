"""The spooler: one thread per printer takes labels from the spool, sends them, asks, settles.

One more looks after groups of printers.
"""

import threading
import time

from labeler.errors import PRINTER_BUSY, Refusal
from labeler.production.printing.errand import Errand, Outcome
from labeler.production.site import Site
from labeler.spooler.historian import Historian
from labeler.spooler.router import Router
from labeler.spooler.worker import Worker

__all__ = ["Spooler"]

ERRANDS_AT_ONCE_MAX = 4
"""Errands of all printers together: each holds a thread of the service, and triggers need some."""


class Spooler:
    """The threads of all printers. ``start`` it, ``wake`` it, ``stop`` it."""

    def __init__(self, site: Site) -> None:
        """Make a worker for each printer of the plant."""
        self._historian = Historian(site)
        tell = self._historian.tell
        self._router = Router(site)
        self._errands = threading.BoundedSemaphore(ERRANDS_AT_ONCE_MAX)
        self._workers = {name: Worker(site, name, tell=tell) for name in site.plant.printers}

    def start(self) -> None:
        """Start every worker."""
        self._historian.start()
        for worker in self._workers.values():
            worker.thread.start()
        self._router.start()

    def wake(self, printer: str) -> None:
        """Tell a printer's worker that labels wait."""
        worker = self._workers.get(printer)
        if worker is not None:
            worker.wakeup.set()

    def errand(self, printer: str, errand: Errand) -> Outcome:
        """Let a printer's worker do an errand between two parcels; return what became of it.

        Refuses it where the printer is busy (5040) or stopped (5041), and when the service ends
        (9006); then nothing was sent, and nothing will be.
        """
        if not self._errands.acquire(blocking=False):
            sentence = f"{ERRANDS_AT_ONCE_MAX} people ask something of printers just now."
            raise Refusal(PRINTER_BUSY, sentence, hint="Ask again in a moment.")
        try:
            worker = self._workers[printer]
            return worker.desk.ask(errand, wake=worker.wakeup.set)
        finally:
            self._errands.release()

    @property
    def alive(self) -> bool:
        """Whether every worker runs, and who writes down what printers say."""
        helpers = self._historian.thread.is_alive() and self._router.alive
        return helpers and all(worker.thread.is_alive() for worker in self._workers.values())

    def stop(self, *, timeout_s: float = 10.0) -> None:
        """Let every worker finish what it is writing, then stop; the rest stays in the spool."""
        for worker in self._workers.values():
            worker.stop()
        deadline = time.monotonic() + timeout_s
        self._router.stop(timeout_s=timeout_s)
        for worker in self._workers.values():
            if worker.thread.ident is not None:
                worker.thread.join(max(0.0, deadline - time.monotonic()))
        left_s = max(1.0, deadline - time.monotonic())
        ended = not any(worker.thread.is_alive() for worker in self._workers.values())
        self._historian.stop(timeout_s=left_s, last_words=ended)
