"""Which characters text may have and how wide it may become.

The rule is one for all languages, so that what the preview accepts the printer draws: printable
Latin-1, which the printers' resident font and Helvetica both have. A missing glyph is silent on
paper; hence the refusal.
"""

import re
from functools import lru_cache

from reportlab.pdfbase.pdfmetrics import stringWidth

from printers.errors import Unprintable

_PRINTABLE = re.compile("[ -~\xa1-\xac\xae-\xff]*")

_RESIDENT = {
    " ": 0.29, "!": 0.29, '"': 0.47, "%": 0.91, "'": 0.29, "*": 0.47, "+": 0.91, ",": 0.29,
    "-": 0.91, ".": 0.29, "/": 0.29, ":": 0.29, ";": 0.29, "<": 1.0, "=": 0.91, ">": 1.0,
    "I": 0.29, "[": 0.29, "\\": 0.47, "]": 0.29, "^": 0.5, "f": 0.29, "i": 0.25, "j": 0.25,
    "l": 0.25, "r": 0.35, "t": 0.29, "{": 0.5, "|": 0.5, "}": 0.5, "~": 1.0,
}  # fmt: skip
"""Advance of the ^A0 glyphs that are wider than Helvetica's, in character heights (measured)."""


def require_printable(text: str) -> None:
    """Return if every character has a glyph in every language."""
    if _PRINTABLE.fullmatch(text):
        return
    at = next(i for i, character in enumerate(text) if not _PRINTABLE.fullmatch(character))
    raise Unprintable(
        f"Text {text!r} has character U+{ord(text[at]):04X} at position {at + 1}: expected "
        "printable Latin-1 characters (U+0020 to U+007E, U+00A1 to U+00FF without U+00AD), which "
        "every printer's own font has; replace it."
    )


def face(bold: bool) -> str:
    """The PDF standard font, whose metrics also shape the preview."""
    return "Helvetica-Bold" if bold else "Helvetica"


def drawn_width(text: str, bold: bool) -> float:
    """Width in Helvetica, in character heights."""
    return float(stringWidth(text, face(bold), 1))


def widest(text: str, bold: bool) -> float:
    """Width that no language exceeds, in character heights."""
    widths = _widths(bold)
    return sum([widths[character] for character in text])


@lru_cache(maxsize=2)
def _widths(bold: bool) -> dict[str, float]:
    return {
        chr(code): max(drawn_width(chr(code), bold), _RESIDENT.get(chr(code), 0.0))
        for code in range(256)
    }
