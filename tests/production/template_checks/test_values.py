"""What values do: data, characters, orders, test runs, printers and stock."""

from pathlib import Path
from typing import Any

import pytest

from labeler.production.site import Site
from labeler.production.template_checks import names
from tests.production.template_checks.looking import (
    UNPRINTED,
    lint,
    matrix,
    plant,
    said,
    symbol,
    text,
)

WHOLE: dict[str, Any] = {"element": None, "line": None, **UNPRINTED}


def test_data_that_a_symbology_cannot_carry_is_an_error(site: Site) -> None:
    itf = symbol(symbology="itf14", x_dimension_mm=0.5, height_mm=20)
    assert lint(site, itf) == [
        said(
            "data",
            "error",
            "ITF-14 cannot carry character U+0041 at position 1 of 'AC2632790019D': expected "
            "digits only; hand in a GTIN.",
            "Choose a symbology that carries it, or another alphabet for the series.",
            place=(10.0, 15.0, 0.0, 20.0),
        )
    ]


def test_each_character_that_a_series_may_make_is_tried(tmp_path: Path) -> None:
    series = {"controller-sn": {"pattern": "{counter:7:odd}"}}
    alphabets = {"odd": "0123456789_"}
    with plant(tmp_path, series=series, alphabets=alphabets) as site:
        [found] = lint(site, symbol(symbology="code39", height_mm=15))
    assert found == said(
        "data",
        "error",
        "Code 39 cannot carry character U+005F at position 1 of '_000000': expected a capital "
        "letter, a digit or one of -. $/+%; write it in capitals or use code128.",
        "Choose a symbology that carries it, or another alphabet for the series.",
        place=(10.0, 15.0, 0.0, 15.0),
    )


def test_a_lot_in_small_letters_is_an_error_where_no_sample_rules_it_out(site: Site) -> None:
    code39 = symbol(symbology="code39", data="L{run.lot}", height_mm=15, x_mm=5)
    [found] = [one for one in lint(site, code39) if one["kind"] == "data"]
    assert found == said(
        "data",
        "error",
        "Code 39 cannot carry character U+0061 at position 2 of 'LaB%-aB%-aB%-aB%-aB%-': expected "
        "a capital letter, a digit or one of -. $/+%; write it in capitals or use code128.",
        "Choose a symbology that carries it, or bound it: samples: {run.lot: L2611}.",
        place=(5.0, 15.0, 0.0, 15.0),
    )
    assert lint(site, code39, samples={"run.lot": "L2611"}) == []


def test_data_of_which_nobody_knows_what_it_is_asks_for_a_sample(site: Site) -> None:
    ean = symbol(symbology="ean8", data="{attributes.ean}", x_dimension_mm=0.375, height_mm=21)
    place = (10.0, 15.0, 0.0, 21.0)
    assert lint(site, ean) == [
        said(
            "data",
            "note",
            "Nobody can tell whether its data can be carried, since nothing says what "
            "'{attributes.ean}' may be: EAN-8 cannot carry character U+0065 at position 1 of "
            "'ean': expected digits only; hand in a GTIN.",
            "Write samples: {attributes.ean: …} into the template.",
            place=place,
        ),
        said(
            "orders",
            "note",
            "Nothing says what '{attributes.ean}' may become, so its room cannot be judged.",
            "Write samples: {attributes.ean: …} with the longest text there is.",
            place=place,
        ),
    ]
    assert [one["severity"] for one in lint(site, ean, samples={"attributes.ean": "96385074"})] == [
        "note"
    ]


def test_a_run_that_must_say_its_lot_is_noted(site: Site) -> None:
    assert lint(site, matrix(data="{run.lot}"), samples={"run.lot": "L1"}) == [
        said(
            "orders",
            "note",
            "A run of product 'AC-100' without lot, work order, operator and attributes is "
            "refused: Data Matrix cannot carry an empty text '': expected at least one character; "
            "hand in a value for the field.",
            "Open runs with what it needs, or hide the element with show_if.",
            **WHOLE,
        )
    ]
    hidden = matrix(data="{run.lot}", show_if="{run.lot}")
    assert lint(site, hidden, samples={"run.lot": "L1"}) == []


