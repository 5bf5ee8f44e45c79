"""Elements whose content waits for values: a spot makes the marks of one label.

``check`` and ``marks`` refuse the same values. ``check`` is what a trigger pays for each label.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from printers import fonts
from printers.device import Device
from printers.errors import Unprintable
from printers.fonts import Face
from printers.label import Content, Field, fill
from printers.layout.dots import turned
from printers.layout.marks import Mark, Symbol, Words
from printers.symbologies import Caption, Options, Symbology

Values = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class FixedSpot:
    """Marks that no value changes, but which a condition may hide."""

    fixed: tuple[Mark, ...]
    shown: Field | None

    def check(self, values: Values) -> None:
        """Nothing of it can be wrong."""

    def marks(self, values: Values) -> tuple[Mark, ...]:
        """Its marks, or none where it is hidden."""
        return self.fixed if is_shown(self.shown, values) else ()


@dataclass(frozen=True, kw_only=True)
class TextSpot:
    """Text in its room, in dots."""

    x: int
    y: int
    room: int
    size: int
    bold: bool
    align: str
    must_fit: bool
    rotation: int
    face: Face
    is_native: bool
    """Whether it may be in the printer's own font."""
    content: Content
    shown: Field | None
    device: Device

    def check(self, values: Values) -> None:
        """Raise Unprintable if the text cannot be drawn or is too wide."""
        if is_shown(self.shown, values):
            self.resolve(values)

    def resolve(self, values: Values) -> str:
        """The text to draw; Unprintable if it cannot be drawn or is too wide."""
        text = fill(self.content, values)
        if self.must_fit and self._measure(text) * self.size > self.room:
            raise Unprintable(
                f"Text {text!r} may become {self._measure(text) * self.size:.0f} dots "
                f"wide: expected {self.room} at most; shorten it, or give it a wider box or a "
                "smaller size."
            )
        return text

    def marks(self, values: Values) -> tuple[Mark, ...]:
        """Its line; nothing where it is hidden or empty."""
        if not is_shown(self.shown, values):
            return ()
        text = self.resolve(values)
        if not text:
            return ()
        is_native = self.is_native and fonts.is_native(text, self.device.characters)
        return (
            Words(
                x=self.x,
                y=self.y,
                room=self.room,
                size=self.size,
                align=self.align,
                text=text,
                face=self.face,
                is_native=is_native,
                rotation=self.rotation,
            ),
        )

    def _measure(self, text: str) -> float:
        return self.face.widest(text) if self.is_native else self.face.width(text)


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
    """Modules there are up to the label's edge."""
    capacity: int
    """Characters that fit into these whatever they are, which spares the exact count."""
    caption: TextSpot | None
    """How its HRI looks; its place is of no meaning."""
    content: Content
    shown: Field | None

    def check(self, values: Values) -> None:
        """Raise Unprintable if the symbology or the label cannot carry the data."""
        if is_shown(self.shown, values):
            self.resolve(values)

    def resolve(self, values: Values) -> str:
        """The data to encode; Unprintable if the symbology or the label cannot carry it."""
        text = fill(self.content, values)
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
        room, size = (one.end - one.start) * self.module, look.size
        left, top = one.start * self.module, symbol.height + _CAPTION_GAP_MODULES * self.module
        width, height = symbol.columns * self.module, symbol.height
        x, y = {
            0: (left, top),
            90: (height - top - size, left),
            180: (width - left - room, height - top - size),
            270: (top, width - left - room),
        }[self.rotation]
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

    def _require_room(self, text: str) -> None:
        columns, _ = turned(self.rotation, *self.symbology.size(text, self.options))
        if columns > self.columns_max:
            raise Unprintable(
                f"The {self.symbology.NAME} symbol of {text!r} is {columns} modules of "
                f"{self.module} dots wide: expected {self.columns_max} modules at most up to the "
                "label's edge; shorten the data, move the symbol or make x_dimension_mm smaller."
            )


_CAPTION_GAP_MODULES = 2

Spot = FixedSpot | TextSpot | SymbolSpot


def is_shown(shown: Field | None, values: Values) -> bool:
    """Whether an element with this condition is drawn."""
    return shown is None or fill((shown,), values) != ""
