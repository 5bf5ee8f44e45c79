"""Symbologies that a ZPL printer draws itself, exactly as we would: same data, same modules.

The table is optional: a symbol that is not in it, or whose entry says None, is sent as a graphic.
So it holds only what was compared with what a printer's model draws: linear symbologies module by
module, matrix symbologies by their size and data, since a printer may choose other modes or another
mask. What is not in it, and why:

- EAN and UPC: ^BE, ^B8 and ^BU lengthen the guard bars where there is no HRI, too, and by 13 dots
  whatever a module is;
- PDF417 and Aztec: the model's choice of modes gave other sizes, of Aztec mostly;
- GS1 QR codes: the manual names no FNC1 for ^BQ;
- rectangular Data Matrix and turned QR codes: ^BX and ^BQ have none;
- control characters, and all that is not ASCII: manuals are silent about ECI.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, cast

from printers.languages import _zpl_skeleton
from printers.languages._zpl_data import escape, escape_ascii, invoke, invoker
from printers.languages._zpl_skeleton import Filler, Values
from printers.layout.marks import Symbol
from printers.layout.spots import SymbolSpot
from printers.symbologies import Options, Symbology, _datamatrix, _gs1

_LINEAR_FRAME_MODULES = 35
"""Start, check and stop character of Code 128."""
_MODULES_PER_CHARACTER = 11
_CODE39_MODES = re.compile(r"[+-]\$")
"""What ^B3 reads as switching full ASCII on and off."""
_CODE93 = re.compile(r"[0-9A-Z\-. $/+%]+")
"""What takes one symbol character; ^BA reads & ' ( ) as the shift characters of others."""
_DIGIT_PAIR = re.compile("[0-9]{2}")

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
    """Any plain text can be encoded; it has room where it would have it in set B alone."""
    fill = _zpl_skeleton.quick_filler(spot.content)
    write = invoker(cast(_InCodeSets, spot.symbology).segments)
    if fill is None:
        return None
    filled = fill
    room = (spot.columns_max - _LINEAR_FRAME_MODULES) // _MODULES_PER_CHARACTER

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


class _WithUri(Protocol):
    """GS1 Digital Link."""

    def uri(self, text: str, options: Options) -> str:
        """What the QR code carries."""


def _digital_link(symbology: Symbology, options: Options) -> Encoder:
    uri, encode = cast(_WithUri, symbology).uri, _qr_data(symbology, options)
    return lambda text: encode(uri(text, options))


def _code39(look: Look) -> str:
    """^B3 adds start, stop and, where told, the check character."""
    ratio, check = look.options.ratio or 3, "Y" if look.options.check_character else "N"
    return f"{look.at(ratio)}^B3{look.orientation},{check},{look.height},N,N"


def _code39_data(symbology: Symbology, options: Options) -> Encoder:
    return lambda text: None if _CODE39_MODES.search(text) else escape(text)


def _code93(look: Look) -> str:
    return f"{look.at()}^BA{look.orientation},{look.height},N,N,N"


def _code93_data(symbology: Symbology, options: Options) -> Encoder:
    return lambda text: text if _CODE93.fullmatch(text) else None


def _itf14(look: Look) -> str:
    return f"{look.at(look.options.ratio or 3)}^B2{look.orientation},{look.height},N,N,N"


def _shown_digits(symbology: Symbology, options: Options) -> Encoder:
    """All digits with their check digit, as the HRI has them."""
    return lambda text: "".join([one.text for one in symbology.captions(text, options)])


def _square(look: Look) -> str | None:
    """^BX with ECC 200, as small as the data allows, and _ as its own escape character.

    Its default is ~ in new firmware and _ in old, so it is always said.
    """
    if look.options.shape != "square":
        return None
    return f"^FO{look.x},{look.y}^BX{look.orientation},{look.module},200,,,,_"


def _datamatrix_data(symbology: Symbology, options: Options) -> Encoder:
    def encode(text: str) -> str | None:
        if not (text.isascii() and text.isprintable()):
            return None
        return _square_data("", text, side=symbology.size(text, options)[0])

    return encode


def _gs1_datamatrix_data(symbology: Symbology, options: Options) -> Encoder:
    def encode(text: str) -> str | None:
        elements = _gs1.parse(text, title=symbology.TITLE)
        carried = _gs1.carried(elements, separator=_gs1.GS)
        return _square_data(_gs1.GS, carried, side=symbology.size(text, options)[0])

    return encode


def _square_data(first: str, text: str, *, side: int) -> str | None:
    """Data of ^BX, GS as FNC1; None where only a clever choice of modes fits it into that square.

    In ASCII encodation, which every printer has, a pair of digits is one codeword.
    """
    data = first + text
    if len(_DIGIT_PAIR.sub("0", data)) > _datamatrix.data_codewords(side):
        return None
    return escape(data.replace("_", "__").replace(_gs1.GS, "_1"))


_NATIVE: Mapping[str, Native] = {
    "code128": Native(start=_code128, encoder=_in_code_sets, quick=_quick_code128),
    "gs1_128": Native(start=_code128, encoder=_in_code_sets),
    "code39": Native(start=_code39, encoder=_code39_data),
    "code93": Native(start=_code93, encoder=_code93_data),
    "itf14": Native(start=_itf14, encoder=_shown_digits),
    "datamatrix": Native(start=_square, encoder=_datamatrix_data),
    "gs1_datamatrix": Native(start=_square, encoder=_gs1_datamatrix_data),
    "gs1_digital_link": Native(start=_qr, encoder=_digital_link),
    "qr": Native(start=_qr, encoder=_qr_data, quick=_quick_qr),
}
