"""Symbols that are too small or too large for where they are scanned.

GS1 symbols by the tables of the GS1 General Specifications, section 5.12.3. ISO/IEC 15417 leaves
the height of other bars to the application; for reading by hand 15 % of the symbol's width are
usual, and 5 mm at least. `application: internal` turns both off.
"""

from collections.abc import Iterator

from labeler.production.template_checks._findings import Finding, number
from labeler.production.template_checks._gs1_sizes import INTERNAL, Size, size, usual
from labeler.production.template_checks._subject import Placed, Subject, View
from printers.layout.marks import Symbol

NAME = "application"
BARS_MIN_MM = 5.0
BARS_MIN_SHARE = 0.15
_TOLERANCE_MM = 0.002
"""Dots of 203 dpi are not quite an eighth of a millimetre."""


def check(subject: Subject) -> Iterator[Finding]:
    """Yield a finding for each symbol that is not as large as it should be."""
    for view, at in subject.each():
        application = subject.applications[at.place]
        for symbol in at.symbols:
            wanted = size(application, symbol.symbology.NAME)
            if wanted is not None:
                where = str(usual(application, symbol.symbology.NAME))
                yield from _by_table(view, at, symbol, wanted, where)
            elif symbol.symbology.LINEAR and application != INTERNAL:
                yield from _by_width(view, at, symbol)


def _by_table(
    view: View, at: Placed, symbol: Symbol, wanted: Size, where: str
) -> Iterator[Finding]:
    title, x_mm = symbol.symbology.TITLE, view.mm(symbol.module)
    source = f"GS1 General Specifications, section {wanted.table} ({where})"
    if not wanted.x_min_mm - _TOLERANCE_MM <= x_mm <= wanted.x_max_mm + _TOLERANCE_MM:
        yield view.finding(
            at,
            f"The X-dimension of the {title} symbol is {number(x_mm, digits=3)} mm at "
            f"{view.device.dpi} dpi: {source} asks for {wanted.x_min_mm:g} to "
            f"{wanted.x_max_mm:g} mm.",
            severity="warning",
            advice=f"Write x_dimension_mm: {_nearest(view, wanted)}, or say where it is scanned "
            "with application:.",
        ).of(f"x {view.device.dpi} dpi")
    height_mm, needed_mm = view.mm(symbol.height), wanted.height_mm(x_mm)
    if height_mm < needed_mm - view.mm(1):
        yield view.finding(
            at,
            f"The bars of the {title} symbol are {number(height_mm)} mm high: {source} asks for "
            f"{number(needed_mm, digits=2)} mm.",
            severity="warning",
            advice=f"Write height_mm: {number(needed_mm, digits=2)}, or say where it is scanned "
            "with application:.",
        ).of("height")


def _by_width(view: View, at: Placed, symbol: Symbol) -> Iterator[Finding]:
    width_mm, height_mm = (
        view.mm(dots) for dots in (symbol.columns * symbol.module, symbol.height)
    )
    needed_mm = max(BARS_MIN_MM, BARS_MIN_SHARE * width_mm)
    if height_mm < needed_mm - view.mm(1):
        yield view.finding(
            at,
            f"The bars of the {symbol.symbology.TITLE} symbol are {number(height_mm)} mm high and "
            f"{number(width_mm)} mm long together: to be read by hand they want 15 % of that, and "
            f"5 mm at least, here {number(needed_mm)} mm.",
            severity="warning",
            advice=f"Write height_mm: {number(needed_mm + 0.05)}, or application: internal where "
            "a fixed scanner reads it.",
        ).of("height")


def _nearest(view: View, wanted: Size) -> str:
    """Return the smallest X-dimension of whole dots that the table allows; else its least."""
    element_dots = range(1, 11)
    fitting = [n for n in element_dots if wanted.x_min_mm <= view.mm(n) <= wanted.x_max_mm]
    return number(view.mm(fitting[0]), digits=3) if fitting else f"{wanted.x_min_mm:g}"
