"""JSON text as we write and read it."""

import json
from datetime import UTC, datetime
from typing import Any


def time_text(at: datetime) -> str:
    """Return a time as every door writes it: `2026-11-22T10:15:30.123Z`."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return time_text(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain).encode


def dumps(content: Any) -> str:
    """Return JSON text; times as `2026-11-22T10:15:30.123Z`."""
    return _encode(content) + "\n"


class NotJson(ValueError):
    """A text is no JSON as we read it; ``str()`` says what is wrong and where, without a stop."""


def loads(text: str | bytes) -> Any:
    """Return what ``text`` says; NotJson for NaN, a key that stands twice, and all that is wrong.

    JSON lets a key stand twice and says nothing of what it then means (RFC 8259, section 4).
    """
    try:
        return json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_once)
    except NotJson:
        raise
    except RecursionError as error:
        raise NotJson("nested too deeply") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, character {error.colno}"
        raise NotJson(f"{error.msg.removesuffix(' at')} at {where}") from error
    except UnicodeDecodeError as error:
        raise NotJson(f"byte {error.start + 1} is not {error.encoding.upper()}") from error
    except ValueError as error:  # the interpreter's limit
        raise NotJson("a number has more digits than can be read") from error


def _refuse_constant(name: str) -> None:
    raise NotJson(f"{name} is not JSON")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise NotJson(f"the key {name[:40]!r} stands twice")
            seen.add(name)
    return found
