"""A device file that is open and does not block: exact counts, waits with a limit.

Counts are what tells "surely nothing left us" from "doubtful". The number is closed by its owner.
"""

import os
import time

from printers.errors import TransportError
from printers.transports._waiting import until_ready

_READ_BYTES = 65_536
_PAUSE_S = 0.05
"""A device that says "readable" and then has nothing is asked again after that."""


def write(number: int, data: bytes, *, uri: str, name: str, timeout_s: float) -> None:
    """Hand all of data to the driver, or TransportError with bytes_written."""
    deadline = time.monotonic() + timeout_s
    view = memoryview(data)
    sent = 0
    while sent < len(data):
        try:
            sent += os.write(number, view[sent:])
        except BlockingIOError:
            left_s = deadline - time.monotonic()
            if left_s <= 0:
                raise stalled(uri, sent, name=name, size=len(data), timeout_s=timeout_s) from None
            until_ready(number, write=True, timeout_s=left_s)
        except OSError as error:
            raise gone(uri, f"{sent} bytes of {name!r}", why=str(error), sent=sent) from error


def read(number: int, *, uri: str, timeout_s: float, ends: bool) -> bytes:
    """What has arrived; b"" when nothing came in time; TransportError if the device is gone.

    ``ends``: an empty read is the end, as on a terminal; a USB printer just had nothing to say.
    """
    deadline = time.monotonic() + timeout_s
    while until_ready(number, read=True, timeout_s=deadline - time.monotonic()):
        try:
            arrived = os.read(number, _READ_BYTES)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise gone(uri, "an answer was expected", why=str(error)) from error
        if arrived:
            return arrived
        if ends:
            raise gone(uri, "an answer was expected", why="the line has ended")
        time.sleep(max(0.0, min(_PAUSE_S, deadline - time.monotonic())))
        if time.monotonic() >= deadline:
            break
    return b""


def stalled(uri: str, sent: int, *, name: str, size: int, timeout_s: float) -> TransportError:
    """The sentence for a device that did not take all in time."""
    return TransportError(
        f"Printer {uri} took {sent} of {size} bytes of {name!r}: expected all within "
        f"{timeout_s:g} s; see whether it is paused, out of media or set to another flow control.",
        bytes_written=sent,
    )


def gone(uri: str, what: str, *, why: str, sent: int = 0) -> TransportError:
    """The sentence for a device that was unplugged."""
    return TransportError(
        f"Printer {uri} is gone ({what}): {why}; expected a connected device; check the cable and "
        "open it again.",
        bytes_written=sent,
    )
