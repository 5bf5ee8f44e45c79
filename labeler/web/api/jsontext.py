"""JSON text as we write and read it."""

import json
from datetime import UTC, datetime
from typing import Any


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    raise TypeError(f"{type(value).__name__} has no form in JSON")


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain).encode


def dumps(content: Any) -> str:
    """Return JSON text; times as `2026-11-22T10:15:30.123Z`."""
    return _encode(content) + "\n"


def loads(text: str | bytes) -> Any:
    """Return what ``text`` says; ValueError for NaN, Infinity, and whatever is not JSON."""
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
