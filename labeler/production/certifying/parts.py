"""What a certificate is drawn of: its type, its colours, a label's picture, a QR code."""

import io
from functools import cache, lru_cache
from typing import Final, Literal

import qrcode
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, Paragraph
from typing_extensions import override

from printers import fonts

INK: Final = HexColor(0x14181D)
MUTED: Final = HexColor(0x5F6A76)
RULE: Final = HexColor(0xC9D0D6)
TINT: Final = HexColor(0xF3F5F7)
WARNING: Final = HexColor(0xA3290F)
GOOD: Final = HexColor(0x1E6B3A)

MARGIN: Final = 17 * mm
WIDTH: Final = A4[0] - 2 * MARGIN
"""Of what is drawn on a page."""
_STRIKE: Final = 2.4 * mm
Align = Literal[0, 1, 2]
"""Left, centred, right."""
LEFT: Final[Align] = 0
RIGHT: Final[Align] = 2
_FACES: Final = {
    "certificate": "DejaVuSansCondensed.ttf",
    "certificate-bold": "DejaVuSansCondensed-Bold.ttf",
    "certificate-mono": "DejaVuSansMono.ttf",
}


@cache
def load_fonts() -> None:
    """Let the drawing library know our fonts, once in a process."""
    for name, file in _FACES.items():
        pdfmetrics.registerFont(TTFont(name, str(fonts.FOLDER / file)))


@lru_cache(maxsize=64)
def style(
    size: float, *, bold: bool = False, mono: bool = False, color: Color = INK, align: Align = 0
) -> ParagraphStyle:
    """Return how text is set; sizes are in points."""
    load_fonts()
    name = "certificate-bold" if bold else "certificate-mono" if mono else "certificate"
    return ParagraphStyle(
        f"{name}-{size}",
        fontName=name,
        fontSize=size,
        leading=size * 1.3,
        textColor=color,
        alignment=align,
        wordWrap="CJK" if mono else None,
    )


def text(content: object, wanted: ParagraphStyle) -> Paragraph:
    """Return plain text, whatever stands in it."""
    written = writable(str(content), bold=wanted.fontName == "certificate-bold")
    plain = written.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return Paragraph(plain, wanted)


def writable(content: str, *, bold: bool = False) -> str:
    r"""Return a text whose every character can be drawn: one that our font lacks by its number.

    A font draws the same box for all that it lacks, so two names would look alike.

    >>> writable("Zoë Łuk"), writable("lunch 日")
    ('Zoë Łuk', 'lunch \\u65E5')
    """
    face = fonts.BUNDLED.face("sans", bold=bold)
    return "".join(one if one.isspace() or face.covers(one) else _number(one) for one in content)


def _number(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"


class Picture(Flowable):
    """A label as large as its room, marked as a specimen: nobody is to cut it out and use it."""

    def __init__(self, png: bytes, *, width: float, height: float) -> None:
        super().__init__()
        self._reader = ImageReader(io.BytesIO(png))
        wide, high = self._reader.getSize()
        scale = min(width / wide, height / high)
        self._size = wide * scale, high * scale

    @override
    def wrap(self, *_: float) -> tuple[float, float]:
        """Return how large it is."""
        return self._size

    def draw(self) -> None:
        """Draw it."""
        wide, high = self._size
        self.canv.drawImage(self._reader, 0, 0, wide, high)
        self.canv.setStrokeColor(RULE)
        self.canv.setLineWidth(0.5)
        self.canv.rect(0, 0, wide, high)
        self.canv.saveState()
        self._strike(wide, high)
        self.canv.translate(wide / 2, high / 2)
        self.canv.rotate(24)
        self.canv.setFillColor(WARNING)
        self.canv.setFillAlpha(0.55)
        load_fonts()
        self.canv.setFont("certificate-bold", wide / 8)
        self.canv.drawCentredString(0, -wide / 24, "SPECIMEN")
        self.canv.restoreState()

    def _strike(self, wide: float, high: float) -> None:
        """Strike its codes through, so that no scanner takes them for those of a unit."""
        clip = self.canv.beginPath()
        clip.rect(0.5, 0.5, wide - 1, high - 1)
        self.canv.clipPath(clip, stroke=0)
        self.canv.setStrokeColor(HexColor(0xFFFFFF))
        self.canv.setLineWidth(0.3 * mm)
        for place in range(int((wide + high) / _STRIKE) + 1):
            x = place * _STRIKE
            self.canv.line(x, 0, x - high, high)


class Qr(Flowable):
    """A QR code with its quiet zone (ISO/IEC 18004, section 6.3.8), drawn as whole modules."""

    def __init__(self, content: str, *, size: float) -> None:
        super().__init__()
        code = qrcode.QRCode(border=4, error_correction=qrcode.constants.ERROR_CORRECT_M)
        code.add_data(content)
        code.make()
        self._rows = code.get_matrix()
        self._size = size

    @override
    def wrap(self, *_: float) -> tuple[float, float]:
        """Return how large it is."""
        return self._size, self._size

    def draw(self) -> None:
        """Draw the dark modules, neighbours of a row as one."""
        module = self._size / len(self._rows)
        path = self.canv.beginPath()
        for index, row in enumerate(self._rows):
            y = self._size - (index + 1) * module
            start = None
            for place, dark in enumerate([*row, False]):
                if dark and start is None:
                    start = place
                elif not dark and start is not None:
                    path.rect(start * module, y, (place - start) * module, module)
                    start = None
        self.canv.setFillColor(INK)
        self.canv.drawPath(path, stroke=0, fill=1)


class State(Flowable):
    """The state of the run, large, in a frame."""

    def __init__(self, word: str, *, color: Color) -> None:
        super().__init__()
        load_fonts()
        self._word, self._color = word.upper(), color
        self._wide = pdfmetrics.stringWidth(self._word, "certificate-bold", 17) + 8 * mm
        self.hAlign = "RIGHT"

    @override
    def wrap(self, *_: float) -> tuple[float, float]:
        """Return how large it is."""
        return self._wide, 11 * mm

    def draw(self) -> None:
        """Draw it."""
        self.canv.setStrokeColor(self._color)
        self.canv.setLineWidth(1.4)
        self.canv.roundRect(0, 0, self._wide, 11 * mm, 1.5 * mm)
        self.canv.setFillColor(self._color)
        self.canv.setFont("certificate-bold", 17)
        self.canv.drawCentredString(self._wide / 2, 3.5 * mm, self._word)
