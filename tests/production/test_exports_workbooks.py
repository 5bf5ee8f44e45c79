"""Workbooks: what is in a cell, how they go on, and that they are sent as they are made."""

import io
import zipfile
from collections.abc import Sequence
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.utils.escape import unescape

from labeler.production.exports.formats import Options, xlsx
from labeler.production.exports.rows import Pages, Row

HEADS = ("id", "text")
OPTIONS = Options(title="units", total=0)
NASTY = (
    "<r><t>x</t></r>", "<r>&</r>", "]]>", "a&b<c>\"d'", "&amp;", "=1+1", " x ", "\tx\n", "a\rb",
    "\x00\x01\x1f", "\ufffe\uffff", "_x0041_", "_x005F_x0041_", "_x00ZZ_", "\U0001f3f7", "ü", "",
    "<![CDATA[x]]>", "{}", "true", "0012", "1e5",
)  # fmt: skip


def made(*pages: Sequence[Row]) -> bytes:
    """Return a workbook of these pages."""
    return b"".join(xlsx.write(HEADS, iter([list(page) for page in pages]), options=OPTIONS))


def sheets(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of each sheet below its heads, as a reader of another maker reads them."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    found = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}
    assert {rows[0] for rows in found.values()} == {HEADS}
    return {title: rows[1:] for title, rows in found.items()}


def test_every_text_is_in_its_cell_as_it_is() -> None:
    rows = [[number, text] for number, text in enumerate(NASTY)]
    [found] = sheets(made(rows)).values()
    read = [unescape(text or "") for _, text in found]
    assert read == list(NASTY)


def test_numbers_truths_data_and_nothing_are_cells_of_their_kind() -> None:
    values = [7, 0, 10**15 - 1, 10**15, True, False, {"a": ["ü"]}, [], None]
    [found] = sheets(made([[number, value] for number, value in enumerate(values)])).values()
    expected = [7, 0, 10**15 - 1, str(10**15), True, False, '{"a": ["ü"]}', "[]", None]
    assert [(value, type(value)) for _, value in found] == [
        (value, type(value)) for value in expected
    ]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("x" * 32_767, "x" * 32_767),
        ("x" * 32_768, "x" * 32_766 + "…"),
        ("\U0001f3f7" * 16_383, "\U0001f3f7" * 16_383),
        ("\U0001f3f7" * 16_384, "\U0001f3f7" * 16_383 + "…"),
        ("x" + "\U0001f3f7" * 16_384, "x" + "\U0001f3f7" * 16_382 + "…"),
    ],
)
def test_a_text_that_excel_would_not_take_is_cut_and_says_so(text: str, kept: str) -> None:
    assert sheets(made([[1, text]])) == {"units": [(1, kept)]}


def test_a_workbook_without_rows_has_its_heads() -> None:
    assert sheets(made()) == sheets(made([])) == {"units": []}


def test_a_sheet_ends_at_its_rows_and_no_empty_one_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "SHEET_ROWS", 3)
    rows = [[number, "x"] for number in range(1, 7)]
    own = [(number, "x") for number in range(1, 7)]
    assert sheets(made(rows[:2])) == {"units": own[:2]}
    assert sheets(made(rows[:2], rows[2:4])) == {"units": own[:2], "units 2": own[2:4]}
    found = sheets(made(rows[:1], rows[1:5], rows[5:]))
    assert found == {"units": own[:2], "units 2": own[2:4], "units 3": own[4:]}


def test_a_sheet_ends_at_its_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "SHEET_BYTES", 100)
    pages = [[[1, "x" * 100]], [[2, "y"]], [[3, "z"]]]
    own = {"units": [(1, "x" * 100)], "units 2": [(2, "y"), (3, "z")]}
    assert sheets(made(*pages)) == own


def test_a_workbook_is_sent_as_its_pages_come() -> None:
    asked = []

    def pages() -> Pages:
        for number in range(3):
            asked.append(number)
            yield [[number, "x"]]

    pieces = xlsx.write(HEADS, pages(), options=OPTIONS)
    seen = [(bool(next(pieces)), len(asked)) for _ in range(2)]
    assert [count for _, count in seen] == [1, 2]
    assert seen[0][0]


def test_a_workbook_that_ends_early_does_not_open() -> None:
    content = made([[1, "x"]])
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    for size in (len(content) // 2, len(content) - 30):
        with pytest.raises(zipfile.BadZipFile):
            zipfile.ZipFile(io.BytesIO(content[:size]))


def test_a_workbook_has_the_parts_that_xlsxwriter_makes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "SHEET_ROWS", 2)
    content = made([[1, "x"], [2, "y"], [3, "z"]])
    own = io.BytesIO()
    with xlsxwriter.Workbook(own) as book:
        for _ in range(3):
            book.add_worksheet().write_string(0, 0, "id")
    names = [sorted(zipfile.ZipFile(one).namelist()) for one in (io.BytesIO(content), own)]
    assert names[0] == names[1]
    assert len(names[0]) > 10
