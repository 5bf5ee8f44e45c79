"""Millimetres to whole dots, and boxes turned by quarters."""

MM_PER_INCH = 25.4


def dots(length_mm: float, dpi: int) -> int:
    """Millimetres to the nearest whole dot."""
    return round(length_mm * dpi / MM_PER_INCH)


def turned(rotation: int, width: int, height: int) -> tuple[int, int]:
    """Width and height on the label of a box that is turned clockwise by 0, 90, 180 or 270."""
    return (height, width) if rotation in (90, 270) else (width, height)
