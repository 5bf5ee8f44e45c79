"""Exports of what QA signs: the audit trail, and the balances of runs and of their units."""

from datetime import timedelta
from typing import Any, get_args

import pytest
from sqlalchemy import delete, update

from labeler.production import blocks, runs
from labeler.production.blocks import BlockOrder
from labeler.production.exports import rows
from labeler.production.exports.sources import audit
from labeler.production.reconciling import counting, reconciling, releasing
from labeler.production.reconciling.reconciling import Deviation
from labeler.production.reconciling.terms import CAUSES, Kind
from labeler.production.run_records import Said
from labeler.production.safekeeping import auditing
from labeler.production.safekeeping.auditing import Wish
from labeler.production.site import Site
from labeler.store import schema
from labeler.units import LabelState
from tests.plants import NOON, Clock, order, trigger
from tests.production.copying import settle
from tests.production.living import do
from tests.production.record import issue, serials
from tests.production.test_exports import lines, without_site_times
from tests.production.test_reconciling import forge
from tests.store.chains import forge as forge_trail

FIRST_RUN = serials(1, 4)


@pytest.fixture
def made(site: Site, clock: Clock) -> Site:
    """A record of two runs: of four units two are commissioned; of three an hour later none."""
    runs.open_run(site, order(lot="L1", operator="ab"))
    issue(site, trigger("k1", quantity=4))
    settle(site, LabelState.PRINTED)
    do(site, "commission", *FIRST_RUN[:2])
    do(site, "scrap", FIRST_RUN[2])
    runs.close_run(site, 1, operator="mk", reason="done")
    clock.go_on(hours=1)
    runs.open_run(site, order(line="line-2", lot="L2", operator="cd"))
    blocks.issue_block(site, BlockOrder(run_id=2, quantity=3, channel="http", key="b1"))
    return site


def trail(site: Site) -> list[dict[str, Any]]:
    """Return all that `audit show` tells, the oldest first."""
    with site.store.read() as transaction:
        found = auditing.page(site, transaction, Wish(is_descending=False, limit=500))
    assert found["next"] is None
    return [{**row, "at": f"{row['at']:%Y-%m-%dT%H:%M:%S.%fZ}"} for row in found["audit"]]


def short(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "at_site"}


@pytest.mark.parametrize("at_once", [2, rows.ROWS_AT_ONCE])
def test_an_export_of_the_audit_trail_is_what_it_says_row_for_row(
    made: Site, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "ROWS_AT_ONCE", at_once)
    found = lines(made, "audit")
    assert [short(row) for row in found] == [short(row) for row in trail(made)]
    with made.store.read() as transaction:
        sealed = transaction.run_sql("SELECT seq, event_id, hash FROM audit_chain ORDER BY seq")
    expected = [(seq, event, bytes(digest).hex()) for seq, event, digest in sealed]
    assert [(row["seq"], row["event"], row["hash"]) for row in found] == expected
    [closed] = [row for row in found if row["what"] == "run_closed"]
    assert {**closed, "hash": "", "event": 0, "seq": 0} == {
        "seq": 0, "at": "2026-11-23T12:00:00.000000Z",
        "at_site": "2026-11-23T13:00:00.000000+01:00", "who": "mk", "what": "run_closed",
        "of": "run 1", "old": "open", "new": "closed", "reason": "done", "channel": "http",
        "run": 1, "serial": None, "label": None,
        "detail": {"operator": "mk", "reason": "done"}, "event": 0, "hash": "",
    }  # fmt: skip


def test_the_audit_trail_is_picked_by_run_and_time(
    made: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "ROWS_AT_ONCE", 3)
    everything = lines(made, "audit")
    late = NOON + timedelta(minutes=30)
    at = "2026-11-23T12:30"
    for run, lot in ((1, "L1"), (2, "L2")):
        own = [row for row in everything if row["run"] == run]
        assert len(own) > 1
        assert lines(made, "audit", run=run) == lines(made, "audit", lot=lot) == own
    assert lines(made, "audit", since=late) == [row for row in everything if row["at"] >= at]
    assert lines(made, "audit", before=late) == [row for row in everything if row["at"] < at]
    assert lines(made, "audit", run=1, since=late) == []
    assert lines(made, "audit", lot="L9") == []


def test_a_row_of_the_trail_whose_event_is_gone_is_still_a_row(made: Site) -> None:
    before = lines(made, "audit")
    gone = before[5]
    sql = "DELETE FROM event WHERE id = :event"
    forge_trail(made.store.engine, sql, event=gone["event"])
    left = {"seq": gone["seq"], "event": gone["event"], "hash": gone["hash"]}
    nothing = dict.fromkeys(gone)
    assert lines(made, "audit") == [*before[:5], {**nothing, **left}, *before[6:]]


