"""What waitress refuses before the application sees it, answered like everything else.

waitress reads requests off the wire. What it cannot read, or what is too large to read, never
becomes a request of the application; its refusal is a problem document all the same.
"""

import re
import socket
import time
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from typing_extensions import override
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.task import ErrorTask

from labeler import errors
from labeler.errors import Refusal
from labeler.web import problems

LINGER_S = 2.0
"""How long we go on reading what nobody wants after a refusal."""

_READ_AT_ONCE = 65_536


_LISTS = re.compile(
    r"/api/v1/(pools/[^/]+/imports|leases/[0-9]+/(used|void)|units/[a-z-]+|verifications)"
)
"""Addresses that take long lists, or photos."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How long bodies may be; waitress keeps long ones in files."""

    body_max_bytes: int
    import_max_bytes: int
    """Of a list of numbers for a pool, or of serials of a lease; photos have one of their own."""

    def at(self, path: str) -> int:
        """Return the limit at an address."""
        return self.import_max_bytes if _LISTS.fullmatch(path) else self.body_max_bytes


class _Roomier:
    """The settings of waitress with another limit for bodies."""

    def __init__(self, adj: Any, max_request_body_size: int) -> None:
        self._adj = adj
        self.max_request_body_size = max_request_body_size

    def __getattr__(self, name: str) -> Any:
        return getattr(self._adj, name)


class Parser(HTTPRequestParser):
    """Reads one request; whatever is wrong with it becomes its `error`."""

    path = ""  # waitress names it in the log, also where none was read
    adj: Any

    @override
    def parse_header(self, header_plus: bytes) -> None:
        """Call every value that cannot be read an error of the request, not of the connection."""
        try:
            super().parse_header(header_plus)
        except ValueError as error:  # a Content-Length of 5,000 digits, an address like http://[
            raise ParsingError("Its address or its Content-Length is malformed") from error
        if _LISTS.fullmatch(self.path):
            # waitress refuses what reaches its limit, we what exceeds ours.
            self.adj = _Roomier(self.adj, self.adj.limits.import_max_bytes + 1)

    @override
    def received(self, data: bytes) -> int:
        """Take ``data``; a request that is refused already is not told to continue."""
        taken: int = super().received(data)
        if self.error is not None:
            self.expect_continue = False
        return taken


class RefusalTask(ErrorTask):
    """Answers a request that has an `error` with a problem document, and ends the connection."""

    @override
    def execute(self) -> None:
        """Write the document."""
        request: Any = self.request
        refusal = _refusal(request.error, self.channel, path=getattr(request, "path", ""))
        status = refusal.kind.status
        body = problems.document(refusal).encode()
        self.status = f"{status} {HTTPStatus(status).phrase}"
        self.response_headers = [
            ("Content-Type", problems.MEDIA_TYPE),
            ("X-Content-Type-Options", "nosniff"),
        ]
        self.set_close_on_finish()
        self.content_length = len(body)
        # The answer to HEAD is a header only, and the length is that of the body left out.
        self.write(b"" if getattr(request, "command", "") == "HEAD" else body)


def _refusal(error: Any, channel: Any, *, path: str) -> Refusal:
    """Return what we say for an error of waitress."""
    match error.code:
        case 413:
            return problems.too_large(channel.adj.limits.at(path))
        case 431:
            limit = channel.adj.max_request_header_size
            return Refusal(
                errors.HEADER_TOO_LARGE,
                f"The header of the request is larger than {limit} bytes.",
                hint="Send a shorter address and fewer or shorter header fields.",
            )
        case 501:
            return Refusal(
                errors.NOT_SUPPORTED,
                "The request has a Transfer-Encoding other than chunked.",
                hint="Send the body as it is, with its Content-Length.",
            )
        case 400:
            return Refusal(
                errors.BAD_REQUEST,
                f"The request is not HTTP as we read it: {_short(error.body)}.",
                hint="Send HTTP/1.1 (RFC 9112).",
            )
        case _:
            return problems.BUG


def _short(text: str) -> str:
    return text if len(text) <= 100 else f"{text[:97]}..."


class Channel(HTTPChannel):
    """One connection, which outlives a refusal until the refusal has arrived.

    Who is refused is often still sending. A socket that closes with bytes unread resets the
    connection, and the reset may overtake the refusal (RFC 9112, section 9.6): so we stop
    writing, and read on for a while.
    """

    parser_class = Parser
    error_task_class = RefusalTask
    refused = False
    kept = False
    """Whether its answer goes on, told by another thread."""
    _lingers_until: float | None = None

    @override
    def service(self) -> None:
        """Execute one request."""
        self.refused = self.requests[0].error is not None
        super().service()

    def _flush_some(self, do_close: bool = True) -> bool:
        """Send what there is room for, one thread at a time.

        waitress's loop sends without its lock where no request is worked on: nobody else writes
        then, unless an answer goes on.
        """
        with self.outbuf_lock:
            return bool(super()._flush_some(do_close=do_close))  # type: ignore[misc]

    @override
    def received(self, data: bytes) -> bool:
        """Take what has arrived; an answer that goes on is a connection's last."""
        return not self.kept and bool(super().received(data))

    @override
    def handle_close(self) -> None:
        """Close, after a refusal not before its reader has."""
        if self.refused and self.connected and self.socket and self._lingers_until is None:
            self._lingers_until = time.monotonic() + LINGER_S
            self.will_close = False
            with suppress(OSError):  # it has gone: the next reading says so
                self.socket.shutdown(socket.SHUT_WR)
            return
        super().handle_close()

    @override
    def readable(self) -> bool:
        """Return whether to look for more to read; asked at every turn of the loop."""
        if self._lingers_until is None:
            return bool(super().readable())
        self.will_close = self.will_close or time.monotonic() > self._lingers_until
        return not self.will_close

    @override
    def handle_read(self) -> None:
        """Take what has arrived, or drop it where nobody wants it any more."""
        if self._lingers_until is None:
            super().handle_read()
            return
        try:
            self.recv(_READ_AT_ONCE)  # closes at the end of the stream
        except OSError:
            self.handle_close()
