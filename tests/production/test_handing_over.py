"""One parcel ends and the next one begins in one transaction, and only the one whose turn it is."""

from collections.abc import Callable

import pytest

from labeler.production.printing import job_control, pausing, spool
from labeler.production.printing.spooled import SpooledLabel
from labeler.production.site import Site
from labeler.store import schema
from labeler.units import LabelState
from tests.production.queueing import WISH, fill, send, states

PRINTED = {"odometer_before": 7, "odometer_after": 9}


def hand_over(site: Site, sent: list[SpooledLabel], following: list[SpooledLabel]) -> bool:
    """Settle labels as printed, and claim those that follow them."""
    labels = [(one, "d" * 64) for one in following]
    return spool.settle_and_claim(site, [(sent, LabelState.PRINTED, PRINTED)], labels, odometer=9)


def queued(site: Site, count: int) -> list[SpooledLabel]:
    with site.store.read() as transaction:
        return spool.waiting(transaction, "zebra-1", limit=count)


def test_next_parcel_is_claimed_as_the_one_before_it_is_settled(site: Site) -> None:
    fill(site, 2, 2)
    sent = send(site, 2)
    assert hand_over(site, sent, queued(site, 1)) is True
    assert states(site, 1) == ["completed", "printed", "printed"]
    assert states(site, 2) == ["processing", "sending", "queued"]
    with site.store.read() as transaction:
        [on_its_way] = spool.unfinished(transaction, "zebra-1")
    assert (on_its_way.odometer, on_its_way.job_id, on_its_way.position) == (9, 2, 1)


@pytest.mark.parametrize(
    ("meddle", "left"),
    [
        (lambda site: job_control.hold(site, 2, WISH), ["held", "held", "held"]),
        (lambda site: job_control.cancel(site, 2, WISH), ["canceled"] + 2 * ["not_printed"]),
        (lambda site: job_control.move(site, 2, WISH, to="archive"), ["pending"] + 2 * ["queued"]),
        (lambda site: pausing.pause(site, "zebra-1", WISH), ["pending"] + 2 * ["queued"]),
        (
            lambda site: job_control.set_priority(site, 3, WISH, priority=70),
            ["pending"] + 2 * ["queued"],
        ),
    ],
    ids=["held", "canceled", "moved", "paused", "overtaken"],
)
def test_parcel_made_ready_too_early_is_not_claimed_and_the_one_before_it_is_settled(
    site: Site, meddle: Callable[[Site], object], left: list[str]
) -> None:
    fill(site, 2, 2, 1)
    sent = send(site, 2)
    following = queued(site, 2)
    meddle(site)
    assert hand_over(site, sent, following) is False
    assert states(site, 1) == ["completed", "printed", "printed"]
    assert states(site, 2) == left
    assert states(site, 3) == ["pending", "queued"]


def test_state_of_a_large_job_is_known_without_looking_at_all_its_labels(sqlite_site: Site) -> None:
    fill(sqlite_site, 3)
    columns = ("id", "job_id", "unit_id", "printer", "position", "state", "rank")
    rows = [(n, 1, 1, "zebra-1", n, "queued", 50) for n in range(4, 50_000)]
    sqlite_site.store.write(
        lambda transaction: transaction.insert_many(schema.label, columns=columns, rows=rows)
    )
    sent = send(sqlite_site, 2)
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    def watch(handler: Callable[[], int] | None) -> None:
        def work(transaction: object) -> None:
            raw = transaction.connection.connection.dbapi_connection  # type: ignore[attr-defined]
            raw.set_progress_handler(handler, 100)

        sqlite_site.store.write(work)

    watch(step)
    assert hand_over(sqlite_site, sent, queued(sqlite_site, 2)) is True
    watch(None)
    assert steps * 100 < 5000, "of 50,000 labels a few are looked at"
