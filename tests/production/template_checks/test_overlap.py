"""Elements that print over each other."""

from typing import Any

import pytest

from labeler.production.site import Site
from tests.production.template_checks.looking import box, lint, said, symbol, text

ADVICE = "Move one of them, make it smaller, or keep the text short with width_mm."
RING = {"circle": {"x_mm": 4, "y_mm": 4, "diameter_mm": 20, "thickness_mm": 0.25}}


def line(**keys: Any) -> dict[str, Any]:
    return {"line": {"x_mm": 4, "y_mm": 6.5, "length_mm": 30, "thickness_mm": 0.25, **keys}}


def over(severity: str, sentence: str, *place: float) -> list[dict[str, Any]]:
    return [said("overlap", severity, sentence, ADVICE, element=2, place=place)]


def test_text_over_text_is_an_error(site: Site) -> None:
    assert lint(site, text("SN {serial}"), text("Axis", x_mm=10, y_mm=6)) == over(
        "error",
        "Text 'Axis' and text 'SN AC2632790019D' of element 1 print over each other on 5.6 x 1.4 "
        "mm.",
        *(10.01, 5.88, 5.63, 1.38),
    )


def test_text_over_bars_is_an_error(site: Site) -> None:
    assert lint(site, symbol(), text("Axis", x_mm=20, y_mm=16)) == over(
        "error",
        "Text 'Axis' and the Code 128 symbol of element 1 print over each other on 5.6 x 2.4 mm.",
        *(20.02, 15.89, 5.63, 2.38),
    )


def test_a_line_through_text_is_a_warning(site: Site) -> None:
    assert lint(site, text("SN {serial}"), line()) == over(
        "warning",
        "The line and text 'SN AC2632790019D' of element 1 print over each other on 27.7 x 0.3 mm.",
        *(4.0, 6.51, 27.65, 0.25),
    )


def test_text_in_a_filled_box_is_an_error(site: Site) -> None:
    assert lint(site, box(thickness_mm=5), text("Axis", x_mm=6, y_mm=6)) == over(
        "error",
        "Text 'Axis' and the box of element 1 print over each other on 5.6 x 2.4 mm.",
        *(6.01, 5.88, 5.63, 2.38),
    )


def test_a_ring_cuts_what_lies_on_its_line_and_not_what_lies_within(site: Site) -> None:
    assert lint(site, RING, text("Axis", x_mm=10, y_mm=12)) == []
    assert lint(site, RING, text("Axis", x_mm=22, y_mm=12)) == over(
        "warning",
        "Text 'Axis' and the circle of element 1 print over each other on 2 x 2.4 mm.",
        *(22.02, 11.89, 2.0, 2.38),
    )


@pytest.mark.parametrize(
    "elements",
    [
        (box(width_mm=60, height_mm=30), text("SN {serial}", x_mm=6), symbol()),
        (line(), line(y_mm=4, direction="vertical"), box()),
        (text("A {serial}", show_if="{run.lot} == a"), text("B", show_if="{run.lot} == b")),
        (text("A"), text("B", y_mm=7.4)),
    ],
)
def test_frames_around_things_crossing_lines_and_turns_may_be(
    site: Site, elements: tuple[dict[str, Any], ...]
) -> None:
    assert lint(site, *elements, samples={"run.lot": "L"}) == []


def test_a_later_serial_that_runs_into_something_is_found(site: Site) -> None:
    mark = text("!", x_mm=31)
    [found] = lint(site, text("SN {serial}"), mark)
    assert (found["kind"], found["severity"], found["element"]) == ("overlap", "error", 2)


def test_bars_that_only_a_test_serial_makes_too_long_are_a_warning(site: Site) -> None:
    edge = line(x_mm=55, y_mm=12, length_mm=15, direction="vertical")
    assert lint(site, symbol(), edge) == over(
        "warning",
        "In a test run, whose serials begin with TEST-: The line and the Code 128 symbol of "
        "element 1 print over each other on 0.3 x 9 mm.",
        *(55.05, 15.01, 0.25, 9.01),
    )
