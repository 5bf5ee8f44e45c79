"""PDF, a page a label, page size = label size, bars as vectors on the printer's dots.

Fixed contents are one form object that all pages share; the modules of a symbol are runs of dark
modules, merged into one path.
"""

import io
import re
import threading
from collections.abc import Mapping, Sequence

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from printers import fonts, layout
from printers.label import Label
from printers.layout import BarcodeSpot, BoxSpot, Spot, TextSpot

NAME = "pdf"
SUFFIX = ".pdf"
MEDIA_TYPE = "application/pdf"
REPLIES = False
LABELS_PER_DOCUMENT_MAX = None

_POINTS_PER_INCH = 72
_DARK_RUN = re.compile("1+")
_saving = threading.Lock()


class Compiled:
    """A form whose fixed contents are ready to be drawn."""

    def __init__(self, form: layout.Form) -> None:
        self._form = form
        self._fixed_bars = {
            spot: _bars(spot, {}, form.height)
            for spot in form.fixed
            if isinstance(spot, BarcodeSpot)
        }

    def check(self, values: Mapping[str, str]) -> None:
        """Raise Unprintable exactly when ``render`` would."""
        self._form.check(values)

    def render(self, values: Mapping[str, str]) -> bytes:
        """A document of one page."""
        return self.document([values])

    def document(self, rows: Sequence[Mapping[str, str]]) -> bytes:
        """A page a label; the same values give the same bytes."""
        if not rows:
            raise ValueError("A PDF document of 0 labels was asked for: expected at least one.")
        form = self._form
        scale = _POINTS_PER_INCH / form.dpi
        size = (form.width * scale, form.height * scale)
        target = io.BytesIO()
        canvas = Canvas(target, pagesize=size, pageCompression=1, invariant=1)
        canvas.setTitle(form.name)
        canvas.beginForm("fixed", 0, 0, form.width, form.height)
        for spot in form.fixed:
            self._draw(canvas, spot, {})
        canvas.endForm()
        for values in rows:
            canvas.addLiteral(f"{scale:.9f} 0 0 {scale:.9f} 0 0 cm")
            canvas.doForm("fixed")
            for spot in form.variable:
                if not layout.is_hidden(spot, values):
                    self._draw(canvas, spot, values)
            canvas.showPage()
        _save(canvas)
        return target.getvalue()

    def _draw(self, canvas: Canvas, spot: Spot, values: Mapping[str, str]) -> None:
        match spot:
            case BoxSpot():
                _draw_box(canvas, spot, self._form.height)
            case TextSpot():
                _draw_text(canvas, spot, spot.resolve(values), spot.width, self._form.height)
            case BarcodeSpot():
                bars = self._fixed_bars.get(spot) or _bars(spot, values, self._form.height)
                canvas.addLiteral(bars)
                if spot.caption:
                    text = spot.resolve(values)
                    width = spot.columns(text) * spot.module
                    _draw_text(canvas, spot.caption, text, width, self._form.height)


def compile(label: Label, *, dpi: int) -> Compiled:  # noqa: A001
    """The label's form; Unprintable if the label itself cannot be printed."""
    return Compiled(layout.place(label, dpi=dpi))


def _bars(spot: BarcodeSpot, values: Mapping[str, str], page_height: int) -> str:
    """One filled path for the whole symbol, in dots from the lower left corner."""
    module, height = spot.module, spot.height or spot.module
    path: list[str] = []
    for index, row in enumerate(spot.encode(spot.resolve(values))):
        lower = page_height - spot.y - index * module - height
        for run in _DARK_RUN.finditer(row):
            start, end = run.span()
            path.append(f"{spot.x + start * module} {lower} {(end - start) * module} {height} re")
    path.append("f")
    return "\n".join(path)


def _draw_text(canvas: Canvas, spot: TextSpot, text: str, width: int, page_height: int) -> None:
    canvas.setFont(fonts.face(spot.bold), spot.size)
    baseline = page_height - spot.y - spot.size * layout.BASELINE
    if spot.align == "center":
        canvas.drawCentredString(spot.x + width / 2, baseline, text)
    elif spot.align == "right":
        canvas.drawRightString(spot.x + width, baseline, text)
    else:
        canvas.drawString(spot.x, baseline, text)


def _draw_box(canvas: Canvas, spot: BoxSpot, page_height: int) -> None:
    lower = page_height - spot.y - spot.height
    if 2 * spot.thickness >= min(spot.width, spot.height):
        canvas.rect(spot.x, lower, spot.width, spot.height, stroke=0, fill=1)
        return
    canvas.setLineWidth(spot.thickness)
    canvas.rect(
        spot.x + spot.thickness / 2,
        lower + spot.thickness / 2,
        spot.width - spot.thickness,
        spot.height - spot.thickness,
    )


def _save(canvas: Canvas) -> None:
    """Finish the document without ASCII85, which makes it a quarter larger and slower.

    The library has no switch per document. The global one is set back before anybody else of this
    package can see it; a stranger's document saved meanwhile would only be smaller.
    """
    with _saving:
        before = rl_config.useA85
        rl_config.useA85 = 0
        try:
            canvas.save()
        finally:
            rl_config.useA85 = before
