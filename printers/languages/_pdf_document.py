"""Marks to operators of PDF, and pages to a document.

Coordinates are dots from the top left, y downwards, as marks have them: each page begins with the
matrix that makes points of them.
"""

import hashlib
from collections.abc import Iterable
from typing import BinaryIO

from printers.languages._pdf_file import PRODUCER, File
from printers.languages._pdf_fonts import Fonts
from printers.layout.marks import Frame, Mark, Picture, Rectangle, Ring, Symbol, Tag, Words

CREATOR = "labeler"
FORM = "/L Do"
"""Draws what is fixed."""
_POINTS_PER_INCH = 72
_HAIR = 0.0002
"""In points; a thousandth of a dot, and more than numbers of single precision are off."""
_INSET = 0.01
"""In dots."""
_ARC = 0.5522847498
"""How far the handles of a quarter circle reach, in radii."""


class Ink:
    """What is drawn on a page, or on what all pages share."""

    def __init__(self, fonts: Fonts) -> None:
        self.fonts = fonts
        self.operators: list[str] = []
        self.pictures: list[Picture] = []

    def draw(self, marks: Iterable[Mark]) -> None:
        """Add marks."""
        for mark in marks:
            match mark:
                case Words():
                    self.operators.append(self.fonts.show(mark))
                case Symbol():
                    runs = mark.rectangles()
                    path = [f"{x} {y} {width} {height} re" for x, y, width, height in runs]
                    self.operators.append("\n".join(path) + "\nf")
                case Frame():
                    self.operators.append(_frame(mark))
                case Ring():
                    self.operators.append(_ring(mark))
                case Picture():
                    self._draw_picture(mark)
                case Tag():
                    pass  # No ink.

    def add(self, operators: str) -> None:
        """Add what is no mark."""
        self.operators.append(operators)

    def outline(self, cells: Iterable[Rectangle]) -> None:
        """Add a thin grey line around each of them."""
        path = [f"{x} {y} {width} {height} re" for x, y, width, height in cells]
        self.operators.append("q 0.6 G 0 w\n" + "\n".join(path) + "\nS Q")

    def content(self) -> bytes:
        """The operators, one after the other."""
        return "\n".join(self.operators).encode("ascii")

    def _draw_picture(self, picture: Picture) -> None:
        """Its dots, a hair inside its box: PDFium stretches an image to every pixel it touches."""
        x, y, width, height = picture.box
        wide, high = width - 2 * _INSET, height - 2 * _INSET
        place = f"{wide:.2f} 0 0 {-high:.2f} {x + _INSET:.2f} {y + height - _INSET:.2f} cm"
        self.operators.append(f"q {place} /P{len(self.pictures)} Do Q")
        self.pictures.append(picture)


class Document:
    """A document that is written page by page; ``fixed`` is the form that ``FORM`` draws."""

    def __init__(self, target: BinaryIO, *, fixed: Ink, box: tuple[int, int], dpi: int) -> None:
        self._file = File(target)
        self._dpi = dpi
        self._fonts = self._file.reserve()
        self._pictures: dict[bytes, int] = {}
        self._form = self._add_form(fixed, box) if fixed.operators else ""

    def page(self, ink: Ink, size: tuple[int, int]) -> None:
        """Write a page of that width and height in dots."""
        width, height = size
        scale = _POINTS_PER_INCH / self._dpi
        # Viewers draw on whole pixels and round a page up to them: it must not be a hair too large.
        right, top = width * scale - _HAIR, height * scale - _HAIR
        box = f"/MediaBox[0 0 {right:.4f} {top:.4f}]"
        begin = f"{scale:.9f} 0 0 {-scale:.9f} 0 {height * scale:.9f} cm\n".encode("ascii")
        own = f"/Resources{self._resources(ink)}" if ink.pictures else ""
        self._file.add_page(self._file.add_stream(begin + ink.content()), box + own)

    def close(self, fonts: Fonts, *, title: str) -> None:
        """Write the fonts and the end of the file."""
        self._file.add(fonts.write(self._file), self._fonts)
        shared = f"/Resources<</Font {self._fonts} 0 R/XObject<<{self._form}>>>>"
        told = {"Title": title, "Subject": CREATOR, "Creator": CREATOR, "Producer": PRODUCER}
        self._file.close(shared, told)

    def _add_form(self, fixed: Ink, box: tuple[int, int]) -> str:
        width, height = box
        own = f"/Type/XObject/Subtype/Form/BBox[0 0 {width} {height}]"
        resources = f"/Resources{self._resources(fixed, form='')}"
        return f"/L {self._file.add_stream(fixed.content(), own + resources)} 0 R"

    def _resources(self, ink: Ink, *, form: str | None = None) -> str:
        named = [f"/P{at} {self._picture(one)} 0 R" for at, one in enumerate(ink.pictures)]
        objects = (self._form if form is None else form) + "".join(named)
        return f"<</Font {self._fonts} 0 R/XObject<<{objects}>>>>"

    def _picture(self, picture: Picture) -> int:
        """The number of its image mask (ISO 32000-1, 8.9.6.2): dots that are 0 are painted."""
        _, _, width, height = picture.box
        data = picture.image.tobytes()
        key = hashlib.sha256(b"%d %s" % (width, data)).digest()
        if key not in self._pictures:
            self._pictures[key] = self._file.add_stream(
                data,
                f"/Type/XObject/Subtype/Image/Width {width}/Height {height}"
                "/ImageMask true/BitsPerComponent 1",
            )
        return self._pictures[key]


def _frame(frame: Frame) -> str:
    x, y, width, height = frame.box
    outer, line = f"{x} {y} {width} {height} re", frame.thickness
    if 2 * line >= min(width, height):
        return f"{_halves(frame.box)} f"
    inner = f"{x + line} {y + line} {width - 2 * line} {height - 2 * line} re"
    return f"{outer} {inner} f*"


def _halves(box: Rectangle) -> str:
    """A filled rectangle in two parts: PDFium widens one alone to every pixel that it touches."""
    x, y, width, height = box
    if width > height:
        half = width // 2
        return f"{x} {y} {half} {height} re {x + half} {y} {width - half} {height} re"
    half = height // 2
    return f"{x} {y} {width} {half} re {x} {y + half} {width} {height - half} re"


def _ring(ring: Ring) -> str:
    outer = _circle(ring.box)
    x, y, size, _ = ring.box
    hole, line = size - 2 * ring.thickness, ring.thickness
    if hole <= 0:
        return f"{outer} f"
    return f"{outer} {_circle((x + line, y + line, hole, hole))} f*"


def _circle(square: Rectangle) -> str:
    """Four curves; ISO 32000-1, 8.5.2.2 knows no arcs."""
    x, y, size, _ = square
    radius = size / 2
    near, far = radius - _ARC * radius, radius + _ARC * radius
    points = [
        ((far, 0), (size, near), (size, radius)),
        ((size, far), (far, size), (radius, size)),
        ((near, size), (0, far), (0, radius)),
        ((0, near), (near, 0), (radius, 0)),
    ]
    curves = [" ".join(f"{x + u:.3f} {y + v:.3f}" for u, v in curve) + " c" for curve in points]
    return f"{x + radius:.3f} {y:.3f} m {' '.join(curves)} h"
