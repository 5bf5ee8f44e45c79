"""Recalls: which units are called back, that they stay so, and what nobody does with them."""

from functools import partial
from typing import Any

import pytest

from labeler.production import runs
from labeler.production.lifecycle.overview import Wanted, page
from labeler.production.printing import spool
from labeler.production.recalls import recall_lists, recalling, walking
from labeler.production.recalls.criteria import Criteria
from labeler.production.site import Site
from labeler.units import LabelState
from tests.plants import NOON, Clock, order, trigger
from tests.production.living import do, life
from tests.production.recalling import NAME, WHO, WHY, close, members, previewed, recall
from tests.production.recalling import order as recall_order
from tests.production.record import issue, refused, serials
from tests.production.verified import told, verify

OWN = serials(1, 7)


@pytest.fixture
def stock(site: Site, clock: Clock) -> Site:
    """Four units of lot L1 by ann, two of L2 by bob on line-2 an hour later, one without a lot.

    The label of unit 1 was sent to zebra-1; unit 5 was verified by cyd.
    """
    runs.open_run(site, order(lot="L1", operator="ann"))
    issue(site, trigger("k1"))
    with site.store.read() as transaction:
        labels = spool.waiting(transaction, "zebra-1", limit=1)
    spool.claim(site, [(labels[0], "d" * 64)], odometer=0)
    spool.settle(site, labels, LabelState.PRINTED, why="a test")
    issue(site, trigger("k2", quantity=3, print=False))
    clock.go_on(hours=1)
    runs.open_run(site, order(lot="L2", line="line-2", operator="bob"))
    issue(site, trigger("k3", quantity=2, print=False, line="line-2"))
    verify(site, OWN[4], operator="cyd")
    runs.close_run(site, 1)
    clock.go_on(hours=1)
    runs.open_run(site, order())
    issue(site, trigger("k4", print=False))
    return site


CASES: dict[str, tuple[dict[str, Any], list[int]]] = {
    "lot": ({"lots": ("L1",)}, [1, 2, 3, 4]),
    "lots": ({"lots": ("L1", "L2")}, [1, 2, 3, 4, 5, 6]),
    "run": ({"runs": (3,)}, [7]),
    "line": ({"lines": ("line-2",)}, [5, 6]),
    "product": ({"products": ("AC-100",)}, [1, 2, 3, 4, 5, 6, 7]),
    "template": ({"templates": ("unit-label",)}, [1, 2, 3, 4, 5, 6, 7]),
    "template version": ({"templates": ("unit-label@1",)}, [1, 2, 3, 4, 5, 6, 7]),
    "printer": ({"printers": ("zebra-1",)}, [1]),
    "operator of runs": ({"operators": ("ann",)}, [1, 2, 3, 4]),
    "operator who verified": ({"operators": ("cyd",)}, [5]),
    "operators": ({"operators": ("ann", "cyd")}, [1, 2, 3, 4, 5]),
    "operator and line": ({"operators": ("cyd",), "lines": ("line-2",)}, [5]),
    "from a time on": ({"since": NOON.replace(hour=13)}, [5, 6, 7]),
    "before a time": ({"before": NOON.replace(hour=13)}, [1, 2, 3, 4]),
    "a window": (
        {"since": NOON.replace(hour=13), "before": NOON.replace(hour=14)}, [5, 6],
    ),
    "lots in a window": (
        {"lots": ("L1", "L2"), "since": NOON.replace(hour=13), "before": NOON.replace(hour=14)},
        [5, 6],
    ),
    "lot and printer": ({"lots": ("L1",), "printers": ("zebra-1",)}, [1]),
}  # fmt: skip


@pytest.mark.parametrize("step", [2, walking.STEP])
def test_each_criterion_and_all_of_them_together_find_their_units(
    stock: Site, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walking, "STEP", step)
    expected = {name: [OWN[one - 1] for one in numbers] for name, (_, numbers) in CASES.items()}
    found = {name: previewed(stock, limit=step, **said) for name, (said, _) in CASES.items()}
    assert found == expected
    kept = {}
    for name, (said, _) in CASES.items():
        made = recall(stock, name.replace(" ", "-"), **said)
        assert (made["count"], made["expected"]) == (len(expected[name]),) * 2
        kept[name] = members(stock, name.replace(" ", "-"), limit=step)
    assert kept == expected


