"""EAN-13, ISO/IEC 15420: a GTIN-13 on things that are sold in shops.

>>> options = settle(Options())
>>> encode("400638133393", options) == encode("04006381333931", options)
True
>>> [(one.text, one.start, one.end) for one in captions("4006381333931", options)]
[('4', -11, -2), ('006381', 3, 45), ('333931', 50, 92)]

Data is 13 digits, 12 without the check digit, or a GTIN of 14 digits that begins with 0. A wrong
check digit is refused. The first digit is in the choice of the left patterns; its HRI stands in the
quiet zone.
"""

from barcode.charsets import ean as tables

from printers.symbologies import _gtin
from printers.symbologies._options import Caption, Options, QuietZone, settled, unchanged

NAME = "ean13"
TITLE = "EAN-13"
STANDARD = "ISO/IEC 15420; GS1 General Specifications, section 5.2"
LINEAR = True
OPTIONS: frozenset[str] = frozenset()
QUIET_ZONE = QuietZone(11, 0, 7, 0)
IDENTIFIER = "]E0"

_COLUMNS = 95
_DIGITS = 13

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
    sets = tables.LEFT_PATTERN[int(digits[0])]
    left = [tables.CODES[one][int(digit)] for one, digit in zip(sets, digits[1:7], strict=True)]
    right = [tables.CODES["C"][int(digit)] for digit in digits[7:]]
    return ("".join([tables.EDGE, *left, tables.MIDDLE, *right, tables.EDGE]),)


def captions(text: str, options: Options) -> tuple[Caption, ...]:
    """The first digit in the quiet zone, six under each half (section 5.2.5)."""
    digits = _gtin.number(text, title=TITLE, digits=_DIGITS)
    return (
        Caption(digits[0], -11, -2),
        Caption(digits[1:7], 3, 45),
        Caption(digits[7:], 50, 92),
    )


def guards(text: str, options: Options) -> tuple[tuple[int, int], ...]:
    """Left, centre and right guard bars."""
    return (0, 3), (45, 50), (92, 95)
