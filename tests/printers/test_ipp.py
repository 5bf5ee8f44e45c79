"""IPP against a real CUPS, and against a printer that behaves as a test says."""

import base64
import http.server
import os
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

import pytest

from printers import transports
from printers.connection import JobReport, KeepsJobs
from printers.errors import TransportError
from printers.transports import _ipp_messages as messages
from printers.transports._ipp_messages import Attribute
from tests.printers.cups import Cups

PDF = b"%PDF-1.4\n" + bytes(range(256)) * 100


@pytest.fixture
def queue(needs_debian, request: pytest.FixtureRequest) -> Cups:
    needs_debian("cups-daemon")
    found: Cups = request.getfixturevalue("cups")
    return found


def job_of(connection: object, *, timeout_s: float = 10) -> JobReport:
    assert isinstance(connection, KeepsJobs)
    return connection.await_job(timeout_s=timeout_s)


@pytest.mark.parametrize("scheme", ["ipp", "ipps"])
def test_a_document_is_one_job_and_cups_says_that_it_is_completed(queue, scheme):
    before = len(queue.documents())
    with transports.connect(queue.uri(scheme), timeout_s=5) as connection:
        connection.write(PDF, name="run-000001-job-00000007.pdf", timeout_s=5)
        first = job_of(connection)
        connection.write(b"second", name="run-000001-job-00000008.pdf", timeout_s=5)
        second = job_of(connection)
    assert (first.state, second.state) == ("completed", "completed")
    assert second.number == first.number + 1
    assert first.is_over
    assert queue.documents()[before:] == [PDF, b"second"]


def test_a_job_that_cups_gave_up_is_told_as_aborted(queue):
    with transports.connect(queue.uri("ipp", "broken"), timeout_s=5) as connection:
        connection.write(PDF, name="job-1.pdf", timeout_s=5)
        report = job_of(connection)
    assert (report.state, report.is_over) == ("aborted", True)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("nowhere", "IPP status 0x0406, The printer or class does not exist."),
        ("closed", "the word that it accepts no jobs"),
    ],
)
def test_a_queue_that_takes_no_jobs_is_not_reached(queue, name, why):
    uri = queue.uri("ipp", name)
    with pytest.raises(TransportError) as refused:
        transports.connect(uri, timeout_s=5)
    assert str(refused.value) == (
        f"Printer {uri} cannot be reached: expected an IPP printer that answers within 5 s, got "
        f"{why}; check that it is switched on, in the network and has this address and path."
    )


def test_a_certificate_that_nobody_vouches_for_is_refused(queue):
    uri = queue.uri("ipps").partition("?")[0]
    with pytest.raises(TransportError, match="CERTIFICATE_VERIFY_FAILED") as refused:
        transports.connect(uri, timeout_s=5)
    assert refused.value.bytes_written == 0
    with pytest.raises(TransportError, match="expected a PEM file with a certificate"):
        transports.connect(f"{uri}?ca=/nowhere.pem", timeout_s=5)


class Printer(http.server.BaseHTTPRequestHandler):
    """A printer of whom each test says what it answers."""

    protocol_version = "HTTP/1.1"
    answers: ClassVar[dict[int, bytes | int]] = {}
    """Operation -> answer, or the status of HTTP."""
    got: ClassVar[list[bytes]] = []
    challenge: ClassVar[str] = ""
    credentials: ClassVar[list[str]] = []
    reads: ClassVar[int | None] = None
    """So many bytes of a document are read, then no more."""

    def do_POST(self) -> None:
        size = int(self.headers["Content-Length"])
        if self.reads is not None and size > 1000:
            self.rfile.read(self.reads)
            self.close_connection = True
            time.sleep(1)
            return
        body = self.rfile.read(size)
        if self.challenge and "Authorization" not in self.headers:
            self.answer(401, b"", {"WWW-Authenticate": self.challenge})
            return
        self.credentials.append(self.headers.get("Authorization", ""))
        self.got.append(body)
        found = self.answers.get(struct.unpack_from(">H", body, 2)[0], ok())
        if isinstance(found, int):
            self.answer(found, b"")
        else:
            self.answer(200, found)

    def answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Tests look at what was asked, not at a log."""


def ok(**job: int) -> bytes:
    """A successful answer with these attributes of a job."""
    attributes = [
        Attribute(
            messages.ENUM if name == "job_state" else messages.INTEGER,
            name.replace("_", "-"),
            value,
        )
        for name, value in job.items()
    ]
    return messages.encode(0, [], number=1, job=attributes)


def no(status: int, said: str = "") -> bytes:
    words = [Attribute(0x41, "status-message", said)] if said else []
    return messages.encode(status, words, number=1)


@contextmanager
def printer(**changes: object) -> Iterator[str]:
    """Its address, as behind ipp://."""
    fresh = {"got": [], "credentials": []} | changes
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("Made", (Printer,), fresh))
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"127.0.0.1:{server.server_address[1]}/ipp/print"
    server.shutdown()
    thread.join()
    server.server_close()


