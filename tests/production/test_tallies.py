"""What is kept of a run's count is what a whole count would say, and little is counted again."""

from typing import Any

import pytest

from labeler.production import blocks, runs, tallies
from labeler.production.blocks import BlockOrder
from labeler.production.printing import job_control, line_now
from labeler.production.printing.instructions import Instruction
from labeler.production.reconciling import counting, records
from labeler.production.site import Site
from labeler.production.tallies import Part
from labeler.store import Transaction
from labeler.units import LabelState
from tests.plants import order, trigger
from tests.production.copying import settle
from tests.production.living import do
from tests.production.record import issue, serials


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a stretch be of three places."""
    monkeypatch.setattr(tallies, "STRETCH", 3)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return which stretches are counted from now on."""
    found: list[int] = []
    count = tallies._count

    def note(transaction: Transaction, part: Part, number: int, *, labels: str) -> Any:
        found.append(number)
        return count(transaction, part, number, labels=labels)

    monkeypatch.setattr(tallies, "_count", note)
    return found


@pytest.fixture
def ten(site: Site) -> Site:
    """Return a site with an open run of ten printed units: three stretches, and one unit more."""
    runs.open_run(site, order(quantity=60))
    issue(site, trigger("k1", quantity=10))
    settle(site)
    return site


def told(site: Site, run_id: int = 1) -> list[int]:
    """Ask what is remembered, and see that a whole count says the same; return issued, used."""
    with site.store.read() as transaction:
        found = counting.tell(transaction, site.balances, run_id)
        assert found == counting.count(transaction, run_id)
    return [found.issued, found.figures()["commissioned"]]


def test_nothing_full_is_counted_twice(ten: Site, counted: list[int]) -> None:
    assert told(ten) == [10, 0]
    assert counted == [0, 1, 2, 3]
    counted.clear()
    assert told(ten) == [10, 0]
    assert counted == [3]


def test_only_what_changed_is_counted_again(ten: Site, counted: list[int]) -> None:
    told(ten)
    counted.clear()
    do(ten, "commission", *serials(4, 2))
    assert told(ten) == [10, 2]
    assert counted == [1, 3]
    counted.clear()
    issue(ten, trigger("k2", quantity=4))
    assert told(ten) == [14, 2]
    assert counted == [3, 4]
    counted.clear()
    settle(ten, LabelState.DOUBTFUL)
    told(ten)
    assert counted == [3, 4]


def test_what_happens_to_other_runs_does_not_matter(ten: Site, counted: list[int]) -> None:
    other = runs.open_run(ten, order(line="line-2"))["id"]
    told(ten)
    counted.clear()
    issue(ten, trigger("o1", line="line-2", quantity=5))
    settle(ten)
    assert told(ten) == [10, 0]
    assert counted == [3]
    assert told(ten, other) == [5, 0]


def test_a_label_that_is_given_up_counts_though_its_unit_stays(
    site: Site, counted: list[int]
) -> None:
    runs.open_run(site, order(quantity=60))
    issue(site, trigger("k1", quantity=3))
    told(site)
    job_control.cancel(site, 1, Instruction(reason="x", operator="mk", channel="http"))
    counted.clear()
    told(site)
    assert counted == [0]


def test_many_changes_at_once_are_no_reason_to_read_all_of_them(
    ten: Site, counted: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    told(ten)
    monkeypatch.setattr(tallies, "CHANGES_MAX", 1)
    do(ten, "commission", *serials(1, 2))
    counted.clear()
    assert told(ten) == [10, 2]
    assert counted == [0, 1, 2, 3]


def test_a_block_counts_once_it_is_written(site: Site, counted: list[int]) -> None:
    runs.open_run(site, order(quantity=60))
    blocks.issue_block(site, BlockOrder(run_id=1, quantity=7, key="b1"))
    assert told(site) == [7, 0]
    counted.clear()
    assert told(site) == [7, 0]
    assert counted == [2]


def test_a_stretch_with_a_missing_unit_is_counted_each_time(ten: Site, counted: list[int]) -> None:
    with ten.store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE unit SET position = 500 WHERE id = 5")
    assert told(ten) == [10, 0]
    counted.clear()
    told(ten)
    assert counted == [1, 3]


def test_so_many_runs_are_kept_and_not_more(
    ten: Site, counted: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tallies, "RUNS_MAX", 1)
    other = runs.open_run(ten, order(line="line-2"))["id"]
    for run in (1, other, 1):
        told(ten, run)
    assert list(ten.balances) == [1]


def test_page_and_signature_say_the_same(ten: Site) -> None:
    do(ten, "commission", *serials(1, 4))
    with ten.store.read() as transaction:
        shown = records.now(transaction, 1, memory=ten.balances)
        assert shown == records.now(transaction, 1)


def test_line_counts_its_units_as_a_whole_count_would(ten: Site, counted: list[int]) -> None:
    def counts() -> dict[str, int]:
        with ten.store.read() as transaction:
            found = line_now.show(ten, transaction, "line-1")["counts"]
            rows = transaction.run_sql("SELECT state, count(*) FROM unit GROUP BY state")
        assert found["printed"] == sum(many for state, many in rows if state != "allocated")
        return dict(found)

    assert counts() == {"planned": 60, "printed": 10, "good": 0, "scrapped": 0, "left": 50}
    do(ten, "commission", *serials(1, 4))
    do(ten, "scrap", *serials(9))
    counted.clear()
    assert counts() == {"planned": 60, "printed": 10, "good": 4, "scrapped": 1, "left": 50}
    assert counted == [0, 1, 2, 3]
    counted.clear()
    assert counts()["good"] == 4
    assert counted == [3]


def test_a_stretch_is_found_in_the_index_of_places(ten: Site) -> None:
    if ten.store.engine.dialect.name != "sqlite":
        return
    with ten.store.read() as transaction:
        plan = transaction.run_sql(
            "EXPLAIN QUERY PLAN SELECT state FROM unit u WHERE u.run_id = 1 AND u.position > 3 "
            "AND u.position <= 6"
        )
        changes = transaction.run_sql(
            "EXPLAIN QUERY PLAN SELECT (SELECT e.unit_id FROM event e WHERE e.id = c.event_id) "
            "FROM audit_chain c WHERE c.seq > 3 ORDER BY c.seq"
        )
    assert "(run_id=? AND position>? AND position<?)" in str(plan)
    assert "SCAN" not in str(changes)
