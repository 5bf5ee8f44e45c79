"""What a printer says to commands of a person: all that comes until it is quiet, within limits."""

import threading
import time

from printers.connection import Connection
from printers.errors import TransportError

ANSWER_TIMEOUT_S = 5.0
"""How long a printer is listened to at most."""
QUIET_S = 1.0
"""It has said all once it says nothing for so long."""
_POLL_S = 0.2


def heard(connection: Connection, *, most: int, stopping: threading.Event) -> bytes:
    """Return what a printer says, ``most`` + 1 bytes at most: then it went on, and was cut short.

    A printer that hangs up has said what it said.
    """
    found = b""
    deadline = time.monotonic() + ANSWER_TIMEOUT_S
    quiet_since = time.monotonic()
    while time.monotonic() < deadline and not stopping.is_set() and len(found) <= most:
        try:
            part = connection.read(timeout_s=_POLL_S)
        except TransportError:
            break
        if part:
            found, quiet_since = found + part, time.monotonic()
        elif time.monotonic() - quiet_since >= QUIET_S:
            break
    return found[: most + 1]
