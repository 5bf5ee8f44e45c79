"""Text too small to be read: also where it shrinks, and below the bars of a symbol.

Capitals of less than 1.2 mm are told. That is ours: no standard of labels for factories says a
figure. It is near the x-height that Regulation (EU) 1169/2011, article 13, asks of food labels.
"""

from collections.abc import Iterator

from labeler.production.template_checks._findings import Finding, number, quoted
from labeler.production.template_checks._subject import Placed, Subject
from printers.label import Text
from printers.layout.marks import BASELINE, Words
from printers.layout.texts import TextSpot

NAME = "legibility"
CAPITAL_MIN_MM = 1.2
_SIZE_MIN_MM = CAPITAL_MIN_MM / BASELINE
_TOLERANCE_MM = 0.01


def check(subject: Subject) -> Iterator[Finding]:
    """Yield a finding for each text whose capitals may be lower than 1.2 mm."""
    for view, at in subject.each():
        size = _smallest(at)
        if size is None or view.mm(size) >= _SIZE_MIN_MM - _TOLERANCE_MM:
            continue
        capital = number(view.mm(size) * BASELINE, digits=2)
        key = "size_mm"
        if isinstance(at.element, Text):
            shrinks = at.element.size_min_mm is not None and at.element.size_mm >= _SIZE_MIN_MM
            key = "size_min_mm" if shrinks else "size_mm"
            what = f"Capitals of text {quoted(at.text)} may become {capital} mm high"
            advice = f"Write {key}: {number(_SIZE_MIN_MM)} or more."
        else:
            what = f"Capitals below the bars are {capital} mm high"
            advice = "Make x_dimension_mm larger, or leave hri out and add a text."
        yield view.finding(
            at,
            f"{what}: less than {CAPITAL_MIN_MM:g} mm are hard to read.",
            severity="warning",
            advice=advice,
        )


def _smallest(at: Placed) -> int | None:
    """Return the smallest size in dots that text of an element may have; None if it has none."""
    sizes = [mark.size for mark in at.marks if isinstance(mark, Words)]
    if isinstance(at.spot, TextSpot):
        sizes.append(at.spot.size_min)
    return min(sizes, default=None)
