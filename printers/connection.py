"""An open way to a printer, whatever carries it."""

from types import TracebackType
from typing import Protocol, Self


class Connection(Protocol):
    """Close it with ``with``; for one thread at a time. Transports implement it explicitly."""

    def write(self, data: bytes, *, name: str, timeout_s: float) -> None:
        """Hand all of data to the operating system, or TransportError with bytes_written."""

    def read(self, *, timeout_s: float) -> bytes:
        """What has arrived; b"" when nothing came in time; TransportError if the peer is gone."""

    def close(self) -> None:
        """Give it back. Closing twice is fine."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
