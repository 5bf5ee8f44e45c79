"""ITF-14, ISO/IEC 16390: a GTIN-14 on cartons, in Interleaved 2 of 5.

>>> options = settle(Options())
>>> options.ratio, size("15400141288763", options)
(3, (135, 1))
>>> captions("1540014128876", options)[0].text
'15400141288763'

Data is 14 digits, or 13 without the check digit; a wrong one is refused. The ratio of wide to
narrow elements is 3, or 2, which ISO/IEC 16390 allows and GS1 does not (2.25 to 3: GS1 General
Specifications, section 5.3.2). Bearer bars are not modules, so they are not drawn here: where a
printing process needs them, draw a box around the symbol and its quiet zones.
"""

from barcode.charsets import itf as tables

from printers.symbologies import _gtin, _wide_bars
from printers.symbologies._options import (
    Caption,
    Options,
    QuietZone,
    Rule,
    no_guards,
    settled,
    unchanged,
)

NAME = "itf14"
TITLE = "ITF-14"
STANDARD = "ISO/IEC 16390; GS1 General Specifications, section 5.3"
LINEAR = True
OPTIONS = frozenset({"ratio"})
QUIET_ZONE = QuietZone(10, 0, 10, 0)
IDENTIFIER = "]I1"

_RULES = {"ratio": Rule(default=3, allowed=(2, 3))}

literal = unchanged
guards = no_guards


def settle(options: Options) -> Options:
    """With a ratio of 3 where none is given."""
    return settled(options, title=TITLE, rules=_RULES)


def validate(text: str, options: Options) -> None:
    """Return if it is such a number."""
    _gtin.number(text, title=TITLE, digits=_gtin.GTIN_14)


def size(text: str, options: Options) -> tuple[int, int]:
    """The same for every number."""
    return _columns(options), 1


def capacity(columns: int, options: Options) -> int:
    """All that it may carry, or nothing: every symbol is as wide."""
    return _gtin.GTIN_14 if columns >= _columns(options) else 0


def encode(text: str, options: Options) -> tuple[str, ...]:
    """One row of modules: the first digit of a pair in five bars, the second in the spaces."""
    digits = _gtin.number(text, title=TITLE, digits=_gtin.GTIN_14)
    elements = [tables.START]
    for at in range(0, len(digits), 2):
        bars, spaces = (tables.CODES[int(digit)] for digit in digits[at : at + 2])
        elements += [bar + space.lower() for bar, space in zip(bars, spaces, strict=True)]
    elements.append(tables.STOP)
    return (_wide_bars.modules("".join(elements), ratio=_ratio(options)),)


def captions(text: str, options: Options) -> tuple[Caption, ...]:
    """The 14 digits under all bars."""
    digits = _gtin.number(text, title=TITLE, digits=_gtin.GTIN_14)
    return (Caption(digits, 0, _columns(options)),)


def _ratio(options: Options) -> int:
    return options.ratio or 3


def _columns(options: Options) -> int:
    """Each digit has three narrow and two wide elements, start and stop have six and one."""
    return _gtin.GTIN_14 * (3 + 2 * _ratio(options)) + 6 + _ratio(options)
