"""Jobs as people see them: in pages, in the order of their queue, with how far they are."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event as hooks

from labeler.production import booking, issuing, runs
from labeler.production.printing import doubtful, held, job_control, jobs, pausing, spool
from labeler.production.printing.doubtful import Decision, Finding
from labeler.production.printing.jobs import Order, Wish
from labeler.production.site import Site
from labeler.store import schema
from labeler.units import JobState, LabelState
from tests import plants
from tests.plants import order, trigger
from tests.production.queueing import WISH, fill, send, waiting
from tests.production.record import job, refused, serials

ZEBRA = Wish(printer="zebra-1")


def listed(site: Site, *, limit: int = 50, **wish: Any) -> list[int]:
    """Return the ids of the jobs that somebody wants to see."""
    with site.store.read() as transaction:
        return [one["id"] for one in jobs.list_jobs(transaction, Wish(**wish), limit=limit)]


def test_jobs_are_listed_newest_first_or_as_they_are_printed(site: Site) -> None:
    fill(site, 2, 1, 1, 1, 1)
    job_control.hold(site, 2, WISH)
    job_control.set_priority(site, 4, WISH, priority=70)
    spool.settle(site, send(site, 1), LabelState.DOUBTFUL)
    job_control.cancel(site, 5, WISH)
    assert listed(site) == [5, 4, 3, 2, 1]
    assert listed(site, limit=2) == [5, 4]
    assert listed(site, limit=2, after=4) == [3, 2]
    assert listed(site, order=Order.QUEUE) == [1, 3]
    assert listed(site, order=Order.QUEUE, limit=1) == [1]
    assert listed(site, order=Order.QUEUE, after=1) == [3]
    assert listed(site, state=JobState.HELD) == [2]
    assert listed(site, state=JobState.STOPPED) == [4]
    assert listed(site, state=JobState.CANCELED) == [5]
    assert listed(site, state=JobState.PENDING, order=Order.QUEUE) == [1, 3]
    assert listed(site, printer="archive") == []
    assert listed(site, run=1, printer="zebra-1") == [5, 4, 3, 2, 1]
    assert listed(site, run=2) == []
    with site.store.read() as transaction:
        assert refused(
            partial(jobs.list_jobs, transaction, Wish(order=Order.QUEUE, after=9), limit=5)
        )[:2] == (5001, "There is no job 9.")


def test_job_shows_how_far_it_is(site: Site) -> None:
    fill(site, 6)
    sent = send(site, 4)
    spool.settle(site, sent[:1], LabelState.PRINTED)
    spool.settle(site, sent[1:2], LabelState.SENT)
    spool.settle(site, sent[2:3], LabelState.DOUBTFUL)
    expected = {**dict.fromkeys(map(str, LabelState), 0), "queued": 2, "sending": 1}
    expected |= {"printed": 1, "sent": 1, "doubtful": 1}
    assert job(site, 1)["progress"] == expected
    job_control.hold(site, 1, WISH)
    with site.store.read() as transaction:
        [found] = jobs.list_jobs(transaction, Wish(), limit=5)
    shown = job(site, 1)
    assert {**shown, "labels": None} == {**found, "labels": None}
    assert shown["progress"] == {**expected, "queued": 0, "held": 2}
    assert (shown["priority"], shown["reason"]) == (50, None)


def test_triggers_and_reprints_have_the_priority_that_the_site_says(
    tmp_path: Path, database_url: str
) -> None:
    spooler = {"priority_print": 30, "priority_reprint": 80}
    lines = {"line-1": {"archive": "archive"}}
    path = plants.write_site(tmp_path / "x", database=database_url, spooler=spooler, lines=lines)
    with plants.opened(path) as service:
        site = service.site
        runs.open_run(site, order(quantity=600))
        for key, quantity in (("k1", 2), ("k2", 500)):
            issuing.issue_labels(site, trigger(key, quantity=quantity))
        spool.settle(site, send(site, 1), LabelState.DOUBTFUL)
        again = Finding(decision=Decision.PRINT_AGAIN, reason="gone", operator="mk", channel="http")
        reprint = doubtful.decide(site, 1, again)["job"]
        priorities = [job(site, number)["priority"] for number in (1, 2, reprint)]
        assert priorities == [30, 50, 80]
        assert waiting(site) == [*serials(1), *serials(2, 501)]
        issuing.issue_labels(site, trigger("late"))
        assert waiting(site)[-1] == serials(503)[0]


COUNT = 100_000


@pytest.fixture
def crowded(sqlite_site: Site) -> Site:
    """Return a plant with a hundred thousand labels queued, and as many held."""
    fill(sqlite_site, 1)
    label = schema.label
    columns = ("id", "job_id", "unit_id", "printer", "position", "state", "rank")
    rows = [
        (number, 1, 1, "zebra-1", number, state, 50 - number % 3)
        for state, first in (("queued", 2), ("held", COUNT + 2))
        for number in range(first, first + COUNT)
    ]
    assert columns == booking.LABEL_COLUMNS
    sqlite_site.store.write(
        lambda transaction: transaction.insert_many(label, columns=columns, rows=rows)
    )
    return sqlite_site


def test_next_labels_are_found_among_many_without_looking_at_them(crowded: Site) -> None:
    asked: list[str] = []
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    with crowded.store.read() as transaction:
        raw = transaction.connection.connection.dbapi_connection
        assert raw is not None
        raw.set_trace_callback(asked.append)
        raw.set_progress_handler(step, 100)
        found = spool.waiting(transaction, "zebra-1", limit=10)
        assert spool.unfinished(transaction, "archive") == []
        assert pausing.find(transaction, "zebra-1") is None
        raw.set_progress_handler(None, 0)
        held.counts(transaction)
        held.oldest(transaction, "zebra-1", limit=10)
        jobs.list_jobs(transaction, Wish(state=JobState.HELD), limit=10)
        raw.set_trace_callback(None)
        plans = [
            [row[3] for row in transaction.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {one}")]
            for one in asked
            if " label" in one
        ]
    assert [one.id for one in found] == list(range(2, 32, 3))
    assert steps * 100 < 3000, "of 100,000 labels ten are looked at"
    index = "USING INDEX label_unsettled_index (printer=?)"
    assert [plan[0] for plan in plans[:2]] == [f"SEARCH label {index}"] * 2
    assert [plan[0] for plan in plans[2:4]] == [
        "SCAN label USING INDEX label_held_index",
        "SEARCH label USING INDEX label_held_index (printer=?)",
    ]
    assert any("label_held_index" in step for step in plans[4])
    ordered = [step for plan in plans[:4] for step in plan]
    assert [step for step in ordered if "TEMP B-TREE" in step] == []


def test_jobs_of_a_printer_are_found_however_many_others_there_are(sqlite_site: Site) -> None:
    fill(sqlite_site, 1)
    asked: list[tuple[str, Any]] = []

    def listen(_1: Any, _2: Any, statement: str, parameters: Any, *_3: Any) -> None:
        if " FROM job " in statement.replace("\n", " "):
            asked.append((statement, parameters))

    with sqlite_site.store.read() as transaction:
        engine = transaction.connection.engine
        hooks.listen(engine, "before_cursor_execute", listen)
        assert [one["id"] for one in jobs.list_jobs(transaction, ZEBRA, limit=50)] == [1]
        jobs.list_jobs(transaction, replace(ZEBRA, after=7), limit=50)
        hooks.remove(engine, "before_cursor_execute", listen)
        plans = [
            [row[3] for row in transaction.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {s}", p)]
            for s, p in asked
        ]
    assert plans == [
        ["SEARCH job USING INDEX job_printer_id_index (printer=?)"],
        ["SEARCH job USING INDEX job_printer_id_index (printer=? AND id<?)"],
    ]
