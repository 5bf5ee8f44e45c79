"""What is wrong with series, where in the pattern, and what to write instead."""

from collections.abc import Callable
from typing import Any

import pytest
from structlog.testing import capture_logs

from labeler.production import linting, overlapping, runs
from labeler.production.blocks import BlockOrder, issue_block
from labeler.production.linting import Trial
from labeler.production.remarks import Finding
from labeler.production.site import Site
from labeler.serials import Identifier
from tests.plants import PATTERN, order, trigger
from tests.production.pooling import bring, listed
from tests.production.record import issue
from tests.production.test_catalogue import Open, fill, opening

__all__ = ["opening"]

Said = list[tuple[str, str, str]]


def lint(site: Site, name: str | None = None) -> Said:
    """Return severity, kind and sentence of every finding."""
    with site.store.read() as transaction:
        found = linting.lint(site, transaction, name)
    return [(one.severity, one.kind, one.sentence) for one in found]


def tried(site: Site, pattern: str, **given: Any) -> list[Finding]:
    with site.store.read() as transaction:
        return linting.try_pattern(site, transaction, Trial(pattern=pattern, **given))


def two(one: str, other: str) -> dict[str, Any]:
    return {"controller-sn": {"pattern": one}, "other-sn": {"pattern": other}}


def test_a_plant_in_order_has_no_findings(opening: Open) -> None:
    with opening(series=two("A{counter:4}", "B{counter:4}")) as (site, _):
        assert lint(site) == []


def test_serials_that_the_plc_of_a_line_would_cut_off_are_an_error(opening: Open) -> None:
    lines = {"line-2": {"plc_string_length": 12}}
    with opening(series={"pattern": PATTERN}, lines=lines) as (site, _):
        sentence = (
            "Serials of product 'AC-100' have 13 characters, and a string in the PLC of line "
            "'line-2' has 12: it would cut them off."
        )
        assert lint(site) == [("error", "plc_string", sentence)]


def test_two_series_that_make_one_text_are_named_with_it(opening: Open) -> None:
    with opening(series=two("A{counter:4}", "{counter:5:alnum}")) as (site, _):
        sentence = (
            "Series 'controller-sn' and series 'other-sn' can both make 'A0001'; write another "
            "literal into one."
        )
        assert lint(site) == [("error", "overlap", sentence)]
        assert [one[1] for one in lint(site, "other-sn")] == ["overlap"]
        with capture_logs() as logs:
            overlapping.warn(site)
        assert logs == [
            {
                "event": "series.overlap",
                "log_level": "warning",
                "series": "controller-sn",
                "other": "other-sn",
                "example": "A0001",
            }
        ]


