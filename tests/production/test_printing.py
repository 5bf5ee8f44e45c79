"""The spool: claim, settle, what a step does to label, job and unit; and a person's decisions."""

from functools import partial
from typing import Any

import pytest
from sqlalchemy import event as hooks
from sqlalchemy import select

from labeler.production import issuing, runs, verifying
from labeler.production.printing import doubtful, queues, spool
from labeler.production.printing.doubtful import Decision, Finding
from labeler.production.printing.spooled import SpooledLabel
from labeler.production.site import Site
from labeler.store import schema
from labeler.units import LEGAL, LabelState
from tests import plants
from tests.plants import order, trigger
from tests.production.record import job, refused, serials


def queue(site: Site, count: int = 2) -> list[SpooledLabel]:
    """Open a run, issue labels, return them from the spool."""
    runs.open_run(site, order())
    issuing.issue_labels(site, trigger("k1", quantity=count))
    return waiting(site)


def waiting(site: Site, printer: str = "zebra-1") -> list[SpooledLabel]:
    with site.store.read() as transaction:
        return spool.waiting(transaction, printer, limit=100)


def unfinished(site: Site) -> list[SpooledLabel]:
    with site.store.read() as transaction:
        return spool.unfinished(transaction, "zebra-1")


def claim(site: Site, labels: list[SpooledLabel], odometer: int | None = 7) -> bool:
    return spool.claim(site, [(one, "d" * 64) for one in labels], odometer=odometer)


def states(site: Site, job_id: int = 1) -> tuple[str, list[str]]:
    found = job(site, job_id)
    return found["state"], [label["state"] for label in found["labels"]]


def unit(site: Site, number: int = 1) -> dict[str, Any]:
    with site.store.read() as transaction:
        return verifying.show_serial(transaction, serials(number)[0])


def doubt(site: Site, count: int = 2) -> list[SpooledLabel]:
    """Return labels that are doubtful."""
    labels = queue(site, count)
    claim(site, labels)
    spool.settle(site, labels, LabelState.DOUBTFUL, why="test")
    return labels


def decide(site: Site, label_id: int, decision: Decision) -> dict[str, Any]:
    finding = Finding(decision=decision, reason="looked", operator="mk", channel="http")
    return doubtful.decide(site, label_id, finding)


def test_waiting_labels_come_in_order_with_what_their_rendering_needs(site: Site) -> None:
    labels = queue(site)
    assert labels[0] == SpooledLabel(
        id=1,
        job_id=1,
        printer="zebra-1",
        unit_id=1,
        run_id=1,
        serial=plants.FIRST,
        number=1,
        allocated_at=plants.NOON,
        position=1,
        state=LabelState.QUEUED,
        purpose="print",
        copy=0,
        odometer=None,
    )
    assert [label.id for label in labels] == [1, 2]
    assert waiting(site, "archive") == []


def test_claim_marks_labels_sending_with_digest_and_odometer(
    site: Site, clock: plants.Clock
) -> None:
    labels = queue(site)
    clock.go_on(seconds=3)
    assert claim(site, labels[:1]) is True
    assert states(site) == ("processing", ["sending", "queued"])
    first = job(site, 1)["labels"][0]
    assert (first["digest"], first["sent_at"]) == ("d" * 64, clock.now)
    assert [(one.id, one.odometer) for one in unfinished(site)] == [(1, 7)]
    assert waiting(site) == labels[1:]


def test_claim_of_labels_somebody_took_changes_nothing(site: Site) -> None:
    labels = queue(site)
    claim(site, labels[:1])
    assert claim(site, labels) is False
    assert states(site) == ("processing", ["sending", "queued"])


def test_settle_printed_labels_makes_their_units_encoded(site: Site, clock: plants.Clock) -> None:
    labels = queue(site)
    claim(site, labels)
    clock.go_on(seconds=3)
    spool.settle(site, labels, LabelState.PRINTED, odometer_before=7, odometer_after=9)
    assert states(site) == ("completed", ["printed", "printed"])
    assert job(site, 1)["settled_at"] == clock.now
    found = unit(site)
    assert found["state"] == "encoded"
    assert found["events"][1:] == [
        {
            "at": clock.now,
            "kind": "label_printed",
            "channel": "spooler",
            "label": 1,
            "detail": {"odometer_before": 7, "odometer_after": 9},
        }
    ]


def test_settle_nothing_does_nothing(site: Site) -> None:
    queue(site)
    spool.settle(site, [], LabelState.PRINTED)
    assert states(site) == ("pending", ["queued", "queued"])


