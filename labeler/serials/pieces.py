"""Pieces of a pattern's text: each knows where it stands, so that an error can point at it."""

from dataclasses import dataclass

from labeler.serials.errors import PatternError
from labeler.serials.fields import Field

TEXT_LENGTH_MAX = 64
"""Longer texts fit no label, and no scanner's field."""


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A part of the pattern's text."""

    pattern: str
    """The whole pattern."""
    position: int
    """Where the part begins, counted from 1."""
    text: str

    def error(self, problem: str, *, offset: int = 0) -> PatternError:
        """A refusal that points at a character of this piece."""
        return PatternError(self.pattern, position=self.position + offset, problem=problem)

    def part(self, start: int, text: str) -> "Piece":
        """A piece of this piece."""
        return Piece(pattern=self.pattern, position=self.position + start, text=text)


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A field, and the piece of the pattern it was written as."""

    piece: Piece
    field: Field
