"""Why a text, or the data of a symbol, is refused: what it says, or the room it has."""

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from math import ceil

from labeler.production.template_checks._subject import Placed, View
from printers import symbologies
from printers.errors import Unprintable
from printers.label import Barcode, Field, Label, Text
from printers.layout import covered, placing, wrapping
from printers.layout.spots import SymbolSpot
from printers.layout.texts import LINE_PITCH, TextSpot
from printers.symbologies import Symbology

_FIELD = "text"
_LINE_END = re.compile("\r?\n")


@dataclass(frozen=True, kw_only=True)
class Need:
    """How much room a text has, and how much it takes in the smallest size it may have; in dots."""

    room: int
    depth: int
    size: int
    shrinks: bool
    width: int
    lines: int
    height: int


@dataclass(frozen=True, kw_only=True)
class SymbolNeed:
    """How far a symbol reaches along and across its rows, and how far it may; in dots."""

    columns: int
    rows: int
    columns_max: int
    rows_max: int


def character_fault(view: View, at: Placed) -> str | None:
    """Return why a text cannot be drawn wherever it stands; None if it has no room, or is fine."""
    if not isinstance(at.element, Text) or at.refusal is None:
        return None
    text = _LINE_END.sub(" ", at.text) if at.element.wrap else at.text
    try:
        _spot(view, _line(at.element, at.element.size_mm)).marks({_FIELD: text})
    except Unprintable as error:
        return str(error)
    return None


def need(view: View, at: Placed) -> Need | None:
    """Return what a text without room would need; None where it cannot be placed at all."""
    element = at.element
    if not isinstance(element, Text) or at.refusal is None:
        return None
    try:
        spot = _spot(view, element)
    except Unprintable:
        return None
    size, shrinks = spot.size_min, spot.size_min < spot.size
    lines = [at.text]
    if spot.wrap:
        lines = wrapping.wrap(
            at.text, room=spot.room, measure=lambda line: spot.face.widest(line) * size
        )
    return Need(
        room=spot.room,
        depth=spot.depth,
        size=size,
        shrinks=shrinks,
        width=max(_length(view, element, line, size) for line in lines),
        lines=len(lines),
        height=round((len(lines) - 1) * LINE_PITCH * size) + size,
    )


def _length(view: View, element: Text, line: str, size: int) -> int:
    """How long a line becomes, by the font that draws it; 0 of an empty one."""
    with suppress(Unprintable):
        marks = _spot(view, _line(element, view.mm(size))).marks({_FIELD: line})
        return max((ceil(box[0] + box[2]) for box in map(covered, marks)), default=0)
    return 0


def _line(element: Text, size_mm: float) -> Text:
    """An element that shows a line of the same letters, however long it is."""
    return Text(
        x_mm=0.0,
        y_mm=0.0,
        content=(Field(_FIELD),),
        size_mm=size_mm,
        bold=element.bold,
        font=element.font,
    )


def _spot(view: View, element: Text) -> TextSpot:
    """The spot of an element that shows a field, on a label that has room for it."""
    label = Label(width_mm=2000.0, height_mm=2000.0, elements=(), name=view.case.label.name)
    if element.width_mm is None and element.align != "left":
        label = replace(label, width_mm=view.case.label.width_mm)
    shown = replace(element, content=(Field(_FIELD),), shown=None)
    spot = placing.place(shown, label=label, device=view.device)
    if not isinstance(spot, TextSpot):
        raise Unprintable(f"Text {element!r} has no field.")
    return spot


def symbology_of(at: Placed) -> Symbology | None:
    """Return what an element's data is encoded by, if it is a barcode."""
    if not isinstance(at.element, Barcode) or at.element.symbology not in symbologies.names():
        return None
    return symbologies.load(at.element.symbology)


def data_fault(at: Placed) -> str | None:
    """Return why the symbology cannot carry the data; None if it can, or has other trouble."""
    symbology = symbology_of(at)
    if symbology is None or at.refusal is None or not isinstance(at.element, Barcode):
        return None
    try:
        options = symbology.settle(at.element.options)
    except Unprintable:
        return None
    try:
        symbology.validate(at.text, options)
    except Unprintable as error:
        return str(error)
    return None


def symbol_need(view: View, at: Placed) -> SymbolNeed | None:
    """Return what a symbol without room would need; None where that is not its trouble."""
    if at.refusal is None or not isinstance(at.element, Barcode) or data_fault(at) is not None:
        return None
    try:
        element = replace(at.element, content=(Field(_FIELD),), shown=None)
        spot = placing.place(element, label=view.case.label, device=view.device)
    except Unprintable:
        return None
    if not isinstance(spot, SymbolSpot):
        return None
    columns, rows = spot.symbology.size(at.text, spot.options)
    return SymbolNeed(
        columns=columns * spot.module,
        rows=rows * spot.module,
        columns_max=spot.columns_max * spot.module,
        rows_max=spot.rows_max * spot.module,
    )
