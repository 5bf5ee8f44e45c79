"""An element of a template, its texts read, and what becomes of it on the label of a run."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from labeler.templates import expressions
from labeler.templates.conditions import Condition, Look
from labeler.templates.elements import Element
from labeler.templates.expressions import Expression
from printers import label as model


@dataclass(frozen=True, kw_only=True)
class Piece:
    """An element of a template, its texts read."""

    element: Element
    content: expressions.Text
    condition: Condition | None
    design: model.Design | None = None
    """What a design draws, once its file is read."""
    places: Mapping[str, expressions.Text] = field(default_factory=dict)
    """What stands in the places of the design."""

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """What its texts fill in."""
        texts = (self.content, *self.places.values())
        return tuple(part for text in texts for part in text if isinstance(part, Expression))

    @property
    def sources(self) -> frozenset[str]:
        """The placeholders it shows or asks for."""
        asked = self.condition.sources if self.condition else frozenset()
        return asked | {one.source for one in self.expressions}


def drawn(
    piece: Piece, condition: Condition | None, *, look: Look, files: Mapping[str, bytes]
) -> model.Element:
    """Return an element of the label, with what the run has."""
    shown = model.Field(field_of(condition)) if condition else None
    literal = piece.element.literal
    if piece.design is not None:
        fields = {
            place: _written(text, look, literal=literal) for place, text in piece.places.items()
        }
        return replace(piece.design, fields=fields, shown=shown)
    content = _written(piece.content, look, literal=literal)
    return piece.element.drawn(content, shown=shown, files=files)


def _written(
    content: expressions.Text, look: Look, *, literal: Callable[[str], str]
) -> model.Content:
    """Return a text with what the run has, and neighbouring literals joined."""
    parts: list[str | model.Field] = []
    for part in content:
        if isinstance(part, Expression):
            value = None if part.is_unit_value else look(part.source)
            if value is None:
                drawn: str | model.Field = model.Field(part.text)
            else:
                drawn = literal(part.write(value))
        else:
            drawn = part
        if isinstance(drawn, str) and parts and isinstance(parts[-1], str):
            parts[-1] += drawn
        else:
            parts.append(drawn)
    return tuple(parts)


def field_of(condition: Condition) -> str:
    """Return the name of the field that shows an element or hides it."""
    return f"show_if {condition.text}"
