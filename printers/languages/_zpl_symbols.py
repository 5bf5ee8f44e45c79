"""Symbologies that a ZPL printer draws itself, exactly as we would: same data, same modules.

The table is optional: a symbol that is not in it, or whose entry says None, is sent as a graphic.
So it holds only what was compared, module by module, with what a printer's model draws.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, cast

from printers.languages import _zpl_skeleton
from printers.languages._zpl_data import escape_ascii, invoke, invoker
from printers.languages._zpl_skeleton import Filler, Values
from printers.layout.marks import Symbol
from printers.layout.spots import SymbolSpot
from printers.symbologies import Options, Symbology

ORIENTATION = {0: "N", 90: "R", 180: "I", 270: "B"}

Encoder = Callable[[str], str | None]
"""Text -> data behind ^FH^FD, or None where this text must be drawn by us."""


@dataclass(frozen=True, kw_only=True)
class Look:
    """All of a symbol but its data."""

    x: int
    y: int
    module: int
    height: int
    rotation: int
    options: Options
    has_captions: bool

    @classmethod
    def of(cls, symbol: Symbol | SymbolSpot) -> "Look":
        """What a mark says, or the spot that makes it."""
        if isinstance(symbol, Symbol):
            has_captions = symbol.has_captions
        else:
            has_captions = symbol.caption is not None
        return cls(
            x=symbol.x,
            y=symbol.y,
            module=symbol.module,
            height=symbol.height,
            rotation=symbol.rotation,
            options=symbol.options,
            has_captions=has_captions,
        )

    @property
    def orientation(self) -> str:
        """The letter that barcode commands begin with."""
        return ORIENTATION[self.rotation]

    def at(self, ratio: int = 3) -> str:
        """^BY and ^FO: module, ratio and height stand before every barcode, since they last."""
        return f"^BY{self.module},{ratio},{self.height}^FO{self.x},{self.y}"


@dataclass(frozen=True, kw_only=True)
class Native:
    """How one symbology is said."""

    start: Callable[[Look], str | None]
    """The field up to its data; None where the printer would draw another symbol."""
    encoder: Callable[[Symbology, Options], Encoder]
    quick: Callable[[SymbolSpot], Filler | None] = lambda _: None
    """What makes the data of plain values, as ``_zpl_skeleton`` means them."""


def start(symbol: Symbol | SymbolSpot) -> str | None:
    """The field of a symbol up to its data; None where it must be drawn by us."""
    entry = _NATIVE.get(symbol.symbology.NAME)
    return entry.start(Look.of(symbol)) if entry else None


def encoder(symbol: Symbol | SymbolSpot) -> Encoder:
    """What makes the data of a symbol that has a start."""
    return _NATIVE[symbol.symbology.NAME].encoder(symbol.symbology, symbol.options)


def quick(spot: SymbolSpot) -> Filler | None:
    """What makes the data of plain values for a spot that has a start, where that is simple."""
    return _NATIVE[spot.symbology.NAME].quick(spot)


class _InCodeSets(Protocol):
    """Code 128 and what is built on it."""

    def segments(self, text: str) -> tuple[tuple[str, str], ...]:
        """Code sets and their runs."""


def _code128(look: Look) -> str:
    """^BC mode N with our own start and switch characters: the printer chooses nothing."""
    return f"{look.at()}^BC{look.orientation},{look.height},N,N,N,N"


def _in_code_sets(symbology: Symbology, options: Options) -> Encoder:
    segments = cast(_InCodeSets, symbology).segments
    return lambda text: invoke(segments(text))


def _quick_code128(spot: SymbolSpot) -> Filler | None:
    """Any plain text can be encoded, and has room unless it is long."""
    fill = _zpl_skeleton.quick_filler(spot.content)
    write = invoker(cast(_InCodeSets, spot.symbology).segments)
    if fill is None:
        return None
    filled, room = fill, spot.capacity

    def data(values: Values) -> str | None:
        text = filled(values)
        return write(text) if 0 < len(text) <= room else None

    return data


def _qr(look: Look) -> str | None:
    """^BQ model 2, which cannot be turned, and which moves down by the height of the last ^BY."""
    if look.rotation:
        return None
    return f"^BY2,3,1^FO{look.x},{look.y}^BQN,2,{look.module}"


def _qr_mode(options: Options) -> str:
    """The level and automatic input stand in the data, as the manual's ^BQ asks."""
    return f"{options.error_correction}A,"


def _qr_data(symbology: Symbology, options: Options) -> Encoder:
    mode = _qr_mode(options)

    def encode(text: str) -> str | None:
        data = escape_ascii(text)
        return None if data is None else mode + data

    return encode


def _quick_qr(spot: SymbolSpot) -> Filler | None:
    """Any plain text can be encoded, and has room unless it is long."""
    mode = _qr_mode(spot.options)
    fill = _zpl_skeleton.quick_filler(spot.content, mode)
    if fill is None:
        return None
    filled, least, most = fill, len(mode), len(mode) + spot.capacity

    def data(values: Values) -> str | None:
        text = filled(values)
        return text if least < len(text) <= most else None

    return data


_NATIVE: Mapping[str, Native] = {
    "code128": Native(start=_code128, encoder=_in_code_sets, quick=_quick_code128),
    "gs1_128": Native(start=_code128, encoder=_in_code_sets),
    "qr": Native(start=_qr, encoder=_qr_data, quick=_quick_qr),
}
