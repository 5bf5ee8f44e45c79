"""Millimetres to whole dots, and boxes turned by quarters."""

MM_PER_INCH = 25.4
TEXT_DOTS_MIN = 10
"""Height of the smallest text that is legible."""


def dots(length_mm: float, dpi: int) -> int:
    """Millimetres to the nearest whole dot."""
    return round(length_mm * dpi / MM_PER_INCH)


def turned(size: tuple[int, int], rotation: int) -> tuple[int, int]:
    """Width and height on the label of a box that is turned clockwise by 0, 90, 180 or 270."""
    width, height = size
    return (height, width) if rotation in (90, 270) else size


def turned_box(
    box: tuple[int, int, int, int], *, room: tuple[int, int], rotation: int
) -> tuple[int, int, int, int]:
    """Where a box within a room lies once the room is turned clockwise, from its new top left."""
    width, height = room
    left, top, long, high = box
    match rotation:
        case 90:
            return height - top - high, left, high, long
        case 180:
            return width - left - long, height - top - high, long, high
        case 270:
            return top, width - left - long, high, long
        case _:
            return box
