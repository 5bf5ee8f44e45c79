"""IPP messages over HTTP (RFC 8010, 4): a request, its answer, and what surely did not happen."""

import time
from collections.abc import Iterator

import httpx

from printers.transports import _ipp_messages as messages
from printers.transports._addresses import Address

_PIECE_BYTES = 16_384
_ANSWER_BYTES_MAX = 1_048_576
_ERROR, _SERVER_ERROR = 0x0400, 0x0500
_REFUSED_AT_ONCE = frozenset({0x0501, 0x0502, 0x0503, 0x0506, 0x0507})
"""Server errors that say that no job was begun: operation or version not supported, service
unavailable, not accepting jobs, busy (RFC 8011, B.1.5)."""
_ABOUT_DOCUMENT = frozenset(
    {0x0400, 0x0408, 0x0409, 0x040A, 0x040B, 0x040E, 0x040F, 0x0410, 0x0411, 0x0412}
)
"""Client errors that this document, sent again, would meet again: bad request, too large, value too
long, format or attribute not supported, conflicting attributes, compression not supported or
broken, error in the document, no access to it (RFC 8011, B.1.4)."""
_HTTP_ABOUT_DOCUMENT = frozenset({400, 413, 415})


class LateError(Exception):
    """The time for a request is over."""


class RefusedError(Exception):
    """The printer answered, and the answer is no; ``str()`` is what it said."""

    def __init__(self, why: str, *, surely_no_job: bool, is_about_document: bool = False) -> None:
        super().__init__(why)
        self.surely_no_job = surely_no_job
        self.is_about_document = is_about_document


class Body:
    """A request that counts what it handed over, and may be sent again after a 401."""

    def __init__(self, head: bytes, document: bytes = b"", *, deadline: float) -> None:
        self._head = head
        self.document = document
        self._deadline = deadline
        self.sent = 0
        """Bytes of the document that may have left."""

    @property
    def length(self) -> int:
        """Of all of it, in bytes."""
        return len(self._head) + len(self.document)

    def __iter__(self) -> Iterator[bytes]:
        self.sent = 0
        yield self._head
        for start in range(0, len(self.document), _PIECE_BYTES):
            if time.monotonic() > self._deadline:
                raise LateError
            piece = self.document[start : start + _PIECE_BYTES]
            self.sent += len(piece)
            yield piece


class Requester:
    """Sends requests to one printer; close its client when done."""

    def __init__(self, client: httpx.Client, url: str, *, address: Address) -> None:
        self._http = client
        self._url = url
        self._address = address

    def ask(self, body: Body, *, deadline: float) -> messages.Answer:
        """The answer to a request; RefusedError if it is no, ValueError if it is none."""
        status, reason, found = self._post(body, deadline=deadline)
        if status != httpx.codes.OK:
            why = f"HTTP {status} {reason}"
            raise RefusedError(
                why,
                surely_no_job=httpx.codes.is_client_error(status),
                is_about_document=status in _HTTP_ABOUT_DOCUMENT,
            )
        answer = messages.decode(found)
        if answer.status >= _ERROR:
            raise RefusedError(
                _refusal(answer),
                surely_no_job=_is_early(answer.status),
                is_about_document=answer.status in _ABOUT_DOCUMENT,
            )
        return answer

    def _post(self, body: Body, *, deadline: float) -> tuple[int, str, bytes]:
        """Send it; once more if the printer wants to know who asks, since then it took nothing."""
        status, reason, challenge, found = self._posted(body, deadline=deadline)
        address = self._address
        if status == httpx.codes.UNAUTHORIZED and address.user and self._http.auth is None:
            of_scheme = httpx.DigestAuth if "digest" in challenge.lower() else httpx.BasicAuth
            self._http.auth = of_scheme(address.user, address.password)
            status, reason, _, found = self._posted(body, deadline=deadline)
        return status, reason, found

    def _posted(self, body: Body, *, deadline: float) -> tuple[int, str, str, bytes]:
        headers = {"Content-Type": "application/ipp", "Content-Length": str(body.length)}
        timeout = httpx.Timeout(max(0.001, deadline - time.monotonic()))
        found = bytearray()
        with self._http.stream(
            "POST", self._url, content=body, headers=headers, timeout=timeout
        ) as response:
            for piece in response.iter_bytes():
                found += piece
                if time.monotonic() > deadline:
                    raise LateError
                if len(found) > _ANSWER_BYTES_MAX:
                    raise ValueError(f"an answer longer than {_ANSWER_BYTES_MAX} bytes")
        challenge = response.headers.get("WWW-Authenticate", "")
        return response.status_code, response.reason_phrase, challenge, bytes(found)


def _refusal(answer: messages.Answer) -> str:
    words = answer.values(messages.OPERATION_GROUP, "status-message")
    return f"IPP status 0x{answer.status:04x}" + (f", {words[0]!s}" if words else "")


def _is_early(status: int) -> bool:
    return status < _SERVER_ERROR or status in _REFUSED_AT_ONCE


def surely_no_job(error: Exception) -> bool:
    """Whether the printer cannot have made a job of the request that failed so."""
    if isinstance(error, RefusedError):
        return error.surely_no_job
    return isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)


def is_about_document(error: Exception) -> bool:
    """Whether the printer refused the document itself, and would again."""
    return isinstance(error, RefusedError) and error.is_about_document


def said(error: Exception) -> str:
    """What went wrong, in a few words."""
    if isinstance(error, LateError | httpx.TimeoutException):
        return "no answer in time"
    return str(error) or type(error).__name__
