"""Where a virtual printer puts what comes out: in order, counted, kept as files, and written down.

The *book* is a list that only grows, one JSON object a line: what came out of the printer, by the
printer's own account. Whoever compares it with what clients were told and with the record of a
service sees what was lost and what came out twice. A torn label stands in it as torn.
"""

import hashlib
import json
import re
import threading
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from printers.emulator import drawing

_KEPT_NAME = re.compile(r"label-([0-9]{6,})\.(?:zpl|blank)")
_DATA = re.compile(rb"(\^FH(.?)[^^~]*)?\^F[DV]([^^~]*)", re.IGNORECASE | re.DOTALL)
_TEXTS_MAX = 8

What = Literal["label", "torn", "blank"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """One piece of stock that came out."""

    number: int
    """Counts pieces since the printer was made; no gap, no number twice."""
    at: float
    """Seconds since the epoch."""
    what: What
    """A whole label, a torn one, or a blank one of the feed button."""
    odometer: int
    """What the odometer said afterwards."""
    data: bytes
    """Its format, ^XA to ^XZ, with stored formats put in; nothing for a blank one."""

    @property
    def digest(self) -> str:
        """SHA-256 of its format, as hexadecimal digits."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts of its first fields."""
        return field_texts(self.data)

    @property
    def entry(self) -> dict[str, object]:
        """Its line in the book."""
        return {
            "number": self.number,
            "at": datetime.fromtimestamp(self.at, UTC).isoformat(timespec="milliseconds"),
            "what": self.what,
            "odometer": self.odometer,
            "digest": self.digest,
            "bytes": len(self.data),
            "texts": list(self.texts),
        }


class Tray:
    """What came out, the newest kept in memory."""

    def __init__(
        self, *, folder: Path | None, book: Path | None, pieces_kept: int, picture_dpi: int | None
    ) -> None:
        """``picture_dpi``: also keep a picture of each label in the folder, of this resolution."""
        self._folder = folder
        self._book = book
        self._picture_dpi = picture_dpi
        self._lock = threading.Lock()
        self._pieces: deque[Piece] = deque(maxlen=pieces_kept)
        self._number = 0
        self.odometer = _last_number(folder) if folder else 0
        """The number of the last label that was kept."""
        if book:
            book.parent.mkdir(parents=True, exist_ok=True)
            self._number = _lines(book)

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The oldest first."""
        with self._lock:
            return tuple(self._pieces)

    def keep(self, data: bytes, *, odometer: int) -> None:
        """Write a label's file, before anybody hears of it; ``b""`` is a blank label."""
        if self._folder is None:
            return
        name = f"label-{odometer:06d}"
        _write(self._folder / f"{name}.{'zpl' if data else 'blank'}", data)
        if data and self._picture_dpi:
            try:
                drawn = drawing.draw(data, dpi=self._picture_dpi)
            except drawing.Undrawable as why:
                _write(self._folder / f"{name}.txt", f"{why}\n".encode())
            else:
                _write(self._folder / f"{name}.png", drawn.png)

    def add(self, data: bytes, *, what: What, at: float, odometer: int) -> Piece:
        """Take a piece and write it down."""
        with self._lock:
            self._number += 1
            piece = Piece(number=self._number, at=at, what=what, odometer=odometer, data=data)
            self.odometer = odometer
            self._pieces.append(piece)
            if self._book:
                with self._book.open("ab") as file:
                    file.write(json.dumps(piece.entry, ensure_ascii=False).encode() + b"\n")
        return piece


def field_texts(data: bytes) -> tuple[str, ...]:
    """The texts of a format's first fields, ^FH undone; one that is drawn twice to be bold, once.

    >>> field_texts(b"^XA^FO1,1^FDLot 7^FS^FO1,9^FH^FDA_5EB_C3_A4^FS^BQN,2,3^FDQA,X1^FS^XZ")
    ('Lot 7', 'A^Bä', 'QA,X1')
    """
    found: list[str] = []
    for match in _DATA.finditer(data):
        text = match[3]
        if match[1] is not None:
            sign = re.escape(match[2].strip() or b"_")
            text = re.sub(sign + rb"([0-9A-Fa-f]{2})", lambda code: bytes([int(code[1], 16)]), text)
        shown = text.decode("utf-8", "replace").strip()
        if found[-1:] != [shown]:
            found.append(shown)
        if len(found) == _TEXTS_MAX:
            break
    return tuple(found)


def _last_number(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    matches = (_KEPT_NAME.fullmatch(path.name) for path in folder.iterdir())
    return max((int(match[1]) for match in matches if match), default=0)


def _lines(book: Path) -> int:
    """How many lines there are; a last one that was cut short by a crash is ended."""
    if not book.exists():
        return 0
    text = book.read_bytes()
    if text and not text.endswith(b"\n"):
        with book.open("ab") as file:
            file.write(b"\n")
    return len(text.splitlines())


def _write(target: Path, data: bytes) -> None:
    """Whole or not at all: a reader of the folder never sees half a label."""
    temporary = target.with_name(f".{target.name}.part")
    temporary.write_bytes(data)
    temporary.replace(target)
