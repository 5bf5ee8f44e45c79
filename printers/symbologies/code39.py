"""Code 39, ISO/IEC 16388: capitals, digits and seven signs.

>>> options = settle(Options(check_character=True))
>>> size("AC-1", options), captions("AC-1", options)[0].text
((111, 1), 'AC-1G')
>>> validate("ac-1", options)
Traceback (most recent call last):
printers.errors.Unprintable: Code 39 cannot carry character U+0061 at position 1 of 'ac-1': \
expected a capital letter, a digit or one of -. $/+%; write it in capitals or use code128.

The ratio of wide to narrow elements is 3, or 2. With `check_character` the modulo 43 character of
annex A is appended; a scanner that was not told to take it away sends it with the data, so it is
shown in the HRI, too. Full ASCII by pairs of characters is not offered: a scanner that was not told
of it reads +A where an a was meant.
"""

from barcode.charsets import code39 as tables

from printers.symbologies import _texts, _wide_bars
from printers.symbologies._options import (
    Caption,
    Options,
    QuietZone,
    Rule,
    no_guards,
    settled,
    unchanged,
)

NAME = "code39"
TITLE = "Code 39"
STANDARD = "ISO/IEC 16388"
LINEAR = True
OPTIONS = frozenset({"ratio", "check_character"})
QUIET_ZONE = QuietZone(10, 0, 10, 0)
IDENTIFIER = "]A0"

_RULES = {
    "ratio": Rule(default=3, allowed=(2, 3)),
    "check_character": Rule(default=False, allowed=(False, True)),
}
_ALPHABET = "".join(tables.REF)
_ELEMENTS_NARROW, _ELEMENTS_WIDE = 6, 3
_GAP = "n"

literal = unchanged
guards = no_guards


def _elements(modules: str) -> str:
    """A pattern of the table, which has wide elements of three modules, as elements."""
    narrow = modules.replace("111", "W").replace("000", "w")
    return narrow.replace("1", "N").replace("0", "n")


_PATTERNS = {
    character: _elements(code) for character, code in zip(_ALPHABET, tables.CODES, strict=True)
}
_EDGE = _elements(tables.EDGE)


def settle(options: Options) -> Options:
    """With a ratio of 3 and without a check character where nothing is given."""
    return settled(options, title=TITLE, rules=_RULES)


def validate(text: str, options: Options) -> None:
    """Return if all characters are in the symbology's alphabet and there is one."""
    _texts.require_some(text, title=TITLE)
    for at, character in enumerate(text):
        if character not in _PATTERNS:
            raise _texts.refusal(
                text,
                title=TITLE,
                at=at,
                expected="a capital letter, a digit or one of -. $/+%",
                advice="write it in capitals or use code128",
            )


def size(text: str, options: Options) -> tuple[int, int]:
    """Columns, and one row."""
    characters = len(text) + 2 + bool(options.check_character)
    return characters * (_pattern_columns(options) + 1) - 1, 1


def capacity(columns: int, options: Options) -> int:
    """All characters are as wide as each other."""
    characters = (columns + 1) // (_pattern_columns(options) + 1)
    return max(0, characters - 2 - bool(options.check_character))


def encode(text: str, options: Options) -> tuple[str, ...]:
    """One row of modules: start, characters and stop with a narrow gap between them."""
    validate(text, options)
    patterns = [_EDGE, *(_PATTERNS[character] for character in _shown(text, options)), _EDGE]
    return (_wide_bars.modules(_GAP.join(patterns), ratio=options.ratio or 3),)


def captions(text: str, options: Options) -> tuple[Caption, ...]:
    """The text, and its check character where it has one, under all bars."""
    return (Caption(_shown(text, options), 0, size(text, options)[0]),)


def _pattern_columns(options: Options) -> int:
    return _ELEMENTS_NARROW + _ELEMENTS_WIDE * (options.ratio or 3)


def _shown(text: str, options: Options) -> str:
    if not options.check_character:
        return text
    return text + _ALPHABET[sum(map(_ALPHABET.index, text)) % len(_ALPHABET)]
