"""Pictures of ZPL: read whole, checked against the length they declare, and written anew.

A picture that a file first downloads (~DG) and then recalls (^XG) is drawn in place (^GF), so that
nothing depends on what the printer remembers. Source: ZPL II Programming Guide, ^GF, ~DG, ~DY,
^XG, ^IM and "Alternative Data Compression Scheme for ~DG and ~DB".
"""

import base64
import binascii
import re
import zlib
from dataclasses import dataclass

from PIL import Image

from printers.designs.tokens import Token
from printers.errors import Unprintable

_BYTES_MAX = 2_097_152
"""6 x 6 inches at 600 dpi need 1.6 million."""
_SPACE = re.compile(rb"\s+")
_PACKED = re.compile(rb":(Z64|B64):([A-Za-z0-9+/=]*):([0-9A-Fa-f]{4})")
_HEX = re.compile(rb"[0-9A-Fa-f]*")
_ONES, _TWENTIES = b"GHIJKLMNOPQRSTUVWXY", b"ghijklmnopqrstuvwxyz"
_NAME = re.compile(r"(?:([A-Z]):)?([^:.]{1,16})(?:\.([A-Z0-9]{1,3}))?")


@dataclass(frozen=True, kw_only=True)
class Bitmap:
    """Rows of dots, eight in a byte; a one is black."""

    row_bytes: int
    rows: bytes

    def command(self) -> str:
        """The ^GF that draws it, deflated: a tenth of its hexadecimal digits."""
        text = base64.b64encode(zlib.compress(self.rows, 9))
        count = len(self.rows)
        # CRC-16 with polynomial 0x1021 and start 0, over the text and not over what it stands for.
        check = binascii.crc_hqx(text, 0)
        return f"^GFA,{count},{count},{self.row_bytes},:Z64:{text.decode()}:{check:04X}"

    def enlarged(self, across: int, down: int) -> "Bitmap":
        """Each dot as that many."""
        if (across, down) == (1, 1):
            return self
        width, height = self.row_bytes * 8, len(self.rows) // self.row_bytes
        image = Image.frombytes("1", (width, height), self.rows)
        large = image.resize((width * across, height * down), Image.Resampling.NEAREST)
        return Bitmap(row_bytes=self.row_bytes * across, rows=large.tobytes())


def object_name(token: Token, text: str, *, extension: str) -> str:
    """The name of a stored object in full: R:LOGO.GRF."""
    found = _NAME.fullmatch(text.strip().upper())
    if found is None:
        raise Unprintable(
            f"{token.where}: {token.name} names the object {text.strip()[:40]!r}: expected a name "
            "like R:LOGO.GRF; export the design again."
        )
    return f"{found[1] or 'R'}:{found[2]}.{found[3] or extension}"


def inline(token: Token) -> Bitmap:
    """The picture of a ^GF."""
    parts = token.data.split(b",", 4)
    kind = parts[0].strip().upper()
    if len(parts) < 5 or kind not in (b"A", b"B"):
        raise Unprintable(
            f"{token.where}: ^GF of kind {kind[:8].decode('latin-1')!r} with {len(parts)} parts: "
            "expected ^GFA or ^GFB with three numbers and data; export the design again."
        )
    total, row_bytes = _numbers(token, parts[2], parts[3])
    if kind == b"B":
        return Bitmap(row_bytes=row_bytes, rows=_whole(token, parts[4], total))
    return Bitmap(row_bytes=row_bytes, rows=_unpack(token, parts[4], total, row_bytes))


def download(token: Token) -> tuple[str, Bitmap]:
    """The name and the picture of a ~DG, or of a ~DY that brings one as ASCII."""
    parts = token.data.split(b",", 5 if token.name == "~DY" else 3)
    kinds = [one.strip().upper() for one in parts[1:3]]
    if len(parts) < 4 or (token.name == "~DY" and (kinds != [b"A", b"G"] or len(parts) < 6)):
        raise Unprintable(
            f"{token.where}: {token.name} brings no picture as hexadecimal digits: expected one; "
            "fonts and other files must already be in the printer, and pictures be ~DG or ^GFA."
        )
    name = object_name(token, parts[0].decode("latin-1"), extension="GRF")
    total, row_bytes = _numbers(token, *parts[-3:-1])
    return name, Bitmap(row_bytes=row_bytes, rows=_unpack(token, parts[-1], total, row_bytes))


