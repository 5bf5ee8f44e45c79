"""What people see of the series: where they stand, at what rate they run out, what they issued."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from labeler.production import catalogue, runs
from labeler.production.site import Site
from tests import plants
from tests.plants import order, trigger
from tests.production.record import issue, refused

Open = Callable[..., AbstractContextManager[tuple[Site, plants.Clock]]]


@pytest.fixture
def opening(tmp_path: Path, database_url: str) -> Open:
    """Return ``opening(series={…})``: the plant with other keys of its series, on each database."""

    @contextmanager
    def opened(*, series: Any, **changes: Any) -> Iterator[tuple[Site, plants.Clock]]:
        named = {"controller-sn": series} if "pattern" in series else series
        path = plants.write_site(tmp_path / "site", database=database_url, series=named, **changes)
        clock = plants.Clock()
        with plants.opened(path, clock=clock) as service:
            yield service.site, clock

    return opened


def shown(site: Site, name: str = "controller-sn") -> dict[str, Any]:
    with site.store.read() as transaction:
        return catalogue.show_series(site, transaction, name)


def fill(site: Site, key: str, quantity: int) -> None:
    for start in range(0, quantity, 1000):
        issue(site, trigger(f"{key}{start}", quantity=min(1000, quantity - start), print=False))


def test_a_series_shows_what_it_is_and_where_it_stands(opening: Open) -> None:
    pattern = {"pattern": "A{counter:4,start=10,step=2}"}
    with opening(series=pattern) as (site, _):
        runs.open_run(site, order())
        fill(site, "a", 3)
        assert shown(site) == {
            "name": "controller-sn",
            "kind": "sequential",
            "pattern": "A{counter:4,start=10,step=2}",
            "version": 1,
            "is_pinned": True,
            "epoch": 1,
            "refusal": None,
            "products": ["AC-100"],
            "issued": 3,
            "period": "",
            "next_serial": "A0016",
            "used": 3,
            "limit": 4995,
            "left": 4992,
            "fill_percent": 0.1,
            "level": "ok",
            "sentence": "",
            "per_day": 3.0,
            "exhausted_at": plants.NOON + timedelta(days=1664),
            "options": {
                "width": 4,
                "alphabet": "digits",
                "start": 10,
                "step": 2,
                "reset": "never",
                "unguessable": False,
                "word_filter": 0,
                "key": None,
                "change": None,
                "secret": False,
            },
            "versions": [
                {
                    "version": 1,
                    "epoch": 1,
                    "pattern": "A{counter:4,start=10,step=2}",
                    "created_at": plants.NOON,
                    "issued": 3,
                }
            ],
        }
        with site.store.read() as transaction:
            [listed] = catalogue.list_series(site, transaction)
        assert listed == {
            key: value for key, value in shown(site).items() if key not in ("options", "versions")
        }


def test_a_series_of_which_nothing_was_issued_has_no_end_in_sight(opening: Open) -> None:
    with opening(series={"pattern": "A{counter:4}"}) as (site, _):
        found = shown(site)
    assert (found["version"], found["is_pinned"], found["versions"]) == (1, False, [])
    assert (found["next_serial"], found["per_day"], found["exhausted_at"]) == ("A0001", 0, None)


def test_an_unknown_series_is_refused(opening: Open) -> None:
    with opening(series={"pattern": "A{counter:4}"}) as (site, _):
        assert refused(lambda: shown(site, "other-sn")) == (
            3008,
            "There is no series 'other-sn'.",
            "Known: controller-sn.",
        )


@pytest.mark.parametrize(
    ("quantity", "percent", "level", "sentence"),
    [
        (79, 79.8, "ok", ""),
        (80, 80.8, "warn_80", "Series 'controller-sn' has used 80.8 % of its numbers."),
        (95, 96.0, "warn_95", "Series 'controller-sn' has used 96.0 % of its numbers."),
        (
            99,
            100.0,
            "exhausted",
            "Series 'controller-sn' has no number left; write a wider number.",
        ),
    ],
)
def test_a_series_warns_at_80_and_95_percent(
    opening: Open, quantity: int, percent: float, level: str, sentence: str
) -> None:
    with opening(series={"pattern": "A{counter:2}"}) as (site, _):
        runs.open_run(site, order(quantity=quantity))
        fill(site, "a", quantity)
        found = shown(site)
    assert (found["fill_percent"], found["level"], found["sentence"]) == (percent, level, sentence)
    assert found["next_serial"] == (f"A{quantity + 1}" if quantity < 99 else None)


def test_the_rate_is_that_of_the_last_seven_days(opening: Open) -> None:
    with opening(series={"pattern": "A{counter:4}"}) as (site, clock):
        runs.open_run(site, order(quantity=2000))
        fill(site, "old", 700)
        clock.go_on(days=30)
        fill(site, "new", 70)
        found = shown(site)
        assert (found["per_day"], found["issued"]) == (10.0, 770)
        assert found["exhausted_at"] == clock.now + timedelta(days=(9999 - 770) / 10)
        runs.close_run(site, 1)
        clock.go_on(days=5)
        assert shown(site)["per_day"] == 10.0
        clock.go_on(days=3)
        assert (shown(site)["per_day"], shown(site)["exhausted_at"]) == (0, None)


def test_where_a_series_stands_is_told_without_looking_at_its_units(opening: Open) -> None:
    with opening(series={"pattern": "A{counter:4}"}) as (site, clock):
        runs.open_run(site, order(quantity=2000))
        counts = []
        for key in ("a", "b"):
            fill(site, key, 900)
            clock.go_on(days=8)
            asked: list[str] = []
            event.listen(
                site.store.engine,
                "before_cursor_execute",
                lambda *given, asked=asked: asked.append(given[2]),
            )
            shown(site)
            about = [one for one in asked if "FROM unit" in one]
            assert all("unit.run_id =" in one and "unit.position =" in one for one in about)
            counts.append(len(about))
    assert max(counts) <= 12


def test_a_counter_that_begins_again_is_filled_by_the_period(opening: Open) -> None:
    with opening(series={"pattern": "{date:%y%j}{counter:2,reset=day}"}) as (site, clock):
        runs.open_run(site, order())
        fill(site, "a", 90)
        found = shown(site)
        assert (found["period"], found["used"], found["left"]) == ("26327", 90, 9)
        assert (
            found["sentence"]
            == "Series 'controller-sn' has used 90.9 % of its numbers of this day."
        )
        assert found["exhausted_at"] == plants.NOON + timedelta(days=0.1)
        clock.go_on(days=1)
        found = shown(site)
        assert (found["period"], found["used"], found["left"]) == ("26328", 0, 99)
        assert (found["next_serial"], found["exhausted_at"]) == ("2632801", None)


def test_a_changed_series_shows_what_the_next_run_would_get(opening: Open) -> None:
    with opening(series={"pattern": "A{counter:4}"}) as (site, _):
        runs.open_run(site, order())
        fill(site, "a", 3)
        runs.close_run(site, 1)
    with opening(series={"pattern": "B{counter:4}"}) as (site, _):
        found = shown(site)
        assert (found["version"], found["is_pinned"]) == (2, False)
        assert found["refusal"].startswith("Series 'controller-sn' was changed after serials were")
    with opening(series={"pattern": "B{counter:4}", "change": "continue"}) as (site, _):
        found = shown(site)
        assert (found["next_serial"], found["refusal"], found["issued"]) == ("B0004", None, 3)
    with opening(series={"pattern": "B{counter:4}", "change": "restart"}) as (site, _):
        assert (shown(site)["next_serial"], shown(site)["epoch"]) == ("B0001", 2)
        runs.open_run(site, order())
        fill(site, "b", 2)
        assert [(one["version"], one["issued"]) for one in shown(site)["versions"]] == [
            (1, 3),
            (2, 2),
        ]


def test_a_random_series_has_no_next_serial_and_half_of_its_numbers(opening: Open) -> None:
    with opening(series={"pattern": "{random:2}"}) as (site, _):
        runs.open_run(site, order(quantity=40))
        fill(site, "a", 40)
        found = shown(site)
    assert (found["next_serial"], found["limit"], found["used"]) == (None, 50, 40)
    assert (found["fill_percent"], found["level"]) == (80.0, "warn_80")


def test_an_empty_pool_has_no_number_left(opening: Open) -> None:
    with opening(series={"pattern": "{imported:4}"}) as (site, _):
        found = shown(site)
    assert (found["left"], found["level"], found["next_serial"]) == (0, "exhausted", None)
    assert found["sentence"] == (
        "The pool of series 'controller-sn' is empty; import numbers before the first run."
    )


def test_every_series_has_its_fill_ratio(opening: Open) -> None:
    series = {"controller-sn": {"pattern": "A{counter:1}"}, "other-sn": {"pattern": "B{counter:1}"}}
    with opening(series=series) as (site, _):
        runs.open_run(site, order(quantity=3))
        fill(site, "a", 3)
        with site.store.read() as transaction:
            assert catalogue.fill_ratios(site, transaction) == {
                "controller-sn": 3 / 9,
                "other-sn": 0,
            }
