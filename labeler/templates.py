"""PURE: label template (YAML text) + values -> the form that `printers` fills for each unit.

A template is data in millimetres. Its texts and barcode data may hold placeholders:

    {serial}  {number}  {date:%d.%m.%Y}  {identifiers.NAME}   of the unit
    {product.code}  {product.name}  {product.gtin}            of the product
    {run.id}  {run.lot}  {run.work_order}  {run.operator}  {run.quantity}
    {line}  {site.name}  {attributes.NAME}

`{{` and `}}` stand for braces. Dates are in the site's time zone.
"""

import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Annotated, Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from labeler import findings, yaml_text
from printers import label as model
from printers.errors import Unprintable

Millimetres = Annotated[float, Field(ge=0, le=1000)]
Length = Annotated[float, Field(gt=0, le=1000)]

CONSTANTS = frozenset(
    {
        "product.code", "product.name", "product.gtin", "line", "site.name",
        "run.id", "run.lot", "run.work_order", "run.operator", "run.quantity",
    }
)  # fmt: skip
"""Placeholders whose values a run fixes; `attributes.NAME` comes on top."""

IDENTIFIER = "identifiers."
"""What a placeholder of an identifier begins with."""

_NO_IDENTIFIERS: Mapping[str, str] = MappingProxyType({})
_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_DATE_CODES = frozenset("YymdHMSjGVu%")


class TemplateError(ValueError):
    """A template is wrong; the message says at which line and what was expected."""


class Filler(Protocol):
    """Makes the values of the form's unit placeholders; ``identifiers`` come by theirs."""

    def __call__(
        self, serial: str, number: int, *, identifiers: Mapping[str, str] = ...
    ) -> dict[str, str]:
        """Return them for a unit, whose place in its run, from 1, is ``number``."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Place(_Part):
    x_mm: Millimetres
    y_mm: Millimetres


class _Text(_Place):
    text: str
    size_mm: Length = 3.0
    bold: bool = False
    align: Literal["left", "center", "right"] = "left"
    width_mm: Length | None = None


class _Barcode(_Place):
    symbology: str
    data: str
    x_dimension_mm: Length
    height_mm: Length | None = None
    hri: bool = False
    error_correction: Literal["L", "M", "Q", "H"] = "M"


class _Box(_Place):
    width_mm: Length
    height_mm: Length
    thickness_mm: Length = 0.3


class _Line(_Place):
    length_mm: Length
    thickness_mm: Length = 0.3
    direction: Literal["horizontal", "vertical"] = "horizontal"


class _Element(_Part):
    text: _Text | None = None
    barcode: _Barcode | None = None
    box: _Box | None = None
    line: _Line | None = None


class _Media(_Part):
    width_mm: Length
    height_mm: Length


class _Document(_Part):
    label: str
    media: _Media
    elements: Annotated[list[_Element], Field(min_length=1, max_length=200)]


@dataclass(frozen=True, kw_only=True)
class LabelTemplate:
    """A template that was read and found right."""

    name: str
    width_mm: float
    height_mm: float
    content: str
    """The YAML text itself; runs pin it."""
    digest: str
    """SHA-256 of the content, hexadecimal."""
    elements: tuple[_Element, ...]
    fields: frozenset[str]
    """All placeholders it uses, without braces."""

    @property
    def identifiers(self) -> frozenset[str]:
        """The names of the identifiers it shows."""
        return frozenset(f.removeprefix(IDENTIFIER) for f in self.fields if IDENTIFIER in f)

    def form(self, constants: Mapping[str, str], identifiers: Collection[str] = ()) -> model.Label:
        """Return the label form: ``constants`` filled in, unit values still fields.

        Raises Unprintable when an attribute that the template shows is not in ``constants``, an
        identifier not among the names ``identifiers``, or a text needs more room than its element
        has.
        """
        unknown = [IDENTIFIER + name for name in self.identifiers.difference(identifiers)]
        constant = [name for name in self.fields if not _is_unit_value(name)]
        missing = sorted([*unknown, *(name for name in constant if name not in constants)])
        if missing:
            raise Unprintable(
                f"Template '{self.name}' shows '{missing[0]}', which this run does not have. "
                f"Open the run with it, or take it out of the template."
            )
        return model.Label(
            name=self.name,
            width_mm=self.width_mm,
            height_mm=self.height_mm,
            elements=tuple(_model_element(element, constants) for element in self.elements),
        )

    def filler(self, at: datetime) -> Filler:
        """Return what makes the values of units allocated ``at``, in the site's time zone."""
        dates = {
            name: at.strftime(name.removeprefix("date:"))
            for name in self.fields
            if name.startswith("date:")
        }

        def fill(
            serial: str, number: int, *, identifiers: Mapping[str, str] = _NO_IDENTIFIERS
        ) -> dict[str, str]:
            return {"serial": serial, "number": str(number), **dates, **identifiers}

        return fill


