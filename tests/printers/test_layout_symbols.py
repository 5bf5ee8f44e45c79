"""Symbols: their room in both directions, their HRI, and what a field may put into them."""

from dataclasses import replace
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from printers.errors import Unprintable
from printers.label import Field, Rfid
from printers.layout import covered, ink, raster
from printers.layout.marks import Mark, Picture, Symbol, Tag, Words
from printers.layout.spots import SymbolSpot
from printers.symbologies import Caption, code128
from printers.symbologies import qr as qr_code
from tests.printers.layouts import box_of, form_of, label, marks_of, qr, text
from tests.printers.layouts import code128 as bars


def refusal(element, value="AC-1", **size):
    with pytest.raises(Unprintable) as refused:
        marks_of(element, value, **size)
    return str(refused.value)


def like(symbology: ModuleType, **changes: Any) -> Any:
    """A symbology that differs from a real one in a verb or two."""
    return SimpleNamespace(**{**vars(symbology), **changes})


@pytest.mark.parametrize(
    ("rotation", "size", "modules"),
    [
        (0, {"width_mm": 20}, 60),
        (90, {"height_mm": 20}, 60),
        (180, {"width_mm": 20}, 60),
        (270, {"height_mm": 20}, 60),
    ],
)
def test_bars_that_run_over_the_labels_edge_are_refused_however_they_are_turned(
    rotation, size, modules
):
    element = bars(rotation=rotation, height_mm=4)
    assert marks_of(element, "99", **size)
    assert refusal(element, "AC-12", **size) == (
        "The code128 symbol of 'AC-12' is 90 modules of 2 dots wide: expected 60 modules at "
        "most up to the label's edge; shorten the data, move the symbol or make x_dimension_mm "
        "smaller."
    )


@pytest.mark.parametrize("size", [{"width_mm": 16}, {"height_mm": 16}])
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_matrix_must_end_on_the_label_in_both_directions(rotation, size):
    element = qr(rotation=rotation)
    assert marks_of(element, "A" * 14, **size)
    wide = ("width_mm" in size) == (rotation in (0, 180))
    assert refusal(element, "A" * 40, **size) == (
        f"The qr symbol of {'A' * 40!r} is 29 modules of 4 dots {'wide' if wide else 'high'}: "
        "expected 22 modules at most up to the label's edge; shorten the data, move the symbol or "
        "make x_dimension_mm smaller."
    )


def test_a_symbol_broader_than_high_is_measured_both_ways():
    flat = like(qr_code, size=lambda text, options: (30, 10), capacity=lambda columns, options: 0)
    for rotation, columns, rows, is_fine in (
        (0, 40, 10, True),
        (0, 40, 9, False),
        (0, 29, 9, False),
    ):
        [spot] = form_of(qr(rotation=rotation)).variable
        assert isinstance(spot, SymbolSpot)
        spot = replace(spot, symbology=flat, capacity=0, columns_max=columns, rows_max=rows)
        if is_fine:
            spot.check({"serial": "A"})
            continue
        with pytest.raises(Unprintable, match="modules of 4 dots (wide|high): expected"):
            spot.check({"serial": "A"})


@pytest.mark.parametrize(
    ("rotation", "bars_box", "hri_box"),
    [
        (0, (80, 80, 114, 40), (80, 124, 114, 18)),
        (90, (80, 80, 40, 114), (58, 80, 18, 114)),
        (180, (80, 80, 114, 40), (80, 58, 114, 18)),
        (270, (80, 80, 40, 114), (124, 80, 18, 114)),
    ],
)
def test_the_hri_is_turned_with_its_bars(rotation, bars_box, hri_box):
    symbol, hri = marks_of(bars(x_mm=10, y_mm=10, height_mm=5, hri=True, rotation=rotation), "AC")
    assert (box_of(symbol), box_of(hri)) == (bars_box, hri_box)


@pytest.mark.parametrize(
    ("rotation", "place"),
    [
        (0, {"y_mm": 18}),
        (90, {"x_mm": 1}),
        (180, {"y_mm": 1}),
        (270, {"x_mm": 38}),
    ],
)
def test_an_hri_that_would_leave_the_label_is_refused(rotation, place):
    element = bars(rotation=rotation, hri=True, **place)
    assert marks_of(bars(rotation=rotation, **place), "AC")
    sentence = refusal(element, "AC")
    assert sentence.startswith("Barcode of symbology 'code128' at x_mm = ")
    assert sentence.endswith(
        " mm are outside the label: expected all of it on the label; move it, or make height_mm "
        "smaller."
    )


def test_an_hri_that_leaves_the_label_is_refused_with_what_is_outside():
    assert refusal(bars(hri=True, y_mm=18), "AC") == (
        "Barcode of symbology 'code128' at x_mm = 5, y_mm = 18 is 12.8 mm high with its HRI, of "
        "which 0.8 mm are outside the label: expected all of it on the label; move it, or make "
        "height_mm smaller."
    )


def test_an_hri_with_more_characters_than_its_bars_have_room_for_is_smaller(monkeypatch):
    monkeypatch.setattr(
        code128, "captions", lambda text, options: (Caption("(01)0950110153 (21)12345", 0, 68),)
    )
    _, hri = marks_of(bars(hri=True), "AC")
    assert isinstance(hri, Words)
    assert hri.size < 18
    assert hri.face.widest(hri.text) * hri.size <= hri.room


