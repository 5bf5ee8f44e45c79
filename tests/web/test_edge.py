"""What never becomes a request of the application is refused by a problem document all the same.

Over real sockets, against the real server.
"""

import json
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPResponse
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from labeler.web import edge
from labeler.web.edge import Limits
from tests import plants
from tests.web.asking import problem
from tests.web.serving import running

LIMIT = 262_144
HEADER = 262_144
RUNS = b"POST /api/v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"

TOO_LARGE = problem(1003, f"The body is larger than {LIMIT} bytes.", "Send less at once.")
HEADER_TOO_LARGE = problem(
    1009,
    f"The header of the request is larger than {HEADER} bytes.",
    "Send a shorter address and fewer or shorter header fields.",
)
BUG = problem(
    9001,
    "The service failed while it worked on this request.",
    "Retry with the same Idempotency-Key; see the service's log.",
)


def unreadable(why: str) -> dict[str, Any]:
    return problem(
        1001, f"The request is not HTTP as we read it: {why}.", "Send HTTP/1.1 (RFC 9112)."
    )


@contextmanager
def served(app: Flask) -> Iterator[int]:
    """Serve ``app``; give its port."""
    limits = Limits(body_max_bytes=LIMIT, import_max_bytes=8 * LIMIT)
    with running(app, threads=4, limits=limits) as (port, _):
        yield port


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Return where the plant is served."""
    folder: Path = tmp_path_factory.mktemp("edge")
    with plants.opened(plants.write_site(folder / "site")) as service, served(service.web) as port:
        yield port


def connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=20)


def read(client: socket.socket) -> tuple[HTTPResponse, bytes]:
    response = HTTPResponse(client)
    response.begin()
    return response, response.read()


def refusal(response: HTTPResponse, body: bytes) -> dict[str, Any]:
    """Return the problem document, once it agrees with its response and the connection ends."""
    document: dict[str, Any] = json.loads(body)
    headers = ("Content-Type", "X-Content-Type-Options", "Connection")
    assert [response.getheader(name) for name in headers] == [
        "application/problem+json",
        "nosniff",
        "close",
    ]
    assert (response.status, response.getheader("Content-Length")) == (
        document["status"],
        str(len(body)),
    )
    return document


def ask(port: int, request: bytes) -> dict[str, Any]:
    """Send ``request`` whole, as a client does that reads only afterwards; return the refusal."""
    with connected(port) as client:
        client.sendall(request)
        found = refusal(*read(client))
        assert client.recv(1) == b""
        return found


def chunks(size: int, count: int) -> bytes:
    return f"{size:x}\r\n".encode() + (b"x" * size + f"\r\n{size:x}\r\n".encode()) * count


@pytest.mark.parametrize(
    ("request_text", "document"),
    [
        (RUNS + b"Content-Length: 9999999\r\n\r\n", TOO_LARGE),
        (RUNS + b"Content-Length: 8000000\r\n\r\n" + b"x" * 8_000_000, TOO_LARGE),
        (RUNS + b"Transfer-Encoding: chunked\r\n\r\n" + chunks(65_536, 32), TOO_LARGE),
        (
            b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 600_000 + b"\r\n\r\n",
            HEADER_TOO_LARGE,
        ),
        (b"GET /" + b"x" * 600_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", HEADER_TOO_LARGE),
        (b"hello\r\n\r\n", unreadable("Start line is invalid")),
        (b"\x16\x03\x01\x02\x00\x01\r\n\r\n", unreadable("Start line is invalid")),
        (b"get / HTTP/1.1\r\n\r\n", unreadable('Malformed HTTP method "get"')),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", unreadable("Invalid header")),
        (RUNS + b"Content-Length: ten\r\n\r\n{}", unreadable("Content-Length is invalid")),
        (RUNS + b"Content-Length: -1\r\n\r\n{}", unreadable("Content-Length is invalid")),
        (
            RUNS + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
            unreadable("Content-Length is invalid"),
        ),
        (
            RUNS + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n{}",
            unreadable("Its address or its Content-Length is malformed"),
        ),
        (
            b"GET http://[ HTTP/1.1\r\n\r\n",
            unreadable("Its address or its Content-Length is malformed"),
        ),
        (
            RUNS + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n",
            unreadable("Invalid chunk size"),
        ),
        (
            RUNS + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}zz\r\n",
            unreadable("Chunk not properly terminated"),
        ),
        (
            RUNS + b"Transfer-Encoding: gzip\r\n\r\n",
            problem(
                9008,
                "The request has a Transfer-Encoding other than chunked.",
                "Send the body as it is, with its Content-Length.",
            ),
        ),
        (b"GET / HTTP/1.0\r\nContent-Length: x\r\n\r\n", unreadable("Content-Length is invalid")),
    ],
    ids=lambda value: repr(value[:90])[-40:] if isinstance(value, bytes) else value["number"],
)
def test_request_refused_before_the_application_gets_a_problem_document(
    port: int, request_text: bytes, document: dict[str, Any]
) -> None:
    assert ask(port, request_text) == document


@pytest.mark.parametrize(
    "request_text",
    [
        b"GET /nothing HTTP/1.0\r\n\r\n",
        b"GET /nothing HTTP/9.9\r\n\r\n",
        b"GET /nothing\r\n\r\n",
    ],
)
def test_request_of_another_version_is_answered(port: int, request_text: bytes) -> None:
    assert ask(port, request_text) == problem(
        1005, "There is nothing at /nothing.", "Look at /api."
    )


def test_refused_head_is_answered_by_a_header_only(port: int) -> None:
    with connected(port) as client:
        client.sendall(b"HEAD / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n")
        text = b""
        while received := client.recv(1000):
            text += received
    assert text.startswith(b"HTTP/1.1 501 Not Implemented\r\n")
    assert text.endswith(b"\r\n\r\n")


def test_body_too_large_is_refused_before_its_sender_is_told_to_continue(port: int) -> None:
    with connected(port) as client:
        client.sendall(RUNS + b"Expect: 100-continue\r\nContent-Length: 9999999\r\n\r\n")
        assert refusal(*read(client)) == TOO_LARGE


LISTS = (
    b"POST /api/v1/pools/controller-sn/imports HTTP/1.1\r\nHost: localhost\r\n"
    b"Content-Type: text/plain\r\n"
)
SAID = b"operator=mk&reason=r"
LIST_TOO_LARGE = problem(1003, f"The body is larger than {8 * LIMIT} bytes.", "Send less at once.")


def test_list_for_a_pool_has_a_limit_of_its_own(port: int) -> None:
    with connected(port) as client:
        client.sendall(LISTS + b"Expect: 100-continue\r\nContent-Length: 2097153\r\n\r\n")
        assert refusal(*read(client)) == LIST_TOO_LARGE
    with connected(port) as client:
        client.sendall(LISTS + b"Transfer-Encoding: chunked\r\n\r\n")
        with suppress(ConnectionError):
            for _ in range(40):
                client.sendall(b"10000\r\n" + b"AC00001\n" * 8192 + b"\r\n")
        assert refusal(*read(client)) == LIST_TOO_LARGE
    with connected(port) as client:
        header = LISTS + b"Idempotency-Key: k\r\nTransfer-Encoding: chunked\r\n\r\n"
        pieces = b"10000\r\n" + b"AC00001\n" * 8192 + b"\r\n"
        client.sendall(header + pieces * 30 + b"0\r\n\r\n")
        response, body = read(client)
        assert (response.status, json.loads(body)["number"]) == (409, 3011)


@pytest.mark.parametrize("verb", [b"used", b"void"])
def test_list_of_leased_serials_may_be_as_long_as_one_for_a_pool(port: int, verb: bytes) -> None:
    header = LISTS.replace(b"pools/controller-sn/imports", b"leases/7/%s?%s" % (verb, SAID))
    header += b"Idempotency-Key: k\r\nTransfer-Encoding: chunked\r\n\r\n"
    pieces = b"10000\r\n" + b"AC00001\n" * 8192 + b"\r\n"
    with connected(port) as client:
        client.sendall(header + pieces * 30 + b"0\r\n\r\n")
        response, body = read(client)
        assert (response.status, json.loads(body)["number"]) == (404, 3020)
    with connected(port) as client:
        with suppress(ConnectionError):
            client.sendall(header + pieces * 40)
        assert refusal(*read(client)) == LIST_TOO_LARGE


def test_body_that_fits_is_asked_for_where_its_sender_waits(port: int) -> None:
    with connected(port) as client:
        client.sendall(RUNS + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        assert client.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"{}")
        response, body = read(client)
        assert (response.status, json.loads(body)["number"]) == (422, 1002)


def test_refusal_arrives_although_its_reader_goes_on_sending(port: int) -> None:
    with connected(port) as client:
        client.sendall(RUNS + b"Content-Length: 99999999\r\n\r\n")
        time.sleep(0.5)  # the refusal is on its way, and the socket could be closed
        for _ in range(100):
            client.sendall(b"x" * 10_000)
        assert refusal(*read(client)) == TOO_LARGE


def test_who_never_stops_sending_is_cut_off(port: int) -> None:
    start = time.monotonic()
    with connected(port) as client, suppress(ConnectionError):
        client.sendall(RUNS + b"Content-Length: 99999999\r\n\r\n")
        while time.monotonic() - start < 20:
            client.sendall(b"x")
            time.sleep(0.05)
    assert time.monotonic() - start < edge.LINGER_S + 5


def test_connection_goes_on_after_a_refusal_of_the_application(port: int) -> None:
    with connected(port) as client:
        for _ in range(2):
            client.sendall(RUNS + b"Content-Length: 300000\r\n\r\n" + b"x" * 300_000)
            response, body = read(client)
            assert (response.status, json.loads(body)) == (413, TOO_LARGE)


def test_bug_below_the_application_leaves_as_a_problem_without_a_trace_of_its_stack(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(_environ: Any, _start_response: Callable[..., Any]) -> Iterable[bytes]:
        raise ZeroDivisionError("the secret password is 123")

    app = Flask(__name__)
    app.wsgi_app = broken  # type: ignore[method-assign,assignment]
    with served(app) as port:
        assert ask(port, b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n") == BUG
    assert "ZeroDivisionError" in caplog.text
