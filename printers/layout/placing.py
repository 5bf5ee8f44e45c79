"""Elements in millimetres to spots in dots, one kind of element after the other."""

from functools import partial

from printers import symbologies
from printers.device import Device
from printers.errors import Unprintable
from printers.label import PRINTER_FONT, Barcode, Box, Circle, Element, Field, Label, Line, Text
from printers.layout.dots import MM_PER_INCH, dots
from printers.layout.marks import Frame, Ring
from printers.layout.spots import FixedSpot, Spot, SymbolSpot, TextSpot
from printers.symbologies import Symbology

_MODULE_DOTS_MAX = 10
_TEXT_DOTS_MIN = 10
_CAPTION_MODULES = 9
"""Height of the HRI: the widest glyph is then narrower than a character's eleven modules."""


def place(element: Element, label: Label, device: Device) -> Spot:
    """The element's spot; a FixedSpot where no value can change it. Unprintable if it is wrong."""
    in_dots = partial(dots, dpi=device.dpi)
    match element:
        case Text():
            spot: Spot = _place_text(element, label, device)
        case Barcode():
            spot = _place_barcode(element, label, device)
        case Box():
            thickness = max(1, in_dots(element.thickness_mm))
            frame = Frame(
                x=in_dots(element.x_mm),
                y=in_dots(element.y_mm),
                width=max(thickness, in_dots(element.width_mm)),
                height=max(thickness, in_dots(element.height_mm)),
                thickness=thickness,
            )
            return FixedSpot(fixed=(frame,), shown=element.shown)
        case Line():
            thickness = max(1, in_dots(element.thickness_mm))
            length = max(thickness, in_dots(element.length_mm))
            is_level = element.direction == "horizontal"
            frame = Frame(
                x=in_dots(element.x_mm),
                y=in_dots(element.y_mm),
                width=length if is_level else thickness,
                height=thickness if is_level else length,
                thickness=thickness,
            )
            return FixedSpot(fixed=(frame,), shown=element.shown)
        case Circle():
            ring = Ring(
                x=in_dots(element.x_mm),
                y=in_dots(element.y_mm),
                diameter=max(1, in_dots(element.diameter_mm)),
                thickness=max(1, in_dots(element.thickness_mm)),
            )
            return FixedSpot(fixed=(ring,), shown=element.shown)
        case _:
            raise Unprintable(f"{type(element).__name__} cannot be placed.")
    if any(isinstance(part, Field) for part in element.content):
        return spot
    values = {} if element.shown is None else {element.shown.name: "shown"}
    return FixedSpot(fixed=spot.marks(values), shown=element.shown)


def _place_text(element: Text, label: Label, device: Device) -> TextSpot:
    size = dots(element.size_mm, device.dpi)
    if size < _TEXT_DOTS_MIN:
        raise Unprintable(
            f"Text of size_mm = {element.size_mm:g} is {size} dots high at {device.dpi} dpi: "
            f"expected at least {_TEXT_DOTS_MIN} dots "
            f"({_TEXT_DOTS_MIN * MM_PER_INCH / device.dpi:.2f} mm); enlarge it."
        )
    x = dots(element.x_mm, device.dpi)
    to_edge = dots(label.width_mm, device.dpi) - x
    room = to_edge if element.width_mm is None else dots(element.width_mm, device.dpi)
    name = "sans" if element.font == PRINTER_FONT else element.font
    return TextSpot(
        x=x,
        y=dots(element.y_mm, device.dpi),
        room=max(1, room),
        size=size,
        bold=element.bold,
        align=element.align,
        must_fit=element.width_mm is not None or element.align != "left",
        rotation=element.rotation,
        face=device.book.face(name, bold=element.bold),
        is_native=element.font == PRINTER_FONT,
        content=element.content,
        shown=element.shown,
        device=device,
    )


def _place_barcode(element: Barcode, label: Label, device: Device) -> SymbolSpot:
    symbology = _symbology(element)
    dpi = device.dpi
    module = dots(element.x_dimension_mm, dpi)
    if not 1 <= module <= _MODULE_DOTS_MAX:
        raise Unprintable(
            f"Barcode with x_dimension_mm = {element.x_dimension_mm:g} has modules of {module} "
            f"dots at {dpi} dpi: expected 1 to {_MODULE_DOTS_MAX}; choose another X-dimension."
        )
    x, y = dots(element.x_mm, dpi), dots(element.y_mm, dpi)
    right, below = dots(label.width_mm, dpi) - x, dots(label.height_mm, dpi) - y
    room = below if element.rotation in (90, 270) else right
    if not symbology.LINEAR:
        room = min(right, below)
    options = symbology.settle(element.options)
    caption = None
    if element.hri:
        size_mm = max(_TEXT_DOTS_MIN, _CAPTION_MODULES * module) * MM_PER_INCH / dpi
        text = Text(x_mm=element.x_mm, y_mm=element.y_mm, content=("",), size_mm=size_mm)
        caption = _place_text(text, label, device)
    return SymbolSpot(
        x=x,
        y=y,
        module=module,
        height=max(1, dots(element.height_mm, dpi)) if element.height_mm else 0,
        symbology=symbology,
        options=options,
        rotation=element.rotation,
        columns_max=room // module,
        capacity=symbology.capacity(room // module, options),
        caption=caption,
        content=element.content,
        shown=element.shown,
    )


def _symbology(element: Barcode) -> Symbology:
    if element.symbology not in symbologies.names():
        raise Unprintable(
            f"Barcode has symbology = {element.symbology!r}: expected one of "
            f"{', '.join(symbologies.names())}."
        )
    symbology = symbologies.load(element.symbology)
    if symbology.LINEAR and element.height_mm is None:
        raise Unprintable(
            f"Barcode of symbology {element.symbology!r} has no height_mm: expected one, since "
            "its bars may have any height; give it."
        )
    if not symbology.LINEAR and (element.height_mm is not None or element.hri):
        raise Unprintable(
            f"Barcode of symbology {element.symbology!r} has height_mm or hri: expected neither, "
            "since its size follows from its data; remove them and add a Text where wanted."
        )
    return symbology
