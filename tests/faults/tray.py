"""What came out of the printer, piece by piece: whose label it is, and what is strange about it.

A label with a wrong bit (fault *data-noise*) may show another serial than it was sent with, or
none. It is told by its bytes: with one of its bits turned back their digest is the one that the
record keeps of a label. So such cases send whole labels, never values for a stored format.
"""

import hashlib
from collections import defaultdict
from dataclasses import dataclass

from printers.emulator import Piece
from tests.faults import books as books_
from tests.faults.books import Books


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A piece, and what is known of it."""

    piece: Piece
    serial: str
    """Of the label that was sent for it; "" where none was."""
    is_double: bool = False
    """It came out right after the same label, and so often *print-twice* had happened; or both have
    the same wrong bit, which may be in the number of copies."""

    @property
    def is_strange(self) -> bool:
        """Whether the odometer moved by it, and nobody had sent a label for that."""
        return self.piece.what == "blank" or self.is_double


def look(books: Books) -> tuple[Seen, ...]:
    """Return all pieces that moved the odometer, the oldest first."""
    doubles = sum(int(one.amount) for one in books.faults if one.kind == "print-twice")
    known = {label.digest: label.serial for label in books.labels if label.digest}
    has_noise = any(one.kind == "data-noise" for one in books.faults)
    found: list[Seen] = []
    for piece in books.pieces:
        if piece.what == "torn":
            continue
        serial = books_.serial_on(piece)
        is_noisy = False
        if has_noise and piece.what == "label" and _digest(piece.data) not in known:
            is_noisy, serial = True, _mended(piece.data, known)
        before = found[-1].piece.data if found else b""
        is_same = piece.what == "label" and piece.data == before
        is_double = is_same and (is_noisy or doubles > 0)
        doubles -= is_double and not is_noisy
        found.append(Seen(piece=piece, serial=serial, is_double=is_double))
    return tuple(found)


def by_serial(seen: tuple[Seen, ...]) -> dict[str, list[Seen]]:
    """Return the whole labels of each serial."""
    found: defaultdict[str, list[Seen]] = defaultdict(list)
    for one in seen:
        if one.piece.what == "label":
            found[one.serial].append(one)
    return dict(found)


def _mended(data: bytes, known: dict[str, str]) -> str:
    """Return the serial of the label that differs in one bit; "" if there is none."""
    for place in range(len(data)):
        for bit in range(8):
            mended = bytearray(data)
            mended[place] ^= 1 << bit
            if (digest := _digest(mended)) in known:
                return known[digest]
    return ""


def _digest(data: bytes | bytearray) -> str:
    """Return what the record keeps of a label: it is sent with the end of its last line."""
    return hashlib.sha256(data + b"\n").hexdigest()
