"""The unit label of these tests, and ways to see what a language drew."""

import io
import re
from collections.abc import Mapping

import pypdfium2
import zplkit
import zxingcpp
from PIL import Image

from printers import languages
from printers.device import Device
from printers.label import Barcode, Box, Content, Field, Label, Line, Text
from tests.printers.rendering import drawing
from tests.printers.witness import tspl

DPI = 203
SERIAL: Content = (Field("serial"),)
UNIT_VALUES = {"serial": "AC-0001234"}

UNIT = Label(
    name="unit",
    width_mm=70,
    height_mm=40,
    elements=(
        Box(x_mm=1, y_mm=1, width_mm=68, height_mm=38, thickness_mm=0.4),
        Text(x_mm=3, y_mm=2.5, content=("Hydraulic pump HP-200",), size_mm=4.5, bold=True),
        Line(x_mm=1, y_mm=8, length_mm=68, thickness_mm=0.3),
        Text(x_mm=3, y_mm=9.5, content=("GTIN 04006381333931",), size_mm=3),
        Text(x_mm=3, y_mm=13.5, content=("SN ", Field("serial")), size_mm=4),
        Text(x_mm=40, y_mm=9.5, content=("Lot 47",), size_mm=3, align="right", width_mm=27),
        Barcode(
            x_mm=4,
            y_mm=19.5,
            symbology="code128",
            content=SERIAL,
            x_dimension_mm=0.25,
            height_mm=12,
            hri=True,
        ),
        Barcode(
            x_mm=52,
            y_mm=15,
            symbology="qr",
            content=("https://id.example/01/04006381333931/21/", Field("serial")),
            x_dimension_mm=0.5,
        ),
        Text(
            x_mm=3,
            y_mm=35.2,
            content=("Made in Austria",),
            size_mm=2.5,
            align="center",
            width_mm=64,
        ),
    ),
)

WIDE = Label(
    name="wide",
    width_mm=250,
    height_mm=60,
    elements=(
        Text(x_mm=5, y_mm=3, content=SERIAL, size_mm=3),
        Text(x_mm=5, y_mm=8, content=SERIAL, size_mm=3, align="center", width_mm=240),
        Barcode(
            x_mm=10,
            y_mm=14,
            symbology="code128",
            content=SERIAL,
            x_dimension_mm=0.25,
            height_mm=10,
        ),
        Barcode(x_mm=10, y_mm=30, symbology="qr", content=SERIAL, x_dimension_mm=0.5),
    ),
)
"""Room for every odd value, as text, Code 128 and QR."""


def picture(language: str, document: bytes, *, dpi: int = DPI) -> Image.Image:
    """What a printer, a PDF viewer or an image viewer would show of the first label."""
    if language == "zpl":
        options = zplkit.Options(profile="zd621", dpi=dpi)
        drawn = zplkit.render(without_media(document), options)
        raster = drawn.labels[0].rasterize()
        return Image.frombytes("L", (raster.width, raster.height), raster.pixels)
    if language == "pdf":
        page = pypdfium2.PdfDocument(document)[0]
        seen: Image.Image = page.render(scale=dpi / 72).to_pil().convert("L")
        return seen
    if language == "tspl":
        return tspl.labels(document, dpi=dpi)[0].convert("L")
    if language == "svg":
        return drawing(document, dpi=dpi)
    return Image.open(io.BytesIO(document)).convert("L")


def without_media(document: bytes) -> bytes:
    """ZPL labels without the line about stock, and without what is written into tags.

    The printer's model of these tests draws, and refuses commands that draw nothing.
    """
    return re.sub(rb"(?<=\^XA\n)\^JZ.*\n|\^RS.*\n", b"", document)


def draw(language: str, label: Label, values: Mapping[str, str], *, dpi: int = DPI) -> Image.Image:
    """The label through one language, seen."""
    compiled = languages.load(language).compile(label, device=Device(dpi=dpi))
    return picture(language, compiled.render(values), dpi=dpi)


def scan(seen: Image.Image) -> list[tuple[str, str]]:
    """Format and text of every symbol in a picture, sorted."""
    found = zxingcpp.read_barcodes(seen)
    return sorted((str(symbol.format), symbol.text) for symbol in found)


def modules_picture(rows: tuple[str, ...], *, scale: int = 3, height: int = 1) -> Image.Image:
    """A symbol alone, with a quiet zone of ten modules."""
    size = (len(rows[0]), len(rows))
    symbol = Image.new("L", size)
    symbol.putdata([0 if module == "1" else 255 for row in rows for module in row])
    symbol = symbol.resize((size[0] * scale, size[1] * scale * height), Image.Resampling.NEAREST)
    page = Image.new("L", (symbol.width + 20 * scale, symbol.height + 20 * scale), 255)
    page.paste(symbol, (10 * scale, 10 * scale))
    return page
