"""Two drawings of a label beside each other."""

import pytest
from PIL import Image

from printers import comparing
from printers.device import Device
from printers.label import Barcode, Label
from printers.layout import place, raster
from printers.layout.marks import Symbol
from tests.printers.pictures import picture
from tests.printers.witness.zpl_js import render_zpl_js

RED = (220, 0, 0)


def paper(size: tuple[int, int], *boxes: tuple[int, int, int, int]) -> Image.Image:
    """White paper with black rectangles: left, top, right, bottom."""
    drawing = Image.new("L", size, 255)
    for box in boxes:
        drawing.paste(0, box)
    return drawing


def red_dots(sheet: Image.Image) -> int:
    return sum(count for count, colour in sheet.getcolors(1 << 16) or () if colour == RED)


def test_equal_drawings_differ_in_no_dot():
    drawing = paper((40, 30), (5, 5, 20, 20))
    found = comparing.compare(drawing, drawing, symbols=[(5, 5, 15, 15)])
    assert found.sentence == (
        "Symbols: 0 of 225 dots differ (0.00 %). Whole label: 0 of 1200 (0.00 %)."
    )
    assert (found.symbol_share, red_dots(found.picture)) == (0.0, 0)


def test_every_dot_that_differs_is_red_and_counted():
    found = comparing.compare(
        paper((40, 30), (5, 5, 20, 20)),
        paper((40, 30), (6, 5, 20, 20), (30, 20, 32, 22)),
        symbols=[(0, 0, 10, 30), (5, 0, 10, 30)],
    )
    assert (found.dots, found.differing) == (1200, 15 + 4)
    assert (found.symbol_dots, found.symbol_differing) == (15 * 30, 15)
    assert found.symbol_share == 15 / 450
    assert red_dots(found.picture) == 19


def test_drawings_of_unequal_size_are_compared_from_the_top_left_and_the_rest_is_white():
    found = comparing.compare(paper((40, 30)), paper((41, 30), (40, 0, 41, 30)))
    assert (found.dots, found.differing) == (41 * 30, 30)
    assert found.sentence == "There is no symbol. Whole label: 30 of 1230 (2.44 %)."
    assert found.symbol_share == 0.0


def test_comparison_that_looks_at_no_symbol_apart_says_nothing_of_symbols():
    found = comparing.compare(
        paper((40, 30)), paper((41, 30), (40, 0, 41, 30)), symbols=None, titles=("a", "b")
    )
    assert found.sentence == "Whole label: 30 of 1230 dots differ (2.44 %)."


@pytest.mark.parametrize("mode", ["1", "L", "RGB"])
def test_any_kind_of_picture_can_be_compared(mode):
    drawing = paper((20, 20), (2, 2, 9, 9))
    assert comparing.compare(drawing.convert(mode), drawing).differing == 0


def test_the_sheet_has_three_panels_beside_each_other():
    found = comparing.compare(paper((300, 100), (0, 0, 300, 100)), paper((300, 100)))
    sheet = found.picture
    middle = [sheet.getpixel((x, 100)) for x in (20, 315, 340, 640, 660)]
    assert sheet.mode == "RGB"
    assert middle == [(0, 0, 0), (0, 0, 0), (255, 255, 255), (255, 255, 255), RED]


def test_a_label_narrower_than_its_title_leaves_room_for_the_title():
    found = comparing.compare(paper((10, 10)), paper((10, 10)), titles=("a" * 30, "b" * 30))
    assert found.picture.width > 30 * 8 * 2


@pytest.mark.parametrize(
    "draw",
    [
        pytest.param(lambda zpl: picture("zpl", zpl), id="zplkit"),
        pytest.param(lambda zpl: render_zpl_js(zpl, 50, 20, 8), id="zpl-renderer-js"),
    ],
)
def test_two_other_engines_draw_a_symbol_as_we_do_to_the_dot(draw):
    code = Barcode(
        x_mm=5, y_mm=5, symbology="code128", content=("AC-ABCD",), x_dimension_mm=0.25, height_mm=10
    )
    label = Label(name="code", width_mm=50.1, height_mm=20, elements=(code,))
    [symbol] = place(label, device=Device(dpi=203)).fixed
    assert isinstance(symbol, Symbol)
    ours = Image.new("1", (400, 160), raster.WHITE)
    raster.draw(ours, symbol)
    zpl = b"^XA^PW400^LL160^FO40,40^BY2,3,80^BCN,80,N,N,N,N^FD>:AC-ABCD^FS^XZ"
    found = comparing.compare(ours, draw(zpl), symbols=[raster.picture(symbol).box])
    assert found.sentence == (
        "Symbols: 0 of 17920 dots differ (0.00 %). Whole label: 0 of 64000 (0.00 %)."
    )
