"""Sheets of stock: where the cells are, and that every label gets into its own."""

import pypdfium2
import pytest

from printers import sheets
from printers.device import Device
from printers.errors import Unprintable
from printers.label import Barcode, Box, Content, Field, Label, Text
from printers.languages import pdf
from printers.sheets import STOCKS, Sheet, Stock
from tests.printers.rendering import ink, pages, symbols

SERIAL: Content = (Field("serial"),)
DEVICE = Device(dpi=300)

SMALL = Label(
    name="small",
    width_mm=36,
    height_mm=12,
    elements=(
        Barcode(x_mm=2, y_mm=1.5, symbology="qr", content=SERIAL, x_dimension_mm=0.254),
        Text(x_mm=12, y_mm=4, content=SERIAL, size_mm=3),
    ),
)
"""It fits into every stock there is."""


def rows(number: int) -> list[dict[str, str]]:
    return [{"serial": f"S{at:05}"} for at in range(1, number + 1)]


@pytest.mark.parametrize("dpi", [203, 300, 600])
@pytest.mark.parametrize("stock", STOCKS.values(), ids=STOCKS)
def test_the_cells_of_a_stock_are_on_its_page_and_apart(stock, dpi):
    page_width, page_height = stock.page(dpi)
    cells = stock.cells(dpi)
    assert len(cells) == stock.columns * stock.rows == stock.count
    for left, top, width, height in cells:
        assert 0 <= left < left + width <= page_width + 1  # Each is rounded to dots for itself.
        assert 0 <= top < top + height <= page_height + 1
    for index, (left, top, _, _) in enumerate(cells):
        row, column = divmod(index, stock.columns)
        before, above = cells[index - 1], cells[index - stock.columns]
        assert column == 0 or left + 1 >= before[0] + before[2]
        assert row == 0 or top + 1 >= above[1] + above[3]


def test_the_published_margins_of_stocks_follow_from_their_cells():
    assert {name: STOCKS[name].margins_mm for name in ("avery-l7160", "avery-l7163")} == {
        "avery-l7160": (7.21, 15.15),
        "avery-l7163": (4.63, 15.15),
    }
    left, top = STOCKS["avery-5160"].margins_mm or (0, 0)
    assert (round(left / 25.4, 4), round(top / 25.4, 4)) == (0.1875, 0.5)
    left, top = STOCKS["avery-5162"].margins_mm or (0, 0)
    assert (round(left / 25.4, 3), round(top / 25.4, 3)) == (0.156, 0.833)


@pytest.mark.parametrize("name", STOCKS)
def test_every_symbol_of_a_sheet_is_read_at_its_place(name):
    stock = sheets.stock(name)
    document = pdf.compile(SMALL, device=DEVICE).sheets(rows(stock.count), stock=stock)
    [page] = pages(document, dpi=DEVICE.dpi)
    assert page.size == stock.page(DEVICE.dpi)
    wanted = {}
    for row, (left, top, width, height) in zip(
        rows(stock.count), stock.cells(DEVICE.dpi), strict=True
    ):
        x = left + (width - 425) // 2 + 24
        y = top + (height - 142) // 2 + 18
        wanted[row["serial"]] = (x, y)
    found = {text: (x, y) for text, x, y in symbols(page)}
    assert found.keys() == wanted.keys()
    for serial, (x, y) in wanted.items():
        assert abs(found[serial][0] - x) <= 2
        assert abs(found[serial][1] - y) <= 2


