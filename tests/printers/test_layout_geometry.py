"""Positions snap to dots once, and what is drawn covers what its mark says, at every resolution."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from printers import layout
from printers.device import Device
from printers.label import Barcode, Box, Circle, Element, Line
from printers.label import Image as ImageElement
from printers.languages import png
from printers.layout import raster
from printers.layout.marks import Frame, Mark, Picture, Rectangle, Ring, Symbol, Words
from tests.printers.layouts import box_of, code128, label, qr, text

every_resolution = pytest.mark.parametrize("dpi", [203, 300, 600])
every_turn = pytest.mark.parametrize("rotation", [0, 90, 180, 270])


def logo(width: int = 40, height: int = 20) -> bytes:
    target = io.BytesIO()
    Image.new("L", (width, height), 0).save(target, format="PNG")
    return target.getvalue()


def drawn_box(form: layout.Form, **values: str) -> Rectangle:
    """What is black on a drawn label."""
    seen = Image.open(io.BytesIO(png.Compiled(form).render(values))).convert("L")
    box = seen.point(lambda level: 255 - level).getbbox()
    assert box is not None
    return box[0], box[1], box[2] - box[0], box[3] - box[1]


def placed(element: Element, dpi: int) -> tuple[layout.Form, Mark]:
    form = layout.place(label(element, width_mm=60, height_mm=60), device=Device(dpi=dpi))
    [mark] = form.fixed
    return form, mark


SHAPES: dict[str, tuple[Element, tuple[float, float, float, float]]] = {
    "box": (
        Box(x_mm=5, y_mm=4, width_mm=20.1, height_mm=10.3, thickness_mm=0.4),
        (5, 4, 20.1, 10.3),
    ),
    "thick box": (
        Box(x_mm=5, y_mm=4, width_mm=3, height_mm=10.3, thickness_mm=2),
        (5, 4, 3, 10.3),
    ),
    "line": (Line(x_mm=3.3, y_mm=9, length_mm=30, thickness_mm=0.5), (3.3, 9, 30, 0.5)),
    "upright line": (
        Line(x_mm=3.3, y_mm=9, length_mm=20, thickness_mm=0.5, direction="vertical"),
        (3.3, 9, 0.5, 20),
    ),
    "circle": (Circle(x_mm=7.7, y_mm=3, diameter_mm=15.2, thickness_mm=1), (7.7, 3, 15.2, 15.2)),
    "disc": (Circle(x_mm=7.7, y_mm=3, diameter_mm=5, thickness_mm=5), (7.7, 3, 5, 5)),
    "picture": (
        ImageElement(x_mm=6.1, y_mm=2.2, width_mm=20, height_mm=12, data=logo(), name="logo.png"),
        (6.1, 2.2, 20, 10),
    ),
    "turned picture": (
        ImageElement(
            x_mm=6.1, y_mm=2.2, width_mm=20, height_mm=12, data=logo(), name="l.png", rotation=90
        ),
        (6.1, 2.2, 6, 12),
    ),
}


@every_resolution
@pytest.mark.parametrize("shape", SHAPES)
def test_a_shape_snaps_to_the_nearest_dots_and_is_drawn_there(shape, dpi):
    element, (x_mm, y_mm, width_mm, height_mm) = SHAPES[shape]
    form, mark = placed(element, dpi)
    assert isinstance(mark, Frame | Ring | Picture)
    assert mark.box[:2] == (layout.dots(x_mm, dpi), layout.dots(y_mm, dpi))
    for found, wanted_mm in zip(mark.box[2:], (width_mm, height_mm), strict=True):
        assert abs(found - wanted_mm * dpi / 25.4) <= 1
    assert drawn_box(form) == mark.box


@every_resolution
@every_turn
@pytest.mark.parametrize("make", [code128, qr])
def test_a_symbol_is_drawn_on_its_box(make, rotation, dpi):
    element: Barcode = make(content=("AC-0001",), rotation=rotation, x_mm=5.55, x_dimension_mm=0.3)
    form, mark = placed(element, dpi)
    assert isinstance(mark, Symbol)
    assert mark.module == layout.dots(element.x_dimension_mm, dpi)
    assert drawn_box(form) == mark.box == raster.picture(mark).box


@every_resolution
@every_turn
def test_a_line_of_text_is_as_long_as_it_is_said_to_be(rotation, dpi):
    element = text(content=("HAMBURG 0123",), rotation=rotation, width_mm=24)
    form, mark = placed(element, dpi)
    assert isinstance(mark, Words)
    left, top, width, height = drawn_box(form)
    assert _is_within((left, top, width, height), mark.box)
    along, across = (height, width) if rotation in (90, 270) else (width, height)
    assert abs(along - mark.width) <= 0.2 * mark.size
    assert 0.7 * mark.size <= across <= 0.8 * mark.size


def _is_within(inner: Rectangle, outer: Rectangle) -> bool:
    return (
        outer[0] <= inner[0]
        and outer[1] <= inner[1]
        and inner[0] + inner[2] <= outer[0] + outer[2]
        and inner[1] + inner[3] <= outer[1] + outer[3]
    )


@every_resolution
@pytest.mark.parametrize("align", ["left", "center", "right"])
def test_text_stands_in_its_room_as_it_is_aligned(align, dpi):
    form, mark = placed(text(content=("HHH",), width_mm=30, align=align), dpi)
    assert isinstance(mark, Words)
    left, _, width, _ = drawn_box(form)
    before, behind = left - mark.x, mark.x + mark.room - left - width
    bearing = 0.15 * mark.size
    expected = {
        "left": before <= bearing,
        "center": abs(before - behind) <= 2,
        "right": behind <= bearing,
    }
    assert expected[align]


@every_resolution
def test_the_same_millimetres_give_the_same_picture_on_every_grid(dpi):
    """A line ends where the box that shares its end in millimetres ends."""
    box = Box(x_mm=2, y_mm=2, width_mm=20, height_mm=10, thickness_mm=0.3)
    form = layout.place(label(box, code128(x_mm=2, y_mm=2)), device=Device(dpi=dpi))
    frame = form.fixed[0]
    symbol = form.marks({"serial": "99"})[0]
    assert box_of(frame)[:2] == box_of(symbol)[:2]
    assert (form.width, form.height) == (round(50 * dpi / 25.4), round(30 * dpi / 25.4))


@settings(max_examples=200, deadline=None)
@given(
    x=st.integers(-30, 70),
    y=st.integers(-30, 70),
    diameter=st.integers(1, 60),
    thickness=st.integers(1, 40),
)
def test_a_ring_is_alike_on_all_sides(x, y, diameter, thickness):
    ring = Ring(x=0, y=0, diameter=diameter, thickness=thickness)
    found = raster.picture(ring)
    assert found.box == ring.box
    for turn in (
        Image.Transpose.ROTATE_90,
        Image.Transpose.FLIP_LEFT_RIGHT,
        Image.Transpose.TRANSPOSE,
    ):
        assert found.image.transpose(turn).tobytes() == found.image.tobytes()
    page = Image.new("1", (40, 40), 1)
    raster.draw(page, Ring(x=x, y=y, diameter=diameter, thickness=thickness))
    whole = Image.new("1", (200, 200), 1)
    raster.draw(whole, Ring(x=x + 60, y=y + 60, diameter=diameter, thickness=thickness))
    assert page.tobytes() == whole.crop((60, 60, 100, 100)).tobytes()


@every_turn
def test_a_picture_of_words_lies_where_they_are_drawn(rotation):
    _, mark = placed(text(content=("Ägypten (1)",), rotation=rotation, width_mm=24), 203)
    assert isinstance(mark, Words)
    directly, by_picture = (Image.new("1", (400, 240), 1) for _ in range(2))
    raster.draw(directly, mark)
    picture = raster.picture(mark)
    by_picture.paste(picture.image, (picture.x, picture.y))
    assert directly.tobytes() == by_picture.tobytes()


def test_words_without_ink_are_a_white_dot():
    words = placed(text(content=("A",)), 203)[1]
    assert isinstance(words, Words)
    blank = Words(**{**vars(words), "text": "\N{NO-BREAK SPACE}"})
    found = raster.picture(blank).image
    assert (found.size, found.getpixel((0, 0)) == 0) == ((1, 1), False)
