"""Font files: what can be read out of one, and nothing about which is used for what."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont, TTLibError
from PIL import ImageFont

from printers.errors import Unprintable


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a font file says about itself."""

    characters: frozenset[str]
    """It has a glyph for each of these."""
    is_truetype: bool
    """Whether its glyphs are TrueType outlines in a file of their own, which a PDF can embed."""


@lru_cache(maxsize=64)
def facts(path: Path) -> Facts:
    """The facts of a font file; OSError or TTLibError where it is none."""
    with TTFont(path, fontNumber=0, lazy=True) as font:
        return Facts(
            characters=frozenset(map(chr, font.getBestCmap() or ())),
            is_truetype="glyf" in font and path.suffix.lower() != ".ttc",
        )


@lru_cache(maxsize=256)
def loaded(path: Path, size: int, *, shaped: bool = False) -> ImageFont.FreeTypeFont:
    """The font in a size of so many dots."""
    engine = ImageFont.Layout.RAQM if shaped else ImageFont.Layout.BASIC
    return ImageFont.truetype(path, size, layout_engine=engine)


def require_font(path: Path, *, name: str) -> None:
    """Raise Unprintable unless the file is a font that can be drawn."""
    try:
        facts(path)
        loaded(path, 16)
    except (OSError, TTLibError) as trouble:
        raise Unprintable(
            f"Font {name!r} cannot be read from {path}: expected a TrueType or OpenType file "
            f"(.ttf, .otf or .ttc), got {_first_line(trouble)!r}; correct the path, or replace "
            "the file."
        ) from None


def _first_line(trouble: Exception) -> str:
    text = trouble.strerror if isinstance(trouble, OSError) and trouble.strerror else str(trouble)
    return text.partition("\n")[0]
