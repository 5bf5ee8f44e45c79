"""Aztec Code, ISO/IEC 24778: any text, and no quiet zone needed.

>>> options = settle(Options())
>>> options.error_correction, size("AC-0001", options)
('23', (15, 15))
>>> settle(Options(error_correction="M"))
Traceback (most recent call last):
printers.errors.Unprintable: Aztec Code has error_correction = 'M': expected 5 to 95; choose one \
of them.

How long the encoded data is depends on its bits: runs of equal bits are broken up by stuffed ones,
so two serials of one pattern could differ in size. Here the size is the one that holds any text of
the same kinds of characters with at least the wanted percentage of check words and three more; what
a text does not need becomes further check words. Text that is not ASCII is UTF-8 behind its ECI; a
scanner then announces ]z3.
"""

from contextlib import suppress
from functools import lru_cache

from zxingcpp import BarcodeFormat

from printers.errors import Unprintable
from printers.symbologies import _aztec_sizes, _texts, _zxing
from printers.symbologies._options import (
    Options,
    QuietZone,
    Rule,
    no_captions,
    no_guards,
    settled,
    unchanged,
)

NAME = "aztec"
TITLE = "Aztec Code"
STANDARD = "ISO/IEC 24778"
LINEAR = False
OPTIONS = frozenset({"error_correction"})
QUIET_ZONE = QuietZone(0, 0, 0, 0)
IDENTIFIER = "]z0"

_RULES = {"error_correction": Rule(default="23", allowed=tuple(map(str, range(5, 96))))}
_BITS_PER_BYTE_MAX = 23
"""Leaving a mode, a byte shift with its length, and the byte: 5 + 5 + 5 + 8 bits."""
_ECI_BITS = 21

literal = unchanged
captions = no_captions
guards = no_guards


def settle(options: Options) -> Options:
    """With 23 % of check words where nothing is given, as the standard recommends."""
    return settled(options, title=TITLE, rules=_RULES)


def validate(text: str, options: Options) -> None:
    """Return if there is a text and it fits the largest symbol."""
    _size(text, options)


def size(text: str, options: Options) -> tuple[int, int]:
    """As many columns as rows."""
    columns = _size(text, options).columns
    return columns, columns


def capacity(columns: int, options: Options) -> int:
    """What fits if every byte costs the most it can."""
    percent = int(options.error_correction or "23")
    rooms = [one.room_bits(percent) for one in _aztec_sizes.SIZES if one.columns <= columns]
    return max(0, (max(rooms, default=0) - _ECI_BITS) // _BITS_PER_BYTE_MAX)


def encode(text: str, options: Options) -> tuple[str, ...]:
    """The rows of the symbol."""
    version = _size(text, options).version
    return _drawn(_texts.utf8(text, title=TITLE), version)


@lru_cache(maxsize=256)
def _drawn(data: bytes, version: int) -> tuple[str, ...]:
    return _zxing.draw(data, BarcodeFormat.Aztec, version=version)


def _size(text: str, options: Options) -> _aztec_sizes.Size:
    data = _texts.utf8(text, title=TITLE)
    percent = options.error_correction or "23"
    kinds = data.translate(_aztec_sizes.KINDS)
    found = _size_of_kinds(kinds, int(percent))
    if found is None:
        raise Unprintable(
            f"{TITLE} cannot carry {len(data)} bytes at error correction {percent}: expected what "
            "fits 151 x 151 modules; shorten the data or lower the percentage."
        )
    return found


@lru_cache(maxsize=4096)
def _size_of_kinds(kinds: bytes, percent: int) -> _aztec_sizes.Size | None:
    """The smallest size that holds all texts of these kinds of characters, or None."""
    bits: int | None = None
    for size in _aztec_sizes.SIZES:
        if bits is None:
            with suppress(_zxing.TooLong):
                drawn = _zxing.draw(kinds, BarcodeFormat.Aztec, version=size.version)
                bits = _aztec_sizes.data_bits(drawn, size)
        if bits is not None and bits <= size.room_bits(percent):
            return size
    return None
