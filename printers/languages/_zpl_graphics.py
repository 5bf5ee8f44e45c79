r"""Dots as a ZPL graphic: ^GF with its data compressed, and a check over them.

Z64 is zlib, then Base64, then a CRC-16 of the Base64 text (manual, ^GF and "ZB64 encoding"); a
printer leaves out a graphic whose CRC is wrong. The CRC is CCITT's with an initial value of 0,
which Python's standard library has for BinHex.

>>> encode(b"\xff\x00")
':Z64:eNr7zwAAAgABAA==:2B80'
"""

import binascii
import zlib
from collections.abc import Iterator

from PIL import Image

from printers.layout import raster
from printers.layout.marks import Picture, Ring, Symbol, Words

_COMPRESSION = 9
_BYTES_MAX = 24_000
"""Of one ^GF. The manual ends it at 99,999 bytes; this asks less memory of a printer at a time."""


def draw(mark: Words | Symbol | Ring | Picture) -> str:
    """The fields of a mark that is sent as dots, trimmed to its ink; "" where it has none.

    Dots left of the label or above it are cut off: a field cannot begin there.
    """
    picture = raster.trimmed(raster.picture(mark))
    image, left, top = picture.image, max(0, -picture.x), max(0, -picture.y)
    if image.getextrema()[0] or left >= image.width or top >= image.height:
        return ""
    x, y = picture.x + left, picture.y + top
    return "".join(_bands(image.crop((left, top, *image.size)), x, y))


def _bands(image: Image.Image, x: int, y: int) -> Iterator[str]:
    """Yield the fields of an image, one below the other, since ^GF has an end."""
    row_bytes = (image.width + 7) // 8
    rows = max(1, _BYTES_MAX // row_bytes)
    for top in range(0, image.height, rows):
        band = image.crop((0, top, image.width, min(top + rows, image.height)))
        size = row_bytes * band.height
        data = encode(band.tobytes("raw", "1;I"))
        yield f"^FO{x},{y + top}^GFA,{size},{size},{row_bytes},{data}^FS\n"


def encode(data: bytes) -> str:
    """Bytes as Z64."""
    text = binascii.b2a_base64(zlib.compress(data, _COMPRESSION), newline=False)
    return f":Z64:{text.decode()}:{binascii.crc_hqx(text, 0):04X}"
