"""PDF, a page a label, or many labels on a sheet of stock; bars are vectors on the printer's dots.

Fixed contents are one form object that all labels share; the modules of a symbol are runs of dark
modules, merged into one path; text is text, in fonts that are embedded. A document is written while
it is drawn, and the same values give the same bytes.
"""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import BinaryIO

from printers import layout
from printers.device import Device
from printers.label import Label
from printers.languages._pdf_document import FORM, Document, Ink
from printers.languages._pdf_fonts import Fonts
from printers.sheets import Sheet, Stock

NAME = "pdf"
SUFFIX = ".pdf"
MEDIA_TYPE = "application/pdf"
REPLIES = False
LABELS_PER_DOCUMENT_MAX = None

Rows = Iterable[Mapping[str, str]]
Pages = Iterator[tuple[Ink, tuple[int, int]]]
"""What is on each page, and its size in dots."""


class Compiled:
    """A form whose fixed contents are drawn already."""

    def __init__(self, label: Label, form: layout.Form) -> None:
        self._label = label
        self._form = form
        self._fixed = Ink(Fonts())
        self._fixed.draw(form.fixed)

    def check(self, values: Mapping[str, str]) -> None:
        """Raise Unprintable exactly when ``render`` would."""
        self._form.check(values)

    def render(self, values: Mapping[str, str]) -> bytes:
        """A document of one page."""
        return self.document([values])

    def document(self, rows: Sequence[Mapping[str, str]]) -> bytes:
        """A page a label."""
        target = io.BytesIO()
        self.write(rows, target)
        return target.getvalue()

    def sheets(
        self,
        rows: Sequence[Mapping[str, str]],
        *,
        stock: Stock,
        start: int = 1,
        outlines: bool = False,
    ) -> bytes:
        """Sheets of stock with a label in each cell, row by row, from cell ``start`` of the first.

        ``outlines`` draws the cells, too: for a trial on plain paper. Unprintable if the label is
        larger than a cell, or the sheet has no such cell.
        """
        target = io.BytesIO()
        self.write(rows, target, sheet=Sheet(stock=stock, start=start, outlines=outlines))
        return target.getvalue()

    def write(self, rows: Rows, target: BinaryIO, *, sheet: Sheet | None = None) -> None:
        """The same, written to a file as the rows come in: for more labels than memory holds.

        Unprintable in the middle leaves a broken file behind: check the rows first.
        """
        if sheet is not None:
            sheet.require_fitting(self._label)
        form = self._form
        fonts = self._fixed.fonts.copy()
        document = Document(
            target, fixed=self._fixed, box=(form.width, form.height), dpi=form.device.dpi
        )
        pages = self._labels(rows, fonts) if sheet is None else self._sheets(rows, fonts, sheet)
        count = 0
        for count, (ink, size) in enumerate(pages, start=1):  # noqa: B007 counted for the check below
            document.page(ink, size)
        if not count:
            raise ValueError("A PDF document of 0 labels was asked for: expected at least one.")
        document.close(fonts, title=form.name)

    def _labels(self, rows: Rows, fonts: Fonts) -> Pages:
        for values in rows:
            ink = Ink(fonts)
            self._draw(ink, values)
            yield ink, (self._form.width, self._form.height)

    def _sheets(self, rows: Rows, fonts: Fonts, sheet: Sheet) -> Pages:
        form, dpi = self._form, self._form.device.dpi
        cells = sheet.stock.cells(dpi)
        waiting, free = iter(rows), cells[sheet.start - 1 :]
        while batch := list(islice(waiting, len(free))):
            ink = Ink(fonts)
            if sheet.outlines:
                ink.outline(cells)
            for (x, y, width, height), values in zip(free, batch, strict=False):
                left = x + max(0, width - form.width) // 2
                top = y + max(0, height - form.height) // 2
                # A text that runs off its label must not reach the neighbour's.
                clip = f"0 0 {form.width} {form.height} re W n"
                ink.add(f"q 1 0 0 1 {left} {top} cm {clip}")
                self._draw(ink, values)
                ink.add("Q")
            yield ink, sheet.stock.page(dpi)
            free = cells

    def _draw(self, ink: Ink, values: Mapping[str, str]) -> None:
        if self._fixed.operators:
            ink.add(FORM)
        ink.draw(self._form.marks(values))


def compile(label: Label, *, device: Device) -> Compiled:  # noqa: A001
    """The label's form; Unprintable if the label itself cannot be printed."""
    return Compiled(label, layout.place(label, device=device))
