"""Who did it: where somebody is signed in, the record takes his word for nothing but himself.

A program says in its body who stands before it, as always. Somebody who is signed in need not, and
may not say another name; and a second person has to prove it.
"""

from base64 import b64decode
from binascii import Error
from dataclasses import dataclass
from typing import Any, cast

from flask import Flask, current_app, request
from pydantic import BaseModel
from werkzeug.datastructures import MultiDict

from labeler.errors import BAD_VALUE, OTHER_PERSON, SECOND_PERSON, Refusal
from labeler.production.access import second_person
from labeler.production.access.signing_in import Claim
from labeler.roles import Permission
from labeler.web import access, doors
from labeler.web.api import site
from labeler.web.api.door import Described
from labeler.web.api.jsontext import dumps
from labeler.web.principal import Principal

WORDS = ("operator", "by")
"""How requests call whoever wants something."""
APPROVER = "approved_by"
SECOND_HEADER = "X-Second-Person"
_FIELDS = "labeler.who"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, kw_only=True)
class _Said:
    """Where a door's request says who it is."""

    body: str | None
    query: str | None


def register(app: Flask) -> None:
    """Let signed-in people be who they are at every door of ``app``; after `access`."""
    app.before_request(_settle)


def _settle() -> None:
    who = access.principal()
    if who.kind != "account" or request.method in _SAFE or request.endpoint is None:
        return
    said = _fields().get(request.endpoint)
    if said is None:
        return
    if request.content_length and not request.is_json:  # a list or a photo: it stands beside it
        _in_query(who, said)
        return
    body = request.get_json() if request.content_length else {}
    if not isinstance(body, dict):
        return
    if said.body is not None:
        _require_same(who, body.get(said.body))
        body = {**body, said.body: who.name}
        # Doors read the body in one of two ways; both find it as if it had been sent so.
        request._cached_json = (body, body)  # noqa: SLF001 werkzeug has no other way
        request._cached_data = dumps(body).encode()  # noqa: SLF001
    # A deviation is a part of its own, with its own name in it.
    for part in (body, *body.values()):
        if isinstance(part, dict) and part.get(APPROVER) is not None:
            _require_second(who, str(part[APPROVER]))


def _in_query(who: Principal, said: _Said) -> None:
    if said.query is None:
        return
    _require_same(who, request.args.get(said.query))
    asked = MultiDict(request.args)
    asked[said.query] = who.name
    cast(Any, request).args = asked


def _require_same(who: Principal, name: Any) -> None:
    if name is not None and name != who.name:
        raise Refusal(
            OTHER_PERSON,
            f"The request says '{str(name)[:64]}', but '{who.name}' is signed in.",
            hint="Leave the name out; or let that person sign in.",
        )


def _require_second(who: Principal, name: str) -> None:
    endpoint = request.endpoint or ""
    asked = doors.SECOND.get(endpoint, doors.DOORS[endpoint])
    proved = second_person.check(site(), _claim(), first=who.name, permission=Permission(asked))
    if name != proved:
        raise Refusal(
            OTHER_PERSON,
            f"'{name[:64]}' is said to approve, but '{proved}' proved it.",
            hint=f"Say {APPROVER}: {proved}.",
        )


def _claim() -> Claim:
    """Return what the second person proves; refuse nothing at all (5026), and nonsense (1002)."""
    header = request.headers.get(SECOND_HEADER)
    if header is None:
        raise Refusal(
            SECOND_PERSON,
            f"A second person is named, but nobody proved it: expected the header {SECOND_HEADER}.",
            hint="Let that person give a password, or badge and PIN; see docs/access.md.",
        )
    scheme, _, coded = header.partition(" ")
    try:
        first, colon, second = b64decode(coded, validate=True).decode().partition(":")
    except (Error, UnicodeDecodeError):
        first = colon = second = ""
    address = request.remote_addr or ""
    if colon and scheme == "Basic":
        return Claim(name=first, password=second, address=address)
    if colon and scheme == "Badge":
        return Claim(badge=first, pin=second, address=address)
    raise Refusal(
        BAD_VALUE,
        f"The header {SECOND_HEADER} is not as expected.",
        hint="Send Basic and name:password, or Badge and badge:PIN, in Base64.",
    )


def _fields() -> dict[str, _Said]:
    """Return which doors are told who it is."""
    found: dict[str, _Said] | None = current_app.extensions.get(_FIELDS)
    if found is None:
        found = current_app.extensions[_FIELDS] = dict(_read(cast(Described, current_app)))
    return found


def _read(app: Described) -> list[tuple[str, _Said]]:
    found = []
    for endpoint, (query, body) in app.asked().items():
        said = _Said(body=_word(body), query=_word(query))
        if said.body or said.query:
            found.append((endpoint, said))
    return found


def _word(shape: type[BaseModel] | None) -> str | None:
    return next((word for word in WORDS if shape and word in shape.model_fields), None)
