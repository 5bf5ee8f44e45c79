"""Reconciling beside lines that issue: what they wait for, and what becomes of units meanwhile."""

from typing import Any

import pytest

from labeler.production import issuing, runs
from labeler.production.printing import doubtful, spool
from labeler.production.printing.doubtful import Decision, Finding
from labeler.production.reconciling import counting, reconciling, voiding
from labeler.production.site import Site
from labeler.store import chain
from labeler.units import LabelState
from tests.plants import order, trigger
from tests.production import living
from tests.production.copying import reprint
from tests.production.living import do
from tests.production.record import refused, serials
from tests.production.test_reconciling import MK, balance, cancel, figures, made


def canceled(site: Site, count: int) -> None:
    """Open a run, and issue so many whose labels are given up while they wait."""
    runs.open_run(site, order())
    issuing.issue_labels(site, trigger("k1", quantity=count))
    cancel(site, 1)


def scrap_copy(site: Site, serial: str) -> None:
    """Print a label of a serial and a copy of it; scrap the copy, and give the label up."""
    reprint(site, serial, copies=2)
    with site.store.read() as transaction:
        _, copy = spool.waiting(transaction, "zebra-1", limit=9)
    spool.claim(site, [(copy, "d" * 64)], odometer=7)
    spool.settle(site, [copy], LabelState.DOUBTFUL, why="test")
    found = Finding(decision=Decision.SCRAP, reason="torn", operator="mk", channel="http")
    doubtful.decide(site, copy.id, found)
    cancel(site, 2)


def writes(site: Site, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Return a list that grows by one with each transaction that lines may have to wait for."""
    found: list[Any] = []
    write = site.store.write

    def seen(work: Any, **ways: Any) -> Any:
        found.append(work)
        return write(work, **ways)

    monkeypatch.setattr(site.store, "write", seen)
    return found


def test_whether_something_changed_is_read_from_the_end_of_the_trail(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(site)
    with site.store.read() as transaction:
        is_sqlite = not transaction.for_update
        if not is_sqlite:
            transaction.run_sql("SET LOCAL enable_seqscan = off")
        run_sql = transaction.run_sql
        plans: list[list[str]] = []

        def seen(sql: str, values: Any = ()) -> Any:
            explain = "EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN"
            plan = run_sql(f"{explain} {sql}", values)
            plans.append([str(row[3] if is_sqlite else row[0]).strip() for row in plan])
            return run_sql(sql, values)

        monkeypatch.setattr(transaction, "run_sql", seen)
        head = chain.head(transaction).seq
        assert [counting.has_changed(transaction, 1, since=at) for at in (head, 0)] == [False, True]
    steps = [one.partition("  (cost")[0].removeprefix("->  ") for one in plans[-1]]
    assert [one for one in steps if one.startswith(("SEARCH", "SCAN", "Index Scan", "Seq"))] == (
        [
            "SEARCH audit_chain USING INTEGER PRIMARY KEY (rowid>?)",
            "SEARCH u USING INTEGER PRIMARY KEY (rowid=?)",
            "SEARCH e USING INTEGER PRIMARY KEY (rowid=?)",
        ]
        if is_sqlite
        else [
            "Index Scan using audit_chain_pk on audit_chain",
            "Index Scan using unit_pk on unit u",
            "Index Scan using event_pk on event e",
        ]
    )


def test_lines_wait_for_the_signing_alone_where_nothing_is_unused(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(site)
    found = writes(site, monkeypatch)
    reconciling.reconcile(site, 1, MK)
    assert len(found) == 1


def test_lines_wait_for_each_chunk_of_unused_serials(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    canceled(site, 5)
    runs.close_run(site, 1)
    monkeypatch.setattr(voiding, "CHUNK", 2)
    found = writes(site, monkeypatch)
    assert reconciling.reconcile(site, 1, MK)["unused"] == 5
    assert len(found) == 3 + 1


def test_unit_that_gets_a_label_after_it_was_found_unused_is_not_voided(site: Site) -> None:
    canceled(site, 2)
    runs.close_run(site, 1)
    with site.store.read() as transaction:
        found = counting.unvoided(transaction, 1, after=0, limit=9)
    own = serials(1, 2)
    reprint(site, own[0])
    ids = list(found.values())
    site.store.write(lambda one: voiding.void(one, site, run_id=1, said=MK, unit_ids=ids))
    assert living.states(site, *own) == ["allocated", "voided"]


def test_unit_whose_copy_was_scrapped_counts_as_scrapped_and_is_given_up(site: Site) -> None:
    canceled(site, 2)
    own = serials(1, 2)
    scrap_copy(site, own[0])
    runs.close_run(site, 1)
    assert figures(site) == ((2, 0, 0, 1, 0, 1, 0), {})
    assert balance(site)["unvoided"] == 2
    with site.store.read() as transaction:
        page = counting.list_serials(transaction, 1, "scrapped", after=0, limit=9)
    assert page == [{"place": 1, "serial": own[0], "state": "allocated"}]
    found = reconciling.reconcile(site, 1, MK)
    assert (found["scrapped"], found["unused"], found["difference"]) == (1, 1, 0)
    assert living.states(site, *own) == ["label_scrapped", "voided"]
    told = living.life(site, own[0])["history"][-2:]
    assert [(one["kind"], one["who"], one["why"]) for one in told] == [
        ("unit_label_scrapped", "mk", "reconciled"),
        ("run_reconciled", "mk", None),
    ]
    assert (figures(site)[0], balance(site)["unvoided"]) == ((2, 0, 0, 1, 0, 1, 0), 0)


def test_serial_whose_copy_was_scrapped_is_not_voided_as_never_used(site: Site) -> None:
    canceled(site, 1)
    [serial] = serials(1)
    scrap_copy(site, serial)
    assert refused(lambda: do(site, "void", serial)) == (
        3025,
        f"Label 3 of serial '{serial}' may exist, so it may be in use.",
        "Say what became of it: labeler doubtful resolve, labeler unit scrap.",
    )
    do(site, "scrap", serial)
    assert living.states(site, serial) == ["label_scrapped"]
