"""Blocks of serials: one step, one key, nothing half done, and the line goes on."""

import threading
from pathlib import Path
from typing import Any

import pytest

from labeler.errors import Refusal
from labeler.production import blocks, listing, runs, verifying
from labeler.production.blocks import BlockOrder, issue_block
from labeler.production.site import Site
from labeler.store import schema
from tests import plants
from tests.plants import order, trigger
from tests.production.record import issue, refused, rows, run, serials


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "CHUNK", 7)
    monkeypatch.setattr(blocks, "DRAWN_CHUNK", 3)


def block(quantity: int, key: str = "b1", run_id: int = 1) -> BlockOrder:
    return BlockOrder(run_id=run_id, quantity=quantity, key=key)


def in_order(site: Site, run_id: int = 1) -> list[str]:
    return [unit["serial"] for page in listing.pages(site, run_id, rows=4) for unit in page]


def test_a_block_is_the_next_serials_of_the_run(site: Site) -> None:
    runs.open_run(site, order())
    issue(site, trigger("k1"))
    found = issue_block(site, block(20))
    expected = serials(2, 20)
    assert found == {
        "id": 1,
        "run": 1,
        "quantity": 20,
        "state": "done",
        "first_position": 2,
        "last_position": 21,
        "first": expected[0],
        "last": expected[-1],
        "replayed": False,
    }
    assert in_order(site) == [*serials(1), *expected]
    assert issue(site, trigger("k2")).serials == serials(22)
    assert (run(site, 1)["issued"], rows(site, schema.unit)) == (22, 22)


def test_a_block_with_a_known_key_is_the_same_block(site: Site) -> None:
    runs.open_run(site, order())
    first = issue_block(site, block(20))
    assert issue_block(site, block(20)) == {**first, "replayed": True}
    assert refused(lambda: issue_block(site, block(21))) == (
        1008,
        "Idempotency-Key 'b1' of run 1 was used with quantity=20, now with quantity=21.",
        "Send the same quantity for a retry, or a new key for a new block.",
    )
    assert rows(site, schema.unit) == 20


def test_a_block_that_does_not_fit_issues_nothing(site: Site) -> None:
    assert refused(lambda: issue_block(site, block(1)))[0] == 2003
    runs.open_run(site, order(quantity=10))
    assert refused(lambda: issue_block(site, block(11))) == (
        2007,
        "Run 1 has 10 of 10 units left, the block wants 11.",
        "Ask for less, or close the run and open the next.",
    )
    runs.close_run(site, 1)
    assert refused(lambda: issue_block(site, block(1))) == (
        2006,
        "Run 1 is closed.",
        "Open a new run.",
    )
    assert (rows(site, schema.unit), rows(site, schema.allocation)) == (0, 0)


def test_a_block_tells_how_each_of_its_units_came_about(site: Site) -> None:
    runs.open_run(site, order())
    issue_block(site, block(5))
    with site.store.read() as transaction:
        found = verifying.show_serial(transaction, serials(3)[0])
    assert [(e["kind"], e["channel"], e["detail"]) for e in found["events"]] == [
        ("allocated", "http", {"key": "b1", "block": 1})
    ]


@pytest.mark.parametrize(
    "series",
    [
        {"pattern": "A{counter:4,step=3}{check:luhn_mod_36}"},
        {"pattern": "{random:3}"},
        {"pattern": "{date:%y%j}{counter:3:hex,reset=day}", "word_filter": True},
    ],
)
def test_a_block_of_every_kind_of_series_holds_serials_of_it(
    tmp_path: Path, database_url: str, series: dict[str, Any]
) -> None:
    path = plants.write_site(
        tmp_path / "site", database=database_url, series={"controller-sn": series}
    )
    with plants.opened(path) as service:
        site = service.site
        runs.open_run(site, order(quantity=100))
        issue_block(site, block(40))
        issue(site, trigger("k", quantity=10))
        made = site.plant.series["controller-sn"].series
        found = in_order(site)
        assert len(set(found)) == len(found) == 50
        assert [made.parse(serial).text for serial in found] == found


def test_a_block_left_half_filled_is_filled_at_the_next_start(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs.open_run(site, order())
    filling = blocks._fill
    calls: list[int] = []

    def fail_the_third(transaction: Any, at: Site, allocation_id: int) -> bool:
        calls.append(allocation_id)
        if len(calls) == 3:
            raise ZeroDivisionError
        return filling(transaction, at, allocation_id)

    monkeypatch.setattr(blocks, "_fill", fail_the_third)
    with pytest.raises(Refusal):
        issue_block(site, block(20))
    assert (rows(site, schema.unit), run(site, 1)["issued"]) == (14, 20)
    assert issue(site, trigger("k1")).serials == serials(21)
    assert blocks.resume(site) == 1
    assert in_order(site) == list(serials(1, 21))
    assert blocks.resume(site) == 0
    assert issue_block(site, block(20))["replayed"] is True


def test_lines_are_served_while_a_block_is_filled(site: Site) -> None:
    runs.open_run(site, order(quantity=1000))
    runs.open_run(site, order(line="line-2", quantity=100))
    done = threading.Event()

    def fill() -> None:
        issue_block(site, block(700))
        done.set()

    thread = threading.Thread(target=fill)
    thread.start()
    before = 0
    while not done.is_set():
        issue(site, trigger(f"k{before}", line="line-2"))
        before += 1
        if before == 100:
            break
    thread.join()
    assert before > 5
    assert rows(site, schema.unit) == 700 + before


def test_two_who_ask_for_one_block_at_once_get_one(site: Site) -> None:
    runs.open_run(site, order())
    found: list[dict[str, Any]] = []
    threads = [
        threading.Thread(target=lambda: found.append(issue_block(site, block(50))))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {(one["first"], one["last"]) for one in found} == {(serials(1)[0], serials(50)[0])}
    assert rows(site, schema.unit) == 50


def test_a_block_whose_serials_exist_stops_and_says_how_far_it_came(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "CHUNK", 749)  # a block this long takes 1,300 chunks of seven
    path = plants.write_site(
        tmp_path / "site",
        database=database_url,
        series={
            "controller-sn": {"pattern": "{counter:9,step=49999}"},
            "other": {"pattern": "{counter:9,start=36001,step=49991}"},
        },
        products={"AC-200": {"name": "Other", "series": "other", "template": "unit-label"}},
    )
    with plants.opened(path) as service:
        site = service.site
        # The patterns share one number, too far away for any search of such a number.
        runs.open_run(site, order(product="AC-200", line="line-2", quantity=4501))
        issue_block(site, block(4501, run_id=1))
        runs.open_run(site, order(quantity=5000))
        assert refused(lambda: issue_block(site, block(5000, run_id=2))) == (
            3002,
            (
                "A serial of '224695507' to '249945002' exists already; of the block 4494 of "
                "5000 serials were issued."
            ),
            "Two series make the same text. Give one of them another literal.",
        )
        assert in_order(site, 2) == [f"{n:09d}" for n in range(1, 1 + 4494 * 49999, 49999)]
        assert blocks.resume(site) == 0
