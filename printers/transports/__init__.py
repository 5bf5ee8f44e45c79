"""A URI to a connection, one scheme per file. The folder is the registry; only listed ones load."""

import sys
from typing import Protocol, cast

from printers import folder
from printers.connection import Connection
from printers.transports._addresses import shown

__all__ = [
    "Connection",
    "Transport",
    "check",
    "check_uri",
    "connect",
    "documents",
    "keeps_jobs",
    "replies",
    "rewritable",
    "schemes",
    "shown",
]


class Transport(Protocol):
    """What each module of this folder offers."""

    SCHEME: str
    """The file's name."""
    REPLIES: bool
    """True if a device can answer there, in its own language."""
    DOCUMENTS: bool
    """True if each write is a document of its own with a name, False if it goes into a stream."""
    REWRITABLE: bool
    """True if writing the same document twice leaves one copy."""

    def check_uri(self, uri: str) -> None:
        """ValueError with a sentence if the URI cannot be meant. Opens nothing."""

    def connect(self, uri: str, *, timeout_s: float) -> Connection:
        """Open it, or TransportError."""


def schemes() -> tuple[str, ...]:
    """The schemes there are."""
    return folder.names(sys.modules[__name__])


def check_uri(uri: str) -> None:
    """ValueError with a sentence if nothing could be opened by this URI. Opens nothing."""
    _transport(uri).check_uri(uri)


def connect(uri: str, *, timeout_s: float) -> Connection:
    """Open it. ValueError if the URI is wrong, TransportError if nobody is there."""
    transport = _transport(uri)
    transport.check_uri(uri)
    return transport.connect(uri, timeout_s=timeout_s)


def replies(uri: str) -> bool:
    """True if a device can answer there, in its own language."""
    return _transport(uri).REPLIES


def documents(uri: str) -> bool:
    """True if each write is a document of its own, so that two must never be joined."""
    return _transport(uri).DOCUMENTS


def keeps_jobs(uri: str) -> bool:
    """True if its connections are KeepsJobs: who takes documents there says what became of them."""
    return bool(getattr(_transport(uri), "JOBS", False))


def rewritable(uri: str) -> bool:
    """True if writing the same document twice leaves one copy."""
    return _transport(uri).REWRITABLE


def check(uri: str) -> list[str] | None:
    """What is not as it was written, a sentence each; None where nothing is kept to compare.

    OSError if something cannot be read.
    """
    look = getattr(_transport(uri), "check", None)
    return cast(list[str], look(uri)) if look else None


def _transport(uri: str) -> Transport:
    scheme, colon, _ = uri.partition(":")
    if not colon or scheme not in schemes():
        raise ValueError(
            f"Printer address {shown(uri)!r} begins with no known scheme: expected one of "
            f"{', '.join(name + ':' for name in schemes())}; for example tcp://10.0.0.7:9100."
        )
    return cast(Transport, folder.load(sys.modules[__name__], scheme, what="scheme"))
