"""The next serials, now and after the next reset, shown without taking a number."""

from datetime import UTC, datetime
from typing import Any

import pytest

from labeler.production import previewing, runs
from labeler.production.site import Site
from labeler.serials import Permutation
from labeler.store import schema
from tests import plants
from tests.plants import order, trigger
from tests.production.pooling import bring, listed
from tests.production.record import issue, refused, rows
from tests.production.test_catalogue import Open, opening

__all__ = ["opening"]

KEY = "2b7e151628aed2a6abf7158809cf4f3c"


def preview(site: Site, count: int = 3, at: datetime | None = None) -> dict[str, Any]:
    with site.store.read() as transaction:
        return previewing.preview(site, transaction, "controller-sn", count=count, at=at)


def test_a_preview_shows_today_and_what_comes_after_the_reset(opening: Open) -> None:
    series = {"pattern": "{date:%y%j}-{counter:3,reset=day}"}
    with opening(series=series, site={"day_start": "06:00"}) as (site, _):
        runs.open_run(site, order())
        issue(site, trigger("a", quantity=2))
        found = preview(site)
        assert found == {
            "series": "controller-sn",
            "kind": "sequential",
            "pattern": "{date:%y%j}-{counter:3,reset=day}",
            "version": 1,
            "reset": "day",
            "run": None,
            "values": {},
            "is_sample": False,
            "samples": {},
            "sentence": "Nothing was issued: showing takes no number.",
            "now": {
                "at": plants.NOON,
                "day": "2026-11-23",
                "shift": None,
                "period": "26327",
                "next": 3,
                "serials": ["26327-003", "26327-004", "26327-005"],
                "why_fewer": "",
            },
            "after_reset": {
                "at": datetime(2026, 11, 24, 5, tzinfo=UTC),
                "day": "2026-11-24",
                "shift": None,
                "period": "26328",
                "next": 1,
                "serials": ["26328-001", "26328-002", "26328-003"],
                "why_fewer": "",
            },
        }


def test_a_preview_takes_no_number(opening: Open) -> None:
    with opening(series={"pattern": "A{counter:3}"}) as (site, _):
        first = preview(site, count=100)
        assert preview(site, count=100) == first
        assert (rows(site, schema.series_version), rows(site, schema.series_counter)) == (0, 0)
        runs.open_run(site, order())
        for _ in range(3):
            preview(site)
        issued = issue(site, trigger("a", quantity=100)).serials
        assert list(issued) == first["now"]["serials"]
        assert first["after_reset"] is None


@pytest.mark.parametrize(
    ("pattern", "begins", "first"),
    [
        ("{date:%y%j}{shift}{counter:3,reset=shift}", "2026-11-23T13:00:00", "26327B001"),
        ("{date:%g%V}{counter:3,reset=week}", "2026-11-30T05:00:00", "2649001"),
        ("{date:%y%m}{counter:3,reset=month}", "2026-12-01T05:00:00", "2612001"),
        ("{date:%y}{counter:3,reset=year}", "2027-01-01T05:00:00", "27001"),
    ],
)
def test_a_preview_goes_across_each_reset(
    opening: Open, pattern: str, begins: str, first: str
) -> None:
    site_keys = {"day_start": "06:00", "shifts": {"A": "06:00", "B": "14:00", "C": "22:00"}}
    with opening(series={"pattern": pattern}, site=site_keys) as (site, clock):
        after = preview(site, count=1)["after_reset"]
        assert (after["at"], after["serials"]) == (
            datetime.fromisoformat(begins).replace(tzinfo=UTC),
            [first],
        )
        clock.now = after["at"]
        runs.open_run(site, order())
        assert list(issue(site, trigger("a")).serials) == [first]


def test_a_preview_uses_the_open_run_or_says_that_its_values_are_samples(opening: Open) -> None:
    series = {"pattern": "{run:plant:3}{run:lot:4}{run:number:3}-{counter:3,reset=run}"}
    with opening(series=series, site={"plant": "BER"}) as (site, _):
        found = preview(site, count=1)
        assert (found["run"], found["is_sample"], found["samples"]) == (
            None,
            True,
            {"lot": "XXXX", "number": "123"},
        )
        assert found["now"]["serials"] == ["BERXXXX123-001"]
        assert found["sentence"] == (
            "No open run says its values: lot XXXX, number 123 only stand for them. "
            "Nothing was issued: showing takes no number."
        )
        runs.open_run(site, order(lot="L001"))
        issue(site, trigger("a"))
        found = preview(site, count=1)
        assert (found["run"], found["is_sample"], found["values"]) == (
            1,
            False,
            {"plant": "BER", "lot": "L001", "number": "1"},
        )
        assert found["now"]["serials"] == ["BERL001001-002"]
        assert found["after_reset"]["serials"] == ["BERXXXX123-001"]


