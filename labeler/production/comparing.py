"""Our drawing of a label beside an independent one of the ZPL that a printer would get.

The independent engine is zplkit, which knows nothing of this program: what both draw alike, a
printer very likely prints so. Its licence (OSL-3.0) is not one that the service may depend on, so
it is an extra that people install themselves.
"""

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib import metadata
from typing import TYPE_CHECKING

from PIL import Image

from labeler.errors import NOT_SUPPORTED, UNPRINTABLE, Refusal
from printers import comparing, languages, layout
from printers.comparing import Comparison
from printers.device import Device
from printers.errors import Unprintable
from printers.handling import Handling
from printers.label import Label, Rfid
from printers.layout import raster
from printers.layout.marks import Rectangle, Symbol

if TYPE_CHECKING:
    from types import ModuleType

_MODEL = "zd621"
"""The printer that the engine stands in for; models differ in where a QR code lies."""
_NO_INK = re.compile(rb"\^(?:MU|JZ|MD|PQ|MN|MM|PR|RS)[^\^~\r\n]*")
"""Commands that draw nothing and that the engine refuses. No data can look like one: escaped, it
has no caret."""


def compare(label: Label, values: Mapping[str, str], *, device: Device) -> Comparison:
    """Return our drawing and the engine's of the same label, and what differs.

    Compared is ink: how stock is handled and what a tag holds draws nothing. Refuses what cannot
    be printed (4001), and everything where the engine is not installed or cannot draw it (9008).
    """
    engine = _engine()
    inked = replace(
        label,
        elements=tuple(one for one in label.elements if not isinstance(one, Rfid)),
        handling=Handling(),
    )
    bare = replace(device, handling=Handling())
    try:
        form = layout.place(inked, device=bare)
        boxes = list(_boxes(form, values))
        drawn = {
            name: languages.load(name).compile(inked, device=bare).render(values)
            for name in ("png", "zpl")
        }
    except Unprintable as error:
        raise Refusal(
            UNPRINTABLE, str(error), hint="Correct the template or the values."
        ) from error
    ours = Image.open(io.BytesIO(drawn["png"])).convert("L")
    version = metadata.version("zplkit")
    titles = ("this program's drawing", f"its ZPL, drawn by zplkit {version}")
    return comparing.compare(ours, _draw(engine, drawn["zpl"], bare), symbols=boxes, titles=titles)


def png(comparison: Comparison) -> bytes:
    """Return the picture of a comparison as a file."""
    target = io.BytesIO()
    comparison.picture.save(target, format="PNG")
    return target.getvalue()


def _boxes(form: layout.Form, values: Mapping[str, str]) -> Iterator[Rectangle]:
    for mark in (*form.fixed, *form.marks(values)):
        if isinstance(mark, Symbol):
            yield raster.picture(mark).box


def _engine() -> "ModuleType":
    try:
        import zplkit
    except ImportError as missing:
        raise Refusal(
            NOT_SUPPORTED,
            "A label is compared with a drawing by zplkit, which is not installed here.",
            hint="Install it beside this program: pip install zplkit.",
        ) from missing
    return zplkit


def _draw(engine: "ModuleType", zpl: bytes, device: Device) -> Image.Image:
    try:
        drawing = engine.render(
            _NO_INK.sub(b"", zpl), engine.Options(profile=_MODEL, dpi=device.dpi)
        )
    except ValueError as error:
        raise Refusal(
            NOT_SUPPORTED,
            f"zplkit cannot draw the ZPL of this label: {error}.",
            hint="Look at the label as zpl and png instead, or print it.",
        ) from error
    dots = drawing.labels[0].rasterize()
    return Image.frombytes("L", (dots.width, dots.height), dots.pixels)
