"""Pools: imports of all or nothing, issuing to the last number, numbers that go back."""

import hashlib
import io
import threading
from collections.abc import Iterator
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
    pool_lists,
    pool_staging,
    pool_status,
    pools,
    runs,
)
from labeler.production.blocks import BlockOrder
from labeler.production.pool_lists import CsvList, ImportOrder, Numbers, TextList
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


@pytest.fixture
def path(tmp_path: Path, database_url: str) -> Path:
    return plants.write_site(tmp_path / "site", database=database_url, series=SERIES)


@pytest.fixture
def site(path: Path) -> Iterator[Site]:
    with plants.opened(path) as service:
        yield service.site


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


def test_lines_that_are_wrong_are_named_and_nothing_is_imported(site: Site) -> None:
    bring(site, listed(1))
    sentence, extra = findings(
        site, b"AC0002\nAC000X\nAC1\n\xff\xfeAC\nAC0001\nAC0002\nAC0002\n", key="b"
    )
    wrong = "is wrong at position 6, imported: expected one of 0123456789, got 'X'."
    assert sentence == (
        "'list.txt' has 3 lines that are no number of series 'controller-sn' and 3 numbers that "
        f"are there already. Nothing was imported. Line 2: Serial 'AC000X' {wrong}"
    )
    assert [(one["line"], one["sentence"]) for one in extra["bad_lines"]["first"]] == [
        (2, f"Serial 'AC000X' {wrong}"),
        (3, "Serial 'AC1' has 3 characters: expected 6 by pattern 'AC{imported:4}'."),
        (4, "It is not written in UTF-8."),
    ]
    assert [(one["line"], one["sentence"]) for one in extra["doubles"]["first"]] == [
        (5, "Number 'AC0001' is in the pool already."),
        (6, "Number 'AC0002' stands on line 1 already."),
        (7, "Number 'AC0002' stands on line 1 already."),
    ]
    assert (extra["bad_lines"]["count"], extra["doubles"]["count"]) == (3, 3)
    assert (counts(site), rows(site, schema.pool_number)) == ((1, 0, 0), 1)


def test_many_wrong_lines_are_counted_and_the_first_hundred_named(site: Site) -> None:
    sentence, extra = findings(site, b"X\n" * 5000)
    assert sentence.startswith("'list.txt' has 5000 lines that are no number of series")
    assert extra["bad_lines"]["count"] == 5000
    assert [one["line"] for one in extra["bad_lines"]["first"]] == list(range(1, 101))


def test_a_number_that_another_series_has_issued_is_a_double(
    tmp_path: Path, database_url: str
) -> None:
    series = {
        "controller-sn": {"pattern": "AC{counter:4}"},
        "bought": {"pattern": "AC{imported:4}"},
    }
    product = {**plants.CONFIG["products"]["AC-100"], "series": "bought"}
    before = {"controller-sn": series["controller-sn"]}
    path = plants.write_site(tmp_path / "site", database=database_url, series=before)
    with plants.opened(path) as service:
        runs.open_run(service.site, order())
        issue(service.site, trigger("a"))
    path = plants.write_site(
        tmp_path / "site", database=database_url, series=series, products={"AC-200": product}
    )
    with plants.opened(path) as service:
        _, extra = findings(service.site, listed(2, 1), series="bought")
        assert extra["doubles"]["first"] == [
            {"line": 2, "text": "AC0001", "sentence": "Number 'AC0001' was issued already."}
        ]


def test_a_check_character_that_is_wrong_is_named(tmp_path: Path, database_url: str) -> None:
    series = {"controller-sn": {"pattern": "{imported:6}{check:luhn}"}}
    path = plants.write_site(tmp_path / "site", database=database_url, series=series)
    with plants.opened(path) as service:
        sentence, _ = findings(service.site, b"1000009\n1000008\n")
    assert sentence == (
        "'list.txt' has 1 line that is no number of series 'controller-sn'. Nothing was imported. "
        "Line 2: Serial '1000008' fails check scheme luhn: expected check character '9', got '8'."
    )


def test_an_empty_list_is_refused(site: Site) -> None:
    assert refused(lambda: bring(site, b"\r\n\n")) == (
        3012,
        "'list.txt' has no number. Nothing was imported.",
        "Look at the file.",
    )


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


@pytest.mark.parametrize(
    ("content", "given", "found"),
    [
        (b"AC0001,x\nAC0002,y\n", {}, [(1, "AC0001"), (2, "AC0002")]),
        (
            b"\xef\xbb\xbfsn;box\r\nAC0001;7\r\n",
            {"column": "sn", "delimiter": ";"},
            [(2, "AC0001")],
        ),
        (b'box,sn\n"a\nb",AC0001\n', {"column": "2", "header": True}, [(3, "AC0001")]),
        (b"2,1\nAC0001,AC0002\n", {"column": "2", "header": True}, [(2, "AC0001")]),
        (b"AC0001\tx\n\n", {"delimiter": "\t"}, [(1, "AC0001")]),
    ],
)
def test_a_column_of_csv_is_read(content: bytes, given: Any, found: Any) -> None:
    assert list(CsvList(io.BytesIO(content), **given)) == found


@pytest.mark.parametrize(
    ("numbers", "sentence"),
    [
        (
            CsvList(io.BytesIO(b"box,sn\n"), column="serial"),
            "There is no column 'serial'; the header has: box, sn. Nothing was imported.",
        ),
        (
            CsvList(io.BytesIO(b"1\n"), column="2"),
            "The list has no column 2. Nothing was imported.",
        ),
        (
            CsvList(io.BytesIO(b'"AC0001\n')),
            "Line 1 is no CSV: unexpected end of data. Nothing was imported.",
        ),
        (
            TextList(io.BytesIO(b"A" * 70_000)),
            "Line 1 is longer than 65536 bytes. Nothing was imported.",
        ),
    ],
)
def test_what_is_no_list_is_refused(numbers: Numbers, sentence: str) -> None:
    assert refused(lambda: list(numbers))[:2] == (3012, sentence)


def test_ranges_are_imported(tmp_path: Path, database_url: str) -> None:
    series = {"controller-sn": {"pattern": "{imported:12:hex}"}}
    path = plants.write_site(tmp_path / "site", database=database_url, series=series)
    with plants.opened(path) as service:
        numbers = pool_lists.mac_list("001BC50AB/36", step=1024)
        given: dict[str, Any] = {
            "series": "controller-sn",
            "channel": "http",
            "key": "a",
            "source": numbers.name,
        }
        found = pools.import_numbers(service.site, ImportOrder(**given), numbers)
        assert (found["count"], found["source"]) == (4, "MAC block 001BC50AB/36, step 1024")
        runs.open_run(service.site, order())
        expected = ("001BC50AB000", "001BC50AB400", "001BC50AB800", "001BC50ABC00")
        assert issue(service.site, trigger("a", quantity=4)).serials == expected
    assert refused(lambda: pool_lists.mac_list("A0/8", step=1)) == (
        3012,
        "MAC block A0/8 has 1099511627776 numbers. Nothing was imported.",
        "Take a smaller one.",
    )
    assert refused(lambda: pool_lists.imei_list("35209900", first=2, last=1))[:2] == (
        3012,
        (
            "TAC '35209900' has no numbers from 2 to 1: expected the first one not behind the "
            "last; exchange them. Nothing was imported."
        ),
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
