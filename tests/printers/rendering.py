"""PDF and SVG as software that is not ours draws them, and what should be seen there."""

import io
from collections.abc import Sequence
from typing import Any

import pypdfium2
import resvg_py
import zxingcpp
from PIL import Image, ImageChops

from printers.label import Barcode, Box, Circle, Element, Label, Line, Text
from printers.languages import pdf, svg
from printers.layout import Form
from printers.layout.marks import Frame, Mark, Picture, Rectangle, Ring, Symbol

Inked = Frame | Ring | Symbol
Found = tuple[str, int, int]
"""Text, and the pixels of the top left corner."""


def pages(document: bytes, *, dpi: float) -> list[Image.Image]:
    """Each page of a PDF in grey, at that many dots per inch."""
    return [
        page.render(scale=dpi / 72).to_pil().convert("L")
        for page in pypdfium2.PdfDocument(document)
    ]


def drawing(document: bytes, *, dpi: float) -> Image.Image:
    """An SVG in grey, at that many dots per inch."""
    png = resvg_py.svg_to_bytes(svg_string=document.decode(), dpi=dpi)
    return Image.open(io.BytesIO(bytes(png))).convert("L")


def seen(language: str, form: Form, label: Label, *, zoom: int = 1) -> Image.Image:
    """A form without values, ``zoom`` pixels a dot."""
    if language == "pdf":
        document = pdf.Compiled(label, form).render({})
        return pages(document, dpi=form.device.dpi * zoom)[0]
    return drawing(svg.Compiled(form).render({}), dpi=form.device.dpi * zoom)


def ink(picture: Image.Image, *, darkness: int = 128) -> Rectangle:
    """Left, top, width, height of all that is at least half black."""
    box = picture.point(lambda level: 255 * (level < darkness)).getbbox()
    assert box is not None, "nothing was drawn"
    left, top, right, bottom = box
    return left, top, right - left, bottom - top


def expected(form: Form, marks: Sequence[Mark]) -> Image.Image:
    """Frames, symbols and pictures dot by dot."""
    paper = Image.new("L", (form.width, form.height), 255)
    for mark in marks:
        match mark:
            case Frame():
                _fill(paper, mark.box, 0)
                x, y, width, height = mark.box
                line = mark.thickness
                _fill(paper, (x + line, y + line, width - 2 * line, height - 2 * line), 255)
            case Symbol():
                for rectangle in mark.rectangles():
                    _fill(paper, rectangle, 0)
            case Picture():
                paper.paste(0, (mark.x, mark.y), ImageChops.invert(mark.image.convert("L")))
    return paper


def _fill(paper: Image.Image, rectangle: Rectangle, level: int) -> None:
    left, top, width, height = rectangle
    if width > 0 and height > 0:
        paper.paste(level, (left, top, left + width, top + height))


def differing(one: Image.Image, other: Image.Image) -> int:
    """How many pixels are black here and white there."""
    assert one.size == other.size
    apart = ImageChops.difference(one, other).point(lambda level: 255 * (level > 127))
    return apart.histogram()[255]


def dark(picture: Image.Image) -> int:
    """How many of its pixels are more black than white."""
    return sum(picture.histogram()[:128])


def is_dark(picture: Image.Image, x: int, y: int) -> bool:
    """Whether that pixel is more black than white."""
    return dark(picture.crop((x, y, x + 1, y + 1))) == 1


def first(form: Form, kind: Any) -> Any:
    """The first fixed mark of a form, which is of that kind."""
    found = form.fixed[0]
    assert isinstance(found, kind)
    return found


def symbols(picture: Image.Image) -> list[Found]:
    """Every symbol of a picture, in the order of rows and columns."""
    found = zxingcpp.read_barcodes(picture)
    places = [(one.text, one.position.top_left.x, one.position.top_left.y) for one in found]
    return sorted(places, key=lambda place: (place[2], place[1]))


def alone(element: Element, *, width_mm: float = 42, height_mm: float = 40) -> Label:
    """A label with nothing else on it."""
    return Label(name="alone", width_mm=width_mm, height_mm=height_mm, elements=(element,))


TURNED = (0, 90, 180, 270)

SHAPES: dict[str, Element] = {
    "frame": Box(x_mm=3.1, y_mm=4.3, width_mm=31.7, height_mm=20.9, thickness_mm=0.7),
    "filled frame": Box(x_mm=3.1, y_mm=4.3, width_mm=9.7, height_mm=5.3, thickness_mm=4),
    "level line": Line(x_mm=5.1, y_mm=7.7, length_mm=33.3, thickness_mm=0.1),
    "upright line": Line(
        x_mm=5.1, y_mm=7.7, length_mm=21.1, thickness_mm=0.3, direction="vertical"
    ),
    "ring": Circle(x_mm=6.2, y_mm=3.3, diameter_mm=21.7, thickness_mm=1.1),
    "disc": Circle(x_mm=6.2, y_mm=3.3, diameter_mm=7.7, thickness_mm=4),
    **{
        f"{name} turned by {rotation}": Barcode(
            x_mm=8.3,
            y_mm=6.1,
            symbology=name,
            content=("A1B2",),
            x_dimension_mm=0.25,
            height_mm=9.3 if name == "code128" else None,
            rotation=rotation,
        )
        for name in ("code128", "qr")
        for rotation in TURNED
    },
}
"""Elements whose ink is known dot by dot, or, if round, by its square."""


def text(rotation: int, *, align: str = "left", content: str = "Height 128 Ag") -> Text:
    """A line in a room that is longer than itself."""
    return Text(
        x_mm=8,
        y_mm=5,
        content=(content,),
        size_mm=4,
        width_mm=32,
        height_mm=4,
        align=align,
        rotation=rotation,
    )