def recalled(token: Token, downloads: dict[str, Bitmap]) -> Bitmap:
    """The picture that a ^XG or ^IM shows, which the file itself must have brought."""
    first, *scales = token.parameters
    name = object_name(token, first, extension="GRF")
    if name not in downloads:
        raise Unprintable(
            f"{token.where}: {token.name} shows {name}, which this file does not bring: expected a "
            "~DG of that name before it; export the design with its graphics."
        )
    across, down = ([*scales, "", ""])[:2] if token.name == "^XG" else ("1", "1")
    bitmap = downloads[name]
    if not re.fullmatch("([1-9]|10)?/([1-9]|10)?", f"{across}/{down}"):
        raise Unprintable(
            f"{token.where}: ^XG enlarges by {across!r} x {down!r}: expected 1 to 10 each; "
            "export the design again."
        )
    factors = int(across or 1), int(down or 1)
    if len(bitmap.rows) * factors[0] * factors[1] > _BYTES_MAX:
        raise Unprintable(
            f"{token.where}: ^XG makes {name} larger than {_BYTES_MAX} bytes: expected less; make "
            "it smaller."
        )
    return bitmap.enlarged(*factors)


def _numbers(token: Token, total_text: bytes, row_text: bytes) -> tuple[int, int]:
    numbers = [one.strip() for one in (total_text, row_text)]
    if all(re.fullmatch(rb"[0-9]{1,8}", one) for one in numbers):
        total, row_bytes = (int(one) for one in numbers)
        if 0 < row_bytes <= total <= _BYTES_MAX and total % row_bytes == 0:
            return total, row_bytes
    raise Unprintable(
        f"{token.where}: {token.name} says {total_text[:12]!r} bytes in rows of {row_text[:12]!r}: "
        f"expected whole rows and {_BYTES_MAX} bytes at most; export the design again."
    )


def _unpack(token: Token, data: bytes, total: int, row_bytes: int) -> bytes:
    text = _SPACE.sub(b"", data)
    packed = _PACKED.fullmatch(text)
    if packed is None:
        return _whole(token, _expand(token, text, total, row_bytes), total)
    if binascii.crc_hqx(packed[2], 0) != int(packed[3], 16):
        raise Unprintable(
            f"{token.where}: the picture's check sum is not {packed[3].decode()}: expected the one "
            "of its data; it was damaged, export the design again."
        )
    try:
        plain = base64.b64decode(packed[2], validate=True)
        if packed[1] == b"Z64":
            plain = zlib.decompressobj().decompress(plain, total + 1)
    except (binascii.Error, zlib.error):
        plain = b""
    return _whole(token, plain, total)


def _whole(token: Token, rows: bytes, total: int) -> bytes:
    if len(rows) != total:
        raise Unprintable(
            f"{token.where}: {token.name} declares {total} bytes and its data are not that long: "
            "expected as many; the file was cut or damaged, export the design again."
        )
    return rows


def _expand(token: Token, text: bytes, total: int, row_bytes: int) -> bytes:
    """Hexadecimal digits with counts (G to Y, g to z), row fillers (, and !) and repeats (:).

    Printers pass over what stands behind the last byte that was declared (manual, ^GF).
    """
    digits, row, count = bytearray(), row_bytes * 2, 0
    for code in text:
        if len(digits) >= total * 2:
            break
        if code in _ONES:
            count += _ONES.index(code) + 1
            continue
        if code in _TWENTIES:
            count += (_TWENTIES.index(code) + 1) * 20
            continue
        if code in b",!":
            digits += (b"0" if code == 0x2C else b"F") * (row - len(digits) % row)
        elif code == 0x3A:
            digits += digits[-row:] if digits else b"0" * row
        elif _HEX.fullmatch(bytes((code,))):
            digits += bytes((code,)) * min(count or 1, total * 2 - len(digits))
        else:
            raise Unprintable(
                f"{token.where}: the data of {token.name} hold {chr(code)!r}: expected hexadecimal "
                "digits and the letters that shorten them; export the design again."
            )
        count = 0
    return bytes.fromhex(digits[: len(digits) // 2 * 2].decode("ascii"))[:total]
