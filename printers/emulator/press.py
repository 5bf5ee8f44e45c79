"""The printing half of the virtual printer: buffer, media, ribbon, head, odometer."""

import re
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from printers.emulator.formats import Formats
from printers.emulator.tray import Tray, What

_COPIES = re.compile(rb"\^PQ([0-9]{1,8})", re.IGNORECASE)
_REPRINTS = re.compile(rb"\^JZ\s*([YN])", re.IGNORECASE)

_NOTES = {"label": "printed label", "torn": "tore a label at", "blank": "fed blank label"}

Stop = Literal["media-out", "ribbon-out", "head-open", "pause"]
"""What keeps it from printing."""


@dataclass(frozen=True, kw_only=True)
class PressState:
    """What ~HS tells about the press."""

    formats: int
    """Whole formats in the buffer, without the one being printed."""
    remaining: int
    """Copies of the format being printed that are not out yet."""
    stops: frozenset[Stop]
    """Why it does not print."""
    is_full: bool
    is_media_low: bool = False
    """Whether it warns that the roll ends soon."""

    @property
    def is_blocked(self) -> bool:
        """Whether somebody must come to it; a pause alone is no such thing."""
        return bool(self.stops - {"pause"})


class Press:
    """Prints formats one after the other in its own thread.

    ``between`` is called after each label that was printed, so that nobody sees the label and not
    what comes of it, and ``within`` in the middle of each: it returns True if that label is torn
    now.
    """

    def __init__(
        self,
        tray: Tray,
        *,
        label_time_s: float,
        buffer_bytes: int,
        counts_torn: bool,
        note: Callable[[str], None],
    ) -> None:
        self._tray = tray
        self._label_time_s = label_time_s
        self._buffer_bytes = buffer_bytes
        self._counts_torn = counts_torn
        self._note = note
        self.between: Callable[[], None] = lambda: None
        self.within: Callable[[], bool] = lambda: False
        self.has_room: Callable[[], None] = lambda: None
        self._output = threading.RLock()  # FEED may be a fault of this very label
        self._changed = threading.Condition()
        self._buffer: deque[bytes] = deque()
        self._buffered = 0
        self._formats = Formats()
        self._reprints = True
        self._label_count = tray.odometer
        self._printed = 0
        self._remaining = 0
        self._stops: set[Stop] = set()
        self._slower_s = 0.0
        self._doubles = 0
        self._is_media_low = False
        self._is_discarding = False
        self._is_stopping = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to print."""
        self._is_stopping = False
        self._thread = threading.Thread(target=self._run, name="virtual press", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Power off for good."""
        with self._changed:
            self._is_stopping = True
        self.power_off()
        if self._thread:
            self._thread.join()
            self._thread = None

    def power_off(self) -> None:
        """Lose what is in the buffer, as a printer does, stored formats and settings, too."""
        with self._changed:
            self._clear()
            self._formats = Formats()
            self._reprints = True
            self._stops.discard("pause")

    @property
    def label_count(self) -> int:
        """The odometer."""
        with self._changed:
            return self._label_count

    @property
    def printed(self) -> int:
        """Whole labels since it was made; blank ones do not count."""
        with self._changed:
            return self._printed

    @property
    def is_full(self) -> bool:
        """Whether the buffer can take no more."""
        with self._changed:
            return self._buffered >= self._buffer_bytes

    @property
    def state(self) -> PressState:
        """A snapshot."""
        with self._changed:
            return PressState(
                formats=len(self._buffer),
                remaining=self._remaining,
                stops=frozenset(self._stops),
                is_full=self._buffered >= self._buffer_bytes,
                is_media_low=self._is_media_low,
            )

    def put(self, data: bytes) -> None:
        """Take a format. It may overfill the buffer; the reader then waits for room."""
        with self._changed:
            if self._is_discarding:
                return
            self._buffer.append(data)
            self._buffered += len(data)
            self._changed.notify_all()

    def clear(self) -> None:
        """~JA: forget the buffer and the rest of the current batch."""
        with self._changed:
            self._clear()

    def set_stop(self, stop: Stop, is_on: bool) -> None:
        """Stop, or go on, after the label being printed."""
        with self._changed:
            (self._stops.add if is_on else self._stops.discard)(stop)
            self._changed.notify_all()

    def set_media_low(self, is_low: bool) -> None:
        """Warn that the roll ends soon, or no more."""
        with self._changed:
            self._is_media_low = is_low

    def set_discarding(self, is_discarding: bool) -> None:
        """Take formats and never print them, without a word."""
        with self._changed:
            self._is_discarding = is_discarding

    def set_slower(self, seconds: float) -> None:
        """Take so much longer for each label."""
        with self._changed:
            self._slower_s = seconds

    def print_twice(self, labels: int) -> None:
        """Let so many of the next labels come out twice."""
        with self._changed:
            self._doubles += labels

    def feed(self, blanks: int) -> None:
        """Somebody presses FEED: blank labels come out, and the odometer counts them."""
        for _ in range(blanks):
            self._out(b"", "blank")

    def _clear(self) -> None:
        self._buffer.clear()
        self._buffered = 0
        self._remaining = 0
        self._changed.notify_all()
        self.has_room()

    def _run(self) -> None:
        while (data := self._next()) is not None:
            while self._remaining and self._wait_for_label():
                self._print(data)

    def _next(self) -> bytes | None:
        """The next format to print, or None when the printer stops."""
        with self._changed:
            if not self._buffer:
                self._changed.wait_for(lambda: bool(self._buffer) or self._is_stopping)
            if self._is_stopping:
                return None
            data = self._buffer.popleft()
            was_full = self._buffered >= self._buffer_bytes
            self._buffered -= len(data)
            if was_full and self._buffered < self._buffer_bytes:
                self.has_room()
            return self._begin(data)

    def _begin(self, data: bytes) -> bytes:
        """Read what a format says about itself."""
        self._remaining = 0
        if (stored := self._formats.keep(data)) is not None:
            self._note(f"stored format {stored}")
        elif not self._is_discarding:
            data = self._formats.expand(data)
            copies = _COPIES.search(data)
            self._remaining = int(copies[1]) if copies else 1
            if said := _REPRINTS.search(data):
                self._reprints = said[1].upper() == b"Y"
        self._changed.notify_all()
        return data

    def _wait_for_label(self) -> bool:
        """Wait until the next copy may be printed and has had its time; False: none is left."""
        with self._changed:
            if self._stops:
                self._changed.wait_for(lambda: self._remaining == 0 or not self._stops)
            time_s = self._label_time_s + self._slower_s
            if self._remaining and time_s:
                self._changed.wait_for(lambda: self._remaining == 0, time_s)
            return self._remaining > 0

    def _print(self, data: bytes) -> None:
        if self.within():
            # Only a part came out. ^JZY prints the label once more, whole; ^JZN goes on.
            with self._changed:
                is_done = not self._reprints
            self._out(data, "torn", is_done=is_done)
            return
        if self._doubles > 0:
            with self._changed:
                self._doubles -= 1
            self._out(data, "label")
        self._out(data, "label", is_done=True)

    def _out(self, data: bytes, what: What, *, is_done: bool = False) -> None:
        """Let a piece come out; ``is_done``: nothing more of this copy will."""
        with self._output:  # somebody else may press FEED
            number = self._label_count + (what != "torn" or self._counts_torn)
            if what != "torn":
                self._tray.keep(data, odometer=number)
            with self._changed:
                self._label_count = number
                self._tray.add(data, what=what, at=time.time(), odometer=number)
                self._note(f"{_NOTES[what]} {number}")
                if is_done:
                    self._remaining = max(0, self._remaining - 1)
                    self._printed += 1
                    self.between()
