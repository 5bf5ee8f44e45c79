"""What people ask of a printer now: a test label, a calibration, how it is. Never with a serial.

The spooler does it between two parcels of labels; nothing of it is in the spool. That it was done,
and for whom, stands in the printer's history.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import structlog

from labeler.errors import (
    NOBODY_PRINTS,
    PRINTER_CANNOT,
    PRINTER_STOPPED,
    UNPRINTABLE,
    Refusal,
)
from labeler.production import events
from labeler.production.events import Cause
from labeler.production.printing import pausing, printer_history
from labeler.production.printing.errand import Errand, Outcome
from labeler.production.printing.printer_history import Change
from labeler.production.showing import Document
from labeler.production.site import PrinterState, Site
from labeler.store import Transaction
from printers import languages, testing, transports
from printers.errors import Unprintable

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """Who asks, and through which door."""

    operator: str
    channel: str


@dataclass(frozen=True, kw_only=True)
class Done:
    """What was done, as the history and the trail tell of it."""

    what: str
    kind: str
    """The kind of its event."""
    outcome: Outcome
    more: Mapping[str, Any] = field(default_factory=dict)
    """What else the event says."""


def preview_test_label(site: Site, printer: str, *, language: str) -> Document:
    """Return the printer's test label in any language; refuse (5004, 4001) what cannot be drawn."""
    spoken = languages.load(language)
    name = f"test-label-{printer}{spoken.SUFFIX}"
    return Document(
        content=_drawn(site, printer, language), media_type=spoken.MEDIA_TYPE, name=name
    )


def print_test_label(site: Site, printer: str, wish: Wish) -> dict[str, Any]:
    """Let a printer print its test label; return what became of it.

    Refuses an unknown printer (5004), stock that is too small (4001), a printer that is busy (5040)
    or stopped (5041), and where no spooler runs (5043).
    """
    settings = site.plant.printer(printer)
    data = _drawn(site, printer, settings.language)
    moment = site.clock().strftime("%Y%m%dT%H%M%S%f")
    name = f"test-label-{moment}{languages.load(settings.language).SUFFIX}"
    outcome = asked(site, printer, Errand(name=name, data=data, labels_out=1))
    return recorded(site, printer, wish, what="Test label", outcome=outcome)


def calibrate(site: Site, printer: str, wish: Wish) -> dict[str, Any]:
    """Let a printer measure its stock, which feeds labels; return what became of it.

    Refuses an unknown printer (5004), one that knows no such command or has nothing to measure
    (5042), one that is busy (5040) or stopped (5041), and where no spooler runs (5043).
    """
    settings = site.plant.printer(printer)
    command = languages.calibration(settings.language, site.plant.device(printer).handling)
    if command is None or transports.documents(settings.uri):
        stock = settings.tracking or "its own"
        raise Refusal(
            PRINTER_CANNOT,
            f"Printer '{printer}' cannot be told to measure its stock: language "
            f"{settings.language}, tracking {stock}, {transports.shown(settings.uri)}.",
            hint="Expected zpl, or tspl with gaps or marks, over a line to a label printer; "
            "press its own button.",
        )
    outcome = asked(site, printer, Errand(data=command))
    return recorded(site, printer, wish, what="Calibration", outcome=outcome)


def check(site: Site, printer: str) -> dict[str, Any]:
    """Compare a folder of documents with its list, or ask a printer how it is, now.

    Returns {printer, findings}: a sentence for each thing that is not as it should be. Refuses an
    unknown printer (5004), one that neither keeps documents here nor answers (5042), one that is
    busy (5040), and where no spooler runs that could ask it (5043).
    """
    uri = site.plant.printer(printer).uri
    kept = _compared(uri)
    if kept is not None:
        return {"printer": printer, "findings": kept}
    if not site.plant.asks(printer):
        raise Refusal(
            PRINTER_CANNOT,
            f"Printer '{printer}' cannot be checked: it keeps no documents here, and nobody asks "
            f"it ({transports.shown(uri)}).",
            hint="Print a test label and look at it: labeler printer test.",
        )
    try:
        asked(site, printer, Errand(), even_paused=True)
    except Refusal as refusal:
        if refusal.kind != PRINTER_STOPPED:
            raise
        sentence = refusal.sentence.removesuffix("Nothing was sent.").strip()
        return {"printer": printer, "findings": [sentence]}
    remark = site.printer_states[printer].remark
    return {"printer": printer, "findings": [remark] if remark else []}


