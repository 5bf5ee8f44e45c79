"""Labels as files: how doors answer them, and how /openapi.json describes that."""

from typing import Any

from flask import Response

from labeler.production.showing import Document

ANY = "*/*"
"""Stands in a description for every media type that labels are drawn in."""
DRAWN: Any = {"description": "The label in the format that was asked for.", "content": {ANY: {}}}
"""The reply of a door that draws in every format. Which media types these are is filled in when
/openapi.json is asked for: only what draws knows, and a command that draws nothing need not load
it.
"""
SHEETS: Any = {"description": "Sheets with a label a cell.", "content": {"application/pdf": {}}}


def drawn(document: Document) -> Response:
    """Return a label as a file."""
    response = Response(document.content, mimetype=document.media_type)
    response.headers["Content-Disposition"] = f'inline; filename="{document.name}"'
    if document.comparison:
        response.headers["Comparison"] = document.comparison
    return response
