"""The page of one line, for whoever stands at it: print, scan, and see what is wrong.

The page is drawn whole; what changes by itself is fetched again as a part, when events say so.
"""

import secrets
from typing import Any

from flask import Blueprint, Response, request

from labeler.production.printing import line_now
from labeler.web import shapes_line as shapes
from labeler.web.api import site
from labeler.web.pages import asking, line_change, line_next, printer_words, rendering
from labeler.web.pages.reason_words import PAUSES

blueprint = Blueprint("line", __name__)

KEY_BYTES = 12


@blueprint.get("/lines/<line>")
def show_line(line: str) -> Response:
    """Show a line; to htmx only what changes by itself."""
    with site().store.read() as transaction:
        now = line_now.show(site(), transaction, line)
    after = asking.read(shapes.LineNext, request.args).next
    troubles = printer_words.troubles(now["printers"])
    return rendering.page(
        "parts/line.html" if rendering.is_part() else "line.html",
        line=now,
        troubles=troubles,
        next=line_next.sentence(now, troubles),
        question=None if after is None else line_change.question(line, after),
        choices=_choices(now),
        key=secrets.token_hex(KEY_BYTES),
        pauses=list(PAUSES),
        reprints=site().plant.reprints,
        at=site().clock(),
    )


def _choices(now: dict[str, Any]) -> str:
    """Return what the buttons depend on: while it is the same, they are left alone on the page."""
    run = now["run"]
    parts = [
        "none" if run is None else f"{run['id']}.{run['remaining'] > 0}",
        *(str(one["id"]) for one in (*now["planned"], *now["paused"])),
        *(str(one["pause"] is not None) for one in now["printers"]),
    ]
    return "-".join(parts)
