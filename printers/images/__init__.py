"""Picture files as black and white dots: PNG through Pillow, SVG through resvg.

A file is somebody's upload: its size is known before it is decoded, and an SVG is drawn in a
process of its own (``_svg.py``).
"""

import io
import struct

from PIL import Image

from printers.errors import Unprintable
from printers.images import _svg

PIXELS_MAX = 25_000_000
"""Of a file, and of the dots it is drawn on."""
_PNG = b"\x89PNG\r\n\x1a\n"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_WHITE = (255, 255, 255, 255)


def to_dots(
    data: bytes, *, name: str, room: tuple[int, int], rotation: int, dither: bool
) -> Image.Image:
    """The picture as large as its room takes once it is turned, mode "1", 0 black.

    Unprintable if the file cannot be drawn; ``name`` is what the sentence calls it.
    """
    if room[0] * room[1] > PIXELS_MAX:
        raise Unprintable(
            f"Image {name!r} has a room of {room[0]} x {room[1]} dots: expected {PIXELS_MAX} dots "
            "at most; make it smaller."
        )
    unturned = (room[1], room[0]) if rotation in (90, 270) else room
    if data.startswith(_PNG):
        grey = _fitted(_read_png(data, name=name), unturned)
    elif data.removeprefix(_BYTE_ORDER_MARK).lstrip().startswith(b"<"):
        grey = _grey(_open(_svg.png_of(data, name=name, room=unturned)))
    else:
        raise Unprintable(
            f"Image {name!r} is neither a PNG nor an SVG file: expected one of these; convert it."
        )
    drawn = grey.convert("1") if dither else grey.point(lambda level: 255 * (level >= 128), "1")
    if drawn.histogram()[0] == 0:
        raise Unprintable(
            f"Image {name!r} is white on all of its {drawn.width} x {drawn.height} dots: expected "
            "some black; choose a darker picture, or a larger room."
        )
    return _turned(drawn, rotation)


def _turned(drawn: Image.Image, rotation: int) -> Image.Image:
    turns = {
        90: Image.Transpose.ROTATE_270,
        180: Image.Transpose.ROTATE_180,
        270: Image.Transpose.ROTATE_90,
    }
    return drawn.transpose(turns[rotation]) if rotation else drawn


def _read_png(data: bytes, *, name: str) -> Image.Image:
    """The greys of a PNG file whose header says first that it is not too large."""
    if len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        if width * height > PIXELS_MAX:
            raise Unprintable(
                f"Image {name!r} has {width} x {height} pixels: expected {PIXELS_MAX} pixels at "
                "most; save it smaller."
            )
    try:
        return _grey(_open(data))
    except (OSError, SyntaxError, ValueError, struct.error) as trouble:
        reason = str(trouble).partition("\n")[0].partition(" <")[0]
        raise Unprintable(
            f"Image {name!r} cannot be read as a PNG file: expected a whole one, got {reason!r}; "
            "save it anew."
        ) from None


def _open(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data), formats=["PNG"])
    image.load()
    return image


def _grey(image: Image.Image) -> Image.Image:
    """Its greys on white paper."""
    if image.mode.startswith("I"):  # 16 bits a pixel: Pillow's own conversion would cut them off.
        return image.convert("I").point(lambda level: level / 257).convert("L")
    colours = image.convert("RGBA")
    paper = Image.new("RGBA", colours.size, _WHITE)
    return Image.alpha_composite(paper, colours).convert("L")


def _fitted(grey: Image.Image, room: tuple[int, int]) -> Image.Image:
    """The picture in its room's width or height, whichever is reached first."""
    scale = min(room[0] / grey.width, room[1] / grey.height)
    size = (max(1, round(grey.width * scale)), max(1, round(grey.height * scale)))
    return grey if size == grey.size else grey.resize(size, Image.Resampling.LANCZOS)
