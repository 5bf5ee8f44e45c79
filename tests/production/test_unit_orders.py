"""Orders for units: all of a list or nothing, once a key, by two processes, over a crash."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from labeler.errors import Refusal
from labeler.production import runs, verifying
from labeler.production.blocks import BlockOrder, issue_block
from labeler.production.lifecycle import applying, changing, units_named
from labeler.production.printing import scanning, spool
from labeler.production.site import Site
from labeler.units import LabelState
from tests import plants
from tests.plants import FIRST, order, trigger
from tests.production.living import do, life, listed, states
from tests.production.record import at_once, issue, refused, serials


@pytest.fixture
def five(site: Site) -> Site:
    """The plant, with five units without labels."""
    runs.open_run(site, order(lot="L1"))
    issue(site, trigger("k1", quantity=5, print=False))
    return site


def test_a_shipped_unit_is_only_where_its_order_says(five: Site) -> None:
    second = serials(2)[0]
    for serial in (FIRST, second):
        do(five, "commission", serial, location="Hall 1", key=f"c-{serial}")
    do(five, "ship", FIRST, location="Truck 7", key="s1")
    do(five, "ship", second, key="s2")
    assert [life(five, one)["location"] for one in (FIRST, second)] == ["Truck 7", None]
    do(five, "ship", FIRST, invoice="I-8", key="s3")
    assert life(five, FIRST)["location"] == "Truck 7"
    places = [one["where"] for one in life(five, second)["history"]]
    assert "Hall 1" in places, "its history keeps it"


def test_a_unit_is_commissioned_shipped_and_comes_back(five: Site) -> None:
    found = do(five, "commission", FIRST, location="Hall 1")
    assert {**found, "received_at": None, "done_at": None} == {
        "id": 1,
        "verb": "commission",
        "state": "done",
        "count": 1,
        "changed": 1,
        "left": [],
        "said": {"operator": "mk", "location": "Hall 1"},
        "channel": "http",
        "received_at": None,
        "done_at": None,
        "replayed": False,
    }
    do(five, "ship", FIRST, invoice="I-7", invoice_link="https://erp.example/I-7")
    assert life(five, FIRST)["location"] is None, "it has left"
    do(five, "return", FIRST, location="Returns")
    known = life(five, FIRST)
    names = ("state", "location", "owner", "sales_order", "invoice", "invoice_link")
    assert [known[name] for name in names] == [
        *("inactive", "Returns", "ACME", "SO-1", "I-7", "https://erp.example/I-7")
    ]


def test_a_line_may_commission_and_nobody_else_without_a_name(five: Site) -> None:
    wanted = changing.UnitOrder(verb="commission", key="c", said={"line": "line-1"})
    assert changing.change(five, wanted, listed(FIRST))["changed"] == 1
    wanted = changing.UnitOrder(verb="destroy", key="d", said={"reason": "broken"})
    assert refused(lambda: changing.change(five, wanted, listed(FIRST))) == (
        1002,
        "'destroy' needs operator, which is not said.",
        "'destroy' needs reason; it takes location.",
    )
    wanted = changing.UnitOrder(verb="move", key="d", said={"operator": "mk"})
    assert refused(lambda: changing.change(five, wanted, listed(FIRST)))[1] == (
        "'move' needs location, which is not said."
    )
    wanted = changing.UnitOrder(verb="scrap", key="d", said={"reason": "x", "owner": "y"})
    assert refused(lambda: changing.change(five, wanted, listed(FIRST)))[0] == 1002


def test_the_same_key_again_gets_the_same_report_and_changes_nothing(five: Site) -> None:
    first = do(five, "commission", FIRST)
    assert do(five, "commission", FIRST) == {**first, "replayed": True}
    events = [one["kind"] for one in life(five, FIRST)["history"]]
    assert events.count("unit_commissioned") == 1
    number, sentence, _ = refused(lambda: do(five, "commission", serials(2)[0]))
    assert number == 1008
    assert sentence == (
        "Idempotency-Key 'commission-1' was used for another order: 'commission' of 1 units, "
        "now 'commission'."
    )


def test_a_list_with_a_bad_line_changes_nothing_and_names_each(five: Site) -> None:
    own = serials(1, 5)
    do(five, "destroy", own[1])
    wanted = (own[0], own[1], "NOBODY", own[0])
    number, sentence, _ = refused(lambda: do(five, "commission", *wanted))
    assert number == 3026
    assert sentence == (
        "3 of 4 units cannot be changed so. Nothing was changed. Line 2: The unit with serial "
        f"'{own[1]}' is 'destroyed' and cannot become 'commissioned'."
    )
    with pytest.raises(Refusal) as caught:
        do(five, "commission", *wanted)
    wrong = caught.value.extra["wrong"]
    assert [one["line"] for one in wrong["first"]] == [2, 3, 4]
    assert states(five, *own) == ["allocated", "destroyed", *["allocated"] * 3]


def test_a_range_of_a_run_is_changed_in_the_order_of_issue(five: Site) -> None:
    own = serials(1, 5)
    assert do(five, "commission", f"{own[1]}..{own[3]}")["changed"] == 3
    assert states(five, *own) == ["allocated", *["commissioned"] * 3, "allocated"]
    number, sentence, _ = refused(lambda: do(five, "move", f"{own[3]}..{own[1]}"))
    expected = f"Serial '{own[1]}' comes before '{own[3]}' in run 1."
    assert (number, sentence) == (3026, expected)
    number, sentence, _ = refused(lambda: do(five, "move", f"{own[0]}..NOBODY"))
    assert (number, sentence) == (3001, "Serial 'NOBODY' was never issued here.")


def test_an_order_names_so_many_units_at_most(five: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(units_named, "UNITS_MAX", 3)
    own = serials(1, 5)
    for wanted in ((f"{own[0]}..{own[4]}",), own):
        assert refused(lambda wanted=wanted: do(five, "move", *wanted))[:2] == (  # type: ignore[misc]
            3028,
            "The order names 5 units or more. Expected 3 at most.",
        )


def test_a_unit_whose_label_waits_is_not_commissioned(site: Site) -> None:
    runs.open_run(site, order())
    issue(site, trigger("k1"))
    assert refused(lambda: do(site, "commission", FIRST)) == (
        5022,
        f"Label 1 of serial '{FIRST}' waits to be printed.",
        "Wait for it, or cancel its job: labeler job cancel.",
    )
    assert do(site, "move", FIRST)["changed"] == 1


def test_a_label_of_a_commissioned_unit_is_not_scrapped(site: Site) -> None:
    runs.open_run(site, order())
    issue(site, trigger("k1"))
    with site.store.read() as transaction:
        labels = spool.waiting(transaction, "zebra-1", limit=1)
    spool.claim(site, [(labels[0], "d" * 64)], odometer=0)
    spool.settle(site, labels, LabelState.DOUBTFUL, why="a test")
    do(site, "commission", FIRST)
    work = lambda: spool.settle(site, labels, LabelState.SCRAPPED, why="a test")  # noqa: E731
    assert refused(work)[:2] == (
        3025,
        f"The unit with serial '{FIRST}' is 'commissioned' and cannot become 'label_scrapped'.",
    )
    scanning.verify(site, scanning.Scan(text=FIRST, operator="mk", channel="http"))
    assert states(site, FIRST) == ["commissioned"]


def many(site: Site, count: int) -> tuple[str, str]:
    """Issue a block of units; return the first and the last serial."""
    runs.open_run(site, order(quantity=count))
    issue_block(site, BlockOrder(run_id=1, quantity=count, key="b1"))
    found = serials(1, count)
    return found[0], found[-1]


def test_an_order_that_a_crash_cut_short_is_done_at_the_next_start(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, last = many(site, 2500)

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(applying, "finish", crash)
        with pytest.raises(KeyboardInterrupt):
            do(site, "commission", f"{first}..{last}")
    middle = serials(1500)[0]
    assert states(site, first, middle, last) == ["commissioned", "allocated", "allocated"]
    do(site, "destroy", middle)
    assert changing.resume(site) == 1
    assert changing.resume(site) == 0
    assert states(site, first, middle, last) == ["commissioned", "destroyed", "commissioned"]
    told = do(site, "commission", f"{first}..{last}")
    assert (told["count"], told["changed"], told["replayed"]) == (2500, 2499, True)
    assert [one["serial"] for one in told["left"]] == [middle]


def test_two_processes_do_one_order_once_and_of_two_only_one(
    tmp_path: Path, postgres_url: str
) -> None:
    path = plants.write_site(tmp_path / "site", database=postgres_url)
    with plants.together(path, 2) as services:
        sites = [one.site for one in services]
        runs.open_run(sites[0], order())
        issue(sites[0], trigger("k1", quantity=40, print=False))
        for number, serial in enumerate(serials(1, 20)):
            key = f"same-{number}"
            same: list[Callable[[], Any]] = [
                partial(do, one, "commission", serial, key=key) for one in sites
            ]
            assert sorted(one["replayed"] for one in at_once(same)) == [False, True]
        for number, serial in enumerate(serials(21, 20)):
            works: list[Callable[[], Any]] = [
                partial(do, sites[0], "scrap", serial, key=f"a-{number}"),
                partial(do, sites[1], "commission", serial, key=f"b-{number}"),
            ]
            found = at_once(works)
            numbers = [one.kind.number for one in found if isinstance(one, Refusal)]
            assert numbers == [3025]
        with sites[0].store.read() as transaction:
            known = [verifying.show_serial(transaction, one) for one in serials(1, 40)]
    for one in known:
        done = [event for event in one["events"] if event["kind"].startswith("unit_")]
        assert len(done) == 1
        assert done[0]["detail"]["to"] == one["state"]