def outside(data, options):
    """As the first digit of an EAN-13 and the last one of a UPC-A stand."""
    columns, _ = code128.size(data, options)
    return Caption("4", -11, -4), Caption("0", columns + 4, columns + 11)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_an_hri_before_and_behind_the_bars_must_be_on_the_label(rotation, monkeypatch):
    monkeypatch.setattr(code128, "captions", outside)
    axis, extent = ("y_mm", "height_mm") if rotation in (90, 270) else ("x_mm", "width_mm")
    place: dict[str, float] = {"x_mm": 10, "y_mm": 10}
    element = bars(hri=True, rotation=rotation, height_mm=5, **{**place, axis: 0.5})
    assert refusal(element, "AC") == (
        "Barcode of symbology 'code128' begins 0.5 mm from the label's edge, and its HRI stands "
        "2.8 mm before it: expected all of it on the label; move it."
    )
    element = bars(hri=True, rotation=rotation, height_mm=5, **place)
    fitting: dict[str, Any] = {extent: 10 + (57 + 12) * 0.25}
    assert marks_of(element, "AC", **fitting)
    with pytest.raises(Unprintable, match="is 57 modules of 2 dots wide: expected 56 modules"):
        marks_of(element, "AC", **{**fitting, extent: 10 + (57 + 10) * 0.25})


def test_a_symbol_that_may_start_elements_takes_fields_as_literals():
    spot = form_of(qr(content=("(21)", Field("serial"), "(10)", Field("lot")))).variable[0]
    assert isinstance(spot, SymbolSpot)
    assert spot.is_literal
    escaping = like(qr_code, literal=lambda value: value.replace("(", "\\("))
    spot = replace(spot, symbology=escaping, is_literal=False)
    values = {"serial": "A(10)X", "lot": "7", "other": "("}
    assert spot.resolve(values) == "(21)A\\(10)X(10)7"
    with pytest.raises(Unprintable, match="needs a value for the field 'lot'"):
        spot.resolve({"serial": "A"})


def test_a_tag_is_written_as_it_is_given():
    assert marks_of(Rfid(content=(Field("serial"),)), "3034257BF7194E4000001A85") == [
        Tag(epc="3034257BF7194E4000001A85")
    ]
    assert marks_of(Rfid(content=(Field("serial"),), shown=Field("serial")), "") == []


@pytest.mark.parametrize(
    "value", ["", "303", "3034257bF719", "30 4", "0xAB", "AB" * 66, "３０３４"]
)
def test_an_epc_that_no_tag_holds_is_refused(value):
    form = form_of(Rfid(content=(Field("serial"),)))
    with pytest.raises(Unprintable) as refused:
        form.check({"serial": value})
    assert str(refused.value) == (
        f"An RFID tag cannot carry the EPC {value!r} of {len(value)} characters: expected digits "
        "0 to 9 and A to F, 4 for each word of 16 bits and at most 128; correct the value."
    )


def test_a_fixed_epc_is_checked_before_there_are_values():
    with pytest.raises(Unprintable, match="cannot carry the EPC 'XYZ'"):
        form_of(Rfid(content=("XYZ",)))


def test_each_ink_is_told_with_its_element_and_its_quiet_zone():
    elements = (text(content=("Lot",)), bars(hri=True), qr(x_mm=30), text(y_mm=20))
    form = form_of(*elements, Rfid(content=("ABCD",)))
    found = ink(form, {"serial": "99"})
    assert [(index, type(mark).__name__) for index, mark, _ in found] == [
        (0, "Words"),
        (1, "Symbol"),
        (1, "Words"),
        (2, "Symbol"),
        (3, "Words"),
        (4, "Tag"),
    ]
    around = [box for _, _, box in found]
    assert around[1] == (40 - 20, 40, 46 * 2 + 40, 80)
    assert around[3] == (240 - 16, 40 - 16, 21 * 4 + 32, 21 * 4 + 32)
    assert around[5] == (0, 0, 0, 0)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_quiet_zone_is_turned_with_its_symbol(rotation):
    [symbol] = marks_of(bars(x_mm=20, y_mm=10, height_mm=5, rotation=rotation), "99")
    level = (160 - 20, 80, 46 * 2 + 40, 40)
    upright = (160, 80 - 20, 40, 46 * 2 + 40)
    assert covered(symbol) == (level if rotation in (0, 180) else upright)
    assert covered(symbol, quiet=False) == box_of(symbol)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_guard_bars_reach_lower_and_are_covered(rotation):
    [symbol] = marks_of(bars(x_mm=20, y_mm=12, height_mm=5, rotation=rotation), "99")
    assert isinstance(symbol, Symbol)
    guarded = replace(
        symbol,
        symbology=like(code128, guards=lambda text, options: ((0, 3), (43, 46))),
        has_captions=True,
    )
    assert covered(guarded, quiet=False) == raster.picture(guarded).box
    assert raster.picture(guarded).box != raster.picture(symbol).box


def test_ink_of_every_kind_lies_within_what_is_said_to_be_covered():
    elements = (text(content=("ÄÅǺy",), size_mm=6), text(y_mm=15, width_mm=30, align="center"))
    for _, mark, box in ink(form_of(*elements), {"serial": "Žq (1)"}):
        assert isinstance(mark, Words | Picture)
        assert _within(raster.picture(mark), box)


def _within(picture: Mark, box: tuple[int, int, int, int]) -> bool:
    assert isinstance(picture, Picture)
    left, top, width, height = picture.box
    return (
        box[0] - 1 <= left
        and box[1] <= top
        and left + width <= box[0] + box[2] + 1
        and top + height <= box[1] + box[3]
    )


def test_a_label_may_hold_any_number_of_elements_of_a_kind():
    form = form_of(*[text(y_mm=2 + 4 * row, content=(f"row {row}",)) for row in range(6)])
    assert form.fixed_elements == (0, 1, 2, 3, 4, 5)
    assert form.variable_elements == ()
    assert label().elements == ()
