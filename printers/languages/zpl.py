"""ZPL II, the language of Zebra's printers and of many others.

Every label is absolute: it states all it depends on, since settings outlive a job. Three traps of
the language are met here and nowhere else:

- field data: ``escape`` is the only way into ^FD, and ^FH stands before it;
- ^BQ moves its symbol down by the height of the last ^BY: ^BY comes before every barcode;
- ^FB reads a backslash as an escape of its own: it is doubled there, and only there.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from printers import layout, replies
from printers.label import Label
from printers.layout import BarcodeSpot, BoxSpot, Spot, TextSpot
from printers.symbologies import code128

NAME = "zpl"
SUFFIX = ".zpl"
MEDIA_TYPE = "application/vnd.zebra.zpl"
REPLIES = True
LABELS_PER_DOCUMENT_MAX = None

ask_status = replies.ask_status
ask_label_count = replies.ask_label_count

_PLAIN = re.compile(r"[ !-\[\]`-}]*")
_ESCAPED = tuple(
    chr(byte) if 0x20 <= byte <= 0x7E and chr(byte) not in "^~_\\" else f"_{byte:02X}"
    for byte in range(256)
)
_INVOCATIONS = {"^": "><", ">": ">0", "~": ">="}
_START = {"B": ">:", "C": ">;"}
_SWITCH = {"B": ">6", "C": ">5"}

Piece = str | Callable[[Mapping[str, str]], str]


class Compiled:
    """A form as fixed text with gaps; a label costs only its gaps."""

    def __init__(self, form: layout.Form) -> None:
        self._form = form
        self._parts, self._gaps = _merge(_pieces(form))

    def check(self, values: Mapping[str, str]) -> None:
        """Raise Unprintable exactly when ``render`` would."""
        self._form.check(values)

    def render(self, values: Mapping[str, str]) -> bytes:
        """One label, ^XA to ^XZ."""
        parts = self._parts.copy()
        for index, gap in self._gaps:
            parts[index] = gap(values)
        return "".join(parts).encode("ascii")

    def document(self, rows: Sequence[Mapping[str, str]]) -> bytes:
        """The labels one after the other."""
        return b"".join([self.render(values) for values in rows])


def compile(label: Label, *, dpi: int) -> Compiled:  # noqa: A001
    """The label's form; Unprintable if the label itself cannot be printed."""
    return Compiled(layout.place(label, dpi=dpi))


def escape(text: str) -> str:
    """Text for a ^FD behind ^FH, in ASCII: no byte of it can begin a command.

    Escaped are ^ ~ _ and the backslash, control characters (some are single-byte commands, manual
    appendix "Mirror character substitution") and all that is not ASCII, as UTF-8 for ^CI28.

    >>> escape("A^XZ_~é")
    'A_5EXZ_5F_7E_C3_A9'
    """
    if _PLAIN.fullmatch(text):
        return text
    return "".join([_ESCAPED[byte] for byte in text.encode()])


def _pieces(form: layout.Form) -> list[Piece]:
    found: list[Piece] = [
        f"^XA^CI28^PON^PMN^LRN^PW{form.width}^LL{form.height}^LH0,0\n",
    ]
    for spot in form.fixed:
        found += [piece if isinstance(piece, str) else piece({}) for piece in _draw(spot)]
    for spot in form.variable:
        pieces = _draw(spot)
        found += pieces if spot.shown is None else [_unless_hidden(spot, pieces)]
    return [*found, "^XZ\n"]


def _unless_hidden(spot: Spot, pieces: list[Piece]) -> Piece:
    def draw(values: Mapping[str, str]) -> str:
        if layout.is_hidden(spot, values):
            return ""
        return "".join([one if isinstance(one, str) else one(values) for one in pieces])

    return draw


