"""Who looks at a page: what pages ask of `labeler.web.access`, and the token of their forms.

A form of somebody who is signed in carries the token of his session. A form of a page that anybody
may see, such as the one to sign in, carries one that is compared with a cookie, which another site
can neither read nor set.
"""

import hmac
import secrets
from dataclasses import dataclass

from flask import Response, g, request

from labeler.errors import NO_FORM_TOKEN, Refusal
from labeler.production.access import sessions
from labeler.roles import Permission
from labeler.web import access

COOKIE = "labeler_form"
STAND_IN = secrets.token_hex(32)
"""Stands for the token of whoever asks, in what is made for several; see `sharing.py`."""
FIELD = "csrf_token"
"""The field of each form, and the header X-CSRF-Token of htmx, that carries the token."""


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Who asks for a page."""

    name: str | None
    """As the record calls him; None: nobody is signed in."""
    display_name: str
    permissions: frozenset[Permission]
    """What he may do."""
    csrf_token: str
    language: str | None
    """What his account says; None: nothing."""

    def may(self, permission: str) -> bool:
        """Return whether he may do that."""
        return permission in self.permissions


def visitor() -> Visitor:
    """Return who asks."""
    who = access.principal()
    if who.kind != "account":
        return Visitor(
            name=None,
            display_name="",
            permissions=frozenset(),
            csrf_token=_form_token(),
            language=None,
        )
    return Visitor(
        name=who.name,
        display_name=who.display_name,
        permissions=frozenset() if who.must_change else who.permissions,
        csrf_token=g.get("form_stand_in") or access.csrf_token(),
        language=who.language,
    )


def require_token() -> None:
    """Refuse (7005) a form that did not come from a page of ours."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    expected = [request.cookies.get(COOKIE, "")]
    session = access.session_token()
    if session:  # a page of somebody signed in has forms to doors that anybody may use, too
        expected.append(sessions.csrf_token(session))
    given = request.form.get(FIELD) or request.headers.get("X-CSRF-Token", "")
    if not any(one and hmac.compare_digest(one.encode(), given.encode()) for one in expected):
        raise Refusal(
            NO_FORM_TOKEN,
            "The form came without the token of its page.",
            hint="Load the page again, and allow cookies for this address.",
        )


def remember(response: Response) -> Response:
    """Give the browser the cookie that its next form is compared with."""
    if request.cookies.get(COOKIE) is None and visitor().name is None:
        response.set_cookie(
            COOKIE, _form_token(), httponly=True, samesite="Lax", secure=request.is_secure
        )
    return response


def _form_token() -> str:
    if "form_token" not in g:
        g.form_token = request.cookies.get(COOKIE) or secrets.token_urlsafe(24)
    return str(g.form_token)
