"""Marks as TSPL's ink: BAR for what is a few rectangles, BITMAP for all else.

Only two commands, since these say to the dot what they draw. BOX leaves open whether its last dot
is drawn, and CIRCLE which dots a circle has. BITMAP overwrites (mode 0): what it does where there
is ink already is then the same for every printer, and pictures that meet are drawn as one. In its
data a 0 is ink, as the arrow of the manual's example shows.

Bytes in a picture may mean something to the line or to the printer's receiver. Those never occur:
a dot is left out of such a byte, and a BAR of its own puts it back.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from PIL import Image

from printers.layout import raster
from printers.layout.marks import Frame, Mark, Picture, Rectangle, Ring, Symbol, Tag, Words

_BYTE = 8
_BITMAP_BYTES = 26
"""Of a BITMAP command without its data, about."""
_UNSAFE = re.compile(rb"[\x11\x13\x1b]|(?<=~)!")
"""XON and XOFF, which a serial line may take for itself; ESC and ~!, which begin what a printer
obeys at once (manual, "Status polling and immediate commands")."""
_LEFT_OUT = {0x11: 0x20, 0x13: 0x20, 0x1B: 0x20, 0x21: 0x40}
"""Unsafe byte -> the bit of a black dot in it that is made white."""


@dataclass(frozen=True, kw_only=True)
class Ink:
    """The ink of some marks."""

    rectangles: list[Rectangle]
    pictures: list[Picture]


def of(marks: Iterable[Mark], *, size: tuple[int, int]) -> Ink:
    """Each mark in the way that takes fewer bytes; what lies beyond the label is cut off."""
    ink = Ink(rectangles=[], pictures=[])
    for mark in marks:
        match mark:
            case Frame():
                ink.rectangles.extend(_sides(mark))
            case Symbol():
                rectangles = list(mark.rectangles())
                if _is_cheaper_as_bars(rectangles):
                    ink.rectangles.extend(rectangles)
                else:
                    ink.pictures.append(raster.picture(mark))
            case Words() | Ring():
                ink.pictures.append(raster.picture(mark))
            case Picture():
                ink.pictures.append(raster.trimmed(mark))
            case Tag():
                """No ink: a label with a tag is refused when it is compiled."""
    inside = [_clipped(one, size) for one in ink.rectangles]
    return Ink(
        rectangles=[one for one in inside if one[2] > 0 and one[3] > 0],
        pictures=list(_aligned(ink.pictures, size)),
    )


def apart(pictures: Sequence[Picture], *, size: tuple[int, int]) -> list[Picture]:
    """The pictures, those that meet joined: none of them overwrites another one."""
    found: list[Picture] = []
    for picture in pictures:
        joined = picture
        while (other := next((one for one in found if _meet(one, joined)), None)) is not None:
            found.remove(other)
            [joined] = _aligned([_union(other, joined)], size)
        found.append(joined)
    return found


def bars(rectangles: Iterable[Rectangle]) -> bytes:
    """Filled rectangles."""
    return b"".join([b"BAR %d,%d,%d,%d\r\n" % one for one in rectangles])


def bitmap(picture: Picture) -> bytes:
    """A picture whose width is whole bytes, and bars for the dots that are left out of it."""
    width = picture.image.width // _BYTE
    data = bytearray(picture.image.tobytes())
    left_out: list[tuple[int, int]] = []
    for unsafe in _UNSAFE.finditer(bytes(data)):
        row, column = divmod(unsafe.start(), width)
        bit = _LEFT_OUT[data[unsafe.start()]]
        data[unsafe.start()] |= bit
        dot = column * _BYTE + _BYTE - bit.bit_length()
        left_out.append((picture.x + dot, picture.y + row))
    command = b"BITMAP %d,%d,%d,%d,0," % (picture.x, picture.y, width, picture.image.height)
    return b"".join([command, data, b"\r\n", bars(_columns(left_out))])


def _sides(frame: Frame) -> Iterator[Rectangle]:
    """A frame as one bar where it is filled, else as four that do not overlap."""
    x, y, width, height = frame.box
    line = frame.thickness
    if 2 * line >= min(width, height):
        yield frame.box
        return
    yield x, y, width, line
    yield x, y + height - line, width, line
    yield x, y + line, line, height - 2 * line
    yield x + width - line, y + line, line, height - 2 * line


def _is_cheaper_as_bars(rectangles: list[Rectangle]) -> bool:
    width = max(one[0] + one[2] for one in rectangles) - min(one[0] for one in rectangles)
    height = max(one[1] + one[3] for one in rectangles) - min(one[1] for one in rectangles)
    return len(bars(rectangles)) < _BITMAP_BYTES + -(-width // _BYTE) * height


def _clipped(rectangle: Rectangle, size: tuple[int, int]) -> Rectangle:
    x, y, width, height = rectangle
    left, top = max(0, x), max(0, y)
    return left, top, min(size[0], x + width) - left, min(size[1], y + height) - top


def _aligned(pictures: Iterable[Picture], size: tuple[int, int]) -> Iterator[Picture]:
    """The pictures cut to the label and widened to whole bytes, to the left at its right edge."""
    for one in pictures:
        left, top, width, height = _clipped(one.box, size)
        if width <= 0 or height <= 0:
            continue
        whole = -(-width // _BYTE) * _BYTE
        x = max(0, min(left, size[0] - whole))
        canvas = Image.new("1", (whole, height), raster.WHITE)
        raster.draw(canvas, replace(one, x=one.x - x, y=one.y - top))
        if canvas.getextrema()[0] == 0:
            yield Picture(x=x, y=top, image=canvas)


def _meet(one: Picture, other: Picture) -> bool:
    (x, y, width, height), (left, top, wide, high) = one.box, other.box
    return x < left + wide and left < x + width and y < top + high and top < y + height


def _union(one: Picture, other: Picture) -> Picture:
    x, y = min(one.x, other.x), min(one.y, other.y)
    right = max(one.x + one.image.width, other.x + other.image.width)
    bottom = max(one.y + one.image.height, other.y + other.image.height)
    canvas = Image.new("1", (right - x, bottom - y), raster.WHITE)
    for part in (one, other):
        raster.draw(canvas, replace(part, x=part.x - x, y=part.y - y))
    return Picture(x=x, y=y, image=canvas)


def _columns(dots: list[tuple[int, int]]) -> Iterator[Rectangle]:
    """Dots as bars of one dot's width, those straight below each other as one."""
    runs: list[list[int]] = []
    for x, y in sorted(dots):
        if runs and runs[-1][0] == x and runs[-1][1] + runs[-1][2] == y:
            runs[-1][2] += 1
        else:
            runs.append([x, y, 1])
    for x, y, height in runs:
        yield x, y, 1, height
