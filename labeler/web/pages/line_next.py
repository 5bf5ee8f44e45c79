"""What whoever stands at a line does next, in one sentence."""

from collections.abc import Sequence
from typing import Any

from labeler.web.pages.printer_words import Trouble
from labeler.web.texts import gettext


def where_locked() -> str:
    """Return what to do on a site that is locked."""
    return gettext("Wait: the site is locked, and nothing is issued. Tell an engineer.")


def sentence(now: dict[str, Any], troubles: Sequence[Trouble]) -> str:
    """Return what to do next on a line, as `line_now.show` shows it: the most urgent thing."""
    stopped = next((one for one in troubles if one.tone == "bad"), None)
    if stopped is not None:
        return gettext("See to %(printer)s first, as is said below.") % {"printer": stopped.printer}
    if now["doubtful"]:
        return gettext("Scan each doubtful label that is there.")
    waits = bool(now["planned"] or now["paused"])
    run = now["run"]
    if run is None and waits:
        return gettext("Scan the order that comes next, or press F6 and choose it.")
    if run is None:
        return gettext("Ask for an order: none is planned on this line.")
    if run["remaining"]:
        if now["printers"]:
            return gettext("Press F2 to print, put the label on, and scan it.")
        return gettext("Press F2 for the next serial.")
    if waits:
        return gettext("All is issued. Scan the order that comes next, or press F6.")
    return gettext("All is issued. Press F8 to close the run.")
