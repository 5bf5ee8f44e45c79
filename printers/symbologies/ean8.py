"""EAN-8, ISO/IEC 15420: a GTIN-8 on things too small for EAN-13.

>>> options = settle(Options())
>>> encode("9031101", options) == encode("00000090311017", options)
True
>>> [(one.text, one.start, one.end) for one in captions("90311017", options)]
[('9031', 3, 31), ('1017', 36, 64)]

Data is 8 digits, 7 without the check digit, or a GTIN of 14 digits that begins with 000000. A wrong
check digit is refused.
"""

from barcode.charsets import ean as tables

from printers.symbologies import _gtin
from printers.symbologies._options import Caption, Options, QuietZone, settled, unchanged

NAME = "ean8"
TITLE = "EAN-8"
STANDARD = "ISO/IEC 15420; GS1 General Specifications, section 5.2"
LINEAR = True
OPTIONS: frozenset[str] = frozenset()
QUIET_ZONE = QuietZone(7, 0, 7, 0)
IDENTIFIER = "]E4"

_COLUMNS = 67
_DIGITS = 8

literal = unchanged


def settle(options: Options) -> Options:
    """The same options; it heeds none."""
    return settled(options, title=TITLE, rules={})


def validate(text: str, options: Options) -> None:
    """Return if it is such a number."""
    _gtin.number(text, title=TITLE, digits=_DIGITS)


def size(text: str, options: Options) -> tuple[int, int]:
    """Always the same."""
    return _COLUMNS, 1


def capacity(columns: int, options: Options) -> int:
    """All that it may carry, or nothing: every symbol is as wide."""
    return _gtin.GTIN_14 if columns >= _COLUMNS else 0


def encode(text: str, options: Options) -> tuple[str, ...]:
    """One row of modules."""
    digits = _gtin.number(text, title=TITLE, digits=_DIGITS)
    left = [tables.CODES["A"][int(digit)] for digit in digits[:4]]
    right = [tables.CODES["C"][int(digit)] for digit in digits[4:]]
    return ("".join([tables.EDGE, *left, tables.MIDDLE, *right, tables.EDGE]),)


def captions(text: str, options: Options) -> tuple[Caption, ...]:
    """Four digits under each half (section 5.2.5)."""
    digits = _gtin.number(text, title=TITLE, digits=_DIGITS)
    return Caption(digits[:4], 3, 31), Caption(digits[4:], 36, 64)


def guards(text: str, options: Options) -> tuple[tuple[int, int], ...]:
    """Left, centre and right guard bars."""
    return (0, 3), (31, 36), (64, 67)
