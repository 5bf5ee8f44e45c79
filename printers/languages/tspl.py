"""TSPL and TSPL2, the language of TSC's printers and of many others.

A label is ink and nothing else: BAR and BITMAP, at the dots of its marks. No command that carries
text is used (TEXT, BARCODE, QRCODE), so nothing that a value says can become a command, and what a
printer's fonts or its choice of code sets would make of a value is no question
(docs/decisions/0024-tspl.md). Every label states all it depends on.

Printers answer questions in this language, too; but how many labels one has printed it does not
say over every line, and without that number an answer proves nothing. So REPLIES is False.
"""

from collections.abc import Mapping, Sequence

from printers import layout
from printers.device import Device
from printers.errors import Unprintable
from printers.handling import Handling
from printers.label import Label, Rfid
from printers.languages import _tspl_ink, _tspl_setup

NAME = "tspl"
SUFFIX = ".tspl"
MEDIA_TYPE = "application/vnd.tsc-tspl"
REPLIES = False
LABELS_PER_DOCUMENT_MAX = None


class Compiled:
    """A form whose fixed ink is written already."""

    def __init__(self, label: Label, form: layout.Form) -> None:
        self._form = form
        self._size = (form.width, form.height)
        self._head = _tspl_setup.head(label, form.handling)
        self._tail = _tspl_setup.tail(form.handling)
        fixed = _tspl_ink.of(form.fixed, size=self._size)
        self._bars = _tspl_ink.bars(fixed.rectangles)
        self._pictures = _tspl_ink.apart(fixed.pictures, size=self._size)
        self._written = {one: _tspl_ink.bitmap(one) for one in self._pictures}

    def check(self, values: Mapping[str, str]) -> None:
        """Raise Unprintable exactly when ``render`` would."""
        self._form.check(values)

    def render(self, values: Mapping[str, str]) -> bytes:
        """One label, SIZE to PRINT: first the pictures, which overwrite, then the bars."""
        ink = _tspl_ink.of(self._form.marks(values), size=self._size)
        pictures = _tspl_ink.apart([*self._pictures, *ink.pictures], size=self._size)
        bitmaps = [self._written.get(one) or _tspl_ink.bitmap(one) for one in pictures]
        drawn = b"".join([*bitmaps, self._bars, _tspl_ink.bars(ink.rectangles)])
        return self._head + drawn + self._tail

    def document(self, rows: Sequence[Mapping[str, str]]) -> bytes:
        """The labels one after the other."""
        return b"".join([self.render(values) for values in rows])


def compile(label: Label, *, device: Device) -> Compiled:  # noqa: A001
    """The label's form; Unprintable if the label itself cannot be printed."""
    if any(isinstance(element, Rfid) for element in label.elements):
        raise Unprintable(
            f"Label {label.name!r} writes an RFID tag: expected ink only, since no tag is written "
            "in TSPL; print it with a printer whose language is zpl, or remove the element."
        )
    return Compiled(label, layout.place(label, device=device))


def calibration(handling: Handling) -> bytes | None:
    """Measure labels and what is between them (TSPL manual, GAPDETECT, BLINEDETECT, AUTODETECT).

    None for continuous stock, which has nothing that a sensor could find.
    """
    command = _tspl_setup.DETECT[handling.tracking]
    return command + _tspl_setup.END if command else None
