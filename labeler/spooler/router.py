"""Looks after groups of printers: what waits for a member that has stopped goes to another one.

It is a thread of its own, since the thread of a printer that is out of paper waits for the labels
that are in it. It looks at memory; only where a member has been stopped for long enough does it ask
the record what waits there.
"""

import threading
import time

import structlog

from labeler.errors import Refusal
from labeler.production.printing import failover
from labeler.production.site import PrinterState, Site

LOOK_S = 0.25
"""How often it looks."""
ASK_S = 1.0
"""How often it asks the record what waits for a member that is stopped."""
AVOIDED_S = 60.0
"""How long a printer that cannot be asked gets no jobs after labels were taken away from it."""

log = structlog.get_logger(__name__)


class Router:
    """Moves labels on. ``start`` it, ``stop`` it; without groups it has no thread."""

    def __init__(self, site: Site) -> None:
        """Prepare the thread."""
        self._site = site
        self._groups = site.plant.printer_groups
        self._stopping = threading.Event()
        self._avoided_until_s: dict[str, float] = {}
        self._next_s: dict[tuple[str, str], float] = {}
        """Group and member -> when the record is asked again what waits for it."""
        self._stuck: dict[tuple[str, str], set[int]] = {}
        """Group and member -> the runs that are left out at the next look, since one broke it."""
        self._thread = threading.Thread(target=self._run, name="router", daemon=True)

    def start(self) -> None:
        """Begin, where there is a group."""
        if self._groups:
            self._thread.start()

    @property
    def alive(self) -> bool:
        """Whether the thread runs, if it is needed."""
        return self._thread.is_alive() or not self._groups

    def stop(self, *, timeout_s: float) -> None:
        """Finish what it is moving, and end."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join(timeout_s)

    def _run(self) -> None:
        while not self._stopping.wait(LOOK_S):
            try:
                self._look()
            except Refusal as refusal:  # the store cannot be written now
                log.warning("failover.waits", why=str(refusal))
            except Exception:  # a run that breaks the program must not keep all others there
                log.exception("failover.broken")

    def _look(self) -> None:
        now_s = time.monotonic()
        self._trust_again(now_s)
        for name, group in self._groups.items():
            for printer in group.printers:
                since_s = self._site.printer_states.get(printer, PrinterState()).stopped_s
                if since_s is None or now_s < since_s + group.failover_after_s:
                    continue
                if now_s < self._next_s.get((name, printer), 0.0):
                    continue
                self._next_s[(name, printer)] = now_s + ASK_S
                stuck = self._stuck.setdefault((name, printer), set())
                moved = failover.move_on(self._site, name, printer, stuck=stuck)
                stuck.clear()
                if moved:
                    self._avoided_until_s[printer] = now_s + AVOIDED_S
                    self._site.avoided.add(printer)

    def _trust_again(self, now_s: float) -> None:
        """Let printers that work again, or have not been tried for a while, have jobs."""
        for printer, until_s in list(self._avoided_until_s.items()):
            state = self._site.printer_states.get(printer, PrinterState()).state
            if now_s >= until_s or state in ("idle", "processing"):
                del self._avoided_until_s[printer]
                self._site.avoided.discard(printer)
