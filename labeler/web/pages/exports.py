"""Exports: the record as files, and how far those are that somebody waits for."""

from flask import Blueprint, Response, request

from labeler.production.exports import exporting
from labeler.production.exports.exporting import ExportOrder
from labeler.production.exports.rows import Wanted
from labeler.web.api import site
from labeler.web.api.pools import DELIMITERS
from labeler.web.pages import asking, rendering
from labeler.web.shapes_exports import ExportQuery

blueprint = Blueprint("exports", __name__)

_FILTERS = ("run", "lot", "line", "product", "recall")
_FORMS = ("xlsx", "csv", "ndjson")


@blueprint.get("/exports")
def list_exports() -> Response:
    """Show what can be exported, with its filters, and which exports are under way."""
    found = exporting.offered(site())
    return rendering.page("exports.html", forms=_FORMS, filters=_FILTERS, **found)


@blueprint.get("/exports/file")
def export_file() -> Response:
    """Send an export as it is made."""
    given = {name: request.args.get(name, "") for name in (*_FILTERS, "delimiter")}
    days = {"since": asking.midnight("from"), "before": asking.midnight("to", days=1)}
    query = asking.read(ExportQuery, given | {k: v for k, v in days.items() if v is not None})
    names = (*_FILTERS, "since", "before")
    order = ExportOrder(
        source=request.args.get("source", ""),
        form=request.args.get("form", ""),
        wanted=Wanted(**{name: getattr(query, name) for name in names}),
        delimiter=DELIMITERS[query.delimiter],
        bom=True,  # people open it in Excel
    )
    export = exporting.export(site(), order)
    response = Response(export.pieces(), content_type=export.media_type)
    response.call_on_close(export.close)
    response.headers["Export-Rows"] = str(export.progress.total)
    response.headers["Content-Disposition"] = f'attachment; filename="{export.name}"'
    return response
