"""Marks and spots as fields of a ZPL label."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

from printers.label import fields
from printers.languages import _zpl_graphics, _zpl_skeleton, _zpl_symbols
from printers.languages._zpl_data import escape, escape_ascii, escape_words
from printers.languages._zpl_skeleton import Gap, Values
from printers.layout.marks import Commands, Frame, Mark, Picture, Ring, Symbol, Tag, Words
from printers.layout.spots import Spot, SymbolSpot
from printers.layout.texts import TextSpot

DATA = "^FH^FD"
END = "^FS\n"
_BYTES_OF_96_BITS = 12


@dataclass(frozen=True, kw_only=True)
class Blank:
    """Fields of which only the data waits for values."""

    starts: tuple[str, ...]
    """Each up to its data; more than one where the same is struck twice."""
    data: Gap
    """What stands between ^FH^FD and ^FS."""


@dataclass(frozen=True, kw_only=True)
class Whole:
    """Fields that values may change in any way, or hide."""

    fields: Callable[[Values], str]


Piece = Blank | Whole


def draw(mark: Mark) -> str:
    """One mark as whole fields.

    A circle is always a graphic: ^GC draws it up to a dot beside the place where it is told to.
    """
    match mark:
        case Frame():
            return f"^FO{mark.x},{mark.y}^GB{mark.width},{mark.height},{mark.thickness}{END}"
        case Words():
            if not mark.is_native or "\\" in mark.text:
                return _zpl_graphics.draw(mark)
            return "".join([f"{start}{DATA}{escape(mark.text)}{END}" for start in _starts(mark)])
        case Symbol():
            start = _zpl_symbols.start(mark)
            data = _zpl_symbols.encoder(mark)(mark.text) if start else None
            if data is None:
                return _zpl_graphics.draw(mark)
            return f"{start}{DATA}{data}{END}"
        case Ring() | Picture():
            return _zpl_graphics.draw(mark)
        case Tag():
            return _tag(mark)
        case Commands():
            return mark.text
        case _:
            assert_never(mark)


def pieces(spot: Spot) -> list[Piece]:
    """A spot with as little as possible waiting for values."""
    if isinstance(spot, TextSpot) and spot.shown is None and spot.is_native and spot.is_plain:
        if escape_words(_own_text(spot), spot.device.characters) is not None:
            return [_text(spot)]
    elif isinstance(spot, SymbolSpot) and spot.shown is None:
        start = _zpl_symbols.start(spot)
        if start is not None and escape_ascii(_own_text(spot)) is not None:
            return _symbol(spot, start)
    return [Whole(fields=lambda values: "".join([draw(mark) for mark in spot.marks(values)]))]


def _own_text(spot: TextSpot | SymbolSpot) -> str:
    """What of a content no value changes: where it needs dots, every value does."""
    return "".join([part for part in spot.content if isinstance(part, str)])


def _text(spot: TextSpot) -> Piece:
    resolve, characters = spot.resolve, spot.device.characters
    quick = None if spot.must_fit else _zpl_skeleton.quick_filler(spot.content)
    data = Gap(
        exact=lambda values: escape_words(resolve(values), characters),
        quick=quick,
        names=fields(spot.content),
    )
    return Blank(starts=_starts(spot), data=data)


def _symbol(spot: SymbolSpot, start: str) -> list[Piece]:
    resolve, encode = spot.resolve, _zpl_symbols.encoder(spot)
    data = Gap(
        exact=lambda values: encode(resolve(values)),
        quick=_zpl_symbols.quick(spot),
        names=fields(spot.content),
    )
    found: list[Piece] = [Blank(starts=(start,), data=data)]
    if spot.caption is not None:
        # The HRI is centred under bars whose number depends on the data.
        def captions(values: Values) -> str:
            symbol = spot.symbol(resolve(values))
            return "".join([draw(mark) for mark in spot.captions(symbol)])

        found.append(Whole(fields=captions))
    return found


def _starts(line: Words | TextSpot) -> tuple[str, ...]:
    """^A0, and ^FB where the printer's own metrics must place the line in its room.

    ^FO is the top left of the line on the label, so a line that is turned by 180 or 270 degrees
    begins where its unknown length ends. The resident font has one weight: bold is the same line
    once more, a dot or so further along it.
    """
    letter = _zpl_symbols.ORIENTATION[line.rotation]
    block = ""
    if line.align != "left" or line.rotation in (180, 270):
        block = f"^FB{line.room},1,0,{line.align[0].upper()}"
    further = (0, max(1, round(line.size / 30))) if line.face.bold else (0,)
    is_upright = line.rotation in (90, 270)
    return tuple(
        f"^FO{line.x + (not is_upright) * by},{line.y + is_upright * by}"
        f"^A0{letter},{line.size},{line.size}{block}"
        for by in further
    )


def _tag(tag: Tag) -> str:
    """Write the EPC bank of a Gen 2 tag from word 2 on, behind its CRC and protocol control bits.

    A tag of 96 bits, as it leaves the factory, keeps its protocol control bits. For any other
    length memory bank A has the printer adjust them to it (manual, ^RF). Not tried on a printer.
    """
    size = len(tag.epc) // 2
    where = f"{size},1" if size == _BYTES_OF_96_BITS else f"{size},A"
    return f"^RS8^RFW,H,2,{where}{DATA}{tag.epc}{END}"
