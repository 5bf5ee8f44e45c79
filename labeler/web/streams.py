"""Streams of server-sent events (HTML Living Standard, section 9.2).

There are only so many. Every half second a listener is told what the newsroom has, which reads
the record for all of them: what happens never waits for who listens. A listener that does not take
what it is sent is dropped; it comes back with the id of the last event it has, and misses nothing.
"""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Protocol

from labeler.errors import OVERLOADED, Refusal
from labeler.production.streaming import Cursor, Message, Wish
from labeler.web import newsroom
from labeler.web.newsroom import Newsroom

OUTLET = "labeler.outlet"
"""Where the server puts the Outlet of a request, in its WSGI environment."""

POLL_S = 0.5
_SHARE = 0.9
"""What somebody read in the last so much of that time is new enough for another."""
HEARTBEAT_S = 10.0
"""After so long without an event a comment is sent: we notice who is gone, no proxy hangs up."""
RETRY_MS = 2000
"""How long a browser waits before it comes back."""
UNSENT_BYTES_MAX = 262_144
"""What may wait for a slow listener."""
_PAGES = 3
"""Pages of news told at once."""


class Outlet(Protocol):
    """The way to who asked, as the server knows it."""

    def keep(self, listener: "Listener") -> None:
        """Go on telling ``listener`` what it has to be told once the answer has begun."""


class Streams:
    """Counts the streams."""

    def __init__(self, most: int) -> None:
        """Allow ``most`` of them."""
        self._most = most
        self._lock = threading.Lock()
        self._taken = 0

    @property
    def taken(self) -> int:
        """How many are open."""
        return self._taken

    def take(self) -> "Place":
        """Return a place for a stream; refuse (9007) one too many."""
        with self._lock:
            is_full = self._taken >= self._most
            self._taken += not is_full
        if is_full:
            raise Refusal(
                OVERLOADED,
                f"{self._most} streams of events are open, as many as http.streams_max allows.",
                hint="Close one, raise http.streams_max, or ask GET /api/v1/printers now and then.",
            )
        return Place(self._give_back)

    def _give_back(self) -> None:
        with self._lock:
            self._taken -= 1


class Place:
    """A place for one stream; give it back once, however often that is called."""

    def __init__(self, give_back: Callable[[], None]) -> None:
        """Hold one until ``give_back`` is called."""
        self._give_back: Callable[[], None] | None = give_back
        self._lock = threading.Lock()

    def give_back(self) -> None:
        """Let another stream have it."""
        with self._lock:
            give_back, self._give_back = self._give_back, None
        if give_back is not None:
            give_back()


class Listener:
    """Somebody who is told what happens, until he may hear no more or is gone."""

    def __init__(
        self,
        room: Newsroom,
        wish: Wish,
        *,
        first: tuple[list[Message], Cursor],
        may_go_on: Callable[[], bool],
        place: Place,
    ) -> None:
        """Begin with what ``first`` says, at a place of its own."""
        self._room, self._wish = room, wish
        self._messages, self._reached = first
        self._may_go_on, self._place = may_go_on, place
        self._spoke_at = time.monotonic()

    def greeting(self) -> bytes:
        """Return how the stream begins."""
        told = "" if self._wish.is_brief else "".join(map(newsroom.written, self._messages))
        return f"retry: {RETRY_MS}\n\n{told}".encode()

    def next(self) -> bytes | None:
        """Return what is new, mostly nothing; None: the stream is over."""
        if not self._may_go_on():
            return None
        pieces = []
        is_behind = True
        while is_behind:
            before = self._reached
            news, self._reached = self._room.since(self._wish, before, newer_s=POLL_S * _SHARE)
            if news:
                tell = newsroom.briefly if self._wish.is_brief else newsroom.told
                pieces.append(tell(news, before))
            # Who has missed much is told a page at a time, as much as he can take.
            is_behind = len(news) >= newsroom.PAGE and len(pieces) < _PAGES
        now = time.monotonic()
        if not pieces and now - self._spoke_at >= HEARTBEAT_S:
            pieces.append(b": still here\n\n")
        if pieces:
            self._spoke_at = now
        return b"".join(pieces)

    def close(self) -> None:
        """Give the place back."""
        self._place.give_back()


def alone(listener: Listener) -> Iterator[bytes]:
    """Yield a stream where no server takes it over, as in tests: it holds its thread."""
    try:
        yield listener.greeting()
        while (piece := listener.next()) is not None:
            if piece:
                yield piece
            time.sleep(POLL_S)
    finally:
        listener.close()
