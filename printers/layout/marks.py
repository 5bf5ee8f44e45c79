"""What languages draw: marks at whole dots of one printer, measured from the label's top left.

A mark is final: its text is known to be printable, its place and size are settled. Languages
decide only how to say it: as a command of the printer, as a vector, as dots.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from PIL.Image import Image

from printers.fonts import Face
from printers.layout.dots import turned, turned_box
from printers.symbologies import Options, Symbology

BASELINE = 0.75
"""Where the baseline lies below the top of a character cell, in character heights."""
GUARD_MODULES = 5
"""How much lower guard bars reach, GS1 General Specifications, figure 5.2.6.4-1."""
_DARK_RUN = re.compile("1+")

Rectangle = tuple[int, int, int, int]
"""Left, top, width, height in dots."""


@dataclass(frozen=True, kw_only=True)
class Frame:
    """A frame or, where the line is as thick as half of it, a filled rectangle."""

    x: int
    y: int
    width: int
    height: int
    thickness: int

    @property
    def box(self) -> Rectangle:
        """What it covers."""
        return self.x, self.y, self.width, self.height


@dataclass(frozen=True, kw_only=True)
class Ring:
    """A circle's line, inside its square; a disc where it is as thick as the radius."""

    x: int
    y: int
    diameter: int
    thickness: int

    @property
    def box(self) -> Rectangle:
        """What it covers."""
        return self.x, self.y, self.diameter, self.diameter


@dataclass(frozen=True, kw_only=True)
class Words:
    """One line of text in a face that has all its characters, in their order of reading.

    Its room is ``room`` dots long and ``size`` dots high before it is turned; ``x``, ``y`` is the
    top left of the room on the label once it is turned.
    """

    x: int
    y: int
    room: int
    size: int
    """Height of the character cell."""
    align: str
    """left, center or right in its room."""
    text: str
    face: Face
    is_native: bool
    """Whether the printer may draw it with its own font, which ``face`` then stands in for."""
    rotation: int = 0

    @property
    def box(self) -> Rectangle:
        """What its room covers."""
        return self.x, self.y, *turned((self.room, self.size), self.rotation)

    @property
    def width(self) -> float:
        """Length of the line in dots, as ``face`` draws it."""
        return self.face.length(self.text, self.size)

    @property
    def indent(self) -> float:
        """Where in its room the line begins, in dots."""
        return (self.room - self.width) * {"left": 0.0, "center": 0.5, "right": 1.0}[self.align]


@dataclass(frozen=True, kw_only=True)
class Symbol:
    """A symbol; ``x``, ``y`` is the top left of its modules on the label once it is turned."""

    x: int
    y: int
    module: int
    """Width of a module in dots."""
    height: int
    """Of the bars in dots; of a matrix symbol, all its rows."""
    symbology: Symbology
    options: Options
    """Settled ones."""
    text: str
    rotation: int = 0
    has_captions: bool = False
    """Whether its HRI is shown, which makes guard bars longer."""

    @cached_property
    def columns(self) -> int:
        """Width in modules."""
        return self.symbology.size(self.text, self.options)[0]

    @property
    def box(self) -> Rectangle:
        """What its modules cover, without guard bars that reach lower."""
        return self.x, self.y, *turned((self.columns * self.module, self.height), self.rotation)

    def rectangles(self) -> Iterator[Rectangle]:
        """Yield the dark runs of all rows where they are on the label; none overlap."""
        room = (self.columns * self.module, self.height)
        for run in self._runs():
            left, top, width, height = turned_box(run, room=room, rotation=self.rotation)
            yield self.x + left, self.y + top, width, height

    def _runs(self) -> Iterator[Rectangle]:
        """Yield the dark runs before they are turned."""
        rows = self.symbology.encode(self.text, self.options)
        high = self.height if self.symbology.LINEAR else self.module
        longer = self.symbology.guards(self.text, self.options) if self.has_captions else ()
        for index, row in enumerate(rows):
            for run in _DARK_RUN.finditer(row):
                start, end = run.span()
                is_guard = any(first <= start < behind for first, behind in longer)
                extra = GUARD_MODULES * self.module if is_guard else 0
                yield (
                    start * self.module,
                    index * self.module,
                    (end - start) * self.module,
                    high + extra,
                )


@dataclass(frozen=True, kw_only=True, eq=False)
class Picture:
    """Dots as they are: an image, or text that no printer draws."""

    x: int
    y: int
    image: Image
    """Mode "1"; 0 is black."""

    @property
    def box(self) -> Rectangle:
        """What it covers."""
        return self.x, self.y, self.image.width, self.image.height


@dataclass(frozen=True, kw_only=True)
class Tag:
    """What is written into the label's RFID tag: no ink."""

    epc: str
    """Hexadecimal digits, capitals, a multiple of 4."""


@dataclass(frozen=True, kw_only=True)
class Commands:
    """A finished drawing in a printer's own language, which passes it on as it is."""

    language: str
    text: str
    """In ASCII. It states all it depends on, and takes back what would change what follows."""
    box: Rectangle
    """All of the label: where it leaves ink is known to the printer alone."""


Mark = Frame | Ring | Words | Symbol | Picture | Tag | Commands
