r"""Dots as a ZPL graphic: ^GF with its data compressed, and a check over them.

Z64 is zlib, then Base64, then a CRC-16 of the Base64 text (manual, ^GF and "ZB64 encoding"); a
printer leaves out a graphic whose CRC is wrong. The CRC is CCITT's with an initial value of 0,
which Python's standard library has for BinHex.

>>> encode(b"\xff\x00")
':Z64:eNr7zwAAAgABAA==:2B80'
"""

import binascii
import zlib

from printers.layout import raster
from printers.layout.marks import Picture, Ring, Symbol, Words

_COMPRESSION = 9


def draw(mark: Words | Symbol | Ring | Picture) -> str:
    """The field of a mark that is sent as dots, trimmed to its ink; "" where it has none.

    Dots left of the label or above it are cut off: a field cannot begin there.
    """
    picture = raster.trimmed(raster.picture(mark))
    image, left, top = picture.image, max(0, -picture.x), max(0, -picture.y)
    if image.getextrema()[0] or left >= image.width or top >= image.height:
        return ""
    image = image.crop((left, top, *image.size))
    row_bytes = (image.width + 7) // 8
    size = row_bytes * image.height
    data = encode(image.tobytes("raw", "1;I"))
    x, y = picture.x + left, picture.y + top
    return f"^FO{x},{y}^GFA,{size},{size},{row_bytes},{data}^FS\n"


def encode(data: bytes) -> str:
    """Bytes as Z64."""
    text = binascii.b2a_base64(zlib.compress(data, _COMPRESSION), newline=False)
    return f":Z64:{text.decode()}:{binascii.crc_hqx(text, 0):04X}"