@pytest.mark.parametrize("at_once", [2, rows.ROWS_AT_ONCE])
def test_an_export_of_reconciliation_names_each_place_and_what_it_counts_as(
    made: Site, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "ROWS_AT_ONCE", at_once)
    found = lines(made, "reconciliation")
    assert len(found) == 7
    assert found[3] == {
        "run": 1, "product": "AC-100", "lot": "L1", "line": "line-1", "work_order": None,
        "mode": "production", "run_state": "closed", "number": 4, "serial": FIRST_RUN[3],
        "state": "encoded", "counts_as": "encoded", "in_difference": True,
        "why": "Their label exists, and nobody has said what became of it.",
        "reconciled_at": None, "reconciled_at_site": None, "reconciled_by": None,
        "approved_by": None, "reason": None,
    }  # fmt: skip
    told = [(row["counts_as"], row["in_difference"]) for row in found]
    assert told == [
        ("commissioned", False), ("commissioned", False), ("scrapped", False), ("encoded", True),
        *[("handed_out", True)] * 3,
    ]  # fmt: skip
    assert lines(made, "reconciliation", run=2) == lines(made, "reconciliation", lot="L2")
    assert lines(made, "reconciliation", line="line-2") == found[4:]


@pytest.mark.parametrize("at_once", [1, 2, rows.ROWS_AT_ONCE])
def test_places_without_a_unit_and_units_behind_the_last_are_rows(
    site: Site, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "ROWS_AT_ONCE", at_once)
    runs.open_run(site, order())
    blocks.issue_block(site, BlockOrder(run_id=1, quantity=7, channel="http", key="b1"))
    position = schema.unit.c.position
    forge(site, delete(schema.unit).where(position.in_((1, 4, 5, 7))))
    forge(site, update(schema.unit).where(position == 6).values(position=9))
    own = serials(1, 7)
    expected = [
        (1, None, "missing"), (2, own[1], "handed_out"), (3, own[2], "handed_out"),
        *((place, None, "missing") for place in (4, 5, 6, 7)), (9, own[5], "surplus"),
    ]  # fmt: skip
    found = lines(site, "reconciliation")
    assert [(row["number"], row["serial"], row["counts_as"]) for row in found] == expected
    assert {row["why"] for row in found if row["serial"] is None} == {CAUSES["missing"]}
    with site.store.read() as transaction:
        for kind in get_args(Kind):
            listed = counting.list_serials(transaction, 1, kind, after=0, limit=99)
            named = [row["serial"] for row in found if row["counts_as"] == kind and row["serial"]]
            assert named == [row["serial"] for row in listed if "serial" in row], kind


def test_a_run_says_what_it_counts_and_with_which_deviation_it_was_signed(made: Site) -> None:
    deviation = Deviation(reason="fell into the machine", approved_by="qa", difference=1)
    done = reconciling.reconcile(made, 1, Said(operator="mk"), deviation=deviation)
    releasing.release(made, 1, Said(operator="qa"))
    first, second = without_site_times(lines(made, "balances"))
    at, later = "2026-11-23T12:00:00.000000Z", "2026-11-23T13:00:00.000000Z"
    figures = {"issued": 4, "commissioned": 2, "sampled": 0, "scrapped": 1, "destroyed": 0,
               "unused": 0, "difference": 1, "causes": {"encoded": 1}}  # fmt: skip
    assert first == {
        "run": 1, "product": "AC-100", "lot": "L1", "line": "line-1", "work_order": None,
        "mode": "production", "run_state": "released", "quantity": 300, "opened_at": at,
        "closed_at": at, **figures, "balanced": False, "reconciled_at": later,
        "reconciled_by": "mk", "approved_by": "qa", "reason": "fell into the machine",
        "signed": {"run": 1, **figures}, "digest": done["digest"],
    }  # fmt: skip
    assert (second["run"], second["difference"], second["causes"]) == (2, 3, {"handed_out": 3})
    assert (second["balanced"], second["signed"], second["digest"]) == (False, None, None)
    assert without_site_times(lines(made, "balances", lot="L2")) == [second]
    [last] = [row for row in lines(made, "reconciliation", run=1) if row["in_difference"]]
    named = ("serial", "run_state", "reconciled_at", "reconciled_by", "approved_by", "reason")
    assert tuple(last[name] for name in named) == (
        FIRST_RUN[3], "released", later, "mk", "qa", "fell into the machine",
    )  # fmt: skip


def test_a_run_of_nothing_has_a_balance_of_zeros_and_no_places(site: Site) -> None:
    runs.open_run(site, order())
    assert lines(site, "reconciliation") == []
    [row] = lines(site, "balances")
    assert (row["issued"], row["difference"], row["causes"], row["balanced"]) == (0, 0, {}, True)


def test_the_trail_of_a_run_is_read_only_where_its_rows_are(made: Site) -> None:
    numbers = [row["seq"] for row in lines(made, "audit", run=1)]
    with made.store.read() as transaction:
        span = audit._span(transaction, rows.Wanted(run=1))
    assert span == (len(numbers), numbers[0], numbers[-1])
