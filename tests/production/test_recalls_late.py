"""Recalls that gather: units of a block still being written, and units they did not come to yet."""

from functools import partial
from typing import Any

import pytest

from labeler.errors import SERIAL_TAKEN, Refusal
from labeler.production import blocks, runs
from labeler.production.blocks import BlockOrder
from labeler.production.recalls import recall_lists, recalled, recalling, walking
from labeler.production.recalls.criteria import Criteria
from labeler.production.site import Site
from tests.plants import NOON, Clock, order, trigger
from tests.production.living import do
from tests.production.recalling import NAME, close, members, recall
from tests.production.recalling import order as recall_order
from tests.production.record import issue, refused, serials
from tests.production.verified import told

OWN = serials(1, 20)


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walking, "STEP", 2)
    monkeypatch.setattr(blocks, "CHUNK", 5)


@pytest.fixture
def half(site: Site, clock: Clock) -> Site:
    """A block of 20 of which 5 are written, of a run that is closed; and another run."""
    runs.open_run(site, order(lot="L1", operator="ann"))
    _write(site, partial(blocks._reserve, site=site, order=BLOCK))
    _write(site, partial(blocks._fill, site=site, allocation_id=1))
    clock.go_on(hours=1)
    runs.close_run(site, 1)
    runs.open_run(site, order(lot="L2", line="line-2"))
    issue(site, trigger("k", print=False, line="line-2"))
    return site


BLOCK = BlockOrder(run_id=1, quantity=20, key="b1")


def _write(site: Site, work: Any) -> None:
    site.store.write(work, locks=True)


def _shown(site: Site, name: str = NAME) -> dict[str, Any]:
    with site.store.read() as transaction:
        found = recall_lists.show(transaction, name)
    return {one: found[one] for one in ("state", "count", "expected", "unwritten")}


def test_a_recall_gathers_until_the_blocks_that_it_means_are_written(half: Site) -> None:
    made = recall(half, lots=("L1",))
    late = {
        "state": "gathering",
        "count": 5,
        "expected": 20,
        "unwritten": [{"run": 1, "count": 15}],
    }
    assert {name: made[name] for name in late} == _shown(half) == late
    assert recall(half, lots=("L1",)) == {**made, "replayed": True}
    blocks.fill(half, 1)
    assert _shown(half) == {"state": "open", "count": 20, "expected": 20, "unwritten": []}
    assert sorted(members(half)) == sorted(OWN)


def test_a_recall_along_the_time_has_them_too(half: Site) -> None:
    recall(half, since=NOON, before=NOON.replace(minute=1))
    recall(half, "R-2", operators=("ann",))
    assert (_shown(half)["count"], _shown(half, "R-2")["count"]) == (5, 5)
    blocks.fill(half, 1)
    assert sorted(members(half)) == sorted(members(half, "R-2")) == sorted(OWN)


def test_who_ends_a_block_while_others_are_gathered_leaves_nobody_out(half: Site) -> None:
    search = recall_order(lots=("L1",))
    with half.store.read() as transaction:
        found = walking.begin(transaction, search.criteria, until=half.clock())
    _write(half, partial(recalling._accept, order=search, search=found, count=20))
    _write(half, partial(recalling._gather, site=half, recall_id=1))
    blocks.fill(half, 1)  # it leaves the recall to who gathers it
    assert _shown(half)["state"] == "gathering"
    recalling.finish(half, 1)
    assert _shown(half) == {"state": "open", "count": 20, "expected": 20, "unwritten": []}
    assert sorted(members(half)) == sorted(OWN)


def test_the_next_start_goes_on_with_a_recall_that_waited(
    half: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    recall(half, lots=("L1",))
    assert (recalling.resume(half), _shown(half)["state"]) == (1, "gathering")
    with monkeypatch.context() as patch:
        patch.setattr(recalling, "block_ended", lambda site, allocation_id: None)  # a crash
        blocks.fill(half, 1)
    assert _shown(half)["state"] == "gathering"
    assert (recalling.resume(half), recalling.resume(half)) == (1, 0)
    assert sorted(members(half)) == sorted(OWN)


def test_a_block_that_cannot_be_written_ends_the_wait(
    half: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    recall(half, lots=("L1",))

    def taken(*given: Any) -> bool:
        raise Refusal(SERIAL_TAKEN, "It exists.", hint="None.")

    monkeypatch.setattr(blocks, "_fill", taken)
    assert refused(partial(blocks.fill, half, 1))[:2] == (3002, "It exists.")
    assert _shown(half) == {"state": "open", "count": 5, "expected": 20, "unwritten": []}


def test_a_preview_names_what_is_not_written_and_no_other_recall_waits_for_it(half: Site) -> None:
    for said, late in (
        ({"lots": ("L1",)}, [{"run": 1, "count": 15}]),
        ({"since": NOON}, [{"run": 1, "count": 15}]),
        ({"lots": ("L2",)}, []),
        ({"since": NOON.replace(minute=1)}, []),
    ):
        with half.store.read() as transaction:
            search = walking.begin(transaction, Criteria(**said), until=half.clock())
            found = recall_lists.preview(transaction, search)
        assert found["unwritten"] == late, said
    assert recall(half, lots=("L2",))["state"] == "open"


def test_a_recall_that_waits_can_be_ended_and_calls_back_nothing_more(half: Site) -> None:
    recall(half, lots=("L1",))
    close(half)
    blocks.fill(half, 1)
    assert _shown(half) == {"state": "closed", "count": 5, "expected": 20, "unwritten": []}


def test_a_unit_that_is_not_gathered_yet_is_recalled_all_the_same(site: Site) -> None:
    runs.open_run(site, order(lot="L1"))
    runs.open_run(site, order(lot="L2", line="line-2"))
    own = issue(site, trigger("k1", quantity=6, print=False)).serials
    other = issue(site, trigger("k2", print=False, line="line-2")).serials
    do(site, "commission", *own, *other, key="c")
    search = recall_order(lots=("L1",))
    with site.store.read() as transaction:
        found = walking.begin(transaction, search.criteria, until=site.clock())
    _write(site, partial(recalling._accept, order=search, search=found, count=6))
    _write(site, partial(recalling._gather, site=site, recall_id=1))
    assert members(site) == list(own[:2])
    for serial in (own[0], own[5]):
        sentence = f"The unit with serial '{serial}' is recalled: 'R-1'. It must not leave."
        for verb in ("ship", "release"):
            assert refused(partial(do, site, verb, serial, key="no"))[:2] == (6014, sentence)
        assert told(site, serial)[::2] == ("recalled", {"recalls": [NAME]})
    with site.store.read() as transaction:
        assert recalled.names(transaction, 6)[0]["name"] == NAME
        assert len(recalled.names(transaction, 1)) == 1
    do(site, "ship", *other, key="s")
    recalling.finish(site, 1)
    close(site)
    do(site, "ship", own[5], key="s2")
    assert _shown(site)["state"] == "closed"
