"""A key for some lines is for no other: which line a request is about, if it can be told."""

from typing import Any

from flask import request

from labeler.errors import OTHER_LINE, Refusal
from labeler.production.access import lines
from labeler.web import doors
from labeler.web.api import site
from labeler.web.principal import Principal

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def require(who: Principal, endpoint: str) -> None:
    """Refuse (7004) a request about another line, and a change whose line cannot be told.

    What only reads, and names nothing that was made on a line, may be read.
    """
    named: dict[str, Any] = request.view_args or {}
    line = named.get("line") or _line_of(named)
    if line is None and request.method in _SAFE:
        line = request.args.get("line")
        if line is None:
            return
    if line is None and request.is_json:
        body = request.get_json()
        line = body.get("line") if isinstance(body, dict) else None
    if line is None and endpoint in doors.ANY_LINE:
        return
    own = who.lines or frozenset()
    if line not in own:
        told = "for which line cannot be told" if line is None else f"for line '{line}'"
        raise Refusal(
            OTHER_LINE,
            f"The key '{who.name}' is for {' and '.join(sorted(own))}; this is {told}.",
            hint="Use a key of that line, or one for all lines.",
        )


def _line_of(named: dict[str, Any]) -> str | None:
    for name in lines.NAMES:
        if isinstance(named.get(name), int):
            if not 0 <= named[name] < 2**63:
                return None
            with site().store.read() as transaction:
                return lines.line_of(transaction, name, named[name])
    return None
