"""What tcp: and socket: are: the bytes of a label in a TCP connection, and nothing else."""

import time

from printers.connection import Connection
from printers.errors import TransportError
from printers.transports._stream import BrokenError, StalledError, Stream


class RawConnection(Connection):
    """A connected socket that carries labels one way and answers the other."""

    def __init__(self, uri: str, stream: Stream) -> None:
        self._uri = uri
        self._stream = stream

    def write(self, data: bytes, *, name: str, timeout_s: float) -> None:
        """Hand all of data to the operating system, or TransportError with bytes_written."""
        try:
            self._stream.push(data, deadline=time.monotonic() + timeout_s)
        except StalledError as stalled:
            raise stalled_error(
                self._uri, stalled, name=name, size=len(data), timeout_s=timeout_s
            ) from None
        except BrokenError as broken:
            raise gone_error(self._uri, broken, name=name) from broken

    def read(self, *, timeout_s: float) -> bytes:
        """What has arrived; b"" when nothing came in time; TransportError if the peer is gone."""
        try:
            return self._stream.pull(timeout_s=timeout_s)
        except BrokenError as broken:
            raise unanswered_error(self._uri, broken) from broken

    def close(self) -> None:
        """Close the socket; bytes on their way still go out."""
        self._stream.close()


def stalled_error(
    uri: str, stalled: StalledError, *, name: str, size: int, timeout_s: float
) -> TransportError:
    """The sentence for a printer that did not take all in time."""
    return TransportError(
        f"Printer {uri} took {stalled.sent} of {size} bytes of {name!r}: expected all within "
        f"{timeout_s:g} s; see whether it is paused or out of media.",
        bytes_written=stalled.sent,
        bytes_acknowledged=stalled.acknowledged,
    )


def gone_error(uri: str, broken: BrokenError, *, name: str) -> TransportError:
    """The sentence for a connection that broke in a write."""
    return TransportError(
        f"Printer {uri} is gone after {broken.sent} bytes of {name!r}: {broken}; expected an open "
        "connection; connect again.",
        bytes_written=broken.sent,
        bytes_acknowledged=broken.acknowledged,
    )


def unanswered_error(uri: str, broken: BrokenError) -> TransportError:
    """The sentence for a connection that broke while an answer was waited for."""
    return TransportError(
        f"Printer {uri} is gone: {broken}; expected an answer; connect again.",
        bytes_acknowledged=broken.acknowledged,
    )
