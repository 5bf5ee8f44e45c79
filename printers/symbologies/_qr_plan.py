"""Cuts data into the modes of a QR code and makes its codewords, ISO/IEC 18004 section 7.4.

>>> plan(b"AC-0001", "M", is_gs1=False)
(1, ((2, 0, 7),))
>>> plan(b"https://example.com/0000000001", "M", is_gs1=False)
(2, ((4, 0, 20), (1, 20, 30)))
"""

from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from itertools import cycle, islice
from typing import Final, Literal

from qrcode.base import rs_blocks
from qrcode.util import BIT_LIMIT_TABLE, BitBuffer, QRData, create_bytes, length_in_bits

from printers.errors import Unprintable
from printers.symbologies import _qr_matrix
from printers.symbologies._options import Options, QuietZone, Rule

RULES = {"error_correction": Rule(default="M", allowed=("L", "M", "Q", "H"))}
"""Section 6.5.1: L corrects 7 % of the codewords, M 15 %, Q 25 %, H 30 %."""
QUIET_ZONE = QuietZone(4, 4, 4, 4)
"""Section 6.3.8."""

_LEVELS = {"L": 1, "M": 0, "Q": 3, "H": 2}
"""ISO/IEC 18004 table 12: the two bits of each level, which are also qrcode's constants."""
_Mode = Literal[1, 2, 4]
Segments = tuple[tuple[_Mode, int, int], ...]
"""Mode, first byte, byte behind the last one."""
_NUMERIC: Final = 1
_ALPHANUMERIC: Final = 2
_BYTE: Final = 4
_FNC1_FIRST: Final = 5
"""The mode indicator that announces GS1 data (section 7.4.8.2); four bits and no count."""
_INDICATOR_BITS: Final = 4
_MODES: tuple[_Mode, ...] = (_NUMERIC, _ALPHANUMERIC, _BYTE)
_SIXTH_BITS = {_NUMERIC: 20, _ALPHANUMERIC: 33, _BYTE: 48}
"""Bits a character takes, times six: 10/3, 11/2 and 8 (section 7.4)."""
_ALWAYS_FITS = 1272
"""Bytes that version 40 carries at the highest level, ISO/IEC 18004 table 7, one off for FNC1."""
_LARGEST_VERSION_OF_CLASS = (9, 26, 40)
_SEPARATOR = 0x1D
_PADDING = (0xEC, 0x11)
_DOUBLED = ord("p")


def _classes(alphanumeric: str) -> bytes:
    """Each byte's kind: n for digits, a for the other alphanumeric ones, b for the rest.

    And p for a % of GS1 data, which is doubled in alphanumeric mode: there it is the separator.
    """
    kinds = {**dict.fromkeys(alphanumeric.encode(), "a"), **dict.fromkeys(b"0123456789", "n")}
    if "%" not in alphanumeric:
        kinds[ord("%")] = "p"
    return "".join(kinds.get(byte, "b") for byte in range(256)).encode()


_CLASSES = {
    False: _classes("ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"),
    True: _classes("ABCDEFGHIJKLMNOPQRSTUVWXYZ $*+-./:" + chr(_SEPARATOR)),
}
"""Whether it is GS1 data -> the kinds of its bytes (section 7.4.8.2)."""


def require_room(data: bytes, options: Options, *, title: str, is_gs1: bool) -> None:
    """Refuse what the largest version cannot carry."""
    if len(data) <= _ALWAYS_FITS:
        return
    level = options.error_correction or "M"
    try:
        plan(data, level, is_gs1=is_gs1)
    except OverflowError:
        raise Unprintable(
            f"{title} cannot carry {len(data)} bytes at error correction {level}: expected what "
            "fits version 40; shorten the data or lower the level."
        ) from None


def columns(data: bytes, options: Options, *, is_gs1: bool) -> int:
    """How many modules wide and high the symbol is."""
    return 17 + 4 * plan(data, options.error_correction or "M", is_gs1=is_gs1)[0]


