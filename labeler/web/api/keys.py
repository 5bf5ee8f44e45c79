"""The Idempotency-Key of a request: the name of a wish, so that a retry is no second one."""

from flask import request

from labeler.errors import KEY_MISSING, Refusal

_KEY_MAX = 255


def key() -> str:
    """Return the request's Idempotency-Key; refuse (1007) a missing or malformed one."""
    found = request.headers.get("Idempotency-Key", "")
    is_plain = found.isascii() and found.isprintable() and " " not in found
    if not 1 <= len(found) <= _KEY_MAX or not is_plain:
        raise Refusal(
            KEY_MISSING,
            _wrong(found),
            hint="Send 1 to 255 printable ASCII characters without spaces: a new key for a new "
            "label, the same key for a retry.",
        )
    return found


def _wrong(found: str) -> str:
    if not found:
        return "There is no Idempotency-Key."
    if len(found) > _KEY_MAX:
        expected = f"expected at most {_KEY_MAX} characters"
        return f"The Idempotency-Key is too long: {expected}, got {len(found)}."
    return f"The header Idempotency-Key is {found[:40]!r}."
