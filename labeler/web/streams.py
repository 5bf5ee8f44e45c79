"""Streams of server-sent events (HTML Living Standard, section 9.2).

Each stream holds a thread of the server while it lasts, so there are only so many. Every half
second it looks in the newsroom, which reads the record for all of them: what happens never waits
for who listens. A listener that does not take what it is sent is dropped; it comes back with the id
of the last event it has, and misses nothing.
"""

import threading
import time
from collections.abc import Iterator
from typing import Protocol

import structlog

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

log = structlog.get_logger(__name__)


class Outlet(Protocol):
    """The way to a listener, as the server knows it."""

    @property
    def unsent_bytes(self) -> int:
        """What it was sent and has not taken."""

    @property
    def is_ending(self) -> bool:
        """Whether it is gone, or the server is about to stop."""


class Streams:
    """Counts the streams."""

    def __init__(self, most: int) -> None:
        """Allow ``most`` of them."""
        self._most = most
        self._free = threading.BoundedSemaphore(most) if most else None

    def take(self) -> "Place":
        """Return a place for a stream; refuse (9007) one too many."""
        if self._free is None or not self._free.acquire(blocking=False):
            raise Refusal(
                OVERLOADED,
                f"{self._most} streams of events are open, as many as http.streams_max allows.",
                hint="Close one, raise http.streams_max and http.threads, or ask "
                "GET /api/v1/printers now and then.",
            )
        return Place(self._free)


class Place:
    """A place for one stream; give it back once, however often that is called."""

    def __init__(self, free: threading.BoundedSemaphore) -> None:
        """Hold one of ``free``."""
        self._free: threading.BoundedSemaphore | None = free
        self._lock = threading.Lock()

    def give_back(self) -> None:
        """Let another stream have it."""
        with self._lock:
            free, self._free = self._free, None
        if free is not None:
            free.release()


def lines(
    room: Newsroom, wish: Wish, *, first: tuple[list[Message], Cursor], outlet: Outlet | None
) -> Iterator[bytes]:
    """Yield the stream piece by piece, until its listener is gone or dropped, or we stop."""
    messages, reached = first
    greeting = f"retry: {RETRY_MS}\n\n" + "".join(map(newsroom.written, messages))
    yield greeting.encode()
    spoke_at = time.monotonic()
    while True:
        if outlet is not None and outlet.is_ending:
            return
        if outlet is not None and outlet.unsent_bytes > UNSENT_BYTES_MAX:
            log.warning("stream.dropped", unsent_bytes=outlet.unsent_bytes)
            return
        news, after = room.since(wish, reached, newer_s=POLL_S * _SHARE)
        now = time.monotonic()
        if news:
            yield newsroom.told(news, reached)
            spoke_at = now
        elif now - spoke_at >= HEARTBEAT_S:
            yield b": still here\n\n"
            spoke_at = now
        if after == reached or len(news) < newsroom.PAGE:
            time.sleep(POLL_S)
        reached = after
