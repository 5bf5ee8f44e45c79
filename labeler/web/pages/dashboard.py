"""The dashboard: the whole plant at a glance, and what needs somebody now."""

import json
from typing import Any

from flask import Blueprint, Response

from labeler.production import recent_hours, running_low, runs
from labeler.production.printing import doubtful, line_now, overview
from labeler.production.recalls import recall_lists
from labeler.units import RunState
from labeler.web.api import site
from labeler.web.pages import printer_words, rendering, sharing

blueprint = Blueprint("dashboard", __name__)

_DOUBTS = 5
"""Doubtful labels that are shown; how many there are is said."""
_RECALLS = 5
"""Recalls that are shown of each state that is not over."""
_PAUSED = 500
"""Paused runs that are looked at for lines without an open one."""


@blueprint.get("/dashboard")
def show_dashboard() -> Response:
    """Show the plant; to htmx only what changes by itself."""
    if sharing.is_asked():
        return sharing.page("parts/dashboard.html", _now)
    template = "parts/dashboard.html" if rendering.is_part() else "dashboard.html"
    return rendering.page(template, **_now(), at=site().clock())


def _now() -> dict[str, Any]:
    """Return what changes by itself."""
    with site().store.read() as transaction:
        printers = overview.printers(site(), transaction)
        hours = recent_hours.last(site(), transaction)
        found = {
            "lines": _lines(transaction, {one["name"]: one for one in printers}),
            "printers": printers,
            "troubles": printer_words.troubles(printers),
            "doubts": doubtful.list_doubtful(transaction, limit=_DOUBTS),
            "doubtful": sum(doubtful.counts(transaction).values()),
            "series": running_low.running_low(site(), transaction),
            "recalls": _recalls(transaction),
        }
    points = [[one["at"].timestamp() for one in hours], [one["count"] for one in hours]]
    return found | {
        "hours": hours,
        "issued": sum(one["count"] for one in hours),
        "points": json.dumps(points),
        "zone": str(site().plant.calendar.zone),
    }


def _lines(transaction: Any, printers: dict[str, Any]) -> list[dict[str, Any]]:
    """Return every line with its open run, or else its newest paused one, and its printers."""
    plant, running = site().plant, {}
    for state, limit in ((RunState.PAUSED, _PAUSED), (RunState.OPEN, len(plant.lines) + _PAUSED)):
        for run in reversed(runs.list_runs(transaction, state=state, limit=limit)):
            running[run["line"]] = run
    rows = []
    for name, line in plant.lines.items():
        run = running.get(name)
        members = plant.members(line.printer) if line.printer is not None else ()
        rows.append(
            {
                "name": name,
                "run": run,
                "last": None if run is None else line_now.last(transaction, run["id"]),
                "printers": [printers[one] for one in members],
            }
        )
    return rows


def _recalls(transaction: Any) -> list[dict[str, Any]]:
    return [
        one
        for state in ("gathering", "open")
        for one in recall_lists.list_recalls(transaction, state=state, before=None, limit=_RECALLS)
    ]
