"""Answers between STX and ETX, found in whatever else has arrived."""

import re

_FRAME = re.compile(rb"\x02([^\x02\x03]*)\x03")


def find(answer: bytes) -> list[bytes]:
    r"""What stands in the whole frames of an answer, in order.

    >>> find(b"x\x02a,b\x03\r\n\x02c\x03\x02d")
    [b'a,b', b'c']
    """
    return _FRAME.findall(answer)


def text(frame: bytes) -> str | None:
    r"""A frame as text; None if it has anything but printable ASCII and white space.

    >>> text(b" ZD621 "), text(b"\xff")
    (' ZD621 ', None)
    """
    found = frame.decode("latin-1")
    sound = all(" " <= character <= "~" or character in "\r\n\t" for character in found)
    return found if sound else None
