"""The spooler: one thread per printer takes labels from the spool, sends them, asks, settles.

One more looks after groups of printers.
"""

import time

from labeler.production.site import Site
from labeler.spooler.historian import Historian
from labeler.spooler.router import Router
from labeler.spooler.worker import Worker

__all__ = ["Spooler"]


class Spooler:
    """The threads of all printers. ``start`` it, ``wake`` it, ``stop`` it."""

    def __init__(self, site: Site) -> None:
        """Make a worker for each printer of the plant."""
        self._historian = Historian(site)
        tell = self._historian.tell
        self._router = Router(site)
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

    @property
    def alive(self) -> bool:
        """Whether every worker runs, and who writes down what printers say."""
        helpers = self._historian.thread.is_alive() and self._router.alive
        return helpers and all(worker.thread.is_alive() for worker in self._workers.values())

    def stop(self, *, timeout_s: float = 10.0) -> None:
        """Let every worker finish what it is writing, then stop; the rest stays in the spool."""
        for worker in self._workers.values():
            worker.stopping.set()
            worker.wakeup.set()
        deadline = time.monotonic() + timeout_s
        self._router.stop(timeout_s=timeout_s)
        for worker in self._workers.values():
            if worker.thread.ident is not None:
                worker.thread.join(max(0.0, deadline - time.monotonic()))
        self._historian.stop(timeout_s=max(1.0, deadline - time.monotonic()))
