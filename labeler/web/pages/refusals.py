"""A refusal as people see it: a page with its number, sentence and hint, or a part of one."""

from typing import Any
from urllib.parse import urlsplit

from flask import Response, redirect, request, url_for

from labeler.errors import NOT_SIGNED_IN, PASSWORD_DUE, Refusal
from labeler.web.pages import places, rendering

_PAGE = "text/html"


def is_for_people() -> bool:
    """Return whether whoever asks wants a page: a browser does, and never below /api.

    htmx accepts anything, and says by a header that it is htmx.
    """
    if request.path.startswith(("/api", "/openapi.json", "/static")):
        return False
    return rendering.is_part() or _PAGE in request.headers.get("Accept", "")


def refused(refusal: Refusal) -> Response:
    """Return a refusal as a page; as a notice, where htmx asked for a part of one.

    Whoever has to sign in first, or to choose a password, is led to where that is done.
    """
    if refusal.kind in (NOT_SIGNED_IN, PASSWORD_DUE):
        return _led(refusal)
    template = "parts/refusal.html" if rendering.is_part() else "refusal.html"
    back = places.here() if request.method == "POST" else "/"
    response = rendering.page(template, refusal.kind.status, refusal=refusal, back=back)
    return rendering.secured(response)


def _led(refusal: Refusal) -> Response:
    endpoint = "show_sign_in" if refusal.kind == NOT_SIGNED_IN else "show_password"
    back = request.full_path.rstrip("?") if request.method == "GET" else "/"
    if rendering.is_part():
        there = urlsplit(request.headers.get("HX-Current-URL", "/"))
        back = f"{there.path or '/'}?{there.query}".rstrip("?")
    told: dict[str, Any] = {} if back == "/" or endpoint == "show_password" else {"back": back}
    address = url_for(f"pages.signing.{endpoint}", **told)
    if rendering.is_part():  # htmx would put the form where the part was
        return rendering.secured(Response(status=204, headers={"HX-Redirect": address}))
    return rendering.secured(redirect(address, 303))  # type: ignore[arg-type]
