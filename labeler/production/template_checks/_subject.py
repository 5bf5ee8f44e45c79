"""What checks look at: a template's labels, laid out for each printer with each set of values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from labeler.production.template_checks._findings import BoxMm, Finding, Severity, Station
from labeler.production.template_checks._ink import solids, union
from labeler.templates import LabelTemplate
from printers.device import Device
from printers.label import Barcode, Design, Element, Label, Rfid, Text
from printers.layout import MM_PER_INCH
from printers.layout.marks import Mark, Rectangle, Symbol
from printers.layout.spots import Spot
from printers.layout.texts import TextSpot

Origin = Literal["unit", "run", "test"]
"""Whose values are at their extremes: a unit's, those somebody opens a run with, a test unit's."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """A label, and values that it may be filled with."""

    origin: Origin
    name: str
    """Which extreme it is: widest, mixed …"""
    product: str | None
    label: Label
    """Each element that may be shown, always."""
    places: tuple[int, ...]
    """Element of the label -> that of the template, from 0."""
    values: Mapping[str, str] = field(repr=False)
    made_up: frozenset[str] = frozenset()
    """Placeholders for which nobody said what they may become."""


@dataclass(frozen=True, kw_only=True)
class Placed:
    """An element on the dots of a printer."""

    place: int
    """Which element of the template, from 0."""
    element: Element
    text: str
    """What it shows or carries; empty where it shows no text."""
    spot: Spot | None = None
    """None where it has none on this printer whatever the values."""
    marks: tuple[Mark, ...] = ()
    refusal: str | None = None
    """Why it cannot be drawn."""

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """Its symbol, if it is one."""
        return tuple(mark for mark in self.marks if isinstance(mark, Symbol))


@dataclass(frozen=True, kw_only=True)
class View:
    """A case on a kind of printer."""

    case: Case
    device: Device
    stations: tuple[Station, ...]
    """The printers that are of this kind."""
    placed: tuple[Placed, ...]
    width: int
    height: int
    """Of the label in dots."""

    def mm(self, dots: float) -> float:
        """Return dots in millimetres."""
        return dots * MM_PER_INCH / self.device.dpi

    def dots(self, mm: float) -> float:
        """Return millimetres in dots, not rounded."""
        return mm * self.device.dpi / MM_PER_INCH

    def box_mm(self, box: Rectangle) -> BoxMm:
        """Return a place in millimetres, to a hundredth."""
        left, top, width, height = (round(self.mm(dots), 2) for dots in box)
        return left, top, width, height

    def finding(
        self,
        at: Placed,
        sentence: str,
        *,
        severity: Severity,
        advice: str,
        box: Rectangle | None = None,
    ) -> Finding:
        """Return a finding about an element; one that no unit of production may have is milder.

        What an order may say is refused when the run opens, before the first unit.
        """
        if self.case.origin == "test":
            sentence = f"In a test run, whose serials begin with TEST-: {sentence}"
        is_milder = self.case.origin != "unit" and severity == "error"
        return Finding(
            severity="warning" if is_milder else severity,
            sentence=sentence,
            advice=advice,
            element=at.place + 1,
            box_mm=place_mm(self, at) if box is None else self.box_mm(box),
            stations=self.stations,
        )


def place_mm(view: View, at: Placed) -> BoxMm | None:
    """Return where an element is, as far as it is known: its marks, its room, its corner."""
    boxes = [box for mark in at.marks for box in solids(mark)]
    if not boxes and isinstance(at.spot, TextSpot):
        boxes = [at.spot.box]
    box = union(boxes)
    if box is not None:
        return view.box_mm(box)
    if isinstance(at.element, Rfid | Design):
        return None
    width, height = _room_mm(view, at.element)
    left, top, width, height = (
        round(mm, 2) for mm in (at.element.x_mm, at.element.y_mm, width, height)
    )
    return left, top, width, height


def _room_mm(view: View, element: Element) -> tuple[float, float]:
    """Return width and height of the room of a text or of bars, as the template says it."""
    match element:
        case Text():
            rest = view.case.label.width_mm - element.x_mm
            width, height = element.width_mm or rest, element.height_mm or element.size_mm
            turned = element.rotation in (90, 270)
            return (height, width) if turned else (width, height)
        case Barcode():
            return 0.0, element.height_mm or 0.0
        case _:
            return 0.0, 0.0


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A label with sample values, as one line would print it."""

    line: str
    product: str | None
    media_refusal: str | None = None
    """Why the stock in one of its printers does not take it."""
    media_advice: str = ""
    refusal: str | None = None
    """Why one of its printers cannot print it for another reason."""

    @property
    def where(self) -> str:
        """How a sentence begins."""
        return f"Line '{self.line}'" + (f", product '{self.product}'" if self.product else "")


@dataclass(frozen=True, kw_only=True)
class GraphicSize:
    """What an element costs a printer, since its own font does not draw it."""

    station: Station
    element: int
    """From 0."""
    text: str
    box_mm: BoxMm | None
    bytes: int
    label_bytes: int


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A template and all that is known of its labels."""

    template: LabelTemplate
    views: tuple[View, ...] = ()
    trials: tuple[Trial, ...] = ()
    characters: Mapping[str | None, tuple[Case, ...]] = field(default_factory=dict)
    """Product -> cases in which, together, each character stands that its units may have."""
    open_empty: Mapping[str | None, str] = field(default_factory=dict)
    """Product -> why a run cannot open that says nothing but product, line and quantity."""
    marks_refused: tuple[tuple[str, Station, str], ...] = ()
    """Product, printer, and why a label of a test run has no place for its mark."""
    graphics: tuple[GraphicSize, ...] = ()
    serial_lengths: Mapping[str, int] = field(default_factory=dict)
    """Product -> characters of its serials."""
    plc_strings: Mapping[str, int] = field(default_factory=dict)
    """Line -> characters that a string of its PLC takes."""

    @property
    def applications(self) -> tuple[str | None, ...]:
        """Where each element's symbol is scanned, as far as the template says."""
        return tuple(
            one.element.barcode.application if one.element.barcode else None
            for one in self.template.pieces
        )

    def each(self) -> Iterator[tuple[View, Placed]]:
        """Yield every element of every view."""
        for view in self.views:
            for at in view.placed:
                yield view, at
