"""A held job goes on at one of its labels, and somebody says what became of those before it."""

from functools import partial

from labeler.production import verifying
from labeler.production.printing import job_control, releasing, spool
from labeler.production.site import Site
from labeler.store import Transaction
from labeler.units import LabelState
from tests.production.queueing import SAID, WISH, fill, last_event, send, states, waiting
from tests.production.record import job, refused, serials


def test_resume_at_a_label_gives_up_what_waits_before_it_and_sends_nothing_again(
    site: Site,
) -> None:
    fill(site, 6)
    sent = send(site, 2)
    spool.settle(site, sent[:1], LabelState.PRINTED)
    spool.settle(site, sent[1:], LabelState.DOUBTFUL)
    job_control.hold(site, 1, WISH)
    assert refused(partial(releasing.release, site, 1, WISH, first=7)) == (
        1002,
        "Job 1 has 6 labels, so it cannot go on at 7.",
        "Give the position of a label of it, from 1.",
    )
    assert releasing.release(site, 1, WISH, first=4) == {
        "job": 1,
        "state": "processing",
        "queued": 3,
        "printed": 0,
        "not_printed": 1,
        "sending": 0,
        "left": {},
    }
    assert states(site, 1)[1:] == ["printed", "doubtful", "not_printed", *["queued"] * 3]
    assert last_event(site, 3) == {
        "kind": "label_not_printed",
        "channel": "http",
        "detail": {"resumed_at": 4, **SAID},
    }


def test_resume_at_a_label_names_those_behind_it_that_are_not_sent_again(site: Site) -> None:
    fill(site, 4)
    sent = send(site, 3)
    spool.settle(site, sent[:2], LabelState.PRINTED)
    spool.settle(site, sent[2:], LabelState.DOUBTFUL)
    job_control.hold(site, 1, WISH)
    found = releasing.release(site, 1, WISH, first=2)
    assert (found["left"], found["queued"]) == ({"printed": [2], "doubtful": [3]}, 1)
    spool.settle(site, send(site, 1), LabelState.PRINTED)
    assert refused(partial(releasing.release, site, 1, WISH, first=1))[0] == 5008


def test_resume_at_a_label_behind_which_nothing_waits_is_refused(site: Site) -> None:
    fill(site, 2)
    with site.store.read() as transaction:
        _, last = spool.job_labels(transaction, 1)
    assert spool.claim(site, [(last, "d" * 64)], odometer=7)
    job_control.hold(site, 1, WISH)
    assert refused(partial(releasing.release, site, 1, WISH, first=2)) == (
        5006,
        "From label 2 on nothing of job 1 waits.",
        "Look at it: labeler job show 1. Nothing is sent a second time so.",
    )
    assert states(site, 1) == ["processing", "held", "sending"]


def test_resume_at_a_label_may_say_that_what_waits_before_it_exists(site: Site) -> None:
    fill(site, 4)
    spool.settle(site, send(site, 1), LabelState.DOUBTFUL)
    job_control.hold(site, 1, WISH)
    assert releasing.release(site, 1, WISH, first=4, printed=True) == {
        "job": 1,
        "state": "processing",
        "queued": 1,
        "printed": 2,
        "not_printed": 0,
        "sending": 0,
        "left": {},
    }
    assert states(site, 1)[1:] == ["doubtful", "printed", "printed", "queued"]
    assert last_event(site, 3) == {
        "kind": "label_printed",
        "channel": "http",
        "detail": {"decision": "printed", "resumed_at": 4, **SAID},
    }
    assert last_event(site, 4)["detail"] == {"resumed_at": 4, **SAID}
    with site.store.read() as transaction:
        units = [verifying.show_serial(transaction, one)["state"] for one in serials(1, 4)]
    assert units == ["allocated", "encoded", "encoded", "allocated"]


def test_resume_may_say_that_all_that_waits_exists(site: Site) -> None:
    fill(site, 2, 1)
    job_control.hold(site, 1, WISH)
    for first, printed in [(3, False), (4, True)]:
        resume = partial(releasing.release, site, 1, WISH, first=first, printed=printed)
        assert refused(resume)[:2] == (
            1002,
            f"Job 1 has 2 labels, so it cannot go on at {first}.",
        )
    found = releasing.release(site, 1, WISH, first=3, printed=True)
    assert (found["state"], found["printed"], found["queued"]) == ("completed", 2, 0)
    assert (states(site, 1), job(site, 1)["hold_reason"]) == (["completed", *["printed"] * 2], None)
    assert waiting(site) == [*serials(3)]


def test_resume_may_say_that_labels_exist_that_are_not_held_themselves(site: Site) -> None:
    fill(site, 2)
    with site.store.read() as transaction:
        _, last = spool.job_labels(transaction, 1)

    def hold_last(transaction: Transaction) -> None:
        cause = WISH.cause()
        spool.settle_in(transaction, site, [last], state=LabelState.HELD, cause=cause)

    site.store.write(hold_last)
    assert releasing.release(site, 1, WISH, first=2, printed=True)["printed"] == 1
    assert states(site, 1) == ["processing", "printed", "queued"]
    assert waiting(site) == [*serials(2)]


def test_resume_says_that_labels_exist_only_where_it_says_at_which_it_goes_on(site: Site) -> None:
    fill(site, 1)
    job_control.hold(site, 1, WISH)
    assert refused(partial(releasing.release, site, 1, WISH, printed=True)) == (
        1002,
        "printed says that what waits before a label exists, but no label to go on with is given.",
        "Give its position in the job, from 1; one behind the last if all of them exist.",
    )
    assert states(site, 1) == ["held", "held"]


def test_spooler_finds_no_label_printed_that_is_held(site: Site) -> None:
    fill(site, 1)
    with site.store.read() as transaction:
        labels = spool.job_labels(transaction, 1)
    job_control.hold(site, 1, WISH)
    assert refused(partial(spool.settle, site, labels, LabelState.PRINTED))[:2] == (
        5005,
        "Label 1 is 'held' and cannot become 'printed'.",
    )
