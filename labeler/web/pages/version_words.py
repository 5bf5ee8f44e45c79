"""What differs between the patterns of a series' versions."""

from itertools import takewhile
from typing import Any


def compared(versions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the versions, the newest first, each with what is new in its pattern.

    `parts` is the pattern as before, new, and as before again.

    >>> new = compared([{"pattern": "AC{counter:5}"}, {"pattern": "AC{counter:6}"}])[0]
    >>> new["parts"]
    ('AC{counter:', '6', '}')
    """
    found, before = [], None
    for one in versions:
        found.append({**one, "parts": _parts(before, one["pattern"])})
        before = one["pattern"]
    return found[::-1]


def _parts(before: str | None, now: str) -> tuple[str, str, str]:
    if before is None or before == now:
        return now, "", ""
    start = _alike(before, now)
    end = _alike(before[start:][::-1], now[start:][::-1])
    return now[:start], now[start : len(now) - end], now[len(now) - end :]


def _alike(one: str, other: str) -> int:
    """Return with how many characters both begin."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
