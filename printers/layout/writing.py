"""Where a Text comes to lie, and the room its lines have."""

from printers.device import Device
from printers.errors import Unprintable
from printers.label import PRINTER_FONT, Label, Text
from printers.layout.dots import MM_PER_INCH, TEXT_DOTS_MIN, dots
from printers.layout.texts import TextSpot


def place_text(element: Text, *, label: Label, device: Device) -> TextSpot:
    """The text's spot; Unprintable if it would be too small to read."""
    size = _legible("size_mm", element.size_mm, device.dpi)
    size_min = size
    if element.size_min_mm is not None:
        size_min = _legible("size_min_mm", element.size_min_mm, device.dpi)
    x = dots(element.x_mm, device.dpi)
    to_edge = dots(label.width_mm, device.dpi) - x
    room = to_edge if element.width_mm is None else dots(element.width_mm, device.dpi)
    depth = size if element.height_mm is None else dots(element.height_mm, device.dpi)
    name = "sans" if element.font == PRINTER_FONT else element.font
    return TextSpot(
        x=x,
        y=dots(element.y_mm, device.dpi),
        room=max(1, room),
        depth=max(1, depth),
        size=size,
        size_min=size_min,
        align=element.align,
        must_fit=element.width_mm is not None or element.align != "left",
        wrap=element.wrap,
        rotation=element.rotation,
        face=device.book.face(name, bold=element.bold),
        is_native=element.font == PRINTER_FONT,
        content=element.content,
        shown=element.shown,
        device=device,
    )


def _legible(name: str, size_mm: float, dpi: int) -> int:
    size = dots(size_mm, dpi)
    if size < TEXT_DOTS_MIN:
        raise Unprintable(
            f"Text of {name} = {size_mm:g} is {size} dots high at {dpi} dpi: "
            f"expected at least {TEXT_DOTS_MIN} dots "
            f"({TEXT_DOTS_MIN * MM_PER_INCH / dpi:.2f} mm); enlarge it."
        )
    return size
