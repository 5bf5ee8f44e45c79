"""Labels as machines that are not ours see them."""

import re

import zxingcpp
from PIL import Image
from zxingcpp import BarcodeFormat, BarcodeFormats

from printers import layout
from printers.device import Device
from printers.layout.marks import Mark, Symbol
from tests.printers.pictures import picture
from tests.printers.proof.expecting import Read
from tests.printers.proof.labels import Filled
from tests.printers.witness.decoders import decode_dmtx, decode_zbar
from tests.printers.witness.zpl_js import render_zpl_js

LANGUAGES = ("pdf", "png", "svg", "tspl", "zpl")
_DOTS_PER_MM = {203: 8, 300: 12, 600: 24}
_FORMATS = BarcodeFormats(
    [
        *(
            BarcodeFormat.AllMatrix,
            BarcodeFormat.AllRetail,
            BarcodeFormat.PDF417,
            BarcodeFormat.ITF,
        ),
        *(
            BarcodeFormat.Code128,
            BarcodeFormat.Code93,
            BarcodeFormat.Codabar,
            BarcodeFormat.DataBar,
        ),
        BarcodeFormat.Code39Std,
    ]
)
"""All that is found by default, but Code 39 as it stands: to a reader of full ASCII +A is an a."""
_SYMBOL = re.compile(rb"\^(B[A-Z0-9])[^\^]*\^FH\^FD([^\^]*)\^FS")
_ZBAR = {
    "code128": "CODE-128",
    "gs1_128": "CODE-128",
    "code39": "CODE-39",
    "code93": "CODE-93",
    "itf14": "I2/5",
    "ean13": "EAN-13",
    "ean8": "EAN-8",
    "qr": "QR-Code",
    "gs1_qr": "QR-Code",
    "gs1_digital_link": "QR-Code",
}
_SPARE_DOTS = 2


def device(dpi: int, row: object) -> Device:
    """A printer that the model of our tests can be: its own font ends with ASCII."""
    return Device(dpi=dpi, characters="ascii" if not str(row).isascii() else "latin-1")


def read(seen: Image.Image) -> list[Read]:
    """Every symbol in a picture, of whatever kind, sorted."""
    found = zxingcpp.read_barcodes(seen, formats=_FORMATS)
    return sorted(
        (str(one.format), one.bytes, one.symbology_identifier)
        for one in found
        if not _is_one_line(one.position)
    )


def _is_one_line(where: zxingcpp.Position) -> bool:
    """Whether it is as high as a pixel: zeros in a row look like an EAN-13 to one line of scan."""
    across = abs(where.top_left.x - where.bottom_left.x)
    return across + abs(where.top_left.y - where.bottom_left.y) <= 1


def scanned(one: Filled, language: str, given: Device) -> list[Read]:
    """Every symbol on the label, printed or shown."""
    return read(picture(language, one.render(language, given), dpi=given.dpi))


def is_drawn_alike(document: bytes) -> bool:
    """Whether the second ZPL engine is known to draw all symbols of a document right.

    Its faults (measured): Code 128 that changes from set B to C, or has an invocation for one of
    > ^ ~; ^BX with a doubled escape character; Code 39 with a check character; no Code 93.
    """
    for command, data in _SYMBOL.findall(document):
        if command == b"BC" and (b">5" in data or b">0" in data or b"><" in data or b">=" in data):
            return False
        if command == b"BX" and b"_5F_5F" in data:
            return False
        if command in {b"B3", b"BA"}:
            return False
    return True


def picture_js(document: bytes, *, size: tuple[int, int], dpi: int) -> Image.Image:
    """The label by the second engine, which thinks in dots a millimetre."""
    per_mm = _DOTS_PER_MM[dpi]
    seen = render_zpl_js(document, size[0] / per_mm, size[1] / per_mm, per_mm)
    return seen.crop((0, 0, *size))


def marks(one: Filled, given: Device) -> list[Mark]:
    """All marks of a label."""
    form = layout.place(one.label, device=given)
    return [*form.fixed, *form.marks(one.row)]


def second_readings(one: Filled, seen: Image.Image, given: Device) -> list[tuple[str, bytes]]:
    """Symbology and data of each symbol, as a decoder reads it that is not zxing-cpp.

    Each is given its symbol with the quiet zone alone. None reads PDF417 and Aztec; and zbar takes
    UPC-A for EAN-13.
    """
    found = []
    for mark in marks(one, given):
        if not isinstance(mark, Symbol):
            continue
        name = mark.symbology.NAME
        left, top, width, height = layout.covered(mark)
        box = (left, top - _SPARE_DOTS, left + width, top + height + _SPARE_DOTS)
        alone = seen.crop(box)
        if name in {"datamatrix", "gs1_datamatrix"}:
            [(_, data)] = decode_dmtx(alone) or [("", b"")]
            found.append((name, data))
        elif name in _ZBAR:
            [(kind, data)] = decode_zbar(alone) or [("", b"")]
            found.append((name, data if kind == _ZBAR[name] else f"{kind}: {data!r}".encode()))
    return sorted(found)
