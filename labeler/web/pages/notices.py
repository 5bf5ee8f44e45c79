"""A sentence that the next page shows: what became of a form, told behind the redirect.

It travels in a cookie of the visitor's own, so the server keeps nothing; what it says is shown as
text, whoever wrote it.
"""

import base64
import json
from typing import NamedTuple

from flask import Response, g, request

COOKIE = "notices"
_TONES = {"ok": "circle-check", "warn": "alert-triangle", "bad": "alert-circle"}


class Notice(NamedTuple):
    """A sentence, and how it is meant."""

    tone: str
    """ok, warn or bad."""
    sentence: str

    @property
    def icon(self) -> str:
        """The icon beside it."""
        return _TONES[self.tone]


def tell(sentence: str, *, tone: str = "ok") -> None:
    """Show a sentence on the next page: ok, warn or bad."""
    g.setdefault("told", []).append([tone, sentence])


def take() -> list[Notice]:
    """Return what this page has to show; it is shown once."""
    try:
        kept = json.loads(base64.urlsafe_b64decode(request.cookies.get(COOKIE, "")))
        found = [Notice(str(tone), str(sentence)) for tone, sentence in kept]
    except (ValueError, TypeError):
        return []
    g.notices_taken = True
    return [one for one in found if one.tone in _TONES]


def carry(response: Response) -> Response:
    """Put what was told into the visitor's cookie, or take away what was shown."""
    told = g.get("told")
    if told:
        text = base64.urlsafe_b64encode(json.dumps(told).encode()).decode()
        response.set_cookie(
            COOKIE, text, httponly=True, samesite="Strict", secure=request.is_secure
        )
    elif g.get("notices_taken"):
        response.delete_cookie(COOKIE)
    return response
