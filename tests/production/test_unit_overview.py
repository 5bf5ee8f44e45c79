"""The Serial Numbers overview and the life of one unit."""

import json
from typing import Any

import pytest
from sqlalchemy import text

from labeler.production import runs
from labeler.production.lifecycle import overview
from labeler.production.lifecycle.overview import Wanted
from labeler.production.lifecycle.overview_orders import place_of
from labeler.production.printing import spool
from labeler.production.reconciling import reconciling, releasing
from labeler.production.run_records import Said
from labeler.production.site import Site
from labeler.units import LabelState
from tests import plants
from tests.plants import FIRST, Clock, order, trigger
from tests.production.living import do, life
from tests.production.record import issue, refused, serials
from tests.production.verified import verify

OWN = serials(1, 6)


@pytest.fixture
def stock(site: Site) -> Site:
    """The plant, with four units of one lot and two of another, some of them somewhere."""
    runs.open_run(site, order(lot="L1"))
    runs.open_run(site, order(lot="L2", line="line-2"))
    issue(site, trigger("k1", quantity=4, print=False))
    issue(site, trigger("k2", quantity=2, print=False, line="line-2"))
    do(site, "commission", *OWN[:3], location="Hall 1")
    do(site, "move", OWN[4], location="Hall 2")
    do(site, "ship", OWN[0], invoice="I-7")
    do(site, "receive", OWN[5], owner="Miller")
    return site


def pages(site: Site, *, limit: int = 50, **wanted: Any) -> list[dict[str, Any]]:
    found, after = [], None
    while True:
        with site.store.read() as transaction:
            page = overview.page(site, transaction, Wanted(limit=limit, after=after, **wanted))
        found += page["units"]
        after = page["next"]
        if after is None:
            return found


def listed(site: Site, **wanted: Any) -> list[int]:
    """Return the numbers of the units that a list has."""
    return [OWN.index(one["serial"]) + 1 for one in pages(site, **wanted)]


def test_a_row_has_all_that_is_known_of_a_unit(stock: Site, clock: Clock) -> None:
    assert pages(stock, filters={"serial": FIRST}) == [
        {
            "serial": FIRST,
            "state": "released",
            "product": "AC-100",
            "item_name": "Axis controller",
            "line": "line-1",
            "lot": "L1",
            "location": None,
            "owner": "ACME",
            "purchase_order": None,
            "sales_order": "SO-1",
            "invoice": "I-7",
            "invoice_link": None,
            "run": 1,
            "number": 1,
            "allocated_at": clock.now,
        }
    ]


@pytest.mark.parametrize("narrow_max", [overview.NARROW_MAX, 0])
def test_each_filter_finds_its_units_few_or_many(
    stock: Site, narrow_max: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overview, "NARROW_MAX", narrow_max)
    expected: dict[tuple[str, Any], list[int]] = {
        ("state", "commissioned"): [2, 3, 6],
        ("location", "Hall 1"): [2, 3],
        ("owner", "ACME"): [1],
        ("purchase_order", "PO-1"): [6],
        ("sales_order", "SO-1"): [1],
        ("invoice", "I-7"): [1],
        ("invoice_link", "https://no"): [],
        ("run", 2): [5, 6],
        ("lot", "L1"): [1, 2, 3, 4],
        ("line", "line-2"): [5, 6],
        ("product", "AC-100"): [1, 2, 3, 4, 5, 6],
    }
    found = {one: listed(stock, filters=dict([one])) for one in expected}
    assert found == expected
    assert listed(stock, filters={"location": "Hall 1", "state": "commissioned"}) == [2, 3]
    assert listed(stock, item_name="Axis controller", search=OWN[3][-4:]) == [4]
    assert listed(stock, item_name="Nothing") == []


@pytest.mark.parametrize("limit", [1, 2, 50])
@pytest.mark.parametrize("narrow", [True, False])
@pytest.mark.parametrize("descending", [False, True])
def test_each_order_goes_both_ways_page_by_page(
    stock: Site, limit: int, narrow: bool, descending: bool
) -> None:
    expected = {
        "serial": [1, 2, 3, 4, 5, 6],
        "allocated_at": [1, 2, 3, 4, 5, 6],
        "location": [2, 3, 5],
        "owner": [1, 6],
        "state": [4, 5, 2, 3, 6, 1],
    }
    filters = {"product": "AC-100"}
    for sort, numbers in expected.items():
        if narrow:
            filters, numbers = {"lot": "L1"}, [one for one in numbers if one <= 4]  # noqa: PLW2901
        found = listed(stock, filters=filters, sort=sort, descending=descending, limit=limit)
        assert found == (numbers[::-1] if descending else numbers)