def test_two_series_whose_texts_could_not_all_be_tried_are_a_warning(
    opening: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("labeler.serials.overlap.STEPS_MAX", 3)
    overlapping._overlap.cache_clear()
    with opening(series=two("A{counter:4}", "{counter:5:alnum}")) as (site, _):
        [(severity, kind, sentence)] = lint(site)
        with capture_logs() as logs:
            overlapping.warn(site)
    overlapping._overlap.cache_clear()
    assert (severity, kind, logs) == ("warning", "overlap", [])
    assert "may make the same text: they agree up to 'A0" in sentence


def test_series_of_different_products_may_make_one_text_where_products_are_the_scope(
    opening: Open,
) -> None:
    series = two("A{counter:4}", "{counter:5:alnum}")
    with opening(series=series, site={"serial_scope": "product"}) as (site, _):
        assert lint(site) == []


def test_a_product_that_had_another_series_is_held_against_it(opening: Open) -> None:
    scope = {"serial_scope": "product"}
    series = two("A{counter:4}", "{counter:5:alnum}")
    with opening(series=series, site=scope) as (site, _):
        runs.open_run(site, order())
        fill(site, "a", 1)
    products = {"AC-100": {"series": "other-sn"}}
    with opening(series=series, site=scope, products=products) as (site, _):
        assert lint(site, "other-sn") == [
            (
                "error",
                "overlap",
                (
                    "Series 'other-sn' and version 1 of series 'controller-sn', which "
                    "issued serials, "
                    "can both make 'A0001'; write another literal into one."
                ),
            )
        ]


def test_a_change_that_no_word_explains_is_an_error(opening: Open) -> None:
    with opening(series={"pattern": "A{counter:4}"}) as (site, _):
        runs.open_run(site, order())
        fill(site, "a", 2)
        runs.close_run(site, 1)
    with opening(series={"pattern": "B{counter:4}"}) as (site, _):
        assert lint(site) == [
            (
                "error",
                "change",
                (
                    "Series 'controller-sn' was changed after serials were issued with version 1, "
                    "pattern 'A{counter:4}', and nothing says what becomes of its counter. "
                    "Write under "
                    "series.controller-sn in config.yaml: change: continue (it goes on) or change: "
                    "restart (it begins again)."
                ),
            )
        ]
    with opening(series={"pattern": "{counter:5:alnum}", "change": "restart"}) as (site, _):
        [(severity, kind, sentence)] = lint(site)
        assert (severity, kind) == ("error", "restart")
        assert "could both make 'A0001'" in sentence


def test_a_version_that_goes_on_is_held_against_earlier_counts(opening: Open) -> None:
    for run, series in enumerate(
        (
            {"pattern": "A{counter:4}"},
            {"pattern": "B{counter:4}", "change": "restart"},
        ),
        start=1,
    ):
        with opening(series=series) as (site, _):
            runs.open_run(site, order())
            issue(site, trigger(str(run)))
            runs.close_run(site, run)
    with opening(series={"pattern": "{counter:5:alnum}", "change": "continue"}) as (site, _):
        assert lint(site) == [
            (
                "error",
                "overlap",
                (
                    "Series 'controller-sn' and its version 1, which counted on its own, "
                    "can both make "
                    "'A0001'; write another literal into one."
                ),
            )
        ]


def test_numbers_that_run_out_are_a_warning_and_then_an_error(opening: Open) -> None:
    with opening(series={"pattern": "A{counter:2}"}) as (site, _):
        runs.open_run(site, order(quantity=99))
        fill(site, "a", 80)
        assert lint(site) == [
            (
                "warning",
                "nearly_used_up",
                (
                    "Series 'controller-sn' has used 80.8 % of its numbers, 19 are left; "
                    "write a wider "
                    "number. At 80 a day the last one is issued on 2026-11-23."
                ),
            )
        ]
        fill(site, "b", 19)
        assert lint(site) == [
            ("error", "used_up", "Series 'controller-sn' has no number left; write a wider number.")
        ]


def test_an_empty_pool_is_a_warning_until_it_was_used(opening: Open) -> None:
    with opening(series={"pattern": "AC{imported:4}"}) as (site, _):
        sentence = (
            "The pool of series 'controller-sn' is empty; import numbers before the first run."
        )
        assert lint(site) == [("warning", "empty_pool", sentence)]
        bring(site, listed(1))
        runs.open_run(site, order())
        issue(site, trigger("a"))
        assert lint(site) == [
            (
                "error",
                "used_up",
                "Series 'controller-sn' has no number left; import more numbers.",
            )
        ]


def test_a_period_that_needs_more_than_its_counter_has_is_an_error(opening: Open) -> None:
    with opening(series={"pattern": "{date:%g%V}{counter:2,reset=week}"}) as (site, clock):
        runs.open_run(site, order(quantity=300))
        clock.go_on(days=3)
        for key in ("a", "b"):
            fill(site, key, 70)
            clock.go_on(days=5)
        clock.go_on(days=-4)
        soon, *findings = lint(site)
        assert soon[1] == "nearly_used_up"
        assert findings == [
            (
                "error",
                "too_small",
                (
                    "Series 'controller-sn' needs 140 numbers each week at its recent 20 a "
                    "day, and "
                    "has 99; write a wider counter."
                ),
            )
        ]


def test_a_counter_that_misses_its_new_step_goes_on_with_the_next_one(opening: Open) -> None:
    with opening(series={"pattern": "A{counter:4}"}) as (site, _):
        runs.open_run(site, order())
        fill(site, "a", 2)
        runs.close_run(site, 1)
    series = {"pattern": "B{counter:4,start=10,step=10}", "change": "continue"}
    with opening(series=series) as (site, _):
        assert lint(site) == []  # it stands before its start, and begins there
        runs.open_run(site, order())
        fill(site, "b", 2)
        runs.close_run(site, 2)
    series = {"pattern": "C{counter:4,start=5,step=10}", "change": "continue"}
    with opening(series=series) as (site, _):
        assert lint(site) == []
        runs.open_run(site, order())
        assert issue(site, trigger("c", quantity=2)).serials == ("C0035", "C0045")
        assert issue_block(site, BlockOrder(run_id=3, quantity=2, key="b"))["first"] == "C0055"


def test_a_code_table_that_ends_is_a_warning_in_time(opening: Open) -> None:
    tables = {"y": {"of": "year", "codes": {2026: "T"}}}
    with opening(series={"pattern": "{code:y}{counter:3}"}, code_tables=tables) as (site, clock):
        assert lint(site) == [
            (
                "warning",
                "no_code",
                (
                    "From 2027-01-01 on series 'controller-sn' cannot be issued: Code "
                    "table 'y' has no "
                    "code for year 2027: expected one of 2026 to 2026; add it to the table."
                ),
            )
        ]
        clock.go_on(days=60)
        assert [one[0] for one in lint(site)] == ["error"]


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (None, "leaves out numbers that only look like a word, such as 455 for ASS"),
        (["UGLY"], "finds no word"),
    ],
)
def test_a_word_filter_on_digits_is_a_warning_at_the_number(
    opening: Open, words: list[str] | None, what: str
) -> None:
    series = {"pattern": "A{{{counter:4}", "word_filter": True}
    with opening(series=series, words=words) as (site, _), site.store.read() as transaction:
        [found] = linting.lint(site, transaction)
    assert (found.severity, found.sentence, found.caret) == (
        "warning",
        f"A word filter on digits {what}; leave word_filter out.",
        "A{{{counter:4}\n   ^",
    )


