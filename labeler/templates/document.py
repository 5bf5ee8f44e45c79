"""YAML text -> label template: the keys of the file, and every finding with its place."""

import hashlib
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationError, ValidationInfo, field_validator
from pydantic_core import ErrorDetails

from labeler import findings, yaml_text
from labeler.templates import expressions
from labeler.templates.elements import Element, Length, Part
from labeler.templates.errors import Fault, TemplateError
from labeler.templates.forms import LabelTemplate
from labeler.templates.pieces import Piece
from printers.handling import Action, Handling, Tracking


def _known(source: str) -> str:
    expressions.read(f"{{{source}}}")
    return source


Source = Annotated[str, AfterValidator(_known)]
"""A placeholder, without its braces."""

EXPRESSIONS_MAX = 500
"""Different placeholders, filters included, of one template: each is written once a unit."""


class _Media(Part):
    width_mm: Length
    height_mm: Length
    tracking: Tracking | None = None
    action: Action | None = None
    speed_mm_s: Annotated[float, Field(ge=25, le=400)] | None = None
    darkness: Annotated[int, Field(ge=-30, le=30)] | None = None
    upside_down: bool | None = None
    copies: Annotated[int, Field(ge=1, le=100)] | None = None

    def handling(self) -> Handling:
        """Return what the template asks of the printer."""
        return Handling(**self.model_dump(exclude={"width_mm", "height_mm"}))


Dpi = Annotated[int, Field(ge=100, le=1200)]


class _Document(Part):
    label: str
    media: _Media
    dpi: Annotated[list[Dpi], Field(default_factory=list, max_length=8)]
    """The resolutions that it is made for; none: any."""
    samples: Annotated[dict[Source, str], Field(default_factory=dict)]
    """Placeholder -> what previews show for it, and checks take for the longest there is."""
    elements: Annotated[list[Element], Field(min_length=1, max_length=200)]

    @field_validator("label")
    @classmethod
    def _is_its_file(cls, label: str, info: ValidationInfo) -> str:
        name = (info.context or {})["name"]
        if label != name:
            raise Fault(
                f"the template calls itself '{label}' (label:). "
                f"Expected '{name}', the name of its file."
            )
        return label


def parse(content: str, *, name: str) -> LabelTemplate:
    """Read a template; raise TemplateError with every finding, each with its place.

    The files that it shows are still to come: `files.complete`.
    """
    try:
        document = yaml_text.load(content)
    except yaml_text.YamlError as error:
        raise TemplateError(f"Template '{name}': {error}") from error
    try:
        parsed = _Document.model_validate(document.data, context={"name": name})
    except ValidationError as error:
        found = [one for item in error.errors() for one in _findings(item, document, name)]
        raise TemplateError("\n".join(found)) from error
    pieces = tuple(
        Piece(element=one, content=one.content(), condition=one.condition())
        for one in parsed.elements
    )
    count = len({one.text for piece in pieces for one in piece.expressions})
    if count > EXPRESSIONS_MAX:
        raise TemplateError(
            f"Template '{name}' has {count} different placeholders: "
            f"expected {EXPRESSIONS_MAX} at most; show less."
        )
    return LabelTemplate(
        name=name,
        width_mm=parsed.media.width_mm,
        height_mm=parsed.media.height_mm,
        handling=parsed.media.handling(),
        dpi=tuple(parsed.dpi),
        content=content,
        digest=hashlib.sha256(content.encode()).hexdigest(),
        samples=parsed.samples,
        pieces=pieces,
    )


def _findings(item: ErrorDetails, document: yaml_text.Document, name: str) -> list[str]:
    line, column = document.place(item["loc"])
    place = f"Template '{name}', line {line}, column {column}"
    context: dict[str, Any] = item.get("ctx", {})
    fault = context.get("error")
    if isinstance(fault, Fault):
        return [f"{place}: {sentence}" for sentence in fault.sentences]
    return [f"{place}: {findings.read(item, _Document, whole='the template').sentence}"]
