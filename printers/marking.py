"""A word on a label where nothing else is: what tells a trial print from a real one.

The template of a label knows nothing of it. So a free place is looked for among what the label
shows at its widest, the largest size first, from the top down and from the right.
"""

import math
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import pairwise

from printers import fonts, layout
from printers.errors import Unprintable
from printers.label import Label, Text, fill
from printers.layout import BarcodeSpot, BoxSpot, Form, Spot, TextSpot

SIZES_MM = (5.0, 4.0, 3.0, 2.5)
"""Heights a mark may have: the last one can still be read at arm's length."""
GAP_MM = 0.5
"""What stays free around it: more than a printer's dots and two fonts' metrics can differ."""
EDGE_MM = 1.0
"""What stays free towards the label's edge, where media shift."""
_QUIET_LINEAR, _QUIET_MATRIX = 10, 4
"""Modules that must stay light beside a symbol: ISO/IEC 15417, 4.2.6, and ISO/IEC 18004, 6.3.8."""


@dataclass(frozen=True, kw_only=True)
class _Rectangle:
    """What something covers, in dots."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "_Rectangle") -> bool:
        """Whether they have a dot in common."""
        level = self.top < other.bottom and other.top < self.bottom
        return level and self.left < other.right and other.left < self.right

    @property
    def size(self) -> tuple[float, float]:
        """Width and height."""
        return self.right - self.left, self.bottom - self.top


def marked(label: Label, word: str, *, widest: Mapping[str, str], dpi: int) -> Label:
    """The label with the word in bold on the largest place that is free.

    ``widest`` has for each field the widest text that it may be filled with. Unprintable if no
    place is free, or a symbol would not be: a label made for shorter texts may run together.
    """
    form = layout.place(label, dpi=dpi)
    _require_apart(form, widest)
    covered = [found for spot in (*form.fixed, *form.variable) for found in _covers(spot, widest)]
    for size_mm in SIZES_MM:
        height = layout.dots(size_mm, dpi)
        width = math.ceil(fonts.widest(word, True) * height)
        found = _free_place(form, covered, width=width, height=height)
        if found is not None:
            x_mm, y_mm = (place * layout.MM_PER_INCH / dpi for place in found)
            mark = Text(x_mm=x_mm, y_mm=y_mm, content=(word,), size_mm=size_mm, bold=True)
            return replace(label, elements=(*label.elements, mark))
    least_mm = fonts.widest(word, True) * SIZES_MM[-1] + 2 * GAP_MM
    raise Unprintable(
        f"Label {label.name!r} has no free place for the mark {word}: expected one of "
        f"{least_mm:.1f} x {SIZES_MM[-1] + 2 * GAP_MM:g} mm at least, {EDGE_MM:g} mm from its "
        "edges; move its elements together or make one smaller."
    )


def _require_apart(form: Form, widest: Mapping[str, str]) -> None:
    """Raise Unprintable where something reaches into a symbol, which no scanner would read then."""
    inked = [
        (spot, list(_covers(spot, widest, quiet=False))) for spot in (*form.fixed, *form.variable)
    ]
    for spot, [symbol, *_] in inked:
        if not isinstance(spot, BarcodeSpot):
            continue
        for other, covered in inked:
            if other is spot or _take_turns(spot, other):
                continue
            if any(symbol.meets(one) for one in covered):
                at = " x ".join(f"{n * layout.MM_PER_INCH / form.dpi:.1f}" for n in symbol.size)
                raise Unprintable(
                    f"Label {form.name!r}: its {spot.symbology.NAME} symbol becomes {at} mm large "
                    f"with a text like {fill(spot.content, widest)!r} and runs into its "
                    f"{_what(other)}: expected both apart; move one away, or make "
                    "x_dimension_mm smaller."
                )


def _take_turns(spot: Spot, other: Spot) -> bool:
    """Whether two spots may be made to stand in one place: each is shown on its own condition."""
    return None not in (spot.shown, other.shown) and spot.shown != other.shown


def _what(spot: Spot) -> str:
    match spot:
        case BarcodeSpot():
            return f"{spot.symbology.NAME} symbol"
        case TextSpot():
            return "text"
        case BoxSpot():
            return "box or line"


def _free_place(
    form: Form, covered: list[_Rectangle], *, width: int, height: int
) -> tuple[int, int] | None:
    """The top left of a free place, or None if there is none.

    Wherever one is free, another is free straight above it, against the edge or below something:
    so only these heights are tried.
    """
    edge, gap = (layout.dots(length, form.dpi) for length in (EDGE_MM, GAP_MM))
    tops = {edge, *(math.ceil(one.bottom) + gap for one in covered)}
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
                return math.floor(right) - width, top
    return None


def _gaps(
    taken: list[tuple[float, float]], *, start: float, end: float
) -> Iterator[tuple[float, float]]:
    """The stretches from start to end that nothing takes, the last one first."""
    right_most = start
    found = []
    for (_, before), (after, _) in pairwise([(start, start), *sorted(taken), (end, end)]):
        right_most = max(right_most, before)
        found.append((right_most, min(after, end)))
    return reversed(found)


def _covers(spot: Spot, widest: Mapping[str, str], *, quiet: bool = True) -> Iterator[_Rectangle]:
    """What a spot covers at its widest; of a symbol with all that it may need, or its ink only."""
    match spot:
        case TextSpot():
            yield _of_text(spot, fill(spot.content, widest))
        case BarcodeSpot():
            text = fill(spot.content, widest)
            spot.symbology.validate(text, error_correction=spot.error_correction)
            yield _with_quiet_zone(spot, text) if quiet else _ink(spot, spot.columns(text))
        case BoxSpot():
            yield from _of_box(spot)


def _of_text(spot: TextSpot, text: str) -> _Rectangle:
    width = fonts.widest(text, spot.bold) * spot.size
    spare = spot.width - width
    left = spot.x + {"left": 0.0, "center": spare / 2, "right": spare}[spot.align]
    return _Rectangle(left=left, top=spot.y, right=left + width, bottom=spot.y + spot.size)


def _with_quiet_zone(spot: BarcodeSpot, text: str) -> _Rectangle:
    """The widest symbol of a text of that length: letters take most room in any symbology."""
    columns = spot.columns(text)
    with suppress(Unprintable):  # It carries digits only: all texts of a length are as wide.
        columns = max(columns, spot.columns("a" * len(text.encode())))
    ink = _ink(spot, columns)
    beside = spot.module * (_QUIET_LINEAR if spot.symbology.LINEAR else _QUIET_MATRIX)
    above = 0 if spot.symbology.LINEAR else beside
    bottom = spot.caption.y + spot.caption.size if spot.caption else ink.bottom
    return _Rectangle(
        left=ink.left - beside,
        top=ink.top - above,
        right=ink.right + beside,
        bottom=bottom + above,
    )


def _ink(spot: BarcodeSpot, columns: int) -> _Rectangle:
    width = columns * spot.module
    height = spot.height if spot.symbology.LINEAR else width
    return _Rectangle(left=spot.x, top=spot.y, right=spot.x + width, bottom=spot.y + height)


def _of_box(spot: BoxSpot) -> Iterator[_Rectangle]:
    """Its four lines; what lies within them is free."""
    right, bottom, line = spot.x + spot.width, spot.y + spot.height, spot.thickness
    for left, top, to_right, to_bottom in (
        (spot.x, spot.y, right, spot.y + line),
        (spot.x, bottom - line, right, bottom),
        (spot.x, spot.y, spot.x + line, bottom),
        (right - line, spot.y, right, bottom),
    ):
        yield _Rectangle(left=left, top=top, right=to_right, bottom=to_bottom)
