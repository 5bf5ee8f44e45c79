import socket
import time

import pytest

from printers import transports
from printers.errors import TransportError
from printers.transports.tcp import TcpConnection


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
        f"Printer {uri_of(listener)} is gone after 0 bytes of 'job-1.zpl': it had closed the "
        "connection before; expected an open connection; connect again."
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


def test_the_connection_sends_at_once_and_notices_a_dead_peer(listener):
    with transports.connect(uri_of(listener), timeout_s=1) as connection:
        assert isinstance(connection, TcpConnection)
        stream = connection._stream
        assert stream.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert stream.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            assert stream.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 60_000