def parse(content: str, *, name: str) -> LabelTemplate:
    """Read a template; raise TemplateError with every finding, each with its line."""
    try:
        document = yaml_text.load(content)
    except yaml_text.YamlError as error:
        raise TemplateError(f"Template '{name}': {error}") from error
    try:
        parsed = _Document.model_validate(document.data)
    except ValidationError as error:
        raise TemplateError(_findings(name, document, error)) from error
    fields: set[str] = set()
    for number, element in enumerate(parsed.elements):
        line = document.line(("elements", number)) or 1
        fields |= _check_element(element, f"Template '{name}', line {line}")
    if parsed.label != name:
        raise TemplateError(
            f"Template '{name}' calls itself '{parsed.label}' (label:). "
            f"Expected '{name}', the name of its file."
        )
    return LabelTemplate(
        name=name,
        width_mm=parsed.media.width_mm,
        height_mm=parsed.media.height_mm,
        content=content,
        digest=hashlib.sha256(content.encode()).hexdigest(),
        elements=tuple(parsed.elements),
        fields=frozenset(fields),
    )


def _findings(name: str, document: yaml_text.Document, error: ValidationError) -> str:
    lines = []
    for item in error.errors():
        sentence = findings.read(item, _Document, whole="the template").sentence
        line = document.line(item["loc"]) or 1
        lines.append(f"Template '{name}', line {line}: {sentence}")
    return "\n".join(lines)


def _check_element(element: _Element, place: str) -> set[str]:
    parts = [part for part in (element.text, element.barcode, element.box, element.line) if part]
    if len(parts) != 1:
        raise TemplateError(
            f"{place}: expected exactly one of text, barcode, box, line, got {len(parts)}."
        )
    if element.text:
        return _fields(element.text.text, place)
    if element.barcode:
        return _fields(element.barcode.data, place)
    return set()


def _fields(text: str, place: str) -> set[str]:
    return {part.name for part in _split(text, place) if isinstance(part, model.Field)}


def _split(text: str, place: str) -> model.Content:
    """Return ``text`` as literals and fields; raise TemplateError for an unknown placeholder."""
    parts: list[str | model.Field] = []
    end = 0
    for match in _PLACEHOLDER.finditer(text):
        parts.append(text[end : match.start()])
        end = match.end()
        token = match.group()
        if token in ("{{", "}}"):
            parts.append(token[0])
        elif match.group(1) is None:
            raise TemplateError(
                f"{place}: a single '{token}' at position {match.start() + 1} of {text!r}. "
                f"Write '{token}{token}' for the character itself."
            )
        else:
            parts.append(model.Field(_known(match.group(1), place)))
    parts.append(text[end:])
    return tuple(part for part in parts if part != "")


def _known(name: str, place: str) -> str:
    if name in CONSTANTS or name in ("serial", "number"):
        return name
    if name.startswith("attributes.") and name != "attributes.":
        return name
    if re.fullmatch(r"identifiers\.[a-z][a-z0-9_]*", name):
        return name
    if name.startswith("date:"):
        unknown = [code for code in re.findall(r"%(.?)", name) if code not in _DATE_CODES]
        if not unknown and "%" in name:
            return name
        raise TemplateError(
            f"{place}: '{{{name}}}' is not a date format. Expected codes of "
            f"{' '.join('%' + code for code in sorted(_DATE_CODES))}, as in {{date:%d.%m.%Y}}."
        )
    raise TemplateError(
        f"{place}: '{{{name}}}' is not a known value. Known: serial, number, date:FORMAT, "
        f"{', '.join(sorted(CONSTANTS))}, attributes.NAME, identifiers.NAME."
    )


def _is_unit_value(name: str) -> bool:
    return name in ("serial", "number") or name.startswith(("date:", IDENTIFIER))


def _fill_constants(text: str, constants: Mapping[str, str]) -> model.Content:
    """Return ``text`` with constants filled in and neighbouring literals joined."""
    content: list[str | model.Field] = []
    for part in _split(text, "template"):
        value = part
        if isinstance(part, model.Field) and not _is_unit_value(part.name):
            value = constants[part.name]
        if isinstance(value, str) and content and isinstance(content[-1], str):
            content[-1] += value
        else:
            content.append(value)
    return tuple(content)


def _model_element(element: _Element, constants: Mapping[str, str]) -> model.Element:
    if element.text:
        given: dict[str, Any] = element.text.model_dump(exclude={"text"})
        return model.Text(content=_fill_constants(element.text.text, constants), **given)
    if element.barcode:
        given = element.barcode.model_dump(exclude={"data"})
        return model.Barcode(content=_fill_constants(element.barcode.data, constants), **given)
    if element.box:
        return model.Box(**element.box.model_dump())
    if element.line:
        return model.Line(**element.line.model_dump())
    raise AssertionError("parse() lets no empty element through")
