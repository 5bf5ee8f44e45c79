"""A serial port in the network, against pyserial's own server side and a few that misbehave."""

import socket
import threading
import time
from collections.abc import Callable
from typing import Self

import pytest

from printers import transports
from printers.errors import TransportError
from tests.printers.far_ends import TIMEOUT_S, TerminalServer, pseudo_terminal, wait_until

IAC, DONT, DO, WONT, WILL, SB, SE = 255, 254, 253, 252, 251, 250, 240
COM_PORT = 44


@pytest.fixture
def server():
    with pseudo_terminal() as (device, _, _, _):
        one = TerminalServer(device)
        yield one
        one.stop()


def test_the_line_is_set_as_the_address_says(server):
    port = server.listener.getsockname()[1]
    uri = f"rfc2217://127.0.0.1:{port}?baudrate=38400&bytesize=7&parity=E&stopbits=2&flow=xonxoff"
    with transports.connect(uri, timeout_s=TIMEOUT_S):
        line = server.port
        assert (line.baudrate, line.bytesize, line.parity, line.stopbits) == (38400, 7, "E", 2)
        assert (line.xonxoff, line.rtscts) == (True, False)


class Scripted:
    """A terminal server that confirms what it gets, but for what a test changes."""

    def __init__(self, confirm: Callable[[int, bytes], bytes | None], *, greeting: bytes) -> None:
        self.got = bytearray()
        """All that came, with commands."""
        self._confirm: Callable[[int, bytes], bytes | None] = confirm
        self._greeting = greeting
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.uri = f"rfc2217://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve)
        self.peer: socket.socket | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()

    def say(self, command: int, value: bytes = b"") -> None:
        self.send(bytes([IAC, SB, COM_PORT, command]) + value + bytes([IAC, SE]))

    def send(self, data: bytes) -> None:
        assert self.peer is not None
        self.peer.sendall(data)

    def _serve(self) -> None:
        try:
            self.peer, _ = self._listener.accept()
        except OSError:
            return
        done = 0
        with self.peer:
            self.peer.sendall(self._greeting)
            while data := self.peer.recv(65_536):
                self.got += data
                done = self._answer(done)

    def _answer(self, done: int) -> int:
        """Confirm every whole command that came since; return how far that is."""
        begin = bytes([IAC, SB, COM_PORT])
        while (start := self.got.find(begin, done)) >= 0:
            end = self.got.find(bytes([IAC, SE]), start)
            if end < 0:
                break
            command, value = self.got[start + 3], bytes(self.got[start + 4 : end])
            found = self._confirm(command, value)
            if found is not None:
                self.say(command + 100, found)
            done = end + 2
        return done


def silent(command: int, value: bytes) -> bytes | None:
    return None


AGREED = bytes([IAC, DO, COM_PORT, IAC, WILL, 0, IAC, DO, 0, IAC, WILL, 3])


@pytest.mark.parametrize(
    ("query", "changed", "said"),
    [
        ("?baudrate=115200", {1: (9600).to_bytes(4, "big")}, "baudrate=115200"),
        ("?bytesize=7", {2: b"\x08"}, "bytesize=7"),
        ("?parity=E", {3: b"\x01"}, "parity=E"),
        ("?stopbits=2", {4: b"\x01"}, "stopbits=2"),
        ("?flow=rtscts", {5: b"\x01"}, "flow=rtscts"),
        ("?flow=xonxoff", {5: None}, "flow=xonxoff"),
        ("?flow=dsrdtr", {5: None}, "flow=dsrdtr"),
    ],
)
def test_a_server_that_does_not_set_the_line_as_told_is_refused(query, changed, said):
    with Scripted(changed.get, greeting=AGREED) as server:
        uri = server.uri + query
        with pytest.raises(TransportError) as refused:
            transports.connect(uri, timeout_s=1)
    assert str(refused.value) == (
        f"Printer {uri} cannot be set up: it does not confirm {said}; expected a terminal server "
        "that sets its line by RFC 2217 within 1 s; see what mode its port is in, or use "
        "socket:// if it has a raw mode only."
    )


def test_connecting_empties_no_buffer_of_the_server():
    """A slow line may still be printing the label of the last connection from it."""
    with (
        Scripted(lambda command, value: value, greeting=AGREED) as server,
        transports.connect(server.uri, timeout_s=2),
    ):
        wait_until(lambda: bytes([5, 11, IAC, SE]) in server.got)
        commands = [part[0] for part in server.got.split(bytes([IAC, SB, COM_PORT]))[1:]]
        assert commands == [5, 1, 2, 3, 4, 5, 5]


@pytest.mark.parametrize(
    ("greeting", "why"),
    [
        (bytes([IAC, DONT, COM_PORT]), "it refuses to set serial lines"),
        (
            b"login: ",
            "an answer to the question whether it sets serial lines did not come in time",
        ),
        (AGREED, "its confirmation of the line's parameters did not come in time"),
    ],
)
def test_what_is_no_such_server_is_refused_in_time(greeting, why):
    with Scripted(silent, greeting=greeting) as server:
        start = time.monotonic()
        with pytest.raises(TransportError) as refused:
            transports.connect(server.uri, timeout_s=0.5)
        assert time.monotonic() - start < 3
    assert str(refused.value).startswith(f"Printer {server.uri} cannot be set up: {why}; expected")


def test_a_server_that_does_not_answer_about_no_flow_control_is_fine():
    with (
        Scripted(lambda command, value: value if command != 5 else None, greeting=AGREED) as server,
        transports.connect(server.uri, timeout_s=2),
    ):
        pass


def test_a_server_that_asks_for_a_pause_gets_it_and_the_count_says_so():
    with (
        Scripted(lambda command, value: value, greeting=AGREED) as server,
        transports.connect(server.uri, timeout_s=2) as connection,
    ):
        server.say(108)
        assert connection.read(timeout_s=0.1) == b""
        cpu_start = time.thread_time()
        with pytest.raises(TransportError) as stalled:
            connection.write(b"label", name="job-1.zpl", timeout_s=0.3)
        assert time.thread_time() - cpu_start < 0.1
        assert (stalled.value.bytes_written, b"label" in server.got) == (0, False)
        server.say(109)
        connection.write(b"label", name="job-1.zpl", timeout_s=2)
        wait_until(lambda: server.got.endswith(b"label"))


def test_telnet_in_the_answer_is_taken_out_wherever_it_is_cut():
    answer = b"\x02a" + bytes([IAC, WILL, 1, IAC, SB, COM_PORT, 107, 16, IAC, SE]) + b"\xff\xff\x03"
    with (
        Scripted(lambda command, value: value, greeting=AGREED) as server,
        transports.connect(server.uri, timeout_s=2) as connection,
    ):
        got = b""
        for byte in answer:
            server.send(bytes([byte]))
            time.sleep(0.002)
            got += connection.read(timeout_s=0.01)
        while len(got) < 4:
            got += connection.read(timeout_s=1)
        assert got == b"\x02a\xff\x03"
        wait_until(lambda: bytes([IAC, DONT, 1]) in server.got)


def test_the_count_of_a_broken_write_is_of_the_label_not_of_what_travelled():
    label = b"\xff" * 400_000
    with (
        Scripted(lambda command, value: value, greeting=AGREED) as server,
        transports.connect(server.uri, timeout_s=2) as connection,
    ):
        wait_until(lambda: bytes([5, 11, IAC, SE]) in server.got)
        connection.write(label, name="job-1.zpl", timeout_s=5)
        wait_until(lambda: server.got.count(IAC) > 2 * len(label))
        assert server.got.endswith(b"\xff\xff" * len(label))
