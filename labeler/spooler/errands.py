"""Errands: what a person asks of a printer now, done by its own thread between two parcels.

So a printer keeps its one owner, labels their order, and the odometer is read anew for the next
parcel once the errand's own labels are out. An errand is not durable: it is done within its time
limits, or refused, and never done later.
"""

import threading
import time
from collections.abc import Callable
from typing import cast

from labeler.errors import PRINTER_BUSY, PRINTER_STOPPED, SHUTTING_DOWN, Refusal
from labeler.production.printing.errand import Errand, Outcome, State
from labeler.production.site import PrinterState, Site
from labeler.spooler import console, notices
from labeler.spooler.notices import Notice
from labeler.spooler.slips import Slip
from printers import languages, transports
from printers.connection import Connection
from printers.errors import GivenUp, TransportError
from printers.languages import ReplyingLanguage
from printers.status import Reason, Silence, Status

BEGIN_TIMEOUT_S = 10.0
"""How long an errand waits for labels that are on their way."""
WATCH_TIMEOUT_S = 20.0
"""How long a printer is watched that has been sent an errand."""
QUIET_S = 1.0
"""A printer that feeds stock is done once it says so long that it is idle, its count the same."""
POLL_S = 0.1
BROKEN = "The service failed while it did this; see its log, and look at the printer."


class Desk:
    """Where people hand in errands for one printer, and its thread takes them."""

    def __init__(self, site: Site, printer: str) -> None:
        """Open it."""
        self._site = site
        self._printer = printer
        self._slip: Slip | None = None
        self._lock = threading.Lock()
        self._bell = threading.Event()
        self._is_closed = False

    @property
    def waits(self) -> bool:
        """Whether an errand waits to begin."""
        slip = self._slip
        return slip is not None and slip.is_open

    def rest(self, delay_s: float) -> None:
        """Wait so long; an errand or the end of the service cuts it short."""
        if delay_s and not self._is_closed:
            self._bell.wait(delay_s)

    def ask(self, errand: Errand, *, wake: Callable[[], None]) -> Outcome:
        """Hand an errand in and wait for its outcome.

        Refuses it (5040) where others are busy with the printer, (5041) where the printer cannot
        take it, (9006) at the end of the service: then nothing was sent.
        """
        slip = Slip(errand)
        with self._lock:
            if self._is_closed:
                raise _ending()
            if self._slip is not None:
                sentence = f"Somebody else asks something of printer '{self._printer}' just now."
                raise Refusal(PRINTER_BUSY, sentence, hint="Ask again in a moment.")
            self._slip = slip
        try:
            self._bell.set()
            wake()
            begin_s, timeout_s = BEGIN_TIMEOUT_S, self._timeout_s()
            return slip.result(begin_s=begin_s, timeout_s=timeout_s, busy=self._busy)
        finally:
            with self._lock:
                self._slip = None

    def take(self) -> Slip | None:
        """Return the errand to do now, if there is one."""
        self._bell.clear()
        slip = self._slip
        return slip if slip is not None and slip.take() else None

    def turn_away(self, reasons: tuple[Reason, ...], sentence: str) -> None:
        """Refuse who waits: the printer cannot be used."""
        slip = self.take()
        if slip is not None:
            slip.close(stopped(reasons, sentence))

    def close(self) -> None:
        """Refuse who waits and who comes: the service ends."""
        with self._lock:
            self._is_closed = True
        slip = self.take()
        if slip is not None:
            slip.close(_ending())
        self._bell.set()

    def _timeout_s(self) -> float:
        settings = self._site.plant.spooler
        questions_s = 6 * settings.reply_timeout_s
        return questions_s + settings.write_timeout_s + WATCH_TIMEOUT_S + BEGIN_TIMEOUT_S

    def _busy(self) -> Refusal:
        """Say why it did not begin, by what is shown of the printer now."""
        state = self._site.printer_states.get(self._printer, PrinterState())
        if state.state == "stopped":
            return stopped(state.reasons, state.words)
        return Refusal(
            PRINTER_BUSY,
            f"Printer '{self._printer}' was busy with labels for {BEGIN_TIMEOUT_S:g} s. "
            "Nothing was sent.",
            hint="Ask again once they are out: labeler printer status.",
        )


def stopped(reasons: tuple[Reason, ...], sentence: str) -> Refusal:
    """Return the refusal of a printer that cannot be used now."""
    nothing = "Nothing was sent."
    return Refusal(
        PRINTER_STOPPED,
        sentence if sentence.endswith(nothing) else f"{sentence} {nothing}",
        hint="Remove what stops it and ask again.",
        extra={"reasons": list(reasons)},
    )


def _ending() -> Refusal:
    return Refusal(SHUTTING_DOWN, "The service is stopping.", hint="Ask again once it runs.")