def _merge(pieces: list[Piece]) -> tuple[list[str], list[tuple[int, Callable[..., str]]]]:
    """Neighbouring fixed pieces joined; the places of the others, with what fills them."""
    parts: list[str] = []
    gaps: list[tuple[int, Callable[..., str]]] = []
    for piece in pieces:
        if not isinstance(piece, str):
            gaps.append((len(parts), piece))
            parts.append("")
        elif parts and (not gaps or gaps[-1][0] != len(parts) - 1):
            parts[-1] += piece
        else:
            parts.append(piece)
    return parts, gaps


def _draw(spot: Spot) -> list[Piece]:
    match spot:
        case BoxSpot():
            return [f"^FO{spot.x},{spot.y}^GB{spot.width},{spot.height},{spot.thickness}^FS\n"]
        case TextSpot():
            return _draw_text(spot)
        case BarcodeSpot():
            symbol = _NATIVE[spot.symbology.NAME](spot)
            return [*symbol, *_draw_caption(spot, spot.caption)] if spot.caption else symbol


def _draw_text(spot: TextSpot) -> list[Piece]:
    """^A0 text; ^FB centres or right-aligns with the printer's own metrics.

    The resident font has one weight: bold is the same text once more, a dot or so to the right.
    """
    offsets = (0, max(1, round(spot.size / 30))) if spot.bold else (0,)
    pieces: list[Piece] = []
    for offset in offsets:
        start = f"^FO{spot.x + offset},{spot.y}^A0N,{spot.size},{spot.size}"
        if spot.align == "left":
            pieces += [f"{start}^FH^FD", lambda values: escape(spot.resolve(values)), "^FS\n"]
        else:
            pieces += [
                f"{start}^FB{spot.width},1,0,{spot.align[0].upper()}^FH^FD",
                lambda values: _escape_block(spot.resolve(values)),
                "^FS\n",
            ]
    return pieces


def _escape_block(text: str) -> str:
    return escape(text.replace("\\", "\\\\"))


def _draw_code128(spot: BarcodeSpot) -> list[Piece]:
    """^BC mode N with our own start and switch characters: the printer chooses nothing."""
    return [
        f"^BY{spot.module},3,{spot.height}^FO{spot.x},{spot.y}^BCN,{spot.height},N,N,N,N^FH^FD",
        lambda values: _invoke(spot.resolve(values)),
        "^FS\n",
    ]


def _invoke(text: str) -> str:
    """Code 128 data with invocation codes (manual, ^BC, table of special characters).

    >>> _invoke("AC-123456>")
    '>:AC->5123456>6>0'
    """
    parts: list[str] = []
    for code_set, run in code128.segments(text):
        parts.append(_SWITCH[code_set] if parts else _START[code_set])
        parts.append(run if code_set == "C" or run.isalnum() else _invoke_b(run))
    return "".join(parts)


def _invoke_b(run: str) -> str:
    return escape("".join([_INVOCATIONS.get(character, character) for character in run]))


def _draw_qr(spot: BarcodeSpot) -> list[Piece]:
    """^BQ model 2; the level and automatic input stand in the data, as the manual's ^BQ asks."""
    return [
        f"^BY2,3,1^FO{spot.x},{spot.y}^BQN,2,{spot.module}^FH^FD{spot.error_correction}A,",
        lambda values: escape(spot.resolve(values)),
        "^FS\n",
    ]


def _draw_caption(spot: BarcodeSpot, caption: TextSpot) -> list[Piece]:
    """The HRI, centred under bars whose number depends on the data."""
    start = f"^FO{caption.x},{caption.y}^A0N,{caption.size},{caption.size}^FB"

    def block(values: Mapping[str, str]) -> str:
        text = spot.resolve(values)
        return f"{spot.columns(text) * spot.module},1,0,C^FH^FD{_escape_block(text)}"

    return [start, block, "^FS\n"]


_NATIVE: dict[str, Callable[[BarcodeSpot], list[Piece]]] = {
    "code128": _draw_code128,
    "qr": _draw_qr,
}
"""Symbologies that the printer draws itself. One that is missing here cannot be compiled yet."""
