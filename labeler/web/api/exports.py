"""Exports: the record as a file, row for row, streamed from one snapshot."""

from typing import Any

from flask import Response

from labeler.production.exports import exporting
from labeler.production.exports.exporting import ExportOrder
from labeler.production.exports.rows import Wanted
from labeler.web import shapes_exports as shapes
from labeler.web.api import PROBLEMS, answer, site
from labeler.web.api.door import Door
from labeler.web.api.pools import DELIMITERS

blueprint = Door("exports", __name__, tag="quality")

ROWS = "Export-Rows"
"""The header that says how many rows will come."""
_FILE: Any = {"description": "The file as it is made.", "content": {"*/*": {}}}
_NO_FILTER = {"delimiter", "bom", "end", "id"}


@blueprint.get("/exports", responses={200: shapes.Exports, **PROBLEMS})
def list_exports() -> Response:
    """List what can be exported, with its columns and filters, and which exports are under way."""
    return answer(exporting.offered(site()))


@blueprint.get("/exports/<source>.<form>", responses={200: _FILE, **PROBLEMS})
def export_file(path: shapes.ExportPath, query: shapes.ExportQuery) -> Response:
    """Export rows as CSV, XLSX or NDJSON: one snapshot, however long it takes.

    `Export-Rows` says how many rows will come. A stream that breaks off ends without the last chunk
    of HTTP/1.1; `end=line` lets also those notice who cannot see that.
    """
    given = query.model_dump()
    order = ExportOrder(
        source=path.source,
        form=path.form,
        wanted=Wanted(**{name: one for name, one in given.items() if name not in _NO_FILTER}),
        delimiter=DELIMITERS[query.delimiter],
        bom=query.bom,
        end_line=query.end == "line",
        id=query.id,
    )
    export = exporting.export(site(), order)
    response = Response(export.pieces(), content_type=export.media_type)
    response.call_on_close(export.close)
    response.headers[ROWS] = str(export.progress.total)
    response.headers["Content-Disposition"] = f'attachment; filename="{export.name}"'
    return response
