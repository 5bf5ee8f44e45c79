"""One thread tells all listeners of streams what happens.

A listener costs a connection and no thread: its request hands the connection over once its answer
has begun. Every half second each of them is told what is new, one after another.
"""

import threading
import time
from typing import Final, Protocol

import structlog

from labeler.web import streams
from labeler.web.streams import Listener

_SHARE: Final = 0.8
"""Of each half second, how much the listeners are spread over: who hears of something asks for
more, and not all at once."""

log = structlog.get_logger(__name__)


class Connection(Protocol):
    """An answer that goes on and on, as the server knows it."""

    @property
    def is_open(self) -> bool:
        """Whether somebody is at the other end."""

    @property
    def unsent_bytes(self) -> int:
        """What it was sent and has not taken."""

    def write(self, data: bytes) -> None:
        """Send some more; whoever is gone is not open any more."""

    def end(self, *, at_once: bool) -> None:
        """End the answer as it should end, or let go of who takes nothing."""


class Broadcast:
    """Those who listen, and the thread that tells them; there is none where nobody listens."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._lock = threading.Lock()
        self._all: dict[Connection, Listener] = {}
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        self._is_ending = False

    def add(self, connection: Connection, listener: Listener) -> None:
        """Tell somebody more from now on, until he is gone."""
        with self._lock:
            self._all[connection] = listener
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="broadcast", daemon=True)
                self._thread.start()

    def end(self) -> None:
        """End every stream; those that come later end as soon as they have begun."""
        self._is_ending = True
        self._wake.set()

    def _run(self) -> None:
        try:
            while here := self._here():
                began = time.monotonic()
                for connection, listener in here:
                    if not self._tell(connection, listener):
                        with self._lock:
                            del self._all[connection]
                    elif not self._is_ending:
                        time.sleep(_SHARE * streams.POLL_S / len(here))
                self._wake.wait(max(0.0, began + streams.POLL_S - time.monotonic()))
        except BaseException:
            self._give_up()
            raise

    def _here(self) -> list[tuple[Connection, Listener]]:
        """Return who listens; where nobody does, the thread is about to end."""
        with self._lock:
            if not self._all:
                self._thread = None
            return list(self._all.items())

    def _tell(self, connection: Connection, listener: Listener) -> bool:
        """Tell somebody what is new; return whether he goes on listening."""
        is_slow = connection.unsent_bytes > streams.UNSENT_BYTES_MAX
        if is_slow:
            log.warning("stream.dropped", unsent_bytes=connection.unsent_bytes)
        stays = connection.is_open and not is_slow and not self._is_ending
        piece = listener.next() if stays else None
        if piece is None:
            listener.close()
            connection.end(at_once=is_slow)
            return False
        if piece:
            connection.write(piece)
        return True

    def _give_up(self) -> None:
        """Let all go when the record cannot be read: browsers come back by themselves."""
        with self._lock:
            here, self._thread = list(self._all.items()), None
            self._all.clear()
        for connection, listener in here:
            listener.close()
            connection.end(at_once=True)
