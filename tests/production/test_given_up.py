"""A serial that was given up with one of its labels gets no other label any more."""

from functools import partial

from labeler.production import issuing, runs
from labeler.production.printing import doubtful, job_control, spool
from labeler.production.printing.doubtful import Decision, Finding
from labeler.production.printing.instructions import Instruction
from labeler.production.site import Site
from labeler.units import LabelState
from tests.plants import FIRST, order, trigger
from tests.production.copying import copies, reprint, settle, shown
from tests.production.record import job, refused


def decide(site: Site, label: int, decision: Decision) -> dict[str, object]:
    finding = Finding(decision=decision, reason="torn", operator="mk", channel="http")
    return doubtful.decide(site, label, finding)


def send_first(site: Site, state: LabelState) -> None:
    """Send the first label that waits, and learn what became of it."""
    with site.store.read() as transaction:
        labels = spool.waiting(transaction, "zebra-1", limit=1)
    spool.claim(site, [(label, "d" * 64) for label in labels], odometer=7)
    spool.settle(site, labels, state, why="test")


def order_again(site: Site, count: int) -> None:
    """Order the label itself once more, since the first one was never printed, and copies of it."""
    runs.open_run(site, order())
    issuing.issue_labels(site, trigger("k1"))
    job_control.cancel(site, 1, Instruction(reason="x", operator="mk", channel="http"))
    reprint(site, copies=count)


def test_copies_that_wait_are_not_printed_once_the_serial_is_scrapped(site: Site) -> None:
    order_again(site, 3)
    send_first(site, LabelState.DOUBTFUL)
    assert decide(site, 2, Decision.SCRAP) == {"label": 2, "state": "scrapped", "job": None}
    assert shown(site)["state"] == "label_scrapped"
    assert copies(site) == [
        (0, "not_printed"), (0, "scrapped"), (1, "not_printed"), (2, "not_printed")
    ]  # fmt: skip
    assert job(site, 2)["state"] == "canceled"
    [_, event, _] = [one for one in shown(site)["events"] if one["kind"] == "label_not_printed"]
    assert event["detail"] == {
        "decision": "scrap",
        "reason": "torn",
        "operator": "mk",
        "why": "its serial was given up with label 2",
    }


def test_doubtful_label_of_a_serial_that_is_spent_is_not_printed_again(site: Site) -> None:
    order_again(site, 2)
    settle(site, LabelState.DOUBTFUL)
    decide(site, 2, Decision.SCRAP)
    assert refused(partial(decide, site, 3, Decision.PRINT_AGAIN)) == (
        5021,
        f"The unit with serial '{FIRST}' is 'label_scrapped': its serial is spent.",
        "Issue a new serial, and scrap what still carries this one.",
    )
    assert copies(site) == [(0, "not_printed"), (0, "scrapped"), (1, "doubtful")]
    assert decide(site, 3, Decision.PRINTED)["state"] == "printed"
    assert shown(site)["state"] == "label_scrapped"


def test_copy_that_comes_back_unsent_is_not_printed_when_its_serial_was_scrapped(
    site: Site,
) -> None:
    order_again(site, 2)
    send_first(site, LabelState.DOUBTFUL)
    with site.store.read() as transaction:
        [copy] = spool.waiting(transaction, "zebra-1", limit=1)
    spool.claim(site, [(copy, "d" * 64)], odometer=None)
    decide(site, 2, Decision.SCRAP)
    assert copies(site) == [(0, "not_printed"), (0, "scrapped"), (1, "sending")]
    spool.settle(site, [copy], LabelState.QUEUED, why="no byte left")
    assert copies(site) == [(0, "not_printed"), (0, "scrapped"), (1, "not_printed")]
    event = [one for one in shown(site)["events"] if one["kind"] == "label_not_printed"][-1]
    assert event["detail"] == {"why": "it came back unsent, its serial given up"}
