"""UPC-A, ISO/IEC 15420: a GTIN-12 on things that are sold in North American shops.

>>> options = settle(Options())
>>> encode("03600029145", options) == encode("00036000291452", options)
True
>>> [(one.text, one.start, one.end) for one in captions("036000291452", options)]
[('0', -9, -2), ('36000', 10, 45), ('29145', 50, 85), ('2', 97, 104)]

Data is 12 digits, 11 without the check digit, or a GTIN of 14 digits that begins with 00. A wrong
check digit is refused.
"""

from barcode.charsets import upc as tables

from printers.symbologies import _gtin
from printers.symbologies._options import Caption, Options, QuietZone, settled, unchanged

NAME = "upca"
TITLE = "UPC-A"
STANDARD = "ISO/IEC 15420; GS1 General Specifications, section 5.2"
LINEAR = True
OPTIONS: frozenset[str] = frozenset()
QUIET_ZONE = QuietZone(9, 0, 9, 0)
IDENTIFIER = "]E0"

_COLUMNS = 95
_DIGITS = 12

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
    left = [tables.CODES["L"][int(digit)] for digit in digits[:6]]
    right = [tables.CODES["R"][int(digit)] for digit in digits[6:]]
    return ("".join([tables.EDGE, *left, tables.MIDDLE, *right, tables.EDGE]),)


def captions(text: str, options: Options) -> tuple[Caption, ...]:
    """First and last digit in the quiet zones, five under each half (section 5.2.5)."""
    digits = _gtin.number(text, title=TITLE, digits=_DIGITS)
    return (
        Caption(digits[0], -9, -2),
        Caption(digits[1:6], 10, 45),
        Caption(digits[6:11], 50, 85),
        Caption(digits[11], 97, 104),
    )


def guards(text: str, options: Options) -> tuple[tuple[int, int], ...]:
    """Guard bars, and with them the bars of the first and the last digit."""
    return (0, 10), (45, 50), (85, 95)
