"""How a line is connected: its last triggers, and what to put into a PLC, made from config.yaml."""

from flask import Blueprint, Response, request

from labeler.production.printing import overview
from labeler.web import trigger_log
from labeler.web.api import site
from labeler.web.pages import line_snippets, rendering

blueprint = Blueprint("line_setup", __name__)


@blueprint.get("/lines/<line>/setup")
def show_setup(line: str) -> Response:
    """Show what a line last asked for, and how a program asks for it."""
    settings = site().plant.line(line)
    printers = site().plant.members(settings.printer) if settings.printer else ()
    with site().store.read() as transaction:
        rows = [one for one in overview.printers(site(), transaction) if one["name"] in printers]
    asked = line_snippets.Asked(
        base=request.host_url.rstrip("/"),
        line=line,
        prints=settings.printer is not None,
        string_length=settings.plc_string_length or line_snippets.STRING,
    )
    return rendering.page(
        "line_setup.html",
        line=line,
        settings=settings,
        printers=rows,
        heard=trigger_log.of_line(line),
        snippets=line_snippets.every(asked),
    )
