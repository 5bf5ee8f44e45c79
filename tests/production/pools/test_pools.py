"""Pools: imports of all or nothing, issuing to the last number, crashes in between."""

import hashlib
import threading
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from labeler.errors import Refusal
from labeler.production import (
    blocks,
    health,
    pool_staging,
    pool_status,
    pools,
    runs,
)
from labeler.production.blocks import BlockOrder
from labeler.production.site import Site
from labeler.store import schema
from tests import plants
from tests.plants import order, trigger
from tests.production.pooling import (
    SERIES,
    bring,
    counts,
    findings,
    half_import,
    listed,
)
from tests.production.record import at_once, issue, refusal, refused, rows


def test_a_list_is_imported_and_issued_in_its_order(site: Site) -> None:
    content = b"\xef\xbb\xbfAC0007\r\n\r\nAC0003\r\n  \nAC0005"
    found = bring(site, content, operator="mk")
    assert found == {
        "id": 1,
        "series": "controller-sn",
        "state": "done",
        "source": "list.txt",
        "digest": hashlib.sha256(content).hexdigest(),
        "count": 3,
        "channel": "http",
        "operator": "mk",
        "started_at": plants.NOON,
        "finished_at": plants.NOON,
        "blank_lines": 2,
        "replayed": False,
    }
    assert counts(site) == (3, 0, 0)
    runs.open_run(site, order())
    assert issue(site, trigger("a", quantity=2)).serials == ("AC0007", "AC0003")
    assert counts(site) == (1, 2, 0)


def test_a_pool_is_issued_to_its_last_number_and_then_refuses(site: Site) -> None:
    bring(site, listed(*range(5)))
    runs.open_run(site, order())
    assert issue(site, trigger("a", quantity=3)).serials == ("AC0000", "AC0001", "AC0002")
    empty = (
        3006,
        "The pool of series 'controller-sn' has 2 numbers left, 3 are wanted.",
        "Import more: labeler pool import controller-sn FILE.",
    )
    assert refusal(site, trigger("b", quantity=3)) == empty
    assert issue(site, trigger("b", quantity=2)).serials == ("AC0003", "AC0004")
    assert refusal(site, trigger("c"))[0] == 3006
    assert counts(site) == (0, 5, 0)
    bring(site, listed(9), key="more")
    assert issue(site, trigger("c")).serials == ("AC0009",)


def test_a_block_takes_the_numbers_of_a_pool_and_counts_them(site: Site) -> None:
    bring(site, listed(*range(1500)))
    runs.open_run(site, order(quantity=1200))
    block = blocks.issue_block(site, BlockOrder(run_id=1, quantity=1200, key="b"))
    assert (block["first"], block["last"]) == ("AC0000", "AC1199")
    assert counts(site) == (300, 1200, 0)


def test_a_dry_run_says_the_same_and_keeps_nothing(site: Site) -> None:
    found = bring(site, listed(1, 2), dry_run=True)
    assert (found["id"], found["state"], found["count"]) == (None, "checked", 2)
    assert findings(site, listed(1, 1), dry_run=True)[1]["doubles"]["count"] == 1
    assert rows(site, schema.pool_number) == rows(site, schema.pool_import) == 0


def test_a_retried_import_is_not_done_twice(site: Site) -> None:
    first = bring(site, listed(1, 2))
    again = bring(site, listed(1, 2))
    assert again == {**first, "replayed": True}
    number, sentence, hint = refused(lambda: bring(site, listed(1, 2, 3)))
    assert (number, hint) == (
        1008,
        "Send the same list for a retry, or a new key for a new list.",
    )
    assert sentence.startswith(
        "Idempotency-Key 'a' of pool 'controller-sn' was used for 'list.txt'"
    )
    assert counts(site) == (2, 0, 0)


def test_an_import_that_was_refused_leaves_its_key_free(site: Site) -> None:
    findings(site, b"X\n")
    assert bring(site, listed(1))["count"] == 1


def test_series_without_a_pool_are_refused(tmp_path: Path) -> None:
    with plants.opened(plants.write_site(tmp_path / "site")) as service:
        assert refused(lambda: bring(service.site, listed(1))) == (
            3011,
            "Series 'controller-sn' makes its numbers itself: it is sequential.",
            "Only a series with {imported:…} in its pattern has a pool.",
        )
        assert refused(lambda: bring(service.site, listed(1), series="x")) == (
            3008,
            "There is no series 'x'.",
            "Known: controller-sn.",
        )


def test_what_a_crash_leaves_is_invisible_and_removed(path: Path) -> None:
    with plants.opened(path) as service:
        bring(service.site, listed(1))
        half_import(service.site, range(10, 1010))
    with plants.opened(path) as service:
        site = service.site
        assert counts(site) == (1, 0, 0)
        runs.open_run(site, order())
        assert issue(site, trigger("a")).serials == ("AC0001",)
        assert refusal(site, trigger("b"))[0] == 3006
        pool_staging.sweep_all(site)
        assert rows(site, schema.pool_number) == 1
        with site.store.read() as transaction:
            shown = pool_status.show_pool(site, transaction, "controller-sn")
        assert [(one["id"], one["state"]) for one in shown["imports"]] == [
            (2, "abandoned"),
            (1, "done"),
        ]


def test_the_next_import_removes_what_a_crash_left_and_may_bring_it_again(site: Site) -> None:
    half_import(site, range(10, 1010))
    assert bring(site, listed(*range(10, 1010)))["count"] == 1000
    assert counts(site) == (1000, 0, 0)
    assert rows(site, schema.pool_number) == 1000


