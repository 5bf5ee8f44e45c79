"""Font files: what can be read out of one, and nothing about which is used for what."""

import struct
from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont, TTLibError
from PIL import ImageFont

from printers.errors import Unprintable

_BROKEN = (
    OSError,
    TTLibError,
    struct.error,
    AssertionError,
    LookupError,
    TypeError,
    ValueError,
)
"""What fontTools and FreeType raise on files that are damaged or none (found by damaging some)."""


@lru_cache(maxsize=64)
def characters(path: Path) -> frozenset[str]:
    """What the font, or the first of a collection, has glyphs for.

    One of ``_BROKEN`` where the file is none.
    """
    with path.open("rb") as file, TTFont(file, fontNumber=0, lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap() or ()))


@lru_cache(maxsize=256)
def loaded(path: Path, size: int, *, shaped: bool = False) -> ImageFont.FreeTypeFont:
    """The font in a size of so many dots."""
    engine = ImageFont.Layout.RAQM if shaped else ImageFont.Layout.BASIC
    return ImageFont.truetype(path, size, layout_engine=engine)


def require_font(path: Path, *, name: str) -> None:
    """Raise Unprintable unless the file is a font that can be drawn."""
    try:
        characters(path)
        loaded(path, 16)
    except _BROKEN as trouble:
        raise Unprintable(
            f"Font {name!r} cannot be read from {path}: expected a TrueType or OpenType file "
            f"(.ttf, .otf or .ttc), got {_first_line(trouble)!r}; correct the path, or replace "
            "the file."
        ) from None


def _first_line(trouble: Exception) -> str:
    text = trouble.strerror if isinstance(trouble, OSError) and trouble.strerror else str(trouble)
    return text.partition("\n")[0] or type(trouble).__name__
