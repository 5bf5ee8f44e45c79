"""Jobs held, released, ranked, moved: only what waits is touched."""

from functools import partial

import pytest
from sqlalchemy import update

from labeler.production.events import Cause
from labeler.production.printing import holding, job_control, queues, releasing, spool
from labeler.production.site import Site
from labeler.store import Transaction, schema
from labeler.units import LabelState
from tests.production.queueing import SAID, WISH, fill, last_event, send, states, waiting
from tests.production.record import at_once, job, refused, serials


def test_held_job_waits_until_it_is_released_and_the_queue_behind_it_goes_on(site: Site) -> None:
    fill(site, 2, 1)
    assert job_control.hold(site, 1, WISH) == {"job": 1, "state": "held", "held": 2, "sending": 0}
    assert states(site, 1) == ["held", "held", "held"]
    assert (job(site, 1)["hold_reason"], job(site, 1)["settled_at"]) == (
        "held by mk: wrong lot",
        None,
    )
    assert last_event(site, 2) == {"kind": "label_held", "channel": "http", "detail": SAID}
    assert waiting(site) == [*serials(3)]
    assert refused(partial(job_control.hold, site, 1, WISH)) == (
        5007,
        "Job 1 is held already: held by mk: wrong lot.",
        "Let it go on: labeler job release 1.",
    )
    assert releasing.release(site, 1, WISH) == {
        "job": 1,
        "state": "pending",
        "queued": 2,
        "printed": 0,
        "not_printed": 0,
        "sending": 0,
        "left": {},
    }
    assert waiting(site) == [*serials(1, 3)]
    assert job(site, 1)["hold_reason"] is None
    assert last_event(site, 2) == {"kind": "label_queued", "channel": "http", "detail": SAID}
    assert refused(partial(releasing.release, site, 1, WISH)) == (
        5008,
        "Job 1 is not held, it is 'pending'.",
        (
            "Look at it: labeler job show 1. What is printed or given up is not sent again; a new "
            "label of it is a reprint."
        ),
    )


def test_hold_leaves_what_is_on_its_way_and_keeps_what_comes_back_unsent(site: Site) -> None:
    fill(site, 3)
    sent = send(site, 2)
    found = job_control.hold(site, 1, WISH)
    assert found == {"job": 1, "state": "processing", "held": 1, "sending": 2}
    spool.settle(site, sent[:1], LabelState.PRINTED)
    spool.settle(site, sent[1:], LabelState.QUEUED, why="the connection was lost")
    assert states(site, 1) == ["held", "printed", "held", "held"]
    assert last_event(site, 2) == {
        "kind": "label_held",
        "channel": "spooler",
        "detail": {"why": "it came back unsent, and its job was held by mk: wrong lot"},
    }
    assert waiting(site) == []


def test_hold_of_a_job_that_is_wholly_on_its_way_keeps_what_comes_back(site: Site) -> None:
    fill(site, 1, 1)
    sent = send(site, 1)
    assert job_control.hold(site, 1, WISH)["sending"] == 1
    spool.settle(site, sent, LabelState.QUEUED)
    assert (states(site, 1), waiting(site)) == (["held", "held"], [*serials(2)])


def test_hold_leaves_a_doubtful_label_doubtful(site: Site) -> None:
    fill(site, 2)
    spool.settle(site, send(site, 1), LabelState.DOUBTFUL)
    assert job_control.hold(site, 1, WISH)["state"] == "stopped"
    assert states(site, 1) == ["stopped", "doubtful", "held"]
    releasing.release(site, 1, WISH)
    assert states(site, 1) == ["processing", "doubtful", "queued"]


def test_hold_of_what_does_not_wait_is_refused(site: Site) -> None:
    fill(site, 1)
    assert refused(partial(job_control.hold, site, 9, WISH))[:2] == (5001, "There is no job 9.")
    spool.settle(site, send(site, 1), LabelState.PRINTED)
    for verb in (job_control.hold, job_control.cancel):
        assert refused(partial(verb, site, 1, WISH)) == (
            5006,
            "No label of job 1 waits.",
            "Look at it: GET /api/v1/jobs/1, or labeler job show 1.",
        )
    assert refused(partial(releasing.release, site, 1, WISH))[0] == 5008


def test_hold_and_claim_at_once_never_take_the_same_label(site: Site) -> None:
    fill(site, *[4] * 12)
    with site.store.read() as transaction:
        labels = spool.waiting(transaction, "zebra-1", limit=100)
    parcels = [labels[start : start + 4] for start in range(2, 46, 4)] + [labels[:2]]
    claims = [
        partial(spool.claim, site, [(one, "d" * 64) for one in parcel], odometer=1)
        for parcel in parcels
    ]
    holds = [partial(job_control.hold, site, number, WISH) for number in range(1, 13)]
    outcomes = at_once([work for pair in zip(claims, holds, strict=True) for work in pair])
    claimed, held = outcomes[0::2], outcomes[1::2]
    taken = {one.id for parcel, got in zip(parcels, claimed, strict=True) if got for one in parcel}
    for number, outcome in enumerate(held, start=1):
        found = {one["id"]: one["state"] for one in job(site, number)["labels"]}
        on_way = {one for one, state in found.items() if state == "sending"}
        assert set(found.values()) <= {"held", "sending"}
        assert on_way == set(found) & taken
        assert (outcome["held"], outcome["sending"]) == (4 - len(on_way), len(on_way))