def test_an_import_that_was_given_up_cannot_go_on(site: Site) -> None:
    found = half_import(site, range(10, 20))
    pool_staging.sweep(site, "controller-sn")
    chunk = pool_staging.Chunk(import_id=found, series="controller-sn", texts=("AC0500",))
    assert refused(lambda: site.store.write(chunk.write)) == (
        3013,
        "Import 1 was given up: another process found nobody at work on it.",
        "Import the list again.",
    )
    assert rows(site, schema.pool_number) == 0


def test_one_import_at_a_time_changes_a_pool(path: Path, database_url: str) -> None:
    others = 2 if database_url.startswith("postgresql") else 1
    with plants.together(path, others) if others > 1 else plants.opened(path) as opened:
        first, last = (opened[0], opened[-1]) if isinstance(opened, list) else (opened, opened)
        with pools.alone(first.site, "controller-sn"):
            assert refused(lambda: bring(last.site, listed(1))) == (
                3013,
                "Another import into or return from the pool of series 'controller-sn' is at work.",
                "Wait until it has ended: labeler pool status.",
            )
        assert bring(last.site, listed(1))["count"] == 1


def test_a_start_leaves_alone_an_import_at_work(path: Path, postgres_url: str) -> None:
    path = plants.write_site(path.parent, database=postgres_url, series=SERIES)
    with plants.together(path, 2) as (first, second):
        half_import(first.site, range(10, 20))
        with pools.alone(first.site, "controller-sn"):
            pool_staging.sweep_all(second.site)
            assert rows(second.site, schema.pool_number) == 10
        pool_staging.sweep_all(second.site)
        assert rows(second.site, schema.pool_number) == 0


def test_the_line_issues_while_a_list_is_imported_and_no_number_twice(site: Site) -> None:
    bring(site, listed(*range(200)))
    runs.open_run(site, order(quantity=200))
    works: list[Any] = [partial(bring, site, listed(*range(1000, 4000)), key="b")]
    works += [partial(issue, site, trigger(f"t{n}", quantity=4)) for n in range(20)]
    outcomes = at_once(works)
    assert outcomes[0]["count"] == 3000
    issued = [serial for reply in outcomes[1:] for serial in reply.serials]
    assert sorted(issued) == [f"AC{number:04d}" for number in range(80)]
    assert counts(site) == (3120, 80, 0)


def test_a_pool_that_runs_low_is_announced_once(site: Site) -> None:
    bring(site, listed(*range(5)))
    runs.open_run(site, order())
    with capture_logs() as logs:
        for key in "abcd":
            issue(site, trigger(key))
    low = {"event": "pool.low", "log_level": "warning", "series": "controller-sn"}
    assert [one for one in logs if one["event"] == "pool.low"] == [
        {**low, "waiting": 2, "low_water": 2}
    ]
    with capture_logs() as logs:
        pool_status.warn_of_low(site)
    assert logs == [{**low, "waiting": 1, "low_water": 2}]
    assert b'labeler_pool_waiting{series="controller-sn"} 1.0\n' in health.metrics_text(site)


def test_imports_of_two_processes_follow_each_other(path: Path, postgres_url: str) -> None:
    path = plants.write_site(path.parent, database=postgres_url, series=SERIES)
    with plants.together(path, 2) as (first, second):
        started = threading.Barrier(2)

        def work(site: Site, key: str, start: int) -> Any:
            started.wait(30)
            while True:
                with suppress(Refusal):
                    return bring(site, listed(*range(start, start + 500)), key=key)

        works: list[Any] = [
            partial(work, first.site, "a", 1000),
            partial(work, second.site, "b", 2000),
        ]
        assert [one["count"] for one in at_once(works)] == [500, 500]
        assert counts(first.site) == (1000, 0, 0)


def test_a_low_water_mark_without_a_pool_is_refused_at_the_start(tmp_path: Path) -> None:
    series = {"controller-sn": {"pattern": "AC{counter:4}", "low_water": 2}}
    path = plants.write_site(tmp_path / "site", series=series)
    with pytest.raises(Refusal) as caught, plants.opened(path):
        pass
    assert caught.value.kind.number == 9004
    assert caught.value.sentence.endswith(
        "series.controller-sn.low_water: only a series with {imported:…} has a pool that runs low; "
        "remove it."
    )


def test_a_block_that_its_pool_cannot_fill_now_keeps_nothing_from_starting(
    path: Path,
) -> None:
    wanted = BlockOrder(run_id=1, quantity=8, key="b1")
    with plants.opened(path) as service:
        site = service.site
        bring(site, listed(*range(8)))
        runs.open_run(site, order())
        assert refused(lambda: blocks.issue_block(site, replace(wanted, quantity=9))) == (
            3006,
            "The pool of series 'controller-sn' has 8 numbers left, 9 are wanted.",
            "Import more: labeler pool import controller-sn FILE.",
        )
        site.store.write(lambda transaction: blocks._reserve(transaction, site, wanted))
        issue(site, trigger("k1", quantity=3))
    with plants.opened(path) as service, capture_logs() as logs:
        site = service.site
        assert blocks.resume(site) == 0
        assert [(one["event"], one["block"]) for one in logs] == [("block.waits", 1)]
        bring(site, listed(*range(8, 20)), key="b")
        found = blocks.issue_block(site, wanted)
        assert (found["first"], found["last"], found["quantity"]) == ("AC0003", "AC0010", 8)
