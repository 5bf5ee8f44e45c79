"""TLS with the service's own certificate: over real sockets, against the real server."""

import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPResponse
from pathlib import Path

import httpx
import pytest
from flask import Flask, Response, request

from labeler.app import Service
from labeler.errors import Refusal
from labeler.web import tls
from labeler.web.edge import Limits
from labeler.web.own_certificate import Files, OwnCertificate, trusting
from tests import own_certificates, plants
from tests.web.asking import problem
from tests.web.serving import running

PLAIN = problem(
    1001,
    "The request is plain HTTP, and this port speaks TLS.",
    "Write https:// instead of http:// before the address.",
)
NO_PEM = (
    "Expected -----BEGIN CERTIFICATE----- and what follows it; convert DER with openssl x509 "
    "-inform der -in FILE -out NEW."
)
NOT_ITS_KEY = (
    "Name the key with which that certificate was asked for, and put the service's own certificate "
    "first in its file."
)
HELLO = b"GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n"
BIG = b"0123456789abcdef" * 131_072
"""2 MiB: more than a record, and more than a socket's buffers take."""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    certificate, key = own_certificates.make().write(tmp_path_factory.mktemp("tls"))
    return Files(certificate=certificate, key=key)


def now() -> datetime:
    return datetime.now(UTC)


def application() -> Flask:
    app = Flask(__name__)
    app.add_url_rule("/hello", "hello", lambda: request.scheme)
    app.add_url_rule("/big", "big", lambda: Response(BIG, content_type="text/plain"))
    app.add_url_rule("/length", "length", lambda: str(len(request.get_data())), methods=["POST"])
    return app


@contextmanager
def served(app: Flask, certificate: OwnCertificate) -> Iterator[int]:
    """Serve ``app`` by TLS; give its port."""
    limits = Limits(body_max_bytes=4_194_304, import_max_bytes=4_194_304)
    with running(app, limits=limits, certificate=certificate) as (port, _):
        yield port


@pytest.fixture(scope="module")
def port(files: Files) -> Iterator[int]:
    with served(application(), OwnCertificate(files=files, clock=now)) as port:
        yield port


def plain(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=20)


def secured(port: int, files: Files, **limits: ssl.TLSVersion) -> ssl.SSLSocket:
    context = trusting(files.certificate)
    for name, version in limits.items():
        setattr(context, name, version)
    return context.wrap_socket(plain(port), server_hostname="127.0.0.1")


def asking(port: int, files: Files) -> httpx.Client:
    return httpx.Client(
        base_url=f"https://127.0.0.1:{port}",
        verify=ssl.create_default_context(cafile=str(files.certificate)),
        trust_env=False,
        timeout=20,
    )


def read(client: socket.socket) -> bytes:
    response = HTTPResponse(client)
    response.begin()
    return response.read()


