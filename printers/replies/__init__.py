"""What a ZPL printer answers, and how it is asked.

A printer may stay silent: when it is blocked, when it is old, when it is something else. Silence
and answers that make no sense are None or a `Silence`, never "ready".
"""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from printers.connection import Connection
from printers.errors import GivenUp
from printers.replies import host_status, identity, troubles, variables
from printers.status import Identity, Picture, Silence, Status

_ANSWER_BYTES_MAX = 4096
_READ_S = 0.25
_HURRIED_READ_S = 0.02
"""How long a reading that may be given up takes at most."""

T = TypeVar("T")


def never() -> bool:
    """Return that nobody has anything better to do."""
    return False


def ask(
    connection: Connection, *, timeout_s: float, give_up: Callable[[], bool] = never
) -> Picture:
    """Ask all that the printer can say of itself; each question may take ``timeout_s``.

    ``give_up`` is asked all the time: once it says yes, GivenUp is raised. The odometer comes last
    and is waited for all the same: an answer that came later would be taken for the next one's.
    Raises TransportError: the connection is gone.
    """
    asking = _Asking(connection, timeout_s=timeout_s, give_up=give_up)
    said = asking.put(b"~HS", name="status request", parse=host_status.parse)
    named = asking.put(b"~HQES", name="error request", parse=troubles.parse)
    status = _together(host_status.status(said) if said else None, named)
    if isinstance(status, Silence):
        return Picture(status=status, identity=None, label_count=None)
    found = asking.put(b"~HI", name="identification request", parse=identity.parse)
    if give_up():
        raise GivenUp
    count = ask_label_count(connection, timeout_s=timeout_s)
    return Picture(status=status, identity=found, label_count=count)


def ask_status(connection: Connection, *, timeout_s: float) -> Status | None:
    """Ask ~HS. None: no complete answer in time. TransportError: the connection is gone."""
    asking = _Asking(connection, timeout_s=timeout_s)
    return asking.put(b"~HS", name="status request", parse=parse_status)


def ask_identity(connection: Connection, *, timeout_s: float) -> Identity | None:
    """Ask ~HI. None: no complete answer in time. TransportError: the connection is gone."""
    asking = _Asking(connection, timeout_s=timeout_s)
    return asking.put(b"~HI", name="identification request", parse=identity.parse)


def ask_label_count(connection: Connection, *, timeout_s: float) -> int | None:
    """Ask the odometer. None: no answer in time, or a printer that has no such counter."""
    return _ask_count(connection, variables.LABELS, timeout_s=timeout_s)


def ask_rfid_counts(connection: Connection, *, timeout_s: float) -> tuple[int, int] | None:
    """Ask how many RFID tags were written and how many were void; None: it does not count them."""
    valid = _ask_count(connection, variables.RFID_VALID, timeout_s=timeout_s)
    if valid is None:
        return None
    void = _ask_count(connection, variables.RFID_VOID, timeout_s=timeout_s)
    return None if void is None else (valid, void)


def forget_beginning(connection: Connection, *, timeout_s: float) -> None:
    """Let the printer forget a label of which only the beginning has arrived (manual, ~JX).

    Whole labels stay in its buffer. TransportError: the connection is gone.
    """
    connection.write(b"~JX", name="cancel of an unfinished label", timeout_s=timeout_s)


def parse_status(answer: bytes) -> Status | None:
    r"""What the last whole answer to ~HS means; None if there is none that makes sense.

    >>> parse_status(b"\x02030,1,0,1245,000,0,0,0,000,0,0,0\x03\r\n"
    ...              b"\x02000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n").reasons
    ('media-empty',)
    """
    found = host_status.parse(answer)
    return host_status.status(found) if found is not None else None


def _ask_count(connection: Connection, name: str, *, timeout_s: float) -> int | None:
    question = variables.question(name)
    asking = _Asking(connection, timeout_s=timeout_s)
    return asking.put(question, name="label count request", parse=variables.parse_count)


def _together(said: Status | None, named: troubles.Troubles | None) -> Status | Silence:
    """What ~HS and ~HQES say together. Without the former nobody knows what waits in it."""
    if said is None:
        reasons, details = (named.errors, named.details) if named else ((), ())
        return Silence(question="~HS", reasons=reasons, details=details)
    if named is None:  # it is older than ~HQES
        return said
    reasons = tuple(dict.fromkeys([*said.reasons, *named.errors]))
    return replace(
        said,
        ready=not reasons,
        reasons=reasons,
        warnings=named.warnings,
        details=tuple(dict.fromkeys([*said.details, *named.details])),
    )


class _Asking:
    """Writes a question and reads until its answer is whole or the time is over."""

    def __init__(
        self, connection: Connection, *, timeout_s: float, give_up: Callable[[], bool] = never
    ) -> None:
        self._connection = connection
        self._timeout_s = timeout_s
        self._give_up = give_up
        self._read_s = _READ_S if give_up is never else _HURRIED_READ_S

    def put(self, question: bytes, *, name: str, parse: Callable[[bytes], T | None]) -> T | None:
        if self._give_up():
            raise GivenUp
        deadline = time.monotonic() + self._timeout_s
        while self._connection.read(timeout_s=0):
            if time.monotonic() > deadline:
                return None
        self._connection.write(question, name=name, timeout_s=self._timeout_s)
        return self._answer(parse, deadline)

    def _answer(self, parse: Callable[[bytes], T | None], deadline: float) -> T | None:
        answer = b""
        while (left_s := deadline - time.monotonic()) > 0 and len(answer) < _ANSWER_BYTES_MAX:
            wait_s = min(left_s, self._read_s)
            arrived = self._connection.read(timeout_s=wait_s)
            if not arrived and deadline - time.monotonic() > left_s - wait_s / 2:
                return None  # It did not even wait: nobody is there who could answer.
            answer += arrived
            if (found := parse(answer)) is not None:
                return found
            if variables.is_unknown(answer):
                return None
            if self._give_up():
                raise GivenUp
        return None
