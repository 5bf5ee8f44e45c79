"""The lines at a glance: what each makes now, how far it is, and whether its printer prints."""

from typing import Any

from flask import Blueprint, Response

from labeler.production import runs
from labeler.production.printing import overview
from labeler.units import RunState
from labeler.web.api import site
from labeler.web.pages import printer_words, rendering, sharing

blueprint = Blueprint("lines", __name__)


@blueprint.get("/lines")
def list_lines() -> Response:
    """Show every line of config.yaml; to htmx only what changes by itself."""
    if sharing.is_asked():
        return sharing.page("parts/lines.html", _now)
    template = "parts/lines.html" if rendering.is_part() else "lines.html"
    return rendering.page(template, **_now(), at=site().clock())


def _now() -> dict[str, Any]:
    """Return what changes by itself."""
    plant = site().plant
    with site().store.read() as transaction:
        printers = {one["name"]: one for one in overview.printers(site(), transaction)}
        rows = []
        for name, line in plant.lines.items():
            found = runs.list_runs(transaction, line=name, state=RunState.OPEN, limit=1)
            members = plant.members(line.printer) if line.printer is not None else ()
            own = [printers[one] for one in members]
            rows.append(
                {
                    "name": name,
                    "run": found[0] if found else None,
                    "printers": own,
                    "troubles": printer_words.troubles(own),
                }
            )
    return {"rows": rows}
