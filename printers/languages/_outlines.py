"""Glyphs as outlines: text that looks the same wherever it is drawn, with no font at hand."""

import io
import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from fontTools.pens.basePen import AbstractPen, BasePen
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

from printers.fonts import Face
from printers.languages._text import start, turn
from printers.layout.marks import Words

_reading = threading.Lock()
"""fontTools reads a font piece by piece, as glyphs are asked for: one thread at a time."""


class _Glyph(NamedTuple):
    """In units of the font, y upwards."""

    advance: float
    drawing: Sequence[tuple[str, tuple[Any, ...]]]
    """Calls of a pen."""


class _Source(NamedTuple):
    units: int
    """A character height has as many."""
    names: dict[int, str]
    glyphs: Any


def as_svg(words: Words) -> str:
    """The line as the data of an SVG path, in dots of the label."""
    pen = SVGPathPen(None, ntos=_number)
    _draw(words, pen)
    return str(pen.getCommands())


def as_pdf(words: Words) -> str:
    """The line as a filled path of PDF, in dots of the label."""
    pen = _PdfPen()
    _draw(words, pen)
    return " ".join([*pen.operators, "f"]) if pen.operators else ""


class _PdfPen(BasePen):  # type: ignore[misc]
    """Path operators of PDF, ISO 32000-1, 8.5.2; it has cubic curves only."""

    def __init__(self) -> None:
        super().__init__(None)
        self.operators: list[str] = []

    def _add(self, operator: str, *points: tuple[float, float]) -> None:
        numbers = " ".join(f"{_number(x)} {_number(y)}" for x, y in points)
        self.operators.append(f"{numbers} {operator}")

    def _moveTo(self, pt: tuple[float, float]) -> None:  # noqa: N802 the library's name
        self._add("m", pt)

    def _lineTo(self, pt: tuple[float, float]) -> None:  # noqa: N802
        self._add("l", pt)

    def _curveToOne(  # noqa: N802
        self, pt1: tuple[float, float], pt2: tuple[float, float], pt3: tuple[float, float]
    ) -> None:
        self._add("c", pt1, pt2, pt3)

    def _closePath(self) -> None:  # noqa: N802
        self.operators.append("h")


def _draw(words: Words, pen: AbstractPen) -> None:
    scale = words.size / _source(words.face.path).units
    a, b, c, d = (scale * one for one in turn(words))
    e, f = start(words)
    for character in words.text:
        glyph = _glyph(words.face, character)
        placed = TransformPen(pen, (a, b, c, d, e, f))
        for call, arguments in glyph.drawing:
            getattr(placed, call)(*arguments)
        e, f = e + a * glyph.advance, f + b * glyph.advance


@lru_cache(maxsize=4096)
def _glyph(face: Face, character: str) -> _Glyph:
    source = _source(face.path)
    with _reading:
        glyph = source.glyphs[source.names.get(ord(character), ".notdef")]
        pen = DecomposingRecordingPen(source.glyphs)
        glyph.draw(pen)
        return _Glyph(glyph.width, tuple(pen.value))


@lru_cache(maxsize=32)
def _source(path: Path) -> _Source:
    with _reading:
        # From memory: glyphs are read as they are asked for, and no file would ever be closed.
        font = TTFont(io.BytesIO(path.read_bytes()), fontNumber=0, lazy=True)
        return _Source(font["head"].unitsPerEm, font.getBestCmap(), font.getGlyphSet())


def _number(value: float) -> str:
    """At most hundredths of a dot, as short as it goes."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
