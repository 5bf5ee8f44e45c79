"""Who looks at a page: the one place where pages learn of accounts, permissions and sessions.

There are no accounts yet: everybody may do everything, has no name, and is told from a forged
request by a cookie that another site can neither read nor set.
"""

import hmac
import secrets
from dataclasses import dataclass

from flask import Response, g, request

from labeler.errors import BAD_REQUEST, Refusal

COOKIE = "labeler_form"
FIELD = "csrf_token"
"""The field of each form, and the header X-CSRF-Token of htmx, that carries the token."""


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Who asks for a page."""

    name: str | None
    """None: nobody is signed in."""
    permissions: frozenset[str] | None
    """What they may do; None: everything."""
    csrf_token: str
    language: str | None
    """What their account says; None: nothing."""

    def may(self, permission: str) -> bool:
        """Return whether they may do that."""
        return self.permissions is None or permission in self.permissions


def visitor() -> Visitor:
    """Return who asks."""
    if "visitor" not in g:
        token = request.cookies.get(COOKIE) or secrets.token_urlsafe(24)
        g.visitor = Visitor(name=None, permissions=None, csrf_token=token, language=None)
    found: Visitor = g.visitor
    return found


def require_token() -> None:
    """Refuse (1001) a form that did not come from a page of ours."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    kept = request.cookies.get(COOKIE, "")
    given = request.form.get(FIELD) or request.headers.get("X-CSRF-Token", "")
    if not kept or not hmac.compare_digest(kept.encode(), given.encode()):
        raise Refusal(
            BAD_REQUEST,
            "The form came without the token of its page.",
            hint="Load the page again, and allow cookies for this address.",
        )


def remember(response: Response) -> Response:
    """Give the browser the cookie that its next form is compared with."""
    if request.cookies.get(COOKIE) is None:
        token = visitor().csrf_token
        response.set_cookie(COOKIE, token, httponly=True, samesite="Lax", secure=request.is_secure)
    return response