def test_series_are_told_apart_by_name_and_version(stock: Site) -> None:
    with stock.store.read() as transaction:
        [[name]] = transaction.run_sql("SELECT DISTINCT series FROM series_version")
    assert previewed(stock, series=(f"{name}@1",)) == list(OWN)
    number, sentence, _ = refused(partial(previewed, stock, series=(f"{name}@2",)))
    assert (number, sentence) == (6012, f"The record knows no version of a series '{name}@2'.")


def test_a_recall_says_why_by_whom_and_where_its_units_are_now(stock: Site, clock: Clock) -> None:
    do(stock, "commission", *OWN[:3], location="Hall 1")
    do(stock, "ship", OWN[0], owner="ACME")
    made = recall(stock, lots=("L1",))
    assert made == {
        "id": 1,
        "name": NAME,
        "state": "open",
        "reason": WHY,
        "operator": WHO,
        "channel": "http",
        "criteria": {"lots": ["L1"]},
        "count": 4,
        "expected": 4,
        "created_at": clock.now,
        "gathered_at": clock.now,
        "closed_at": None,
        "closed_by": None,
        "close_reason": None,
        "states": {"allocated": 1, "commissioned": 2, "released": 1},
        "locations": [{"location": None, "count": 2}, {"location": "Hall 1", "count": 2}],
        "owners": [{"owner": None, "count": 3}, {"owner": "ACME", "count": 1}],
        "unwritten": [],
        "replayed": False,
    }
    assert recall(stock, lots=("L1",)) == {**made, "replayed": True}
    do(stock, "return", OWN[0], location="Gate")
    with stock.store.read() as transaction:
        found = recall_lists.show(transaction, NAME)
    assert found["states"] == {"allocated": 1, "commissioned": 2, "inactive": 1}
    assert {"location": "Gate", "count": 1} in found["locations"]


def test_a_preview_keeps_nothing_and_says_which_runs_go_on(stock: Site) -> None:
    with stock.store.read() as transaction:
        wanted = Criteria(lots=("L1", "L2"))
        search = walking.begin(transaction, wanted, until=stock.clock())
        found = recall_lists.preview(transaction, search)
        listed = recall_lists.list_recalls(transaction, state=None, before=None, limit=5)
    assert found["going_on"] == [2]
    assert (found["count"], listed) == (6, [])


def test_what_was_recalled_stays_so_whatever_comes_later(stock: Site, clock: Clock) -> None:
    recall(stock, lines=("line-2",))
    clock.go_on(seconds=1)
    issue(stock, trigger("k9", print=False, line="line-2"))
    assert members(stock) == list(OWN[4:6])
    assert recall(stock, lines=("line-2",))["count"] == 2