def test_a_character_that_no_font_has_is_an_error(site: Site) -> None:
    assert lint(site, text("SN 日 {serial}")) == [
        said(
            "glyphs",
            "error",
            "Text 'SN 日 AC2632790019D' has character U+65E5 (CJK UNIFIED IDEOGRAPH-65E5) at "
            "position 4: expected characters that one of the fonts sans, mono has all of; replace "
            "it, or name a font that has them under fonts: in config.yaml.",
            "Correct the text, or name such a font.",
            place=(4.0, 5.0, 65.94, 3.0),
        )
    ]


def test_text_that_is_sent_as_a_graphic_is_noted_with_its_bytes(site: Site) -> None:
    [found] = lint(site, text("Größe Ω {serial}"))
    sentence = found["sentence"]
    assert (found["kind"], found["severity"], found["element"]) == ("glyphs", "note", 1)
    assert sentence.startswith(
        "Text 'Größe Ω AC2632790019D' is not drawn by the printer's own font, and is sent as a "
        "graphic: "
    )
    part, whole = (int(one.split()[-1]) for one in sentence.removesuffix(" bytes of a label.")
                   .split(" of the "))  # fmt: skip
    assert 300 < part < whole < 1500


def test_a_test_run_without_a_place_for_its_mark_is_a_warning(site: Site) -> None:
    rows = [text("W" * 25, x_mm=1, y_mm=1 + 3 * row, width_mm=68) for row in range(13)]
    assert lint(site, *rows) == [
        said(
            "test_run",
            "warning",
            "A test run of product 'AC-100' would be refused: Label 'unit-label' has no free place "
            "for the mark TEST: expected one of 7.2 x 3.5 mm at least, 1 mm from its edges; move "
            "its elements together or make one smaller.",
            "Leave a place free, or do without test runs of the product.",
            element=None,
            line=None,
        )
    ]


def test_what_no_value_could_mend_is_an_error_at_its_element(site: Site) -> None:
    assert lint(site, symbol(hri=True, y_mm=30)) == [
        said(
            "unprintable",
            "error",
            "Barcode of symbology 'code128' at x_mm = 10, y_mm = 30 is 11.8 mm high with its HRI, "
            "of which 1.8 mm are outside the label: expected all of it on the label; move it, or "
            "make height_mm smaller.",
            "Correct the element.",
            place=(10.0, 30.0, 0.0, 9.0),
        )
    ]


def test_stock_that_lies_across_is_told_with_what_to_write(site: Site) -> None:
    shown = text("{serial}", size_mm=2)
    assert lint(site, shown, media={"width_mm": 40, "height_mm": 70}) == [
        said(
            "media",
            "error",
            "Line 'line-1', product 'AC-100': Template 'unit-label' is 40 x 70 mm, the media of "
            "printer 'zebra-1' 70 x 40 mm.",
            "The stock lies across: write media: {width_mm: 70, height_mm: 40} and turn the "
            "elements with rotation: 90.",
            **WHOLE,
        )
    ]


def test_a_template_that_no_product_has_is_tried_at_203_and_300_dpi_with_its_samples(
    site: Site,
) -> None:
    shown = text("SN {serial}", width_mm=20)
    [found] = lint(site, shown, name="free", samples={"serial": "AC2632700001K"})
    told = (found["template"], found["severity"], found["printer"], found["stations"])
    assert told == ("free", "error", None, ["203 dpi", "300 dpi"])
    assert lint(site, text("SN {serial}"), name="free", samples={"serial": "AC26"}) == []


def test_a_fault_is_told_once_with_all_the_printers_that_have_it(tmp_path: Path) -> None:
    fine = {"uri": "tcp://127.0.0.1:10", "language": "zpl", "dpi": 300,
            "media": {"width_mm": 70, "height_mm": 40}}  # fmt: skip
    lines = {"line-2": {"printer": "fine", "archive": "archive"}}
    with plant(tmp_path, printers={"fine": fine}, lines=lines) as site:
        [found] = lint(site, text("Serial number {serial}", width_mm=30))
    assert (found["printer"], found["stations"]) == (
        "zebra-1",
        ["zebra-1 at 203 dpi", "archive at 203 dpi", "fine at 300 dpi"],
    )


@pytest.mark.parametrize("name", names())
def test_no_check_minds_a_label_without_ink(site: Site, name: str) -> None:
    tag = {"rfid": {"epc": "3034257BF7194E4000001A85"}}
    assert [one for one in lint(site, tag) if one["kind"] == name] == []
