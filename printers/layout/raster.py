"""Marks as dots: what the reference drawing shows, and what languages send as a graphic.

Glyphs are drawn in the size of the printer's dots, one by one, each where the widths before it
end: so a line is as long as ``Words.width`` says, and a picture of it lies where it would.
"""

from functools import lru_cache
from math import floor
from typing import assert_never

from PIL import Image, ImageDraw
from PIL.ImageFont import FreeTypeFont

from printers.errors import Unprintable
from printers.fonts import Face, needs_shaping
from printers.layout.dots import turned_box
from printers.layout.marks import (
    BASELINE,
    Commands,
    Frame,
    Mark,
    Picture,
    Rectangle,
    Ring,
    Symbol,
    Tag,
    Words,
)

BLACK, WHITE = 0, 1


def draw(image: Image.Image, mark: Mark) -> None:
    """Add the ink of a mark to an image of mode "1"; what lies beyond its edges is cut off."""
    match mark:
        case Words():
            draw(image, picture(mark))
        case Picture():
            image.paste(BLACK, (mark.x, mark.y), _ink(mark.image))
        case Frame():
            is_filled = 2 * mark.thickness >= min(mark.width, mark.height)
            ImageDraw.Draw(image).rectangle(
                _corners(mark.box),
                fill=BLACK if is_filled else None,
                outline=BLACK,
                width=1 if is_filled else mark.thickness,
            )
        case Ring():
            _draw_ring(image, mark)
        case Symbol():
            pen = ImageDraw.Draw(image)
            for rectangle in mark.rectangles():
                pen.rectangle(_corners(rectangle), fill=BLACK)
        case Tag():
            """No ink."""
        case Commands():
            raise Unprintable(
                f"Commands in {mark.language} cannot be drawn as dots: expected other marks; print "
                "the label on such a printer."
            )
        case _:
            assert_never(mark)


def picture(mark: Words | Symbol | Frame | Ring | Picture) -> Picture:
    """The dots of one mark; its box is that of its ink, or a white dot where there is none."""
    match mark:
        case Picture():
            return mark
        case Words():
            write = _shaped if needs_shaping(mark.text) else _line
            canvas, left, top = write(mark)
            room = (mark.room, mark.size)
            box = (left, top, *canvas.size)
            box = turned_box(box, room=room, rotation=mark.rotation)
            canvas = rotated(canvas, mark.rotation)
            x, y = mark.x + box[0], mark.y + box[1]
        case _:
            boxes = list(mark.rectangles()) if isinstance(mark, Symbol) else [mark.box]
            x, y = min(box[0] for box in boxes), min(box[1] for box in boxes)
            right, bottom = max(b[0] + b[2] for b in boxes), max(b[1] + b[3] for b in boxes)
            canvas = Image.new("1", (right, bottom), WHITE)
            draw(canvas, mark)
            canvas = canvas.crop((x, y, right, bottom))
    return trimmed(Picture(x=x, y=y, image=canvas))


def trimmed(given: Picture) -> Picture:
    """The picture without its white edges."""
    box = _ink(given.image).getbbox() or (0, 0, 1, 1)
    return Picture(x=given.x + box[0], y=given.y + box[1], image=given.image.crop(box))


def rotated(image: Image.Image, rotation: int) -> Image.Image:
    """The image turned clockwise by 0, 90, 180 or 270 degrees."""
    turns = {
        90: Image.Transpose.ROTATE_270,
        180: Image.Transpose.ROTATE_180,
        270: Image.Transpose.ROTATE_90,
    }
    return image.transpose(turns[rotation]) if rotation else image


def _line(words: Words) -> tuple[Image.Image, int, int]:
    """The ink of a line, and its left and top from the corner of its room."""
    baseline, pen = round(words.size * BASELINE), words.indent
    placed = []
    for character in words.text:
        glyph, left, top = _glyph(words.face, character, words.size)
        placed.append((glyph, round(pen) + left, baseline + top))
        pen += words.face.width(character) * words.size
    x, y = min(left for _, left, _ in placed), min(top for _, _, top in placed)
    right = max(left + glyph.width for glyph, left, _ in placed)
    bottom = max(top + glyph.height for glyph, _, top in placed)
    canvas = Image.new("1", (right - x, bottom - y), WHITE)
    for glyph, left, top in placed:
        canvas.paste(BLACK, (left - x, top - y), glyph)
    return canvas, x, y


def _shaped(words: Words) -> tuple[Image.Image, int, int]:
    """The same of a line whose glyphs depend on each other."""
    mask, left, top = _mask(words.face.at(words.size, shaped=True), words.text)
    canvas = Image.new("1", mask.size, WHITE)
    canvas.paste(BLACK, (0, 0), mask)
    return canvas, round(words.indent) + left, round(words.size * BASELINE) + top


@lru_cache(maxsize=4096)
def _glyph(face: Face, character: str, size: int) -> tuple[Image.Image, int, int]:
    """A glyph as a mask, and its left and top from the pen on the baseline."""
    return _mask(face.at(size), character)


def _mask(font: FreeTypeFont, text: str) -> tuple[Image.Image, int, int]:
    """Text as a mask, hinted for dots, and its left and top from the pen on the baseline."""
    left, top, right, bottom = font.getbbox(text, mode="1", anchor="ls")
    x, y = floor(left), floor(top)
    mask = Image.new("1", (max(1, floor(right) - x + 1), max(1, floor(bottom) - y + 1)), 0)
    ImageDraw.Draw(mask).text((-x, -y), text, font=font, fill=1, anchor="ls")
    return mask, x, y


def _draw_ring(image: Image.Image, ring: Ring) -> None:
    """Drawn by the distance of each dot's centre, so that it is alike on all four sides."""
    mask = _disc(ring.diameter)
    hole = ring.diameter - 2 * ring.thickness
    if hole > 0:
        mask = mask.copy()
        mask.paste(0, (ring.thickness, ring.thickness), _disc(hole))
    image.paste(BLACK, (ring.x, ring.y), mask)


@lru_cache(maxsize=64)
def _disc(diameter: int) -> Image.Image:
    """The dots whose centres lie within a circle."""
    disc = Image.new("1", (diameter, diameter), 0)
    pen = ImageDraw.Draw(disc)
    for row in range(diameter):
        above = 2 * row + 1 - diameter
        half = (diameter**2 - above**2) ** 0.5
        first = round((diameter - half) / 2)
        pen.line((first, row, diameter - 1 - first, row), fill=1)
    return disc


def _corners(box: Rectangle) -> Rectangle:
    """First and last dot, as Pillow wants it."""
    left, top, width, height = box
    return left, top, left + width - 1, top + height - 1


def _ink(image: Image.Image) -> Image.Image:
    """A mask of an image's black dots."""
    return image.point(lambda level: 0 if level else 255, mode="1")
