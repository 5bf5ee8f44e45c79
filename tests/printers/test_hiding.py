"""Elements that some labels show and others hide, in every language."""

import pytest
from PIL import ImageChops

from printers import languages, layout, marking
from printers.device import Device
from printers.errors import Unprintable
from printers.label import Barcode, Box, Element, Field, Label, Line, Text
from tests.printers.pictures import DPI, draw, scan

FIRST, OTHER = Field("show_if {number} == 1"), Field("show_if {number} != 1")


def label(*elements: Element) -> Label:
    return Label(name="hiding", width_mm=70, height_mm=40, elements=elements)


def elements(shown: Field | None) -> tuple[Element, ...]:
    """Return one of each kind."""
    return (
        Text(x_mm=2, y_mm=2, content=("fixed ", Field("serial")), size_mm=4, shown=shown),
        Text(x_mm=2, y_mm=8, content=("fixed",), size_mm=4, align="right", shown=shown),
        Barcode(
            x_mm=4,
            y_mm=14,
            symbology="code128",
            content=("AC1",),
            x_dimension_mm=0.25,
            height_mm=8,
            hri=True,
            shown=shown,
        ),
        Box(x_mm=40, y_mm=14, width_mm=8, height_mm=8, thickness_mm=0.5, shown=shown),
        Line(x_mm=2, y_mm=34, length_mm=60, thickness_mm=0.5, shown=shown),
    )


@pytest.mark.parametrize("language", languages.names())
def test_what_is_hidden_leaves_nothing_behind(language: str) -> None:
    values = {"serial": "AC1"}
    conditional = label(*elements(FIRST))
    hidden = draw(language, conditional, {**values, FIRST.name: ""})
    shown = draw(language, conditional, {**values, FIRST.name: "1"})
    assert hidden.convert("L").getextrema() == (255, 255), "a blank label"
    assert ImageChops.difference(
        shown, draw(language, label(*elements(None)), values)
    ).getbbox() is (None)
    assert scan(shown) == [("Code 128", "AC1")]


@pytest.mark.parametrize("language", languages.names())
def test_a_value_that_cannot_be_printed_matters_only_where_it_is_shown(language: str) -> None:
    compiled = languages.load(language).compile(label(elements(FIRST)[0]), device=Device(dpi=DPI))
    compiled.check({"serial": "\x1b", FIRST.name: ""})
    with pytest.raises(Unprintable):
        compiled.check({"serial": "\x1b", FIRST.name: "1"})
    with pytest.raises(Unprintable, match="needs a value for the field 'show_if {number} == 1'"):
        compiled.check({"serial": "AC1"})


def test_a_fixed_content_that_cannot_be_printed_is_refused_though_it_may_be_hidden() -> None:
    with pytest.raises(Unprintable, match="has character U"):
        layout.place(
            label(Text(x_mm=2, y_mm=2, content=("\x1b",), size_mm=4, shown=FIRST)),
            device=Device(dpi=DPI),
        )


def symbol(content: str, shown: Field | None) -> Barcode:
    """Return one of several symbols in one place."""
    return Barcode(
        x_mm=4, y_mm=4, symbology="qr", content=(content,), x_dimension_mm=0.5, shown=shown
    )


def test_two_symbols_may_take_turns_in_one_place() -> None:
    widest = {FIRST.name: "1", OTHER.name: "1"}
    turns = label(symbol("AC1", FIRST), symbol("AC2", OTHER))
    assert (
        marking.marked(turns, "TEST", widest=widest, device=Device(dpi=DPI)).elements[:2]
        == turns.elements
    )
    assert scan(draw("png", turns, {FIRST.name: "", OTHER.name: "1"})) == [("QR Code", "AC2")]
    for others in (None, FIRST):
        with pytest.raises(Unprintable, match="runs into its qr symbol"):
            marking.marked(
                label(symbol("AC1", FIRST), symbol("AC2", others)),
                "TEST",
                widest=widest,
                device=Device(dpi=DPI),
            )
