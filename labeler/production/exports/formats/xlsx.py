"""XLSX (ECMA-376, Office Open XML): every text is a text cell, whatever it looks like.

The workbook is written by XlsxWriter, row by row into temporary files, and sent when it is whole:
memory stays as small as for the others (docs/decisions/0049). A sheet has 1,048,576 rows; more go
on in a second one. Excel keeps 32,767 characters of a cell and 15 digits of a number: a longer text
is cut and ends with an ellipsis, a longer number is a text.
"""

import json
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from labeler.production.exports.formats import Options
from labeler.production.exports.rows import Pages

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEET_ROWS = 1_048_576
"""Rows of a sheet, its heads included (ECMA-376, and Excel's own limit)."""
CELL_MAX = 32_767
NUMBER_MAX = 10**15
_SENT_AT_ONCE = 65_536
_LARGE = 5_000_000
"""Rows from which on the file may need the 64-bit form of ZIP, which old readers do not know."""


def write(heads: Sequence[str], pages: Pages, *, options: Options) -> Iterator[bytes]:
    """Write the workbook, then yield it."""
    with tempfile.TemporaryDirectory(prefix="labeler-export-") as folder:
        path = Path(folder) / "export.xlsx"
        _write(path, heads, pages, options)
        with path.open("rb") as file:
            while piece := file.read(_SENT_AT_ONCE):
                yield piece


def _write(path: Path, heads: Sequence[str], pages: Pages, options: Options) -> None:
    with xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "tmpdir": str(path.parent)}
    ) as book:
        if options.total > _LARGE:
            book.use_zip64()
        bold = book.add_format({"bold": True})
        sheet, number, line = _sheet(book, heads, (options.title, bold)), 1, 1
        for page in pages:
            for row in page:
                if line == SHEET_ROWS:
                    number, line = number + 1, 1
                    sheet = _sheet(book, heads, (f"{options.title} {number}", bold))
                for column, value in enumerate(row):
                    _put(sheet, (line, column), value)
                line += 1


def _sheet(book: Any, heads: Sequence[str], looks: tuple[str, Any]) -> Worksheet:
    title, bold = looks
    sheet: Worksheet = book.add_worksheet(title)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(heads) - 1, 18)
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, bold)
    return sheet


def _put(sheet: Worksheet, place: tuple[int, int], value: Any) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(*place, value)
    elif isinstance(value, int) and abs(value) < NUMBER_MAX:
        sheet.write_number(*place, value)
    else:
        text = (
            json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
        )
        sheet.write_string(*place, text if len(text) <= CELL_MAX else text[: CELL_MAX - 1] + "…")
