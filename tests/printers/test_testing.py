"""The test label: it fits every stock, is what it says, and its symbols are read."""

import io
from itertools import combinations

import pytest
import zxingcpp
from PIL import Image

from printers import languages, layout, testing
from printers.device import Device
from printers.errors import Unprintable
from printers.label import Label, Line, Text
from printers.layout.marks import Rectangle, Symbol, Words
from tests.printers.pictures import draw

LINES = ("zebra-1", "zpl 203 dpi, 70 x 40 mm", "darkness +4, speed as set", "2026-11-27 13:05")
STOCK = [(10, 10), (20, 10), (10, 60), (38, 25), (70, 40), (105, 148), (150, 40)]
BOTH = {("TEST", "QR Code"), ("TEST", "Code 128")}
QR_ONLY = {("TEST", "QR Code")}


def made(width: float, height: float, dpi: int, *lines: str) -> tuple[Label, Device]:
    device = Device(dpi=dpi)
    label = testing.label(lines or LINES, width_mm=width, height_mm=height, device=device)
    return label, device


def read(picture: Image.Image) -> set[tuple[str, str]]:
    """What a reader finds, which wants more than a dot a module."""
    large = picture.convert("L").resize((picture.width * 2, picture.height * 2))
    return {(one.text, str(one.format)) for one in zxingcpp.read_barcodes(large)}


def png(label: Label, device: Device) -> Image.Image:
    return Image.open(io.BytesIO(languages.load("png").compile(label, device=device).render({})))


def texts(label: Label) -> list[str]:
    return [str(one.content[0]) for one in label.elements if isinstance(one, Text)]


@pytest.mark.parametrize("dpi", [203, 300, 600])
@pytest.mark.parametrize(("width", "height"), STOCK)
def test_both_symbols_are_read_where_there_is_room_else_the_qr_code(
    width: float, height: float, dpi: int
) -> None:
    expected = BOTH if min(width, height) > 20 else QR_ONLY
    assert read(png(*made(width, height, dpi))) == expected


def crossed(one: Rectangle, two: Rectangle) -> bool:
    left, top, width, height = one
    x, y, long, high = two
    return left < x + long and x < left + width and top < y + high and y < top + height


@pytest.mark.parametrize("dpi", [203, 300, 600])
@pytest.mark.parametrize(("width", "height"), STOCK)
def test_no_mark_touches_a_symbol_its_quiet_zone_or_a_text(
    width: float, height: float, dpi: int
) -> None:
    label, device = made(width, height, dpi)
    found = layout.ink(layout.place(label, device=device), {})
    inside = [(mark, box) for index, mark, box in found if index > 0]
    wrong = [
        (one, two)
        for (one, box), (two, other) in combinations(inside, 2)
        if isinstance(one, Symbol | Words) or isinstance(two, Symbol | Words)
        if crossed(box, other)
    ]
    assert wrong == []


@pytest.mark.parametrize("language", languages.names())
def test_every_language_draws_the_test_label(language: str) -> None:
    label, _ = made(70, 40, 203)
    assert read(draw(language, label, {})) == BOTH


def test_frame_lies_one_millimetre_inside_and_corner_marks_at_the_edge() -> None:
    picture = png(*made(70, 40, 203))
    dot = 203 / 25.4
    assert picture.getpixel((0, 0)) == picture.getpixel((picture.width - 1, 0)) == 0
    assert picture.getpixel((0, picture.height - 1)) == 0
    middle = picture.width // 2
    column = [picture.getpixel((middle, y)) for y in range(picture.height)]
    assert (column.index(0), column[::-1].index(0)) == (round(dot), round(dot))


@pytest.mark.parametrize("dpi", [203, 300, 600])
def test_ticks_stand_at_whole_millimetres_from_the_edge(dpi: int) -> None:
    label, device = made(70, 40, dpi)
    found = layout.ink(layout.place(label, device=device), {})
    top = layout.dots(1, dpi)
    ticks = {
        box[0]
        for index, _, box in found
        if isinstance(label.elements[index], Line) and box[1] == top and box[2] < box[3]
    }
    assert ticks == {layout.dots(at, dpi) for at in range(4, 69)}
    assert texts(label)[:6] == ["10", "20", "30", "40", "50", "60"]


def test_bars_are_one_to_four_dots_with_as_much_light_between_them() -> None:
    for dpi in (203, 300, 600):
        picture = png(*made(105, 148, dpi))
        y = picture.height - layout.dots(2.5, dpi)
        across = range(layout.dots(6.5, dpi), picture.width)
        row = "".join("#" if picture.getpixel((x, y)) == 0 else " " for x in across)
        upright = [len(run) for run in row.split()[:16]]
        assert upright == [1] * 4 + [2] * 4 + [3] * 4 + [4] * 4, dpi


def test_lines_that_have_no_room_are_cut_or_left_out_from_the_last_on() -> None:
    name = "a-printer-whose-name-is-as-long-as-names-may-become-in-a-plant-64"
    for label in (made(20, 10, 300, name, *LINES[1:])[0], made(10, 60, 203, name)[0]):
        assert name.startswith(texts(label)[0])
        assert 6 <= len(texts(label)[0]) < 20
    assert texts(made(38, 25, 203)[0]) == list(LINES[:3])
    assert texts(made(10, 10, 203)[0]) == []


def test_stock_that_is_too_small_is_refused() -> None:
    with pytest.raises(Unprintable) as refused:
        made(70, 7.5, 203)
    assert str(refused.value) == (
        "A test label of 70 x 7.5 mm: expected no side of less than 8 mm; look at a label of a run "
        "instead."
    )
