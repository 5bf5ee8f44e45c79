import contextlib
import os
import socket
import subprocess
import sys
import threading
import time

import pytest

from printers import transports
from printers.errors import TransportError
from printers.transports._raw import RawConnection
from tests.lacking import lacks


@pytest.fixture
def listener():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def uri_of(server):
    return f"tcp://127.0.0.1:{server.getsockname()[1]}"


def test_nobody_at_the_address_is_a_transport_error_in_time(listener):
    uri = uri_of(listener)
    listener.close()
    start = time.monotonic()
    with pytest.raises(TransportError) as refused:
        transports.connect(uri, timeout_s=1)
    assert refused.value.bytes_written == 0
    assert str(refused.value).startswith(
        f"Printer {uri} cannot be reached: expected a connection within 1 s, got "
    )
    assert time.monotonic() - start < 3


def test_a_host_name_nobody_knows_is_a_transport_error():
    with pytest.raises(TransportError, match="cannot be reached"):
        transports.connect(f"tcp://{'a' * 64}.invalid:9100", timeout_s=1)


def test_a_write_after_the_printer_closed_fails_with_nothing_written(listener):
    """The first send into a half-closed connection would succeed, and the label would vanish."""
    with transports.connect(uri_of(listener), timeout_s=1) as connection:
        peer, _ = listener.accept()
        peer.close()
        time.sleep(0.05)
        with pytest.raises(TransportError) as gone:
            connection.write(b"^XA^XZ", name="job-1.zpl", timeout_s=1)
    assert gone.value.bytes_written == 0
    assert str(gone.value) == (
        f"Printer {uri_of(listener)} is gone after 0 bytes of 'job-1.zpl': it has closed the "
        "connection; expected an open connection; connect again."
    )


def test_an_answer_in_front_of_the_end_does_not_hide_the_end(listener):
    with transports.connect(uri_of(listener), timeout_s=1) as connection:
        peer, _ = listener.accept()
        peer.sendall(b"late answer")
        peer.close()
        time.sleep(0.05)
        with pytest.raises(TransportError):
            connection.write(b"^XA^XZ", name="job-1.zpl", timeout_s=1)
        assert connection.read(timeout_s=0) == b"late answer"
        with pytest.raises(TransportError):
            connection.read(timeout_s=0)


def test_a_printer_that_stops_reading_times_the_write_out_with_the_exact_count(listener):
    with transports.connect(uri_of(listener), timeout_s=1) as connection:
        peer, _ = listener.accept()
        start = time.monotonic()
        with pytest.raises(TransportError) as stalled:
            connection.write(bytes(30_000_000), name="job-1.zpl", timeout_s=0.3)
        assert 0.2 < time.monotonic() - start < 2
        accepted = stalled.value.bytes_written
        assert 0 < accepted < 30_000_000
        assert str(stalled.value).startswith(
            f"Printer {uri_of(listener)} took {accepted} of 30000000 bytes of 'job-1.zpl': "
            "expected all within 0.3 s; "
        )
        connection.close()
        received = 0
        with peer:
            while data := peer.recv(1_000_000):
                received += len(data)
    assert received == accepted


def test_the_count_of_what_the_other_machine_took_is_told_where_the_system_knows_it(listener):
    if sys.platform != "linux":
        pytest.skip("only Linux tells it")
    with transports.connect(uri_of(listener), timeout_s=1) as connection:
        peer, _ = listener.accept()
        with pytest.raises(TransportError) as stalled:
            connection.write(bytes(4_000_000), name="job-1.zpl", timeout_s=0.3)
        taken = stalled.value.bytes_acknowledged
        assert taken is not None
        assert 0 < taken < stalled.value.bytes_written
        with peer:
            peer.setblocking(False)
            there = len(peer.recv(taken + 1, socket.MSG_PEEK))
    assert there == taken


def test_a_printer_that_is_paused_with_its_buffer_full_is_given_up_after_the_user_timeout(listener):
    if sys.platform != "linux":
        pytest.skip("only Linux counts a full buffer")
    uri = uri_of(listener) + "?user_timeout_ms=500"
    with transports.connect(uri, timeout_s=1) as connection:
        peer, _ = listener.accept()
        with pytest.raises(TransportError) as stalled:
            connection.write(bytes(4_000_000), name="job-1.zpl", timeout_s=0.2)
        with pytest.raises(TransportError) as gone:
            connection.read(timeout_s=20)
        peer.close()
    assert str(gone.value) == (
        f"Printer {uri} is gone: [Errno 110] Connection timed out; expected an answer; connect "
        "again."
    )
    assert gone.value.bytes_acknowledged == stalled.value.bytes_acknowledged


