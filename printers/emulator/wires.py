"""The two kinds of line that a virtual printer hangs on, as seen from inside it."""

import contextlib
import os
import select
import socket
import struct
from typing import Protocol

_REPLY_S = 5.0
XON, XOFF = b"\x11", b"\x13"


class Wire(Protocol):
    """Bytes in and out of one connection. OSError: nobody is at the other end any more."""

    is_cable: bool
    """True for a serial line: what is sent while it is cut is lost, and nobody is told."""

    def fileno(self) -> int:
        """What ``select`` waits on."""

    def read(self, limit: int) -> bytes:
        """What has arrived, which is something; b"" where the other end has closed."""

    def write(self, data: bytes) -> None:
        """Send an answer; what nobody takes within seconds is dropped."""

    def hold(self) -> None:
        """Tell the other end to wait, if the line can say so."""

    def release(self) -> None:
        """Tell it to go on."""


class TcpWire(Wire):
    """A client of the TCP port. Not reading is how it is told to wait."""

    is_cable = False

    def __init__(self, client: socket.socket) -> None:
        self._client = client
        client.settimeout(_REPLY_S)

    def fileno(self) -> int:
        """What ``select`` waits on."""
        return self._client.fileno()

    def read(self, limit: int) -> bytes:
        """What has arrived; b"" where the client has closed."""
        return self._client.recv(limit)

    def write(self, data: bytes) -> None:
        """Send an answer."""
        self._client.sendall(data)

    def hold(self) -> None:
        """Nothing to say: the window closes by itself."""

    def release(self) -> None:
        """Nor here."""

    def reset(self) -> None:
        """Close it with a reset, as a printer that loses its power may."""
        self._client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._client.close()

    def close(self) -> None:
        """Close it in order."""
        self._client.close()


class PtyWire(Wire):
    """A pseudo terminal: the printer holds one end, and a program opens the other as a device."""

    is_cable = True

    def __init__(self) -> None:
        import pty
        import tty

        self._far, self._near = pty.openpty()
        # The near end stays open here, so that programs may come and go without an error of ours.
        tty.setraw(self._near)
        os.set_blocking(self._far, False)
        self.device = os.ttyname(self._near)
        """The device that a program opens."""
        self._is_held = False

    def fileno(self) -> int:
        """What ``select`` waits on."""
        return self._far

    def read(self, limit: int) -> bytes:
        """What has arrived."""
        return os.read(self._far, limit)

    def write(self, data: bytes) -> None:
        """Send an answer."""
        while data:
            _, writable, _ = select.select([], [self._far], [], _REPLY_S)
            if not writable:
                return
            with contextlib.suppress(BlockingIOError):
                data = data[os.write(self._far, data) :]

    def hold(self) -> None:
        """Send XOFF once."""
        if not self._is_held:
            self._is_held = True
            self.write(XOFF)

    def release(self) -> None:
        """Send XON if XOFF was sent."""
        if self._is_held:
            self._is_held = False
            self.write(XON)

    def close(self) -> None:
        """Hang up: whoever has the device open gets an error."""
        os.close(self._near)
        os.close(self._far)
