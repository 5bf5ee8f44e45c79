"""An open way to a printer, whatever carries it."""

from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Protocol, Self, runtime_checkable

JobState = Literal[
    "pending",
    "pending-held",
    "processing",
    "processing-stopped",
    "canceled",
    "aborted",
    "completed",
]
"""The states of a job by RFC 8011, 5.3.7."""


class Connection(Protocol):
    """Close it with ``with``; for one thread at a time. Transports implement it explicitly."""

    def write(self, data: bytes, *, name: str, timeout_s: float) -> None:
        """Hand all of data over, or TransportError with bytes_written.

        Over is: to the operating system; where documents are kept, to who keeps them.
        """

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


@runtime_checkable
class Paced(Protocol):
    """A connection over a line whose speed it knows, and which takes bytes sooner than it sends."""

    def unsent_s(self) -> float:
        """Seconds until all that was handed over can have left, at the earliest.

        A printer that holds the line up (flow control) makes it more.
        """


def unsent_s(connection: Connection) -> float:
    """Return for how many seconds a question would surely wait behind other bytes; 0: unknown."""
    return connection.unsent_s() if isinstance(connection, Paced) else 0.0


@dataclass(frozen=True, kw_only=True)
class JobReport:
    """What a device says of a document that it keeps as a job."""

    number: int
    """The device's own number of the job."""
    state: JobState
    """*completed* is the device's word that all sheets are stacked (RFC 8011, 5.3.7); a queue that
    only passes documents on says it when it has passed them on."""
    reasons: tuple[str, ...] = ()
    """Keywords such as media-empty-report or job-printing (RFC 8011, 5.3.8)."""
    has_begun: bool | None = None
    """Whether the device ever began to print it (time-at-processing, RFC 8011, 5.3.14.2); None: it
    does not say."""
    sheets: int | None = None
    """How many sheets it says are done (RFC 8011, 5.3.18.3); None: it does not say. A queue that
    passes documents on says 0."""

    @property
    def is_over(self) -> bool:
        """Whether the state is final."""
        return self.state in {"canceled", "aborted", "completed"}


@runtime_checkable
class KeepsJobs(Protocol):
    """A connection to a device that numbers documents and says what became of them."""

    def await_job(self, *, timeout_s: float) -> JobReport:
        """What it says of the document written last, once that is over or the time is.

        TransportError if it does not answer, ValueError if nothing was written.
        """
