"""Fonts that are drawn on our side, which characters they have, and how wide a text becomes.

A missing glyph is silent on paper: so who draws a text asks here first.

>>> BUNDLED.drawing("SN äß", BUNDLED.face("mono", bold=False)).name
'mono'
>>> BUNDLED.drawing("A日", BUNDLED.face("sans", bold=False))  # doctest: +ELLIPSIS
Traceback (most recent call last):
printers.errors.Unprintable: Text 'A日' has character U+65E5 (CJK UNIFIED IDEOGRAPH-65E5) at ...
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from printers.errors import Unprintable
from printers.fonts import _files, _shaping

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

FOLDER = Path(__file__).parent
_UNIT = 1000
"""Size in pixels at which glyphs are measured."""
_RESERVED = "printer"

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
    """One font file."""

    name: str
    """In the book: sans, mono …"""
    bold: bool
    path: Path

    def covers(self, text: str) -> bool:
        """Whether it has a glyph for every character."""
        return self.first_missing(text) is None

    def first_missing(self, text: str) -> int | None:
        """Where the first character stands that it has no glyph for."""
        known = _files.characters(self.path)
        for index, character in enumerate(text):
            if character not in known and not _shaping.is_ignorable(character):
                return index
        return None

    def width(self, text: str) -> float:
        """How far the text reaches, in character heights."""
        if text.isascii():
            widths = self._widths
            return sum([widths[code] for code in text.encode()])
        if _shaping.is_needed(text):
            return self.at(_UNIT, shaped=True).getlength(text) / _UNIT
        return sum([_advance(self.path, character) for character in text])

    def widest(self, text: str) -> float:
        """Width that neither this face nor a printer's own font exceeds, in character heights."""
        if text.isascii():
            widths = self._native_widths
            return sum([widths[code] for code in text.encode()])
        return self.width(text)

    def length(self, text: str, size: int) -> float:
        """How far the text reaches in dots; shaped text snaps to dots glyph by glyph."""
        if _shaping.is_needed(text):
            return self.at(size, shaped=True).getlength(text, mode="1")
        return self.width(text) * size

    @cached_property
    def _widths(self) -> tuple[float, ...]:
        return _ascii_widths(self.path)

    @cached_property
    def _native_widths(self) -> tuple[float, ...]:
        widths = enumerate(self._widths)
        return tuple(max(width, _RESIDENT.get(chr(code), 0.0)) for code, width in widths)

    def at(self, size: int, *, shaped: bool = False) -> "FreeTypeFont":
        """The font in a size of so many dots."""
        return _files.loaded(self.path, size, shaped=shaped)


@cache
def _face(name: str, bold: bool, path: Path) -> Face:
    """The same face each time: it knows its widths by then."""
    return Face(name=name, bold=bold, path=path)


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
        return _face(name, bold, self.files[name][bold])

    def with_files(self, files: Mapping[str, Path | tuple[Path, Path]]) -> "Book":
        """The book and a site's own fonts: a file, or the regular and the bold one.

        Unprintable where a name is taken, or a file is none that can be drawn.
        """
        added: dict[str, tuple[Path, Path]] = {}
        for name, given in files.items():
            if name == _RESERVED or name in self.files:
                raise Unprintable(
                    f"A font of the site is named {name!r}: expected none of "
                    f"{', '.join((_RESERVED, *self.files))}, which are taken; rename it."
                )
            added[name] = (given, given) if isinstance(given, Path) else given
            for path in dict.fromkeys(added[name]):
                _files.require_font(path, name=name)
        return Book(files={**self.files, **added})

    def drawing(self, text: str, wanted: Face) -> Face:
        """The face that draws a text: the wanted one, else the first of the book that has it all.

        Unprintable where none has, or where this machine could not shape the text.
        """
        for face in self._candidates(wanted):
            if face.covers(text):
                _require_shaping(text)
                return face
        raise Unprintable(self._missing(text))

    def _candidates(self, wanted: Face) -> Iterator[Face]:
        """Yield the wanted face, those of its weight in the book's order, then the regular ones."""
        yield wanted
        for bold in dict.fromkeys((wanted.bold, False)):
            for name in self.files:
                yield self.face(name, bold=bold)

    def _missing(self, text: str) -> str:
        """The sentence about the character that stopped the font which got furthest."""
        faces = [self.face(name, bold=False) for name in self.files]
        index = max(face.first_missing(text) or 0 for face in faces)
        name = unicodedata.name(text[index], "no name")
        return (
            f"Text {text!r} has character U+{ord(text[index]):04X} ({name}) at position "
            f"{index + 1}: expected characters that one of the fonts {', '.join(self.files)} has "
            "all of; replace it, or name a font that has them under fonts: in config.yaml."
        )


BUNDLED = Book(
    files={
        "sans": (FOLDER / "DejaVuSansCondensed.ttf", FOLDER / "DejaVuSansCondensed-Bold.ttf"),
        "mono": (FOLDER / "DejaVuSansMono.ttf", FOLDER / "DejaVuSansMono.ttf"),
    }
)
"""What comes with this library; `sans` stands in for a printer's own font."""

needs_shaping = _shaping.is_needed


def is_native(text: str, characters: str) -> bool:
    """Whether a printer with that character set surely has every character of the text."""
    return _NATIVE[characters].fullmatch(text) is not None


def _require_shaping(text: str) -> None:
    if _shaping.is_needed(text) and not _shaping.is_available():
        raise Unprintable(
            f"Text {text!r} joins or turns its characters, and this installation cannot shape it: "
            "expected a Pillow with raqm; install Pillow from its wheels, or replace the text."
        )


@lru_cache(maxsize=8192)
def _advance(path: Path, character: str) -> float:
    return _files.loaded(path, _UNIT).getlength(character) / _UNIT


@lru_cache(maxsize=32)
def _ascii_widths(path: Path) -> tuple[float, ...]:
    characters = map(chr, range(128))
    return tuple(_advance(path, one) if one.isprintable() else 0.0 for one in characters)