@pytest.mark.parametrize("present", LabelState)
def test_settle_takes_the_legal_steps_and_no_others(sqlite_site: Site, present: LabelState) -> None:
    for target in LabelState:
        if runs_open(sqlite_site):
            runs.close_run(sqlite_site, runs_open(sqlite_site)[0])
        runs.open_run(sqlite_site, order())
        issuing.issue_labels(sqlite_site, trigger(f"{present} {target}"))
        [label] = waiting(sqlite_site)
        sqlite_site.store.write(partial(put_into, label=label, state=present))
        if target in LEGAL[present]:
            spool.settle(sqlite_site, [label], target)
            assert states(sqlite_site, label.job_id)[1] == [target]
            sqlite_site.store.write(partial(put_into, label=label, state=LabelState.PRINTED))
        else:
            step = partial(spool.settle, sqlite_site, [label], target)
            assert refused(step) == (
                5005,
                f"Label {label.id} is '{present}' and cannot become '{target}'.",
                "Look at it again: somebody was quicker.",
            )
            assert states(sqlite_site, label.job_id)[1] == [present]
            sqlite_site.store.write(partial(put_into, label=label, state=LabelState.PRINTED))


def runs_open(site: Site) -> list[int]:
    with site.store.read() as transaction:
        return [one["id"] for one in runs.list_runs(transaction, state="open")]


def put_into(transaction: Any, *, label: SpooledLabel, state: LabelState) -> None:
    """Put a label into a state, whatever leads there."""
    transaction.run_sql("UPDATE label SET state = ? WHERE id = ?", (state.value, label.id))


def test_settle_one_illegal_label_changes_none(site: Site) -> None:
    labels = queue(site)
    claim(site, labels[:1])
    assert refused(partial(spool.settle, site, labels, LabelState.PRINTED))[0] == 5005
    assert states(site) == ("processing", ["sending", "queued"])


def test_settle_an_archive_label_says_nothing_of_the_unit(site: Site) -> None:
    labels = queue(site, 1)
    site.store.write(lambda t: t.run_sql("UPDATE job SET purpose = 'archive'"))
    labels = waiting(site)
    claim(site, labels)
    spool.settle(site, labels, LabelState.PRINTED)
    assert (states(site), unit(site)["state"]) == (("completed", ["printed"]), "allocated")


def test_show_job_that_is_not_there_is_refused(sqlite_site: Site) -> None:
    expected = (
        5001,
        "There is no job 9.",
        "The reply to a trigger names its job; GET /api/v1/jobs, or labeler job list, lists all.",
    )
    assert refused(partial(job, sqlite_site, 9)) == expected
    with sqlite_site.store.read() as transaction:
        assert refused(partial(spool.job_labels, transaction, 9)) == expected


def test_waiting_job_gives_the_labels_of_the_oldest_job(site: Site) -> None:
    queue(site, 3)
    issuing.issue_labels(site, trigger("k2", quantity=2))
    with site.store.read() as transaction:
        assert [one.id for one in spool.waiting_job(transaction, "zebra-1")] == [1, 2, 3]
        assert spool.waiting_job(transaction, "archive") == []
        assert queues.lengths(transaction) == {"zebra-1": 5}


def test_doubtful_labels_are_listed_until_somebody_decides(site: Site) -> None:
    doubt(site)
    with site.store.read() as transaction:
        found = doubtful.list_doubtful(transaction)
    assert found[0] == {
        "id": 1,
        "job": 1,
        "printer": "zebra-1",
        "serial": plants.FIRST,
        "run": 1,
        "odometer": 7,
        "sent_at": plants.NOON,
        "known": {"why": "test"},
        "advice": "Nobody can tell: look for it, or scan it.",
    }
    assert (len(found), states(site)) == (2, ("stopped", ["doubtful", "doubtful"]))
    decide(site, 1, Decision.PRINTED)
    with site.store.read() as transaction:
        assert [one["id"] for one in doubtful.list_doubtful(transaction)] == [2]


def test_decide_printed_makes_the_unit_encoded(site: Site, clock: plants.Clock) -> None:
    doubt(site)
    clock.go_on(hours=1)
    assert decide(site, 1, Decision.PRINTED) == {"label": 1, "state": "printed", "job": None}
    assert states(site) == ("stopped", ["printed", "doubtful"])
    found = unit(site)
    assert found["state"] == "encoded"
    assert found["events"][-1] == {
        "at": clock.now,
        "kind": "label_printed",
        "channel": "http",
        "label": 1,
        "detail": {"decision": "printed", "reason": "looked", "operator": "mk"},
    }


