import math

import pytest

from printers import symbologies
from printers.errors import Unprintable
from printers.label import Box, Field, Text, fields, fill
from printers.layout import place
from tests.printers.layouts import DEVICE, SERIAL, code128, label


def test_fill_replaces_every_field():
    content = ("SN ", Field("serial"), " / ", Field("lot"))
    assert fill(content, {"serial": "A1", "lot": "7"}) == "SN A1 / 7"
    assert fields(content) == ("serial", "lot")


def test_fill_without_a_value_names_the_field_and_what_was_given():
    with pytest.raises(Unprintable) as refused:
        fill((Field("lot"),), {"serial": "A1", "line": "2"})
    assert str(refused.value) == (
        "The label needs a value for the field 'lot', and none was given: expected it among line, "
        "serial; hand in a value for every field of the label."
    )


@pytest.mark.parametrize("size_mm", [0, -1, math.nan, math.inf, 2001])
def test_a_size_that_is_none_is_refused(size_mm):
    with pytest.raises(Unprintable) as refused:
        Text(x_mm=1, y_mm=1, content=SERIAL, size_mm=size_mm)
    assert str(refused.value) == (
        f"Text has size_mm = {size_mm}: expected more than 0 and at most 2000 millimetres; "
        "give a real size."
    )


def test_an_unknown_choice_is_refused_with_the_known_ones():
    with pytest.raises(Unprintable) as refused:
        Text(x_mm=1, y_mm=1, content=SERIAL, size_mm=3, align="middle")
    assert str(refused.value) == "Text has align = 'middle': expected one of left, center, right."


@pytest.mark.parametrize(
    ("x_mm", "y_mm", "axis", "limit"), [(50, 1, "x_mm", 50), (1, 30, "y_mm", 30)]
)
def test_an_element_that_begins_outside_is_refused(x_mm, y_mm, axis, limit):
    with pytest.raises(Unprintable) as refused:
        label(Text(x_mm=x_mm, y_mm=y_mm, content=SERIAL, size_mm=3))
    assert str(refused.value) == (
        f"Element 1 (Text) of label 'unit' begins at {axis} = {limit}: expected 0 or more and "
        f"less than {limit}; move it onto the label."
    )


def test_a_box_that_ends_outside_is_refused():
    with pytest.raises(Unprintable) as refused:
        label(Box(x_mm=1, y_mm=1, width_mm=50, height_mm=5, thickness_mm=0.3))
    assert str(refused.value) == (
        "Element 1 (Box) of label 'unit' begins at x_mm = 1 and is 50 mm long there: expected it "
        "to end at 50 mm at most; make it smaller or move it."
    )


REFUSED_BY_THE_LAYOUT = [
    (
        code128(symbology="code40"),
        f"Barcode has symbology = 'code40': expected one of {', '.join(symbologies.names())}.",
    ),
    (
        code128(height_mm=None),
        (
            "Barcode of symbology 'code128' has no height_mm: expected one, since its bars may "
            "have "
            "any height; give it."
        ),
    ),
    (
        code128(symbology="qr", hri=True, height_mm=None),
        (
            "Barcode of symbology 'qr' has height_mm or hri: expected neither, since its size "
            "follows "
            "from its data; remove them and add a Text where wanted."
        ),
    ),
    (
        code128(x_dimension_mm=0.05),
        (
            "Barcode with x_dimension_mm = 0.05 has modules of 0 dots at 203 dpi: expected 1 to "
            "10; "
            "choose another X-dimension."
        ),
    ),
    (
        Text(x_mm=1, y_mm=1, content=SERIAL, size_mm=3, size_min_mm=1, width_mm=9),
        (
            "Text of size_min_mm = 1 is 8 dots high at 203 dpi: expected at least 10 dots (1.25 "
            "mm); enlarge it."
        ),
    ),
    (
        Text(x_mm=1, y_mm=1, content=SERIAL, size_mm=3, font="serif"),
        (
            "Text has font = 'serif': expected printer, or one of sans, mono; name a font of the "
            "book."
        ),
    ),
    (
        Text(x_mm=1, y_mm=1, content=SERIAL, size_mm=1),
        (
            "Text of size_mm = 1 is 8 dots high at 203 dpi: expected at least 10 dots (1.25 mm); "
            "enlarge it."
        ),
    ),
    (
        code128(content=("",)),
        (
            "Code 128 cannot carry an empty text '': expected at least one character; hand in a "
            "value "
            "for the field."
        ),
    ),
]


@pytest.mark.parametrize(("element", "sentence"), REFUSED_BY_THE_LAYOUT)
def test_what_no_value_can_mend_is_refused_before_there_are_values(element, sentence):
    with pytest.raises(Unprintable) as refused:
        place(label(element), device=DEVICE)
    assert str(refused.value) == sentence