class Errands:
    """Does errands over a connection that its caller owns."""

    def __init__(
        self,
        site: Site,
        printer: str,
        *,
        notice: Notice,
        show: Callable[..., None],
        stopping: threading.Event,
    ) -> None:
        """Serve ``printer``; ``show(state, reasons)`` tells people what it is doing."""
        entry = site.plant.printers[printer]
        self._printer = printer
        self._settings = site.plant.spooler
        self._notice = notice
        self._show = show
        self._stopping = stopping
        self._language = cast(ReplyingLanguage, languages.load(entry.language))
        self._answers = site.plant.asks(printer)
        self._is_rewritable = transports.rewritable(entry.uri)

    def do(self, connection: Connection, slip: Slip) -> None:
        """Do one and say what became of it.

        Raises TransportError where the connection is gone, or holds a part of the errand that
        nothing may follow.
        """
        try:
            slip.close(self._done(connection, slip))
        except Refusal as refusal:
            slip.close(refusal)
        except TransportError as error:
            # Nothing of it left: a part that did is told of in _done.
            slip.close(stopped(("connecting-to-device",), str(error)))
            raise
        finally:
            slip.close(Outcome(state="doubtful", sentence=BROKEN))  # where nobody said better

    def _done(self, connection: Connection, slip: Slip) -> Outcome:
        errand = slip.errand
        is_console = bool(errand.answer_bytes_max)
        before = (
            self._count_when_idle(connection, even_stopped=is_console) if self._answers else None
        )
        if not errand.data:
            return Outcome(state="heard", label_count_before=before, label_count_after=before)
        if errand.labels_out:
            self._show("processing")
        try:
            timeout_s = self._settings.write_timeout_s
            connection.write(errand.data, name=errand.name, timeout_s=timeout_s)
        except TransportError as error:
            if error.bytes_written:
                sentence = str(error)
                slip.close(Outcome(state="doubtful", sentence=sentence, label_count_before=before))
            raise
        if is_console:
            return self._listened(connection, errand, before)
        if self._answers:
            return self._watched(connection, errand, before)
        if self._is_rewritable:
            return Outcome(state="printed", sentence=f"Document {errand.name} is written.")
        return Outcome(state="sent", sentence="It cannot be asked what became of it: look at it.")

    def _listened(self, connection: Connection, errand: Errand, before: int | None) -> Outcome:
        """Return what the printer says to commands, and whether labels came out of it."""
        answer = console.heard(connection, most=errand.answer_bytes_max, stopping=self._stopping)
        after, sentence = None, "It has taken it."
        try:
            if self._answers:
                _, after = self._heard(connection)
        except TransportError as error:
            sentence = f"It has taken it, and is gone since then: {error}"
        if before is not None and after is not None and after != before:
            sentence = f"It has taken it. Its odometer moved by {after - before}: labels came out."
        return Outcome(
            state="sent",
            sentence=sentence,
            label_count_before=before,
            label_count_after=after,
            answer=answer,
        )

    def _count_when_idle(self, connection: Connection, *, even_stopped: bool = False) -> int | None:
        """Ask all it can say, show it, and return its label count; refuse if it is not idle."""
        timeout_s = self._settings.reply_timeout_s
        try:
            picture = self._language.ask(
                connection, timeout_s=timeout_s, give_up=self._stopping.is_set
            )
        except GivenUp:
            raise _ending() from None
        self._notice.hear(picture)
        status = picture.status
        if isinstance(status, Silence) or not status.ready:
            if even_stopped:
                return picture.label_count
            state = self._notice.state
            raise stopped(state.reasons, state.sentence)
        if status.labels_waiting or status.receiving:
            sentence = f"Printer '{self._printer}' prints labels of others. Nothing was sent."
            raise Refusal(PRINTER_BUSY, sentence, hint="Ask again once they are out.")
        return picture.label_count

    def _watched(self, connection: Connection, errand: Errand, before: int | None) -> Outcome:
        """Ask until the errand is over or its time is; what cannot be told is only *sent*."""
        deadline = time.monotonic() + WATCH_TIMEOUT_S
        quiet_since, last = time.monotonic(), before
        state: State = "sent"
        sentence = "It was not through with it in time: look at it."
        while time.monotonic() < deadline and not self._stopping.wait(POLL_S):
            try:
                status, count = self._heard(connection)
            except TransportError as error:
                sentence = str(error)
                break
            if status is not None and not status.ready:
                sentence = notices.says(self._printer, status)
                self._show("stopped", status.reasons, sentence=sentence)
                break
            is_idle = status is not None and _is_idle(status)
            if not is_idle or count != last:
                quiet_since, last = time.monotonic(), count or last
            if is_idle and _has_moved(before, count, by=errand.labels_out):
                state, sentence = "printed", "Its odometer says so."
                break
            if time.monotonic() - quiet_since < QUIET_S:
                continue
            if errand.labels_out is None:
                state, sentence = "done", "It is idle again."
                break
            if before is None:
                sentence = "It has taken it, and no odometer tells more: look at it."
                break
        return Outcome(
            state=state, sentence=sentence, label_count_before=before, label_count_after=last
        )

    def _heard(self, connection: Connection) -> tuple[Status | None, int | None]:
        """Return status and label count; None where it is silent."""
        timeout_s = self._settings.reply_timeout_s
        status = self._language.ask_status(connection, timeout_s=timeout_s)
        if status is None:
            return None, None
        return status, self._language.ask_label_count(connection, timeout_s=timeout_s)


def _is_idle(status: Status) -> bool:
    return not status.labels_waiting and not status.receiving


def _has_moved(before: int | None, count: int | None, *, by: int | None) -> bool:
    """Return whether the odometer moved by exactly so many."""
    return None not in (before, count, by) and count == before + by  # type: ignore[operator]
