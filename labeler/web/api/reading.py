"""How doors read what flask-openapi cannot, or reads too slowly."""

from collections.abc import Callable
from typing import TypeVar

from flask import Response, request
from pydantic import BaseModel

from labeler.errors import KEY_MISSING, Refusal

_KEY_MAX = 255

View = TypeVar("View", bound=Callable[..., Response])


def documented(**shown: type[BaseModel]) -> Callable[[View], View]:
    """Let /openapi.json describe path, header and body, and leave their reading to the view.

    flask-openapi would make the header's JSON schema anew for each request, and three models.
    """

    def mark(view: View) -> View:
        view.__annotations__ = dict(shown)
        view.__delay_validate_request__ = True  # type: ignore[attr-defined]
        return view

    return mark


def idempotency_key() -> str:
    """Return the request's key; refuse (1007) one that is missing or malformed."""
    key = request.headers.get("Idempotency-Key", "")
    if not 1 <= len(key) <= _KEY_MAX or not (key.isascii() and key.isprintable()) or " " in key:
        raise Refusal(
            KEY_MISSING,
            f"The header Idempotency-Key is {key[:40]!r}."
            if key
            else "There is no Idempotency-Key.",
            hint="Send 1 to 255 printable ASCII characters without spaces: a new key for a new "
            "label, the same key for a retry.",
        )
    return key
