"""A virtual ZPL printer with faults, for tests and for people without a printer.

    with VirtualPrinter(port=0) as printer:
        ...  # print to tcp://127.0.0.1:{printer.port}
        printer.labels, printer.label_count

Like many printers it listens to one client at a time; others connect and wait. Formats go into a
finite buffer, from which it prints at its own pace; a full buffer stops the reading. Kept labels
and the odometer survive a restart with the same folder; the buffer and the formats that it stores
(``formats.py``) do not survive a stop.
"""

import contextlib
import os
import re
import select
import socket
import struct
import threading
import time
from collections import deque
from pathlib import Path
from types import TracebackType
from typing import Self

from printers.emulator.parser import Command, Event, Format, Parser, Setting
from printers.emulator.press import Press

_READ_BYTES = 65_536
_REPLY_S = 5.0
_GETVAR = re.compile(r'getvar "([^"]*)"')
_ODOMETER = "odometer.total_label_count"


class VirtualPrinter:
    """A printer at a TCP port. Start and stop it, or use ``with``."""

    def __init__(  # noqa: PLR0913 - what a printer is, each with a default
        self,
        host: str = "127.0.0.1",
        port: int = 9100,
        *,
        folder: Path | None = None,
        label_time_s: float = 0.0,
        model: str = "labeler virtual printer",
        dots_per_mm: int = 8,
        buffer_bytes: int = 262_144,
        labels_kept: int = 100_000,
    ) -> None:
        """``labels_kept`` bounds what ``labels`` remembers; a folder keeps all."""
        self._host = host
        self._wanted_port = port
        self._model = model
        self._dots_per_mm = dots_per_mm
        self._history: deque[tuple[float, str]] = deque(maxlen=labels_kept)
        self._press = Press(
            folder=folder,
            label_time_s=label_time_s,
            buffer_bytes=buffer_bytes,
            labels_kept=labels_kept,
            note=self._note,
        )
        self._is_silent = False
        self._is_media_low = False
        self._bytes_to_drop: int | None = None
        self._is_stopping = False
        self._thread: threading.Thread | None = None
        self._wake: socket.socket | None = None

    def start(self) -> None:
        """Listen and print. OSError if the port is taken."""
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        reuse = "SO_EXCLUSIVEADDRUSE" if os.name == "nt" else "SO_REUSEADDR"
        listener.setsockopt(socket.SOL_SOCKET, getattr(socket, reuse), 1)
        try:
            listener.bind((self._host, self._wanted_port))
            listener.listen(64)
        except OSError as error:
            listener.close()
            raise OSError(
                error.errno,
                f"The virtual printer cannot listen at {self._host}:{self._wanted_port} "
                f"({error.strerror}): expected a free port; stop what uses it, or choose another "
                "(0 takes any free one).",
            ) from error
        self._wanted_port = int(listener.getsockname()[1])
        self._is_stopping = False
        alarm, self._wake = socket.socketpair()
        self._press.start()
        self._thread = threading.Thread(
            target=self._run, args=(listener, alarm), name="virtual printer", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Close the port and lose the buffer, like a printer that is switched off."""
        if self._thread is None or self._wake is None:
            return
        self._is_stopping = True
        with contextlib.suppress(OSError):  # it may have seen the flag, and closed its end, already
            self._wake.send(b"!")
        self._press.stop()
        self._thread.join()
        self._thread = None
        self._wake.close()
        self._wake = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def port(self) -> int:
        """The port it listens at; the real one where 0 was asked for."""
        return self._wanted_port

    @property
    def labels(self) -> tuple[bytes, ...]:
        """Every format it printed, ^XA to ^XZ, once per copy, the oldest first."""
        return self._press.labels

    @property
    def label_count(self) -> int:
        """The odometer: labels printed in its life."""
        return self._press.label_count

    @property
    def history(self) -> list[tuple[float, str]]:
        """What happened: seconds since the epoch, and a few words."""
        return list(self._history)

    def media_out(self, *, after: int = 0) -> None:
        """Run out of media after so many more labels."""
        self._press.set_media(after)
        self._note(f"media out after {after} labels")

    def load_media(self) -> None:
        """Put in a new roll; printing goes on."""
        self._press.set_media(None)
        self._note("media loaded")

    def media_low(self, is_low: bool) -> None:
        """Warn that the roll ends soon; print on."""
        self._is_media_low = is_low
        self._note("media low" if is_low else "media no longer low")

    def open_head(self, is_open: bool) -> None:
        """Open the head, or close it."""
        self._press.set_head_open(is_open)
        self._note("head open" if is_open else "head closed")

    def pause(self) -> None:
        """Press the pause button."""
        self._press.set_paused(True)
        self._note("paused")

    def resume(self) -> None:
        """Press it again."""
        self._press.set_paused(False)
        self._note("resumed")

    def silent(self, is_silent: bool) -> None:
        """Answer no question; print all the same."""
        self._is_silent = is_silent
        self._note("silent" if is_silent else "answers again")

    def drop_connection(self, *, after_bytes: int = 0) -> None:
        """Reset the connection once after so many more bytes; those before count."""
        self._bytes_to_drop = after_bytes
        if self._wake:
            self._wake.send(b"!")
        self._note(f"drops the connection after {after_bytes} bytes")

    def accept_and_never_print(self, is_lost: bool) -> None:
        """Take every format, look ready, and lose it."""
        self._press.set_discarding(is_lost)
        self._note("loses formats" if is_lost else "prints formats again")

    def _note(self, what: str) -> None:
        self._history.append((time.time(), what))

    def _run(self, listener: socket.socket, alarm: socket.socket) -> None:
        with listener, alarm:
            while not self._is_stopping:
                if not _sleep_until(listener, alarm):
                    continue
                client, _ = listener.accept()
                self._note("client connected")
                with client, contextlib.suppress(OSError):
                    self._listen_to(client, alarm)
                self._note("client gone")

    def _listen_to(self, client: socket.socket, alarm: socket.socket) -> None:
        parser = Parser()
        client.settimeout(_REPLY_S)
        while not self._is_stopping:
            if self._bytes_to_drop == 0:
                self._reset(client)
                return
            self._press.wait_for_room()
            if not _sleep_until(client, alarm):
                continue
            drop_after = self._bytes_to_drop
            data = client.recv(_READ_BYTES if drop_after is None else min(_READ_BYTES, drop_after))
            if not data:
                return
            if drop_after is not None:
                self._bytes_to_drop = drop_after - len(data)
            for event in parser.feed(data):
                reply = self._handle(event, parser)
                if reply and not self._is_silent:
                    client.sendall(reply)

    def _reset(self, client: socket.socket) -> None:
        self._bytes_to_drop = None
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._note("connection dropped")

    def _handle(self, event: Event, parser: Parser) -> bytes:
        match event:
            case Format():
                self._press.put(event.data)
                return b""
            case Setting():
                return self._answer_setting(event.line)
            case Command():
                self._note(event.name)
                return self._answer_command(event.name, parser.receiving)

    def _answer_setting(self, line: str) -> bytes:
        wanted = _GETVAR.fullmatch(line)
        if not wanted:
            return b""
        known = wanted[1] == _ODOMETER
        return f'"{self.label_count}"'.encode() if known else b'"?"'

    def _answer_command(self, name: str, is_receiving: bool) -> bytes:
        match name:
            case "~HS":
                return self._host_status(is_receiving)
            case "~HI":
                return f"\x02{self._model},V1.0,{self._dots_per_mm},8176KB\x03\r\n".encode()
            case "~HQES":
                return self._errors()
            case "~JA":
                self._press.clear()
            case "~PP":
                self.pause()
            case "~PS":
                self.resume()
        return b""

    def _host_status(self, is_receiving: bool) -> bytes:
        state = self._press.state
        return (
            f"\x02030,{state.is_media_out:d},{state.is_paused:d},0320,{state.formats:03d},"
            f"{state.is_full:d},0,{is_receiving:d},000,0,0,0\x03\r\n"
            f"\x02000,0,{state.is_head_open:d},0,0,2,4,0,{state.remaining:08d},1,000\x03\r\n"
            "\x021234,0\x03\r\n"
        ).encode()

    def _errors(self) -> bytes:
        state = self._press.state
        bits = state.is_media_out * 0x1 + state.is_head_open * 0x4 + state.is_paused * 0x10000
        warnings = self._is_media_low * 0x8
        return (
            "\x02\r\n  PRINTER STATUS\r\n"
            f"   ERRORS:         {bool(bits):d} 00000000 {bits:08X}\r\n"
            f"   WARNINGS:       {bool(warnings):d} 00000000 {warnings:08X}\r\n\x03"
        ).encode()


def _sleep_until(source: socket.socket, alarm: socket.socket) -> bool:
    """Sleep until there is something to read or something else to do; True for the former."""
    readable, _, _ = select.select([source, alarm], [], [])
    if alarm in readable:
        alarm.recv(64)
    return source in readable
