"""What becomes of an X-dimension: a module is a whole number of the printer's dots.

All symbols of a printer have exact modules so; only they are not as wide as the template says.
"""

from collections.abc import Iterator
from math import floor

from labeler.production.template_checks._findings import Finding, number
from labeler.production.template_checks._subject import Placed, Subject, View
from printers.label import Barcode
from printers.layout.spots import SymbolSpot

NAME = "x_dimension"
NOTED_FROM, WARNED_FROM = 0.01, 0.10
"""By which part it must differ to be told."""


def check(subject: Subject) -> Iterator[Finding]:
    """Yield a finding for each symbol that becomes finer or coarser than it says."""
    for view, at in subject.each():
        module = module_of(at)
        if module is not None and isinstance(at.element, Barcode):
            wanted = at.element.x_dimension_mm
            printed = view.mm(module)
            differs = abs(printed - wanted) / wanted
            if differs > NOTED_FROM:
                yield view.finding(
                    at,
                    f"The X-dimension of {wanted:g} mm becomes {number(printed, digits=3)} mm at "
                    f"{view.device.dpi} dpi, which is {module} dot{'s' if module > 1 else ''}: "
                    f"{number(100 * differs)} % {'more' if printed > wanted else 'less'}.",
                    severity="warning" if differs > WARNED_FROM else "note",
                    advice=f"Exact would be {_exact(view, wanted)}.",
                ).of(f"{view.device.dpi} dpi")


def module_of(at: Placed) -> int | None:
    """Return how many dots wide an element's modules are; None if it has none."""
    if isinstance(at.spot, SymbolSpot):
        return at.spot.module
    return at.symbols[0].module if at.symbols else None


def _exact(view: View, wanted: float) -> str:
    """Return the X-dimensions of whole dots on both sides of a wanted one."""
    below = floor(view.dots(wanted) + 1e-6)
    sizes = [dots for dots in (below, below + 1) if dots > 0]
    return " or ".join(f"{number(view.mm(dots), digits=3)} mm" for dots in sizes)
