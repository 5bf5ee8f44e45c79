"""PDF417, ISO/IEC 15438: any text in rows that even a laser line reads.

>>> options = settle(Options())
>>> options.columns, options.row_height, options.error_correction
(4, 3, '3')
>>> size("AC-0001", options)
(137, 18)
>>> settle(Options(columns=31))
Traceback (most recent call last):
printers.errors.Unprintable: PDF417 has columns = 31: expected 1 to 30; choose one of them.

The width is that of the data columns (17 modules each and 69 around them) and nothing else; longer
data makes more rows. Error correction is 3 where none is given: annex E recommends it for up to 160
codewords, some 280 characters; MH10.8.3 and AIAG B-10 want 5. A row is 3 modules high, the least
that section 5.8.2 allows. Text that is not ASCII is UTF-8 behind its ECI.
"""

from functools import lru_cache

from zxingcpp import BarcodeFormat

from printers.errors import Unprintable
from printers.symbologies import _texts, _zxing
from printers.symbologies._options import (
    Options,
    QuietZone,
    Rule,
    no_captions,
    no_guards,
    settled,
    unchanged,
)

NAME = "pdf417"
TITLE = "PDF417"
STANDARD = "ISO/IEC 15438"
LINEAR = False
OPTIONS = frozenset({"error_correction", "columns", "row_height"})
QUIET_ZONE = QuietZone(2, 2, 2, 2)
IDENTIFIER = "]L2"

_RULES = {
    "error_correction": Rule(default="3", allowed=tuple("012345678")),
    "columns": Rule(default=4, allowed=tuple(range(1, 31))),
    "row_height": Rule(default=3, allowed=tuple(range(3, 21))),
}
_FRAME_MODULES = 69
_MODULES_PER_COLUMN = 17
_DRAWN_ROW_HEIGHT = 3
"""How high zxing-cpp draws a row."""

literal = unchanged
captions = no_captions
guards = no_guards


def settle(options: Options) -> Options:
    """With the defaults that the module's text gives reasons for."""
    return settled(options, title=TITLE, rules=_RULES)


def validate(text: str, options: Options) -> None:
    """Return if there is a text and it fits into 90 rows."""
    _rows(text, options)


def size(text: str, options: Options) -> tuple[int, int]:
    """Columns and rows of modules."""
    rows = _rows(text, options)
    return len(rows[0]), len(rows) * (options.row_height or _DRAWN_ROW_HEIGHT)


def capacity(columns: int, options: Options) -> int:
    """Nothing: it grows downwards, of which the width says nothing."""
    return 0


def encode(text: str, options: Options) -> tuple[str, ...]:
    """The rows of the symbol, each repeated as often as it is high."""
    height = options.row_height or _DRAWN_ROW_HEIGHT
    return tuple(row for row in _rows(text, options) for _ in range(height))


@lru_cache(maxsize=256)
def _rows(text: str, options: Options) -> tuple[str, ...]:
    """Each row once. Where 90 rows are too few, zxing-cpp takes more columns than it was told."""
    data = _texts.utf8(text, title=TITLE)
    columns, level = options.columns or 1, options.error_correction or "3"
    rows: tuple[str, ...] = ()
    try:
        rows = _zxing.draw(data, BarcodeFormat.PDF417, columns=columns, ec_level=level)
    except _zxing.TooLong as error:
        raise _overfull(data, columns, level) from error
    if len(rows[0]) != _FRAME_MODULES + _MODULES_PER_COLUMN * columns:
        raise _overfull(data, columns, level)
    return rows[::_DRAWN_ROW_HEIGHT]


def _overfull(data: bytes, columns: int, level: str) -> Unprintable:
    return Unprintable(
        f"{TITLE} cannot carry {len(data)} bytes in {columns} data columns at error correction "
        f"{level}: expected what fits 90 rows and 928 codewords; shorten the data, or give it more "
        "columns or less error correction."
    )
