"""Between a line and the machine: takes bytes at the line's pace and brings answers back."""

import contextlib
import math
import os
import select
import socket
import time
from enum import Enum

from printers.emulator.machine import Machine
from printers.emulator.parser import Format, Parser
from printers.emulator.wires import Wire

_READ_BYTES = 65_536
_BITS_PER_BYTE = 10
"""8N1: a start bit, eight data bits, a stop bit."""
_SLICE_S = 0.01
"""At a baud rate, no more is read at once than arrives in so long."""


_BEGINNING_BYTES = 12
"""With fewer bytes nobody can tell a label from a format to be stored."""


class Ending(Enum):
    """Why it stopped serving a connection."""

    STOPPED = "the virtual printer stops"
    OFF = "power off"
    GONE = "client gone"
    DROPPED = "connection dropped"
    ABANDONED = "connection abandoned"
    CUT = "what was on the line is lost"


class Receiver:
    """Serves one connection at a time. ``wake`` may be called by any thread."""

    def __init__(self, machine: Machine, *, baud: int | None) -> None:
        """``baud``: as slow as a serial line of that speed, in both directions."""
        self._machine = machine
        self._baud = baud
        self._alarm, self._bell = socket.socketpair()
        self._alarm.setblocking(False)
        self._bell.setblocking(False)
        self._power_cycles = machine.power_cycles
        self.is_stopping = False
        machine.wake = self.wake

    def wake(self) -> None:
        """Look again at what is to be done."""
        with contextlib.suppress(OSError):  # it is full of calls already, or closed
            self._bell.send(b"!")

    def close(self) -> None:
        """Give back what it holds; the thread that serves has ended."""
        self._machine.wake = lambda: None
        self._alarm.close()
        self._bell.close()

    def wait(self, source: int | None, *, timeout_s: float | None = None) -> bool:
        """Sleep until there is something to read (True) or something else to do."""
        sources = [self._alarm.fileno(), *([] if source is None else [source])]
        readable, _, _ = select.select(sources, [], [], timeout_s)
        if self._alarm.fileno() in readable:
            with contextlib.suppress(BlockingIOError):
                self._alarm.recv(4096)
        return source in readable

    def serve(self, wire: Wire) -> Ending:
        """Take what comes until that ends. OSError: the other end is gone."""
        parser = Parser()
        self._power_cycles = self._machine.power_cycles
        while True:
            if ending := self._obey(wire, is_reading=True):
                return ending
            if not self.wait(wire.fileno()):
                continue
            drop_after = self._machine.orders.drop_after
            data = wire.read(self._bytes_at_once(drop_after))
            if not data:
                return Ending.GONE
            self._take_time_for(len(data))
            if ending := self._digest(data, parser, wire):
                return ending
            if drop_after is not None:
                self._machine.orders.drop_after = drop_after - len(data)

    def _digest(self, data: bytes, parser: Parser, wire: Wire) -> Ending | None:
        machine = self._machine
        for event in parser.feed(data):
            if isinstance(event, Format):
                is_interrupted = self.is_stopping or self._power_cycles != machine.power_cycles
                if not is_interrupted and machine.take_undisturbed(event):
                    continue
                machine.label_begins(event.data)
                if ending := self._obey(wire):
                    return ending
                machine.take_label(event)
            elif reply := machine.answer(event, is_receiving=parser.receiving):
                self._take_time_for(len(reply))
                wire.write(reply)
            if ending := self._obey(wire):
                return ending
        if len(beginning := parser.unfinished) >= _BEGINNING_BYTES:
            machine.label_begins(beginning)
        return None

    def _obey(self, wire: Wire, *, is_reading: bool = False) -> Ending | None:
        """Wait while nothing may be taken; say how it ends, if it does.

        A full buffer keeps it from reading on; what was read already goes into it all the same.
        """
        while (ending := self._ending(wire)) is None:
            orders, now = self._machine.orders, time.monotonic()
            waits_until = max(orders.held_until, orders.cut_until)
            is_full = is_reading and self._machine.press.is_full
            if waits_until <= now and not is_full:
                wire.release()
                return None
            if orders.cut_until <= now:
                wire.hold()
            is_timed = now < waits_until < math.inf
            self.wait(None, timeout_s=waits_until - now if is_timed else None)
        return ending

    def _ending(self, wire: Wire) -> Ending | None:
        machine, orders = self._machine, self._machine.orders
        if self.is_stopping:
            return Ending.STOPPED
        if not machine.is_on or self._power_cycles != machine.power_cycles:
            return Ending.OFF
        if orders.drop_after is not None and orders.drop_after <= 0:
            orders.drop_after = None
            return Ending.DROPPED
        if wire.is_cable and orders.cut_until > time.monotonic():
            self._lose_what_comes(wire)
            return Ending.CUT
        if math.isinf(orders.cut_until):
            orders.cut_until = 0.0
            return Ending.ABANDONED
        return None

    def _lose_what_comes(self, wire: Wire) -> None:
        """A cut cable: what is sent into it arrives nowhere."""
        orders = self._machine.orders
        while self._machine.is_on and not self.is_stopping:
            left_s = orders.cut_until - time.monotonic()
            if left_s <= 0:
                return
            arrived = self.wait(wire.fileno(), timeout_s=None if math.isinf(left_s) else left_s)
            if arrived and orders.cut_until > time.monotonic():
                os.read(wire.fileno(), _READ_BYTES)

    def _bytes_at_once(self, drop_after: int | None) -> int:
        limit = _READ_BYTES if drop_after is None else max(1, min(_READ_BYTES, drop_after))
        if self._baud:
            limit = min(limit, max(1, int(self._baud / _BITS_PER_BYTE * _SLICE_S)))
        return limit

    def _take_time_for(self, size: int) -> None:
        """As long as so many bytes need at the baud rate."""
        if not self._baud:
            return
        end = time.monotonic() + size * _BITS_PER_BYTE / self._baud
        while not self.is_stopping and (left_s := end - time.monotonic()) > 0:
            self.wait(None, timeout_s=left_s)
