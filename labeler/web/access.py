"""Who asks, and whether he may: asked before every door, which is shut unless it says for whom.

Who asks is the first of: a command of this process; whoever an Authorization header or X-Api-Key
says, or nobody if that is wrong; who is signed in; this computer, if config.yaml lets it; nobody.
"""

import hmac
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from flask import Flask, Response, g, request

from labeler.errors import NO_FORM_TOKEN, NOT_PERMITTED, NOT_SIGNED_IN, PASSWORD_DUE, Refusal
from labeler.production.access import api_keys, command_proof, sessions
from labeler.production.access.key_ring import KnownKey
from labeler.roles import Permission, holders, permissions
from labeler.web import doors, own_lines
from labeler.web.api import site
from labeler.web.principal import COMMAND, NOBODY, Principal
from labeler.web.this_machine import is_this_machine

COOKIE: Final = "labeler_session"
IN_PROCESS: Final = "labeler.command"
"""Set in the WSGI environment by a command that is this process; no header can set it."""
BY_ITSELF: Final = "X-By-Itself"
"""The header with which an open page says that it looks for news, and nobody has done anything."""
_STREAM: Final = "events.stream_events"
CSRF_HEADER, CSRF_FIELD = "X-CSRF-Token", "csrf_token"
_PAGES: Final = "pages."
"""Doors that are pages: what a person does there is recorded with a name, so a computer or a key
that may do it over the API may not do it there."""
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})


def register(app: Flask) -> None:
    """Let nobody reach a door of ``app`` who may not."""
    app.before_request(_guard)


def principal() -> Principal:
    """Return who asks."""
    found: Principal = g.get("principal", NOBODY)
    return found


def csrf_token() -> str:
    """Return what a form has to carry as `csrf_token`; empty where nobody is signed in."""
    return principal().csrf_token or ""


def session_token() -> str | None:
    """Return the token that the browser sent, whether its session runs or not."""
    return request.cookies.get(COOKIE)


def still_holds() -> Callable[[], bool]:
    """Return what says, as often as it is asked, whether what let this request in still holds.

    An answer that goes on for hours ends with the session or the key that it was given to.
    """
    of, who = site(), principal()
    if who.kind == "account":
        token = session_token() or ""
        return lambda: sessions.glimpse(of, token) is not None
    if who.kind == "api_key":
        key = _sent_key()
        return lambda: api_keys.check(of, key) is not None
    return lambda: True


def start_session(response: Response, token: str) -> None:
    """Let the browser keep the token of a session; scripts never see it."""
    response.set_cookie(
        COOKIE, token, httponly=True, samesite="Lax", secure=request.is_secure, path="/"
    )
    response.headers["Cache-Control"] = "no-store"


def end_session(response: Response) -> None:
    """End the session of whoever asks, and let his browser forget the token."""
    token = session_token()
    if token is not None:
        sessions.end(site(), token)
    response.delete_cookie(
        COOKIE, httponly=True, samesite="Lax", secure=request.is_secure, path="/"
    )


def _guard() -> None:
    endpoint = request.endpoint
    if endpoint is None:  # there is no door, and whoever asks is told so
        return
    asked = doors.DOORS.get(endpoint)
    if asked == doors.PUBLIC:
        g.principal = NOBODY
        return
    who = g.principal = _who()
    if asked is None:
        raise Refusal(
            NOT_PERMITTED,
            f"{request.method} {request.path} is for nobody: no permission was given to it.",
            hint="This is a mistake of ours: labeler/web/doors.py lacks it.",
        )
    if who.kind == "nobody":
        raise _unknown("Nobody is signed in, and no key was sent.")
    if who.kind != "account" and endpoint.startswith(_PAGES):
        raise _unknown("Nobody is signed in.")
    if who.kind == "account" and request.method not in _SAFE:
        _require_form_token(who)
    if asked == doors.SIGNED_IN:
        return
    if who.must_change:
        raise Refusal(
            PASSWORD_DUE,
            f"'{who.name}' has a one-time password, which has to be changed first.",
            hint="POST /api/v1/session/password, or the page to which a sign-in leads.",
        )
    _require(who, Permission(asked))
    if who.lines is not None:
        own_lines.require(who, endpoint)