def test_pages_have_no_gap_and_no_double_while_units_are_added(
    stock: Site, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    monkeypatch.setattr(overview, "SCAN_MAX", 2)
    found, after, number = [], None, 0
    while number < 20:
        with stock.store.read() as transaction:
            wanted = Wanted(filters={"state": "allocated"}, sort="allocated_at", after=after)
            monkeypatch.setattr(overview, "NARROW_MAX", number % 2 * 10_000)
            page = overview.page(stock, transaction, wanted)
        found += [one["serial"] for one in page["units"]]
        after = page["next"]
        if after is None:
            break
        number += 1
        clock.go_on(seconds=1)
        if number < 5:
            issue(stock, trigger(f"more-{number}", print=False))
    assert len(found) == len(set(found))
    with stock.store.read() as transaction:
        rows = transaction.run_sql("SELECT serial FROM unit WHERE state = 'allocated' ORDER BY id")
    assert found == [row[0] for row in rows]


def test_an_after_that_no_page_gave_is_refused(stock: Site) -> None:
    for after in ("nonsense", "[1, 2]", '["x"]', '["2026", "x"]'):
        with stock.store.read() as transaction:
            work = lambda: overview.page(stock, transaction, Wanted(after=after))  # noqa: E731, B023
            number, sentence, _ = refused(work)
        assert number == 1002
        expected = f"after: expected the `next` of a page sorted by allocated_at, got '{after}'."
        assert sentence == expected


@pytest.mark.parametrize("sort", overview.SORTS)
def test_a_page_is_read_from_an_index(
    sqlite_site: Site, sort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    with sqlite_site.store.read() as transaction:
        run_sql = transaction.run_sql

        def seen(sql: str, values: Any = ()) -> Any:
            plan = run_sql(f"EXPLAIN QUERY PLAN {sql}", values)
            asked.append(" | ".join(str(row[3]) for row in plan))
            return run_sql(sql, values)

        monkeypatch.setattr(transaction, "run_sql", seen)
        wanted = Wanted(sort=sort, descending=True, filters={"product": "AC-100"})
        overview.page(sqlite_site, transaction, wanted)
        for name in ("owner", "location", "state", "serial", "invoice", "run"):
            value = 1 if name == "run" else "x"
            overview.page(sqlite_site, transaction, Wanted(sort=sort, filters={name: value}))
    assert asked
    for plan in asked:
        assert "SCAN unit" not in plan.replace("SCAN unit USING", "")


@pytest.mark.parametrize("sort", ["allocated_at", "location", "owner", "state"])
@pytest.mark.parametrize("descending", [False, True])
def test_a_page_goes_on_at_its_unit_and_not_at_the_first_of_the_same_state(
    sqlite_site: Site, sort: str, descending: bool
) -> None:
    value = plants.NOON.isoformat() if sort == "allocated_at" else "x"
    wanted = Wanted(sort=sort, descending=descending, after=json.dumps([value, 7]))
    with sqlite_site.store.read() as transaction:
        place = place_of(transaction, wanted)
        sql, values = overview._scan(transaction, wanted, place, 50)
        plan = transaction.run_sql(f"EXPLAIN QUERY PLAN {sql}", values)
    found = [row[3] for row in plan if "unit" in row[3]]
    name, sign = f"SEARCH unit USING INDEX unit_{sort}_id_index", "<" if descending else ">"
    assert found == [f"{name} ({sort}=? AND id{sign}?)", f"{name} ({sort}{sign}?)"]


def test_postgres_reads_a_page_from_an_index(site: Site) -> None:
    if site.store.engine.dialect.name == "sqlite":
        return
    with site.store.read() as transaction:
        for way in ("seqscan", "bitmapscan", "sort"):
            transaction.execute(text(f"SET LOCAL enable_{way} = off"))
        for sort, (first, second) in overview.SORTS.items():
            sql, values = overview._scan(transaction, Wanted(sort=sort), None, 50)
            plan = str(transaction.run_sql(f"EXPLAIN {sql}", values))
            assert "Index Scan" in plan, (first, second)
            assert "Sort" not in plan, (first, second)
            place = ("x" if sort != "allocated_at" else plants.NOON, "" if second == "scope" else 7)
            sql, values = overview._scan(transaction, Wanted(sort=sort), place, 50)
            plan = str(transaction.run_sql(f"EXPLAIN {sql}", values))
            assert ("Index Scan" in plan, "Seq Scan" in plan) == (True, False), (first, second)


def test_a_life_tells_verdicts_owners_and_what_became_of_the_run(site: Site) -> None:
    runs.open_run(site, order())
    issue(site, trigger("k1", print=False))
    verify(site, FIRST)
    do(site, "commission", FIRST)
    do(site, "ship", FIRST)
    runs.close_run(site, 1)
    reconciling.reconcile(site, 1, Said(operator="mk"))
    releasing.release(site, 1, Said(operator="qa", reason="checked"))
    told = [(one["kind"], one["who"], one["new"]) for one in life(site, FIRST)["history"]]
    assert told == [
        ("run_opened", None, None),
        ("allocated", None, None),
        ("verification", "mk", "ok"),
        ("unit_commissioned", "mk", "commissioned"),
        ("unit_shipped", "mk", "released, owner ACME, sales order SO-1"),
        ("run_closed", None, None),
        ("run_reconciled", "mk", None),
        ("run_released", "qa", None),
    ]


def test_a_life_is_told_in_order_with_who_where_and_why(site: Site, clock: Clock) -> None:
    runs.open_run(site, order())
    clock.go_on(seconds=1)
    issue(site, trigger("k1"))
    clock.go_on(seconds=1)
    with site.store.read() as transaction:
        labels = spool.waiting(transaction, "zebra-1", limit=1)
    spool.claim(site, [(labels[0], "d" * 64)], odometer=0)
    spool.settle(site, labels, LabelState.PRINTED, why="a test")
    clock.go_on(seconds=1)
    do(site, "commission", FIRST, location="Hall 1")
    clock.go_on(seconds=1)
    do(site, "destroy", FIRST, reason="dropped")
    clock.go_on(seconds=1)
    runs.close_run(site, 1)
    known = life(site, FIRST)
    names = ("kind", "who", "where", "why", "channel", "label")
    assert [tuple(one[name] for name in names) for one in known["history"]] == [
        ("run_opened", None, None, None, "http", None),
        ("allocated", None, None, None, "http", None),
        ("label_sending", None, "zebra-1", None, "spooler", 1),
        ("label_printed", None, "zebra-1", "a test", "spooler", 1),
        ("unit_commissioned", "mk", "Hall 1", None, "http", None),
        ("unit_destroyed", "mk", None, "dropped", "http", None),
        ("run_closed", None, None, None, "http", None),
    ]
    assert (known["state"], known["location"]) == ("destroyed", "Hall 1")
