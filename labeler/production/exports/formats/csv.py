r"""CSV (RFC 4180): UTF-8, CRLF, quotes where they are needed; no cell is ever a formula.

A spreadsheet takes a cell that begins with = + - @, a tab or a carriage return for a formula, also
behind spaces, and in each line of a cell (OWASP, CSV Injection). Such a line gets an apostrophe in
front, and so does one that begins with an apostrophe: taking away one that stands in front of a
line gives back exactly what the record says. Numbers are what the database counts: never negative.

>>> plain("=1+1"), plain(" @x"), plain("a\n-b"), plain("'tis"), plain("AC-1")
("'=1+1", "' @x", "a\n'-b", "''tis", 'AC-1')
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from labeler.production.exports.formats import Options
from labeler.production.exports.rows import Pages

MEDIA_TYPE = "text/csv; charset=utf-8"

# Full-width signs are taken for the ASCII ones by spreadsheets in East Asia.
_RISKY = re.compile("(?:^|(?<=[\n\r]))(?=[ \u00a0]*['=+\\-@\t\r\uff1d\uff0b\uff0d\uff20])")


def plain(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return _RISKY.sub("'", text)


def write(heads: Sequence[str], pages: Pages, *, options: Options) -> Iterator[bytes]:
    """Yield the file: a line of heads, and a line for each row."""
    if options.bom:
        yield b"\xef\xbb\xbf"
    yield _lines([list(heads)], options.delimiter)
    for page in pages:
        yield _lines([[_cell(value) for value in row] for row in page], options.delimiter)


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        return plain(json.dumps(value, ensure_ascii=False))
    return value


def _lines(rows: list[list[Any]], delimiter: str) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode("utf-8")
