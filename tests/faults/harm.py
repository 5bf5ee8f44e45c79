"""Done to a server before it serves: it dies at a named point, and a seeded bug is put into it.

Nothing of this is in the product. `install` is called in the server's own process, before its
first line, and wraps what a label passes on its way: the commits of the store, the verbs of the
spool, the connection to the printer, the reply.
"""

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from typing import Any

from werkzeug.wsgi import ClosingIterator

from labeler.production import booking
from labeler.production.printing import claiming, spool
from labeler.store import Store
from labeler.web import application
from printers import transports

POINTS = (
    "before commit of issue",
    "after commit of issue",
    "before reply",
    "after reply",
    "before claim",
    "before commit of claim",
    "after commit of claim",
    "before write",
    "in write",
    "after write",
    "in proof",
    "before settle",
    "before commit of settle",
    "after commit of settle",
    "after settle",
)
"""Where a server can die, in the order in which a label passes."""


class Fuse:
    """Kills the process when a point is passed for the nth time."""

    def __init__(self, point: str | None, passage: int) -> None:
        self.point = point
        self._left = passage
        self._lock = threading.Lock()

    def burns_at(self, point: str) -> bool:
        """Count a passage; return whether the process dies at this one."""
        if point != self.point:
            return False
        with self._lock:
            self._left -= 1
            return self._left == 0

    def passes(self, point: str) -> None:
        """Pass a point, or die."""
        if self.burns_at(point):
            die()


def die() -> None:
    """End like a process that is killed: nothing is flushed, closed or told."""
    os.kill(os.getpid(), signal.SIGKILL)


def install(
    *, point: str | None = None, passage: int = 1, bug: str | None = None, seed: int = 0
) -> None:
    """Let this process die at the nth passage of ``point``; put the ``bug`` into it."""
    fuse = Fuse(point, passage)
    if bug is not None:
        from tests.faults import bugs

        bugs.BUGS[bug]()
    _harm_commits(fuse)
    _harm_spool(fuse)
    _harm_connections(fuse)
    _harm_replies(fuse)


def _harm_commits(fuse: Fuse) -> None:
    """The transactions that issue, claim or settle."""
    kinds: set[str] = set()  # only the writer's thread runs verbs
    begin, book = Store._begin, booking.book
    claim_in, settle_in = claiming.claim_in, spool.settle_in

    @contextlib.contextmanager
    def begins(store: Store) -> Iterator[Any]:
        kinds.clear()
        with begin(store) as transaction:
            yield transaction
            for kind in sorted(kinds):
                fuse.passes(f"before commit of {kind}")
        for kind in sorted(kinds):
            fuse.passes(f"after commit of {kind}")

    def claims(*given: Any, **named: Any) -> bool:
        kinds.add("claim")
        return claim_in(*given, **named)

    def books(*given: Any, **named: Any) -> Any:
        kinds.add("issue")
        return book(*given, **named)

    def settles(*given: Any, **named: Any) -> Any:
        kinds.add("settle")
        return settle_in(*given, **named)

    put(Store, "_begin", begins)
    put(claiming, "claim_in", claims)
    put(booking, "book", books)
    put(spool, "settle_in", settles)


def _harm_spool(fuse: Fuse) -> None:
    claim, settle_all, settle_and_claim = spool.claim, spool.settle_all, spool.settle_and_claim

    def claims(*given: Any, **named: Any) -> bool:
        fuse.passes("before claim")
        return claim(*given, **named)

    def settles(site: Any, found: Any) -> None:
        is_empty = not any(labels for labels, _, _ in found)
        if not is_empty:
            fuse.passes("before settle")
        settle_all(site, found)
        if not is_empty:
            fuse.passes("after settle")

    def hands_over(*given: Any, **named: Any) -> bool:
        fuse.passes("before settle")
        fuse.passes("before claim")
        claimed = settle_and_claim(*given, **named)
        fuse.passes("after settle")
        return claimed

    put(spool, "claim", claims)
    put(spool, "settle_all", settles)
    put(spool, "settle_and_claim", hands_over)


def _harm_connections(fuse: Fuse) -> None:
    connect = transports.connect

    def connects(uri: str, *, timeout_s: float) -> Any:
        connection = connect(uri, timeout_s=timeout_s)
        write, has_sent = connection.write, False

        def writes(data: bytes, **named: Any) -> None:
            nonlocal has_sent
            if b"^XA" not in data:
                if has_sent:
                    fuse.passes("in proof")
                return write(data, **named)
            fuse.passes("before write")
            if fuse.burns_at("in write"):
                write(data[: len(data) // 2], **named)
                die()
            write(data, **named)
            has_sent = True
            fuse.passes("after write")
            return None

        put(connection, "write", writes)
        return connection

    put(transports, "connect", connects)


def _harm_replies(fuse: Fuse) -> None:
    make_app = application.make_app

    def makes(*given: Any, **named: Any) -> Any:
        app = make_app(*given, **named)
        answers = app.wsgi_app

        def answers_or_dies(environ: dict[str, Any], start_response: Any) -> Any:
            answer = answers(environ, start_response)
            is_trigger = environ["PATH_INFO"].endswith("/labels")
            if environ["REQUEST_METHOD"] != "POST" or not is_trigger:
                return answer
            fuse.passes("before reply")
            return ClosingIterator(answer, lambda: fuse.passes("after reply"))

        put(app, "wsgi_app", answers_or_dies)
        return app

    put(application, "make_app", makes)


def put(place: Any, name: str, what: Any) -> None:
    """Put something in the place of a function that is called by this name."""
    setattr(place, name, what)
