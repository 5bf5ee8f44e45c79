"""What a ZPL printer answers: ~HS and the odometer.

A printer may stay silent: when it is blocked, when it is old, when it is something else. Silence
and answers that make no sense are None, never "ready".
"""

import re
import time
from collections.abc import Callable
from typing import TypeVar

from printers.connection import Connection
from printers.status import Reason, Status

_FRAME = re.compile(rb"\x02([^\x02\x03]*)\x03")
_ODOMETER = re.compile(rb'"([^"\r\n]*)"')
_FRAMES = 3
_FIELDS = (12, 11, 2)
"""Fields of the three frames of ~HS (manual, ~HS "Host Status Return")."""
_ANSWER_BYTES_MAX = 4096
_READ_S = 0.25

_FLAGS: tuple[tuple[int, int, Reason], ...] = (
    (0, 1, "media-empty"),
    (0, 2, "paused"),
    (0, 5, "spool-area-full"),
    (0, 6, "other"),
    (0, 9, "other"),
    (0, 10, "other"),
    (0, 11, "other"),
    (1, 2, "cover-open"),
    (1, 3, "marker-supply-empty"),
    (1, 7, "output-area-full"),
)
"""Frame, field and reason (RFC 8011 section 5.4.12). Diagnostic mode, lost memory, and a head too
cold or too hot have no keyword there; a label waiting to be peeled off is a full output area."""

T = TypeVar("T")


def ask_status(connection: Connection, *, timeout_s: float) -> Status | None:
    """Ask ~HS. None: no complete answer in time. TransportError: the connection is gone."""
    return _ask(connection, b"~HS", "status request", parse_status, timeout_s)


def ask_label_count(connection: Connection, *, timeout_s: float) -> int | None:
    """Ask the odometer. None: no answer in time, or a printer that has no such counter."""
    question = b'! U1 getvar "odometer.total_label_count"\r\n'
    return _ask(connection, question, "label count request", parse_label_count, timeout_s)


def parse_status(answer: bytes) -> Status | None:
    r"""The last three frames of an answer to ~HS; None if they are not whole and sound.

    >>> parse_status(b"\x02030,0,0,1245,000,0,0,0,000,0,0,0\x03\r\n"
    ...              b"\x02000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n")
    Status(ready=True, reasons=(), labels_waiting=0, receiving=False)
    >>> parse_status(b"\x02030,1,0\x03\r\n") is None
    True
    """
    frames = [frame.split(b",") for frame in _FRAME.findall(answer)[-_FRAMES:]]
    if tuple(len(frame) for frame in frames) != _FIELDS:
        return None
    flags = [frames[frame][field].strip() for frame, field, _ in _FLAGS]
    partial = frames[0][7].strip()
    waiting = [frames[0][4].strip(), frames[1][8].strip()]
    if not all(flag in {b"0", b"1"} for flag in [*flags, partial]):
        return None
    if not all(re.fullmatch(rb"[0-9]{1,9}", number) for number in waiting):
        return None
    reasons = tuple(
        dict.fromkeys(
            reason for flag, (_, _, reason) in zip(flags, _FLAGS, strict=True) if flag == b"1"
        )
    )
    return Status(
        ready=not reasons,
        reasons=reasons,
        labels_waiting=sum(int(number) for number in waiting),
        receiving=partial == b"1",
    )


def parse_label_count(answer: bytes) -> int | None:
    """The number between quotes; None for "?", which says "unknown variable", and for others.

    >>> parse_label_count(b'"123"'), parse_label_count(b'"?"')
    (123, None)
    """
    quoted = _ODOMETER.findall(answer)
    if not quoted or not re.fullmatch(rb"[0-9]{1,18}", quoted[-1].strip()):
        return None
    return int(quoted[-1])


def _ask(
    connection: Connection,
    question: bytes,
    name: str,
    parse: Callable[[bytes], T | None],
    timeout_s: float,
) -> T | None:
    """Write the question and read until its answer is whole or the time is over."""
    deadline = time.monotonic() + timeout_s
    while connection.read(timeout_s=0):
        if time.monotonic() > deadline:
            return None
    connection.write(question, name=name, timeout_s=timeout_s)
    answer = b""
    while (left_s := deadline - time.monotonic()) > 0 and len(answer) < _ANSWER_BYTES_MAX:
        arrived = connection.read(timeout_s=min(left_s, _READ_S))
        if not arrived and deadline - time.monotonic() > left_s - min(left_s, _READ_S) / 2:
            return None  # It did not even wait: nobody is there who could answer.
        answer += arrived
        if (found := parse(answer)) is not None:
            return found
        if _is_refusal(answer):
            return None
    return None


def _is_refusal(answer: bytes) -> bool:
    return answer.rstrip().endswith(b'"?"')
