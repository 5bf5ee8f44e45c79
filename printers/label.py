"""A label in millimetres, origin at the top left. No printer words here.

>>> content = ("SN ", Field("serial"))
>>> fill(content, {"serial": "AC-0001"})
'SN AC-0001'
>>> fill(content, {})  # doctest: +ELLIPSIS
Traceback (most recent call last):
printers.errors.Unprintable: The label needs a value for the field 'serial', and none was given...
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from printers.errors import Unprintable
from printers.handling import Handling
from printers.symbologies import Options

_LARGEST_MM = 2000.0
ALIGNMENTS = ("left", "center", "right")
DIRECTIONS = ("horizontal", "vertical")
ROTATIONS = (0, 90, 180, 270)
PRINTER_FONT = "printer"
"""The name of the font that is the printer's own."""


@dataclass(frozen=True)
class Field:
    """A place that is filled per label."""

    name: str


Content = tuple[str | Field, ...]


def fill(content: Content, values: Mapping[str, str]) -> str:
    """The content with its fields replaced. A field without a value is Unprintable."""
    try:
        return "".join([part if type(part) is str else values[part.name] for part in content])  # type: ignore[union-attr]
    except KeyError as missing:
        given = ", ".join(sorted(values)) or "no values"
        raise Unprintable(
            f"The label needs a value for the field {missing.args[0]!r}, and none was given: "
            f"expected it among {given}; hand in a value for every field of the label."
        ) from None


def fields(content: Content) -> tuple[str, ...]:
    """The names of the fields in a content, in order of appearance."""
    return tuple(part.name for part in content if isinstance(part, Field))


@dataclass(frozen=True, kw_only=True)
class Text:
    """Text in one line or, wrapped, in several. ``x_mm``, ``y_mm`` is the top left of its room."""

    x_mm: float
    y_mm: float
    content: Content
    size_mm: float
    """Height of the character cell; a capital letter takes three quarters of it."""
    bold: bool = False
    align: str = "left"
    """left, center or right inside ``width_mm``; without it, up to the label's right edge."""
    width_mm: float | None = None
    """Of its room, along the line; where given, a text that may be wider is Unprintable."""
    height_mm: float | None = None
    """Of its room, across the lines; wrapped text needs it."""
    wrap: bool = False
    """Break lines between words, and within a word that is wider than the room."""
    size_min_mm: float | None = None
    """Shrink a text that would not fit, down to this size and no further."""
    font: str = PRINTER_FONT
    """printer: the printer's own where it has the characters. Else a name of the font book."""
    rotation: int = 0
    """Degrees clockwise: 0, 90, 180, 270. Turned text needs ``width_mm``."""
    shown: Field | None = None
    """Where given, the element is drawn unless this field's value is empty."""

    def __post_init__(self) -> None:
        _measure(self, "size_mm", self.size_mm)
        for name in ("width_mm", "height_mm", "size_min_mm"):
            if getattr(self, name) is not None:
                _measure(self, name, getattr(self, name))
        _choice(self, "align", self.align, ALIGNMENTS)
        _choice(self, "rotation", self.rotation, ROTATIONS)
        if self.size_min_mm is not None and self.size_min_mm > self.size_mm:
            raise Unprintable(
                f"Text has size_min_mm = {self.size_min_mm:g} and size_mm = {self.size_mm:g}: "
                "expected the smallest size to be the smaller one; exchange them."
            )
        if self.wrap and (self.width_mm is None or self.height_mm is None):
            raise Unprintable(
                "Text has wrap and no width_mm or no height_mm: expected both, the room in which "
                "its lines are broken; give them."
            )
        if self.width_mm is None and (self.rotation or self.size_min_mm is not None):
            raise Unprintable(
                "Text has rotation or size_min_mm and no width_mm: expected one, the room along "
                "its line; give it."
            )


@dataclass(frozen=True, kw_only=True)
class Barcode:
    """A symbol. ``x_mm``, ``y_mm`` is the top left of its modules once turned, no quiet zone."""

    x_mm: float
    y_mm: float
    symbology: str
    """A name that ``symbologies.names()`` lists."""
    content: Content
    x_dimension_mm: float
    """Width of a module, ISO/IEC 15415 and 15416; snapped to whole dots of the printer."""
    height_mm: float | None = None
    """Bar height, linear symbologies only (they need it)."""
    hri: bool = False
    """Human readable interpretation under the bars, linear symbologies only."""
    options: Options = Options()
    """What else the symbology lets one choose."""
    rotation: int = 0
    """Degrees clockwise: 0, 90, 180, 270."""
    shown: Field | None = None
    """Where given, the element is drawn unless this field's value is empty."""

    def __post_init__(self) -> None:
        _measure(self, "x_dimension_mm", self.x_dimension_mm)
        if self.height_mm is not None:
            _measure(self, "height_mm", self.height_mm)
        _choice(self, "rotation", self.rotation, ROTATIONS)


@dataclass(frozen=True, kw_only=True)
class Box:
    """A frame; the line lies inside the given size."""

    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float
    thickness_mm: float
    shown: Field | None = None
    """Where given, the element is drawn unless this field's value is empty."""

    def __post_init__(self) -> None:
        for name in ("width_mm", "height_mm", "thickness_mm"):
            _measure(self, name, getattr(self, name))


@dataclass(frozen=True, kw_only=True)
class Line:
    """A straight line to the right (horizontal) or downwards (vertical)."""

    x_mm: float
    y_mm: float
    length_mm: float
    thickness_mm: float
    direction: str = "horizontal"
    shown: Field | None = None
    """Where given, the element is drawn unless this field's value is empty."""

    def __post_init__(self) -> None:
        _measure(self, "length_mm", self.length_mm)
        _measure(self, "thickness_mm", self.thickness_mm)
        _choice(self, "direction", self.direction, DIRECTIONS)


