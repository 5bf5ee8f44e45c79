"""Labels as files: how doors answer them, and how /openapi.json describes that."""

from typing import Any

from flask import Response
from flask_openapi import OpenAPI
from typing_extensions import override

from labeler.production import showing
from labeler.production.showing import Document

_ANY = "*/*"
DRAWN: Any = {"description": "The label in the format that was asked for.", "content": {_ANY: {}}}
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


class Described(OpenAPI):
    """An application whose description names every format that labels are drawn in."""

    @override
    def generate_spec_json(self) -> None:
        """Describe the application, once it is asked for."""
        super().generate_spec_json()  # type: ignore[no-untyped-call]
        for operations in self.spec_json["paths"].values():
            for operation in operations.values():
                for reply in operation["responses"].values():
                    content = reply.get("content", {})
                    if _ANY in content:
                        own = content.pop(_ANY)
                        content.update(dict.fromkeys(showing.media_types(), own))
