"""Two drawings of one label beside each other, and what differs between them.

>>> ours, theirs = Image.new("L", (40, 20), 255), Image.new("L", (41, 20), 255)
>>> theirs.paste(0, (10, 10, 14, 12))
>>> compare(ours, theirs, symbols=[(12, 0, 10, 20)]).sentence
'Symbols: 4 of 200 dots differ (2.00 %). Whole label: 8 of 820 (0.98 %).'
"""

from collections.abc import Iterable
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw

from printers.fonts import BUNDLED
from printers.layout.marks import Rectangle

_WHITE, _GREY, _BLACK, _RED = (255, 255, 255), (190, 190, 190), (0, 0, 0), (220, 0, 0)
_MARGIN = 16
_TEXT = 20
_EDGE = 1
_DARKER_THAN = 128


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What differs between two drawings, in dots."""

    picture: Image.Image
    """Both drawings and, third, the first one pale with every dot that differs in red."""
    dots: int
    """Of the whole label."""
    differing: int
    symbol_dots: int
    """Within the boxes of its symbols, each counted once."""
    symbol_differing: int
    sentence: str

    @property
    def symbol_share(self) -> float:
        """Which part of the symbols' dots differs: 0 is none, 1 is all."""
        return self.symbol_differing / self.symbol_dots if self.symbol_dots else 0.0


def compare(
    ours: Image.Image,
    theirs: Image.Image,
    *,
    symbols: Iterable[Rectangle] | None = (),
    titles: tuple[str, str] = ("first", "second"),
) -> Comparison:
    """Compare two drawings dot by dot from their top left; what one has not is white.

    ``symbols`` are the boxes of the label's symbols, which must not differ; None says that they
    are not looked at apart. ``titles`` stand above the drawings.
    """
    size = (max(ours.width, theirs.width), max(ours.height, theirs.height))
    first, second = (_black_and_white(one, size) for one in (ours, theirs))
    different = ImageChops.difference(first, second)
    inside = Image.new("L", size, 0)
    for left, top, width, height in symbols or ():
        inside.paste(255, (left, top, left + width, top + height))
    counts = {
        "dots": size[0] * size[1],
        "differing": _count(different),
        "symbol_dots": _count(inside),
        "symbol_differing": _count(ImageChops.darker(different, inside)),
    }
    sentence = _sentence(counts, symbols is not None)
    panels = [first.convert("RGB"), second.convert("RGB"), _marked(first, different)]
    picture = _beside(panels, [*titles, "differing dots in red"], sentence)
    return Comparison(picture=picture, sentence=sentence, **counts)


def _black_and_white(drawing: Image.Image, size: tuple[int, int]) -> Image.Image:
    canvas = Image.new("L", size, 255)
    canvas.paste(drawing.convert("L").point(lambda level: 255 * (level >= _DARKER_THAN)), (0, 0))
    return canvas


def _count(mask: Image.Image) -> int:
    return mask.histogram()[255]


def _sentence(counts: dict[str, int], is_apart: bool) -> str:
    whole = _share(counts["differing"], counts["dots"], "" if is_apart else " dots differ")
    if not is_apart:
        return f"Whole label: {whole}."
    if not counts["symbol_dots"]:
        return f"There is no symbol. Whole label: {whole}."
    symbols = _share(counts["symbol_differing"], counts["symbol_dots"], " dots differ")
    return f"Symbols: {symbols}. Whole label: {whole}."


def _share(part: int, whole: int, what: str = "") -> str:
    return f"{part} of {whole}{what} ({100 * part / whole:.2f} %)"


def _marked(drawing: Image.Image, different: Image.Image) -> Image.Image:
    pale = Image.new("RGB", drawing.size, _WHITE)
    pale.paste(_GREY, (0, 0), ImageChops.invert(drawing))
    pale.paste(_RED, (0, 0), different)
    return pale


def _beside(panels: list[Image.Image], titles: list[str], line: str) -> Image.Image:
    """The panels in a row with their titles, and a line of text below."""
    font = BUNDLED.face("sans", bold=False).at(_TEXT)
    widths = [
        max(panel.width, round(font.getlength(t))) for panel, t in zip(panels, titles, strict=True)
    ]
    width = max(
        sum(widths) + _MARGIN * (len(panels) + 1), round(font.getlength(line)) + 2 * _MARGIN
    )
    top = _MARGIN + _TEXT + _MARGIN
    height = top + panels[0].height + _MARGIN + _TEXT + _MARGIN
    sheet = Image.new("RGB", (width, height), _WHITE)
    pen = ImageDraw.Draw(sheet)
    left = _MARGIN
    for panel, title, wide in zip(panels, titles, widths, strict=True):
        pen.text((left, _MARGIN), title, font=font, fill=_BLACK)
        right, bottom = left + panel.width, top + panel.height
        pen.rectangle((left - _EDGE, top - _EDGE, right, bottom), outline=_GREY, width=_EDGE)
        sheet.paste(panel, (left, top))
        left += wide + _MARGIN
    pen.text((_MARGIN, height - _MARGIN - _TEXT), line, font=font, fill=_BLACK)
    return sheet
