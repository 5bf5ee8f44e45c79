"""What many open pages fetch again by themselves is made once for all of them.

Fifty people may look at a line that has twenty labels a second. Each page asks again twice a
second, or less often where many are open, and a line must not wait for any of them. So what a page
shows by itself is kept for half a second or more, and made by one thread at a time, which then
rests nine times as long as it took. A page that got what is no longer all of it is told so, and
asks once more. Whoever has just done something there sees it at once: his page gets what is so now.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from flask import Response, current_app, g, request

from labeler.web import access, texts
from labeler.web.api import events, site
from labeler.web.pages import rendering, visitor

KEPT_S: Final = 0.5
"""How old what is shown may be, or half of the time between two looks if that is longer."""
_OLDEST_S: Final = 4.0
"""How old it may be while the service has no time; pages ask after five seconds in any case."""
_REST: Final = 9.0
_MOST: Final = 500
BEHIND: Final = "X-Behind"
"""The header of an answer since which something was written: ask again."""
OWN_ACT: Final = "X-Own-Act"
"""The header with which a page says that somebody has just done something on it."""
PACE: Final = "X-Pace"
"""The header that says how many milliseconds a page waits before it asks again, at least."""
SOONEST_MS: Final = 500
_EACH_MS: Final = 40
"""So many open pages ask every 40 ms together: with fifty each asks every two seconds."""
_EXTENSION: Final = "labeler.shared"
_PART: Final = "now"
"""The element that fetches itself; see static/live.js."""


@dataclass(frozen=True, kw_only=True)
class _Made:
    markup: str
    at: float
    commits: int


class Shared:
    """What was made for open pages a moment ago."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._made: dict[Any, _Made] = {}
        self._lock = threading.Lock()
        self._rests_until = 0.0

    def made_now(self, key: Any, make: Callable[[], str]) -> str:
        """Return what ``make`` makes from now on."""
        asked = time.monotonic()
        with self._lock:
            found = self._made.get(key)
            is_new = found is not None and found.at > asked
            return found.markup if found is not None and is_new else self._make(key, make)

    def get(self, key: Any, make: Callable[[], str], *, kept_s: float) -> tuple[str, bool]:
        """Return what ``make`` makes, or made ``kept_s`` ago at most; and whether it is behind."""
        commits, now = site().store.commits, time.monotonic()
        found = self._made.get(key)
        if found is not None and self._will_do(found, now, kept_s=kept_s):
            return found.markup, found.commits != commits
        if found is not None and now - found.at < _OLDEST_S and self._lock.locked():
            return found.markup, True
        with self._lock:
            newer = self._made.get(key)
            if newer is not None and newer is not found:  # made while we waited
                return newer.markup, newer.commits != site().store.commits
            return self._make(key, make), False

    def _will_do(self, found: _Made, now: float, *, kept_s: float) -> bool:
        age = now - found.at
        return age < kept_s or (now < self._rests_until and age < _OLDEST_S)

    def _make(self, key: Any, make: Callable[[], str]) -> str:
        commits, began = site().store.commits, time.monotonic()
        markup = make()
        now = time.monotonic()
        self._rests_until = now + _REST * (now - began)
        if len(self._made) >= _MOST:
            self._made.clear()
        self._made[key] = _Made(markup=markup, at=began, commits=commits)
        return markup


def is_asked() -> bool:
    """Return whether an open page asks by itself for what has changed on it."""
    headers = request.headers
    return access.BY_ITSELF in headers and headers.get("HX-Trigger") == _PART


def pace_ms(pages: int) -> int:
    """Return how long a page of so many open ones waits before it asks again.

    >>> pace_ms(1), pace_ms(50)
    (500, 2000)
    """
    return max(SOONEST_MS, _EACH_MS * pages)


def page(template: str, values: Callable[[], dict[str, Any]]) -> Response:
    """Return a part of a page, made now or a moment ago for somebody who may do the same."""
    who = visitor.visitor()
    shared: Shared = current_app.extensions.setdefault(_EXTENSION, Shared())
    key = (template, request.full_path, texts.language(), who.permissions)

    def make() -> str:
        g.form_stand_in = visitor.STAND_IN
        try:
            return rendering.markup(template, **values())
        finally:
            del g.form_stand_in

    pace = pace_ms(current_app.extensions[events.STREAMS].taken)
    if OWN_ACT in request.headers:
        markup, is_behind = shared.made_now(key, make), False
    else:
        markup, is_behind = shared.get(key, make, kept_s=max(KEPT_S, pace / 2000))
    text = markup.replace(visitor.STAND_IN, who.csrf_token)
    response = Response(text, content_type="text/html; charset=utf-8")
    response.headers[PACE] = str(pace)
    if is_behind:
        response.headers[BEHIND] = "yes"
    return response
