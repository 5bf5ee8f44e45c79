"""Which dots of two marks are the same: what overlaps on paper, not only on the drawing board.

A text is as high as its ink and as long as the wider of both fonts makes it; a frame is its lines;
a picture its black dots.

>>> frame = Frame(x=0, y=0, width=100, height=50, thickness=2)
>>> common(frame, Frame(x=10, y=10, width=20, height=20, thickness=10)) is None
True
>>> common(frame, Frame(x=90, y=10, width=20, height=4, thickness=2))
(98, 10, 2, 4)
"""

from collections.abc import Iterator
from functools import lru_cache
from math import hypot

from printers.layout import covered
from printers.layout.covering import covered as covered_by
from printers.layout.marks import (
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


def common(one: Mark, other: Mark) -> Rectangle | None:
    """Return the place that both have ink in; None if there is none."""
    return union(
        [
            shared
            for first in solids(one)
            for second in solids(other)
            if (shared := meet(first, second)) and _has_ink(one, shared) and _has_ink(other, shared)
        ]
    )


def within(mark: Mark, place: Rectangle) -> Rectangle | None:
    """Return where a mark has ink within a place; None if nowhere."""
    shares = (meet(solid, place) for solid in solids(mark))
    return union([one for one in shares if one and _has_ink(mark, one)])


def modules(symbol: Symbol) -> Rectangle:
    """Return what a symbol's modules cover, longer guard bars included."""
    return covered_by(symbol, quiet=False)


def quiet(symbol: Symbol) -> Rectangle:
    """Return the same with the quiet zone around it."""
    return covered(symbol)


@lru_cache(maxsize=4096)
def solids(mark: Mark) -> tuple[Rectangle, ...]:
    """Return the rectangles that a mark fills, or lies in."""
    match mark:
        case Words():
            return (_line_of(mark),)
        case Symbol():
            return (modules(mark),)
        case Frame():
            return tuple(_bars(mark))
        case Tag() | Commands():
            return ()
        case Ring() | Picture():
            return (mark.box,)


def is_filled(mark: Mark) -> bool:
    """Return whether it is a filled box or a disc."""
    match mark:
        case Frame():
            return 2 * mark.thickness >= min(mark.width, mark.height)
        case Ring():
            return 2 * mark.thickness >= mark.diameter
        case _:
            return False


def union(boxes: list[Rectangle]) -> Rectangle | None:
    """Return the smallest rectangle that has all of them in it; None of none."""
    if not boxes:
        return None
    left, top = min(one[0] for one in boxes), min(one[1] for one in boxes)
    right, bottom = max(b[0] + b[2] for b in boxes), max(b[1] + b[3] for b in boxes)
    return left, top, right - left, bottom - top


def meet(one: Rectangle, other: Rectangle) -> Rectangle | None:
    """Return what two rectangles have in common; None if it is nothing."""
    left, top = max(one[0], other[0]), max(one[1], other[1])
    right = min(one[0] + one[2], other[0] + other[2])
    bottom = min(one[1] + one[3], other[1] + other[3])
    return (left, top, right - left, bottom - top) if left < right and top < bottom else None


def _line_of(words: Words) -> Rectangle:
    """A line of text: along the line by the wider font, across it by its ink."""
    x, y, width, height = covered(words)
    from printers.layout import raster  # it takes long to load, and few commands draw

    ink = raster.picture(words).box
    if words.rotation in (90, 270):
        return ink[0], y, ink[2], height
    return x, ink[1], width, ink[3]


def _bars(frame: Frame) -> Iterator[Rectangle]:
    x, y, width, height = frame.box
    if is_filled(frame):
        yield frame.box
        return
    line = frame.thickness
    yield from ((x, y, width, line), (x, y + height - line, width, line))
    yield from ((x, y, line, height), (x + width - line, y, line, height))


def _has_ink(mark: Mark, place: Rectangle) -> bool:
    """Return whether a mark that lies in a rectangle has ink in a part of it."""
    x, y, width, height = place
    match mark:
        case Picture():
            left, top = x - mark.x, y - mark.y
            part = mark.image.crop((left, top, left + width, top + height))
            return part.getextrema() != (255, 255)
        case Ring():
            radius = mark.diameter / 2
            middle = (mark.x + radius, mark.y + radius)
            corners = [(cx, cy) for cx in (x, x + width) for cy in (y, y + height)]
            farthest = max(hypot(cx - middle[0], cy - middle[1]) for cx, cy in corners)
            beside = (
                max(x - middle[0], 0.0, middle[0] - x - width),
                max(y - middle[1], 0.0, middle[1] - y - height),
            )
            return hypot(*beside) < radius and farthest > radius - mark.thickness
        case _:
            return True
