"""A locked site refuses every door that issues, opens for two people only, and skips enough."""

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labeler.production import blocks, issuing, runs
from labeler.production.blocks import BlockOrder
from labeler.production.safekeeping import unlocking
from labeler.production.site import Site
from labeler.store import schema
from labeler.units import RunMode
from tests import plants
from tests.production.leasing import lease
from tests.production.pooling import POOL, macs
from tests.production.safekeeping import issue, refusal, unlock


class Loss:
    """A site of either database, whose mark is ahead by what its record lost."""

    def __init__(self, path: Path, clock: plants.Clock) -> None:
        self.path, self.clock = path, clock
        self.site: Site

    def lose(self, steps: int) -> None:
        """Let the record's copy of the mark say less, as a backup put back would."""
        self.site.store.write(
            lambda transaction: transaction.run_sql(
                "UPDATE site_setting SET value = CAST(CAST(value AS BIGINT) - ? AS TEXT) "
                "WHERE name LIKE ?",
                (steps, "mark_%"),
            )
        )
        assert self.site.store.guard is not None
        self.site.store.write(self.site.store.guard.check)
        assert unlocking.state(self.site)["lost"] == steps


@pytest.fixture
def series(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Return changes of the plant; a test gives its own."""
    return getattr(request, "param", {})


@pytest.fixture
def loss(
    tmp_path: Path, database_url: str, clock: plants.Clock, series: dict[str, Any]
) -> Iterator[Loss]:
    """Return a site that has a run on line-1."""
    lines = {"line-3": {"printer": "zebra-1"}}
    path = plants.write_site(tmp_path / "site", database=database_url, lines=lines, **series)
    with plants.opened(path, clock=clock) as service:
        made = Loss(path, clock)
        made.site = service.site
        yield made


def begin(loss: Loss, count: int = 5, **changes: Any) -> list[str]:
    """Open a run and issue."""
    runs.open_run(loss.site, plants.order(**changes))
    return issue(loss.site, "before", count)


def test_a_locked_site_refuses_triggers_blocks_leases_tests_and_runs(loss: Loss) -> None:
    begin(loss)
    runs.open_run(loss.site, plants.order(line="line-2", mode=RunMode.TEST))
    loss.lose(1)
    site = loss.site
    block = BlockOrder(run_id=1, quantity=10, key="k")
    doors = {
        "trigger": lambda: issue(site, "x"),
        "block": lambda: blocks.issue_block(site, block),
        "lease": lambda: lease(site, 10),
        "run": lambda: runs.open_run(site, plants.order(line="line-3")),
        "test": lambda: issue(site, "t", line="line-2"),
    }
    assert {name: refusal(door)[0] for name, door in doors.items()} == dict.fromkeys(doors, 9010)
    with site.store.read() as transaction:
        assert transaction.run_sql("SELECT count(*) FROM unit") == [(5,)]
        assert transaction.run_sql("SELECT count(*) FROM allocation") == [(0,)]


def test_a_locked_site_still_answers_a_key_that_was_served(loss: Loss) -> None:
    before = begin(loss)
    loss.lose(1)
    trigger = plants.trigger("before", quantity=5)
    reply = issuing.issue_labels(loss.site, trigger)
    assert (list(reply.serials), reply.replayed) == (before, True)


@pytest.mark.parametrize(
    ("changes", "number"),
    [
        ({"approved_by": "mk"}, 5026),
        ({"approved_by": " MK "}, 5026),
        ({"approved_by": " "}, 5026),
        ({"operator": " "}, 5026),
        ({"reason": "  "}, 1002),
    ],
)
def test_one_person_or_no_reason_does_not_unlock(
    loss: Loss, changes: dict[str, Any], number: int
) -> None:
    begin(loss)
    loss.lose(1)
    assert refusal(lambda: unlock(loss.site, **changes))[0] == number
    assert refusal(lambda: issue(loss.site, "x"))[0] == 9010


def test_a_site_that_is_not_locked_is_not_unlocked(loss: Loss) -> None:
    begin(loss)
    assert refusal(lambda: unlock(loss.site)) == (1002, "The site is not locked.")


def test_the_record_says_who_unlocked_why_and_what_was_left_out(loss: Loss) -> None:
    begin(loss)
    loss.lose(3)
    why = unlocking.state(loss.site)["why"]
    done = unlock(loss.site)
    assert done == {
        "steps": 3,
        "counters": 1,
        "set_aside": 0,
        "held": 5,
        "why": why,
        "operator": "mk",
        "approved_by": "ab",
        "reason": "backup put back",
    }
    table = schema.event
    with loss.site.store.read() as transaction:
        query = table.select().where(table.c.kind == "site_unlocked")
        [row] = transaction.execute(query).all()
    assert (row.detail, row.channel, row.run_id, row.unit_id) == (done, "http", None, None)
    assert issue(loss.site, "after")[0][7:12] == "00009"  # 5 were issued, 3 are left out


def test_two_people_may_leave_out_more_than_the_mark_says(loss: Loss) -> None:
    begin(loss)
    loss.lose(3)
    assert unlock(loss.site, steps=1000)["steps"] == 1000
    assert issue(loss.site, "after")[0][7:12] == "01006"


DAILY = {"series": {"controller-sn": {"pattern": "AC{date:%y%j}{counter:5,reset=day}"}}}


@pytest.mark.parametrize("series", [DAILY], indirect=True)
def test_a_counter_that_may_have_begun_in_the_lost_part_begins_above_it(loss: Loss) -> None:
    """Of a lost day the record knows nothing; a later day begins at its start."""
    begin(loss)
    loss.lose(7)
    loss.clock.go_on(days=1)
    unlock(loss.site)
    today = issue(loss.site, "today")
    loss.clock.go_on(days=3)
    later = issue(loss.site, "later")
    assert (today, later) == (["AC2632800008"], ["AC2633100001"])


PERMUTED = {"series": {"controller-sn": {"pattern": "P{permuted:8}"}}}


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the permuted series its key."""
    monkeypatch.setenv("LABELER__SERIES__CONTROLLER_SN__KEY", "00" * 32)


@pytest.mark.usefixtures("key")
@pytest.mark.parametrize("series", [PERMUTED], indirect=True)
def test_a_permuted_series_goes_on_above_the_places_that_were_lost(loss: Loss) -> None:
    begin(loss, 5)
    loss.lose(4)
    unlock(loss.site)
    issue(loss.site, "after", 2)
    with loss.site.store.read() as transaction:
        rows = transaction.run_sql("SELECT counter FROM unit ORDER BY id")
    assert [row[0] for row in rows] == [0, 1, 2, 3, 4, 9, 10]


WITH_MAC = {
    "series": POOL,
    "products": {"AC-100": {"identifiers": {"mac_1": "mac-block"}}},
}


@pytest.mark.parametrize("series", [WITH_MAC], indirect=True)
def test_the_numbers_of_a_pool_that_would_have_been_next_are_set_aside(loss: Loss) -> None:
    macs(loss.site, *(f"0050C20000{n:02X}" for n in range(8)))
    begin(loss, 1, quantity=5)
    loss.lose(2)
    assert unlock(loss.site)["set_aside"] == 2
    issue(loss.site, "after", 1)
    with loss.site.store.read() as transaction:
        rows = transaction.run_sql("SELECT text FROM unit_identifier ORDER BY unit_id")
    assert [row[0] for row in rows] == ["0050C2000000", "0050C2000003"]


def test_a_block_that_a_crash_left_half_filled_waits_while_the_site_is_locked(loss: Loss) -> None:
    begin(loss)
    site, wanted = loss.site, BlockOrder(run_id=1, quantity=10, key=str(uuid.uuid4()))
    site.store.write(lambda transaction: blocks._reserve(transaction, site, wanted), locks=True)
    loss.lose(1)
    assert blocks.resume(site) == 0
    unlock(site)
    assert blocks.resume(site) == 1


def test_processes_of_one_folder_share_its_mark(tmp_path: Path, postgres_url: str) -> None:
    path = plants.write_site(tmp_path / "site", database=postgres_url)
    with plants.together(path, 2) as (one, two):
        runs.open_run(one.site, plants.order())
        found = [
            serial
            for number in range(10)
            for service in (one, two)
            for serial in issue(service.site, f"{number}-{id(service)}")
        ]
    assert len(set(found)) == 20
    with plants.opened(path) as service:
        assert unlocking.state(service.site)["locked"] is False


def test_another_machine_without_a_mark_is_locked_until_people_let_it_in(
    tmp_path: Path, postgres_url: str
) -> None:
    first = plants.write_site(tmp_path / "one", database=postgres_url)
    second = plants.write_site(tmp_path / "two", database=postgres_url)
    with plants.opened(first) as one:
        runs.open_run(one.site, plants.order())
        issue(one.site, "a")
    with plants.opened(second) as two:
        assert refusal(lambda: issue(two.site, "b"))[0] == 9010
        assert refusal(lambda: unlock(two.site))[0] == 1002
        unlock(two.site, steps=0)
        assert issue(two.site, "b")[0][7:12] == "00002"
    with plants.opened(first) as one:
        assert issue(one.site, "c")[0][7:12] == "00003"
