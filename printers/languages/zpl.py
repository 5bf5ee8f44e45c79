"""ZPL II, the language of Zebra's printers and of many others.

Every label is absolute: it states all it depends on, since settings outlive a job
(``_zpl_state.py``). What the printer draws exactly as we would is said in its own commands; all
else is sent as dots (``_zpl_fields.py``, ``_zpl_symbols.py``, ``_zpl_graphics.py``). Three traps of
the language are met there and nowhere else:

- field data: ``escape`` is the only way into ^FD, and ^FH stands before it;
- ^BQ moves its symbol down by the height of the last ^BY: ^BY comes before every barcode;
- ^FB reads a backslash as an escape of its own: a text with one is sent as dots.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from printers import layout, replies
from printers.device import Device
from printers.handling import Handling
from printers.label import Label
from printers.languages import _zpl_fields, _zpl_state
from printers.languages._zpl_data import escape
from printers.languages._zpl_fields import DATA, END, Piece, Whole
from printers.languages._zpl_skeleton import Gap, Skeleton
from printers.languages._zpl_stored import Stored

__all__ = [
    "Compiled",
    "ask",
    "ask_label_count",
    "ask_status",
    "calibration",
    "compile",
    "escape",
    "forget_beginning",
]

NAME = "zpl"
SUFFIX = ".zpl"
MEDIA_TYPE = "application/vnd.zebra.zpl"
REPLIES = True
LABELS_PER_DOCUMENT_MAX = None

ask = replies.ask
ask_status = replies.ask_status
ask_label_count = replies.ask_label_count
forget_beginning = replies.forget_beginning

CHARACTERS = "^CI28"
"""UTF-8, which firmware knows from V60.14 and V50.14 on."""


class Compiled:
    """A form as fixed text with gaps; a label costs only its gaps."""

    def __init__(self, form: layout.Form) -> None:
        self._form = form
        self._media = _zpl_state.media(form.handling)
        self.copies = _zpl_state.copies(form.handling)
        fixed = "".join([_zpl_fields.draw(mark) for mark in form.fixed])
        self._body = CHARACTERS + _zpl_state.page(form) + fixed
        self._pieces = [piece for spot in form.variable for piece in _zpl_fields.pieces(spot)]
        start = f"^XA\n{self._media}{self._body}"
        self._skeleton = Skeleton([start, *_inline(self._pieces), "^XZ\n"])

    def check(self, values: Mapping[str, str]) -> None:
        """Raise Unprintable exactly when ``render`` would."""
        self._form.check(values)

    def render(self, values: Mapping[str, str]) -> bytes:
        """One label, ^XA to ^XZ."""
        return self._skeleton.fill(values) or self._render_marks(values)

    def document(self, rows: Sequence[Mapping[str, str]]) -> bytes:
        """The labels one after the other."""
        return b"".join([self.render(values) for values in rows])

    @cached_property
    def stored(self) -> Stored | None:
        """The form as a format that the printer keeps, or None if it has no field to keep."""
        if not self._form.fixed and all(isinstance(piece, Whole) for piece in self._pieces):
            return None
        return Stored(body=self._body, media=self._media, pieces=self._pieces, whole=self.render)

    def _render_marks(self, values: Mapping[str, str]) -> bytes:
        """The label mark by mark, for values that a gap cannot take."""
        fields = "".join([_zpl_fields.draw(mark) for mark in self._form.marks(values)])
        return f"^XA\n{self._media}{self._body}{fields}^XZ\n".encode("ascii")


def compile(label: Label, *, device: Device) -> Compiled:  # noqa: A001
    """The label's form; Unprintable if the label itself cannot be printed."""
    return Compiled(layout.place(label, device=device, commands=NAME))


def calibration(handling: Handling) -> bytes:
    """~JC: set the media sensor, whatever the stock is (ZPL II Programming Guide, ~JC)."""
    del handling
    return b"~JC"


def _inline(pieces: Sequence[Piece]) -> Iterator[str | Gap]:
    """Yield the fields of a label that states everything itself."""
    for piece in pieces:
        if isinstance(piece, Whole):
            yield Gap(exact=piece.fields)
            continue
        for start in piece.starts:
            yield start + DATA
            yield piece.data
            yield END
