"""A word on a label where nothing else is: what tells a trial print from a real one.

The template of a label knows nothing of it. So a free place is looked for among what the label
shows at its widest, the largest size first, from the top down and from the right.
"""

import math
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import pairwise

from printers import layout
from printers.device import Device
from printers.errors import Unprintable
from printers.label import Barcode, Box, Element, Label, Line, Text
from printers.layout import Form
from printers.layout.marks import Frame, Mark, Rectangle, Symbol, Tag
from printers.layout.texts import TextSpot

SIZES_MM = (5.0, 4.0, 3.0, 2.5)
"""Heights a mark may have: the last one can still be read at arm's length."""
GAP_MM = 0.5
"""What stays free around it: more than a printer's dots and two fonts' metrics can differ."""
EDGE_MM = 1.0
"""What stays free towards the label's edge, where media shift."""


@dataclass(frozen=True, kw_only=True)
class _Covered:
    """What something covers, in dots."""

    left: int
    top: int
    right: int
    bottom: int

    def meets(self, other: "_Covered") -> bool:
        """Whether they have a dot in common."""
        level = self.top < other.bottom and other.top < self.bottom
        return level and self.left < other.right and other.left < self.right

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.right - self.left, self.bottom - self.top


@dataclass(frozen=True, kw_only=True)
class _Inked:
    """A mark, or the room of a text that has no room for its widest value."""

    element: int
    mark: Mark | None
    room: Rectangle


def marked(label: Label, word: str, *, widest: Mapping[str, str], device: Device) -> Label:
    """The label with the word in bold on the largest place that is free.

    ``widest`` has for each field the widest text that it may be filled with. Unprintable if no
    place is free, or a symbol would not be: a label made for shorter texts may run together.
    """
    form = layout.place(label, device=device, commands="zpl")
    inked = _inked(form, widest)
    _require_apart(label, inked, device.dpi)
    covered = [found for one in inked for found in _covers(one)]
    face = device.book.face("sans", bold=True)
    for size_mm in SIZES_MM:
        height = layout.dots(size_mm, device.dpi)
        width = math.ceil(face.widest(word) * height)
        found = _free_place(form, covered, width=width, height=height)
        if found is not None:
            x_mm, y_mm = (place * layout.MM_PER_INCH / device.dpi for place in found)
            mark = Text(x_mm=x_mm, y_mm=y_mm, content=(word,), size_mm=size_mm, bold=True)
            return replace(label, elements=(*label.elements, mark))
    least_mm = face.widest(word) * SIZES_MM[-1] + 2 * GAP_MM
    raise Unprintable(
        f"Label {label.name!r} has no free place for the mark {word}: expected one of "
        f"{least_mm:.1f} x {SIZES_MM[-1] + 2 * GAP_MM:g} mm at least, {EDGE_MM:g} mm from its "
        "edges; move its elements together or make one smaller."
    )


def _inked(form: Form, widest: Mapping[str, str]) -> list[_Inked]:
    """The marks of the widest values. Where these do not fit a text's room, all of it counts."""
    found = [
        _Inked(element=element, mark=mark, room=layout.covered(mark))
        for element, mark in zip(form.fixed_elements, form.fixed, strict=True)
    ]
    for element, spot in zip(form.variable_elements, form.variable, strict=True):
        try:
            marks = spot.marks(widest)
        except Unprintable:
            if not isinstance(spot, TextSpot):
                raise
            found.append(_Inked(element=element, mark=None, room=spot.box))
        else:
            found += [_Inked(element=element, mark=m, room=layout.covered(m)) for m in marks]
    return [one for one in found if not isinstance(one.mark, Tag)]


def _require_apart(label: Label, inked: list[_Inked], dpi: int) -> None:
    """Raise Unprintable where something reaches into a symbol, which no scanner would read then."""
    for one in inked:
        if not isinstance(one.mark, Symbol):
            continue
        symbol = _covered(one.mark.box)
        for other in inked:
            pair = label.elements[one.element], label.elements[other.element]
            if other.element == one.element or _take_turns(*pair):
                continue
            if not any(map(symbol.meets, _covers(other, ink=True))):
                continue
            at = " x ".join(f"{n * layout.MM_PER_INCH / dpi:.1f}" for n in symbol.size)
            raise Unprintable(
                f"Label {label.name!r}: its {one.mark.symbology.NAME} symbol becomes {at} mm large "
                f"with a text like {one.mark.text!r} and runs into its "
                f"{_what(label.elements[other.element])}: expected both apart; move one away, or "
                "make x_dimension_mm smaller."
            )


def _take_turns(one: Element, other: Element) -> bool:
    """Whether two elements may be made to stand in one place: each has its own condition."""
    return None not in (one.shown, other.shown) and one.shown != other.shown


def _what(element: Element) -> str:
    match element:
        case Barcode():
            return f"{element.symbology} symbol"
        case Text():
            return "text"
        case Box() | Line():
            return "box or line"
        case _:
            return type(element).__name__.lower()


def _free_place(
    form: Form, covered: list[_Covered], *, width: int, height: int
) -> tuple[int, int] | None:
    """The top left of a free place, or None if there is none.

    Wherever one is free, another is free straight above it, against the edge or below something:
    so only these heights are tried.
    """
    edge, gap = (layout.dots(length, form.device.dpi) for length in (EDGE_MM, GAP_MM))
    tops = {edge, *(one.bottom + gap for one in covered)}
    for top in sorted(tops):
        if top + height > form.height - edge:
            return None
        beside = [
            (one.left - gap, one.right + gap)
            for one in covered
            if one.top - gap < top + height and one.bottom + gap > top
        ]
        for left, right in _gaps(beside, start=edge, end=form.width - edge):
            if right - left >= width:
                return right - width, top
    return None


def _gaps(taken: list[tuple[int, int]], *, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretches from start to end that nothing takes, the last one first."""
    right_most = start
    found = []
    for (_, before), (after, _) in pairwise([(start, start), *sorted(taken), (end, end)]):
        right_most = max(right_most, before)
        found.append((right_most, min(after, end)))
    return reversed(found)


def _covers(one: _Inked, *, ink: bool = False) -> Iterator[_Covered]:
    """What it covers; of a symbol with all that it may need, or its ink only."""
    match one.mark:
        case Frame():
            yield from _of_frame(one.mark)
        case Symbol() if ink:
            yield _covered(one.mark.box)
        case Symbol():
            yield _covered(one.room)
            yield _of_letters(one.mark)
        case _:
            yield _covered(one.room)


def _covered(box: Rectangle) -> _Covered:
    left, top, width, height = box
    return _Covered(left=left, top=top, right=left + width, bottom=top + height)


def _of_letters(symbol: Symbol) -> _Covered:
    """The widest symbol of a text of that length: letters take most room in any symbology."""
    wider = symbol
    with suppress(Unprintable):  # It carries digits only: all texts of a length are as wide.
        text = "a" * len(symbol.text.encode())
        symbol.symbology.validate(text, symbol.options)
        rows = 1 if symbol.symbology.LINEAR else symbol.symbology.size(text, symbol.options)[1]
        height = symbol.height if symbol.symbology.LINEAR else rows * symbol.module
        wider = replace(symbol, text=text, height=height)
    return _covered(layout.covered(wider))


def _of_frame(frame: Frame) -> Iterator[_Covered]:
    """Its four lines; what lies within them is free."""
    x, y, width, height = frame.box
    line = min(frame.thickness, width, height)
    for box in (
        (x, y, width, line),
        (x, y + height - line, width, line),
        (x, y, line, height),
        (x + width - line, y, line, height),
    ):
        yield _covered(box)
