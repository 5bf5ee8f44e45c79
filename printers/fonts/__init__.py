"""Fonts that are drawn on our side, which characters they have, and how wide a text becomes.

A missing glyph is silent on paper: so who draws a text asks here first.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

from printers.errors import Unprintable

FOLDER = Path(__file__).parent
_UNIT = 1000
"""Size in pixels at which glyphs are measured."""

_NATIVE = {
    "ascii": re.compile("[ -~]*"),
    "latin-1": re.compile("[ -~\xa1-\xac\xae-\xff]*"),
    "none": re.compile("(?!)"),
}
"""Characters of a printer's own font, by the name of its character set."""

_RESIDENT = {
    " ": 0.29, "!": 0.29, '"': 0.47, "%": 0.91, "'": 0.29, "*": 0.47, "+": 0.91, ",": 0.29,
    "-": 0.91, ".": 0.29, "/": 0.29, ":": 0.29, ";": 0.29, "<": 1.0, "=": 0.91, ">": 1.0,
    "I": 0.29, "[": 0.29, "\\": 0.47, "]": 0.29, "^": 0.5, "f": 0.29, "i": 0.25, "j": 0.25,
    "l": 0.25, "r": 0.35, "t": 0.29, "{": 0.5, "|": 0.5, "}": 0.5, "~": 1.0,
}  # fmt: skip
"""Advance of the ^A0 glyphs that may be wider than the face's, in character heights (measured)."""


@dataclass(frozen=True, kw_only=True)
class Face:
    """One TrueType font."""

    name: str
    """In the book: sans, mono …"""
    bold: bool
    path: Path

    def width(self, text: str) -> float:
        """How far the text reaches, in character heights."""
        if text.isascii():
            widths = _ascii_widths(self.path)
            return sum([widths[ord(character)] for character in text])
        return sum([_advance(self.path, character) for character in text])

    def at(self, size: int) -> ImageFont.FreeTypeFont:
        """The font in a size of so many dots, without shaping."""
        return _loaded(self.path, size)

    def widest(self, text: str) -> float:
        """Width that neither this face nor a printer's own font exceeds, in character heights."""
        if text.isascii():
            widths = _native_widths(self.path)
            return sum([widths[ord(character)] for character in text])
        return self.width(text)


@dataclass(frozen=True, kw_only=True)
class Book:
    """The fonts there are: name -> the files of the regular and the bold face."""

    files: Mapping[str, tuple[Path, Path]] = field(default_factory=dict)

    def face(self, name: str, *, bold: bool) -> Face:
        """The face of that name; Unprintable names the known ones."""
        if name not in self.files:
            raise Unprintable(
                f"Text has font = {name!r}: expected printer, or one of {', '.join(self.files)}; "
                "name a font of the book."
            )
        return Face(name=name, bold=bold, path=self.files[name][bold])


BUNDLED = Book(
    files={
        "sans": (FOLDER / "DejaVuSansCondensed.ttf", FOLDER / "DejaVuSansCondensed-Bold.ttf"),
        "mono": (FOLDER / "DejaVuSansMono.ttf", FOLDER / "DejaVuSansMono.ttf"),
    }
)
"""What comes with this library; `sans` stands in for a printer's own font."""


def is_native(text: str, characters: str) -> bool:
    """Whether a printer with that character set surely has every character of the text."""
    return _NATIVE[characters].fullmatch(text) is not None


@lru_cache(maxsize=256)
def _loaded(path: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=8192)
def _advance(path: Path, character: str) -> float:
    return _loaded(path, _UNIT).getlength(character) / _UNIT


@lru_cache(maxsize=32)
def _ascii_widths(path: Path) -> tuple[float, ...]:
    return tuple(_advance(path, chr(code)) for code in range(128))


@lru_cache(maxsize=32)
def _native_widths(path: Path) -> tuple[float, ...]:
    widths = enumerate(_ascii_widths(path))
    return tuple(max(width, _RESIDENT.get(chr(code), 0.0)) for code, width in widths)