def test_a_printer_that_resets_the_connection_tells_what_it_had_taken(listener):
    with transports.connect(uri_of(listener), timeout_s=1) as connection:
        peer, _ = listener.accept()
        connection.write(b"^XA^XZ", name="job-1.zpl", timeout_s=1)
        peer.close()  # with unread bytes: a reset
        with pytest.raises(TransportError) as gone:
            connection.read(timeout_s=1)
    assert str(gone.value) == (
        f"Printer {uri_of(listener)} is gone: [Errno 104] Connection reset by peer; expected an "
        "answer; connect again."
    )
    assert gone.value.bytes_acknowledged in (6, None)


def test_an_unread_answer_does_not_cost_the_printer_what_it_has_not_read_yet(listener):
    """A close with unread bytes resets the connection, and the end of the label is thrown away."""
    label = bytes(50_000)
    received = bytearray()

    def take(peer):
        peer.sendall(b"paper low")
        time.sleep(0.1)
        with contextlib.suppress(OSError):
            while data := peer.recv(1000):
                received.extend(data)
        peer.close()

    with transports.connect(uri_of(listener), timeout_s=1) as connection:
        peer, _ = listener.accept()
        thread = threading.Thread(target=take, args=(peer,))
        thread.start()
        connection.write(label, name="job-1.zpl", timeout_s=1)
    thread.join()
    assert bytes(received) == label


def test_a_printer_that_wants_to_be_read_first_is_read(listener):
    """It answers more than its own buffers hold, and reads nothing until that is gone."""
    answer, label = bytes(600_000), bytes(2_000_000)
    received = bytearray()

    def talk(peer):
        peer.sendall(answer)
        while len(received) < len(label):
            received.extend(peer.recv(65_536))

    with transports.connect(uri_of(listener), timeout_s=1) as connection:
        peer, _ = listener.accept()
        thread = threading.Thread(target=talk, args=(peer,))
        thread.start()
        connection.write(label, name="job-1.zpl", timeout_s=5)
        thread.join()
        got = bytearray()
        while len(got) < len(answer):
            got += connection.read(timeout_s=1)
        peer.close()
    assert (bytes(received), bytes(got)) == (label, answer)


def test_another_program_of_this_machine_is_refused_while_the_printer_is_in_use(listener):
    if sys.platform != "linux":
        pytest.skip("elsewhere only within one program")
    program = (
        "import sys\nfrom printers import transports\n"
        "try: transports.connect(sys.argv[1], timeout_s=1)\n"
        "except OSError as error: print(error)\n"
    )
    with transports.connect(uri_of(listener), timeout_s=1):
        said = subprocess.run(
            [sys.executable, "-c", program, uri_of(listener)],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    assert said == (
        f"Printer {uri_of(listener)} cannot be used: it is in use by another program of this "
        "machine; expected one owner, since its counter would move for both; end the other one, "
        "or wait for it.\n"
    )


def test_the_connection_sends_at_once_and_notices_a_dead_peer(listener):
    uri = uri_of(listener) + "?user_timeout_ms=7000"
    for given, expected_ms in ((uri_of(listener), 20_000), (uri, 7_000)):
        with transports.connect(given, timeout_s=1) as connection:
            assert isinstance(connection, RawConnection)
            stream = connection._stream._socket
            assert stream.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            assert stream.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
            if hasattr(socket, "TCP_USER_TIMEOUT"):
                limit_ms = stream.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)
                assert limit_ms == expected_ms


def test_a_service_with_more_than_a_thousand_files_open_still_waits(listener):
    """select() knows file numbers up to 1023 only."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 1500:
        lacks("fewer than 1,500 files may be open here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 1500), hard))
    try:
        with contextlib.ExitStack() as files:
            for _ in range(1100):
                files.enter_context(open(os.devnull))  # noqa: PTH123 - as many as there may be
            with transports.connect(uri_of(listener), timeout_s=1) as connection:
                peer, _ = listener.accept()
                assert connection.read(timeout_s=0.01) == b""
                peer.close()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