def _compared(uri: str) -> list[str] | None:
    """Return what is wrong with a folder; None for printers that keep none.

    A document that is being written is not in the list yet: only what is wrong twice is.
    """
    try:
        first = transports.check(uri)
        again = transports.check(uri) if first else first
    except OSError as error:
        return [f"It cannot be read: {error}. Nothing was written there, or somebody moved it."]
    return [one for one in first if one in (again or ())] if first is not None else None


def _drawn(site: Site, printer: str, language: str) -> bytes:
    """Return the test label of a printer."""
    settings, device = site.plant.printer(printer), site.plant.device(printer)
    media, handling = settings.media, device.handling
    darkness = "as set" if handling.darkness is None else f"{handling.darkness:+d}"
    speed = "as set" if handling.speed_mm_s is None else f"{handling.speed_mm_s:g} mm/s"
    lines = (
        printer,
        f"{settings.language} {settings.dpi} dpi, {media.width_mm:g} x {media.height_mm:g} mm",
        f"darkness {darkness}, speed {speed}",
        f"{site.local(site.clock()):%Y-%m-%d %H:%M}",
    )
    try:
        label = testing.label(
            lines, width_mm=media.width_mm, height_mm=media.height_mm, device=device
        )
        return languages.load(language).compile(label, device=device).document([{}])
    except Unprintable as error:
        hint = f"Look at printers.{printer}.media in config.yaml."
        raise Refusal(UNPRINTABLE, str(error), hint=hint) from error


def asked(site: Site, printer: str, errand: Errand, *, even_paused: bool = False) -> Outcome:
    """Hand an errand to the spooler; refuses as `print_test_label` does."""
    if site.errand is None:
        raise Refusal(
            NOBODY_PRINTS,
            f"No service runs here that could ask printer '{printer}'.",
            hint="Start it: labeler serve. On PostgreSQL, ask the service that runs.",
        )
    if not even_paused:
        with site.store.read() as transaction:
            _refuse_paused(transaction, printer)
    return site.errand(printer, errand)


def _refuse_paused(transaction: Transaction, printer: str) -> None:
    pause = pausing.find(transaction, printer)
    if pause is not None:
        raise Refusal(
            PRINTER_STOPPED,
            f"{pause.sentence} Nothing was sent.",
            hint="Resume it first.",
            extra={"reasons": [pausing.PAUSED]},
        )


def recorded(
    site: Site, printer: str, wish: Wish, *, what: str, outcome: Outcome
) -> dict[str, Any]:
    """Write into the printer's history what was done for whom, and return it."""
    kind = f"printer_{what.lower().replace(' ', '_')}"
    write(site, printer, wish, done=Done(what=what, kind=kind, outcome=outcome))
    return {"printer": printer, **without_answer(outcome)}


def write(site: Site, printer: str, wish: Wish, *, done: Done) -> None:
    """Write into the printer's history and the audit trail what was done for whom."""
    what, outcome = done.what, done.outcome
    state = site.printer_states.get(printer, PrinterState())
    sentence = f"{what}, asked for by {wish.operator}: {outcome.state}. {outcome.sentence}".strip()
    change = Change(
        printer=printer,
        at=site.clock(),
        state=state.state,
        reasons=state.keywords,
        sentence=sentence,
        label_count=outcome.label_count_after,
    )
    keep = site.plant.spooler.printer_history_max
    said = {"printer": printer, "operator": wish.operator, "state": outcome.state, **done.more}
    cause = Cause(channel=wish.channel, detail=said)

    def work(transaction: Transaction) -> None:
        printer_history.append(transaction, [change], keep=keep)
        events.record(transaction, done.kind, at=change.at, cause=cause)

    site.store.write(work)
    log.info("printer.errand", printer=printer, what=what, state=outcome.state, **asdict(wish))


def without_answer(outcome: Outcome) -> dict[str, Any]:
    """Return what people hear of an outcome but for the printer's own words."""
    return {name: value for name, value in asdict(outcome).items() if name != "answer"}