def test_a_crash_between_two_steps_loses_no_unit_and_doubles_none(
    stock: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(site: Site, recall_id: int) -> None:
        for _ in range(2):
            site.store.write(lambda transaction: recalling._gather(transaction, site, recall_id))
        raise KeyboardInterrupt

    monkeypatch.setattr(walking, "STEP", 2)
    whole = recalling.finish
    monkeypatch.setattr(recalling, "finish", crash)
    with pytest.raises(KeyboardInterrupt):
        recall(stock, products=("AC-100",))
    assert members(stock) == list(OWN[:4])
    assert told(stock, OWN[3])[0] == "recalled"
    monkeypatch.setattr(recalling, "finish", whole)
    assert (recalling.resume(stock), recalling.resume(stock)) == (1, 0)
    assert members(stock) == list(OWN)
    with stock.store.read() as transaction:
        found = recall_lists.show(transaction, NAME)
    assert (found["state"], found["count"], found["expected"]) == ("open", 7, 7)


REFUSED: list[tuple[dict[str, Any], tuple[int, str]]] = [
    ({}, (1002, "The recall says of nothing which units are meant: that would be all of them.")),
    ({"lots": ("L1", "L7")}, (6012, "The record knows no lot 'L7'.")),
    ({"runs": (9,)}, (6012, "The record knows no run '9'.")),
    ({"operators": ("eve",)}, (6012, "The record knows no operator 'eve'.")),
    ({"printers": ("zebra-9",)}, (6012, "The record knows no job of printer 'zebra-9'.")),
    ({"templates": ("x@1",)}, (6012, "The record knows no version of a template 'x@1'.")),
    ({"lots": ("L1",), "runs": (2,)}, (6012, "No unit is all that the recall asks for.")),
    (
        {"since": NOON, "before": NOON},
        (1002, f"The time begins at {NOON.isoformat()} and ends at {NOON.isoformat()}."),
    ),
]


def test_what_means_no_unit_or_all_of_them_is_refused(stock: Site) -> None:
    found = [refused(partial(recall, stock, **said))[:2] for said, _ in REFUSED]
    assert found == [expected for _, expected in REFUSED]


def test_a_name_is_of_one_recall(stock: Site) -> None:
    recall(stock, lots=("L1",))
    assert refused(partial(recall, stock, lots=("L2",)))[:2] == (
        6011,
        (
            "Recall 'R-1' was made for something else by qa, on 2026-11-23 at 14:00:00 UTC: "
            "may crack."
        ),
    )
    assert refused(partial(close, stock, "R-2"))[:2] == (6010, "There is no recall 'R-2'.")


def test_a_recalled_unit_does_not_leave_but_comes_back_and_is_destroyed(stock: Site) -> None:
    do(stock, "commission", *OWN[:3])
    do(stock, "ship", OWN[0])
    recall(stock, lots=("L1",))
    sentence = f"The unit with serial '{OWN[1]}' is recalled: 'R-1'. It must not leave."
    for verb in ("ship", "release"):
        assert refused(partial(do, stock, verb, OWN[1], key="no"))[:2] == (6014, sentence)
    number, listed, _ = refused(partial(do, stock, "ship", OWN[1], OWN[2], key="no"))
    assert (number, sentence in listed) == (3026, True)
    do(stock, "return", OWN[0])
    do(stock, "move", OWN[1], location="Cage")
    do(stock, "destroy", OWN[2])
    close(stock)
    do(stock, "ship", OWN[1], key="again")
    assert life(stock, OWN[1])["state"] == "released"


def test_a_scan_of_a_recalled_unit_says_so_until_the_recall_is_closed(stock: Site) -> None:
    recall(stock, lots=("L1",))
    sentence = (
        f"Serial '{OWN[1]}' is recalled: 'R-1', on 2026-11-23 at 14:00:00 UTC by qa, because: "
        "may crack."
    )
    assert told(stock, OWN[1]) == ("recalled", sentence, {"recalls": ["R-1"]})
    recall(stock, "R-2", runs=(1,))
    assert told(stock, OWN[1]) == (
        "recalled", f"{sentence} And 1 more.", {"recalls": ["R-1", "R-2"]},
    )  # fmt: skip
    close(stock)
    assert told(stock, OWN[1])[2] == {"recalls": ["R-2"]}
    close(stock, "R-2")
    assert told(stock, OWN[1])[0] == "ok"


def test_recalled_outweighs_what_can_be_put_right_and_a_spent_serial_outweighs_it(
    stock: Site,
) -> None:
    verify(stock, OWN[0])
    do(stock, "destroy", OWN[3])
    assert told(stock, OWN[0])[0] == "already_verified"
    assert told(stock, OWN[1], run=2)[0] == "other_run"
    recall(stock, lots=("L1",))
    assert told(stock, OWN[0])[0] == "recalled"
    assert told(stock, OWN[1], run=2)[0] == "recalled"
    assert told(stock, OWN[2], lot="L9")[0] == "recalled"
    assert told(stock, OWN[3])[0] == "destroyed"


def test_a_life_and_the_overview_tell_of_a_recall(stock: Site, clock: Clock) -> None:
    recall(stock, lots=("L1",))
    assert life(stock, OWN[0])["recalls"] == [NAME]
    clock.go_on(minutes=1)
    close(stock)
    known = life(stock, OWN[0])
    names = ("at", "kind", "who", "why", "channel", "detail")
    opened, ended = [{name: one[name] for name in names} for one in known["history"][-2:]]
    assert opened == {
        "at": NOON.replace(hour=14), "kind": "recalled", "who": WHO, "why": WHY,
        "channel": "http", "detail": {"recall": NAME, "operator": WHO, "reason": WHY},
    }  # fmt: skip
    assert ended == {
        "at": clock.now, "kind": "recall_closed", "who": "qa-2", "why": "replaced",
        "channel": "http",
        "detail": {"recall": NAME, "operator": "qa-2", "reason": "replaced"},
    }  # fmt: skip
    assert known["recalls"] == []
    with stock.store.read() as transaction:
        found = page(stock, transaction, Wanted(recall=NAME, sort="serial"))
        assert [one["serial"] for one in found["units"]] == list(OWN[:4])
        looked = partial(page, stock, transaction, Wanted(recall="R-9"))
        assert refused(looked)[:2] == (6010, "There is no recall 'R-9'.")
        kinds = transaction.run_sql(
            "SELECT kind, detail FROM event WHERE kind IN ('recall_opened', 'recall_closed') "
            "ORDER BY id"
        )
    assert [kind for kind, _ in kinds] == ["recall_opened", "recall_closed"]


def test_an_end_is_said_once(stock: Site) -> None:
    recall(stock, lots=("L1",))
    ended = close(stock)
    assert close(stock) == ended
    assert refused(partial(close, stock, operator="eve"))[:2] == (
        6013,
        "Recall 'R-1' was closed already, on 2026-11-23 at 14:00:00 UTC by qa-2: replaced.",
    )


FORBIDDEN: list[str] = [
    "UPDATE recall_unit SET unit_id = 7 WHERE unit_id = 1",
    "DELETE FROM recall_unit",
    "INSERT INTO recall_unit (recall_id, unit_id) VALUES (1, 7)",
    "DELETE FROM recall",
    "UPDATE recall SET criteria = '{}'",
    "UPDATE recall SET reason = 'x'",
    "UPDATE recall SET state = 'gathering'",
]


def test_the_database_lets_nobody_change_who_is_recalled(stock: Site) -> None:
    recall(stock, lots=("L1",))
    for statement in FORBIDDEN:
        _fixed(stock, statement)
    assert members(stock) == list(OWN[:4])


def test_the_database_keeps_a_closed_recall_closed(stock: Site) -> None:
    recall(stock, lots=("L1",))
    close(stock)
    _fixed(stock, "UPDATE recall SET state = 'open', closed_at = NULL, closed_by = NULL, "
                  "close_reason = NULL")  # fmt: skip


def _fixed(site: Site, statement: str) -> None:
    work = partial(site.store.write, lambda transaction: transaction.run_sql(statement))
    number, sentence, _ = refused(work)
    assert (number, "_fixed" in sentence) == (9002, True), statement


def test_two_who_recall_at_once_make_one_recall(stock: Site) -> None:
    search_order = recall_order(lots=("L1",))
    with stock.store.read() as transaction:
        search = walking.begin(transaction, search_order.criteria, until=stock.clock())
    first = stock.store.write(
        partial(recalling._accept, order=search_order, search=search, count=4)
    )
    again = stock.store.write(
        partial(recalling._accept, order=search_order, search=search, count=4)
    )
    assert (first, again) == ((1, True), (1, False))
    recalling.finish(stock, 1)
    assert members(stock) == list(OWN[:4])


PLANNED: list[dict[str, Any]] = [
    {"lots": ("L1",)},
    {"runs": (2,)},
    {"since": NOON, "before": NOON.replace(hour=14)},
    {"lots": ("L1",), "printers": ("zebra-1",), "operators": ("ann", "cyd")},
]


def test_a_recall_is_found_along_an_index(stock: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    plans: list[str] = []
    for said in PLANNED:
        with stock.store.read() as transaction:
            is_sqlite = not transaction.for_update
            if not is_sqlite:
                for way in ("seqscan", "sort"):
                    transaction.run_sql(f"SET LOCAL enable_{way} = off")
            run_sql = transaction.run_sql

            def seen(sql: str, values: Any = (), run_sql: Any = run_sql) -> Any:
                explain = "EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN"  # noqa: B023
                rows = run_sql(f"{explain} {sql}", values)
                plans.append(" | ".join(str(row[3] if is_sqlite else row[0]) for row in rows))  # noqa: B023
                return run_sql(sql, values)

            search = walking.begin(transaction, Criteria(**said), until=stock.clock())
            monkeypatch.setattr(transaction, "run_sql", seen)
            walking.step(transaction, search, None)
            source, values = walking.every(transaction, search)
            transaction.run_sql(f"SELECT count(*) {source}", values)
    assert plans
    for plan in plans:
        own = plan.replace("SCAN s ", "") if plan.startswith("CO-ROUTINE s ") else plan
        for table in ("unit", "s", "label", "l", "verification", "v"):
            assert f"SCAN {table} " not in f"{own} ".replace(f"SCAN {table} USING", ""), plan
        assert "Seq Scan on" not in plan.replace("Seq Scan on run", ""), plan
