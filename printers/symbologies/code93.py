"""Code 93, AIM USS-93: printable ASCII; shorter than Code 39.

>>> options = settle(Options())
>>> size("AC-0001", options), size("ac-0001", options)
((100, 1), (118, 1))
>>> validate("é", options)
Traceback (most recent call last):
printers.errors.Unprintable: Code 93 cannot carry character U+00E9 at position 1 of 'é': expected \
printable ASCII (space to ~); remove the character or use a matrix symbology such as qr.

Capitals, digits and -. $/+% take one symbol character, all others two. The two check characters are
part of the symbol and never shown.
"""

import re
from functools import lru_cache

from zxingcpp import BarcodeFormat

from printers.errors import Unprintable
from printers.symbologies import _texts, _zxing
from printers.symbologies._options import (
    Caption,
    Options,
    QuietZone,
    no_guards,
    settled,
    unchanged,
)

NAME = "code93"
TITLE = "Code 93"
STANDARD = "AIM USS-93"
LINEAR = True
OPTIONS: frozenset[str] = frozenset()
QUIET_ZONE = QuietZone(10, 0, 10, 0)
IDENTIFIER = "]G0"

_SINGLE = re.compile(r"[0-9A-Z\-. $/+%]")
_CHARACTERS_MAX = 123
"""More than any scanner reads in one line; zxing-cpp draws no more."""
_MODULES_PER_CHARACTER = 9
_FRAME_MODULES = 37
"""Start, two check characters and stop, and the bar that ends it."""

literal = unchanged
guards = no_guards


def settle(options: Options) -> Options:
    """The same options; it heeds none."""
    return settled(options, title=TITLE, rules={})


def validate(text: str, options: Options) -> None:
    """Return if every character is printable ASCII and there is one."""
    _texts.require_some(text, title=TITLE)
    if not (text.isascii() and text.isprintable()):
        raise _texts.refusal(
            text,
            title=TITLE,
            at=next(at for at, character in enumerate(text) if not " " <= character <= "~"),
            expected="printable ASCII (space to ~)",
            advice="remove the character or use a matrix symbology such as qr",
        )
    if _characters(text) > _CHARACTERS_MAX:
        raise Unprintable(
            f"{TITLE} cannot carry {text!r}: expected {_CHARACTERS_MAX} symbol characters at most, "
            f"got {_characters(text)}; shorten the data or use a matrix symbology such as qr."
        )


def size(text: str, options: Options) -> tuple[int, int]:
    """Columns, and one row."""
    return _MODULES_PER_CHARACTER * _characters(text) + _FRAME_MODULES, 1


def capacity(columns: int, options: Options) -> int:
    """What fits if each takes two symbol characters."""
    characters = min(_CHARACTERS_MAX, (columns - _FRAME_MODULES) // _MODULES_PER_CHARACTER)
    return max(0, characters // 2)


def encode(text: str, options: Options) -> tuple[str, ...]:
    """One row of modules."""
    validate(text, options)
    return _drawn(text)


def captions(text: str, options: Options) -> tuple[Caption, ...]:
    """The text under all bars."""
    return (Caption(text, 0, size(text, options)[0]),)


def _characters(text: str) -> int:
    return 2 * len(text) - len(_SINGLE.findall(text))


@lru_cache(maxsize=256)
def _drawn(text: str) -> tuple[str, ...]:
    return _zxing.draw(text.encode("ascii"), BarcodeFormat.Code93)[:1]
