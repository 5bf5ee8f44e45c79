"""What happens is read from the record once for all listeners, and written as text once.

Whoever looks first after half a second reads; the others find what was read. There is no thread for
it: where nobody listens, nobody reads.
"""

import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import Final

from labeler.production import streaming
from labeler.production.site import Site
from labeler.production.streaming import TOPICS, Cursor, Message, Wish
from labeler.web.api.jsontext import dumps

KEPT: Final = 2000
"""News that are kept for listeners who come a little later."""
_STALE_S: Final = 5.0
"""After so long without a look nobody listened: what happened since need not be read."""
PAGE: Final = 200
"""Events read at once."""
_PAGES: Final = 10
_ALL: Final = Wish(topics=frozenset(TOPICS))
_TOPICS: Final = {
    "printer": "printers",
    "label": "labels",
    "doubtful": "doubtful",
    "job": "jobs",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class News:
    """A message, and its text without the id that it has for each listener."""

    message: Message
    text: str

    def is_behind(self, reached: Cursor) -> bool:
        """Return whether somebody who has read so far has read this."""
        own = self.message.cursor
        if self.message.topic == "printer":
            return own.printer_event <= reached.printer_event
        return own.event <= reached.event


class Newsroom:
    """The newest news of a site."""

    def __init__(self, site: Site) -> None:
        """Begin once somebody listens."""
        self._site = site
        self._lock = threading.Lock()
        self._news: deque[News] = deque()
        self._floor: Cursor | None = None
        """Up to here nothing is kept."""
        self._head: Cursor | None = None
        self._looked_at = float("-inf")

    def since(self, wish: Wish, reached: Cursor, *, newer_s: float) -> tuple[list[News], Cursor]:
        """Return what somebody has not read, and how far that reaches.

        What was read less than ``newer_s`` ago is new enough.
        """
        with self._lock:
            now = time.monotonic()
            if self._head is None or now - self._looked_at > _STALE_S:
                self._begin(reached)
            if now - self._looked_at >= newer_s:
                self._look()
                self._looked_at = now
            floor, head = self._floor, self._head
            fresh = self._fresh(reached)
        assert floor is not None and head is not None  # noqa: PT018, S101 _begin has set both
        if reached.event < floor.event or reached.printer_event < floor.printer_event:
            return self._catch_up(wish, reached)
        return [one for one in fresh if _wants(wish, one.message)], _later(reached, head)

    def _begin(self, reached: Cursor) -> None:
        self._news.clear()
        with self._site.store.read() as transaction:
            present = streaming.present(transaction)
        # Who comes first may have missed some, which others need not read with him.
        near = reached.event >= present.event - KEPT
        self._floor = self._head = _earlier(reached, present) if near else present
        self._looked_at = float("-inf")

    def _look(self) -> None:
        for _ in range(_PAGES):
            assert self._head is not None  # noqa: S101 _begin has set it
            with self._site.store.read() as transaction:
                found, self._head = streaming.read_on(transaction, _ALL, self._head, limit=PAGE)
            self._news.extend(map(_written, found))
            if len(found) < PAGE:
                break
        while len(self._news) > KEPT:
            assert self._floor is not None  # noqa: S101 _begin has set it
            self._floor = _later(self._floor, self._news.popleft().message.cursor)

    def _fresh(self, reached: Cursor) -> list[News]:
        fresh = []
        for one in reversed(self._news):
            cursor = one.message.cursor
            if cursor.event <= reached.event and cursor.printer_event <= reached.printer_event:
                break  # cursors never go back: nothing before it is new
            if not one.is_behind(reached):
                fresh.append(one)
        return fresh[::-1]

    def _catch_up(self, wish: Wish, reached: Cursor) -> tuple[list[News], Cursor]:
        """Read a page for somebody who has missed more than is kept."""
        with self._site.store.read() as transaction:
            found, after = streaming.read_on(transaction, wish, reached, limit=PAGE)
        return list(map(_written, found)), after


def _written(message: Message) -> News:
    data = dumps(message.content).rstrip()  # JSON has no line breaks in it
    return News(message=message, text=f"event: {message.topic}\ndata: {data}\n\n")


def written(message: Message) -> str:
    """Return one event as the standard writes it."""
    return f"id: {message.cursor}\n{_written(message).text}"


def told(news: list[News], reached: Cursor) -> bytes:
    """Return news as somebody is told them who has read so far."""
    pieces = []
    for one in news:
        reached = _later(reached, one.message.cursor)
        pieces.append(f"id: {reached}\n{one.text}")
    return "".join(pieces).encode()


def briefly(news: list[News], reached: Cursor) -> bytes:
    """Return that there is news, for somebody who then looks for himself."""
    for one in news:
        reached = _later(reached, one.message.cursor)
    return f'id: {reached}\nevent: news\ndata: {{"count": {len(news)}}}\n\n'.encode()


def _wants(wish: Wish, message: Message) -> bool:
    if _TOPICS[message.topic] not in wish.topics:
        return False
    if wish.printer is not None and message.content["printer"] != wish.printer:
        return False
    return message.topic == "printer" or wish.run in (None, message.content["run"])


def _later(one: Cursor, other: Cursor) -> Cursor:
    return Cursor(
        event=max(one.event, other.event),
        printer_event=max(one.printer_event, other.printer_event),
    )


def _earlier(one: Cursor, other: Cursor) -> Cursor:
    return Cursor(
        event=min(one.event, other.event),
        printer_event=min(one.printer_event, other.printer_event),
    )