ACCEPTED = {messages.PRINT_JOB: ok(job_id=12)}


@pytest.mark.parametrize(
    ("answer", "said", "written"),
    [
        (no(0x040A, "no PDF here"), "IPP status 0x040a, no PDF here", 0),
        (no(0x0507), "IPP status 0x0507", 0),
        (no(0x0504, "paper jam"), "IPP status 0x0504, paper jam", len(PDF)),
        (no(0x0508), "IPP status 0x0508", len(PDF)),
        (ok(), "an answer without job-id", len(PDF)),
        (b"<html>", "it is cut off after 6 bytes", len(PDF)),
        (404, "HTTP 404 Not Found", 0),
        (500, "HTTP 500 Internal Server Error", len(PDF)),
    ],
)
def test_a_refusal_says_whether_the_printer_may_have_begun(answer, said, written):
    with (
        printer(answers={messages.PRINT_JOB: answer}) as place,
        transports.connect(f"ipp://{place}", timeout_s=2) as connection,
    ):
        with pytest.raises(TransportError) as refused:
            connection.write(PDF, name="job-1.pdf", timeout_s=2)
        assert refused.value.bytes_written == written
        assert str(refused.value) == (
            f"Printer ipp://{place} did not accept 'job-1.pdf', {len(PDF)} of {len(PDF)} bytes "
            f"sent: {said}; expected a job of its own within 2 s; see what it shows."
        )
        with pytest.raises(ValueError, match="No job was accepted"):
            job_of(connection)


def test_a_printer_that_stops_reading_is_given_up_in_time_and_all_may_have_arrived():
    data = bytes(20_000_000)
    with (
        printer(reads=100_000) as place,
        transports.connect(f"ipp://{place}", timeout_s=2) as connection,
    ):
        start, cpu_start = time.monotonic(), time.thread_time()
        with pytest.raises(TransportError, match="no answer in time") as stalled:
            connection.write(data, name="job-1.pdf", timeout_s=0.5)
        assert time.monotonic() - start < 3
        assert time.thread_time() - cpu_start < 0.2
        assert 100_000 < stalled.value.bytes_written < len(data)


def test_a_job_that_takes_long_is_reported_as_it_stands_when_the_time_is_over():
    answers = {**ACCEPTED, messages.GET_JOB_ATTRIBUTES: ok(job_id=12, job_state=6)}
    with (
        printer(answers=answers) as place,
        transports.connect(f"ipp://{place}", timeout_s=2) as connection,
    ):
        connection.write(PDF, name="job-1.pdf", timeout_s=2)
        assert job_of(connection, timeout_s=0.3) == JobReport(number=12, state="processing-stopped")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (no(0x0406, "gone"), "IPP status 0x0406, gone"),
        (ok(job_id=12, job_state=10), "job-state 10, which no job has"),
    ],
)
def test_a_printer_that_cannot_say_what_became_of_a_job_is_a_transport_error(answer, said):
    with (
        printer(answers={**ACCEPTED, messages.GET_JOB_ATTRIBUTES: answer}) as place,
        transports.connect(f"ipp://{place}", timeout_s=2) as connection,
    ):
        connection.write(PDF, name="job-1.pdf", timeout_s=2)
        with pytest.raises(TransportError) as silent:
            job_of(connection)
    assert str(silent.value) == (
        f"Printer ipp://{place} does not say what became of job 12: {said}; expected its state; "
        "ask again, or look at the printer."
    )