def test_a_preview_of_a_permuted_series_is_what_is_issued(
    opening: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LABELER__SERIES__CONTROLLER_SN__KEY", KEY)
    with opening(series={"pattern": "P{permuted:8}"}) as (site, _):
        shuffled = Permutation(key=bytes.fromhex(KEY), radix=10, width=8, tweak=b"controller-sn")
        shown = preview(site)["now"]["serials"]
        assert shown == [f"P{shuffled.apply(place):08d}" for place in range(3)]
        runs.open_run(site, order())
        assert list(issue(site, trigger("a", quantity=3)).serials) == shown


def test_a_preview_of_a_random_series_is_called_a_sample(opening: Open) -> None:
    with opening(series={"pattern": "R{random:8}"}) as (site, _):
        found = preview(site, count=20)
    assert (found["is_sample"], len(set(found["now"]["serials"]))) == (True, 20)
    assert found["sentence"] == (
        "Drawn by chance: nobody can know the next ones. These are samples. "
        "Nothing was issued: showing takes no number."
    )


def test_samples_of_a_random_series_are_distinct_and_no_more_than_are_left(opening: Open) -> None:
    with opening(series={"pattern": "R{random:1}"}) as (site, _):
        whole = preview(site, count=20)
        runs.open_run(site, order(quantity=5))
        issue(site, trigger("a", quantity=4))
        one = preview(site, count=20)
        issue(site, trigger("b"))
        none = preview(site, count=20)
    assert (len(whole["now"]["serials"]), len(set(whole["now"]["serials"]))) == (5, 5)
    assert whole["now"]["why_fewer"] == "The series has 5 numbers left here."
    assert len(one["now"]["serials"]) == 1
    assert one["now"]["why_fewer"] == "The series has 1 number left here."
    assert none["now"]["serials"] == []
    assert none["now"]["why_fewer"] == "The series has no number left here."
    assert none["sentence"] == "Nothing was issued: showing takes no number."


def test_a_preview_leaves_out_what_the_word_filter_does(opening: Open) -> None:
    series = {"pattern": "{counter:3:alnum,start=13850}", "word_filter": True}
    with opening(series=series, words=["APL"]) as (site, _):
        shown = preview(site, count=100)["now"]["serials"]
        runs.open_run(site, order())
        assert list(issue(site, trigger("a", quantity=100)).serials) == shown
        assert ("APK" in shown, "APL" in shown, "APM" in shown) == (True, False, True)


def test_a_preview_near_the_end_says_why_it_is_short(opening: Open) -> None:
    with opening(series={"pattern": "A{counter:1,start=8}"}) as (site, _):
        found = preview(site)["now"]
    assert (found["serials"], found["why_fewer"]) == (
        ["A8", "A9"],
        "The series has 2 numbers left here.",
    )


def test_a_preview_of_a_day_without_a_code_says_so(opening: Open) -> None:
    tables = {"y": {"of": "year", "codes": {2026: "T"}}}
    series = {"pattern": "{code:y}{counter:3,reset=year}"}
    with opening(series=series, code_tables=tables) as (site, _):
        found = preview(site)
    assert found["now"]["serials"] == ["T001", "T002", "T003"]
    assert (found["after_reset"]["serials"], found["after_reset"]["why_fewer"]) == (
        [],
        (
            "Code table 'y' has no code for year 2027: expected one of 2026 to 2026; add it to the "
            "table."
        ),
    )


def test_a_preview_can_be_of_another_moment(opening: Open) -> None:
    with opening(series={"pattern": "{date:%y%j}{counter:3}"}) as (site, _):
        found = preview(site, at=datetime(2027, 2, 1, 12, tzinfo=UTC))
    assert found["now"]["serials"] == ["27032001", "27032002", "27032003"]


def test_a_preview_of_a_pool_shows_what_waits(opening: Open) -> None:
    with opening(series={"pattern": "AC{imported:4}"}) as (site, _):
        empty = preview(site)
        bring(site, listed(7, 3))
        found = preview(site)
    assert (empty["now"]["serials"], empty["now"]["why_fewer"], empty["is_sample"]) == (
        [],
        "The series has no number left here.",
        False,
    )
    assert empty["sentence"] == "Nothing was issued: showing takes no number."
    assert (found["now"]["serials"], found["now"]["why_fewer"], found["is_sample"]) == (
        ["AC0007", "AC0003"],
        "The series has 2 numbers left here.",
        False,
    )
    assert found["sentence"].startswith("These wait in the pool, the next one first. ")


def test_a_preview_of_an_unknown_series_is_refused(opening: Open) -> None:
    with opening(series={"pattern": "A{counter:3}"}) as (site, _), site.store.read() as transaction:
        number, _, _ = refused(lambda: previewing.preview(site, transaction, "other-sn", count=1))
    assert number == 3008
