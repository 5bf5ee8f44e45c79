"""PNG, black and white, a pixel a dot of the printer: what the label will look like."""

import io
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import reportlab
from PIL import Image, ImageDraw, ImageFont

from printers import fonts, layout
from printers.label import Label
from printers.layout import BarcodeSpot, BoxSpot, Spot, TextSpot

NAME = "png"
SUFFIX = ".png"
MEDIA_TYPE = "image/png"
REPLIES = False
LABELS_PER_DOCUMENT_MAX = 1

_BLACK, _WHITE = 0, 1
_OVERSAMPLING = 4
_FONT_FOLDER = Path(reportlab.__file__).parent / "fonts"


class Compiled:
    """A form whose fixed contents are drawn already."""

    def __init__(self, form: layout.Form) -> None:
        self._form = form
        self._fixed = Image.new("1", (form.width, form.height), _WHITE)
        for spot in form.fixed:
            _draw(self._fixed, spot, {})

    def check(self, values: Mapping[str, str]) -> None:
        """Raise Unprintable exactly when ``render`` would."""
        self._form.check(values)

    def render(self, values: Mapping[str, str]) -> bytes:
        """One picture; its metadata tells the resolution."""
        picture = self._fixed.copy()
        for spot in self._form.variable:
            if not layout.is_hidden(spot, values):
                _draw(picture, spot, values)
        target = io.BytesIO()
        picture.save(target, format="PNG", dpi=(self._form.dpi, self._form.dpi))
        return target.getvalue()

    def document(self, rows: Sequence[Mapping[str, str]]) -> bytes:
        """The picture of the only row."""
        if len(rows) != 1:
            raise ValueError(
                f"A PNG file of {len(rows)} labels was asked for: expected exactly 1; use the "
                "language pdf for many labels in one file."
            )
        return self.render(rows[0])


def compile(label: Label, *, dpi: int) -> Compiled:  # noqa: A001
    """The label's form; Unprintable if the label itself cannot be printed."""
    return Compiled(layout.place(label, dpi=dpi))


def _draw(picture: Image.Image, spot: Spot, values: Mapping[str, str]) -> None:
    match spot:
        case BoxSpot():
            right, bottom = spot.x + spot.width - 1, spot.y + spot.height - 1
            ImageDraw.Draw(picture).rectangle(
                (spot.x, spot.y, right, bottom), outline=_BLACK, width=spot.thickness
            )
        case TextSpot():
            _draw_text(picture, spot, spot.resolve(values), spot.width)
        case BarcodeSpot():
            text = spot.resolve(values)
            rows = spot.encode(text)
            symbol = Image.new("1", (len(rows[0]), len(rows)))
            symbol.putdata([int(module == "1") for row in rows for module in row])
            width = len(rows[0]) * spot.module
            height = spot.height or len(rows) * spot.module
            symbol = symbol.resize((width, height), Image.Resampling.NEAREST)
            picture.paste(_BLACK, (spot.x, spot.y), symbol)  # Ink only: a collision must show.
            if spot.caption:
                _draw_text(picture, spot.caption, text, width)


def _draw_text(picture: Image.Image, spot: TextSpot, text: str, box_width: int) -> None:
    """Text in a free font, stretched to Helvetica's width so that it ends where the PDF's does."""
    if not text.strip():
        return
    font = _font(spot.size * _OVERSAMPLING, spot.bold)
    width = max(1, round(fonts.drawn_width(text, spot.bold) * spot.size))
    drawn = Image.new(
        "L", (max(1, round(font.getlength(text))), spot.size * _OVERSAMPLING * 5 // 4)
    )
    baseline = spot.size * _OVERSAMPLING * layout.BASELINE
    ImageDraw.Draw(drawn).text((0, baseline), text, font=font, fill=255, anchor="ls")
    ink = drawn.resize((width, spot.size * 5 // 4), Image.Resampling.BOX)
    mask = ink.point(lambda level: 255 * (level >= 128), mode="1")
    spare = box_width - width
    x = spot.x + {"left": 0, "center": spare // 2, "right": spare}[spot.align]
    picture.paste(_BLACK, (x, spot.y), mask)


@lru_cache(maxsize=64)
def _font(size: int, bold: bool) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONT_FOLDER / ("VeraBd.ttf" if bold else "Vera.ttf"), size)
