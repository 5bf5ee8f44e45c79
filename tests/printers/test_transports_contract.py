"""One suite for every transport that the folder lists, on real sockets, folders and lines."""

import contextlib
import os
import select
import socket
import threading
import time
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from printers import transports
from printers.errors import TransportError

TIMEOUT_S = 2.0


@dataclass(frozen=True, kw_only=True)
class Far:
    """The other end of a transport."""

    uri: str
    received: Callable[[], bytes]
    """All that has arrived there so far."""
    answer: Callable[[bytes], object] | None = None
    leave: Callable[[], None] | None = None


@contextmanager
def far_tcp(folder: Path) -> Iterator[Far]:
    """A listening socket that keeps what it gets."""
    listener = socket.create_server(("127.0.0.1", 0))
    got = bytearray()
    peers: list[socket.socket] = []

    def serve() -> None:
        peer, _ = listener.accept()
        with peer, contextlib.suppress(OSError):
            peers.append(peer)
            while data := peer.recv(65_536):
                got.extend(data)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()

    def peer() -> socket.socket:
        wait_until(lambda: bool(peers))
        return peers[0]

    yield Far(
        uri=f"tcp://127.0.0.1:{listener.getsockname()[1]}",
        received=lambda: bytes(got),
        answer=lambda data: peer().sendall(data),
        leave=lambda: peer().shutdown(socket.SHUT_RDWR),
    )
    thread.join(TIMEOUT_S)
    listener.close()


@contextmanager
def far_file(folder: Path) -> Iterator[Far]:
    """A folder."""
    yield Far(
        uri=f"file:{folder}/",
        received=lambda: b"".join(path.read_bytes() for path in sorted(folder.iterdir())),
    )


@contextmanager
def far_serial(folder: Path) -> Iterator[Far]:
    """The master of a pseudo terminal."""
    master, slave = os.openpty()
    tty.setraw(slave)
    os.set_blocking(master, False)
    got = bytearray()
    is_open = [True]

    def received() -> bytes:
        while select.select([master], [], [], 0)[0]:
            got.extend(os.read(master, 65_536))
        return bytes(got)

    def leave() -> None:
        os.close(slave)
        os.close(master)
        is_open[0] = False

    yield Far(
        uri=f"serial://{os.ttyname(slave)}?baudrate=9600",
        received=received,
        answer=lambda data: os.write(master, data),
        leave=leave,
    )
    if is_open[0]:
        leave()


FAR_ENDS = {"tcp": far_tcp, "file": far_file, "serial": far_serial}


@pytest.fixture(params=transports.schemes())
def far(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Far]:
    with FAR_ENDS[request.param](tmp_path) as end:
        yield end


@pytest.fixture(params=[name for name in transports.schemes() if transports.replies(f"{name}:")])
def talking_far(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Far]:
    """Only what can answer can be gone."""
    with FAR_ENDS[request.param](tmp_path) as end:
        yield end


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + TIMEOUT_S
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.005)
    assert condition()


def test_what_is_written_arrives_whole_and_in_order(far):
    data = bytes(range(256)) * 8
    with transports.connect(far.uri, timeout_s=TIMEOUT_S) as connection:
        connection.write(data, name="job-1.zpl", timeout_s=TIMEOUT_S)
        wait_until(lambda: far.received() == data)
        connection.write(b"more", name="job-2.zpl", timeout_s=TIMEOUT_S)
        wait_until(lambda: far.received() == data + b"more")


def test_reading_returns_what_came_or_nothing_in_time(far):
    with transports.connect(far.uri, timeout_s=TIMEOUT_S) as connection:
        start = time.monotonic()
        assert connection.read(timeout_s=0.05) == b""
        assert time.monotonic() - start < 1
        assert transports.replies(far.uri) == (far.answer is not None)
        if far.answer:
            far.answer(b"\x02030\x03\r\n")
            assert connection.read(timeout_s=TIMEOUT_S) == b"\x02030\x03\r\n"


def test_a_peer_that_is_gone_is_told_before_anything_is_written(talking_far):
    far = talking_far
    with transports.connect(far.uri, timeout_s=TIMEOUT_S) as connection:
        far.leave()
        time.sleep(0.05)
        with pytest.raises(TransportError) as gone:
            connection.write(b"^XA^XZ", name="job-1.zpl", timeout_s=TIMEOUT_S)
        assert gone.value.bytes_written == 0
        with pytest.raises(TransportError):
            connection.read(timeout_s=TIMEOUT_S)


def test_closing_twice_is_fine(far):
    connection = transports.connect(far.uri, timeout_s=TIMEOUT_S)
    connection.close()
    connection.close()


def test_only_rewritable_transports_keep_one_copy_of_the_same_document(far):
    with transports.connect(far.uri, timeout_s=TIMEOUT_S) as connection:
        connection.write(b"label", name="job-1.zpl", timeout_s=TIMEOUT_S)
        connection.write(b"label", name="job-1.zpl", timeout_s=TIMEOUT_S)
    copies = 1 if transports.rewritable(far.uri) else 2
    wait_until(lambda: far.received() == b"label" * copies)


def test_every_transport_has_its_far_end_here():
    assert sorted(FAR_ENDS) == sorted(transports.schemes())


@pytest.mark.parametrize("uri", ["http://printer", "socket://1.2.3.4:9100", "printer", "", "os:"])
def test_an_unknown_scheme_is_refused_with_the_known_ones(uri):
    for ask in (transports.check_uri, transports.replies, transports.rewritable):
        with pytest.raises(ValueError, match="begins with no known scheme") as refused:
            ask(uri)
        assert str(refused.value) == (
            f"Printer address {uri!r} begins with no known scheme: expected one of file:, serial:, "
            "tcp:; for example tcp://10.0.0.7:9100."
        )


GOOD = [
    "tcp://10.0.0.7:9100",
    "tcp://printer.local",
    "tcp://[::1]:9100",
    "file:labels/",
    "file:/var/labels",
    "file:///var/labels",
    "serial:///dev/ttyUSB0?baudrate=115200&bytesize=7&parity=E&stopbits=2&flow=xonxoff",
    "serial://COM3?baudrate=9600&flow=rtscts",
]
BAD = [
    "tcp://",
    "tcp://:9100",
    "tcp://host:0",
    "tcp://host:65536",
    "tcp://host:x",
    "tcp://host:9100/queue",
    "tcp://host:9100?x=1",
    "tcp://user@host:9100",
    "file:",
    "file://host/share",
    "serial:",
    "serial:///",
    "serial://ttyUSB0",
    "serial:///dev/ttyUSB0?baud=9600",
    "serial:///dev/ttyUSB0?baudrate=fast",
    "serial:///dev/ttyUSB0?baudrate=0",
    "serial:///dev/ttyUSB0?parity=X",
    "serial:///dev/ttyUSB0?flow=maybe",
    "serial:///dev/ttyUSB0?flow=dsrdtr",
]


@pytest.mark.parametrize("uri", GOOD)
def test_a_good_uri_is_accepted_without_opening_anything(uri):
    transports.check_uri(uri)


@pytest.mark.parametrize("uri", BAD)
def test_a_bad_uri_is_refused_in_a_sentence_that_quotes_it(uri):
    with pytest.raises(ValueError, match="expected") as refused:
        transports.check_uri(uri)
    assert str(refused.value).startswith(f"Printer address {uri!r}")
    with pytest.raises(ValueError, match="expected"):
        transports.connect(uri, timeout_s=0.1)
