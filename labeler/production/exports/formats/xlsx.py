"""XLSX (ECMA-376, Office Open XML): every text is a text cell, whatever it looks like.

XlsxWriter makes the workbook around the rows; the rows themselves are written here, straight into
the ZIP that is sent, in a fifth of the time (docs/decisions/0049). A ZIP has its directory at the
end: a file that ends early does not open. A sheet has 1,048,576 rows; more go on in a second one.
Excel keeps 32,767 characters of a cell and 15 digits of a number: a longer text is cut and ends
with an ellipsis, a longer number is a text.
"""

import io
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from labeler.production.exports.formats import Options
from labeler.production.exports.rows import Pages

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEET_ROWS = 1_048_576
"""Rows of a sheet, its heads included (ECMA-376, and Excel's own limit)."""
SHEET_BYTES = 2_000_000_000
"""Bytes of a sheet's XML: of more, ZIP needs its 64-bit form, for which Excel repairs the file."""
CELL_MAX = 32_767
"""UTF-16 units of a cell."""
NUMBER_MAX = 10**15
_LEVEL = 3
"""Of compression: 6 makes the file a fiftieth smaller, and takes longer."""
_SHEETS = "xl/worksheets/sheet"
_ROWS_END = b"</sheetData>"
_DIMENSION = re.compile(rb"<dimension [^>]*/>")
# XML 1.0, section 2.2, has no such characters; ECMA-376, part 1, 22.9.2.19 writes them as _xHHHH_.
_RARE = re.compile("[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_MARKUP = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


class _Pipe:
    """Takes what a ZIP writes, and gives it to whoever sends it: nobody can go back in it."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        """Take a piece."""
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Do nothing: whoever sends takes it."""

    def take(self) -> bytes:
        """Return what was written since."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def write(heads: Sequence[str], pages: Pages, *, options: Options) -> Iterator[bytes]:
    """Yield the workbook: its sheets as their rows come, then what says how many they are."""
    pipe = _Pipe()
    titles: list[str] = []
    rows = _Rows(pages, [xl_col_to_name(place) for place in range(len(heads))])
    first, second = (_frame(heads, options.title, number) for number in (1, 2))
    # A pipe is all of a file that a ZIP of one direction asks for.
    with ZipFile(pipe, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as book:  # type: ignore[call-overload]
        while not titles or rows.is_more():
            start, end = second if titles else first
            titles.append(_title(options.title, len(titles) + 1))
            with book.open(f"{_SHEETS}{len(titles)}.xml", "w") as sheet:
                sheet.write(start)
                for piece in rows.of_a_sheet():
                    sheet.write(piece)
                    yield pipe.take()
                sheet.write(end)
        for name, content in _parts(heads, titles).items():
            if not name.startswith(_SHEETS):
                with book.open(name, "w") as part:
                    part.write(content)
    yield pipe.take()


class _Rows:
    """The rows that are left to write, sheet by sheet."""

    def __init__(self, pages: Pages, letters: Sequence[str]) -> None:
        self._pages, self._letters = pages, letters
        self._left: list[Any] = []

    def is_more(self) -> bool:
        """Return whether there are more rows."""
        while not self._left:
            page = next(self._pages, None)
            if page is None:
                return False
            self._left = page
        return True

    def of_a_sheet(self) -> Iterator[bytes]:
        """Yield the rows of the next sheet, below its heads, a page at once."""
        line, size = 2, 0
        while line <= SHEET_ROWS and size < SHEET_BYTES and self.is_more():
            page = self._left[: SHEET_ROWS + 1 - line]
            self._left = self._left[len(page) :]
            text = "".join([_line(row, line + at, self._letters) for at, row in enumerate(page)])
            line, piece = line + len(page), text.encode("utf-8")
            size += len(piece)
            yield piece


def _line(row: Sequence[Any], line: int, letters: Sequence[str]) -> str:
    cells = [f'<row r="{line}">']
    for letter, value in zip(letters, row, strict=True):
        if value is not None:
            cells.append(f'<c r="{letter}{line}"{_cell(value)}</c>')
    cells.append("</row>")
    return "".join(cells)


def _cell(value: Any) -> str:
    """Return the rest of a cell's tag, and what is in it."""
    if isinstance(value, str):  # most are
        text = value
    elif isinstance(value, bool):
        return f' t="b"><v>{value:d}</v>'
    elif isinstance(value, int) and abs(value) < NUMBER_MAX:
        return f"><v>{value}</v>"
    else:
        text = json.dumps(value, ensure_ascii=False)
    if len(text) > CELL_MAX // 2:
        text = _cut(text)
    if _RARE.search(text):
        text = _RARE.sub(_written, text)
    keep = ' xml:space="preserve"' if text != text.strip() else ""
    return f' t="inlineStr"><is><t{keep}>{text}</t></is>'


def _written(found: re.Match[str]) -> str:
    return _MARKUP.get(found[0]) or f"_x{ord(found[0]):04X}_"


def _cut(text: str) -> str:
    units = text.encode("utf-16-le")
    if len(units) <= 2 * CELL_MAX:
        return text
    return units[: 2 * (CELL_MAX - 1)].decode("utf-16-le", "ignore") + "…"


def _title(title: str, number: int) -> str:
    return title if number == 1 else f"{title} {number}"


def _frame(heads: Sequence[str], title: str, number: int) -> tuple[bytes, bytes]:
    """Return what is before and behind the rows of a sheet; the heads are before them."""
    parts = _parts(heads, [_title(title, one) for one in range(1, number + 1)])
    start, _, end = parts[f"{_SHEETS}{number}.xml"].partition(_ROWS_END)
    return _DIMENSION.sub(b"", start), _ROWS_END + end  # how many rows there are is not known yet


def _parts(heads: Sequence[str], titles: Sequence[str]) -> dict[str, bytes]:
    """Return the parts of a workbook of these sheets without rows, by their names."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True})
        for title in titles:
            sheet = book.add_worksheet(title)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(heads) - 1, 18)
            for column, head in enumerate(heads):
                sheet.write_string(0, column, head, bold)
    with ZipFile(content) as parts:
        return {name: parts.read(name) for name in parts.namelist()}
