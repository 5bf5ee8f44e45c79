"""tcp://host:port, the raw port of network printers (9100 unless given).

A write into a connection that the printer has closed succeeds once and vanishes. So what has
arrived is read before every write: an end of the stream fails the write with bytes_written = 0.
"""

import select
import socket
import sys
import time
from urllib.parse import SplitResult, urlsplit

from printers.connection import Connection
from printers.errors import TransportError

SCHEME = "tcp"
REPLIES = True
REWRITABLE = False

_PORT = 9100
_KEEPALIVE_S = {"TCP_KEEPIDLE": 15, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 3}
_UNACKNOWLEDGED_MS = 60_000
"""After that long without an acknowledgement the connection fails (RFC 5482)."""
_READ_BYTES = 65_536
_UNREAD_BYTES_MAX = 1_048_576


def check_uri(uri: str) -> None:
    """ValueError unless it is tcp://host or tcp://host:port."""
    _address(uri)


def connect(uri: str, *, timeout_s: float) -> "TcpConnection":
    """Connect, or TransportError within the time."""
    host, port = _address(uri)
    try:
        stream = socket.create_connection((host, port), timeout=timeout_s)
    except (OSError, UnicodeError) as error:
        raise TransportError(
            f"Printer {uri} cannot be reached: expected a connection within {timeout_s:g} s, got "
            f"{error}; check that it is switched on, in the network and has this address."
        ) from error
    _configure(stream)
    return TcpConnection(uri, stream)


class TcpConnection(Connection):
    """A connected socket."""

    def __init__(self, uri: str, stream: socket.socket) -> None:
        self._uri = uri
        self._stream = stream
        self._unread = bytearray()
        self._is_ended = False

    def write(self, data: bytes, *, name: str, timeout_s: float) -> None:
        """Hand all of data to the operating system, or TransportError with bytes_written."""
        deadline = time.monotonic() + timeout_s
        self._collect()
        if self._is_ended:
            raise self._gone(name, 0, "it had closed the connection before")
        view = memoryview(data)
        sent = 0
        while sent < len(data):
            try:
                sent += self._stream.send(view[sent:])
            except BlockingIOError:
                left_s = deadline - time.monotonic()
                if left_s <= 0:
                    raise TransportError(
                        f"Printer {self._uri} took {sent} of {len(data)} bytes of {name!r}: "
                        f"expected all within {timeout_s:g} s; see whether it is paused or out of "
                        "media.",
                        bytes_written=sent,
                    ) from None
                select.select([], [self._stream], [], left_s)
            except OSError as error:
                raise self._gone(name, sent, str(error)) from error

    def read(self, *, timeout_s: float) -> bytes:
        """What has arrived; b"" when nothing came in time; TransportError if the peer is gone."""
        self._collect()
        if not self._unread and not self._is_ended:
            select.select([self._stream], [], [], max(0.0, timeout_s))
            self._collect()
        if not self._unread and self._is_ended:
            raise TransportError(
                f"Printer {self._uri} closed the connection: expected an answer; connect again."
            )
        found = bytes(self._unread)
        self._unread.clear()
        return found

    def close(self) -> None:
        """Close the socket; bytes on their way still go out."""
        self._stream.close()

    def _collect(self) -> None:
        """Take over what has arrived, without waiting, and notice the end of the stream."""
        while not self._is_ended and len(self._unread) < _UNREAD_BYTES_MAX:
            try:
                arrived = self._stream.recv(_READ_BYTES)
            except BlockingIOError:
                return
            except OSError:
                arrived = b""
            self._is_ended = not arrived
            self._unread += arrived

    def _gone(self, name: str, sent: int, why: str) -> TransportError:
        return TransportError(
            f"Printer {self._uri} is gone after {sent} bytes of {name!r}: {why}; expected an open "
            "connection; connect again.",
            bytes_written=sent,
        )


def _configure(stream: socket.socket) -> None:
    stream.setblocking(False)
    stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    stream.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _KEEPALIVE_S.items():
        if hasattr(socket, name):
            stream.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
    if sys.platform == "linux":
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNACKNOWLEDGED_MS)


def _address(uri: str) -> tuple[str, int]:
    wrong = ValueError(
        f"Printer address {uri!r}: expected tcp://host:port with a port from 1 to 65535 and "
        "nothing else, for example tcp://10.0.0.7:9100."
    )
    try:
        parts: SplitResult = urlsplit(uri)
        port = parts.port
    except ValueError:
        raise wrong from None
    is_plain = not (parts.path.strip("/") or parts.query or parts.fragment or parts.username)
    if parts.scheme != SCHEME or not parts.hostname or not is_plain or port == 0:
        raise wrong
    return parts.hostname, port or _PORT