def test_a_pattern_that_cannot_be_read_is_pointed_at(opening: Open) -> None:
    with opening(series={"pattern": "A{counter:4}"}) as (site, _):
        [found] = tried(site, "AC{date:%y%V}{counter:5}")
    assert (found.severity, found.kind, found.position) == ("error", "pattern", 11)
    assert found.caret == "AC{date:%y%V}{counter:5}\n          ^"
    assert found.sentence.endswith("which is not always %y; write %g%V.")


def test_a_pattern_tried_in_place_of_an_identifiers_must_make_such_identifiers(
    opening: Open,
) -> None:
    mac = {"pattern": "001BC50AB{counter:3:hex}", "identifier": "eui48", "notation": "colons"}
    with opening(series=mac) as (site, _):
        assert tried(site, "001BC50AC{counter:3:hex}", series="controller-sn") == []
        [found] = tried(site, "001BC50AC{counter:4:hex}", series="controller-sn")
        assert (found.kind, found.position, found.sentence) == (
            "pattern",
            10,
            (
                "Pattern '001BC50AC{counter:4:hex}', character 10: An EUI-48 has 12 characters, and"
                " this pattern makes 13; write a number 3 wide."
            ),
        )
        definition = site.plant.series["controller-sn"].definition
        assert definition.identifier == Identifier(type="eui48", notation="colons")


Try = Callable[[Site], list[Finding]]


@pytest.mark.parametrize(
    ("attempt", "kinds"),
    [
        (lambda site: tried(site, "B{counter:4}"), []),
        (lambda site: tried(site, "{counter:5:alnum}"), ["overlap"]),
        (lambda site: tried(site, "{counter:5:alnum}", series="controller-sn"), ["change"]),
        (lambda site: tried(site, "B{counter:4}", series="controller-sn", change="restart"), []),
        (lambda site: tried(site, "{counter:8}", unguessable=True), ["pattern"]),
        (lambda site: tried(site, "B{counter:4}", word_filter=True), ["word_filter"]),
    ],
)
def test_a_pattern_is_tried_as_a_new_series_or_in_place_of_one(
    opening: Open, attempt: Try, kinds: list[str]
) -> None:
    with opening(series={"pattern": "A{counter:4}"}) as (site, _):
        runs.open_run(site, order())
        fill(site, "a", 2)
        assert [one.kind for one in attempt(site)] == kinds
