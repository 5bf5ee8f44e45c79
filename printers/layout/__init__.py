"""A label on the dots of one printer: the geometry that all languages share.

Everything snaps to whole dots here, once, and everything that may be refused is refused here; the
languages only draw marks. So a PDF, a preview and a printed label cannot disagree about a position
or about whether a value is printable.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from printers.device import Device
from printers.errors import Unprintable
from printers.handling import Handling
from printers.label import Design, Label
from printers.layout import placing
from printers.layout.covering import covered
from printers.layout.dots import MM_PER_INCH, dots
from printers.layout.marks import Mark, Rectangle
from printers.layout.spots import FixedSpot, Spot

__all__ = ["MM_PER_INCH", "Form", "covered", "dots", "ink", "place"]


_FOREIGN = (
    "Label {0!r} holds the {1} design {2!r}, which only a {3} printer can draw: expected "
    "such a printer; give the line no archive or an archive in {3}, or rebuild it as a template."
)


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
    fixed_elements: tuple[int, ...]
    """Which element each of these comes from: its index in the label."""
    variable: tuple[Spot, ...]
    variable_elements: tuple[int, ...]
    """Which element each of these stands for."""

    def check(self, values: Mapping[str, str]) -> None:
        """Raise Unprintable exactly when drawing these values would."""
        for spot in self.variable:
            spot.check(values)

    def marks(self, values: Mapping[str, str]) -> list[Mark]:
        """The variable marks of one label."""
        return [mark for spot in self.variable for mark in spot.marks(values)]


def place(label: Label, *, device: Device, commands: str | None = None) -> Form:
    """The label on that printer, fixed contents checked.

    ``commands`` is the language whose commands the caller passes on; Unprintable for a label with
    a design in another one.
    """
    for element in label.elements:
        if isinstance(element, Design) and element.language != commands:
            raise Unprintable(
                _FOREIGN.format(
                    label.name, element.language.upper(), element.name, element.language
                )
            )
    fixed: list[tuple[int, Mark]] = []
    variable: list[tuple[int, Spot]] = []
    for index, element in enumerate(label.elements):
        spot = placing.place(element, label=label, device=device)
        if isinstance(spot, FixedSpot) and spot.shown is None:
            fixed += [(index, mark) for mark in spot.fixed]
        else:
            variable.append((index, spot))
    return Form(
        name=label.name,
        width=dots(label.width_mm, device.dpi),
        height=dots(label.height_mm, device.dpi),
        device=device,
        handling=label.handling.over(device.handling),
        fixed=tuple(mark for _, mark in fixed),
        fixed_elements=tuple(index for index, _ in fixed),
        variable=tuple(spot for _, spot in variable),
        variable_elements=tuple(index for index, _ in variable),
    )


def ink(form: Form, values: Mapping[str, str]) -> list[tuple[int, Mark, Rectangle]]:
    """Each mark of a label: its element's index, itself, what it covers with its quiet zone.

    In the order of the elements. Unprintable as drawing these values would be.
    """
    found = list(zip(form.fixed_elements, form.fixed, strict=True))
    for index, spot in zip(form.variable_elements, form.variable, strict=True):
        found += [(index, mark) for mark in spot.marks(values)]
    found.sort(key=lambda one: one[0])
    return [(index, mark, covered(mark)) for index, mark in found]