def require(permission: Permission) -> None:
    """Refuse (7003) whoever asks and lacks a permission, and say who has it."""
    _require(principal(), permission)


def _require(who: Principal, permission: Permission) -> None:
    if not who.may(permission):
        raise Refusal(
            NOT_PERMITTED,
            f"'{who.name}' lacks the permission {permission.value}.",
            hint=f"It belongs to {holders(permission)}; a key can be made with it.",
        )


def _who() -> Principal:
    environ = request.environ
    if environ.get(IN_PROCESS) is True:
        return COMMAND
    header, key = environ.get("HTTP_AUTHORIZATION"), environ.get("HTTP_X_API_KEY")
    if header is not None or key is not None:
        return _by_header(header, key)
    token = session_token() if "HTTP_COOKIE" in environ else None
    found = None if token is None else of_session(token)
    if found is not None:
        return found
    role = site().access.rules.this_machine
    return _this_machine(role) if role != "none" and is_this_machine(environ) else NOBODY


@lru_cache(maxsize=8)
def _this_machine(role: str) -> Principal:
    return Principal(
        name="this machine",
        display_name="this machine",
        kind="this_machine",
        permissions=permissions([role]),
        roles=(role,),
    )


def _by_header(header: str | None, key: str | None) -> Principal:
    scheme, _, rest = (header or "").partition(" ")
    if scheme == command_proof.SCHEME and key is None:
        pem = site().key_file.read()
        if pem is not None and command_proof.holds(
            pem, rest, method=request.method, path=request.path, now=site().clock()
        ):
            return COMMAND
        raise _unknown("The proof of the command does not hold.")
    if header is not None and (scheme.casefold() != "bearer" or key is not None):
        raise _unknown("The header Authorization is not as expected.")
    sent = _sent_key()
    if not sent:
        raise _unknown("The header for the API key has none in it.")
    found = api_keys.check(site(), sent)
    if found is None:
        raise _unknown("The API key is not known, or was revoked.")
    return _program(found)


def _sent_key() -> str:
    """Return the key that a request carries in one of its two headers."""
    key = request.environ.get("HTTP_X_API_KEY")
    header = request.environ.get("HTTP_AUTHORIZATION", "")
    return str(key if key is not None else header.partition(" ")[2]).strip()


@lru_cache(maxsize=1024)
def _program(key: KnownKey) -> Principal:
    return Principal(
        name=key.name,
        display_name=key.name,
        kind="api_key",
        permissions=key.permissions,
        lines=key.lines,
    )


def of_session(token: str) -> Principal | None:
    """Return whose session a token is of; None if it is of none that runs.

    An open page keeps no session alive: whoever has gone is signed out, also behind a live page.
    """
    by_itself = request.endpoint == _STREAM or BY_ITSELF in request.headers
    look = sessions.glimpse if by_itself and request.method in _SAFE else sessions.find
    found = look(site(), token)
    if found is None:
        return None
    return Principal(
        name=found.name,
        display_name=found.display_name,
        kind="account",
        permissions=found.permissions,
        language=found.language,
        csrf_token=sessions.csrf_token(token),
        must_change=found.must_change,
        roles=found.roles,
    )


def _require_form_token(who: Principal) -> None:
    given = request.headers.get(CSRF_HEADER)
    if given is None and request.mimetype in _FORMS:
        given = request.form.get(CSRF_FIELD)
    expected = who.csrf_token or ""
    if not hmac.compare_digest((given or "").encode(), expected.encode()):
        what = "There is none" if given is None else "It is another one"
        raise Refusal(
            NO_FORM_TOKEN,
            f"{what}: expected the token of the session in {CSRF_HEADER}, or in the form's field "
            f"{CSRF_FIELD}.",
            hint="Load the page again and send it once more; programs: GET /api/v1/session.",
        )


def _unknown(sentence: str) -> Refusal:
    return Refusal(
        NOT_SIGNED_IN,
        sentence,
        hint="Sign in, or send Authorization: Bearer with a key that an admin made.",
    )
