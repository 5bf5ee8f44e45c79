"""The writer of zxing-cpp: bytes to modules (docs/decisions/0020-zxing-cpp-draws.md)."""

import zxingcpp
from zxingcpp import BarcodeFormat

from printers.errors import Unprintable

Choice = str | int | bool


class TooLong(ValueError):
    """The data does not fit the symbol that was asked for."""


def draw(data: bytes, symbol: BarcodeFormat, **choices: Choice) -> tuple[str, ...]:
    """The rows of a symbol of this data: ASCII as it is, anything else as UTF-8 behind its ECI.

    The ECI says UTF-8 to the reader, which would take Latin-1 otherwise (ISO/IEC 16022, 15438 and
    24778). TooLong where the data does not fit.
    """
    choices["eci"] = "0" if data.isascii() else "UTF-8"
    return _rows(data, symbol, choices)


def draw_gs1(elements: str, symbol: BarcodeFormat, **choices: Choice) -> tuple[str, ...]:
    """The same for GS1 data with square brackets around its AIs, which no value may hold."""
    return _rows(elements, symbol, {**choices, "gs1": True})


def _rows(
    content: bytes | str, symbol: BarcodeFormat, choices: dict[str, Choice]
) -> tuple[str, ...]:
    try:
        drawn = zxingcpp.create_barcode(content, symbol, **choices)
    except ValueError as error:
        if "too long" in str(error):
            raise TooLong(str(error)) from error
        raise Unprintable(
            f"{content!r} cannot be drawn as {symbol}: expected what zxing-cpp knows, and it says: "
            f"{error}; use another symbology."
        ) from error
    image = drawn.to_image(scale=1, add_hrt=False, add_quiet_zones=False)
    height, width = image.shape
    dots = memoryview(image)  # type: ignore[arg-type]  # Its stub does not say that it is a buffer.
    modules = dots.tobytes().translate(_MODULES).decode("ascii")
    return tuple(modules[at : at + width] for at in range(0, width * height, width))


_MODULES = bytes(ord("0") if dot else ord("1") for dot in range(256))
"""A dark dot of the picture is 0."""
