"""What a mark needs for itself: its ink as it may become, and the quiet zone around a symbol."""

from math import ceil, floor

from printers.layout import raster
from printers.layout.dots import turned_box
from printers.layout.marks import GUARD_MODULES, Mark, Rectangle, Symbol, Tag, Words


def covered(mark: Mark, *, quiet: bool = True) -> Rectangle:
    """What a mark covers: a line of text by the wider of both fonts, a symbol with quiet zone.

    A tag covers nothing. ``quiet=False``: of a symbol its bars only.
    """
    match mark:
        case Words():
            return _line(mark)
        case Symbol():
            return _symbol(mark, quiet=quiet)
        case Tag():
            return 0, 0, 0, 0
        case _:
            return mark.box


def _line(mark: Words) -> Rectangle:
    """The line's cells; accents of a capital stand out above them."""
    width = mark.face.widest(mark.text) * mark.size if mark.is_native else mark.width
    start = (mark.room - width) * {"left": 0.0, "center": 0.5, "right": 1.0}[mark.align]
    left, right = floor(start), ceil(start + width)
    box = (left, 0, right - left, mark.size)
    x, y, width, height = turned_box(box, room=(mark.room, mark.size), rotation=mark.rotation)
    cells = (mark.x + x, mark.y + y, width, height)
    return cells if mark.text.isascii() else _union(cells, raster.picture(mark).box)


def _symbol(mark: Symbol, *, quiet: bool) -> Rectangle:
    """The modules, guard bars included, and what must stay light around them."""
    zone, module = mark.symbology.QUIET_ZONE, mark.module
    left, top, right, bottom = (zone.left, zone.top, zone.right, zone.bottom) if quiet else (0,) * 4
    if mark.has_captions and mark.symbology.guards(mark.text, mark.options):
        bottom = max(bottom, GUARD_MODULES)
    room = (mark.columns * module, mark.height)
    width, height = room[0] + (left + right) * module, room[1] + (top + bottom) * module
    box = (-left * module, -top * module, width, height)
    x, y, width, height = turned_box(box, room=room, rotation=mark.rotation)
    return mark.x + x, mark.y + y, width, height


def _union(one: Rectangle, other: Rectangle) -> Rectangle:
    left, top = min(one[0], other[0]), min(one[1], other[1])
    right = max(one[0] + one[2], other[0] + other[2])
    bottom = max(one[1] + one[3], other[1] + other[3])
    return left, top, right - left, bottom - top