def test_canceled_job_is_given_up_also_where_it_is_held_or_comes_back_unsent(site: Site) -> None:
    fill(site, 2, 3)
    job_control.hold(site, 1, WISH)
    assert job_control.cancel(site, 1, WISH) == {
        "job": 1,
        "state": "canceled",
        "canceled": 2,
        "sending": 0,
        "doubtful": 0,
    }
    assert job(site, 1)["hold_reason"] is None
    sent = send(site, 2)
    found = job_control.cancel(site, 2, WISH)
    assert (found["state"], found["canceled"], found["sending"]) == ("processing", 1, 2)
    assert job(site, 2)["hold_reason"] == "canceled by mk: wrong lot"
    assert [job(site, number)["cancel_unsent"] for number in (1, 2)] == [False, True]
    for verb in (job_control.cancel, job_control.hold, releasing.release):
        assert refused(partial(verb, site, 2, WISH))[:2] == (
            5006,
            "No label of job 2 waits; on their way: 2.",
        )
    spool.settle(site, sent, LabelState.QUEUED, why="the connection was lost")
    assert states(site, 2) == ["canceled", *["not_printed"] * 3]
    assert last_event(site, 3)["detail"] == {
        "why": "it came back unsent, and its job was canceled by mk: wrong lot"
    }


def test_job_that_a_printer_refused_as_canceled_is_held_and_not_canceled(site: Site) -> None:
    fill(site, 2)
    reason = "canceled by the operator at its panel"
    with site.store.read() as transaction:
        labels = spool.job_labels(transaction, 1)

    def hold(transaction: Transaction) -> None:
        cause = Cause(channel=spool.SPOOLER, detail={"why": reason})
        holding.hold_in(transaction, site, labels, reason=reason, cause=cause)

    site.store.write(hold)
    assert refused(partial(job_control.hold, site, 1, WISH))[0] == 5007
    assert releasing.release(site, 1, WISH)["queued"] == 2
    sent = send(site, 1)
    site.store.write(lambda one: one.execute(update(schema.job).values(hold_reason=reason)))
    spool.settle(site, sent, LabelState.QUEUED)
    assert states(site, 1)[1:] == ["held", "queued"]


def test_canceled_job_is_given_up_whatever_else_is_said_of_it(site: Site) -> None:
    fill(site, 1)
    sent = send(site, 1)
    job_control.cancel(site, 1, WISH)
    site.store.write(
        lambda one: one.execute(update(schema.job).values(hold_reason="the printer refused it"))
    )
    spool.settle(site, sent, LabelState.QUEUED)
    assert states(site, 1) == ["canceled", "not_printed"]


def test_cancel_of_a_job_that_is_wholly_on_its_way_is_completed_by_what_is_printed(
    site: Site,
) -> None:
    fill(site, 2)
    sent = send(site, 2)
    found = job_control.cancel(site, 1, WISH)
    assert (found["canceled"], found["sending"]) == (0, 2)
    spool.settle(site, sent[:1], LabelState.PRINTED)
    spool.settle(site, sent[1:], LabelState.QUEUED)
    assert states(site, 1) == ["completed", "printed", "not_printed"]


def test_priority_puts_a_job_before_others_and_behind_them_but_overtakes_nothing_on_its_way(
    site: Site,
) -> None:
    fill(site, 2, 1, 1)
    send(site, 1)
    assert job_control.set_priority(site, 3, WISH, priority=100) == {
        "job": 3,
        "state": "pending",
        "priority": 100,
        "labels": 1,
    }
    job_control.set_priority(site, 1, WISH, priority=1)
    assert waiting(site) == [*serials(4), *serials(3), *serials(2)]
    assert [job(site, number)["priority"] for number in (1, 2, 3)] == [1, 50, 100]
    with site.store.read() as transaction:
        assert [one.serial for one in spool.unfinished(transaction, "zebra-1")] == [*serials(1)]
    job_control.hold(site, 3, WISH)
    job_control.set_priority(site, 3, WISH, priority=20)
    releasing.release(site, 3, WISH)
    assert waiting(site) == [*serials(3), *serials(4), *serials(2)]
    job_control.cancel(site, 2, WISH)
    assert refused(partial(job_control.set_priority, site, 2, WISH, priority=7))[0] == 5006


def test_move_takes_one_job_to_another_printer_and_what_is_held_stays_held(site: Site) -> None:
    fill(site, 3, 1)
    send(site, 1)
    moved = {"job": 1, "to": "archive", "moved": 2, "sending": 1, "doubtful": 0}
    assert job_control.move(site, 1, WISH, to="archive") == moved
    assert last_event(site, 2) == {
        "kind": "label_moved",
        "channel": "http",
        "detail": {"from": "zebra-1", "to": "archive", **SAID},
    }
    assert (waiting(site), waiting(site, "archive")) == ([*serials(4)], [*serials(2, 2)])
    assert refused(partial(job_control.move, site, 1, WISH, to="archive"))[:2] == (
        5006,
        "No label of job 1 waits for another printer than 'archive'; on their way: 1.",
    )
    assert refused(partial(job_control.move, site, 2, WISH, to="x"))[0] == 5004
    job_control.hold(site, 2, WISH)
    assert job_control.move(site, 2, WISH, to="archive")["moved"] == 1
    assert (states(site, 2), job(site, 2)["printer"]) == (["held", "held"], "archive")


def test_move_of_a_whole_queue_takes_what_is_held_along(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queues, "MOVED_AT_ONCE_MAX", 2)
    fill(site, 3, 1)
    job_control.hold(site, 1, WISH)
    assert queues.move(site, "zebra-1", WISH, to="archive")["moved"] == 4
    assert states(site, 1) == ["held", *["held"] * 3]
    releasing.release(site, 1, WISH)
    assert waiting(site, "archive") == [*serials(1, 4)]
