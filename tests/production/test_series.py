"""Series of every kind at work: versions, resets, clocks that jump, permuted, random, scopes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from labeler.errors import Refusal
from labeler.production import runs
from labeler.production.site import Site
from labeler.serials import Permutation
from labeler.store import schema
from labeler.units import RunMode
from tests import plants
from tests.plants import order, trigger
from tests.production.pooling import bring
from tests.production.record import issue, refusal, refused, rows

KEY = "2b7e151628aed2a6abf7158809cf4f3c"


@contextmanager
def plant(folder: Path, database_url: str, **changes: Any) -> Iterator[tuple[Site, plants.Clock]]:
    """Open the plant with one series changed; ``series`` are its keys in config.yaml."""
    series = changes.pop("series")
    path = plants.write_site(
        folder / "site", database=database_url, series={"controller-sn": series}, **changes
    )
    clock = plants.Clock()
    with plants.opened(path, clock=clock) as service:
        yield service.site, clock


def drawn(site: Site, *keys: str, **given: Any) -> list[str]:
    return [serial for key in keys for serial in issue(site, trigger(key, **given)).serials]


def test_a_counter_begins_again_with_the_production_day_and_goes_on_when_the_clock_jumps_back(
    tmp_path: Path, database_url: str
) -> None:
    series = {"pattern": "AC{date:%y%j}-{counter:3,reset=day}"}
    site_keys = {"day_start": "06:00"}
    with plant(tmp_path, database_url, series=series, site=site_keys) as (site, clock):
        runs.open_run(site, order())
        assert drawn(site, "a", quantity=2) == ["AC26327-001", "AC26327-002"]
        clock.go_on(hours=15)  # 04:00 in Berlin: still the night of the same production day
        assert drawn(site, "b") == ["AC26327-003"]
        clock.go_on(hours=3)
        assert drawn(site, "c", "d") == ["AC26328-001", "AC26328-002"]
        clock.go_on(hours=-12)
        assert drawn(site, "e") == ["AC26327-004"]
        clock.go_on(hours=12)
        assert drawn(site, "f") == ["AC26328-003"]


def test_a_counter_begins_again_with_the_shift_and_the_lot(
    tmp_path: Path, database_url: str
) -> None:
    site_keys = {"shifts": {"A": "06:00", "B": "14:00", "C": "22:00"}, "plant": "BER"}
    series = {"pattern": "{run:plant:3}{date:%y%j}{shift}{counter:3,reset=shift}"}
    with plant(tmp_path, database_url, series=series, site=site_keys) as (site, clock):
        runs.open_run(site, order())
        assert drawn(site, "a") == ["BER26327A001"]
        clock.go_on(hours=2)
        assert drawn(site, "b", "c") == ["BER26327B001", "BER26327B002"]
    lots = {"pattern": "{run:lot:4}{counter:3,reset=run}", "change": "restart"}
    with plant(tmp_path, database_url, series=lots) as (site, clock):
        runs.close_run(site, 1)
        for lot, first in (("L001", "L001001"), ("L002", "L002001"), ("L001", "L001002")):
            opened = runs.open_run(site, order(lot=lot))
            assert drawn(site, f"{opened['id']}") == [first]
            runs.close_run(site, opened["id"])


def test_a_run_that_lacks_what_its_serials_show_cannot_open(
    tmp_path: Path, database_url: str
) -> None:
    series = {"pattern": "{run:lot:4}{counter:3}"}
    with plant(tmp_path, database_url, series=series) as (site, _):
        assert refused(lambda: runs.open_run(site, order(lot="L1"))) == (
            2008,
            "The run's lot 'L1' has 2 characters: expected 4, as the pattern of its serials says.",
            "Nothing was issued. Correct the run or the series.",
        )
        assert rows(site, schema.run) == 0


def test_a_changed_series_needs_a_word_about_its_counter(tmp_path: Path, database_url: str) -> None:
    first = {"pattern": "A{counter:4}"}
    with plant(tmp_path, database_url, series=first) as (site, _):
        runs.open_run(site, order())
        runs.close_run(site, 1)
    with plant(tmp_path, database_url, series={"pattern": "B{counter:4}"}) as (site, _):
        runs.open_run(site, order())  # nothing was drawn yet: no word is needed
        assert drawn(site, "a", "b") == ["B0001", "B0002"]
        runs.close_run(site, 2)
    with plant(tmp_path, database_url, series={"pattern": "C{counter:4}"}) as (site, _):
        assert refused(lambda: runs.open_run(site, order())) == (
            3004,
            (
                "Series 'controller-sn' was changed after serials were issued "
                "with version 2, pattern "
                "'B{counter:4}', and nothing says what becomes of its counter."
            ),
            (
                "Write under series.controller-sn in config.yaml: change: continue (it goes on) or "
                "change: restart (it begins again)."
            ),
        )
    going_on = {"pattern": "C{counter:4}", "change": "continue"}
    with plant(tmp_path, database_url, series=going_on) as (site, _):
        assert runs.open_run(site, order())["series_version"] == 3
        assert drawn(site, "c") == ["C0003"]
        runs.close_run(site, 3)
    anew = {"pattern": "D{counter:4}", "change": "restart"}
    with plant(tmp_path, database_url, series=anew) as (site, _):
        assert runs.open_run(site, order())["series_version"] == 4
        assert drawn(site, "d") == ["D0001"]
        runs.close_run(site, 4)
    with plant(tmp_path, database_url, series=going_on) as (site, _):
        assert runs.open_run(site, order())["series_version"] == 3
        assert drawn(site, "e") == ["C0004"]


def test_a_series_that_would_repeat_texts_cannot_begin_again(
    tmp_path: Path, database_url: str
) -> None:
    with plant(tmp_path, database_url, series={"pattern": "A{counter:4}"}) as (site, _):
        runs.open_run(site, order())
        drawn(site, "a")
        runs.close_run(site, 1)
    wider = {"pattern": "{counter:5:alnum}", "change": "restart"}
    with plant(tmp_path, database_url, series=wider) as (site, _):
        assert refused(lambda: runs.open_run(site, order())) == (
            3005,
            (
                "Series 'controller-sn' cannot begin again: its new pattern "
                "'{counter:5:alnum}' and "
                "version 1, 'A{counter:4}', could both make 'A0001'."
            ),
            "Give the new pattern another literal, or write change: continue.",
        )


def test_a_series_goes_on_where_the_version_used_last_stopped(
    tmp_path: Path, database_url: str
) -> None:
    again = {"pattern": "GX{counter:5}", "change": "restart"}
    back = {"pattern": "GW{counter:5}", "change": "continue"}
    hexadecimal = {"pattern": "GW{counter:5:hex}", "change": "continue"}
    steps: list[tuple[dict[str, str], list[str]]] = [
        ({"pattern": "GW{counter:5}"}, ["GW00001", "GW00002", "GW00003"]),
        (again, ["GX00001"]),
        (back, ["GW00004", "GW00005", "GW00006"]),
        (hexadecimal, ["GW00007"]),
    ]
    for run, (series, expected) in enumerate(steps, start=1):
        with plant(tmp_path, database_url, series=series) as (site, _):
            runs.open_run(site, order())
            assert drawn(site, f"{run}", quantity=len(expected)) == expected
            runs.close_run(site, run)


def test_a_series_that_could_repeat_its_own_past_cannot_open_but_may_be_tried(
    tmp_path: Path, database_url: str
) -> None:
    steps = ({"pattern": "GW{counter:5}"}, {"pattern": "GX{counter:5}", "change": "restart"})
    for run, series in enumerate(steps, start=1):
        with plant(tmp_path, database_url, series=series) as (site, _):
            runs.open_run(site, order())
            drawn(site, f"{run}")
            runs.close_run(site, run)
    going_on = {"pattern": "GW{counter:5:hex}", "change": "continue"}
    with plant(tmp_path, database_url, series=going_on) as (site, _):
        assert refused(lambda: runs.open_run(site, order())) == (
            3005,
            (
                "Series 'controller-sn' and its version 1, which counted on its own, can both make "
                "'GW00001'."
            ),
            "Write another literal into one of them; nothing was opened.",
        )
        assert rows(site, schema.run) == rows(site, schema.series_version) == 2
        runs.open_run(site, order(mode=RunMode.TEST))


def test_a_permuted_series_shows_its_counter_through_the_key(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LABELER__SERIES__CONTROLLER_SN__KEY", KEY)
    series = {"pattern": "P{permuted:8}"}
    with plant(tmp_path, database_url, series=series) as (site, _):
        runs.open_run(site, order())
        found = drawn(site, "a", quantity=5)
        permutation = Permutation(key=bytes.fromhex(KEY), radix=10, width=8, tweak=b"controller-sn")
        assert found == [f"P{permutation.apply(place):08d}" for place in range(5)]
        assert [permutation.invert(int(serial[1:])) for serial in found] == [0, 1, 2, 3, 4]
    monkeypatch.setenv("LABELER__SERIES__CONTROLLER_SN__KEY", "00" * 16)
    with plant(tmp_path, database_url, series=series) as (site, _):
        number, sentence, hint = refusal(site, trigger("b"))
        assert (number, hint) == (
            3007,
            "Give the service that key again: another one would repeat serials.",
        )
        assert sentence.startswith("The key of series 'controller-sn' is not the one this run was")
        assert KEY not in sentence
        assert "00000000" not in sentence


def test_a_permuted_series_without_a_key_is_refused_at_the_start(
    tmp_path: Path, database_url: str
) -> None:
    with (
        pytest.raises(Refusal) as found,
        plant(tmp_path, database_url, series={"pattern": "P{permuted:8}"}),
    ):
        pass
    assert (
        "series.controller-sn.key: is missing: expected 32, 48 or 64 hexadecimal digits in the "
        "environment as LABELER__SERIES__CONTROLLER_SN__KEY, or in the file "
        "series__controller_sn__key of the folder LABELER_SECRETS_DIR; make one with: openssl rand "
        "-hex 32."
    ) in str(found.value)


def test_a_random_series_never_draws_what_was_drawn(tmp_path: Path, database_url: str) -> None:
    with plant(tmp_path, database_url, series={"pattern": "{random:2}"}) as (site, _):
        runs.open_run(site, order(quantity=50))
        found = drawn(site, "a", "b", "c", "d", "e", quantity=9) + drawn(site, "f", quantity=5)
        assert len(set(found)) == 50
        runs.close_run(site, 1)
        assert refused(lambda: runs.open_run(site, order(quantity=1))) == (
            3003,
            "Series 'controller-sn' has 0 numbers left, the run wants 1.",
            "Give the series a wider number in config.yaml.",
        )


def test_an_unguessable_series_issues_one_number_in_ten_thousand(
    tmp_path: Path, database_url: str
) -> None:
    series = {"pattern": "{random:5}", "unguessable": True}
    with plant(tmp_path, database_url, series=series) as (site, _):
        runs.open_run(site, order(quantity=8))
        runs.open_run(site, order(quantity=8, line="line-2"))
        drawn(site, "a", quantity=8)
        assert refusal(site, trigger("b", line="line-2", quantity=3)) == (
            3003,
            (
                "Series 'controller-sn' may issue 10 of 100000 serials, so "
                "that nobody can guess one, "
                "and has issued 8."
            ),
            "Give the series a wider number.",
        )
        assert len(drawn(site, "c", line="line-2", quantity=2)) == 2


def test_a_word_filter_skips_numbers_that_spell_a_word(tmp_path: Path, database_url: str) -> None:
    series = {"pattern": "X{counter:2:hex,start=184}", "word_filter": True}
    with plant(tmp_path, database_url, series=series, words=["BA"]) as (site, _):
        runs.open_run(site, order(quantity=5))
        assert drawn(site, "a", "b", "c") == ["XB8", "XB9", "XBB"]


def test_a_pool_gives_its_numbers_in_order_until_it_is_empty(
    tmp_path: Path, database_url: str
) -> None:
    with plant(tmp_path, database_url, series={"pattern": "{imported:4:alnum}"}) as (site, _):
        with pytest.raises(Refusal):
            runs.open_run(site, order())  # nothing waits there
        bring(site, b"ZZ01\nAA17\nKK05\n")
        runs.open_run(site, order(quantity=10))
        assert drawn(site, "a", "b") == ["ZZ01", "AA17"]
        assert refusal(site, trigger("c", quantity=2)) == (
            3006,
            "The pool of series 'controller-sn' has 1 number left, 2 are wanted.",
            "Import more: labeler pool import controller-sn FILE.",
        )
        assert drawn(site, "d") == ["KK05"]


def test_serials_are_unique_within_a_product_where_the_site_says_so(
    tmp_path: Path, database_url: str
) -> None:
    both = {"X1": {"pattern": "X{counter:4}"}}
    products = {"AC-200": {"name": "Other", "series": "X1", "template": "unit-label"}}
    path = plants.write_site(
        tmp_path / "site",
        database=database_url,
        site={"serial_scope": "product"},
        series={"controller-sn": {"pattern": "X{counter:4}"}, **both},
        products=products,
    )
    with plants.opened(path) as service:
        site = service.site
        runs.open_run(site, order())
        runs.open_run(site, order(product="AC-200", line="line-2"))
        assert drawn(site, "a") == drawn(site, "b", line="line-2") == ["X0001"]
    globally = plants.write_site(tmp_path / "site", database=database_url)
    with pytest.raises(Refusal) as found, plants.opened(globally):
        pass
    assert (found.value.kind.number, str(found.value)) == (
        9004,
        (
            "site.serial_scope is 'global' in config.yaml, but serials were "
            "issued under 'product'. "
            "Write serial_scope: product under site: a serial could be issued twice otherwise."
        ),
    )


def test_showing_the_next_serial_never_takes_it(tmp_path: Path, database_url: str) -> None:
    with plant(tmp_path, database_url, series={"pattern": "A{counter:4}"}) as (site, _):
        for _ in range(3):
            opened = runs.open_run(site, order())
            runs.close_run(site, opened["id"])
        runs.open_run(site, order())
        assert drawn(site, "a") == ["A0001"]
