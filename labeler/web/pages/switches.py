"""What a visitor chooses of how pages look: light or dark, and in which language."""

from flask import Blueprint, Response, request

from labeler.web import texts
from labeler.web.pages import asking, rendering

blueprint = Blueprint("switches", __name__)

_KEPT_S = 400 * 24 * 3600
"""As long as browsers keep a cookie at most."""


@blueprint.post("/switches/theme")
def choose_theme() -> Response:
    """Keep light or dark; anything else follows the system again."""
    chosen = request.form.get("theme", "")
    return _kept(rendering.THEME_COOKIE, chosen if chosen in rendering.THEMES else "")


@blueprint.post("/switches/language")
def choose_language() -> Response:
    """Keep a language; anything else follows the browser again."""
    chosen = request.form.get("language", "")
    return _kept(texts.COOKIE, chosen if chosen in texts.LANGUAGES else "")


def _kept(name: str, value: str) -> Response:
    """Return to the page, whose server knows from now on, so that it draws it right at once."""
    response = asking.back()
    if value:
        response.set_cookie(
            name, value, max_age=_KEPT_S, samesite="Lax", httponly=True, secure=request.is_secure
        )
    else:
        response.delete_cookie(name)
    return response
