"""Serve over HTTP with waitress, and end without cutting a request.

waitress drops what it is working on when it is told to stop; so we stop taking connections, go on
polling until every request in work has its answer on the wire, and only then close.
"""

import ctypes
import signal
import socket
import struct
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import structlog
from flask import Flask
from waitress.server import create_server

from labeler.web import edge, tls
from labeler.web.broadcast import Broadcast
from labeler.web.own_certificate import OwnCertificate
from labeler.web.tasks import Task

POLL_S = 0.2
"""How long a turn of the loop waits for something to happen."""

_SO_ATTACH_FILTER = 26
_KEEP_NOTHING = struct.pack("@HBBI", 0x06, 0, 0, 0)
"""The filter's one instruction: return 0, which keeps no byte of a packet."""

log = structlog.get_logger(__name__)


class _Channel(edge.Channel):
    task_class = Task


class _Secured(tls.Channel):
    task_class = Task


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a server listens, and through whom it is asked."""

    host: str
    port: int
    trusted_proxy: str | None = None
    """The address of a proxy that says who asks it, and whether by TLS; see docs/access.md."""
    certificate: OwnCertificate | None = None
    """With what TLS is spoken here; None: it is not."""


class Server:
    """A bound server; ``run`` serves until ``stop`` is called or a signal comes."""

    def __init__(self, app: Flask, place: Place, *, threads: int, limits: edge.Limits) -> None:
        """Bind the address. Raises OSError if it is taken."""
        self._map: dict[int, Any] = {}
        self._broadcast = Broadcast()
        self._server = create_server(
            app,
            map=self._map,
            host=place.host,
            port=place.port,
            **_proxied(place.trusted_proxy),
            threads=threads,
            # The application refuses large bodies with a sentence; this is the net below it.
            max_request_body_size=4 * limits.body_max_bytes,
            channel_timeout=120,
            connection_limit=1000,
            backlog=1024,
            ident=None,
            clear_untrusted_proxy_headers=True,
            url_scheme="http" if place.certificate is None else "https",
        )
        for listener in self._listeners():
            listener.channel_class = _channels(place)
            listener.adj.limits = limits
            listener.broadcast = self._broadcast
        # No lock: a second signal may come while the handler of the first one runs.
        self._is_stopping = False

    def stop(self, *_: object) -> None:
        """Ask the server to end; ``run`` returns once it is drained."""
        self._is_stopping = True

    def handle_signals(self) -> None:
        """End on SIGTERM and SIGINT (and SIGBREAK, which is Windows' word for it)."""
        for name in ("SIGTERM", "SIGINT", "SIGBREAK"):
            number = getattr(signal, name, None)
            if number is not None:
                signal.signal(number, self.stop)

    def run(self, *, drain_timeout_s: float, tick: Callable[[], bool] = lambda: True) -> None:
        """Serve until stopped, or until ``tick`` (asked every second) says no; then drain."""
        asyncore = self._server.asyncore
        next_tick = time.monotonic() + 1.0
        while not self._is_stopping:
            asyncore.poll(POLL_S, self._map)
            if time.monotonic() >= next_tick:
                next_tick = time.monotonic() + 1.0
                if not tick():
                    break
        self._drain(drain_timeout_s)

    def _drain(self, timeout_s: float) -> None:
        asyncore = self._server.asyncore
        for listener in self._listeners():
            listener.draining = True
            _refuse_newcomers(listener.socket)
            self._accept_waiting(listener)
            listener.accepting = False
            listener.del_channel(self._map)
            listener.socket.close()
        self._broadcast.end()
        deadline = time.monotonic() + timeout_s
        quiet_since: float | None = None
        while time.monotonic() < deadline:
            asyncore.poll(0.02, self._map)
            if self._busy():
                quiet_since = None
            elif quiet_since is None:
                quiet_since = time.monotonic()
            elif time.monotonic() - quiet_since > POLL_S:
                break  # a request that was on the wire when we stopped has had time to arrive
        else:
            log.warning("server.drain_timeout", requests_cut=self._busy())
        self._server.task_dispatcher.shutdown(cancel_pending=True, timeout=1)
        asyncore.close_all(self._map)

    def _accept_waiting(self, listener: Any) -> None:
        """Take in everybody who has connected; closing the listener would reset them."""
        known = -1
        while len(self._map) > known:
            known = len(self._map)
            listener.handle_accept()

    def _listeners(self) -> list[Any]:
        return [item for item in self._map.values() if getattr(item, "accepting", False)]

    def _busy(self) -> int:
        """Return how many connections have a request in work or an answer not yet sent."""
        channels = [item for item in self._map.values() if hasattr(item, "total_outbufs_len")]
        return sum(
            1
            for c in channels
            if c.requests
            or c.request is not None
            or c.total_outbufs_len
            or c.kept
            or _received(c.socket)
        )


def _channels(place: Place) -> Any:
    return _Channel if place.certificate is None else tls.channels(place.certificate, _Secured)


def _proxied(address: str | None) -> dict[str, Any]:
    """Return the settings of waitress that let one proxy, and no other, say for whom it asks."""
    if address is None:
        return {}
    headers = {"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"}
    return {
        "trusted_proxy": address,
        "trusted_proxy_count": 1,
        "trusted_proxy_headers": headers,
    }


def _refuse_newcomers(listener: socket.socket) -> None:
    """Let nobody connect any more, while those who have connected can still be taken in.

    A listener that closes resets whoever connected in the instant before. A packet filter that
    keeps nothing (Linux, `man 7 socket`) closes the door first: who knocks then knocks again a
    second later, and is refused plainly because nobody listens.
    """
    if sys.platform == "linux":
        program = ctypes.create_string_buffer(_KEEP_NOTHING)
        with suppress(OSError):
            listener.setsockopt(
                socket.SOL_SOCKET,
                _SO_ATTACH_FILTER,
                struct.pack("@HP", 1, ctypes.addressof(program)),
            )


def _received(connection: socket.socket | None) -> bool:
    """Return whether bytes of a request wait unread on ``connection``."""
    if connection is None:
        return False
    try:
        return bool(socket.socket.recv(connection, 1, socket.MSG_PEEK))  # as it came, if secured
    except (BlockingIOError, OSError):
        return False
