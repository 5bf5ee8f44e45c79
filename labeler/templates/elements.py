"""Elements of a template: their keys in YAML, and what they are on a `printers.Label`.

A new element is a class with its keys, a key of `Element`, and a row of `_MADE`. A new key of an
element has the name that `printers.label` gives it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from labeler.templates import conditions, expressions
from labeler.templates.errors import Fault
from printers import label as model

Millimetres = Annotated[float, Field(ge=0, le=1000)]
Length = Annotated[float, Field(gt=0, le=1000)]


def _readable(text: str) -> str:
    expressions.read(text)
    return text


def _decidable(text: str) -> str:
    conditions.read(text)
    return text


Filled = Annotated[str, AfterValidator(_readable)]
"""A text with placeholders."""
ShownIf = Annotated[str, AfterValidator(_decidable)]
"""A condition."""


class Part(BaseModel):
    """Anything in a template that has keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Place(Part):
    """What every element has."""

    x_mm: Millimetres
    y_mm: Millimetres
    show_if: ShownIf | None = None


class Text(Place):
    """A line of text."""

    text: Filled
    size_mm: Length = 3.0
    bold: bool = False
    align: Literal["left", "center", "right"] = "left"
    width_mm: Length | None = None


class Barcode(Place):
    """A symbol."""

    symbology: str
    data: Filled
    x_dimension_mm: Length
    height_mm: Length | None = None
    hri: bool = False
    error_correction: Literal["L", "M", "Q", "H"] = "M"


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


@dataclass(frozen=True, kw_only=True)
class _Made:
    """What becomes of an element."""

    of: type[model.Text] | type[model.Barcode] | type[model.Box] | type[model.Line]
    content: str | None = None
    """The key whose text becomes its content."""


_MADE: Mapping[str, _Made] = MappingProxyType(
    {
        "text": _Made(of=model.Text, content="text"),
        "barcode": _Made(of=model.Barcode, content="data"),
        "box": _Made(of=model.Box),
        "line": _Made(of=model.Line),
    }
)
"""Key of an element -> what becomes of it."""


class Element(Part):
    """One element, under the key that says what it is."""

    text: Text | None = None
    barcode: Barcode | None = None
    box: Box | None = None
    line: Line | None = None

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
    def place(self) -> Place:
        """Its keys."""
        found: Place = getattr(self, self.kind)
        return found

    def content(self) -> expressions.Text:
        """Return the text it shows; nothing if it shows none."""
        key = _MADE[self.kind].content
        return expressions.read(getattr(self.place, key)) if key else ()

    def condition(self) -> conditions.Condition | None:
        """Return when it is shown, if not always."""
        text = self.place.show_if
        return None if text is None else conditions.read(text)

    def drawn(self, content: model.Content, *, shown: model.Field | None) -> model.Element:
        """Return the element of a label that shows this content, and when it is shown."""
        made = _MADE[self.kind]
        keys = self.place.model_dump(exclude={"show_if", *([made.content] if made.content else [])})
        given: dict[str, Any] = {**keys, "shown": shown}
        if made.content:
            given["content"] = content
        return made.of(**given)
