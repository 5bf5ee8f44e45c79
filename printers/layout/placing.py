"""Elements in millimetres to spots in dots, one kind of element after the other."""

from functools import partial

from printers import images
from printers.designs import compile_design
from printers.device import Device
from printers.errors import Unprintable
from printers.label import (
    Barcode,
    Box,
    Circle,
    Design,
    Element,
    Field,
    Image,
    Label,
    Line,
    Rfid,
    Text,
)
from printers.layout.barcodes import place_barcode
from printers.layout.dots import dots
from printers.layout.marks import Frame, Mark, Picture, Ring
from printers.layout.spots import DesignSpot, FixedSpot, Spot, TagSpot
from printers.layout.writing import place_text


def place(element: Element, *, label: Label, device: Device) -> Spot:
    """The element's spot; a FixedSpot where no value can change it. Unprintable if it is wrong."""
    match element:
        case Text():
            spot: Spot = place_text(element, label=label, device=device)
        case Barcode():
            spot = place_barcode(element, label=label, device=device)
        case Rfid():
            spot = TagSpot(content=element.content, shown=element.shown)
        case Design():
            return _place_design(element, label, device)
        case _:
            return FixedSpot(fixed=(_shape(element, device.dpi),), shown=element.shown)
    if any(isinstance(part, Field) for part in element.content):
        return spot
    values = {} if element.shown is None else {element.shown.name: "shown"}
    return FixedSpot(fixed=spot.marks(values), shown=element.shown)


def _place_design(element: Design, label: Label, device: Device) -> DesignSpot:
    if element.dpi not in (None, device.dpi):
        raise Unprintable(
            f"Design {element.name!r} is made for {element.dpi} dpi, and the printer has "
            f"{device.dpi}: expected the same, since it is drawn in dots; export it for "
            f"{device.dpi} dpi, or choose another printer."
        )
    in_dots = partial(dots, dpi=device.dpi)
    return DesignSpot(
        language=element.language,
        drawing=compile_design(element, characters=device.characters),
        box=(0, 0, in_dots(label.width_mm), in_dots(label.height_mm)),
        shown=element.shown,
    )


def _shape(element: Box | Line | Circle | Image, dpi: int) -> Mark:
    """The mark of an element that has no content."""
    in_dots = partial(dots, dpi=dpi)
    x, y = in_dots(element.x_mm), in_dots(element.y_mm)
    match element:
        case Box() | Line():
            width_mm, height_mm = _sides(element)
            thickness = max(1, in_dots(element.thickness_mm))
            width, height = (max(thickness, in_dots(side)) for side in (width_mm, height_mm))
            return Frame(x=x, y=y, width=width, height=height, thickness=thickness)
        case Circle():
            return Ring(
                x=x,
                y=y,
                diameter=max(1, in_dots(element.diameter_mm)),
                thickness=max(1, in_dots(element.thickness_mm)),
            )
        case Image():
            room = (max(1, in_dots(element.width_mm)), max(1, in_dots(element.height_mm)))
            drawn = images.to_dots(
                element.data,
                name=element.name,
                room=room,
                rotation=element.rotation,
                dither=element.dither,
            )
            return Picture(x=x, y=y, image=drawn)


def _sides(element: Box | Line) -> tuple[float, float]:
    """Width and height; a line is a box as thin as its line."""
    match element:
        case Box():
            return element.width_mm, element.height_mm
        case Line(direction="horizontal"):
            return element.length_mm, element.thickness_mm
        case Line():
            return element.thickness_mm, element.length_mm
