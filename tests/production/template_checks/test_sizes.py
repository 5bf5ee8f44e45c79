"""X-dimensions, density, bars and letters: sizes on a printer's dots and for scanners."""

from pathlib import Path
from typing import Any

import pytest

from labeler.production.site import Site
from labeler.production.template_checks import load
from tests.production.template_checks.looking import (
    UNPRINTED,
    lint,
    matrix,
    plant,
    said,
    symbol,
    text,
)

EAN = {"x_mm": 10, "y_mm": 5, "symbology": "ean13", "data": "4012345000009"}
GS1_128 = {"x_mm": 10, "y_mm": 5, "symbology": "gs1_128", "data": "(01){product.gtin}",
           "x_dimension_mm": 0.25, "height_mm": 13}  # fmt: skip


def test_an_x_dimension_that_snaps_is_a_note_with_what_would_be_exact(site: Site) -> None:
    assert lint(site, matrix(x_dimension_mm=0.4)) == [
        said(
            "x_dimension",
            "note",
            "The X-dimension of 0.4 mm becomes 0.375 mm at 203 dpi, which is 3 dots: 6.2 % less.",
            "Exact would be 0.375 mm or 0.5 mm.",
            place=(10.01, 15.01, 5.26, 5.26),
        )
    ]


def test_an_x_dimension_that_snaps_by_more_than_a_tenth_is_a_warning(site: Site) -> None:
    assert lint(site, matrix(x_dimension_mm=0.44)) == [
        said(
            "x_dimension",
            "warning",
            "The X-dimension of 0.44 mm becomes 0.5 mm at 203 dpi, which is 4 dots: 13.7 % more.",
            "Exact would be 0.375 mm or 0.5 mm.",
            place=(10.01, 15.01, 7.01, 7.01),
        )
    ]


def test_an_ean_below_the_size_of_retail_is_a_warning_that_names_the_table(site: Site) -> None:
    assert lint(site, {"barcode": {**EAN, "x_dimension_mm": 0.25, "height_mm": 24}}) == [
        said(
            "application",
            "warning",
            "The X-dimension of the EAN-13 symbol is 0.25 mm at 203 dpi: GS1 General "
            "Specifications, section 5.12.3.1 (retail) asks for 0.264 to 0.66 mm.",
            "Write x_dimension_mm: 0.375, or say where it is scanned with application:.",
            place=(10.01, 5.0, 23.77, 24.02),
        )
    ]


def test_bars_of_an_ean_that_are_cut_short_are_a_warning(site: Site) -> None:
    assert lint(site, {"barcode": {**EAN, "x_dimension_mm": 0.375, "height_mm": 15}}) == [
        said(
            "application",
            "warning",
            "The bars of the EAN-13 symbol are 15 mm high: GS1 General Specifications, section "
            "5.12.3.1 (retail) asks for 25.99 mm.",
            "Write height_mm: 25.99, or say where it is scanned with application:.",
            place=(10.01, 5.0, 35.66, 15.01),
        )
    ]


@pytest.mark.parametrize(
    ("application", "asked"),
    [
        (None, ["section 5.12.3.2 (logistics) asks for 0.495 to 1.016 mm.",
                "section 5.12.3.2 (logistics) asks for 31.75 mm."]),
        ("healthcare", []),
        ("internal", []),
    ],
)  # fmt: skip
def test_what_is_asked_of_a_symbol_follows_from_where_it_is_scanned(
    site: Site, application: str | None, asked: list[str]
) -> None:
    keys: dict[str, Any] = {**GS1_128, "application": application}
    found = [one["sentence"].split("Specifications, ")[1] for one in lint(site, {"barcode": keys})]
    assert found == asked


