"""The last triggers of each line: what was asked, what was answered, and how long it took.

It is for whoever puts a line into operation. It stands in the memory of this process, since the
record keeps a trigger's reply and not how it was asked; a restart begins it anew.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import HTTPException

from labeler.web.api import site

_LOG = "labeler.triggers"
_KEPT = 20
"""Triggers of a line that are kept."""
_TEXT_MAX = 500
"""Characters of a request and of an answer that are kept."""
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
    log: Mapping[str, deque[Heard]] = current_app.extensions.get(_LOG, {})
    return list(log.get(line, ()))


def _begin() -> None:
    if request.endpoint in _ENDPOINTS:
        g.trigger_began = perf_counter()


def _note(response: Response) -> Response:
    began = g.get("trigger_began")
    if began is None:
        return response
    log: dict[str, deque[Heard]] = current_app.extensions.setdefault(_LOG, {})
    line = str((request.view_args or {}).get("line", ""))
    if line not in site().plant.lines:  # whoever asks may name any
        return response
    heard = Heard(
        at=site().clock(),
        key=request.headers.get("Idempotency-Key", "")[:255],
        asked=_asked(),
        status=response.status_code,
        answered=response.get_data(as_text=True)[:_TEXT_MAX],
        milliseconds=1000 * (perf_counter() - began),
    )
    log.setdefault(line, deque(maxlen=_KEPT)).appendleft(heard)
    return response


def _asked() -> str:
    """Return the body of the request; nothing of one that was refused unread."""
    try:
        return request.get_data(as_text=True)[:_TEXT_MAX]
    except HTTPException:
        return ""
