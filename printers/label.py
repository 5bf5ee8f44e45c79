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
from dataclasses import dataclass

from printers.errors import Unprintable

_LARGEST_MM = 2000.0
_ALIGNMENTS = ("left", "center", "right")
_DIRECTIONS = ("horizontal", "vertical")
_ERROR_CORRECTIONS = ("L", "M", "Q", "H")


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
    """One line of text. ``x_mm``, ``y_mm`` is the top left of its character cell."""

    x_mm: float
    y_mm: float
    content: Content
    size_mm: float
    """Height of the character cell; a capital letter takes three quarters of it."""
    bold: bool = False
    align: str = "left"
    """left, center or right inside ``width_mm``; without it, up to the label's right edge."""
    width_mm: float | None = None
    """Where given, a text that may be wider than this is Unprintable."""
    shown: Field | None = None
    """Where given, the element is hidden on labels that have an empty value for this field."""

    def __post_init__(self) -> None:
        _measure(self, "size_mm", self.size_mm)
        if self.width_mm is not None:
            _measure(self, "width_mm", self.width_mm)
        _choice(self, "align", self.align, _ALIGNMENTS)


@dataclass(frozen=True, kw_only=True)
class Barcode:
    """A symbol. ``x_mm``, ``y_mm`` is the top left of its first module, without quiet zone."""

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
    error_correction: str = "M"
    """L, M, Q or H, ISO/IEC 18004 section 6.5.1; linear symbologies have none."""
    shown: Field | None = None
    """Where given, the element is hidden on labels that have an empty value for this field."""

    def __post_init__(self) -> None:
        _measure(self, "x_dimension_mm", self.x_dimension_mm)
        if self.height_mm is not None:
            _measure(self, "height_mm", self.height_mm)
        _choice(self, "error_correction", self.error_correction, _ERROR_CORRECTIONS)


@dataclass(frozen=True, kw_only=True)
class Box:
    """A frame; the line lies inside the given size."""

    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float
    thickness_mm: float
    shown: Field | None = None
    """Where given, the element is hidden on labels that have an empty value for this field."""

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
    """Where given, the element is hidden on labels that have an empty value for this field."""

    def __post_init__(self) -> None:
        _measure(self, "length_mm", self.length_mm)
        _measure(self, "thickness_mm", self.thickness_mm)
        _choice(self, "direction", self.direction, _DIRECTIONS)


Element = Text | Barcode | Box | Line


@dataclass(frozen=True, kw_only=True)
class Label:
    """What to print. An element that begins, or a drawing that ends, outside it is Unprintable."""

    width_mm: float
    height_mm: float
    elements: tuple[Element, ...]
    name: str

    def __post_init__(self) -> None:
        _measure(self, "width_mm", self.width_mm)
        _measure(self, "height_mm", self.height_mm)
        for number, element in enumerate(self.elements, start=1):
            self._require_inside(number, element)

    def _require_inside(self, number: int, element: Element) -> None:
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


def _extent(element: Element) -> tuple[float, float]:
    """Width and height in millimetres, as far as they are known without data."""
    match element:
        case Text():
            return element.width_mm or 0.0, 0.0
        case Barcode():
            return 0.0, element.height_mm or 0.0
        case Box():
            return element.width_mm, element.height_mm
        case Line(direction="horizontal"):
            return element.length_mm, element.thickness_mm
        case Line():
            return element.thickness_mm, element.length_mm


def _measure(owner: object, name: str, value: float) -> None:
    if not (math.isfinite(value) and 0 < value <= _LARGEST_MM):
        raise Unprintable(
            f"{type(owner).__name__} has {name} = {value}: expected more than 0 and at most "
            f"{_LARGEST_MM:g} millimetres; give a real size."
        )


def _choice(owner: object, name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise Unprintable(
            f"{type(owner).__name__} has {name} = {value!r}: expected one of {', '.join(allowed)}."
        )
