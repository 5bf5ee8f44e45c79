"""A label on the dots of one printer: the geometry that all languages share.

Everything snaps to whole dots here, once, and everything that may be refused is refused here; the
languages only draw. So a PDF, a preview and a printed label cannot disagree about a position or
about whether a value is printable.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from printers import fonts, symbologies
from printers.errors import Unprintable
from printers.label import Barcode, Box, Content, Field, Label, Line, Text, fill
from printers.symbologies import Symbology

MM_PER_INCH = 25.4
BASELINE = 0.75
"""Where the baseline lies below the top of a character cell, in character heights."""
_MODULE_DOTS_MAX = 10
_TEXT_DOTS_MIN = 10
_CAPTION_MODULES = 9
"""Height of the HRI: the widest glyph is then narrower than a character's eleven modules."""
_CAPTION_GAP_MODULES = 2


@dataclass(frozen=True, kw_only=True)
class TextSpot:
    """One line of text, in dots."""

    x: int
    y: int
    size: int
    bold: bool
    align: str
    width: int
    """Box for the alignment."""
    must_fit: bool
    content: Content
    shown: Field | None = None
    """Where given, it is drawn only where the value of this field is not empty."""

    def resolve(self, values: Mapping[str, str]) -> str:
        """The text to draw; Unprintable if it cannot be drawn or is too wide."""
        text = fill(self.content, values)
        fonts.require_printable(text)
        if self.must_fit and fonts.widest(text, self.bold) * self.size > self.width:
            raise Unprintable(
                f"Text {text!r} may become {fonts.widest(text, self.bold) * self.size:.0f} dots "
                f"wide: expected {self.width} at most; shorten it, or give it a wider box or a "
                "smaller size."
            )
        return text


@dataclass(frozen=True, kw_only=True)
class BarcodeSpot:
    """A symbol, in dots; ``x``, ``y`` is its first module's top left corner."""

    x: int
    y: int
    module: int
    height: int
    """Bar height; 0 for a matrix symbology."""
    symbology: Symbology
    error_correction: str
    columns_max: int
    """Modules there are up to the label's right or lower edge."""
    capacity: int
    """Characters that fit into these whatever they are, which spares the exact count."""
    caption: TextSpot | None
    content: Content
    shown: Field | None = None
    """Where given, it is drawn only where the value of this field is not empty."""

    def resolve(self, values: Mapping[str, str]) -> str:
        """The data to encode; Unprintable if the symbology or the label cannot carry it."""
        text = fill(self.content, values)
        self.symbology.validate(text, error_correction=self.error_correction)
        if len(text) > self.capacity or not (self.symbology.LINEAR or text.isascii()):
            self._require_room(text)
        return text

    def columns(self, text: str) -> int:
        """Width of the symbol in modules."""
        return self.symbology.columns(text, error_correction=self.error_correction)

    def encode(self, text: str) -> symbologies.Modules:
        """The symbol's rows of modules."""
        return self.symbology.encode(text, error_correction=self.error_correction)

    def _require_room(self, text: str) -> None:
        columns = self.columns(text)
        if columns > self.columns_max:
            raise Unprintable(
                f"The {self.symbology.NAME} symbol of {text!r} is {columns} modules of "
                f"{self.module} dots wide: expected {self.columns_max} modules at most up to the "
                "label's edge; shorten the data, move the symbol or make x_dimension_mm smaller."
            )


@dataclass(frozen=True, kw_only=True)
class BoxSpot:
    """A frame or, where the line is as thick as the box, a bar; in dots."""

    x: int
    y: int
    width: int
    height: int
    thickness: int
    shown: Field | None = None
    """Where given, it is drawn only where the value of this field is not empty."""


Spot = TextSpot | BarcodeSpot | BoxSpot


@dataclass(frozen=True, kw_only=True)
class Form:
    """A label in dots, some of its contents still waiting for values."""

    name: str
    width: int
    height: int
    dpi: int
    fixed: tuple[Spot, ...]
    """Spots that no value changes, known to be printable."""
    variable: tuple[Spot, ...]

    def check(self, values: Mapping[str, str]) -> None:
        """Raise Unprintable exactly when drawing these values would."""
        for spot in self._always:
            spot.resolve(values)
        for other in self._sometimes:
            if not is_hidden(other, values) and not isinstance(other, BoxSpot):
                other.resolve(values)

    @cached_property
    def _always(self) -> tuple[TextSpot | BarcodeSpot, ...]:
        """Apart, since this loop is the dearest part of a trigger."""
        shown = (spot for spot in self.variable if spot.shown is None)
        return tuple(spot for spot in shown if not isinstance(spot, BoxSpot))

    @cached_property
    def _sometimes(self) -> tuple[Spot, ...]:
        return tuple(spot for spot in self.variable if spot.shown is not None)


def is_hidden(spot: Spot, values: Mapping[str, str]) -> bool:
    """Whether a label with these values leaves the spot out."""
    return spot.shown is not None and fill((spot.shown,), values) == ""


