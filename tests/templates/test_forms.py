"""The form of a run: what is written once, what units fill in, and how wide that may become."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from printers import label as model
from printers.errors import Unprintable
from tests import plants
from tests.templates.reading import contents, named, parse, text


def test_form_has_every_element_in_millimetres() -> None:
    found = parse(
        "text: {x_mm: 1, y_mm: 2, text: a, size_mm: 4, bold: true, align: right, width_mm: 9}",
        "barcode: {x_mm: 1, y_mm: 2, symbology: code128, data: b, x_dimension_mm: 0.25, "
        "height_mm: 9, hri: true}",
        "box: {x_mm: 1, y_mm: 2, width_mm: 3, height_mm: 4}",
        "line: {x_mm: 1, y_mm: 2, length_mm: 3, thickness_mm: 1, direction: vertical}",
    ).form({})
    assert found.label == model.Label(
        name="unit-label",
        width_mm=70,
        height_mm=40,
        elements=(
            model.Text(
                x_mm=1, y_mm=2, content=("a",), size_mm=4, bold=True, align="right", width_mm=9
            ),
            model.Barcode(
                x_mm=1,
                y_mm=2,
                symbology="code128",
                content=("b",),
                x_dimension_mm=0.25,
                height_mm=9,
                hri=True,
            ),
            model.Box(x_mm=1, y_mm=2, width_mm=3, height_mm=4, thickness_mm=0.3),
            model.Line(x_mm=1, y_mm=2, length_mm=3, thickness_mm=1, direction="vertical"),
        ),
    )


def test_form_fills_constants_and_keeps_unit_values_as_fields() -> None:
    found = parse(text("Lot {run.lot}: {serial} of {attributes.höhe}!"), text("{line}"))
    assert found.sources == {"run.lot", "serial", "attributes.höhe", "line"}
    given = {"run.lot": "L1", "attributes.höhe": "3 {serial}", "line": "line-1"}
    assert contents(found.form(given)) == [
        ("Lot L1: ", model.Field("serial"), " of 3 {serial}!"),
        ("line-1",),
    ]


def test_form_writes_constants_through_their_filters_and_names_fields_by_theirs() -> None:
    found = parse(
        text("{product.gtin|pad:14} {run.lot|or:-} {number|pad:04} of {run.quantity}"),
        text("{serial|group:4: } {serial|last:4|upper}"),
    )
    form = found.form(
        named({"product__gtin": "4006381333931", "run__lot": "", "run__quantity": "9"})
    )
    assert contents(form) == [
        ("04006381333931 - ", model.Field("number|pad:4"), " of 9"),
        (model.Field("serial|group:4"), " ", model.Field("serial|last:4|upper")),
    ]
    assert form.filler(plants.NOON)("ac2632700042o", 7) == {
        "serial": "ac2632700042o",
        "number": "7",
        "number|pad:4": "0007",
        "serial|group:4": "ac26 3270 0042 o",
        "serial|last:4|upper": "042O",
    }


def test_form_without_a_value_it_shows_is_unprintable() -> None:
    with pytest.raises(Unprintable) as caught:
        parse(text("{attributes.b}"), text("{attributes.a|upper}")).form({})
    assert str(caught.value) == (
        "Template 'unit-label' shows 'attributes.a', which this run does not have. "
        "Open the run with it, or take it out of the template."
    )


def test_form_without_an_identifier_it_shows_is_unprintable() -> None:
    with pytest.raises(Unprintable, match="shows 'identifiers.imei', which this run does not have"):
        parse(text("{identifiers.mac} {identifiers.imei.hyphens}")).form({}, ["mac"])


def test_form_of_an_attribute_that_is_not_there_has_what_stands_for_nothing() -> None:
    assert contents(parse(text("{attributes.revision|upper|or:none}")).form({})) == [("none",)]


def test_form_has_the_day_the_run_was_opened() -> None:
    template = parse(text("{run.opened:%d.%m.%Y} {run.opened:%Y|last:2}"))
    assert contents(template.form({"run.opened": "2026-11-23T13:00:00+01:00"})) == [
        ("23.11.2026 26",)
    ]
    with pytest.raises(Unprintable, match="shows 'run.opened:%Y', which this run does not have"):
        template.form({})


def test_form_takes_doubled_braces_for_braces() -> None:
    assert contents(parse(text("{{serial}} {serial}}}{{")).form({})) == [
        ("{serial} ", model.Field("serial"), "}{")
    ]


def test_form_of_an_empty_text_is_empty() -> None:
    found = parse(text(""), text("{run.lot}")).form({"run.lot": ""})
    assert contents(found) == [(), ("",)]


def test_form_whose_constant_becomes_too_long_is_unprintable() -> None:
    with pytest.raises(Unprintable) as caught:
        parse(text("{line|pad:600|group:1}")).form({"line": "line-1"})
    assert str(caught.value) == (
        "'{line|pad:600|group:1}' makes a text of 1199 characters of one of 6: expected 1000 at "
        "most; show less of it."
    )


def test_unit_values_are_serial_number_and_dates_in_the_zone_of_the_site() -> None:
    found = parse(text("{serial} {number} {date:%d.%m.%Y} {date:%H:%M} {date:%G-W%V-%u %j%%}"))
    at = datetime(2026, 12, 31, 23, 30, tzinfo=UTC).astimezone(ZoneInfo("Europe/Berlin"))
    assert found.form({}).filler(at)("AC1", 7) == {
        "serial": "AC1",
        "number": "7",
        "date:%d.%m.%Y": "01.01.2027",
        "date:%H:%M": "00:30",
        "date:%G-W%V-%u %j%%": "2026-W53-5 001%",
    }


def test_unit_values_hold_only_what_the_form_shows() -> None:
    fill = parse(text("{run.lot}")).form({"run.lot": "L1"}).filler(plants.NOON)
    assert set(fill("AC1", 7)) <= {"serial", "number"}


def test_unit_values_may_be_told_more() -> None:
    found = parse(text("{identifiers.mac|last:2} {identifiers.mac.plain} {serial.digital_link}"))
    form = found.form({}, ["mac"])
    assert form.more == {"identifiers.mac", "identifiers.mac.plain", "serial.digital_link"}
    more = {"identifiers.mac": "02:AB", "identifiers.mac.plain": "02AB"}
    values = form.filler(plants.NOON)("AC1", 7, more={**more, "serial.digital_link": "https://x"})
    assert values["identifiers.mac|last:2"] == "AB"
    assert values["identifiers.mac.plain"] == "02AB"


def test_unit_value_that_becomes_too_long_is_unprintable() -> None:
    fill = parse(text("{serial|group:1:----------}")).form({}).filler(plants.NOON)
    with pytest.raises(Unprintable, match="makes a text of 1090 characters of one of 100: "):
        fill("A" * 100, 1)


SHARED = parse(
    text("{serial}"),
    text("MAC {identifiers.mac}", show_if="{identifiers.mac}"),
    text("Rev {attributes.revision}", show_if="{attributes.revision}"),
    text("First of {run.quantity}", show_if="{number} == 1 and {product.code} == AC-100"),
)
"""One template of several products."""


def test_element_whose_condition_does_not_hold_for_the_run_is_left_out() -> None:
    assert contents(SHARED.form({"product.code": "GW-1", "run.quantity": "9"})) == [
        (model.Field("serial"),)
    ]


def test_element_whose_condition_holds_for_the_run_is_always_shown() -> None:
    constants = named({"product__code": "GW-1", "run__quantity": "9", "attributes__revision": "C"})
    form = SHARED.form(constants, ["mac"])
    assert contents(form)[1:] == [("MAC ", model.Field("identifiers.mac")), ("Rev C",)]
    assert [one.shown for one in form.label.elements] == [None] * 3


def test_element_whose_condition_depends_on_the_unit_has_a_field_that_says_so() -> None:
    form = SHARED.form({"product.code": "AC-100", "run.quantity": "9"})
    shown = model.Field("show_if {number} == 1 and {product.code} == AC-100")
    assert [one.shown for one in form.label.elements] == [None, shown]
    fill = form.filler(plants.NOON)
    assert fill("AC1", 1) == {"serial": "AC1", "number": "1", shown.name: "1"}
    assert fill("AC2", 2) == {"serial": "AC2", "number": "2", shown.name: ""}


def test_copy_is_a_value_of_each_label() -> None:
    form = parse(text("{serial}"), text("COPY {copy|pad:2}", show_if="{copy}")).form({})
    assert contents(form)[1] == ("COPY ", model.Field("copy|pad:2"))
    fill = form.filler(plants.NOON)
    shown = {"serial": "AC1", "number": "1"}
    assert fill("AC1", 1) == {**shown, "copy": "0", "copy|pad:2": "00", "show_if {copy}": ""}
    assert fill("AC1", 1, copy=3) == {
        **shown,
        "copy": "3",
        "copy|pad:2": "03",
        "show_if {copy}": "1",
    }


def test_label_that_shows_no_copy_is_the_same_on_each() -> None:
    form = parse(text("{serial}")).form({})
    fill = form.filler(plants.NOON)
    assert fill("AC1", 1, copy=3) == fill("AC1", 1)
    assert not form.shows_copy


def test_every_element_may_have_a_condition() -> None:
    form = parse(
        "text: {x_mm: 1, y_mm: 2, text: a, show_if: '{number} == 1'}",
        "barcode: {x_mm: 1, y_mm: 2, symbology: qr, data: b, x_dimension_mm: 1, "
        "show_if: '{number} == 1'}",
        "box: {x_mm: 1, y_mm: 2, width_mm: 3, height_mm: 4, show_if: '{number} == 1'}",
        "line: {x_mm: 1, y_mm: 2, length_mm: 3, show_if: '{number} == 1'}",
    ).form({})
    assert [one.shown for one in form.label.elements] == [model.Field("show_if {number} == 1")] * 4
    assert len(form.conditions) == 1


def test_template_needs_what_may_be_shown_and_has_for_sure_what_must_be() -> None:
    template = parse(
        text("{identifiers.pin|group:4} {identifiers.puk|last:2}"),
        text("{identifiers.mac}", show_if="{product.code} == GW-1"),
        text("{identifiers.imei}", show_if="{line} == line-1"),
    )
    names = ["pin", "puk", "mac", "imei"]
    possible, certain = template.needs({"product.code": "AC-100"}, names)
    assert possible == {"identifiers.pin", "identifiers.puk", "identifiers.imei"}
    assert certain == {"identifiers.pin"}
    assert template.needs({"product.code": "GW-1", "line": "line-1"}, names)[1] == {
        "identifiers.pin",
        "identifiers.mac",
        "identifiers.imei",
    }


def test_widest_values_are_those_of_the_widest_characters_once_they_are_written() -> None:
    form = parse(
        text("{serial|upper} {serial|first:2} {serial|without:M|group:2:-} {number|pad:4}"),
        text("{date:%d.%m.%Y} {date:%Y|last:2}", show_if="{number} == 1"),
    ).form({})
    breadths = {"i": 1.0, "I": 1.0, "m": 3.0, "M": 4.0, "w": 2.0, "W": 5.0}

    def breadth(character: str) -> float:
        return breadths.get(character, 0.0)

    def widest(source: str, measure: object) -> str:
        assert callable(measure)
        return "300" if source == "number" else max("imwM", key=measure) * 3

    assert form.widest(widest, breadth=breadth, at=plants.NOON) == {
        "serial|upper": "WWW",
        "serial|first:2": "MM",
        "serial|without:M|group:2:-": "mm-m",
        "number|pad:4": "0300",
        "date:%d.%m.%Y": "23.11.2026",
        "date:%Y|last:2": "26",
        "show_if {number} == 1": "1",
    }
