"""The page of one line, for whoever stands at it: print, scan, and see what is wrong.

The page is drawn whole; what changes by itself is fetched again as a part, when events say so.
"""

import secrets
from functools import partial
from typing import Any

from flask import Blueprint, Response, request

from labeler.production.printing import line_now
from labeler.production.safekeeping import anchoring
from labeler.web import shapes_line as shapes
from labeler.web.api import site
from labeler.web.pages import (
    asking,
    line_change,
    line_next,
    printer_words,
    rendering,
    sharing,
)
from labeler.web.pages.reason_words import PAUSES

blueprint = Blueprint("line", __name__)

KEY_BYTES = 12


@blueprint.get("/lines/<line>")
def show_line(line: str) -> Response:
    """Show a line; to htmx only what changes by itself."""
    if sharing.is_asked():
        return sharing.page("parts/line_now.html", partial(_now, line))
    after = asking.read(shapes.LineNext, request.args).next
    return rendering.page(
        "parts/line.html" if rendering.is_part() else "line.html",
        **_now(line),
        question=None if after is None else line_change.question(line, after),
        key=secrets.token_hex(KEY_BYTES),
        pauses=list(PAUSES),
        reprints=site().plant.reprints,
        at=site().clock(),
    )


def _now(line: str) -> dict[str, Any]:
    """Return what changes by itself."""
    with site().store.read() as transaction:
        now = line_now.show(site(), transaction, line)
    troubles, is_locked = printer_words.troubles(now["printers"]), anchoring.is_locked(site())
    return {
        "line": now,
        "troubles": troubles,
        "next": line_next.where_locked() if is_locked else line_next.sentence(now, troubles),
        "choices": _choices(now),
    }


def _choices(now: dict[str, Any]) -> str:
    """Return what the buttons depend on: while it is the same, they are left alone on the page."""
    run = now["run"]
    parts = [
        "none" if run is None else f"{run['id']}.{run['remaining'] > 0}",
        *(["locked"] if anchoring.is_locked(site()) else []),
        *(str(one["id"]) for one in (*now["planned"], *now["paused"])),
        *(str(one["pause"] is not None) for one in now["printers"]),
    ]
    return "-".join(parts)