def place(label: Label, *, dpi: int) -> Form:
    """The label on a printer of that resolution, fixed contents checked."""
    if not 50 <= dpi <= 2400:
        raise Unprintable(f"Resolution {dpi} dpi: expected 50 to 2400; use the printer's own.")
    spots = [_place(element, label, dpi) for element in label.elements]
    for spot in spots:
        if not isinstance(spot, BoxSpot) and not _has_field(spot.content):
            spot.resolve({})
    return Form(
        name=label.name,
        width=dots(label.width_mm, dpi),
        height=dots(label.height_mm, dpi),
        dpi=dpi,
        fixed=tuple(spot for spot in spots if not _is_variable(spot)),
        variable=tuple(spot for spot in spots if _is_variable(spot)),
    )


def dots(length_mm: float, dpi: int) -> int:
    """Millimetres to the nearest whole dot."""
    return round(length_mm * dpi / MM_PER_INCH)


def _is_variable(spot: Spot) -> bool:
    if spot.shown is not None:
        return True
    return not isinstance(spot, BoxSpot) and _has_field(spot.content)


def _has_field(content: Content) -> bool:
    return any(isinstance(part, Field) for part in content)


def _place(element: Text | Barcode | Box | Line, label: Label, dpi: int) -> Spot:
    match element:
        case Text():
            return _place_text(element, label, dpi)
        case Barcode():
            return _place_barcode(element, label, dpi)
        case Box():
            thickness = max(1, dots(element.thickness_mm, dpi))
            return BoxSpot(
                x=dots(element.x_mm, dpi),
                y=dots(element.y_mm, dpi),
                width=max(thickness, dots(element.width_mm, dpi)),
                height=max(thickness, dots(element.height_mm, dpi)),
                thickness=thickness,
                shown=element.shown,
            )
        case Line():
            thickness = max(1, dots(element.thickness_mm, dpi))
            length = max(thickness, dots(element.length_mm, dpi))
            is_level = element.direction == "horizontal"
            return BoxSpot(
                x=dots(element.x_mm, dpi),
                y=dots(element.y_mm, dpi),
                width=length if is_level else thickness,
                height=thickness if is_level else length,
                thickness=thickness,
                shown=element.shown,
            )


def _place_text(element: Text, label: Label, dpi: int) -> TextSpot:
    size = dots(element.size_mm, dpi)
    if size < _TEXT_DOTS_MIN:
        raise Unprintable(
            f"Text of size_mm = {element.size_mm:g} is {size} dots high at {dpi} dpi: expected "
            f"at least {_TEXT_DOTS_MIN} dots ({_TEXT_DOTS_MIN * MM_PER_INCH / dpi:.2f} mm); "
            "enlarge it."
        )
    x = dots(element.x_mm, dpi)
    to_edge = dots(label.width_mm, dpi) - x
    width = to_edge if element.width_mm is None else dots(element.width_mm, dpi)
    return TextSpot(
        x=x,
        y=dots(element.y_mm, dpi),
        size=size,
        bold=element.bold,
        align=element.align,
        width=max(1, width),
        must_fit=element.width_mm is not None or element.align != "left",
        content=element.content,
        shown=element.shown,
    )


def _place_barcode(element: Barcode, label: Label, dpi: int) -> BarcodeSpot:
    symbology = _symbology(element)
    module = dots(element.x_dimension_mm, dpi)
    if not 1 <= module <= _MODULE_DOTS_MAX:
        raise Unprintable(
            f"Barcode with x_dimension_mm = {element.x_dimension_mm:g} has modules of {module} "
            f"dots at {dpi} dpi: expected 1 to {_MODULE_DOTS_MAX}; choose another X-dimension."
        )
    x, y = dots(element.x_mm, dpi), dots(element.y_mm, dpi)
    room = dots(label.width_mm, dpi) - x
    if not symbology.LINEAR:
        room = min(room, dots(label.height_mm, dpi) - y)
    height = max(1, dots(element.height_mm, dpi)) if element.height_mm else 0
    caption = None
    if element.hri:
        caption = TextSpot(
            x=x,
            y=y + height + _CAPTION_GAP_MODULES * module,
            size=max(_TEXT_DOTS_MIN, _CAPTION_MODULES * module),
            bold=False,
            align="center",
            width=0,
            must_fit=False,
            content=element.content,
        )
    return BarcodeSpot(
        x=x,
        y=y,
        module=module,
        height=height,
        symbology=symbology,
        error_correction=element.error_correction,
        columns_max=room // module,
        capacity=symbology.capacity(room // module, error_correction=element.error_correction),
        caption=caption,
        content=element.content,
        shown=element.shown,
    )


def _symbology(element: Barcode) -> Symbology:
    if element.symbology not in symbologies.names():
        raise Unprintable(
            f"Barcode has symbology = {element.symbology!r}: expected one of "
            f"{', '.join(symbologies.names())}."
        )
    symbology = symbologies.load(element.symbology)
    if symbology.LINEAR and element.height_mm is None:
        raise Unprintable(
            f"Barcode of symbology {element.symbology!r} has no height_mm: expected one, since "
            "its bars may have any height; give it."
        )
    if not symbology.LINEAR and (element.height_mm is not None or element.hri):
        raise Unprintable(
            f"Barcode of symbology {element.symbology!r} has height_mm or hri: expected neither, "
            "since its size follows from its data; remove them and add a Text where wanted."
        )
    return symbology
