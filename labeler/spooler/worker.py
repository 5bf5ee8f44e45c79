"""One printer's thread: works while labels wait, backs off while the printer cannot be used."""

import threading
import time
from collections.abc import Callable

import structlog

from labeler.errors import Refusal
from labeler.production.printing import pausing, spool
from labeler.production.printing.pausing import Pause
from labeler.production.printing.printer_history import Change
from labeler.production.printing.spooled import SpooledLabel
from labeler.production.site import Site
from labeler.spooler.asking import NotNow
from labeler.spooler.courier import Courier
from labeler.spooler.errands import Desk, Errands
from labeler.spooler.keeping import Keeper
from labeler.spooler.notices import Notice
from labeler.spooler.watch import Watch
from printers.connection import Connection
from printers.errors import TransportError
from printers.status import Reason

IDLE_POLL_S = 1.0
"""How often an idle printer's queue is looked at without being woken: others may fill it too."""
RETRY_DELAY_S = 0.5
"""First pause after a failure; it doubles up to `retry_delay_max_s`."""

log = structlog.get_logger(__name__)


class Worker:
    """One printer's thread."""

    def __init__(self, site: Site, printer: str, *, tell: Callable[[Change], None]) -> None:
        """Prepare the worker; ``thread.start()`` begins its work. ``tell`` hears of changes."""
        self.stopping = threading.Event()
        self.wakeup = threading.Event()
        self.thread = threading.Thread(target=self._run, name=f"spooler-{printer}", daemon=True)
        self._site = site
        self._settings = site.plant.spooler
        self._printer = printer
        self._notice = Notice(site, printer, tell=tell)
        self._watch = Watch(site, printer, notice=self._notice, give_up=self._is_wanted)
        self._has_worked = False
        self._look_s = 0.0
        """When it is looked next whether somebody paused the printer, while labels are proven."""
        self._keeper = Keeper(site, printer)
        self._courier = Courier(site, printer, stopping=self.stopping, show=self._show)
        self.desk = Desk(site, printer)
        self._errands = Errands(
            site, printer, notice=self._notice, show=self._show, stopping=self.stopping
        )

    def stop(self) -> None:
        """Ask it to end soon."""
        self.stopping.set()
        self.wakeup.set()
        self.desk.close()

    def _run(self) -> None:
        delay = 0.0
        while not self.stopping.is_set():
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
                self._courier.failed(error)
                delay = self._hold_off(delay, ("other",), repr(error))
            self.desk.rest(delay)
        self._keeper.close()

    def _work(self) -> None:
        """Work until the queue is empty, or wait until there is something in it.

        Of a paused printer only what is on its way is worked on; `spool.claim` takes nothing new.
        """
        with self._site.store.read() as transaction:
            pause = pausing.find(transaction, self._printer)
            unfinished = spool.unfinished(transaction, self._printer)
            has_waiting = spool.has_waiting(transaction, self._printer)
        self._notice.pause(pause)
        self._courier.begin()
        is_free = pause is None and has_waiting and not (unfinished or self.desk.waits)
        has_labels = is_free and self._courier.pack()
        if not (unfinished or has_labels or self.desk.waits):
            self._rest()
            return
        if self.desk.waits:
            self._keeper.close()  # a person is told what a new connection says
        try:
            with self._keeper.lent() as connection:
                self._serve(connection, unfinished, pause=pause)
        except TransportError:
            if not self._keeper.was_kept:
                raise
            # It was broken before, and nobody knew: the next turn connects anew.

    def _serve(
        self, connection: Connection, unfinished: list[SpooledLabel], *, pause: Pause | None
    ) -> None:
        """Do what there is to do, in the order in which it may be done."""
        if unfinished:
            self._courier.recover(connection, unfinished)
        if self._do_errand(connection):
            return
        while pause is None and not self.stopping.is_set():
            if not self._courier.carry(connection, may_go_on=self._may_go_on):
                return
            if self._do_errand(connection):
                return

    def _may_go_on(self) -> bool:
        return not (self.stopping.is_set() or self.desk.waits)

    def _do_errand(self, connection: Connection) -> bool:
        """Do what a person asks of the printer, if somebody does: nothing is on its way now.

        Return whether its answer may still be under way: then nobody asks here before the turn is
        over, and what comes meanwhile is dropped.
        """
        slip = self.desk.take()
        if slip is None:
            return False
        self._courier.forget()
        self._errands.do(connection, slip)
        return bool(slip.errand.answer_bytes_max)

    def _rest(self) -> None:
        """Nothing waits: show so, ask the printer how it is if it is time to, or wait for work."""
        state = self._notice.state.state
        if self._has_worked:
            self._has_worked = False
            if state == "processing":
                self._notice.show("idle")
        elif state == "stopped" and not self._watch.asks:
            self._watch.begin()  # what stopped it is gone, or not: nobody asks
        self._keeper.close_if_over()
        if self._watch.due and not self._is_wanted():
            self._keeper.close()  # it opens one of its own
            self._watch.ask()
        else:
            self.wakeup.wait(IDLE_POLL_S)
            self.wakeup.clear()

    def _is_wanted(self) -> bool:
        return self.wakeup.is_set() or self.stopping.is_set()

    def _hold_off(self, delay: float, reasons: tuple[Reason, ...], sentence: str) -> float:
        """Show why nothing is printed; return the seconds to wait before the next try."""
        self._notice.show("stopped", reasons, sentence=sentence)
        self._watch.soon()
        self.desk.turn_away(reasons, sentence)
        return min(max(RETRY_DELAY_S, delay * 2), self._settings.retry_delay_max_s)

    def _show(self, state: str, reasons: tuple[Reason, ...] = (), *, sentence: str = "") -> None:
        """Show what the courier heard."""
        self._has_worked = True
        if time.monotonic() >= self._look_s:
            self._look_s = time.monotonic() + IDLE_POLL_S
            with self._site.store.read() as transaction:
                self._notice.pause(pausing.find(transaction, self._printer))
        self._notice.show(state, reasons, sentence=sentence)
        if "timed-out" in reasons:
            self._watch.soon()
        else:
            self._watch.heard()
