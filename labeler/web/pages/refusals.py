"""A refusal as people see it: a page with its number, sentence and hint, or a part of one."""

from flask import Response, request

from labeler.errors import Refusal
from labeler.web.pages import rendering

_PAGE = "text/html"


def is_for_people() -> bool:
    """Return whether whoever asks wants a page: a browser does, and never below /api.

    htmx accepts anything, and says by a header that it is htmx.
    """
    if request.path.startswith(("/api", "/openapi.json", "/static")):
        return False
    return rendering.is_part() or _PAGE in request.headers.get("Accept", "")


def refused(refusal: Refusal) -> Response:
    """Return a refusal as a page; as a notice, where htmx asked for a part of one."""
    template = "parts/refusal.html" if rendering.is_part() else "refusal.html"
    response = rendering.page(template, refusal.kind.status, refusal=refusal)
    return rendering.secured(response)
