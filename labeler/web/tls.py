"""TLS on the connections of waitress, which knows none: a channel that shakes hands by turns.

One loop serves all connections, so nothing here waits: what cannot go on says whether it waits to
read or to write, and the loop comes back. Whoever does not end his handshake in time is dropped,
and whoever speaks plain HTTP is told so, in plain HTTP.
"""

import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

import structlog
from typing_extensions import override

from labeler.errors import BAD_REQUEST, Refusal
from labeler.web import edge, problems
from labeler.web.own_certificate import OwnCertificate

HANDSHAKE_S: Final = 10.0
"""How long a client may take for its handshake."""

_HANDSHAKE: Final = 0x16
"""The first byte of TLS (RFC 8446, section 5.1); no method of HTTP begins with it."""

log = structlog.get_logger(__name__)


class _LaterError(Exception):
    """Nothing can be read now; no OSError, which would end the connection."""


class Channel(edge.Channel):
    """One connection, secured."""

    socket: ssl.SSLSocket | None

    def __init__(self, server: Any, sock: ssl.SSLSocket, addr: Any, adj: Any, map: Any) -> None:  # noqa: A002 waitress calls it so
        """Take a connection whose handshake is still to come."""
        # A thread that answers writes while the loop reads: OpenSSL allows one of them at a time.
        self._tls_lock = threading.Lock()
        self._shakes_until: float | None = time.monotonic() + HANDSHAKE_S
        self._knows_tls = False
        self._wants_write = False
        super().__init__(server, sock, addr, adj, map=map)

    @override
    def readable(self) -> bool:
        """Return whether to look for more to read; asked at every turn of the loop."""
        if self._shakes_until is None:
            return super().readable()
        self.will_close = self.will_close or time.monotonic() > self._shakes_until
        return not self.will_close and not self._wants_write

    @override
    def writable(self) -> bool:
        """Return whether to look for room to write."""
        if self._shakes_until is None or self.will_close:
            return bool(super().writable())
        return self._wants_write

    @override
    def handle_read(self) -> None:
        """Go on with the handshake, then with requests."""
        if self._shakes_until is not None and not self._shake():
            return
        with suppress(_LaterError):
            super().handle_read()

    @override
    def handle_write(self) -> None:
        """Go on with the handshake, then with answers."""
        if self._shakes_until is None or self.will_close or self._shake():
            super().handle_write()

    @override
    def recv(self, buffer_size: int) -> bytes:
        """Return what has arrived, to the end of its record: of that the loop would not hear."""
        pieces = []
        try:
            with self._tls_lock:
                pieces.append(self._secured().recv(buffer_size))
                while self._secured().pending():
                    pieces.append(self._secured().recv(buffer_size))
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            raise _LaterError from None
        except OSError:  # cut off, or no longer TLS
            pieces.clear()
        data = b"".join(pieces)
        if not data:
            self.handle_close()
        return data

    @override
    def send(self, data: bytes, do_close: bool = True) -> int:
        """Send what there is room for."""
        try:
            with self._tls_lock:
                return self._secured().send(data)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return 0
        except OSError:
            if do_close:
                self.handle_close()
                return 0
            raise

    @override
    def handle_close(self) -> None:
        """Say in TLS that nothing follows, then close."""
        if self.socket is not None and self._shakes_until is None:
            with self._tls_lock, suppress(OSError, ValueError):
                self.socket.unwrap()  # sends what it has to say, and does not wait for an answer
        super().handle_close()

    def _secured(self) -> ssl.SSLSocket:
        """Return the socket; raise OSError if it is closed by now."""
        if self.socket is None:
            raise OSError("closed")
        return self.socket

    def _shake(self) -> bool:
        """Go on with the handshake; return whether it is done."""
        if self.socket is None:
            return False
        try:
            if not self._knows_tls and not self._speaks_tls():
                return False
            self._secured().do_handshake()
        except ssl.SSLWantReadError:
            self._wants_write = False
        except ssl.SSLWantWriteError:
            self._wants_write = True
        except BlockingIOError:  # woken for nothing
            return False
        except OSError as error:
            why = getattr(error, "reason", None) or str(error)
            log.info("tls.handshake_failed", address=str(self.addr[0]), why=why)
            self._shakes_until, self.refused = None, True  # the alert has to arrive
            super().handle_close()
        else:
            self._shakes_until, self._wants_write = None, False
            return True
        return False

    def _speaks_tls(self) -> bool:
        first = _peek(self._secured())
        self._knows_tls = first[:1] == bytes((_HANDSHAKE,))
        if first and not self._knows_tls:
            self._refuse_plain()
        elif not first:
            super().handle_close()
        return self._knows_tls

    def _refuse_plain(self) -> None:
        """Answer plain HTTP, which only this once is spoken here, and end as after a refusal."""
        refusal = Refusal(
            BAD_REQUEST,
            "The request is plain HTTP, and this port speaks TLS.",
            hint="Write https:// instead of http:// before the address.",
        )
        body = problems.document(refusal).encode()
        head = (
            f"HTTP/1.1 400 Bad Request\r\nContent-Type: {problems.MEDIA_TYPE}\r\n"
            f"Content-Length: {len(body)}\r\nX-Content-Type-Options: nosniff\r\n"
            "Connection: close\r\n\r\n"
        )
        with suppress(OSError):
            socket.socket.send(self._secured(), head.encode() + body)
        self._shakes_until, self.refused = None, True
        super().handle_close()


def channels(certificate: OwnCertificate, kind: type[Channel]) -> Callable[..., Channel | None]:
    """Return what makes a channel of a new connection; waitress calls it as if it were a class."""

    def make(*given: Any, **named: Any) -> Channel | None:
        server, connection, *rest = given
        connection.setblocking(False)
        try:
            secured = certificate.context.wrap_socket(
                connection, server_side=True, do_handshake_on_connect=False
            )
        except OSError:  # gone before we looked
            connection.close()
            return None
        return kind(server, secured, *rest, **named)

    return make


def _peek(connection: socket.socket) -> bytes:
    """Return the first byte that waits, undeciphered; empty at the end."""
    return socket.socket.recv(connection, 1, socket.MSG_PEEK)
