"""Pictures of symbols, and what scanners that we did not write read in them."""

import subprocess
from pathlib import Path

import zxingcpp
from PIL import Image
from zxingcpp import BarcodeFormat, BarcodeFormats

from printers.symbologies import Modules, Options, QuietZone, Symbology

FORMATS = {
    "aztec": BarcodeFormat.Aztec,
    "code128": BarcodeFormat.Code128,
    "code39": BarcodeFormat.Code39Std,
    "code93": BarcodeFormat.Code93,
    "datamatrix": BarcodeFormat.DataMatrix,
    "ean13": BarcodeFormat.EAN13,
    "ean8": BarcodeFormat.EAN8,
    "gs1_128": BarcodeFormat.Code128,
    "gs1_datamatrix": BarcodeFormat.DataMatrix,
    "gs1_digital_link": BarcodeFormat.QRCode,
    "gs1_qr": BarcodeFormat.QRCode,
    "itf14": BarcodeFormat.ITF,
    "pdf417": BarcodeFormat.PDF417,
    "qr": BarcodeFormat.QRCode,
    "upca": BarcodeFormat.UPCA,
}


def draw(rows: Modules, quiet: QuietZone, *, scale: int = 3, height: int = 40) -> Image.Image:
    """The symbol with its quiet zone; bars are that many modules high."""
    if len(rows) == 1:
        rows = rows * height
        quiet = QuietZone(quiet.left, 5, quiet.right, 5)
    columns = len(rows[0])
    symbol = Image.frombytes(
        "L", (columns, len(rows)), "".join(rows).translate(_DOTS).encode("latin-1")
    )
    size = (columns + quiet.left + quiet.right, len(rows) + quiet.top + quiet.bottom)
    page = Image.new("L", size, 255)
    page.paste(symbol, (quiet.left, quiet.top))
    return page.resize((size[0] * scale, size[1] * scale), Image.Resampling.NEAREST)


_DOTS = {ord("1"): "\x00", ord("0"): "\xff"}


def picture(
    symbology: Symbology, text: str, options: Options, *, scale: int = 3, height: int = 40
) -> Image.Image:
    """The symbol of a text."""
    rows = symbology.encode(text, options)
    return draw(rows, symbology.QUIET_ZONE, scale=scale, height=height)


def zxing(name: str, seen: Image.Image) -> list[tuple[bytes, str]]:
    """Bytes and symbology identifier of all symbols of that kind, as zxing-cpp reads them."""
    found = zxingcpp.read_barcodes(
        seen,
        formats=BarcodeFormats(FORMATS[name]),
        try_rotate=False,
        try_downscale=False,
        try_invert=False,
    )
    return [(symbol.bytes, symbol.symbology_identifier) for symbol in found]


def zxing_pure(name: str, seen: Image.Image) -> bytes:
    """The bytes of a picture that holds nothing but one symbol; b"" if it cannot be read."""
    found = zxingcpp.read_barcode(
        seen,
        formats=BarcodeFormats(FORMATS[name]),
        try_rotate=False,
        try_downscale=False,
        try_invert=False,
        binarizer=zxingcpp.Binarizer.BoolCast,
        is_pure=True,
    )
    return found.bytes if found else b""


def zbar(name: str, seen: Image.Image, folder: Path) -> list[bytes]:
    """What zbarimg reads; it takes EAN-13 with a zero in front for UPC-A only if told to."""
    path = folder / "symbol.png"
    seen.save(path)
    options = ["-Sbinary", *(["-Supca.enable"] if name == "upca" else [])]
    command = ["zbarimg", "--quiet", "--raw", "--nodbus", *options, str(path)]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode in {0, 4}, done.stderr
    return [done.stdout] if done.stdout else []


def dmtx(seen: Image.Image, folder: Path) -> bytes:
    """What dmtxread reads, GS for FNC1."""
    path = folder / "symbol.png"
    seen.save(path)
    command = ["dmtxread", "-N1", "-m4000", "-G29", str(path)]
    done = subprocess.run(command, capture_output=True, check=False)
    return done.stdout
