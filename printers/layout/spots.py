"""Elements whose content waits for values: a spot makes the marks of one label.

``check`` and ``marks`` refuse the same values. ``check`` is what a trigger pays for each label.
"""

import re
from dataclasses import dataclass
from math import floor

from printers import fonts
from printers.designs import Drawing
from printers.errors import Unprintable
from printers.label import Content, Field, fields, fill
from printers.layout.conditions import Values, is_shown
from printers.layout.dots import TEXT_DOTS_MIN, turned_box
from printers.layout.marks import Commands, Mark, Rectangle, Symbol, Tag, Words
from printers.layout.texts import TextSpot
from printers.symbologies import Caption, Options, Symbology

CAPTION_GAP_MODULES = 2
_EPC = re.compile("(?:[0-9A-F]{4}){1,32}")


@dataclass(frozen=True, kw_only=True)
class FixedSpot:
    """Marks that no value changes, but which a condition may hide."""

    fixed: tuple[Mark, ...]
    shown: Field | None

    def check(self, values: Values) -> None:
        """Raise Unprintable if the value of its condition is missing."""
        is_shown(self.shown, values)

    def marks(self, values: Values) -> tuple[Mark, ...]:
        """Its marks, or none where it is hidden."""
        return self.fixed if is_shown(self.shown, values) else ()


@dataclass(frozen=True, kw_only=True)
class TagSpot:
    """What is written into the RFID tag."""

    content: Content
    shown: Field | None

    def check(self, values: Values) -> None:
        """Raise Unprintable if it is no EPC."""
        self.marks(values)

    def marks(self, values: Values) -> tuple[Mark, ...]:
        """The tag; nothing where the condition says no."""
        if not is_shown(self.shown, values):
            return ()
        epc = fill(self.content, values)
        if not _EPC.fullmatch(epc):
            raise Unprintable(
                f"An RFID tag cannot carry the EPC {epc!r} of {len(epc)} characters: expected "
                "digits 0 to 9 and A to F, 4 for each word of 16 bits and at most 128; correct "
                "the value."
            )
        return (Tag(epc=epc),)


@dataclass(frozen=True, kw_only=True)
class DesignSpot:
    """A drawing in a printer's own language, on the whole label."""

    language: str
    drawing: Drawing
    box: Rectangle
    shown: Field | None

    def check(self, values: Values) -> None:
        """Raise Unprintable if a value cannot stand in the design."""
        self.marks(values)

    def marks(self, values: Values) -> tuple[Mark, ...]:
        """Its commands; nothing where the condition says no."""
        if not is_shown(self.shown, values):
            return ()
        text = self.drawing.fill(values)
        return (Commands(language=self.language, text=text, box=self.box),)


@dataclass(frozen=True, kw_only=True)
class SymbolSpot:
    """A symbol; ``x``, ``y`` is the top left of its modules on the label."""

    x: int
    y: int
    module: int
    height: int
    """Bar height; 0 for a matrix symbology."""
    symbology: Symbology
    options: Options
    rotation: int
    columns_max: int
    """Modules there are along its rows, up to the label's edge."""
    rows_max: int
    """Modules there are across them."""
    capacity: int
    """Characters that fit into these whatever they are, which spares the exact count."""
    is_literal: bool
    """Whether a field's value stands in the data as it is; else `Symbology.literal` says how."""
    caption: TextSpot | None
    """How its HRI looks; its place is of no meaning."""
    content: Content
    shown: Field | None

    def check(self, values: Values) -> None:
        """Raise Unprintable if the symbology or the label cannot carry the data."""
        if self.shown is None or is_shown(self.shown, values):
            self.resolve(values)

    def resolve(self, values: Values) -> str:
        """The data to encode; Unprintable if the symbology or the label cannot carry it."""
        text = fill(self.content, values if self.is_literal else self._literal(values))
        self.symbology.validate(text, self.options)
        if len(text) > self.capacity or not (self.symbology.LINEAR or text.isascii()):
            self._require_room(text)
        return text

    def symbol(self, text: str) -> Symbol:
        """The mark of resolved data."""
        rows = 1 if self.symbology.LINEAR else self.symbology.size(text, self.options)[1]
        return Symbol(
            x=self.x,
            y=self.y,
            module=self.module,
            height=self.height or rows * self.module,
            symbology=self.symbology,
            options=self.options,
            text=text,
            rotation=self.rotation,
            has_captions=self.caption is not None,
        )

    def marks(self, values: Values) -> tuple[Mark, ...]:
        """The symbol and its HRI; nothing where it is hidden."""
        if not is_shown(self.shown, values):
            return ()
        symbol = self.symbol(self.resolve(values))
        return (symbol, *self.captions(symbol))

    def captions(self, symbol: Symbol) -> tuple[Mark, ...]:
        """The HRI of a symbol, centred under its columns."""
        if self.caption is None:
            return ()
        return tuple(
            self._caption(self.caption, symbol, one)
            for one in self.symbology.captions(symbol.text, self.options)
        )

    def _caption(self, look: TextSpot, symbol: Symbol, one: Caption) -> Words:
        """A piece of the HRI, smaller than usual where its columns are few."""
        room = (one.end - one.start) * self.module
        size = look.size
        if look.face.widest(one.text) * size > room:
            size = max(TEXT_DOTS_MIN, floor(room / look.face.widest(one.text)))
        top = symbol.height + CAPTION_GAP_MODULES * self.module
        whole = (symbol.columns * self.module, symbol.height)
        box = (one.start * self.module, top, room, size)
        x, y, _, _ = turned_box(box, room=whole, rotation=self.rotation)
        return Words(
            x=self.x + x,
            y=self.y + y,
            room=room,
            size=size,
            align="center",
            text=one.text,
            face=look.face,
            is_native=look.is_native and fonts.is_native(one.text, look.device.characters),
            rotation=self.rotation,
        )

    def _literal(self, values: Values) -> dict[str, str]:
        """The values of its fields as they must stand in the data."""
        names = fields(self.content)
        return {name: self.symbology.literal(values[name]) for name in names if name in values}

    def _require_room(self, text: str) -> None:
        columns, rows = self.symbology.size(text, self.options)
        for extent, most, way in (
            (columns, self.columns_max, "wide"),
            (rows, self.rows_max, "high"),
        ):
            if extent > most:
                raise Unprintable(
                    f"The {self.symbology.NAME} symbol of {text!r} is {extent} modules of "
                    f"{self.module} dots {way}: expected {most} modules at most up to the label's "
                    "edge; shorten the data, move the symbol or make x_dimension_mm smaller."
                )


Spot = FixedSpot | TextSpot | SymbolSpot | TagSpot | DesignSpot
