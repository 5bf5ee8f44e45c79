"""The printing half of the virtual printer: buffer, media, odometer, kept labels."""

import re
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from printers.emulator.formats import Formats

_COPIES = re.compile(rb"\^PQ([0-9]{1,8})", re.IGNORECASE)
_KEPT_NAME = re.compile(r"label-([0-9]{6,})\.zpl")


@dataclass(frozen=True, kw_only=True)
class PressState:
    """What ~HS tells about the press."""

    formats: int
    """Whole formats in the buffer, without the one being printed."""
    remaining: int
    """Copies of the format being printed that are not out yet."""
    is_media_out: bool
    is_paused: bool
    is_head_open: bool
    is_full: bool


class Press:
    """Prints formats one after the other in its own thread."""

    def __init__(
        self,
        *,
        folder: Path | None,
        label_time_s: float,
        buffer_bytes: int,
        labels_kept: int,
        note: Callable[[str], None],
    ) -> None:
        self._folder = folder
        self._label_time_s = label_time_s
        self._buffer_bytes = buffer_bytes
        self._note = note
        self._changed = threading.Condition()
        self._buffer: deque[bytes] = deque()
        self._buffered = 0
        self._formats = Formats()
        self._labels: deque[bytes] = deque(maxlen=labels_kept)
        self._label_count = _last_number(folder) if folder else 0
        self._remaining = 0
        self._media_left: int | None = None
        self._is_paused = False
        self._is_head_open = False
        self._is_discarding = False
        self._is_stopping = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to print."""
        self._is_stopping = False
        self._thread = threading.Thread(target=self._run, name="virtual press", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Power off: what is in the buffer is lost, as in a printer, and so are stored formats."""
        with self._changed:
            self._is_stopping = True
            self._clear()
            self._formats = Formats()
        if self._thread:
            self._thread.join()
            self._thread = None

    @property
    def labels(self) -> tuple[bytes, ...]:
        """What was printed, the oldest first."""
        with self._changed:
            return tuple(self._labels)

    @property
    def label_count(self) -> int:
        """The odometer."""
        with self._changed:
            return self._label_count

    @property
    def state(self) -> PressState:
        """A snapshot."""
        with self._changed:
            return PressState(
                formats=len(self._buffer),
                remaining=self._remaining,
                is_media_out=self._media_left == 0,
                is_paused=self._is_paused,
                is_head_open=self._is_head_open,
                is_full=self._buffered >= self._buffer_bytes,
            )

    def put(self, data: bytes) -> None:
        """Take a format. It may overfill the buffer; the reader then waits for room."""
        with self._changed:
            if self._is_discarding:
                return
            self._buffer.append(data)
            self._buffered += len(data)
            self._changed.notify_all()

    def wait_for_room(self) -> None:
        """Return when the buffer can take more, or when the printer stops."""
        with self._changed:
            self._changed.wait_for(lambda: self._buffered < self._buffer_bytes or self._is_stopping)

    def clear(self) -> None:
        """~JA: forget the buffer and the rest of the current batch."""
        with self._changed:
            self._clear()

    def set_media(self, labels_left: int | None) -> None:
        """How many labels are left on the roll; None: enough."""
        with self._changed:
            self._media_left = labels_left
            self._changed.notify_all()

    def set_paused(self, paused: bool) -> None:
        """Stop or go on after the label being printed."""
        with self._changed:
            self._is_paused = paused
            self._changed.notify_all()

    def set_head_open(self, is_open: bool) -> None:
        """Stop while the head is open."""
        with self._changed:
            self._is_head_open = is_open
            self._changed.notify_all()

    def set_discarding(self, discarding: bool) -> None:
        """Take formats and never print them, without a word."""
        with self._changed:
            self._is_discarding = discarding

    def _clear(self) -> None:
        self._buffer.clear()
        self._buffered = 0
        self._remaining = 0
        self._changed.notify_all()

    def _run(self) -> None:
        while (data := self._next()) is not None:
            while self._wait_for_label():
                self._print(data)

    def _next(self) -> bytes | None:
        """The next format to print, or None when the printer stops."""
        with self._changed:
            self._changed.wait_for(lambda: bool(self._buffer) or self._is_stopping)
            if self._is_stopping:
                return None
            data = self._buffer.popleft()
            self._buffered -= len(data)
            if (stored := self._formats.keep(data)) is not None:
                self._note(f"stored format {stored}")
                self._remaining = 0
            else:
                data = self._formats.expand(data)
                copies = _COPIES.search(data)
                self._remaining = int(copies[1]) if copies else 1
            self._changed.notify_all()
            return data

    def _wait_for_label(self) -> bool:
        """Wait until the next copy may be printed and has had its time; False: none is left."""
        with self._changed:
            self._changed.wait_for(lambda: self._remaining == 0 or not self._is_blocked())
            if self._remaining and self._label_time_s:
                self._changed.wait_for(lambda: self._remaining == 0, self._label_time_s)
            return self._remaining > 0

    def _is_blocked(self) -> bool:
        return self._is_paused or self._is_head_open or self._media_left == 0

    def _print(self, data: bytes) -> None:
        with self._changed:
            number = self._label_count + 1
        if self._folder:
            _keep(self._folder, number, data)
        with self._changed:
            self._label_count = number
            self._labels.append(data)
            self._remaining = max(0, self._remaining - 1)
            if self._media_left:
                self._media_left -= 1
            is_media_out = self._media_left == 0
        self._note(f"printed label {number}")
        if is_media_out:
            self._note("media out")


def _last_number(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    matches = (_KEPT_NAME.fullmatch(path.name) for path in folder.iterdir())
    return max((int(match[1]) for match in matches if match), default=0)


def _keep(folder: Path, number: int, data: bytes) -> None:
    """Whole or not at all: a reader of the folder never sees half a label."""
    target = folder / f"label-{number:06d}.zpl"
    temporary = folder / f".label-{number:06d}.part"
    temporary.write_bytes(data)
    temporary.replace(target)
