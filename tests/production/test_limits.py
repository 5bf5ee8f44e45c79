"""What a series may issue at most, where nobody may guess a serial; and what would repeat one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from labeler.errors import Refusal
from labeler.production import overlapping, runs
from labeler.production.blocks import BlockOrder, issue_block
from labeler.production.linting import Trial, try_pattern
from labeler.production.site import Site
from labeler.store import schema
from labeler.units import RunMode
from tests import plants
from tests.plants import order, trigger
from tests.production.pooling import bring, counts
from tests.production.record import issue, refused, rows, run, settings

KEY = "2b7e151628aed2a6abf7158809cf4f3c"
LIMIT = 100
"""Of a million numbers, one in 10,000."""


@contextmanager
def plant(folder: Path, database_url: str, **changes: Any) -> Iterator[Site]:
    path = plants.write_site(folder / "site", database=database_url, **changes)
    with plants.opened(path) as service:
        yield service.site


def unguessable(pattern: str, **more: Any) -> dict[str, Any]:
    return {"controller-sn": {"pattern": pattern, "unguessable": True, **more}}


def numbers(first: int, last: int) -> bytes:
    return b"".join(b"U%06d\n" % (7919 * n % 1_000_000) for n in range(first, last + 1))


def by_trigger(site: Site, count: int, key: str) -> None:
    issue(site, trigger(key, quantity=count))


def by_block(site: Site, count: int, key: str) -> None:
    found = issue_block(site, BlockOrder(run_id=1, quantity=count, key=key))
    assert found["state"] == "done"


def test_a_sequential_series_that_nobody_may_guess_is_refused_before_it_issues_any(
    sqlite_site: Site, tmp_path: Path
) -> None:
    with sqlite_site.store.read() as transaction:
        trial = Trial(pattern="U{counter:6}", unguessable=True)
        [found] = try_pattern(sqlite_site, transaction, trial)
    sentence = (
        "A counter can be guessed: who knows one serial knows the next; write {permuted:6} or "
        "{random:6}, or leave unguessable out."
    )
    assert (found.severity, found.kind, found.sentence) == ("error", "pattern", sentence)
    path = plants.write_site(tmp_path / "other", series=unguessable("U{counter:6}"))
    number, said, _ = refused(lambda: plants.opened(path).__enter__())
    assert (number, sentence in said) == (9004, True)


@pytest.mark.parametrize("pattern", ["U{permuted:6}", "U{random:6}", "U{imported:6}"])
@pytest.mark.parametrize("word_filter", [False, True])
@pytest.mark.parametrize("issue_some", [by_trigger, by_block])
def test_a_series_that_nobody_may_guess_issues_exactly_its_share(
    tmp_path: Path,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    pattern: str,
    word_filter: bool,
    issue_some: Callable[[Site, int, str], None],
) -> None:
    if "permuted" in pattern:
        monkeypatch.setenv("LABELER__SERIES__CONTROLLER_SN__KEY", KEY)
    series = unguessable(pattern, word_filter=word_filter)
    with plant(tmp_path, database_url, series=series) as site:
        if "imported" in pattern:
            bring(site, numbers(1, LIMIT))
        runs.open_run(site, order(quantity=LIMIT))
        runs.open_run(site, order(line="line-2", quantity=LIMIT))
        issue_some(site, LIMIT - 1, "a")
        for wanted in (
            partial(issue, site, trigger("b", line="line-2", quantity=2)),
            partial(issue_block, site, BlockOrder(run_id=2, quantity=2, key="b")),
        ):
            assert refused(wanted)[0] == 3003
        issue_some(site, 1, "c")
        for wanted in (
            partial(issue, site, trigger("d", line="line-2")),
            partial(issue_block, site, BlockOrder(run_id=2, quantity=1, key="b")),
        ):
            assert refused(wanted)[0] == 3003
        assert (rows(site, schema.unit), run(site, 2)["issued"]) == (LIMIT, 0)
        runs.close_run(site, 2)
        assert refused(partial(runs.open_run, site, order(line="line-2", quantity=1)))[:2] == (
            3003,
            "Series 'controller-sn' has 0 numbers left, the run wants 1.",
        )


def test_a_pool_takes_no_numbers_that_it_could_never_issue(
    tmp_path: Path, database_url: str
) -> None:
    with plant(tmp_path, database_url, series=unguessable("U{imported:6}")) as site:
        bring(site, numbers(1, 60), "a")
        runs.open_run(site, order(quantity=50))
        issue(site, trigger("k", quantity=25))
        for dry_run in (True, False):
            assert refused(partial(bring, site, numbers(61, 101), "b", dry_run=dry_run)) == (
                3003,
                (
                    "Series 'controller-sn' may issue 100 of 1000000 serials, so that nobody can "
                    "guess one: 25 were issued and 35 wait, so 40 more may be imported, not 41. "
                    "Nothing was imported."
                ),
                "Import fewer, or agree on longer numbers.",
            )
        assert counts(site) == (35, 25, 0)
        bring(site, numbers(61, 100), "c")
        assert counts(site) == (75, 25, 0)


# What would repeat another's serials


def two(one: str, other: str, **more: Any) -> dict[str, Any]:
    """Return the changes of a plant with two series; a product of its own has the other one."""
    return {
        "series": {"controller-sn": {"pattern": one}, "other-sn": {"pattern": other}},
        "products": {"AC-200": {"name": "Other", "series": "other-sn", "template": "unit-label"}},
        **more,
    }


def test_a_run_whose_serials_another_series_surely_makes_cannot_open(
    tmp_path: Path, database_url: str
) -> None:
    with plant(tmp_path, database_url, **two("A{counter:4}", "{counter:5:alnum}")) as site:
        for product, mine, other in (
            ("AC-100", "controller-sn", "other-sn"),
            ("AC-200", "other-sn", "controller-sn"),
        ):
            assert refused(partial(runs.open_run, site, order(product=product))) == (
                3005,
                f"Series '{mine}' and series '{other}' can both make 'A0001'.",
                "Write another literal into one of them; nothing was opened.",
            )
        assert (rows(site, schema.run), settings(site)) == (0, [])
        assert runs.open_run(site, order(mode=RunMode.TEST))["mode"] == "test"


def test_a_run_whose_serials_another_series_may_make_opens(
    tmp_path: Path, database_url: str
) -> None:
    odd, even = "{counter:9,step=2}", "{counter:9,start=2,step=2}"
    with plant(tmp_path, database_url, **two(odd, even)) as site:
        assert runs.open_run(site, order())["id"] == 1


def test_a_run_whose_serials_another_series_issued_earlier_cannot_open(
    tmp_path: Path, database_url: str
) -> None:
    with plant(tmp_path, database_url, **two("A{counter:4}", "B{counter:4}")) as site:
        runs.open_run(site, order())
        issue(site, trigger("a"))
        runs.close_run(site, 1)
    changed = two("C{counter:4}", "A{counter:4}")
    with plant(tmp_path, database_url, **changed) as site:
        assert refused(partial(runs.open_run, site, order(product="AC-200"))) == (
            3005,
            (
                "Series 'other-sn' and version 1 of series 'controller-sn', which issued serials, "
                "can both make 'A0001'."
            ),
            "Write another literal into one of them; nothing was opened.",
        )
        assert rows(site, schema.run) == 1


def test_a_run_whose_serials_an_open_run_of_another_series_will_make_cannot_open(
    tmp_path: Path, database_url: str
) -> None:
    with plant(tmp_path, database_url, **two("A{counter:4}", "B{counter:4}")) as site:
        runs.open_run(site, order())
    with plant(tmp_path, database_url, **two("C{counter:4}", "A{counter:4}")) as site:
        wanted = order(product="AC-200", line="line-2")
        assert refused(partial(runs.open_run, site, wanted))[:2] == (
            3005,
            (
                "Series 'other-sn' and version 1 of series 'controller-sn', from which an open run "
                "draws, can both make 'A0001'."
            ),
        )
        runs.close_run(site, 1)
        assert runs.open_run(site, wanted)["id"] == 2


def test_what_another_series_only_tried_is_free(tmp_path: Path, database_url: str) -> None:
    with plant(tmp_path, database_url, **two("A{counter:4}", "B{counter:4}")) as site:
        runs.open_run(site, order(mode=RunMode.TEST))
        issue(site, trigger("a"))
        runs.close_run(site, 1)
    with plant(tmp_path, database_url, **two("C{counter:4}", "A{counter:4}")) as site:
        runs.open_run(site, order(product="AC-200"))
        assert issue(site, trigger("b")).serials == ("A0001",)


def test_products_with_serials_of_their_own_may_share_texts_but_not_with_their_own_past(
    tmp_path: Path, database_url: str
) -> None:
    scope = {"serial_scope": "product"}
    with plant(tmp_path, database_url, **two("A{counter:4}", "{counter:5:alnum}", site=scope)) as s:
        runs.open_run(s, order())
        runs.open_run(s, order(product="AC-200", line="line-2"))
        issue(s, trigger("a"))
        runs.close_run(s, 1)
        runs.close_run(s, 2)
    given = two("A{counter:4}", "{counter:5:alnum}", site=scope)
    given["products"]["AC-100"] = {"series": "other-sn"}
    with plant(tmp_path, database_url, **given) as site:
        assert refused(partial(runs.open_run, site, order()))[:2] == (
            3005,
            (
                "Series 'other-sn' and version 1 of series 'controller-sn', which issued serials, "
                "can both make 'A0001'."
            ),
        )
        assert runs.open_run(site, order(product="AC-200"))["id"] == 3


def test_opening_a_run_beside_a_hundred_series_costs_the_writer_nothing(tmp_path: Path) -> None:
    """Every pair is compared once in a process, and never while a line waits."""
    hundred = {f"s{n}": {"pattern": f"{n:03d}{{counter:5}}{{check:luhn}}"} for n in range(100)}
    path = plants.write_site(tmp_path / "site", series=hundred)
    with plants.opened(path) as service:
        site = service.site
        overlapping.warn(site)

        compared = overlapping.comparisons()
        for _ in range(3):
            runs.close_run(site, runs.open_run(site, order())["id"])
        assert overlapping.comparisons() == compared


def test_a_run_that_cannot_open_leaves_the_line_free(tmp_path: Path, database_url: str) -> None:
    with plant(tmp_path, database_url, **two("A{counter:4}", "A{counter:4,start=50}")) as site:
        with pytest.raises(Refusal):
            runs.open_run(site, order())
        runs.open_run(site, order(mode=RunMode.TEST))
        assert issue(site, trigger("a")).serials == ("TEST-A0001",)
