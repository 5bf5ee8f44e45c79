"""A TCP connection to a printer, or to what stands before it, with exact counts.

A write into a connection that the other end has closed succeeds once and vanishes. So what has
arrived is read before every write and while it waits: an end of the stream fails it with the exact
count. A write into a cut cable succeeds, too, and may arrive much later; nobody can see that at
once. What is not acknowledged within ``user_timeout_ms`` fails the connection (RFC 5482), and is
never sent again after that. The system counts a printer that is paused with its buffer full the
same way, since it takes nothing either.
"""

import contextlib
import socket
import struct
import sys
import time
from dataclasses import dataclass

from printers.errors import TransportError
from printers.transports._addresses import Address, Parameter
from printers.transports._claims import Claim, ClaimedError
from printers.transports._waiting import until_ready

PARAMETERS = {"user_timeout_ms": Parameter(default="20000", minimum=500, maximum=600_000)}
"""Of every scheme over TCP. Longer than a write may last, shorter than a proof is waited for."""

_KEEPALIVE_S = {"TCP_KEEPIDLE": 15, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 3}
_SEND_BUFFER_BYTES = 65_536
"""What waits in the system is doubtful when the connection breaks, so little may; left alone, Linux
lets some MB wait."""
_READ_BYTES = 65_536
_FAREWELL_S = 0.5
"""How long a printer may take to close its side when we have closed ours."""
_UNREAD_BYTES_MAX = 1_048_576


class BrokenError(Exception):
    """The bytes could not go on; ``str()`` says why in a few words."""

    def __init__(self, why: str, *, sent: int = 0, acknowledged: int | None = None) -> None:
        super().__init__(why)
        self.sent = sent
        """Bytes that the operating system had accepted."""
        self.acknowledged = acknowledged
        """Bytes that the machine at the other end had taken; None: unknown."""


class StalledError(BrokenError):
    """The time is over, the connection still stands."""


@dataclass(frozen=True, kw_only=True)
class _End:
    """Why nothing will arrive any more."""

    why: str


class Stream:
    """A connected socket; for one thread at a time."""

    def __init__(self, connected: socket.socket, *, claim: Claim | None) -> None:
        self._socket = connected
        self._claim = claim
        self._unread = bytearray()
        self._end: _End | None = None
        self._last_sent = 0
        self._has_sent = False

    def push(self, data: bytes, *, deadline: float) -> None:
        """Hand all of data to the operating system until then (``time.monotonic``).

        BrokenError with the exact count, StalledError if only the time is over.
        """
        self._collect()
        self._last_sent = 0
        if self._end:
            raise BrokenError(self._end.why, acknowledged=self._acknowledged())
        self._has_sent = True
        view = memoryview(data)
        while self._last_sent < len(data):
            try:
                self._last_sent += self._socket.send(view[self._last_sent :])
            except BlockingIOError:
                self._wait_for_room(deadline)
            except OSError as error:
                self._end = _End(why=str(error))
                raise self._broken(str(error)) from error

    def pull(self, *, timeout_s: float) -> bytes:
        """What has arrived; b"" when nothing came in time; BrokenError at the end of the stream."""
        self._collect()
        if not self._unread and not self._end:
            until_ready(self._socket, read=True, timeout_s=timeout_s)
            self._collect()
        if not self._unread and self._end:
            raise BrokenError(self._end.why, acknowledged=self._acknowledged())
        found = bytes(self._unread)
        self._unread.clear()
        return found

    def close(self) -> None:
        """Close the socket; bytes on their way still go out. Closing twice is fine.

        Closing while an answer is unread resets the connection, and that throws away what the
        printer has not read yet. So it is told that no more comes, and is read until it closes.
        """
        if self._has_sent and not self._end:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_WR)
            deadline = time.monotonic() + _FAREWELL_S
            while not self._end and time.monotonic() < deadline:
                until_ready(self._socket, read=True, timeout_s=deadline - time.monotonic())
                self._collect()
                self._unread.clear()
        self._has_sent = False
        self._socket.close()
        if self._claim:
            self._claim.release()

    def _wait_for_room(self, deadline: float) -> None:
        """Wait until the system takes more bytes; a printer that wants to be read is read."""
        left_s = deadline - time.monotonic()
        if left_s <= 0:
            raise StalledError(
                "the time is over", sent=self._last_sent, acknowledged=self._acknowledged()
            )
        has_room = len(self._unread) < _UNREAD_BYTES_MAX
        until_ready(self._socket, write=True, read=has_room, timeout_s=left_s)
        self._collect()
        if self._end:
            raise self._broken(self._end.why)

    def _broken(self, why: str) -> BrokenError:
        return BrokenError(why, sent=self._last_sent, acknowledged=self._acknowledged())

    def _collect(self) -> None:
        """Take over what has arrived, without waiting, and notice the end of the stream."""
        while not self._end and len(self._unread) < _UNREAD_BYTES_MAX:
            try:
                arrived = self._socket.recv(_READ_BYTES)
            except BlockingIOError:
                return
            except OSError as error:
                self._end = _End(why=str(error))
                return
            if not arrived:
                self._end = _End(why="it has closed the connection")
            self._unread += arrived

    def _acknowledged(self) -> int | None:
        """How much of the last push the other machine took. The queue outlives the connection."""
        if sys.platform != "linux":
            return None
        import fcntl
        import termios

        try:  # SIOCOUTQ of tcp(7), which has the number of TIOCOUTQ
            queued = fcntl.ioctl(self._socket, termios.TIOCOUTQ, b"\0\0\0\0")
        except (OSError, ValueError):
            return None
        return max(0, self._last_sent - int(struct.unpack("i", queued)[0]))


def open_stream(address: Address, *, timeout_s: float, is_claimed: bool = True) -> Stream:
    """Connect within the time, for this program alone if claimed; or TransportError.

    How long a name server is waited for is set in the operating system; a numeric address asks
    none.
    """
    deadline = time.monotonic() + timeout_s
    why: OSError | UnicodeError = TimeoutError("timed out")
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise _unreachable(address, timeout_s, error) from error
    for family, kind, protocol, _, place in found:
        claim = None
        try:
            claim = Claim(f"tcp {place[0]!s} {place[1]!s}") if is_claimed else None
            connected = _connected(socket.socket(family, kind, protocol), place, deadline=deadline)
        except ClaimedError as error:
            raise TransportError(
                f"Printer {address.uri} cannot be used: {error}; expected one owner, since its "
                "counter would move for both; end the other one, or wait for it."
            ) from error
        except OSError as error:
            why = error
            if claim:
                claim.release()
            continue
        _configure(connected, user_timeout_ms=int(address.parameters["user_timeout_ms"]))
        return Stream(connected, claim=claim)
    raise _unreachable(address, timeout_s, why) from why


def _connected(
    plain: socket.socket, place: tuple[object, ...], *, deadline: float
) -> socket.socket:
    try:
        plain.settimeout(max(0.001, deadline - time.monotonic()))
        plain.connect(place)
    except OSError:
        plain.close()
        raise
    return plain


def _unreachable(address: Address, timeout_s: float, why: OSError | UnicodeError) -> TransportError:
    return TransportError(
        f"Printer {address.uri} cannot be reached: expected a connection within {timeout_s:g} s, "
        f"got {why}; check that it is switched on, in the network and has this address."
    )


def _configure(stream: socket.socket, *, user_timeout_ms: int) -> None:
    stream.setblocking(False)
    stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    stream.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_BYTES)
    stream.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _KEEPALIVE_S.items():
        if hasattr(socket, name):
            stream.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
    if sys.platform == "linux":
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, user_timeout_ms)
