"""Which printers a template is tried on: those of its lines and groups that take its labels."""

from collections.abc import Iterator
from typing import Any

import pytest

from labeler.production.site import Site
from tests import plants
from tests.production.template_checks.looking import (
    NOWHERE,
    UNPRINTED,
    lint,
    matrix,
    plant,
    said,
    text,
)

PRINTER = plants.CONFIG["printers"]["zebra-1"]
FINE = {**PRINTER, "uri": "tcp://127.0.0.1:11", "dpi": 300}
SMALL = {**PRINTER, "uri": "tcp://127.0.0.1:12", "media": {"width_mm": 50, "height_mm": 40}}
HALL: dict[str, Any] = {
    "printers": {"fine": FINE, "small": SMALL},
    "printer_groups": {"hall": {"printers": ["zebra-1", "fine", "small"]}},
    "lines": {"line-1": {"printer": "hall"}, "line-2": {"printer": "hall"}},
}
WHOLE = {**UNPRINTED, **NOWHERE}
SNAPPING = matrix(x_dimension_mm=0.44, x_mm=2)
"""A symbol of which each resolution makes another size."""


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Return the plant whose lines print to a group: 203 dpi, 300 dpi, and smaller stock."""
    with plant(tmp_path_factory.mktemp("hall"), **HALL) as opened:
        yield opened


def tried(found: list[dict[str, Any]]) -> list[list[str]]:
    """Return of each finding about the symbol's size on which printers it was found."""
    return [one["stations"] for one in found if one["kind"] == "x_dimension"]


def test_a_template_is_tried_on_each_kind_of_printer_of_a_group_that_takes_it(hall: Site) -> None:
    found = lint(hall, SNAPPING)
    assert {one["kind"] for one in found} == {"x_dimension"}
    assert tried(found) == [["zebra-1 at 203 dpi"], ["fine at 300 dpi"]]
    assert tried(lint(hall, SNAPPING, media={"width_mm": 45, "height_mm": 40})) == [
        ["zebra-1 at 203 dpi", "small at 203 dpi"],
        ["fine at 300 dpi"],
    ]


def test_a_template_for_300_dpi_is_tried_only_on_members_that_have_them(hall: Site) -> None:
    found = lint(hall, SNAPPING, dpi=[300])
    assert {one["kind"] for one in found} == {"x_dimension"}
    assert tried(found) == [["fine at 300 dpi"]]
    assert tried(lint(hall, SNAPPING, dpi=[305])) == [["fine at 300 dpi"]]


def test_a_template_that_no_member_takes_is_told_why_of_each(hall: Site) -> None:
    sentence = (
        "Line 'line-1', product 'AC-100': No printer of group 'hall' takes template 'unit-label'."
    )
    of_dpi = "Template 'unit-label' is made for 600 dpi, printer"
    [found, at] = lint(hall, SNAPPING, dpi=[600])
    assert found == said(
        "media",
        "error",
        f"{sentence} {of_dpi} 'zebra-1' has 203. {of_dpi} 'fine' has 300. {of_dpi} 'small' has "
        "203.",
        "Correct dpi: in the template.",
        **WHOLE,
    )
    assert (at["kind"], at["printer"], at["stations"]) == ("x_dimension", None, ["600 dpi"])
    of_size = "Template 'unit-label' is 90 x 40 mm, the media of printer"
    assert lint(hall, text("A"), media={"width_mm": 90, "height_mm": 40}) == [
        said(
            "media",
            "error",
            f"{sentence} {of_size} 'zebra-1' 70 x 40 mm. {of_size} 'fine' 70 x 40 mm. {of_size} "
            "'small' 50 x 40 mm.",
            "Correct the template.",
            **WHOLE,
        )
    ]


def test_a_template_for_another_dpi_than_the_only_printer_has_is_an_error(site: Site) -> None:
    refusal = "Template 'unit-label' is made for 300 or 600 dpi, printer 'zebra-1' has 203."
    assert lint(site, text("A"), dpi=[300, 600]) == [
        said(
            "media",
            "error",
            f"Line 'line-1', product 'AC-100': {refusal}",
            "Correct dpi: in the template.",
            **WHOLE,
        )
    ]


def test_a_template_that_some_line_can_print_is_a_warning_where_another_cannot(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("two")
    with plant(folder, **{**HALL, "lines": {"line-1": {"printer": "hall"}}}) as two:
        refusal = "Template 'unit-label' is made for 300 dpi, printer 'zebra-1' has 203."
        assert lint(two, text("A"), dpi=[300]) == [
            said(
                "media",
                "warning",
                f"Line 'line-2', product 'AC-100': {refusal}",
                "Correct dpi: in the template. Or do not make it on line 'line-2'.",
                **WHOLE,
            )
        ]


def test_a_template_that_a_member_of_a_group_cannot_print_is_an_error(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    hasty = {**FINE, "speed_mm_s": 400}
    changes = plants.merged(HALL, {"printers": {"fine": hasty}})
    with plant(tmp_path_factory.mktemp("hasty"), **changes) as site:
        [found] = lint(site, text("A"))
    assert found["severity"] == "error"
    assert found["sentence"] == (
        "Line 'line-1', product 'AC-100': Speed 400 mm/s is 16 inches per second: expected 1 to 14 "
        "(25.4 to 355.6 mm/s); choose one that the printer has."
    )


def test_a_template_that_no_product_has_is_tried_at_the_dpi_it_is_made_for(site: Site) -> None:
    assert tried(lint(site, SNAPPING, name="free", dpi=[600])) == [["600 dpi"]]
    assert tried(lint(site, SNAPPING, name="free")) == [["203 dpi"], ["300 dpi"]]
