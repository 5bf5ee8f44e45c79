"""The light margin around symbols."""

from labeler.production.site import Site
from tests.production.template_checks.looking import box, lint, matrix, said, symbol, text

LACKS = "The Code 128 symbol lacks {} mm of its quiet zone on the left: 2.5 mm (10 modules) must "
MOVE = "Move it away by {} mm, or make x_dimension_mm smaller."
ZONE = (7.51, 15.01, 41.29, 9.01)


def test_a_frame_in_the_quiet_zone_is_a_warning_with_what_is_missing(site: Site) -> None:
    assert lint(site, symbol(), box(x_mm=8, y_mm=13, width_mm=60, height_mm=15)) == [
        said(
            "quiet_zone",
            "warning",
            LACKS.format(0.75) + "stay light, and the box of element 2 is there.",
            MOVE.format(0.8),
            place=ZONE,
        )
    ]


def test_a_quiet_zone_of_which_less_than_half_is_left_is_an_error(site: Site) -> None:
    assert lint(site, symbol(), text("x", x_mm=8.3, y_mm=17)) == [
        said(
            "quiet_zone",
            "error",
            LACKS.format(2.38) + "stay light, and text 'x' of element 2 is there.",
            MOVE.format(2.4),
            place=ZONE,
        )
    ]


def test_a_quiet_zone_ends_at_the_edge_of_the_label(site: Site) -> None:
    assert lint(site, symbol(x_mm=2)) == [
        said(
            "quiet_zone",
            "warning",
            LACKS.format(0.5) + "stay light, and the label's left edge is too near.",
            MOVE.format(0.6),
            place=(-0.5, *ZONE[1:]),
        )
    ]


def test_text_above_bars_is_in_no_quiet_zone_and_above_a_matrix_it_is(site: Site) -> None:
    above = text("SN", x_mm=11, y_mm=12.4)
    assert [one for one in lint(site, symbol(), above) if one["kind"] == "quiet_zone"] == []
    [found] = [one for one in lint(site, matrix(), above) if one["kind"] == "quiet_zone"]
    assert (found["kind"], found["severity"], found["sentence"]) == (
        "quiet_zone",
        "warning",
        (
            "The Data Matrix symbol lacks 0.13 mm of its quiet zone on the top: 0.5 mm (1 module) "
            "must stay light, and text 'SN' of element 2 is there."
        ),
    )


def test_the_digits_of_an_ean_stand_in_its_own_quiet_zone(site: Site) -> None:
    ean = {"x_mm": 10, "y_mm": 5, "symbology": "ean13", "data": "4012345000009"}
    sizes = {"x_dimension_mm": 0.375, "height_mm": 26, "hri": True}
    assert lint(site, {"barcode": {**ean, **sizes}}) == []
