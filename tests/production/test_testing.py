"""Test runs: serials that no product has, drawn without touching what production draws from."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from labeler.app import Service
from labeler.production import (
    catalogue,
    checking,
    health,
    runs,
)
from labeler.production.meanings import Expected
from labeler.production.site import Site
from labeler.store import schema
from labeler.units import RunMode
from tests import plants
from tests.plants import order, trigger
from tests.production.pooling import bring, counts, listed
from tests.production.record import issue, refused, run, serials, settings
from tests.production.trying import TEST_FIRST, check, plant, try_line

KEY = "2b7e151628aed2a6abf7158809cf4f3c"


def counters_of(site: Site) -> list[tuple[Any, ...]]:
    """Return every counter: series, epoch, period, next."""
    table = schema.series_counter
    with site.store.read() as transaction:
        found = transaction.execute(select(table).order_by(table.c.epoch))
        return [tuple(row) for row in found]


def test_a_test_run_consumes_no_number_of_production(site: Site) -> None:
    expected = tuple(f"TEST-{serial}" for serial in serials(1, 5))
    assert try_line(site) == expected
    assert counters_of(site) == [("controller-sn", -1, "", 6)]
    runs.open_run(site, order())
    assert issue(site, trigger("a")).serials == (plants.FIRST,)
    runs.close_run(site, 2)
    assert try_line(site)[0] == f"TEST-{serials(6)[0]}", "no test serial comes twice either"
    assert counters_of(site) == [("controller-sn", -1, "", 11), ("controller-sn", 1, "", 2)]


@pytest.mark.parametrize(
    "series",
    [
        {"pattern": "AC{counter:4,start=100,step=5}"},
        {"pattern": "AC{date:%y%j}{counter:3,reset=day}", "word_filter": True},
        {"pattern": "AC{random:8}{check:luhn_mod_36}"},
        {"pattern": "AC{random:8}", "unguessable": True},
        {"pattern": "AC{permuted:8}"},
        {"pattern": "AC{permuted:8}", "word_filter": True, "unguessable": True},
    ],
    ids=str,
)
def test_test_serials_of_every_kind_are_the_series_own_texts_behind_their_prefix(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch, series: dict[str, Any]
) -> None:
    if "permuted" in series["pattern"]:
        monkeypatch.setenv("LABELER__SERIES__CONTROLLER_SN__KEY", KEY)
    with plant(tmp_path, database_url, **series) as site:
        drawn = try_line(site)
        assert len(set(drawn)) == 5
        own = site.plant.series["controller-sn"].series
        assert all(own.parse(serial.removeprefix("TEST-")) for serial in drawn)
        assert all(serial.startswith("TEST-") for serial in drawn)
        assert [row[1] for row in counters_of(site)] == [-1]


def test_the_test_serials_of_a_permuted_series_tell_nothing_of_its_serials(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LABELER__SERIES__CONTROLLER_SN__KEY", KEY)
    with plant(tmp_path, database_url, pattern="P{permuted:8}") as site:
        tried = {serial.removeprefix("TEST-") for serial in try_line(site, quantity=50)}
        runs.open_run(site, order())
        assert tried.isdisjoint(issue(site, trigger("a", quantity=50)).serials)


def test_a_test_run_of_a_pool_counts_and_takes_nothing_from_it(
    tmp_path: Path, database_url: str
) -> None:
    with plant(tmp_path, database_url, pattern="AC{imported:4}") as site:
        assert try_line(site) == tuple(f"TEST-AC{number:04d}" for number in range(5))
        bring(site, listed(7, 8))
        assert try_line(site)[0] == "TEST-AC0005"
        assert counts(site) == (2, 0, 0)
        runs.open_run(site, order(quantity=2))
        assert issue(site, trigger("a", quantity=2)).serials == ("AC0007", "AC0008")


def test_a_test_run_whose_pool_is_at_its_limit_still_tries_the_line(
    tmp_path: Path, database_url: str
) -> None:
    with plant(tmp_path, database_url, pattern="{imported:5}", unguessable=True) as site:
        assert len(set(try_line(site, quantity=20))) == 20


def test_a_test_run_that_wants_more_than_the_series_has_is_refused(
    tmp_path: Path, database_url: str
) -> None:
    with plant(tmp_path, database_url, pattern="AC{counter:1}") as site:
        try_line(site)
        assert refused(partial(runs.open_run, site, order(mode=RunMode.TEST, quantity=5))) == (
            3003,
            "Series 'controller-sn' has 4 test numbers left, the run wants 5.",
            "Give the series a wider number in config.yaml.",
        )
        assert runs.open_run(site, order(quantity=9))["mode"] == "production"


def test_a_series_that_was_only_tried_may_be_changed_without_a_word(
    tmp_path: Path, database_url: str
) -> None:
    with plant(tmp_path, database_url, pattern="A{counter:4}") as site:
        try_line(site)
    with plant(tmp_path, database_url, pattern="B{counter:4}") as site:
        assert try_line(site)[0] == "TEST-B0006"
        runs.open_run(site, order())
        assert issue(site, trigger("a")).serials == ("B0001",)
        runs.close_run(site, 3)
    with plant(tmp_path, database_url, pattern="C{counter:4}") as site:
        assert refused(partial(runs.open_run, site, order(mode=RunMode.TEST)))[0] == 3004
    with plant(tmp_path, database_url, pattern="C{counter:4}", change="restart") as site:
        assert try_line(site)[0] == "TEST-C0001"


def test_a_step_that_the_tests_of_an_earlier_pattern_do_not_meet_goes_on_with_the_next_one(
    tmp_path: Path, database_url: str
) -> None:
    with plant(tmp_path, database_url, pattern="A{counter:4}") as site:
        try_line(site)
    with plant(tmp_path, database_url, pattern="A{counter:4,step=10}") as site:
        assert try_line(site)[0] == "TEST-A0011"
        runs.open_run(site, order())
        assert issue(site, trigger("a", quantity=2)).serials == ("A0001", "A0011")


def test_a_site_that_was_only_tried_may_change_its_scope(tmp_path: Path, database_url: str) -> None:
    folder = tmp_path / "site"
    with plants.opened(plants.write_site(folder, database=database_url)) as service:
        try_line(service.site)
        assert settings(service.site) == []
    changed = plants.write_site(folder, database=database_url, site={"serial_scope": "product"})
    with plants.opened(changed) as service:
        try_line(service.site)
        runs.open_run(service.site, order())
        assert issue(service.site, trigger("a")).serials == (plants.FIRST,)
        assert settings(service.site) == ["serial_scope"]


def test_a_line_has_one_open_run_whatever_it_is_for(site: Site) -> None:
    runs.open_run(site, order(mode=RunMode.TEST))
    assert refused(partial(runs.open_run, site, order())) == (
        2004,
        "Line 'line-1' takes one open run at a time, and run 1 is open.",
        "Close it first: POST /api/v1/runs/1/close, or labeler run close 1.",
    )


def test_a_run_says_what_it_is_for_and_is_listed_by_it(site: Site) -> None:
    try_line(site)
    runs.open_run(site, order())

    def ids(**wanted: Any) -> list[int]:
        with site.store.read() as transaction:
            return [one["id"] for one in runs.list_runs(transaction, **wanted)]

    assert (run(site, 1)["mode"], run(site, 2)["mode"]) == ("test", "production")
    assert (ids(mode="test"), ids(mode="production"), ids()) == ([1], [2], [2, 1])
    assert ids(mode="test", state="open") == []
    with site.store.read() as transaction:
        found = transaction.execute(select(schema.event).where(schema.event.c.run_id == 1)).all()
    assert next((one.kind, one.detail) for one in found) == ("run_opened", {"mode": "test"})


def test_what_was_tried_is_not_among_what_was_issued(service: Service) -> None:
    site = service.site
    try_line(site)
    text = health.metrics_text(site).decode()
    assert "labeler_serials_issued_total 0.0" in text
    assert "labeler_test_serials_issued_total 5.0" in text
    with site.store.read() as transaction:
        [series] = catalogue.list_series(site, transaction)
        [version] = catalogue.show_series(site, transaction, "controller-sn")["versions"]
    about = ("issued", "used", "per_day", "next_serial", "is_pinned", "refusal")
    assert [series[name] for name in about] == [0, 0, 0.0, plants.FIRST, True, None]
    assert version["issued"] == 0


def test_check_says_that_a_test_serial_names_no_product(site: Site) -> None:
    try_line(site)
    said = f"'{TEST_FIRST}' is a test serial of run 1; it names no product."
    for where in ({}, {"run": 1}, {"product": "AC-100"}, {"line": "line-2"}):
        assert check(site, TEST_FIRST, **where) == ("test", said)
    assert check(site, f" {TEST_FIRST.lower()} ") == ("test", said)
    assert check(site, "]C10104012345000009" + f"21{TEST_FIRST}") == ("test", said)
    assert check(site, "TEST-AC26327") == (
        "never_issued",
        "'TEST-AC26327' is no test serial that was issued here.",
    )
    assert check(site, plants.FIRST)[0] == "never_issued"


@pytest.mark.parametrize(
    ("text", "kind", "position", "said"),
    [
        (f"{TEST_FIRST[:-1]}Z", "substitution", 18, "position 18 is 'Z' instead of 'K'"),
        (f"TE5T-{plants.FIRST}", "confusable", 3, "position 3 is '5' instead of 'S'"),
        (f"TEST {plants.FIRST}", "substitution", 5, "position 5 is ' ' instead of '-'"),
        (f"TEST{plants.FIRST}", "missing character", 5, "'-' is missing at position 5"),
        (f"{TEST_FIRST}0", "extra character", 19, "position 19, '0', is one too many"),
        (TEST_FIRST.replace("0", "O", 1), "confusable", 13, "position 13 is 'O' instead of '0'"),
    ],
)
def test_check_finds_the_test_serial_near_a_misread_one(
    site: Site, text: str, kind: str, position: int, said: str
) -> None:
    try_line(site)
    with site.store.read() as transaction:
        found = checking.check_text(site, transaction, text, expected=Expected())
    first = found["near"][0]
    assert (first["text"], first["kind"], first["position"]) == (TEST_FIRST, kind, position)
    assert (found["verdict"], found["sentence"]) == (
        "misread",
        (
            f"'{text}' is no test serial that was issued here; issued is '{TEST_FIRST}' by run 1 "
            f"(AC-100 on line-1): {said}."
        ),
    )


def test_check_of_a_test_serial_that_nobody_got_shows_what_is_near(
    tmp_path: Path, database_url: str
) -> None:
    with plant(tmp_path, database_url, pattern="AC{counter:4}") as site:
        runs.open_run(site, order(mode=RunMode.TEST))
        issue(site, trigger("a"))
        assert check(site, "TEST-AC0007") == (
            "never_issued",
            (
                "'TEST-AC0007' is no test serial that was issued here; issued is 'TEST-AC0001' by "
                "run 1 (AC-100 on line-1): position 11 is '7' instead of '1'."
            ),
        )
        assert check(site, "AC0001")[0] == "never_issued"
