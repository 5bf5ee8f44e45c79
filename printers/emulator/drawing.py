"""Pictures of what a virtual printer printed, where zplkit is installed.

zplkit draws ZPL and refuses what draws nothing, such as ^PQ or ^MM: these commands are left out,
one after the other, until it draws the rest. Its licence (OSL-3.0) is not one that a service may
depend on, so whoever wants pictures installs it: pip install zplkit.
"""

import io
import re
from dataclasses import dataclass

_LEFT_OUT_MAX = 40
_REFUSED = re.compile(r"unsupported command ([A-Z0-9@]{2})")

MISSING = "Pictures need zplkit, which is not installed: pip install zplkit."


class Undrawable(Exception):
    """There is no picture of this label; the sentence says why."""


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A label, seen."""

    png: bytes
    left_out: tuple[str, ...]
    """Commands that draw nothing, or that the engine does not know."""


def is_installed() -> bool:
    """Whether labels can be drawn here."""
    try:
        import zplkit  # noqa: F401 - whether it is there is all we ask
    except ImportError:
        return False
    return True


def draw(label: bytes, *, dpi: int) -> Drawing:
    """Draw one label, ^XA to ^XZ, as a PNG of black and white dots; Undrawable where that fails."""
    try:
        import zplkit
    except ImportError as missing:
        raise Undrawable(MISSING) from missing
    # Models differ in where a QR code lies: this is one that is sold today.
    options = zplkit.Options(profile="zd621", dpi=dpi)
    left_out: list[str] = []
    while True:
        try:
            drawn = zplkit.render(label, options).labels
        except ValueError as error:
            refused = _REFUSED.search(str(error))
            if refused is None or len(left_out) >= _LEFT_OUT_MAX or refused[1] in left_out:
                raise Undrawable(f"zplkit cannot draw it: {error}.") from error
            left_out.append(refused[1])
            label = _without(refused[1], label)
            continue
        if not drawn:
            raise Undrawable("There is nothing to draw on it.")
        dots = drawn[0].rasterize()
        png = _png(dots.pixels, size=(dots.width, dots.height))
        return Drawing(png=png, left_out=tuple(left_out))


def _without(command: str, label: bytes) -> bytes:
    """The label without a command and its parameters."""
    pattern = rb"\^" + re.escape(command.encode("ascii")) + rb"[^\^~\r\n]*"
    return re.sub(pattern, b"", label, flags=re.IGNORECASE)


def _png(pixels: bytes, *, size: tuple[int, int]) -> bytes:
    from PIL import Image

    target = io.BytesIO()
    # Dots are ink or not: one bit each makes the file an eighth of it.
    Image.frombytes("L", size, pixels).convert("1", dither=Image.Dither.NONE).save(target, "PNG")
    return target.getvalue()