def test_bars_lower_than_15_percent_of_their_width_are_a_warning(site: Site) -> None:
    assert lint(site, symbol(height_mm=4)) == [
        said(
            "application",
            "warning",
            "The bars of the Code 128 symbol are 4 mm high and 36.3 mm long together: to be read "
            "by hand they want 15 % of that, and 5 mm at least, here 5.4 mm.",
            "Write height_mm: 5.5, or application: internal where a fixed scanner reads it.",
            place=(10.01, 15.01, 36.29, 4.0),
        )
    ]
    assert lint(site, symbol(height_mm=4, application="internal")) == []


def test_modules_of_one_dot_are_a_warning(site: Site) -> None:
    assert lint(site, matrix(x_dimension_mm=0.125)) == [
        said(
            "density",
            "warning",
            "The modules of the Data Matrix symbol are 1 dot wide (0.125 mm at 203 dpi): most "
            "heads cannot hold such squares.",
            "Write x_dimension_mm: 0.25 or more.",
            place=(10.01, 15.01, 1.75, 1.75),
        )
    ]


def test_modules_finer_than_common_scanners_read_are_a_warning(tmp_path: Path) -> None:
    with plant(tmp_path, printers={"zebra-1": {"dpi": 600}}) as site:
        [found] = lint(site, matrix(x_dimension_mm=0.1693))
        assert (found["kind"], found["severity"], found["sentence"], found["dpi"]) == (
            "density",
            "warning",
            (
                "The modules of the Data Matrix symbol are 0.169 mm wide, and common scanners want "
                "0.19 mm."
            ),
            600,
        )


@pytest.mark.parametrize(
    ("keys", "capital", "advice", "place"),
    [
        ({"size_mm": 1.4}, 1.03, "Write size_mm: 1.6 or more.", (4.0, 4.88, 12.76, 1.0)),
        ({"width_mm": 60, "size_min_mm": 1.3}, 0.94, "Write size_min_mm: 1.6 or more.",
         (4.0, 5.0, 27.65, 2.25)),
    ],
)  # fmt: skip
def test_capitals_lower_than_1_2_mm_are_a_warning_also_where_text_shrinks_to_them(
    site: Site, keys: dict[str, Any], capital: float, advice: str, place: tuple[float, ...]
) -> None:
    assert lint(site, text("SN {serial}", **keys)) == [
        said(
            "legibility",
            "warning",
            f"Capitals of text 'SN AC2632790019D' may become {capital} mm high: less than 1.2 mm "
            "are hard to read.",
            advice,
            place=place,
        )
    ]


@pytest.mark.parametrize(
    ("most", "severity", "sentence", "advice"),
    [
        (12, "error",
         ("Serials of product 'AC-100' have 13 characters, and a string in the PLC of line "
         "'line-1' has 12: it would cut them off."),
         ("Write plc_string_length: 18 or more and enlarge the string in the PLC, or give the "
         "series a shorter pattern.")),
        (16, "warning",
         ("Test serials of product 'AC-100' have 18 characters, and a string in the PLC of line "
         "'line-1' has 16: it would cut them off."),
         "Enlarge it to 18 characters, or do without test runs there."),
        (18, None, "", ""),
    ],
)  # fmt: skip
def test_a_serial_longer_than_the_string_of_the_plc_is_told(
    tmp_path: Path, most: int, severity: str | None, sentence: str, advice: str
) -> None:
    with plant(tmp_path, lines={"line-1": {"plc_string_length": most}}) as site:
        found = lint(site, text("SN {serial}"))
    told = {"element": None, "line": None, **UNPRINTED}
    assert found == ([said("plc_string", severity, sentence, advice, **told)] if severity else [])


def test_every_check_says_its_name_and_what_it_looks_for() -> None:
    names = ("application", "clipping", "data", "density", "glyphs", "legibility", "media",
             "orders", "overlap", "plc_string", "quiet_zone", "test_run", "unprintable",
             "x_dimension")  # fmt: skip
    assert [(load(name).NAME, bool(load(name).__doc__)) for name in names] == [
        (name, True) for name in names
    ]
