"""The last triggers of each line: what was asked, what was answered, and how long it took.

It is for whoever puts a line into operation. It stands in the memory of this process, since the
record keeps a trigger's reply and not how it was asked; a restart begins it anew.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException

from labeler.web.api import site

_LOG = "labeler.triggers"
_KEPT = 20
"""Triggers of a line that are kept."""
_TEXT_MAX = 500
"""Characters of a request and of an answer that are kept."""
_BYTES_MAX = 4 * _TEXT_MAX
"""The most that so many characters take in UTF-8."""
_BEGAN = "labeler.trigger_began"
_ENDPOINTS = frozenset({"labels.issue_labels", "blocks.issue_block"})


@dataclass(frozen=True, kw_only=True)
class Heard:
    """A trigger, and what came of it."""

    at: datetime
    key: str
    """Its Idempotency-Key; empty where there was none."""
    asked: str
    status: int
    answered: str
    milliseconds: float
    """From its door to its answer, without the network."""


def register(app: Flask) -> None:
    """Remember the triggers that come to ``app``, also those that are refused at its doors."""
    app.before_request(_begin)
    app.after_request(_note)


def of_line(line: str) -> list[Heard]:
    """Return the last triggers of a line, the newest first."""
    log: Mapping[str, deque[_Kept]] = current_app.extensions.get(_LOG, {})
    return [kept.read() for kept in tuple(log.get(line, ()))]


@dataclass(slots=True)
class _Kept:
    """A trigger as it was heard: most of them nobody ever reads, so reading does the work."""

    at: datetime
    key: str
    asked: bytes
    status: int
    answered: bytes
    seconds: float

    def read(self) -> Heard:
        return Heard(
            at=self.at,
            key=self.key[:255],
            asked=self.asked.decode(errors="replace")[:_TEXT_MAX],
            status=self.status,
            answered=self.answered.decode(errors="replace")[:_TEXT_MAX],
            milliseconds=1000 * self.seconds,
        )


def _begin() -> None:
    if request.endpoint in _ENDPOINTS:
        request.environ[_BEGAN] = perf_counter()


def _note(response: Response) -> Response:
    environ = request.environ
    began = environ.get(_BEGAN)
    if began is None:
        return response
    line = str((request.view_args or {}).get("line", ""))
    of = site()
    if line not in of.plant.lines:  # whoever asks may name any
        return response
    log: dict[str, deque[_Kept]] = current_app.extensions.setdefault(_LOG, {})
    kept = _Kept(
        of.clock(),
        environ.get("HTTP_IDEMPOTENCY_KEY", ""),
        _asked(),
        response.status_code,
        response.get_data()[:_BYTES_MAX],
        perf_counter() - began,
    )
    log.setdefault(line, deque(maxlen=_KEPT)).appendleft(kept)
    return response


def _asked() -> bytes:
    """Return the body of the request; nothing of one that was refused unread."""
    try:
        return request.get_data()[:_BYTES_MAX]
    except HTTPException:
        return b""
