"""What ails a printer, and what to do about it, in words for whoever stands before it.

A word a reason of RFC 8011, section 5.4.12. What follows is the shortest way back to printing.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from labeler.web.texts import gettext, later


class Ail(NamedTuple):
    """What is wrong, and what to do."""

    word: str
    cure: str


_SWITCH = later("See that it is switched on and that its cable is in.")
_CALL = later("Switch the printer off and on. If it stays so, call the engineer.")
_COLLECT = later("Take the labels away that have come out.")
_CLOSE = later("Close it until it clicks, then press Resume on the printer.")
_TONER = later("Put in toner.")
_RIBBON = later("Load ribbon, close the head, press Resume on the printer.")
_LABELS = later("Load labels, close the head, press Resume on the printer.")

AILS: Mapping[str, Ail] = {
    "media-empty": Ail(later("Labels out"), _LABELS),
    "media-needed": Ail(later("Labels needed"), _LABELS),
    "marker-supply-empty": Ail(later("Ribbon out"), _RIBBON),
    "media-jam": Ail(
        later("Labels jammed"),
        later("Open the head, take the jammed labels out, close the head, press Resume."),
    ),
    "cover-open": Ail(later("Head open"), later("Close the head, press Resume on the printer.")),
    "door-open": Ail(later("Door open"), _CLOSE),
    "interlock-open": Ail(later("Safety cover open"), _CLOSE),
    "input-tray-missing": Ail(later("Tray missing"), later("Put the tray in.")),
    "output-tray-missing": Ail(later("Output tray missing"), later("Put the output tray in.")),
    "output-area-full": Ail(later("A label waits to be taken"), _COLLECT),
    "output-area-almost-full": Ail(later("Output almost full"), _COLLECT),
    "media-low": Ail(later("Labels run low"), later("Have a new roll ready.")),
    "marker-supply-low": Ail(later("Ribbon runs low"), later("Have a new ribbon ready.")),
    "marker-waste-full": Ail(
        later("Waste container full"), later("Empty the waste container and put it back.")
    ),
    "marker-waste-almost-full": Ail(
        later("Waste container almost full"), later("Have an empty waste container ready.")
    ),
    "toner-empty": Ail(later("Toner out"), _TONER),
    "toner-low": Ail(later("Toner runs low"), later("Have new toner ready.")),
    "developer-empty": Ail(later("Developer out"), _CALL),
    "developer-low": Ail(later("Developer runs low"), later("Tell the engineer.")),
    "opc-life-over": Ail(later("Print drum worn out"), _CALL),
    "opc-near-eol": Ail(later("Print drum nearly worn out"), later("Tell the engineer.")),
    "fuser-over-temp": Ail(
        later("Printhead too hot"), later("Wait some minutes: it goes on when it has cooled down.")
    ),
    "fuser-under-temp": Ail(
        later("Printhead too cold"), later("Wait a minute: it goes on when it is warm.")
    ),
    "spool-area-full": Ail(
        later("Printer's memory full"),
        later("Wait a minute. If it stays so, somebody else prints there."),
    ),
    "interpreter-resource-unavailable": Ail(later("Printer's memory damaged"), _CALL),
    "connecting-to-device": Ail(later("No connection"), _SWITCH),
    "timed-out": Ail(later("No answer"), _CALL),
    "shutdown": Ail(later("Switched off"), later("Switch the printer on.")),
    "paused": Ail(later("Paused"), later("Press Pause or Resume on the printer.")),
    "moving-to-paused": Ail(later("Pausing"), later("Wait: it is about to pause.")),
    "stopping": Ail(later("Stopping"), later("Wait: it finishes what it has.")),
    "stopped-partly": Ail(later("Partly stopped"), _CALL),
    "other": Ail(later("Trouble"), later("Look at the printer. If in doubt, call the engineer.")),
}
"""Reason -> what it is called, and its cure; the worst first where a printer has several."""

_WARNING = "-warning"
_RANKS = {reason: place for place, reason in enumerate(AILS)}
_TOLD = frozenset({"other", "connecting-to-device", "timed-out", "paused"})
"""Reasons whose sentence says more than its word and its cure."""
_OURS = later("Press Resume on this page when it may print again.")
"""The cure of a printer that somebody paused from here."""


class Trouble(NamedTuple):
    """What a printer is told to suffer from."""

    printer: str
    tone: str
    """bad: it prints nothing; warn: it prints on."""
    word: str
    cure: str
    details: str
    """What else is known, as the printer or the record says it."""
    waiting: int
    is_ours: bool
    """Whether somebody paused it from here, so that it can be resumed here."""


def trouble(printer: Mapping[str, Any]) -> Trouble | None:
    """Return what ails a printer, as `overview.printers` shows it; None: nothing."""
    reasons: Sequence[str] = printer["reasons"]
    is_stopped = printer["state"] == "stopped"
    if not reasons and not is_stopped:
        return None
    bare = sorted(
        (one.removesuffix(_WARNING) for one in reasons), key=lambda one: _RANKS.get(one, len(AILS))
    )
    is_ours = printer["pause"] is not None
    reason = "paused" if is_ours else next(iter(bare), "other")
    ail = AILS.get(reason, AILS["other"])
    return Trouble(
        printer=printer["name"],
        tone="bad" if is_stopped else "warn",
        word=gettext(ail.word),
        cure=gettext(_OURS if is_ours else ail.cure),
        details=printer["sentence"] if reason in _TOLD else "",
        waiting=printer["labels_waiting"],
        is_ours=is_ours,
    )


def troubles(printers: Iterable[Mapping[str, Any]]) -> list[Trouble]:
    """Return what ails each of these printers that anything ails."""
    return [found for one in printers if (found := trouble(one)) is not None]
