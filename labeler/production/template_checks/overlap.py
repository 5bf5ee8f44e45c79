"""Elements that print over each other: what is under it cannot be read.

Lines may cross and touch, and a frame may stand around anything. Two elements that each have a
condition of their own may stand in one place, since a label may show the one or the other.
"""

from collections.abc import Iterator
from itertools import combinations

from labeler.production.template_checks._findings import Finding, Severity, number, quoted
from labeler.production.template_checks._ink import common, is_filled, union
from labeler.production.template_checks._subject import Placed, Subject, View
from labeler.templates import LabelTemplate
from printers.layout.marks import Frame, Mark, Rectangle, Ring, Symbol, Words

NAME = "overlap"
_ADVICE = "Move one of them, make it smaller, or keep the text short with width_mm."


def check(subject: Subject) -> Iterator[Finding]:
    """Yield a finding for each two elements that have ink in one place."""
    for view in subject.views:
        for one, other in combinations(view.placed, 2):
            if not take_turns(subject.template, (one.place, other.place)):
                yield from _of_two(view, one, other)


def take_turns(template: LabelTemplate, places: tuple[int, int]) -> bool:
    """Return whether two elements may be made to stand in one place."""
    conditions = [template.pieces[place].condition for place in places]
    first, second = (condition and condition.text for condition in conditions)
    return None not in (first, second) and first != second


def _of_two(view: View, one: Placed, other: Placed) -> Iterator[Finding]:
    places: dict[Severity, list[Rectangle]] = {}
    for first in one.marks:
        for second in other.marks:
            severity = _severity(first, second)
            shared = severity and common(first, second)
            if severity and shared:
                places.setdefault(severity, []).append(shared)
    for severity, boxes in places.items():
        box = union(boxes)
        if box is not None:
            size = " x ".join(number(view.mm(dots)) for dots in box[2:])
            yield view.finding(
                other,
                f"{described(other)} and {described(one, is_first=False)} of element "
                f"{one.place + 1} print over each other on {size} mm.",
                severity=severity,
                advice=_ADVICE,
                box=box,
            ).of(f"element {one.place}")
        break


def _severity(one: Mark, other: Mark) -> Severity | None:
    """Return how bad it is if they overlap; None if it may be so."""
    both = (one, other)
    if all(isinstance(mark, Frame | Ring) for mark in both):
        return None
    if any(isinstance(mark, Symbol) for mark in both) or all(isinstance(m, Words) for m in both):
        return "error"
    return "error" if _hides(one, other) or _hides(other, one) else "warning"


def _hides(cover: Mark, mark: Mark) -> bool:
    """Return whether a filled box or disc, more than a line, lies over a text."""
    return (
        isinstance(mark, Words)
        and is_filled(cover)
        and isinstance(cover, Frame | Ring)
        and 2 * min(cover.box[2:]) > mark.size
    )


def described(at: Placed, *, is_first: bool = True) -> str:
    """Return what an element is, at the beginning of a sentence or within it."""
    kind = type(at.element).__name__.lower()
    if at.symbols:
        what = f"The {at.symbols[0].symbology.TITLE} symbol"
        return what if is_first else what.replace("The", "the", 1)
    if kind == "text":
        return f"{'Text' if is_first else 'text'} {quoted(at.text)}"
    return f"The {kind}" if is_first else f"the {kind}"
