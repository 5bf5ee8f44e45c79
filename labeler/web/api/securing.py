"""What /openapi.json says of how a program proves who it is, door by door."""

import re
from typing import Any, Final

from werkzeug.routing import Map

from labeler.web import doors

SCHEMES: Final[dict[str, dict[str, str]]] = {
    "bearer_key": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "API key",
        "description": "Authorization: Bearer with an API key that an admin made.",
    },
    "api_key": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Api-Key",
        "description": "The same key, where a machine cannot write the header Authorization.",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "labeler_session",
        "description": "The cookie of somebody who signed in: POST /api/v1/session.",
    },
    "form_token": {
        "type": "apiKey",
        "in": "header",
        "name": "X-CSRF-Token",
        "description": "The session's csrf_token, which whatever changes something needs besides.",
    },
}

Security = list[dict[str, list[str]]]
_KEYS: Final[Security] = [{"bearer_key": []}, {"api_key": []}]
_READ: Final[Security] = [*_KEYS, {"session": []}]
_CHANGE: Final[Security] = [*_KEYS, {"session": [], "form_token": []}]
_OWN: Final = frozenset({"session.change_password"})
"""What a key cannot do, for it is about whoever is signed in."""


def describe(document: dict[str, Any], addresses: Map) -> None:
    """Add the ways to prove who asks, and which of them each operation takes."""
    document["components"]["securitySchemes"] = SCHEMES
    for rule in addresses.iter_rules():
        operations = document["paths"].get(re.sub(r"<(?:[^:>]+:)?([^>]+)>", r"{\1}", rule.rule), {})
        for method in (rule.methods or set()) & {one.upper() for one in operations}:
            operations[method.lower()]["security"] = needed(rule.endpoint, method)


def needed(endpoint: str, method: str) -> Security:
    """Return what a door takes, one of which suffices; nothing where anybody may ask."""
    if doors.DOORS.get(endpoint) == doors.PUBLIC:
        return []
    found = _READ if method == "GET" else _CHANGE
    return found[len(_KEYS) :] if endpoint in _OWN else found