def test_decide_print_again_makes_a_new_job_of_the_same_serial(site: Site) -> None:
    doubt(site)
    assert decide(site, 2, Decision.PRINT_AGAIN) == {"label": 2, "state": "not_printed", "job": 2}
    assert states(site) == ("stopped", ["doubtful", "not_printed"])
    again = job(site, 2)
    assert (again["purpose"], again["printer"], again["label_count"]) == ("reprint", "zebra-1", 1)
    [label] = waiting(site)
    assert (label.serial, label.number, label.purpose) == (serials(2)[0], 2, "reprint")
    claim(site, [label])
    spool.settle(site, [label], LabelState.PRINTED)
    assert unit(site, 2)["state"] == "encoded"
    assert [one["kind"] for one in unit(site, 2)["events"]] == [
        "allocated",
        "label_doubtful",
        "label_not_printed",
        "reprint_queued",
        "label_printed",
    ]


def test_decide_print_again_of_an_archive_label_stays_an_archive_label(site: Site) -> None:
    doubt(site, 1)
    site.store.write(lambda t: t.run_sql("UPDATE job SET purpose = 'archive'"))
    decide(site, 1, Decision.PRINT_AGAIN)
    [label] = waiting(site)
    claim(site, [label])
    spool.settle(site, [label], LabelState.PRINTED)
    assert (job(site, 2)["purpose"], unit(site)["state"]) == ("archive", "allocated")


def test_decide_scrap_gives_the_serial_up(site: Site) -> None:
    doubt(site, 1)
    assert decide(site, 1, Decision.SCRAP) == {"label": 1, "state": "scrapped", "job": None}
    assert (states(site), unit(site)["state"]) == (("canceled", ["scrapped"]), "label_scrapped")


def test_decide_about_an_unknown_label_is_refused(site: Site) -> None:
    assert refused(partial(decide, site, 9, Decision.SCRAP)) == (
        5002,
        "There is no label 9.",
        "List them: GET /api/v1/doubtful, or labeler doubtful list.",
    )


def test_decide_about_a_label_that_is_not_doubtful_is_refused(site: Site) -> None:
    queue(site)
    assert refused(partial(decide, site, 1, Decision.PRINTED)) == (
        5003,
        f"Label 1 of serial '{plants.FIRST}' is 'queued', not doubtful.",
        "Nothing needs deciding.",
    )


def test_decide_twice_is_refused_and_prints_once(site: Site) -> None:
    doubt(site, 1)
    decide(site, 1, Decision.PRINT_AGAIN)
    assert refused(partial(decide, site, 1, Decision.PRINT_AGAIN))[0] == 5003
    assert len(waiting(site)) == 1


def test_events_name_every_label_of_a_settled_parcel(site: Site) -> None:
    doubt(site, 3)
    event = schema.event
    query = select(event.c.unit_id, event.c.label_id).where(event.c.kind == "label_doubtful")
    with site.store.read() as transaction:
        rows = transaction.execute(query.order_by(event.c.id)).all()
    assert [tuple(row) for row in rows] == [(1, 1), (2, 2), (3, 3)]


def test_lists_are_read_from_an_index_however_long_they_are(
    sqlite_site: Site,
) -> None:
    asked: list[tuple[str, Any]] = []

    def listen(_1: Any, _2: Any, statement: str, parameters: Any, *_3: Any) -> None:
        asked.append((statement, parameters))

    with sqlite_site.store.read() as transaction:
        engine = transaction.connection.engine
        hooks.listen(engine, "before_cursor_execute", listen)
        doubtful.list_doubtful(transaction, after=7)
        runs.list_runs(transaction, before=7)
        runs.list_runs(transaction, before=7, line="line-1")
        runs.list_runs(transaction, before=7, state="open")
        queues.lengths(transaction)
        hooks.remove(engine, "before_cursor_execute", listen)
        plans = [
            [row[3] for row in transaction.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {s}", p)]
            for s, p in asked
        ]
    assert [plan[0] for plan in plans] == [
        "SEARCH label USING INDEX label_doubtful_index (id>?)",
        "SEARCH run USING INTEGER PRIMARY KEY (rowid<?)",
        "SEARCH run USING INDEX run_line_id_index (line=? AND id<?)",
        "SEARCH run USING INDEX run_state_id_index (state=? AND id<?)",
        "SCAN label USING INDEX label_unsettled_index",
    ]
    assert [step for plan in plans for step in plan if "TEMP B-TREE" in step] == []