def capacity(columns: int, options: Options, *, is_gs1: bool) -> int:
    """How many bytes fit into one byte segment of the largest version within that width."""
    version = min(40, (columns - 17) // 4)
    if version < 1:
        return 0
    bits = BIT_LIMIT_TABLE[_LEVELS[options.error_correction or "M"]][version]
    heads = _INDICATOR_BITS * (1 + is_gs1) + length_in_bits(_BYTE, version)
    return max(0, (bits - heads) // 8)


def encode(data: bytes, options: Options, *, is_gs1: bool) -> tuple[str, ...]:
    """The rows of the symbol, with the mask of section 7.8.3."""
    level = options.error_correction or "M"
    version, segments = plan(data, level, is_gs1=is_gs1)
    pieces = list(_pieces(data, segments, is_gs1=is_gs1))
    words = _codewords(pieces, version=version, level=_LEVELS[level], is_gs1=is_gs1)
    return _qr_matrix.draw(words, version=version, level=_LEVELS[level])


def _pieces(data: bytes, segments: Segments, *, is_gs1: bool) -> Iterator[QRData]:
    for mode, start, end in segments:
        piece = data[start:end]
        if is_gs1 and mode == _ALPHANUMERIC:
            piece = piece.replace(b"%", b"%%").replace(bytes([_SEPARATOR]), b"%")
        yield QRData(piece, mode=mode, check_data=False)


def _codewords(pieces: list[QRData], *, version: int, level: int, is_gs1: bool) -> bytes:
    """Segments, terminator and padding (section 7.4.10), and their error correction."""
    buffer = BitBuffer()
    if is_gs1:
        buffer.put(_FNC1_FIRST, _INDICATOR_BITS)
    for piece in pieces:
        buffer.put(piece.mode, _INDICATOR_BITS)
        buffer.put(len(piece), length_in_bits(piece.mode, version))
        piece.write(buffer)
    limit = BIT_LIMIT_TABLE[level][version]
    buffer.put(0, min(4, limit - len(buffer)))
    buffer.put(0, -len(buffer) % 8)
    for pad in islice(cycle(_PADDING), (limit - len(buffer)) // 8):
        buffer.put(pad, 8)
    return bytes(create_bytes(buffer, rs_blocks(version, level)))


def plan(data: bytes, level: str, *, is_gs1: bool) -> tuple[int, Segments]:
    """The smallest version, and how the data is cut; OverflowError where none is large enough."""
    classes = data.translate(_CLASSES[is_gs1])
    return _plan_classes(classes, _LEVELS[level], _INDICATOR_BITS if is_gs1 else 0)


@lru_cache(maxsize=4096)
def _plan_classes(classes: bytes, level: int, head_bits: int) -> tuple[int, Segments]:
    """The smallest version, and how the data is cut into modes for it (section 7.4, annex J).

    The plan depends on the kinds of characters only, so that all serials of a pattern share it.
    """
    for largest in _LARGEST_VERSION_OF_CLASS:
        bits, segments = _cut(classes, largest)
        limits = BIT_LIMIT_TABLE[level]
        version = bisect_left(limits, bits + head_bits, 1)
        if version <= largest:
            return max(version, _smallest(largest)), segments
    raise OverflowError


def _smallest(largest: int) -> int:
    return {9: 1, 26: 10, 40: 27}[largest]


def _cut(classes: bytes, version: int) -> tuple[int, Segments]:
    """The fewest bits for the data and the segments that take them, by dynamic programming.

    Costs are counted in sixths of a bit; a segment that ends is rounded up to whole bits.
    """
    heads = {mode: 6 * (_INDICATOR_BITS + length_in_bits(mode, version)) for mode in _MODES}
    best: dict[int, tuple[int, Segments]] = {}
    done: tuple[int, Segments] = (0, ())
    for at, kind in enumerate(classes):
        usable = _MODES[{0x6E: 0, 0x61: 1, _DOUBLED: 1}.get(kind, 2) :]
        step: dict[int, tuple[int, Segments]] = {}
        for mode in usable:
            fresh = (done[0] + heads[mode], (*done[1], (mode, at, at)))
            cost, segments = min(best.get(mode, fresh), fresh, key=lambda found: found[0])
            last = segments[-1]
            step[mode] = (
                cost + _SIXTH_BITS[mode] * (1 + (kind == _DOUBLED and mode == _ALPHANUMERIC)),
                (*segments[:-1], (mode, last[1], at + 1)),
            )
        best = step
        cost, segments = min(best.values(), key=lambda found: found[0])
        done = (-(-cost // 6) * 6, segments)
    return done[0] // 6, done[1]
