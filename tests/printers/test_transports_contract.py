"""One suite for every transport that the folder lists, on real sockets, folders, lines and CUPS."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from printers import transports
from printers.errors import TransportError
from tests.printers import far_ends
from tests.printers.far_ends import TIMEOUT_S, Far, wait_until

MAKERS: dict[str, Callable[[Path], AbstractContextManager[Far]]] = {
    "tcp": lambda folder: far_ends.far_stream("tcp"),
    "socket": lambda folder: far_ends.far_stream("socket"),
    "serial": lambda folder: far_ends.far_device("serial://{device}?baudrate=9600"),
    "usb": lambda folder: far_ends.far_device("usb://{device}"),
    "rfc2217": lambda folder: far_ends.far_rfc2217(),
    "lpd": lambda folder: far_ends.far_lpd(),
    "file": far_ends.far_folder,
}
QUEUES = ("ipp", "ipps")
SCHEMES = transports.schemes()
STREAMS = [name for name in SCHEMES if not transports.documents(f"{name}:")]
TALKING = [name for name in SCHEMES if transports.replies(f"{name}:")]
OWNED = ["rfc2217", "serial", "socket", "tcp", "usb"]
"""Where a second owner is refused. A daemon, a queue and a folder take documents of many."""
NOBODY = {
    **{name: f"{name}://127.0.0.1:{{port}}" for name in ("tcp", "socket", "rfc2217")},
    **{name: f"{name}://127.0.0.1:{{port}}/labels" for name in ("ipp", "ipps", "lpd")},
    "serial": "serial:///dev/ttyNONE",
    "usb": "usb:///dev/usb/none",
    "file": "file:/dev/null/labels",
}


@pytest.fixture
def far(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Far]:
    """The other end of the scheme that the test names by ``parametrize``."""
    scheme = request.param
    made: AbstractContextManager[Far]
    if scheme in QUEUES:
        request.getfixturevalue("needs_debian")("cups-daemon")
        made = far_ends.far_cups(request.getfixturevalue("cups"), scheme)
    else:
        made = MAKERS[scheme](tmp_path)
    with made as end:
        yield end


every_scheme = pytest.mark.parametrize("far", SCHEMES, indirect=True)
every_stream = pytest.mark.parametrize("far", STREAMS, indirect=True)


def pattern(size: int) -> bytes:
    """Bytes in which nothing can be lost or moved unseen; all 256 values, 255 in a row, too."""
    block = bytes(range(256)) + b"\xff\xff\xff"
    numbered = (b"%08d" % number + block for number in range(size // 267 + 1))
    return b"".join(numbered)[:size]


@every_scheme
def test_what_is_written_arrives_whole_and_in_order(far):
    data = pattern(2048)
    with transports.connect(far.uri, timeout_s=TIMEOUT_S) as connection:
        connection.write(data, name="job-1.zpl", timeout_s=TIMEOUT_S)
        wait_until(lambda: far.received() == data)
        connection.write(b"more", name="job-2.zpl", timeout_s=TIMEOUT_S)
        wait_until(lambda: far.received() == data + b"more")


@every_scheme
@pytest.mark.parametrize("size", [1, 1_000_000])
def test_one_byte_and_a_megabyte_arrive_whole(far, size):
    data = pattern(size)
    with transports.connect(far.uri, timeout_s=TIMEOUT_S) as connection:
        connection.write(data, name="job-1.zpl", timeout_s=20)
        wait_until(lambda: len(far.received()) >= size)
        assert far.received() == data


@every_scheme
def test_documents_are_kept_apart_and_streams_are_not(far):
    with transports.connect(far.uri, timeout_s=TIMEOUT_S) as connection:
        connection.write(b"one", name="job-1.zpl", timeout_s=TIMEOUT_S)
        connection.write(b"two", name="job-2.zpl", timeout_s=TIMEOUT_S)
    wait_until(lambda: far.received() == b"onetwo")
    assert transports.documents(far.uri) == (far.documents is not None)
    if far.documents:
        assert far.documents() == [b"one", b"two"]


@every_scheme
def test_only_rewritable_transports_keep_one_copy_of_the_same_document(far):
    with transports.connect(far.uri, timeout_s=TIMEOUT_S) as connection:
        connection.write(b"label", name="job-1.zpl", timeout_s=TIMEOUT_S)
        connection.write(b"label", name="job-1.zpl", timeout_s=TIMEOUT_S)
    copies = 1 if transports.rewritable(far.uri) else 2
    wait_until(lambda: far.received() == b"label" * copies)


@every_scheme
def test_reading_returns_what_came_or_nothing_in_time(far):
    with transports.connect(far.uri, timeout_s=TIMEOUT_S) as connection:
        start = time.monotonic()
        assert connection.read(timeout_s=0) == b""
        assert connection.read(timeout_s=0.05) == b""
        assert time.monotonic() - start < 1
        assert transports.replies(far.uri) == (far.answer is not None)
        if far.answer:
            answer = b"\x02030\xff\x03\r\n"
            far.answer(answer)
            got = b""
            while len(got) < len(answer):
                piece = connection.read(timeout_s=TIMEOUT_S)
                assert piece, got
                got += piece
            assert got == answer


@every_scheme
def test_closing_twice_is_fine_and_it_opens_again(far):
    for _ in range(2):
        connection = transports.connect(far.uri, timeout_s=TIMEOUT_S)
        connection.close()
        connection.close()


@pytest.mark.parametrize("far", OWNED, indirect=True)
def test_a_second_owner_is_refused_until_the_first_has_closed(far):
    with transports.connect(far.uri, timeout_s=TIMEOUT_S) as connection:
        with pytest.raises(TransportError) as refused:
            transports.connect(far.uri, timeout_s=TIMEOUT_S)
        assert refused.value.bytes_written == 0
        assert "expected" in str(refused.value)
        connection.write(b"mine", name="job-1.zpl", timeout_s=TIMEOUT_S)
        wait_until(lambda: far.received() == b"mine")
    transports.connect(far.uri, timeout_s=TIMEOUT_S).close()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_nobody_there_is_a_transport_error_in_time_with_nothing_written(scheme):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    start = time.monotonic()
    with pytest.raises(TransportError, match="expected") as refused:
        transports.connect(NOBODY[scheme].format(port=port), timeout_s=1)
    assert refused.value.bytes_written == 0
    assert time.monotonic() - start < 5


@pytest.mark.parametrize("far", TALKING, indirect=True)
def test_a_peer_that_is_gone_is_told_before_anything_is_written(far):
    with transports.connect(far.uri, timeout_s=TIMEOUT_S) as connection:
        far.leave()
        time.sleep(0.05)
        with pytest.raises(TransportError) as gone:
            connection.write(b"^XA^XZ", name="job-1.zpl", timeout_s=TIMEOUT_S)
        assert gone.value.bytes_written == 0
        if "usb:" not in far.uri:  # a USB printer that has nothing to say looks the same
            with pytest.raises(TransportError):
                connection.read(timeout_s=TIMEOUT_S)


@every_stream
def test_a_printer_that_stops_reading_times_out_with_the_exact_count_and_without_spinning(far):
    data = pattern(4_000_000)
    with transports.connect(far.uri, timeout_s=TIMEOUT_S) as connection:
        far.pause()
        cpu_start = time.thread_time()
        with pytest.raises(TransportError) as stalled:
            connection.write(data, name="job-1.zpl", timeout_s=1)
        assert time.thread_time() - cpu_start < 0.2
        written = stalled.value.bytes_written
        assert 0 < written < len(data)
        assert str(stalled.value).startswith(
            f"Printer {far.uri} took {written} of 4000000 bytes of 'job-1.zpl': "
            "expected all within 1 s; "
        )
        far.resume()
        wait_until(lambda: len(far.received()) >= written)
        connection.write(b"end", name="job-2.zpl", timeout_s=TIMEOUT_S)
        wait_until(lambda: far.received() == data[:written] + b"end")


@every_stream
def test_a_printer_that_leaves_in_mid_write_is_told_and_nothing_behind_the_count_arrives(far):
    data = pattern(4_000_000)
    with transports.connect(far.uri, timeout_s=TIMEOUT_S) as connection:
        far.pause()
        leaving = threading.Timer(0.2, far.leave)
        leaving.start()
        with pytest.raises(TransportError) as gone:
            connection.write(data, name="job-1.zpl", timeout_s=TIMEOUT_S)
        leaving.join()
    written = gone.value.bytes_written
    assert 0 < written < len(data)
    assert str(gone.value).startswith(f"Printer {far.uri} is gone ")
    assert f"{written} bytes of 'job-1.zpl'" in str(gone.value)
    far.resume()
    arrived = far.received()
    assert data[:written].startswith(arrived)


def test_every_transport_has_its_far_end_here():
    assert sorted([*MAKERS, *QUEUES]) == sorted(NOBODY) == sorted(SCHEMES)


def test_what_can_answer_is_a_stream_and_what_is_rewritable_is_a_document():
    assert set(TALKING) <= set(STREAMS)
    assert [name for name in SCHEMES if transports.rewritable(f"{name}:")] == ["file"]


def test_a_failed_connect_leaves_nothing_open_or_claimed():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    for _ in range(2):
        with pytest.raises(TransportError, match="cannot be reached"):
            transports.connect(f"tcp://127.0.0.1:{port}", timeout_s=1)
    with socket.create_server(("127.0.0.1", port)), contextlib.suppress(OSError):
        transports.connect(f"tcp://127.0.0.1:{port}", timeout_s=1).close()
