"""One owner per network printer on this machine.

A printer takes one connection at a time, and whoever else connects waits in its queue without a
word; what two programs print moves the odometer for both. So the address is claimed before it is
called. On Linux the claim is the name of an abstract socket (unix(7)): it holds for every program
and user of this machine, and ends with the process, however that ends. Elsewhere it holds within
this process.
"""

import hashlib
import socket
import sys
import threading

_guard = threading.Lock()
_claimed: set[str] = set()


class ClaimedError(OSError):
    """Somebody else of this machine has it."""


class Claim:
    """Held from its making until ``release``."""

    def __init__(self, what: str) -> None:
        """Claim it, or ClaimedError."""
        self._what = what
        self._name: socket.socket | None = None
        with _guard:
            if what in _claimed:
                raise ClaimedError("it is in use by this program")
            if sys.platform == "linux":
                self._name = _bound(what)
            _claimed.add(what)

    def release(self) -> None:
        """Give it back. Twice is fine."""
        with _guard:
            if self._what:
                _claimed.discard(self._what)
            self._what = ""
            if self._name is not None:
                self._name.close()
                self._name = None


def _bound(what: str) -> socket.socket:
    """The bound socket. Its name has room for 107 bytes, so it is a digest."""
    digest = hashlib.sha256(what.encode()).hexdigest()
    name = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        name.bind(f"\0printers.transports/{digest}")
    except OSError as error:
        name.close()
        raise ClaimedError("it is in use by another program of this machine") from error
    return name
