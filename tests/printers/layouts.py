"""Small labels on one printer, for the tests of the layout."""

from collections.abc import Mapping
from typing import Any

from printers import layout
from printers.device import Device
from printers.label import Barcode, Content, Element, Field, Label, Text
from printers.layout import Form
from printers.layout.marks import Mark, Rectangle, Tag

DPI = 203
SERIAL: Content = (Field("serial"),)
DEVICE = Device(dpi=DPI)


def label(*elements: Element, width_mm: float = 50, height_mm: float = 30) -> Label:
    return Label(name="unit", width_mm=width_mm, height_mm=height_mm, elements=elements)


def text(**changes: Any) -> Text:
    return Text(**{"x_mm": 5, "y_mm": 5, "content": SERIAL, "size_mm": 3, **changes})


def code128(**changes: Any) -> Barcode:
    given = {
        "x_mm": 5,
        "y_mm": 5,
        "symbology": "code128",
        "content": SERIAL,
        "x_dimension_mm": 0.25,
        "height_mm": 10,
    }
    return Barcode(**{**given, **changes})


def qr(**changes: Any) -> Barcode:
    return code128(**{"symbology": "qr", "height_mm": None, "x_dimension_mm": 0.5, **changes})


def form_of(*elements: Element, device: Device = DEVICE, **size: float) -> Form:
    return layout.place(label(*elements, **size), device=device)


def marks_of(
    element: Element, value: str = "", *, device: Device = DEVICE, **size: Any
) -> list[Mark]:
    """All marks of a label with one element, filled with one serial."""
    form = form_of(element, device=device, **size)
    values: Mapping[str, str] = {"serial": value}
    return [*form.fixed, *form.marks(values)]


def box_of(mark: Mark) -> Rectangle:
    """What a mark with ink covers."""
    assert not isinstance(mark, Tag)
    return mark.box
