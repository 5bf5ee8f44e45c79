"""What a virtual printer hangs on: a TCP port, or a serial line (a pseudo terminal)."""

import contextlib
import functools
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from printers.emulator.machine import Machine
from printers.emulator.receiver import Ending, Receiver
from printers.emulator.wires import PtyWire, TcpWire

_WINDOW_BYTES = 32_768
"""A printer's TCP window is small. With that of a computer, megabytes would count as sent."""
_READ_BYTES = 65_536
_AGAIN_S = 0.1
"""How soon it tries to get its port back after a power cycle."""


class Line(Protocol):
    """Opened by ``open``, it is served by ``run`` in a thread, and closed by that thread."""

    note: Callable[[str], None]
    """Called with a few words when something happens."""

    @property
    def uri(self) -> str:
        """Where programs reach the printer."""

    def open(self) -> None:
        """Make it reachable. OSError, in a sentence, where that fails."""

    def run(self, receiver: Receiver, machine: Machine) -> None:
        """Serve until the receiver is stopping, then close."""


class TcpLine(Line):
    """A TCP port that serves one client at a time, as many printers do; others wait."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self.port = port
        self._listener: socket.socket | None = None
        self._abandoned: list[TcpWire] = []
        self.note: Callable[[str], None] = _nobody

    @property
    def uri(self) -> str:
        """Where programs reach the printer."""
        return f"tcp://{self._host}:{self.port}"

    def open(self) -> None:
        """Listen. OSError if the port is taken."""
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        reuse = "SO_EXCLUSIVEADDRUSE" if os.name == "nt" else "SO_REUSEADDR"
        listener.setsockopt(socket.SOL_SOCKET, getattr(socket, reuse), 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _WINDOW_BYTES)
        try:
            listener.bind((self._host, self.port))
            listener.listen(64)
        except OSError as error:
            listener.close()
            raise OSError(
                error.errno,
                f"The virtual printer cannot listen at {self._host}:{self.port} "
                f"({error.strerror}): expected a free port; stop what uses it, or choose another "
                "(0 takes any free one).",
            ) from error
        self.port = int(listener.getsockname()[1])
        self._listener = listener

    def run(self, receiver: Receiver, machine: Machine) -> None:
        """Serve one client after the other; without power the port is closed."""
        while not receiver.is_stopping:
            if not machine.is_on:
                self._close()
                receiver.wait(None)
                continue
            if self._listener is None:
                try:
                    self.open()
                except OSError as error:
                    self.note(str(error.strerror))
                    receiver.wait(None, timeout_s=_AGAIN_S)
                continue
            if receiver.wait(self._listener.fileno()):
                self._serve(self._listener.accept()[0], receiver)
        self._close()

    def _serve(self, client: socket.socket, receiver: Receiver) -> None:
        self.note("client connected")
        wire = TcpWire(client)
        ending = Ending.GONE
        with contextlib.suppress(OSError):
            ending = receiver.serve(wire)
        if ending is Ending.ABANDONED:
            self._abandoned.append(wire)
        elif ending in (Ending.DROPPED, Ending.OFF):
            wire.reset()
        else:
            wire.close()
        if ending is not Ending.GONE:
            self.note(ending.value)
        self.note("client gone")

    def _close(self) -> None:
        for wire in self._abandoned:
            wire.reset()
        self._abandoned.clear()
        if self._listener:
            self._listener.close()
            self._listener = None


class PtyLine(Line):
    """A serial line on which nobody is seen to come or go."""

    def __init__(self, *, link: Path | None, baud: int) -> None:
        """``link``: a symbolic link to the device, since every new one has another name."""
        self._link = link
        self._baud = baud
        self._wire: PtyWire | None = None
        self._device = ""
        self.note: Callable[[str], None] = _nobody

    @property
    def uri(self) -> str:
        """Where programs reach the printer."""
        return f"serial://{self._device}?baudrate={self._baud}&flow=xonxoff"

    def open(self) -> None:
        """Make a pseudo terminal. OSError where there are none."""
        if os.name == "nt":
            raise OSError(
                "Windows has no pseudo terminals: expected Linux or macOS; use a TCP port."
            )
        self._wire = PtyWire()
        device = self._wire.device
        if self._link:
            _point(self._link, at=device)
            device = str(self._link.absolute())
        self._device = device

    def run(self, receiver: Receiver, machine: Machine) -> None:
        """Serve whoever has the device open."""
        while not receiver.is_stopping and self._wire:
            wire = self._wire
            if not machine.is_on:
                if receiver.wait(wire.fileno()):
                    machine.lose_while_off(functools.partial(wire.read, _READ_BYTES))
                continue
            ending = Ending.DROPPED
            with contextlib.suppress(OSError):
                ending = receiver.serve(wire)
            if ending is Ending.DROPPED:
                # In this order: a name that is free again may be another printer's at once, and who
                # follows the link would reach that one.
                self.open()
                wire.close()
            self.note(ending.value)
        if self._link:
            self._link.unlink(missing_ok=True)
        if self._wire:
            self._wire.close()
            self._wire = None


def _point(link: Path, *, at: str) -> None:
    """Let a link lead to a device from one moment to the next; what is no link stays."""
    if link.exists() and not link.is_symlink():
        raise OSError(f"{link} is no link: expected a free name for the link to the serial line.")
    new = link.with_name(f".{link.name}.new")
    new.unlink(missing_ok=True)
    new.symlink_to(at)
    new.replace(link)


def _nobody(_: str) -> None:
    """Nobody listens to what is noted."""
