"""A line printer daemon that takes nothing that RFC 1179 does not say, for tests."""

import re
import socket
import threading
from types import TracebackType
from typing import Self

STEPS = ("job", "control", "control file", "data", "data file")


class ProtocolError(Exception):
    """The client did what RFC 1179 does not say."""


class LpdServer:
    """One job for each connection; ``refuse`` is the step that it answers with 1."""

    def __init__(self, *, refuse: str = "", stop_reading_after: int | None = None) -> None:
        self.documents: list[bytes] = []
        self.control_files: list[str] = []
        self.mistakes: list[str] = []
        self.refuse = refuse
        self.stop_reading_after = stop_reading_after
        self.taken = bytearray()
        """Bytes of the document that were read before reading stopped."""
        self.go_on = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.go_on.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)
        assert self.mistakes == []

    def _serve(self) -> None:
        while True:
            try:
                peer, _ = self._listener.accept()
            except OSError:
                return
            with peer:
                try:
                    self._take_job(peer)
                except ProtocolError as mistake:
                    self.mistakes.append(str(mistake))
                except OSError:
                    pass

    def _take_job(self, peer: socket.socket) -> None:
        line = self._line(peer)
        if line is None:
            return  # somebody looked whether we are there
        if line != b"\x02labels":
            raise ProtocolError(f"expected the job for the queue 'labels', got {line!r}")
        self._answer(peer, "job")
        size, name = self._announced(peer, 2, "cfA")
        self._answer(peer, "control")
        control = self._bytes(peer, size + 1)
        self._check_control(control, name)
        self._answer(peer, "control file")
        size, data_name = self._announced(peer, 3, "dfA")
        if data_name != name:
            raise ProtocolError(f"the document is called {data_name!r}, its control file {name!r}")
        self._answer(peer, "data")
        if self.stop_reading_after is not None:
            self.taken += self._bytes(peer, self.stop_reading_after)
            self.go_on.wait(10)
            while data := peer.recv(65_536):
                self.taken += data
            return
        data = self._bytes(peer, size + 1)
        if data[-1:] != b"\0":
            raise ProtocolError("no octet of zero bits behind the document")
        self._answer(peer, "data file")
        self.documents.append(data[:-1])

    def _check_control(self, control: bytes, name: str) -> None:
        text = control[:-1].decode("ascii")
        if control[-1:] != b"\0" or not re.search(rf"^ldfA{name}$", text, re.MULTILINE):
            raise ProtocolError(f"a control file that prints nothing: {control!r}")
        if not re.match(r"H[^\n]{1,31}\nP[^\n]{1,31}\n", text) or not text.endswith("\n"):
            raise ProtocolError(f"a control file without host and user: {control!r}")
        self.control_files.append(text)

    def _announced(self, peer: socket.socket, command: int, prefix: str) -> tuple[int, str]:
        line = self._line(peer) or b""
        found = re.fullmatch(rb"(.)(\d+) " + prefix.encode() + rb"(\d{3}[\w-]{1,31})", line)
        if not found or found[1] != bytes([command]):
            raise ProtocolError(f"expected subcommand {command} with {prefix}, got {line!r}")
        return int(found[2]), found[3].decode()

    def _answer(self, peer: socket.socket, step: str) -> None:
        if step == self.refuse:
            peer.sendall(b"\x01")
            raise ConnectionError("refused")
        peer.sendall(b"\0")

    def _line(self, peer: socket.socket) -> bytes | None:
        line = b""
        while not line.endswith(b"\n"):
            byte = peer.recv(1)
            if not byte:
                if line:
                    raise ProtocolError(f"a line without an end: {line!r}")
                return None
            line += byte
        return line[:-1]

    def _bytes(self, peer: socket.socket, size: int) -> bytes:
        data = b""
        while len(data) < size:
            piece = peer.recv(size - len(data))
            if not piece:
                raise ConnectionError("cut off")
            data += piece
        return data
