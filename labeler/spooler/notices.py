"""What people are told of one printer: its state now, and each change of it for the record."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import structlog

from labeler.production.printing import pausing, printer_facts, printer_history
from labeler.production.printing.pausing import Pause
from labeler.production.printing.printer_history import Change, Condition, condition
from labeler.production.site import PrinterState, Site
from printers.status import Picture, Reason, Silence, Status

log = structlog.get_logger(__name__)

CANNOT_BE_ASKED = "It cannot be asked how it is; its state shows when it prints."
NOBODY_ASKS = "Nobody asks it (spooler.status_interval_s is 0); its state shows when it prints."
NOT_ASKED_YET = "Nobody has asked it yet."

CURES: Mapping[Reason, str] = {
    "media-empty": "Put in a roll.",
    "marker-supply-empty": "Put in a ribbon.",
    "cover-open": "Close its head.",
    "paused": "Press its pause button.",
    "media-jam": "Clear its paper path.",
    "output-area-full": "Take the label that waits.",
}
"""What whoever stands there does about a reason that a printer names."""


class Notice:
    """Keeps one printer's PrinterState, and tells the record when its condition changes."""

    def __init__(self, site: Site, printer: str, *, tell: Callable[[Change], None]) -> None:
        """Begin with a printer of which nothing is known."""
        self._site = site
        self._printer = printer
        self._settings = site.plant.printers[printer]
        self._tell = tell
        self._pause: Pause | None = None
        site.printer_states[printer] = PrinterState(since=site.clock())

    @property
    def state(self) -> PrinterState:
        """What it does and says, whether somebody paused it or not."""
        shown = self._site.printer_states[self._printer]
        return shown.own or shown

    def pause(self, pause: Pause | None) -> None:
        """Hear that somebody paused it; None: nobody did, or it was resumed."""
        if pause != self._pause:
            self._pause = pause
            self._set()

    def show(self, state: str, reasons: tuple[Reason, ...] = (), *, sentence: str = "") -> None:
        """Say what it does now, and why it does not; what it complains of is left as it is."""
        self._set(state=state, reasons=reasons, sentence=sentence)

    def hear(self, picture: Picture) -> None:
        """Show what the printer said of itself."""
        known, status = self.state.picture, picture.status
        if isinstance(status, Silence) and known is not None:
            # What it said it is, it still is.
            picture = Picture(status=status, identity=known.identity, label_count=known.label_count)
        warnings, remark = self._complaints(picture)
        state, reasons, sentence = self._meaning(picture)
        self._set(
            state=state,
            reasons=reasons,
            sentence=sentence,
            warnings=warnings,
            remark=remark,
            picture=picture,
            heard_at=self._site.clock(),
        )

    def _set(self, **changes: Any) -> None:
        now, before = self._site.clock(), self._site.printer_states[self._printer]
        own = replace(self.state, **changes)
        state = pausing.shown(own, self._pause) if self._pause else own
        is_new = (state.state, state.reasons) != (before.state, before.reasons)
        state.since = now if is_new else before.since
        state.stopped_s = None
        if state.state == "stopped":
            state.stopped_s = time.monotonic() if before.stopped_s is None else before.stopped_s
        # Another takes the place of the one before, so that readers see it whole.
        self._site.printer_states[self._printer] = state
        if _condition(state) != _condition(before):
            self._tell(printer_history.change(self._printer, state, at=now))
            self._log(state, before)

    def _log(self, state: PrinterState, before: PrinterState) -> None:
        """Tell the log that it is stopped, and why, and that it is so no longer."""
        if state.state == "stopped":
            why = state.sentence
            log.warning("printer.stopped", printer=self._printer, reasons=state.reasons, why=why)
        elif before.state == "stopped" and state.state != "unknown":
            log.info("printer.goes_on", printer=self._printer)

    def _meaning(self, picture: Picture) -> tuple[str, tuple[Reason, ...], str]:
        """Return the state, its reasons and a sentence."""
        status = picture.status
        if isinstance(status, Silence):
            reasons = status.reasons or ("timed-out",)
            sentence = f"{self._silence(picture)} {says(self._printer, status)}".strip()
            return "stopped", reasons, sentence
        if not status.ready:
            return "stopped", status.reasons, says(self._printer, status)
        if status.labels_waiting or status.receiving:
            return "processing", (), "It prints labels of others."
        return "idle", (), ""

    def _silence(self, picture: Picture) -> str:
        timeout_s = self._site.plant.spooler.reply_timeout_s
        sentence = silent(self._printer, timeout_s)
        if printer_facts.profile(self._settings, picture.identity).answers_while_blocked is False:
            sentence += " It is silent, too, while media or ribbon is out or its head is open."
        return sentence

    def _complaints(self, picture: Picture) -> tuple[tuple[Reason, ...], str]:
        """Return what does not keep it from printing: keywords, and what people are told."""
        status = picture.status
        warnings: tuple[Reason, ...] = () if isinstance(status, Silence) else status.warnings
        sentences = printer_facts.contradictions(self._settings, picture.identity)
        if warnings and isinstance(status, Status):
            details = f" ({', '.join(status.details)})" if status.ready and status.details else ""
            sentences.insert(0, f"It warns: {', '.join(warnings)}{details}.")
        elif sentences:
            warnings = ("other",)
        return warnings, " ".join(sentences)


def _condition(state: PrinterState) -> Condition:
    return condition(state.state, state.keywords)


def says(printer: str, status: Status | Silence) -> str:
    """Say why a printer does not print, in a sentence; nothing if it named nothing."""
    if not status.reasons:
        return ""
    details = f" ({', '.join(status.details)})" if status.details else ""
    named = f"Printer '{printer}' says: {', '.join(status.reasons)}{details}."
    return " ".join([named, *(CURES[one] for one in status.reasons if one in CURES)])


def silent(printer: str, timeout_s: float) -> str:
    """Say that a printer gave no status: it may be paper-out or head-open, and is never ready."""
    return (
        f"Printer '{printer}' gives no status within {timeout_s:g} s: blocked, off, or no ZPL "
        "printer. Look at it."
    )