@pytest.mark.parametrize(
    "challenge", ['Basic realm="p"', 'Digest realm="p", nonce="n", qop="auth"']
)
def test_who_asks_is_told_when_the_printer_wants_to_know_and_never_in_a_sentence(challenge):
    got: list[bytes] = []
    credentials: list[str] = []
    changes = {"answers": ACCEPTED, "challenge": challenge, "got": got, "credentials": credentials}
    with (
        printer(**changes) as place,
        transports.connect(f"ipp://line1:s3cr%40t@{place}", timeout_s=2) as connection,
    ):
        connection.write(PDF, name="job-1.pdf", timeout_s=2)
    assert got[1].endswith(b"\x03" + PDF)
    if challenge.startswith("Basic"):
        expected = "Basic " + base64.b64encode(b"line1:s3cr@t").decode()
        assert credentials == [expected, expected]
    else:
        assert [one[:23] for one in credentials] == ['Digest username="line1"'] * 2
    with printer(challenge=challenge, answers={messages.GET_PRINTER_ATTRIBUTES: 401}) as place:
        with pytest.raises(TransportError, match="HTTP 401 Unauthorized") as refused:
            transports.connect(f"ipp://line1:s3cr%40t@{place}", timeout_s=2)
        assert f"ipp://line1:***@{place}" in str(refused.value)


def test_the_request_says_what_the_address_says():
    got: list[bytes] = []
    query = "?media=na_index-4x6_4x6in&scaling=fit&user_name=line+1"
    with (
        printer(answers=ACCEPTED, got=got) as place,
        transports.connect(f"ipp://{place}{query}", timeout_s=2) as connection,
    ):
        connection.write(PDF, name="job-1.pdf", timeout_s=2)
        connection.write(b"x", name="job-2.zpl", timeout_s=2)
    asked = [messages.decode(one) for one in got[1:]]
    groups = {
        "printer-uri": [f"ipp://{place}"],
        "requesting-user-name": ["line 1"],
        "job-name": ["job-1.pdf"],
        "document-format": ["application/pdf"],
    }
    for name, values in groups.items():
        assert asked[0].values(messages.OPERATION_GROUP, name) == values
    assert list(asked[0].groups[0][1])[:4] == [
        "attributes-charset",
        "attributes-natural-language",
        "printer-uri",
        "requesting-user-name",
    ]
    assert asked[0].groups[1][1] == {"print-scaling": ["fit"], "media": ["na_index-4x6_4x6in"]}
    kind = asked[1].values(messages.OPERATION_GROUP, "document-format")
    assert kind == ["application/octet-stream"]


def test_the_proxies_of_the_environment_are_not_for_printers(monkeypatch):
    monkeypatch.setitem(os.environ, "http_proxy", "http://127.0.0.1:9")
    with printer(answers=ACCEPTED) as place:
        transports.connect(f"ipp://{place}", timeout_s=2).close()


def test_an_answer_with_collections_and_languages_is_read_past_them():
    def part(tag: int, name: bytes, value: bytes) -> bytes:
        return struct.pack(">BH", tag, len(name)) + name + struct.pack(">H", len(value)) + value

    with_language = struct.pack(">H", 2) + b"de" + struct.pack(">H", 4) + b"leer"
    answer = (
        b"\x02\x00\x00\x00\x00\x00\x00\x01\x01"
        + part(0x35, b"status-message", with_language)
        + b"\x02"
        + part(0x34, b"media-col", b"")
        + part(0x4A, b"", b"x-dimension")
        + part(0x21, b"", struct.pack(">i", 7))
        + part(0x37, b"", b"")
        + part(0x44, b"job-state-reasons", b"one")
        + part(0x44, b"", b"two")
        + part(0x13, b"job-name", b"")
        + b"\x03rest"
    )
    assert messages.decode(answer).groups == [
        (1, {"status-message": ["leer"]}),
        (2, {"job-state-reasons": ["one", "two"], "job-name": [b"no-value"]}),
    ]
    for end in range(len(answer) - 4 - 1):
        with pytest.raises(ValueError, match="cut off"):
            messages.decode(answer[:end])
