"""A label on the dots of one printer: the geometry that all languages share.

Everything snaps to whole dots here, once, and everything that may be refused is refused here; the
languages only draw marks. So a PDF, a preview and a printed label cannot disagree about a position
or about whether a value is printable.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from printers.device import Device
from printers.handling import Handling
from printers.label import Label
from printers.layout import placing
from printers.layout.dots import MM_PER_INCH, dots
from printers.layout.marks import Mark
from printers.layout.spots import FixedSpot, Spot

__all__ = ["MM_PER_INCH", "Form", "dots", "place"]


@dataclass(frozen=True, kw_only=True)
class Form:
    """A label in dots, some of its contents still waiting for values."""

    name: str
    width: int
    height: int
    device: Device
    handling: Handling
    """What the label asks for, and what the printer's settings say beyond it."""
    fixed: tuple[Mark, ...]
    """Marks that no value changes or hides, in the order of the label's elements."""
    variable: tuple[Spot, ...]

    def check(self, values: Mapping[str, str]) -> None:
        """Raise Unprintable exactly when drawing these values would."""
        for spot in self.variable:
            spot.check(values)

    def marks(self, values: Mapping[str, str]) -> list[Mark]:
        """The variable marks of one label."""
        return [mark for spot in self.variable for mark in spot.marks(values)]


def place(label: Label, *, device: Device) -> Form:
    """The label on that printer, fixed contents checked."""
    spots = [placing.place(element, label, device) for element in label.elements]
    fixed = [spot for spot in spots if isinstance(spot, FixedSpot) and spot.shown is None]
    return Form(
        name=label.name,
        width=dots(label.width_mm, device.dpi),
        height=dots(label.height_mm, device.dpi),
        device=device,
        handling=label.handling.over(device.handling),
        fixed=tuple(mark for spot in fixed for mark in spot.fixed),
        variable=tuple(spot for spot in spots if spot not in fixed),
    )
