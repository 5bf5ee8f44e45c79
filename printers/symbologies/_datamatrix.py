"""Sizes of Data Matrix symbols, ISO/IEC 16022 table 7, and how one of them is chosen.

>>> capacity(20, Options(shape="square"))
17
"""

from collections.abc import Callable
from contextlib import suppress

from printers.errors import Unprintable
from printers.symbologies._options import Options, QuietZone, Rule
from printers.symbologies._zxing import Choice, TooLong

RULES = {"shape": Rule(default="square", allowed=("square", "rectangle"))}
QUIET_ZONE = QuietZone(1, 1, 1, 1)
"""ISO/IEC 16022, section 7.1."""

_CODEWORDS = {
    10: 3, 12: 5, 14: 8, 16: 12, 18: 18, 20: 22, 22: 30, 24: 36, 26: 44, 32: 62, 36: 86, 40: 114,
    44: 144, 48: 174, 52: 204, 64: 280, 72: 368, 80: 456, 88: 576, 96: 696, 104: 816, 120: 1050,
    132: 1304, 144: 1558,
}  # fmt: skip
"""Side of a square symbol -> data codewords in it."""
_RECTANGLES = range(25, 31)
"""zxing-cpp's numbers of 8 x 18, 8 x 32, 12 x 26, 12 x 36, 16 x 36 and 16 x 48.

The further ones of ISO/IEC 21471 (DMRE) are left out, since not all scanners read them.
"""
_OVERHEAD = 5
"""Codewords at worst: two of an ECI, the switch to Base 256 and the two of its length."""

Draw = Callable[..., tuple[str, ...]]


def smallest(draw: Draw, options: Options, *, title: str, length: int) -> tuple[str, ...]:
    """The smallest symbol of the wanted shape; its size follows from the kinds of characters."""
    if options.shape == "rectangle":
        ways: list[dict[str, Choice]] = [{"version": number} for number in _RECTANGLES]
        largest = "a rectangle of 16 x 48 modules (98 digits or 72 capitals)"
        advice = "shorten the data or use shape square"
    else:
        ways = [{"force_square": True}]
        largest = "a square of 144 x 144 modules (3116 digits or 2335 capitals)"
        advice = "shorten the data"
    for way in ways:
        with suppress(TooLong):
            return draw(**way)
    raise Unprintable(
        f"{title} cannot carry {length} bytes: expected what fits {largest}; {advice}."
    )


def data_codewords(side: int) -> int:
    """How many codewords of data a square of so many modules a side holds."""
    return _CODEWORDS[side]


def capacity(columns: int, options: Options) -> int:
    """Bytes that fit a square in any encodation; of rectangles the width says too little."""
    if options.shape == "rectangle":
        return 0
    fitting = [words for side, words in _CODEWORDS.items() if side <= columns]
    return max(0, max(fitting, default=0) - _OVERHEAD)
