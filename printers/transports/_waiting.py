"""Wait until a socket or device can go on, with a limit and without spinning.

``select.select`` fails for every file number above 1023, which a service with many open requests
hands out; poll does not.
"""

import selectors
import socket

_Selector: type[selectors.BaseSelector] = getattr(
    selectors, "PollSelector", selectors.SelectSelector
)


def until_ready(
    file: int | socket.socket, *, timeout_s: float, read: bool = False, write: bool = False
) -> bool:
    """Wait until it can be read or written, whichever is asked for; False if the time is over."""
    events = selectors.EVENT_READ * read | selectors.EVENT_WRITE * write
    with _Selector() as selector:
        selector.register(file, events)
        return bool(selector.select(max(0.0, timeout_s)))
