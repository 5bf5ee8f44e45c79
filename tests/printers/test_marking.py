"""The mark of a trial print: on a free place, whatever the label shows, in every language."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from printers import marking
from printers.device import Device
from printers.errors import Unprintable
from printers.label import Barcode, Box, Content, Element, Field, Label, Line, Text
from tests.printers.pictures import DPI, UNIT, draw, scan

SERIAL: Content = (Field("serial"),)
VALUES = {"serial": "TEST-A3"}


def label(*elements: Element, width_mm: float = 40, height_mm: float = 20) -> Label:
    return Label(name="trial", width_mm=width_mm, height_mm=height_mm, elements=elements)


def mark_of(given: Label, *, widest: Mapping[str, str] = VALUES, dpi: int = DPI) -> Text:
    """Return the mark, once everything else is found unchanged."""
    found = marking.marked(given, "TEST", widest=widest, device=Device(dpi=dpi))
    *others, mark = found.elements
    assert tuple(others) == given.elements
    assert isinstance(mark, Text)
    assert (mark.content, mark.bold) == (("TEST",), True)
    return mark


def row(y_mm: float, *, size_mm: float = 2.5, x_mm: float = 0) -> Text:
    """Return a text from ``x_mm`` to the right edge."""
    return Text(x_mm=x_mm, y_mm=y_mm, content=("8" * 60,), size_mm=size_mm)


def test_an_empty_label_carries_its_mark_at_the_top_right() -> None:
    mark = mark_of(label(Text(x_mm=2, y_mm=15, content=SERIAL, size_mm=2)))
    assert (round(mark.x_mm, 1), round(mark.y_mm, 1), mark.size_mm) == (26.5, 1.0, 5.0)


@pytest.mark.parametrize(
    ("free_mm", "size_mm"), [(7, 5.0), (6, 5.0), (5.5, 4.0), (4.2, 3.0), (3.9, 2.5)]
)
def test_the_mark_is_as_large_as_the_free_row_allows(free_mm: float, size_mm: float) -> None:
    above = Box(x_mm=0, y_mm=0, width_mm=40, height_mm=8, thickness_mm=4)
    below = Box(x_mm=0, y_mm=8 + free_mm, width_mm=40, height_mm=20 - 8 - free_mm, thickness_mm=9)
    mark = mark_of(label(above, below))
    assert mark.size_mm == size_mm
    assert 8.4 < mark.y_mm < 8.7


def test_the_inside_of_a_frame_is_free() -> None:
    frame = Box(x_mm=1, y_mm=1, width_mm=38, height_mm=18, thickness_mm=0.5)
    mark = mark_of(label(frame))
    assert 1.9 < mark.y_mm < 2.2
    assert mark.size_mm == 5.0


def test_a_label_without_a_free_place_is_refused_with_what_it_takes() -> None:
    with pytest.raises(Unprintable) as caught:
        mark_of(label(*(row(2.5 * n) for n in range(8))))
    assert str(caught.value) == (
        "Label 'trial' has no free place for the mark TEST: expected one of 7.2 x 3.5 mm at least,"
        " 1 mm from its edges; move its elements together or make one smaller."
    )


def test_a_label_smaller_than_its_mark_is_refused() -> None:
    with pytest.raises(Unprintable):
        mark_of(label(Line(x_mm=0, y_mm=0, length_mm=1, thickness_mm=0.3), width_mm=6))


def test_a_symbol_that_grows_into_something_is_refused() -> None:
    bars = Barcode(
        x_mm=3, y_mm=8, symbology="code128", content=SERIAL, x_dimension_mm=0.25, height_mm=5
    )
    beside = Line(x_mm=30, y_mm=1, length_mm=18, thickness_mm=0.3, direction="vertical")
    assert mark_of(label(bars, beside), widest={"serial": "A3"}).size_mm == 5.0
    with pytest.raises(Unprintable) as caught:
        mark_of(label(bars, beside), widest={"serial": "TEST-A3XY"})
    assert str(caught.value) == (
        "Label 'trial': its code128 symbol becomes 33.5 x 5.0 mm large with a text like "
        "'TEST-A3XY' and runs into its box or line: expected both apart; move one away, or make "
        "x_dimension_mm smaller."
    )


def test_a_text_that_the_symbology_cannot_carry_is_refused_as_such() -> None:
    bars = Barcode(
        x_mm=3, y_mm=8, symbology="code128", content=("é",), x_dimension_mm=0.25, height_mm=5
    )
    with pytest.raises(Unprintable, match="Code 128 cannot carry character U\\+00E9"):
        mark_of(label(bars))


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("language", ["zpl", "pdf", "png"])
def test_the_unit_label_is_marked_and_read_in_every_language(language: str, dpi: int) -> None:
    marked = marking.marked(UNIT, "TEST", widest=VALUES, device=Device(dpi=dpi))
    seen = draw(language, marked, VALUES, dpi=dpi)
    assert [text for _, text in scan(seen)] == [
        "TEST-A3",
        "https://id.example/01/04006381333931/21/TEST-A3",
    ]
    assert_apart(language, UNIT, marked, VALUES, dpi=dpi)


def assert_apart(
    language: str, plain: Label, marked: Label, values: Mapping[str, str], *, dpi: int = DPI
) -> None:
    """The mark is drawn and comes near nothing of the label: fonts differ by a dot or two."""
    alone = Label(
        name="alone",
        width_mm=plain.width_mm,
        height_mm=plain.height_mm,
        elements=marked.elements[-1:],
    )
    ink = draw(language, plain, values, dpi=dpi).point(lambda level: 255 * (level < 128))
    mark = draw(language, alone, values, dpi=dpi).point(lambda level: 255 * (level < 128))
    left, top, right, bottom = mark.getbbox() or (0, 0, 0, 0)
    assert right - left > 5
    gap = round(0.25 * dpi / 25.4)
    around = Image.new("L", mark.size)
    around.paste(255, (left - gap, top - gap, right + gap, bottom + gap))
    assert ImageChops.multiply(around, ink).getbbox() is None


_PLACE = st.floats(min_value=0, max_value=30)
_SIZE = st.floats(min_value=1.5, max_value=8)
_CONTENT: Any = st.sampled_from([SERIAL, ("SN ", Field("serial")), ("Lot 7",), ("MMMW",)])
_ELEMENTS = st.one_of(
    st.builds(Text, x_mm=_PLACE, y_mm=_PLACE, content=_CONTENT, size_mm=_SIZE, bold=st.booleans()),
    st.builds(
        Barcode,
        x_mm=st.floats(min_value=0, max_value=10),
        y_mm=st.floats(min_value=0, max_value=25),
        symbology=st.just("code128"),
        content=_CONTENT,
        x_dimension_mm=st.sampled_from([0.13, 0.25]),
        height_mm=st.floats(min_value=2, max_value=10),
        hri=st.booleans(),
    ),
    st.builds(
        Barcode,
        x_mm=_PLACE,
        y_mm=st.floats(min_value=0, max_value=20),
        symbology=st.just("qr"),
        content=_CONTENT,
        x_dimension_mm=st.sampled_from([0.25, 0.5]),
    ),
    st.builds(
        Box,
        x_mm=_PLACE,
        y_mm=st.floats(min_value=0, max_value=20),
        width_mm=st.floats(min_value=1, max_value=30),
        height_mm=st.floats(min_value=1, max_value=18),
        thickness_mm=st.floats(min_value=0.2, max_value=3),
    ),
)


@settings(max_examples=60, deadline=None)
@given(
    elements=st.lists(_ELEMENTS, min_size=1, max_size=6), language=st.sampled_from(["zpl", "png"])
)
def test_wherever_a_mark_is_put_it_touches_nothing(elements: list[Element], language: str) -> None:
    plain = label(*elements, width_mm=60, height_mm=40)
    values = {"serial": "TEST-M1W2"}
    try:
        marked = marking.marked(plain, "TEST", widest=values, device=Device(dpi=DPI))
    except Unprintable:
        return
    assert_apart(language, plain, marked, values)