def test_a_used_sheet_starts_later_and_further_labels_come_on_further_sheets():
    stock = sheets.stock("avery-l7163")
    document = pdf.compile(SMALL, device=DEVICE).sheets(rows(30), stock=stock, start=12)
    read = [[text for text, _, _ in symbols(page)] for page in pages(document, dpi=DEVICE.dpi)]
    serials = [row["serial"] for row in rows(30)]
    assert read == [serials[:3], serials[3:17], serials[17:]]
    first = symbols(pages(document, dpi=DEVICE.dpi)[0])[0]
    left, top, width, height = stock.cells(DEVICE.dpi)[11]
    assert abs(first[1] - (left + (width - 425) // 2 + 24)) <= 2
    assert abs(first[2] - (top + (height - 142) // 2 + 18)) <= 2


def test_a_sheet_has_its_paper_size_and_the_title_of_the_label():
    letter = pdf.compile(SMALL, device=DEVICE).sheets(rows(1), stock=sheets.stock("avery-5160"))
    document = pypdfium2.PdfDocument(letter)
    assert [round(points) for points in document[0].get_size()] == [612, 792]
    assert document.get_metadata_value("Title") == "small"


def test_a_label_may_be_as_large_as_its_cell():
    stock = sheets.stock("avery-l7160")
    frame = Box(x_mm=0, y_mm=0, width_mm=63.5, height_mm=38.1, thickness_mm=0.3)
    label = Label(name="full", width_mm=63.5, height_mm=38.1, elements=(frame,))
    [page] = pages(pdf.compile(label, device=DEVICE).sheets([{}], stock=stock), dpi=DEVICE.dpi)
    assert ink(page) == stock.cells(DEVICE.dpi)[0]


def test_a_text_that_runs_off_its_label_does_not_reach_the_neighbour():
    label = Label(
        name="long",
        width_mm=30,
        height_mm=20,
        elements=(Text(x_mm=2, y_mm=2, content=SERIAL, size_mm=4),),
    )
    stock = sheets.stock("avery-l7651")
    document = pdf.compile(label, device=DEVICE).sheets([{"serial": "X" * 60}], stock=stock)
    left, _, width, _ = ink(pages(document, dpi=DEVICE.dpi)[0])
    cell = stock.cells(DEVICE.dpi)[0]
    assert left + width <= cell[0] + cell[2]


def test_outlines_show_every_cell():
    stock = sheets.stock("herma-4608")
    document = pdf.compile(SMALL, device=DEVICE).sheets(rows(1), stock=stock, outlines=True)
    [page] = pages(document, dpi=DEVICE.dpi)
    for left, top, width, height in stock.cells(DEVICE.dpi):
        for x, y in ((left, top + height // 2), (left + width // 2, top)):
            around = page.crop((x - 1, y - 1, x + 2, y + 2))
            assert min(around.tobytes()) < 220


def test_a_label_that_is_too_large_is_refused_with_the_stocks_that_would_do():
    label = Label(name="wide", width_mm=90, height_mm=60, elements=())
    compiled = pdf.compile(label, device=DEVICE)
    with pytest.raises(Unprintable) as refused:
        compiled.sheets([{}], stock=sheets.stock("avery-l7160"))
    assert str(refused.value) == (
        "Label 'wide' is 90 x 60 mm large, and a cell of avery-l7160 is 63.5 x 38.1 mm: expected "
        "it to be no larger than a cell; use avery-5164, avery-l7165, avery-l7166, avery-l7167, "
        "avery-l7168, or make the label smaller."
    )
    label = Label(name="poster", width_mm=400, height_mm=60, elements=())
    with pytest.raises(Unprintable, match="; no stock known here has such cells, or make the"):
        pdf.compile(label, device=DEVICE).sheets([{}], stock=sheets.stock("avery-l7160"))


@pytest.mark.parametrize("start", [0, 22])
def test_a_cell_that_is_not_there_is_refused(start):
    with pytest.raises(Unprintable) as refused:
        Sheet(stock=sheets.stock("avery-l7160"), start=start)
    assert str(refused.value) == (
        f"Labels were to start in cell {start} of a sheet avery-l7160: expected 1 to 21, counted "
        "row by row; give the first free cell."
    )


def test_a_sheet_of_no_label_is_refused():
    with pytest.raises(ValueError, match="^A PDF document of 0 labels was asked for"):
        pdf.compile(SMALL, device=DEVICE).sheets([], stock=sheets.stock("avery-l7160"))


def test_a_sheet_of_ones_own_is_described_and_checked():
    own = Stock(name="own", width_mm=50, height_mm=30, columns=3, rows=4, margins_mm=(10, 20))
    assert own.cells(254)[:4] == [
        (100, 200, 500, 300),
        (600, 200, 500, 300),
        (1100, 200, 500, 300),
        (100, 500, 500, 300),
    ]
    with pytest.raises(Unprintable) as refused:
        Stock(name="own", width_mm=50, height_mm=30, columns=4, rows=4, margins_mm=(20, 20))
    assert str(refused.value) == (
        "Stock 'own' has cells from 20 x 20 to 220 x 140 mm: expected them within its page of "
        "210 x 297 mm; correct its margins, sizes or counts."
    )
    with pytest.raises(Unprintable) as refused:
        Stock(name="own", width_mm=50, height_mm=30, columns=0, rows=4, gap_mm=(-1, 0))
    assert str(refused.value) == (
        "Stock 'own' has 0 columns, 4 rows, cells of 50 x 30 mm and gaps of -1 x 0 mm: expected "
        "at least one column and row, a real size and no negative gap; correct them."
    )