def client_hello(files: Files) -> bytes:
    """Return the first bytes of a handshake."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = trusting(files.certificate).wrap_bio(incoming, outgoing)
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    return outgoing.read()


def test_a_client_that_trusts_the_certificate_is_served_over_one_connection(
    port: int, files: Files
) -> None:
    with asking(port, files) as client:
        assert [client.get("/hello").text for _ in range(3)] == ["https"] * 3


def test_who_does_not_trust_the_certificate_is_not_served(port: int, tmp_path: Path) -> None:
    other, _ = own_certificates.make("other").write(tmp_path)
    with (
        pytest.raises(ssl.SSLCertVerificationError),
        trusting(other).wrap_socket(plain(port), server_hostname="127.0.0.1"),
    ):
        pass


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_both_versions_carry_long_bodies_both_ways(
    port: int, files: Files, version: ssl.TLSVersion
) -> None:
    with secured(port, files, minimum_version=version, maximum_version=version) as client:
        head = f"POST /length HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(BIG)}\r\n\r\n"
        client.sendall(head.encode() + BIG)
        assert read(client) == str(len(BIG)).encode()
        client.sendall(HELLO.replace(b"/hello", b"/big"))
        assert read(client) == BIG


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated:DeprecationWarning")
def test_older_versions_are_refused(port: int, files: Files) -> None:
    context = trusting(files.certificate)
    context.minimum_version = ssl.TLSVersion.TLSv1_1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    with plain(port) as client, pytest.raises(ssl.SSLError, match="PROTOCOL_VERSION"):
        context.wrap_socket(client, server_hostname="127.0.0.1")


def test_requests_in_one_record_are_all_answered(port: int, files: Files) -> None:
    with secured(port, files) as client:
        client.sendall(HELLO * 20)
        answers = b""
        while answers.count(b"\r\n\r\nhttps") < 20:
            piece = client.recv(65_536)
            assert piece, answers
            answers += piece


def test_a_request_that_comes_byte_by_byte_is_answered(port: int, files: Files) -> None:
    with secured(port, files) as client:
        for byte in HELLO:
            client.sendall(bytes([byte]))
        assert read(client) == b"https"


@pytest.mark.parametrize("method", [b"GET", b"POST", b"DELETE", b"get"])
def test_plain_http_is_told_so_and_the_connection_ends(port: int, method: bytes) -> None:
    with plain(port) as client:
        client.sendall(HELLO.replace(b"GET", method) + b"x" * 100_000)
        response = HTTPResponse(client)
        response.begin()
        assert (response.status, json.loads(response.read())) == (400, PLAIN)
        assert client.recv(1) == b""


@pytest.mark.parametrize("rest", [b"", b"\x16\x03\x01\x00\x05hello" * 10], ids=["empty", "alike"])
def test_what_is_no_handshake_ends_the_connection(port: int, rest: bytes) -> None:
    with plain(port) as client:
        client.sendall(rest)
        client.shutdown(socket.SHUT_WR)
        while client.recv(4096):  # an alert, at most
            pass


def test_half_a_handshake_keeps_nobody_waiting_and_may_be_finished(port: int, files: Files) -> None:
    hello = client_hello(files)
    with plain(port) as silent, plain(port) as half, plain(port) as one_byte:
        half.sendall(hello[: len(hello) // 2])
        one_byte.sendall(hello[:1])
        began = time.monotonic()
        with asking(port, files) as client:
            assert {client.get("/hello").text for _ in range(50)} == {"https"}
        assert time.monotonic() - began < tls.HANDSHAKE_S / 2
        half.sendall(hello[len(hello) // 2 :])
        assert half.recv(1)[0] == 0x16  # the server goes on with its own half
        silent.sendall(HELLO)
        assert silent.recv(12) == b"HTTP/1.1 400"


def test_who_never_ends_his_handshake_is_dropped(
    port: int, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tls, "HANDSHAKE_S", 0.1)
    with plain(port) as silent, plain(port) as half:
        half.sendall(client_hello(files)[:40])
        assert (silent.recv(1), half.recv(1)) == (b"", b"")


def test_who_reads_slowly_gets_all_of_it_and_others_are_served_meanwhile(
    port: int, files: Files
) -> None:
    with secured(port, files) as slow, asking(port, files) as client:
        slow.sendall(HELLO.replace(b"/hello", b"/big"))
        assert {client.get("/hello").text for _ in range(20)} == {"https"}
        assert read(slow) == BIG


def test_the_end_of_a_connection_is_said_in_tls(port: int, files: Files) -> None:
    context = trusting(files.certificate)
    with context.wrap_socket(
        plain(port), server_hostname="127.0.0.1", suppress_ragged_eofs=False
    ) as client:
        client.sendall(HELLO.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        while client.recv(4096):  # an end that is not said would raise SSLEOFError
            pass


def test_a_refusal_before_the_application_arrives_secured(port: int, files: Files) -> None:
    with secured(port, files) as client:
        client.sendall(b"hello\r\n\r\n")
        assert json.loads(read(client))["number"] == 1001
        assert client.recv(1) == b""


def test_a_request_on_its_way_when_the_service_stops_is_answered(files: Files) -> None:
    app = application()
    begun = threading.Event()

    def slow() -> str:
        begun.set()
        time.sleep(0.5)
        return "done"

    app.add_url_rule("/slow", "slow", slow)
    with served(app, OwnCertificate(files=files, clock=now)) as port:
        client = secured(port, files)
        client.sendall(HELLO.replace(b"/hello", b"/slow"))
        assert begun.wait(10)
    with client:
        assert read(client) == b"done"


def test_cookies_and_strict_transport_follow_from_tls(tmp_path: Path, files: Files) -> None:
    with (
        plants.opened(plants.write_site(tmp_path / "site")) as service,
        served(service.web, OwnCertificate(files=files, clock=now)) as port,
        asking(port, files) as client,
    ):
        page = client.get("/sign-in", headers={"Accept": "text/html"})
        assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
        assert "; Secure" in page.headers["Set-Cookie"]
        # A page's own origin begins with https://, or this computer would not be this computer.
        runs = client.get("/api/v1/runs", headers={"Origin": f"https://127.0.0.1:{port}"})
        assert runs.status_code == 200


def presented(port: int, files: Files) -> bytes:
    with secured(port, files) as client:
        return client.getpeercert(binary_form=True) or b""


def test_a_renewed_certificate_is_taken_up_without_a_restart(tmp_path: Path) -> None:
    certificate, key = own_certificates.make().write(tmp_path)
    files = Files(certificate=certificate, key=key)
    own = OwnCertificate(files=files, clock=now)
    with served(application(), own) as port, secured(port, files) as before:
        first = presented(port, files)
        pair = own_certificates.make("renewed")
        certificate.write_bytes(pair.certificate)  # and its key is still the old one
        own.keep()
        own.keep()
        certificate.write_bytes(own_certificates.make("third").certificate)
        pair.write(tmp_path)
        own.keep()  # changed since the last look: not yet
        own.keep()
        assert presented(port, files) != first
        before.sendall(HELLO)
        assert read(before) == b"https"


def test_a_new_certificate_without_its_key_is_not_taken_up(tmp_path: Path) -> None:
    certificate, key = own_certificates.make().write(tmp_path)
    files = Files(certificate=certificate, key=key)
    own = OwnCertificate(files=files, clock=now)
    context = own.context
    certificate.write_bytes(own_certificates.make("other").certificate)
    for _ in range(3):
        own.keep()
    assert own.context is context
    key.unlink()
    for _ in range(3):
        own.keep()
    assert own.context is context


def test_a_certificate_that_ends_soon_is_told_and_served_with(
    tmp_path: Path, port: int, service: Service
) -> None:
    certificate, key = own_certificates.make(days=20).write(tmp_path)
    own = OwnCertificate(files=Files(certificate=certificate, key=key), clock=now)
    [remark] = own.remarks()
    assert remark.startswith(f"http.tls: the certificate {certificate} ends at 20")
    assert remark.endswith(
        " UTC. Put a new one and its key in place; the service takes it up by itself."
    )
    service.site.own_remarks = own.remarks
    assert service.web.test_client().get("/readyz").get_json()["remarks"] == [remark]
    own.clock = lambda: now() + timedelta(days=21)
    assert " ended at " in own.remarks()[0]
    own.clock = lambda: now() - timedelta(days=11)
    assert own.remarks() == []


def test_a_command_trusts_its_service_beyond_the_certificates_end(tmp_path: Path) -> None:
    certificate, key = own_certificates.make(days=-1).write(tmp_path)
    files = Files(certificate=certificate, key=key)
    with served(application(), OwnCertificate(files=files, clock=now)) as port:
        assert presented(port, files)


def refused(certificate: Path, key: Path) -> tuple[int, str, str]:
    with pytest.raises(Refusal) as caught:
        OwnCertificate(files=Files(certificate=certificate, key=key), clock=now)
    return caught.value.kind.number, caught.value.sentence, caught.value.hint


def test_files_that_cannot_be_served_with_are_refused(tmp_path: Path) -> None:
    certificate, key = own_certificates.make().write(tmp_path / "good")
    other, other_key = own_certificates.make().write(tmp_path / "other")
    _, locked = own_certificates.make(passphrase=b"secret").write(tmp_path / "locked")
    missing, text = tmp_path / "missing.pem", tmp_path / "text.pem"
    text.write_text("hello")
    assert refused(missing, key) == (
        9004,
        f"http.tls: {missing} cannot be read: No such file or directory.",
        "Put the certificate there, or name another file, and let the service's user read it.",
    )
    assert refused(certificate, missing)[1:] == (
        f"http.tls: {missing} cannot be read: No such file or directory.",
        "Put the key there, or name another file, and let the service's user read it.",
    )
    assert refused(text, key)[1:] == (
        f"http.tls: {text} holds no certificate in PEM.",
        NO_PEM,
    )
    assert refused(certificate, other_key)[1:] == (
        f"http.tls: {other_key} is not the key of the first certificate in {certificate}.",
        NOT_ITS_KEY,
    )
    assert refused(certificate, locked)[1:] == (
        f"http.tls: {locked} is locked with a passphrase, and nobody is there to type it.",
        "Take it out (openssl pkey -in FILE -out NEW), and let nobody else read the file.",
    )
    _, sentence, hint = refused(certificate, text)
    assert sentence.startswith(f"http.tls: {text} cannot be used with {certificate}: ")
    assert hint == "Expected PEM: -----BEGIN PRIVATE KEY-----."
    assert other.exists()
