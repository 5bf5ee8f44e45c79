"""Elements of a template: their keys in YAML, and what they are on a `printers.Label`.

A new element is a class with its keys, a key of `Element`, and a row of `_MADE`. A new key of an
element has the name that `printers.label` gives it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from labeler.templates import conditions, expressions
from labeler.templates.errors import Fault
from printers import label as model
from printers import symbologies
from printers.symbologies import Options

Millimetres = Annotated[float, Field(ge=0, le=1000)]
Length = Annotated[float, Field(gt=0, le=1000)]


def _readable(text: str) -> str:
    expressions.read(text)
    return text


def _decidable(text: str) -> str:
    conditions.read(text)
    return text


Rotation = Literal[0, 90, 180, 270]
"""Degrees clockwise."""
FileName = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"),
    Field(description="the name of a file beside the template: letters, digits, '_', '.', '-'"),
]

Filled = Annotated[str, AfterValidator(_readable)]
"""A text with placeholders."""
ShownIf = Annotated[str, AfterValidator(_decidable)]
"""A condition."""


class Part(BaseModel):
    """Anything in a template that has keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Shown(Part):
    """What every element has."""

    show_if: ShownIf | None = None


class Place(Shown):
    """What every element has that leaves ink."""

    x_mm: Millimetres
    y_mm: Millimetres


class Text(Place):
    """Text in one line or, wrapped, in several."""

    text: Filled
    size_mm: Length = 3.0
    bold: bool = False
    align: Literal["left", "center", "right"] = "left"
    width_mm: Length | None = None
    height_mm: Length | None = None
    wrap: bool = False
    size_min_mm: Length | None = None
    font: str = model.PRINTER_FONT
    rotation: Rotation = 0


class Barcode(Place):
    """A symbol."""

    symbology: str
    data: Filled
    x_dimension_mm: Length
    height_mm: Length | None = None
    hri: bool = False
    rotation: Rotation = 0
    error_correction: str | None = None
    shape: Literal["square", "rectangle"] | None = None
    columns: int | None = None
    row_height: int | None = None
    ratio: int | None = None
    check_character: bool | None = None
    domain: str | None = None


class Box(Place):
    """A frame."""

    width_mm: Length
    height_mm: Length
    thickness_mm: Length = 0.3


class Line(Place):
    """A straight line."""

    length_mm: Length
    thickness_mm: Length = 0.3
    direction: Literal["horizontal", "vertical"] = "horizontal"


class Circle(Place):
    """A ring or a disc."""

    diameter_mm: Length
    thickness_mm: Length = 0.3


class Image(Place):
    """A picture from a file beside the template."""

    file: FileName
    width_mm: Length
    height_mm: Length
    dither: bool = True
    rotation: Rotation = 0


class Design(Shown):
    """A finished drawing in a printer's own language, from a file beside the template."""

    file: FileName
    dpi: Annotated[int, Field(ge=100, le=1200)] | None = None
    fields: dict[str, Filled] = Field(default_factory=dict, max_length=200)


class Rfid(Shown):
    """What is written into the tag of the label."""

    epc: Filled


@dataclass(frozen=True, kw_only=True)
class _Made:
    """What becomes of an element."""

    of: type[model.Element]
    content: str | None = None
    """The key whose text becomes its content."""


_MADE: Mapping[str, _Made] = MappingProxyType(
    {
        "text": _Made(of=model.Text, content="text"),
        "barcode": _Made(of=model.Barcode, content="data"),
        "box": _Made(of=model.Box),
        "line": _Made(of=model.Line),
        "circle": _Made(of=model.Circle),
        "image": _Made(of=model.Image),
        "rfid": _Made(of=model.Rfid, content="epc"),
        "design": _Made(of=model.Design),
    }
)
"""Key of an element -> what becomes of it."""
_OPTIONS = frozenset(one.name for one in fields(Options))
"""Keys of a barcode that are options of its symbology."""


class Element(Part):
    """One element, under the key that says what it is."""

    text: Text | None = None
    barcode: Barcode | None = None
    box: Box | None = None
    line: Line | None = None
    circle: Circle | None = None
    image: Image | None = None
    rfid: Rfid | None = None
    design: Design | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        given = [name for name in _MADE if getattr(self, name) is not None]
        if len(given) != 1:
            raise Fault(f"expected exactly one of {', '.join(_MADE)}, got {len(given)}.")
        return self

    @property
    def kind(self) -> str:
        """The key that says what it is."""
        return next(name for name in _MADE if getattr(self, name) is not None)

    @property
    def keys(self) -> Shown:
        """Its keys."""
        found: Shown = getattr(self, self.kind)
        return found

    def content(self) -> expressions.Text:
        """Return the text it shows; nothing if it shows none."""
        key = _MADE[self.kind].content
        return expressions.read(getattr(self.keys, key)) if key else ()

    def condition(self) -> conditions.Condition | None:
        """Return when it is shown, if not always."""
        text = self.keys.show_if
        return None if text is None else conditions.read(text)

    @property
    def file(self) -> str | None:
        """The name of the file it shows, if it shows one."""
        shown = self.image or self.design
        return shown.file if shown else None

    def literal(self, value: str) -> str:
        """Return a value as it must stand in the content."""
        if self.barcode is None or self.barcode.symbology not in symbologies.names():
            return value
        return symbologies.load(self.barcode.symbology).literal(value)

    def drawn(
        self, content: model.Content, *, shown: model.Field | None, files: Mapping[str, bytes]
    ) -> model.Element:
        """Return the element of a label that shows this content, and when it is shown."""
        made = _MADE[self.kind]
        given = self.keys.model_dump(exclude={"show_if", *([made.content] if made.content else [])})
        if self.barcode:
            chosen = {name: given.pop(name) for name in _OPTIONS}
            given["options"] = Options(**chosen)
        if self.file is not None:
            given["name"] = given.pop("file")
            given["data"] = files[self.file]
        if made.content:
            given["content"] = content
        return made.of(**given, shown=shown)
