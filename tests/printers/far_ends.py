"""The other end of each transport: sockets, pseudo terminals, folders, a daemon, a CUPS.

USB has no printer here: a pseudo terminal stands in for the device file. It blocks, breaks and
answers as one, but it is not the driver usblp.
"""

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
from functools import partial
from pathlib import Path
from typing import Any, cast

import serial
from serial.rfc2217 import PortManager

from tests.printers.cups import Cups
from tests.printers.lpd_server import LpdServer

TIMEOUT_S = 5.0


@dataclass(frozen=True, kw_only=True)
class Far:
    """The other end of a transport."""

    uri: str
    received: Callable[[], bytes]
    """All that has arrived there so far."""
    documents: Callable[[], list[bytes]] | None = None
    """What has arrived, document by document, where there are documents."""
    answer: Callable[[bytes], object] | None = None
    pause: Callable[[], object] | None = None
    """Stop reading."""
    resume: Callable[[], object] | None = None
    leave: Callable[[], object] | None = None


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + TIMEOUT_S
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.005)
    assert condition()


def shut(peer: socket.socket) -> None:
    with contextlib.suppress(OSError):
        peer.shutdown(socket.SHUT_RDWR)


class Reader(threading.Thread):
    """Keeps what a file or socket gets, unless it is paused, until it is stopped or at the end."""

    def __init__(self, number: int, at_end: Callable[[], object] = bool) -> None:
        super().__init__(daemon=True)
        self.number = number
        self.at_end = at_end
        self.got = bytearray()
        self.is_paused = threading.Event()
        self.is_stopped = threading.Event()
        self.start()

    def run(self) -> None:
        while not self.is_stopped.is_set():
            if self.is_paused.is_set():
                time.sleep(0.002)
            elif select.select([self.number], [], [], 0.01)[0]:
                try:
                    data = os.read(self.number, 65_536)
                except OSError:
                    return
                if not data:
                    self.at_end()
                    return
                self.got += data

    def stop(self) -> None:
        self.is_stopped.set()
        self.join(TIMEOUT_S)


@contextmanager
def far_stream(scheme: str) -> Iterator[Far]:
    """A listening socket that keeps what it gets."""
    listener = socket.create_server(("127.0.0.1", 0))
    peers: list[socket.socket] = []
    readers: list[Reader] = []
    is_paused = threading.Event()

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                peer, _ = listener.accept()
                reader = Reader(peer.fileno(), partial(shut, peer))
                reader.is_paused = is_paused
                readers.append(reader)
                peers.append(peer)

    server = threading.Thread(target=serve, daemon=True)
    server.start()

    def peer() -> socket.socket:
        wait_until(lambda: bool(peers))
        return peers[-1]

    yield Far(
        uri=f"{scheme}://127.0.0.1:{listener.getsockname()[1]}",
        received=lambda: b"".join(bytes(reader.got) for reader in readers),
        answer=lambda data: peer().sendall(data),
        pause=is_paused.set,
        resume=is_paused.clear,
        leave=lambda: peer().shutdown(socket.SHUT_RDWR),
    )
    listener.shutdown(socket.SHUT_RDWR)
    server.join(TIMEOUT_S)
    listener.close()
    for reader in readers:
        reader.stop()
    for one in peers:
        one.close()


@contextmanager
def pseudo_terminal() -> Iterator[tuple[str, int, Reader, Callable[[], None]]]:
    """Its device, its master, who reads that, and how it is unplugged."""
    master, slave = os.openpty()
    tty.setraw(slave)
    reader = Reader(master)
    is_plugged = [True]

    def unplug() -> None:
        if is_plugged[0]:
            is_plugged[0] = False
            reader.stop()
            os.close(slave)
            os.close(master)

    yield os.ttyname(slave), master, reader, unplug
    unplug()


@contextmanager
def far_device(uri: str) -> Iterator[Far]:
    """A pseudo terminal."""
    with pseudo_terminal() as (device, master, reader, unplug):
        yield Far(
            uri=uri.format(device=device),
            received=lambda: bytes(reader.got),
            answer=lambda data: os.write(master, data),
            pause=reader.is_paused.set,
            resume=reader.is_paused.clear,
            leave=unplug,
        )


class Port(serial.Serial):
    """A pseudo terminal as a serial port: it has no modem lines, and no speed or parity."""

    cts = dsr = ri = cd = False

    def _reconfigure_port(self, force_update: bool = False) -> None:
        """What was asked for is remembered, which is all there is to set."""

    def _update_dtr_state(self) -> None:
        """There is no such line."""

    def _update_rts_state(self) -> None:
        """There is no such line."""


class Client:
    """Who is connected to a terminal server."""

    def __init__(self, peer: socket.socket) -> None:
        self.write = peer.sendall


class TerminalServer(threading.Thread):
    """pyserial's server side of RFC 2217 over a pseudo terminal, one client at a time."""

    def __init__(self, device: str) -> None:
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = Port(device, timeout=0)
        self.peers: list[socket.socket] = []
        self.start()

    def run(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                peer, _ = self.listener.accept()
                self.peers.append(peer)
                with contextlib.suppress(OSError):
                    self.serve(peer)
                shut(peer)

    def serve(self, peer: socket.socket) -> None:
        # Its stubs want a serial port twice; any object that writes will do for the second.
        manager = PortManager(cast(Any, self.port), cast(Any, Client(peer)))
        while True:
            number = self.port.fileno()
            ready, _, _ = select.select([peer.fileno(), number], [], [], 1)
            if peer.fileno() in ready:
                data = peer.recv(4096)
                if not data:
                    return
                self.port.write(b"".join(manager.filter(data)))
            if number in ready:
                peer.sendall(b"".join(manager.escape(self.port.read(4096))))

    def leave(self) -> None:
        for peer in self.peers:
            shut(peer)

    def stop(self) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)
        self.leave()
        self.join(TIMEOUT_S)
        self.listener.close()
        for peer in self.peers:
            peer.close()
        self.port.close()


@contextmanager
def far_rfc2217() -> Iterator[Far]:
    """A terminal server whose line ends in a pseudo terminal."""
    with pseudo_terminal() as (device, master, reader, _):
        server = TerminalServer(device)
        yield Far(
            uri=f"rfc2217://127.0.0.1:{server.listener.getsockname()[1]}?baudrate=19200",
            received=lambda: bytes(reader.got),
            answer=lambda data: os.write(master, data),
            pause=reader.is_paused.set,
            resume=reader.is_paused.clear,
            leave=server.leave,
        )
        reader.is_paused.clear()
        server.stop()


@contextmanager
def far_lpd() -> Iterator[Far]:
    """A daemon that takes nothing that RFC 1179 does not say."""
    with LpdServer() as server:
        yield Far(
            uri=f"lpd://127.0.0.1:{server.port}/labels",
            received=lambda: b"".join(server.documents),
            documents=lambda: list(server.documents),
        )


@contextmanager
def far_folder(folder: Path) -> Iterator[Far]:
    """A folder."""

    def documents() -> list[bytes]:
        return [path.read_bytes() for path in sorted(folder.glob("*.*")) if path.suffix != ".csv"]

    yield Far(uri=f"file:{folder}/", received=lambda: b"".join(documents()), documents=documents)


@contextmanager
def far_cups(cups: Cups, scheme: str) -> Iterator[Far]:
    """A queue of a real CUPS."""
    before = len(cups.documents())

    def documents() -> list[bytes]:
        return cups.documents()[before:]

    yield Far(uri=cups.uri(scheme), received=lambda: b"".join(documents()), documents=documents)