@dataclass(frozen=True, kw_only=True)
class Circle:
    """A ring, or a disc where the line is as thick as the radius; it lies inside its square."""

    x_mm: float
    y_mm: float
    diameter_mm: float
    thickness_mm: float
    shown: Field | None = None
    """Where given, the element is drawn unless this field's value is empty."""

    def __post_init__(self) -> None:
        _measure(self, "diameter_mm", self.diameter_mm)
        _measure(self, "thickness_mm", self.thickness_mm)


@dataclass(frozen=True, kw_only=True)
class Image:
    """A picture, fitted into its room without changing its proportions, at the room's top left."""

    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float
    data: bytes
    """The bytes of a PNG or SVG file."""
    name: str
    """Of the file, for people."""
    dither: bool = True
    """Greys as patterns of dots (Floyd-Steinberg); else what is darker than half is black."""
    rotation: int = 0
    """Degrees clockwise: 0, 90, 180, 270; width and height are those of the room on the label."""
    shown: Field | None = None
    """Where given, the element is drawn unless this field's value is empty."""

    def __post_init__(self) -> None:
        _measure(self, "width_mm", self.width_mm)
        _measure(self, "height_mm", self.height_mm)
        _choice(self, "rotation", self.rotation, ROTATIONS)


@dataclass(frozen=True, kw_only=True)
class Rfid:
    """What is written into the label's UHF tag: an EPC in hexadecimal (GS1 TDS, section 14)."""

    content: Content
    """Digits 0 to 9 and A to F, 4 for each word of 16 bits; 24 digits are the usual 96 bits."""
    shown: Field | None = None
    """Where given, the tag is written unless this field's value is empty."""


@dataclass(frozen=True, kw_only=True)
class Design:
    """A finished drawing in a printer's own language; ``printers.designs.read`` makes it."""

    name: str
    """Of its file, for people."""
    data: bytes
    """What of the file draws, with numbered places where values belong."""
    fields: Mapping[str, Content] = field(default_factory=dict, hash=False)
    """What stands in each of these places."""
    notes: tuple[str, ...] = ()
    """What was taken out of the file, and what it leaves to the printer: whole sentences."""
    language: str = "zpl"
    """Only printers of this language can draw it."""
    dpi: int | None = None
    """Dots per inch it is made for, where that is known: it is drawn in dots, and never scaled."""
    shown: Field | None = None
    """Where given, the element is drawn unless this field's value is empty."""


Drawn = Text | Barcode | Box | Line | Circle | Image
"""What leaves ink on the label."""

Element = Drawn | Rfid | Design


@dataclass(frozen=True, kw_only=True)
class Label:
    """What to print. An element that begins, or a drawing that ends, outside it is Unprintable."""

    width_mm: float
    height_mm: float
    elements: tuple[Element, ...]
    name: str
    handling: Handling = Handling()
    """What this label asks of the printer; where it says nothing, the printer's settings hold."""

    def __post_init__(self) -> None:
        _measure(self, "width_mm", self.width_mm)
        _measure(self, "height_mm", self.height_mm)
        for number, element in enumerate(self.elements, start=1):
            if not isinstance(element, Rfid | Design):
                self._require_inside(number, element)

    def _require_inside(self, number: int, element: Drawn) -> None:
        what = f"Element {number} ({type(element).__name__}) of label {self.name!r}"
        for axis, start, extent, limit in (
            ("x_mm", element.x_mm, _extent(element)[0], self.width_mm),
            ("y_mm", element.y_mm, _extent(element)[1], self.height_mm),
        ):
            if not 0 <= start < limit:
                raise Unprintable(
                    f"{what} begins at {axis} = {start:g}: expected 0 or more and less than "
                    f"{limit:g}; move it onto the label."
                )
            if start + extent > limit + 0.01:
                raise Unprintable(
                    f"{what} begins at {axis} = {start:g} and is {extent:g} mm long there: "
                    f"expected it to end at {limit:g} mm at most; make it smaller or move it."
                )


def _extent(element: Drawn) -> tuple[float, float]:
    """Width and height on the label in millimetres, as far as they are known without data."""
    match element:
        case Text():
            return _turned(element.rotation, element.width_mm or 0.0, element.height_mm or 0.0)
        case Barcode():
            return _turned(element.rotation, 0.0, element.height_mm or 0.0)
        case Box() | Image():
            return element.width_mm, element.height_mm
        case Circle():
            return element.diameter_mm, element.diameter_mm
        case Line(direction="horizontal"):
            return element.length_mm, element.thickness_mm
        case Line():
            return element.thickness_mm, element.length_mm


def _turned(rotation: int, width_mm: float, height_mm: float) -> tuple[float, float]:
    return (height_mm, width_mm) if rotation in (90, 270) else (width_mm, height_mm)


def _measure(owner: object, name: str, value: float) -> None:
    if not (math.isfinite(value) and 0 < value <= _LARGEST_MM):
        raise Unprintable(
            f"{type(owner).__name__} has {name} = {value}: expected more than 0 and at most "
            f"{_LARGEST_MM:g} millimetres; give a real size."
        )


def _choice(owner: object, name: str, value: object, allowed: tuple[object, ...]) -> None:
    if value not in allowed:
        known = ", ".join(map(str, allowed))
        raise Unprintable(
            f"{type(owner).__name__} has {name} = {value!r}: expected one of {known}."
        )
