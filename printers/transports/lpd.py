"""lpd://host/queue, the line printer daemon protocol (RFC 1179), port 515 unless given.

Each write is one job: a control file, then the document, "l" for: as it is. Every step is
acknowledged; written is a document whose last acknowledgement came, and then the daemon has all of
it. Whether a label comes out, LPD cannot tell. RFC 1179, 3.1, wants us to call from a port between
721 and 731, which needs root; no daemon of today insists, so it is not done.
"""

import itertools
import secrets
import socket
import time
from urllib.parse import unquote

from printers.connection import Connection
from printers.errors import TransportError
from printers.transports import _addresses, _stream
from printers.transports._stream import BrokenError, StalledError, Stream

SCHEME = "lpd"
REPLIES = False
DOCUMENTS = True
REWRITABLE = False

_FORM = _addresses.Form(
    scheme=SCHEME,
    expected="lpd://host/queue",
    example="lpd://10.0.0.9/labels",
    port=515,
    has_path=True,
    parameters=_stream.PARAMETERS,
)
_RECEIVE_JOB, _CONTROL_FILE, _DATA_FILE = b"\x02", b"\x02", b"\x03"
_FIELD_BYTES_MAX = 99
"""RFC 1179, 7.2: a job's name has up to 99 characters."""

_numbers = itertools.count(secrets.randbelow(1000))
"""Of jobs, by their last three digits; a daemon that still has one of that name replaces it."""


def check_uri(uri: str) -> None:
    """ValueError unless it is lpd://host/queue or lpd://host:port/queue."""
    _queue(_addresses.parse(uri, form=_FORM))


def connect(uri: str, *, timeout_s: float) -> "LpdConnection":
    """Connect, or TransportError within the time."""
    address = _addresses.parse(uri, form=_FORM)
    stream = _stream.open_stream(address, timeout_s=timeout_s, is_claimed=False)
    return LpdConnection(address, stream)


class LpdConnection(Connection):
    """A daemon that takes jobs, one for each connection."""

    def __init__(self, address: _addresses.Address, stream: Stream) -> None:
        self._address = address
        self._stream: Stream | None = stream

    def write(self, data: bytes, *, name: str, timeout_s: float) -> None:
        """Send a job and have it acknowledged, or TransportError with bytes_written."""
        deadline = time.monotonic() + timeout_s
        stream = self._stream
        if stream is None:
            stream = _stream.open_stream(self._address, timeout_s=timeout_s, is_claimed=False)
        self._stream = None
        job = f"{next(_numbers) % 1000:03d}{_host()}"
        control = _control_file(job, name).encode()
        queue = _queue(self._address).encode()
        sent = 0
        try:
            self._step(stream, _RECEIVE_JOB + queue + b"\n", deadline=deadline)
            self._step(stream, _file(_CONTROL_FILE, len(control), f"cfA{job}"), deadline=deadline)
            self._step(stream, control + b"\0", deadline=deadline)
            self._step(stream, _file(_DATA_FILE, len(data), f"dfA{job}"), deadline=deadline)
            try:
                stream.push(data + b"\0", deadline=deadline)
            except BrokenError as broken:
                sent = min(broken.sent, len(data))
                raise
            sent = len(data)
            self._acknowledge(stream, deadline=deadline)
        except BrokenError as broken:
            raise self._error(broken, sent, name=name, size=len(data)) from broken
        finally:
            stream.close()

    def read(self, *, timeout_s: float) -> bytes:
        """Nothing: a daemon passes no answers on."""
        return b""

    def close(self) -> None:
        """Close what is open."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def _step(self, stream: Stream, data: bytes, *, deadline: float) -> None:
        try:
            stream.push(data, deadline=deadline)
        except BrokenError as broken:
            raise BrokenError(str(broken)) from broken  # none of these bytes are the document's
        self._acknowledge(stream, deadline=deadline)

    def _acknowledge(self, stream: Stream, *, deadline: float) -> None:
        """RFC 1179, 6: an octet of zero bits, or the step has failed."""
        answer = b""
        while not answer:
            left_s = deadline - time.monotonic()
            answer = stream.pull(timeout_s=left_s)
            if not answer and left_s <= 0:
                raise StalledError("it does not acknowledge it in time")
        if answer[0] != 0:
            raise BrokenError(f"it refuses it with code {answer[0]}")

    def _error(self, broken: BrokenError, sent: int, *, name: str, size: int) -> TransportError:
        return TransportError(
            f"Queue {self._address.uri} did not take {name!r}, {sent} of {size} bytes sent: "
            f"{broken}; expected an acknowledgement of every step; see whether the queue exists, "
            "is open and has room.",
            bytes_written=sent,
            bytes_acknowledged=broken.acknowledged,
        )


def _queue(address: _addresses.Address) -> str:
    queue = unquote(address.path.removeprefix("/"))
    if not queue.isascii() or not queue.isprintable() or " " in queue or "/" in queue:
        raise ValueError(
            f"Printer address {address.uri!r}: expected the name of a queue, of printable ASCII "
            "without a space or slash, for example lpd://10.0.0.9/labels."
        )
    return queue


def _control_file(job: str, name: str) -> str:
    """RFC 1179, 7: host, user, job name, print dfA as it is, remove it, source's name."""
    title = name.encode("ascii", "replace").decode().replace("\n", " ")[:_FIELD_BYTES_MAX]
    return f"H{_host()}\nPlabeler\nJ{title}\nldfA{job}\nUdfA{job}\nN{title}\n"


def _file(kind: bytes, size: int, name: str) -> bytes:
    return kind + f"{size} {name}\n".encode()


def _host() -> str:
    """The name of this machine, as a file name may carry it: up to 31 octets (RFC 1179, 7.2)."""
    name = socket.gethostname().encode("ascii", "replace").decode().split(".")[0]
    return "".join(one if one.isalnum() or one == "-" else "-" for one in name)[:31] or "labeler"
