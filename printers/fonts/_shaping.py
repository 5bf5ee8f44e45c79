"""Which texts a font cannot draw one character after the other.

Arabic letters join, Hebrew runs from right to left, an Indic vowel stands before the consonant it
follows, and an accent of its own belongs on top of its letter: Unicode, chapter 9 and 12, and UAX
#9. Such text is shaped as a whole, by HarfBuzz and FriBidi, which come with Pillow.
"""

import unicodedata
from functools import lru_cache

from fontTools import unicodedata as scripts
from PIL import features

_IN_A_ROW = frozenset({
    "Zyyy", "Zinh", "Latn", "Grek", "Cyrl", "Armn", "Geor", "Copt", "Goth", "Cher", "Cans", "Runr",
    "Ogam", "Brai", "Ethi", "Hani", "Hira", "Kana", "Hang", "Bopo", "Yiii", "Lisu", "Vaii", "Tfng",
    "Glag", "Dsrt", "Ital",
})  # fmt: skip
"""ISO 15924 codes of scripts whose characters stand side by side, from left to right."""


def is_needed(text: str) -> bool:
    """Whether a text must be shaped."""
    return not text.isascii() and any(map(_is_shaped, text))


def is_available() -> bool:
    """Whether this Pillow can shape."""
    return bool(features.check("raqm"))


def is_ignorable(character: str) -> bool:
    """Whether a character has no glyph of its own: a joiner, a mark of direction, a variant."""
    return unicodedata.category(character) == "Cf" or 0xFE00 <= ord(character) <= 0xFE0F


@lru_cache(maxsize=8192)
def _is_shaped(character: str) -> bool:
    is_mark = unicodedata.category(character).startswith("M")
    is_alone = scripts.script(character) in _IN_A_ROW
    return is_mark or is_ignorable(character) or not is_alone
