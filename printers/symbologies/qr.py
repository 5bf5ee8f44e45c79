"""QR Code model 2, ISO/IEC 18004: any text without control characters, as UTF-8.

>>> size("https://example.com/AC-0001", Options(error_correction="M"))
(25, 25)
>>> encode("AC-0001", Options())[0]  # The upper finder patterns and what is between them.
'111111101100101111111'
>>> validate(chr(29), Options())  # doctest: +ELLIPSIS
Traceback (most recent call last):
printers.errors.Unprintable: QR code cannot carry character U+001D at position 1 of ...
"""

import re
from bisect import bisect_left
from functools import lru_cache
from typing import Final, Literal

from qrcode.util import (
    BIT_LIMIT_TABLE,
    QRData,
    create_data,
    length_in_bits,
)

from printers.errors import Unprintable
from printers.symbologies import _qr_matrix
from printers.symbologies._options import Caption, Options, QuietZone

NAME = "qr"
TITLE = "QR Code"
STANDARD = "ISO/IEC 18004"
LINEAR = False
OPTIONS = frozenset({"error_correction"})
QUIET_ZONE = QuietZone(4, 4, 4, 4)
IDENTIFIER = "]Q1"

_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_LEVELS = {"L": 1, "M": 0, "Q": 3, "H": 2}
"""ISO/IEC 18004 table 12: the two bits of each level, which are also qrcode's constants."""
_Mode = Literal[1, 2, 4]
Segments = tuple[tuple[_Mode, int, int], ...]
"""Mode, first byte, byte behind the last one."""
_NUMERIC: Final = 1
_ALPHANUMERIC: Final = 2
_BYTE: Final = 4
_MODES: tuple[_Mode, ...] = (_NUMERIC, _ALPHANUMERIC, _BYTE)
_SIXTH_BITS = {_NUMERIC: 20, _ALPHANUMERIC: 33, _BYTE: 48}
"""Bits a character takes, times six: 10/3, 11/2 and 8 (section 7.4)."""
_ALWAYS_FITS = 1273
"""Bytes that version 40 carries at the highest level, ISO/IEC 18004 table 7."""
_LARGEST_VERSION_OF_CLASS = (9, 26, 40)
_CLASSES = (
    bytes(
        ord("n")
        if chr(value).isdigit()
        else ord("a")
        if chr(value) in "ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
        else ord("b")
        for value in range(128)
    )
    + b"b" * 128
)


def settle(options: Options) -> Options:
    """Level M where none is given."""
    return Options(error_correction=_level(options))


def _level(options: Options) -> str:
    return options.error_correction or "M"


def literal(value: str) -> str:
    """As it is."""
    return value


def captions(text: str, options: Options) -> tuple[Caption, ...]:
    """None: a matrix symbol has no place for it."""
    return ()


def guards(text: str, options: Options) -> tuple[tuple[int, int], ...]:
    """None."""
    return ()


def validate(text: str, options: Options) -> None:
    """Return if the text has no control character and fits the largest version."""
    unfit = _UNFIT.search(text)
    if unfit:
        raise Unprintable(
            f"QR code cannot carry character U+{ord(unfit[0]):04X} at position "
            f"{unfit.start() + 1} of {text!r}: expected no control characters; "
            "remove it from the data."
        )
    if not text:
        raise Unprintable(
            "QR code cannot carry an empty text '': expected at least one character; "
            "hand in a value for the field."
        )
    if 4 * len(text) > _ALWAYS_FITS:
        _plan(text.encode(), _level(options))


def size(text: str, options: Options) -> tuple[int, int]:
    """How many modules wide and high the symbol is."""
    columns = 17 + 4 * _plan(text.encode(), _level(options))[0]
    return columns, columns


def capacity(columns: int, options: Options) -> int:
    """How many bytes fit into one byte segment of the largest version within that width."""
    version = min(40, (columns - 17) // 4)
    if version < 1:
        return 0
    bits = BIT_LIMIT_TABLE[_LEVELS[_level(options)]][version]
    return max(0, (bits - 4 - length_in_bits(_BYTE, version)) // 8)


def encode(text: str, options: Options) -> tuple[str, ...]:
    """The rows of the symbol, with the mask of section 7.8.3."""
    validate(text, options)
    data = text.encode()
    version, segments = _plan(data, _level(options))
    level = _LEVELS[_level(options)]
    pieces = [QRData(data[start:end], mode=mode) for mode, start, end in segments]
    return _qr_matrix.draw(bytes(create_data(version, level, pieces)), version=version, level=level)


def _plan(data: bytes, error_correction: str) -> tuple[int, Segments]:
    return _plan_classes(data.translate(_CLASSES), _LEVELS[error_correction])


@lru_cache(maxsize=4096)
def _plan_classes(classes: bytes, level: int) -> tuple[int, Segments]:
    """The smallest version, and how the data is cut into modes for it (section 7.4, annex J).

    The plan depends on the kinds of characters only, so that all serials of a pattern share it.
    """
    for largest in _LARGEST_VERSION_OF_CLASS:
        bits, segments = _cut(classes, largest)
        limits = BIT_LIMIT_TABLE[level]
        version = bisect_left(limits, bits, 1)
        if version <= largest:
            return max(version, _smallest(largest)), segments
    raise Unprintable(
        f"QR code cannot carry {len(classes)} bytes at error correction "
        f"{'MLHQ'[level]}: expected what fits version 40; shorten the data or lower the level."
    )


def _smallest(largest: int) -> int:
    return {9: 1, 26: 10, 40: 27}[largest]


def _cut(classes: bytes, version: int) -> tuple[int, Segments]:
    """The fewest bits for the data and the segments that take them, by dynamic programming.

    Costs are counted in sixths of a bit; a segment that ends is rounded up to whole bits.
    """
    heads = {mode: 6 * (4 + length_in_bits(mode, version)) for mode in _MODES}
    best: dict[int, tuple[int, Segments]] = {}
    done: tuple[int, Segments] = (0, ())
    for at, kind in enumerate(classes):
        usable = _MODES if kind == 0x6E else _MODES[1:] if kind == 0x61 else _MODES[2:]
        step: dict[int, tuple[int, Segments]] = {}
        for mode in usable:
            fresh = (done[0] + heads[mode], (*done[1], (mode, at, at)))
            cost, segments = min(best.get(mode, fresh), fresh, key=lambda found: found[0])
            last = segments[-1]
            step[mode] = (
                cost + _SIXTH_BITS[mode],
                (*segments[:-1], (mode, last[1], at + 1)),
            )
        best = step
        cost, segments = min(best.values(), key=lambda found: found[0])
        done = (-(-cost // 6) * 6, segments)
    return done[0] // 6, done[1]
