r"""Data Matrix ECC 200, ISO/IEC 16022: any text, control characters too.

>>> options = settle(Options())
>>> size("AC-0001", options), size("AC-0001", settle(Options(shape="rectangle")))
((12, 12), (18, 8))
>>> size("[)>\x1e06\x1d17V0CVA5\x1d1P4711\x1dS786950\x1e\x04", options)  # ISO/IEC 15434
(18, 18)

Text that is not ASCII is UTF-8 behind its ECI; a scanner then announces ]d4. `shape: rectangle`
takes the smallest of the six rectangles of ISO/IEC 16022.
"""

from functools import lru_cache, partial

from zxingcpp import BarcodeFormat

from printers.symbologies import _datamatrix, _texts, _zxing
from printers.symbologies._options import Options, no_captions, no_guards, settled, unchanged

NAME = "datamatrix"
TITLE = "Data Matrix"
STANDARD = "ISO/IEC 16022"
LINEAR = False
OPTIONS = frozenset({"shape"})
QUIET_ZONE = _datamatrix.QUIET_ZONE
IDENTIFIER = "]d1"

literal = unchanged
captions = no_captions
guards = no_guards
capacity = _datamatrix.capacity


def settle(options: Options) -> Options:
    """Square where no shape is given."""
    return settled(options, title=TITLE, rules=_datamatrix.RULES)


def validate(text: str, options: Options) -> None:
    """Return if there is a text and it fits the largest symbol."""
    _drawn(text, options)


def size(text: str, options: Options) -> tuple[int, int]:
    """Columns and rows."""
    rows = _drawn(text, options)
    return len(rows[0]), len(rows)


def encode(text: str, options: Options) -> tuple[str, ...]:
    """The rows of the symbol."""
    return _drawn(text, options)


@lru_cache(maxsize=256)
def _drawn(text: str, options: Options) -> tuple[str, ...]:
    data = _texts.utf8(text, title=TITLE)
    draw = partial(_zxing.draw, data, BarcodeFormat.DataMatrix)
    return _datamatrix.smallest(draw, options, title=TITLE, length=len(data))
