r"""Code 128, ISO/IEC 15417: ASCII, control characters too, in code sets A, B and C.

>>> options = settle(Options())
>>> size("AC1234567", options)
(112, 1)
>>> segments("AC1234567")
(('B', 'AC1'), ('C', '234567'))
>>> captions("AB\t1", options)
(Caption(text='AB 1', start=0, end=79),)
>>> validate("AC-é", options)  # doctest: +NORMALIZE_WHITESPACE
Traceback (most recent call last):
printers.errors.Unprintable: Code 128 cannot carry character U+00E9 at position 4 of 'AC-é':
expected ASCII (U+0000 to U+007F); remove the character or use a matrix symbology such as qr.

`segments` says which characters stand in which code set, for languages that name the sets; its form
is described in `_code128.py`. The function characters are not offered: a scanner takes what begins
with FNC1 for GS1 data, which is what gs1_128 is for.
"""

from printers.symbologies import _code128, _texts
from printers.symbologies._options import (
    Caption,
    Options,
    QuietZone,
    no_guards,
    settled,
    unchanged,
)

NAME = "code128"
TITLE = "Code 128"
STANDARD = "ISO/IEC 15417"
LINEAR = True
OPTIONS: frozenset[str] = frozenset()
QUIET_ZONE = QuietZone(10, 0, 10, 0)
IDENTIFIER = "]C0"

literal = unchanged
guards = no_guards
segments = _code128.segments


def settle(options: Options) -> Options:
    """The same options; it heeds none."""
    return settled(options, title=TITLE, rules={})


def validate(text: str, options: Options) -> None:
    """Return if every character is ASCII and there is one."""
    if text and text.isascii():
        return
    _texts.require_some(text, title=TITLE)
    raise _texts.refusal(
        text,
        title=TITLE,
        at=next(at for at, character in enumerate(text) if not character.isascii()),
        expected="ASCII (U+0000 to U+007F)",
        advice="remove the character or use a matrix symbology such as qr",
    )


def size(text: str, options: Options) -> tuple[int, int]:
    """Columns, and one row."""
    return _code128.columns(segments(text)), 1


def capacity(columns: int, options: Options) -> int:
    """Two characters in three codewords: at worst, every second one needs SHIFT."""
    return (2 * _code128.data_codewords(columns) + 1) // 3


def encode(text: str, options: Options) -> tuple[str, ...]:
    """One row of modules."""
    validate(text, options)
    return (_code128.bars(_code128.codewords(segments(text))),)


def captions(text: str, options: Options) -> tuple[Caption, ...]:
    """The text under all bars, a space for each control character."""
    return (Caption(_texts.interpretation(text), 0, size(text, options)[0]),)
