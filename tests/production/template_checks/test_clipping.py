"""Ink beside the label, and text that has less room than it may need."""

from labeler.production.site import Site
from tests.production.template_checks.looking import lint, said, symbol, text

SMALLER = (
    "Give it width_mm: {}, a smaller size_mm or size_min_mm, or show less of it with a filter."
)
MOVE = "Move it, make it smaller, or give it width_mm and size_min_mm."


def test_a_label_with_room_for_everything_has_no_findings(site: Site) -> None:
    assert lint(site, text("SN {serial}"), symbol()) == []


def test_a_text_wider_than_its_room_with_the_widest_serial_is_an_error(site: Site) -> None:
    assert lint(site, text("Serial number {serial}", width_mm=30)) == [
        said(
            "clipping",
            "error",
            "Text 'Serial number AC2632790019D' may become 43 mm wide, and its room has 30 mm: the "
            "label is refused then.",
            SMALLER.format(44),
            place=(4.0, 5.0, 30.03, 3.0),
        )
    ]


def test_a_text_that_shrinks_is_judged_in_its_smallest_size(site: Site) -> None:
    assert lint(site, text("Serial number {serial}", width_mm=40, size_min_mm=2)) == []
    assert lint(site, text("Serial number {serial}", width_mm=15, size_min_mm=2))[-1:] == [
        said(
            "clipping",
            "error",
            "Text 'Serial number AC2632790019D' may become 28.7 mm wide even at 2 mm of height, "
            "and its room has 15 mm: the label is refused then.",
            SMALLER.format(29),
            place=(4.0, 5.0, 15.01, 3.0),
        )
    ]


def test_wrapped_text_that_loses_lines_is_an_error(site: Site) -> None:
    shown = text("Axis controller for machine tools", width_mm=20, height_mm=5, wrap=True)
    assert lint(site, shown) == [
        said(
            "clipping",
            "error",
            "Text 'Axis controller for machine tools' takes 3 lines of 10.3 mm together, and its "
            "room has 5 mm: the label is refused then.",
            "Give it height_mm: 11, more width_mm, or a smaller size_mm or size_min_mm.",
            place=(4.0, 5.0, 20.0, 5.0),
        )
    ]


def test_a_symbol_that_reaches_over_the_edge_is_an_error(site: Site) -> None:
    assert lint(site, symbol(x_mm=50)) == [
        said(
            "clipping",
            "error",
            "The Code 128 symbol of 'AC2632790019D' becomes 36.3 mm wide, and 19.8 mm are left to "
            "the label's edge: the label is refused then.",
            "Move it, make x_dimension_mm smaller, or shorten its data.",
            place=(50.0, 15.0, 0.0, 9.0),
        )
    ]


def test_a_text_that_nobody_limits_is_cut_off_at_the_edge(site: Site) -> None:
    right = said(
        "clipping",
        "error",
        "Text 'SN AC2632790019D' reaches 12.8 mm over the label's right edge, and is cut off "
        "there.",
        MOVE,
        place=(55.05, 5.0, 27.65, 2.25),
    )
    below = said(
        "clipping",
        "error",
        "Text 'SN AC2632790019D' reaches 0.8 mm over the label's bottom edge, and is cut off "
        "there.",
        MOVE,
        place=(4.0, 38.54, 27.65, 2.25),
    )
    assert lint(site, text("SN {serial}", x_mm=55)) == [right]
    assert lint(site, text("SN {serial}", y_mm=38.5)) == [below]


def test_ink_nearer_to_an_edge_than_stock_may_shift_is_noted(site: Site) -> None:
    assert lint(site, text("SN {serial}", x_mm=0.2)) == [
        said(
            "clipping",
            "note",
            "It ends 0.3 mm from the label's left edge, and stock may shift by 0.5 mm.",
            "Keep 0.5 mm free, or make sure that nothing of it is needed.",
            place=(0.25, 5.0, 27.65, 2.25),
        )
    ]


def test_a_lot_may_have_20_characters_unless_the_samples_say_less(site: Site) -> None:
    shown = text("Lot {run.lot}", width_mm=30)
    assert lint(site, shown) == [
        said(
            "clipping",
            "warning",  # a run with such a lot is refused when it opens, before the first unit
            "Text 'Lot WWWWWWWWWWWWWWWWWWWW' may become 58.6 mm wide, and its room has 30 mm: the "
            "label is refused then.",
            SMALLER.format(59),
            place=(4.0, 5.0, 30.0, 3.0),
        )
    ]
    assert lint(site, shown, samples={"run.lot": "L2611"}) == []


def test_a_quantity_of_seven_digits_is_tried_as_a_place_in_the_run(site: Site) -> None:
    [found] = lint(site, text("No {number}", width_mm=12))
    assert (found["severity"], found["sentence"]) == (
        "warning",
        (
            "Text 'No 9999999' may become 16.6 mm wide, and its room has 12 mm: the label is "
            "refused then."
        ),
    )


def test_what_only_a_test_serial_needs_is_a_warning(site: Site) -> None:
    assert lint(site, text("SN {serial}", width_mm=30)) == [
        said(
            "clipping",
            "warning",
            "In a test run, whose serials begin with TEST-: Text 'SN TEST-AC2632790019D' may "
            "become 37.2 mm wide, and its room has 30 mm: the label is refused then.",
            SMALLER.format(38),
            place=(4.0, 5.0, 30.03, 3.0),
        )
    ]
