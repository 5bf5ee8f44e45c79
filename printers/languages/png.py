"""PNG, black and white, a pixel a dot of the printer: the reference of what a label looks like."""

import io
from collections.abc import Mapping, Sequence

from PIL import Image

from printers import layout
from printers.device import Device
from printers.label import Label
from printers.layout import raster

NAME = "png"
SUFFIX = ".png"
MEDIA_TYPE = "image/png"
REPLIES = False
LABELS_PER_DOCUMENT_MAX = 1


class Compiled:
    """A form whose fixed marks are drawn already."""

    def __init__(self, form: layout.Form) -> None:
        self._form = form
        self._fixed = Image.new("1", (form.width, form.height), raster.WHITE)
        for mark in form.fixed:
            raster.draw(self._fixed, mark)

    def check(self, values: Mapping[str, str]) -> None:
        """Raise Unprintable exactly when ``render`` would."""
        self._form.check(values)

    def render(self, values: Mapping[str, str]) -> bytes:
        """One picture; its metadata tells the resolution."""
        picture = self._fixed.copy()
        for mark in self._form.marks(values):
            raster.draw(picture, mark)
        dpi = self._form.device.dpi
        target = io.BytesIO()
        picture.save(target, format="PNG", dpi=(dpi, dpi))
        return target.getvalue()

    def document(self, rows: Sequence[Mapping[str, str]]) -> bytes:
        """The picture of the only row."""
        if len(rows) != 1:
            raise ValueError(
                f"A PNG file of {len(rows)} labels was asked for: expected exactly 1; use the "
                "language pdf for many labels in one file."
            )
        return self.render(rows[0])


def compile(label: Label, *, device: Device) -> Compiled:  # noqa: A001
    """The label's form; Unprintable if the label itself cannot be printed."""
    return Compiled(layout.place(label, device=device))
