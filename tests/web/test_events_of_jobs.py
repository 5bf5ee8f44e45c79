"""The stream tells of jobs that go before or behind others now."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from labeler.app import Service
from labeler.production import streaming
from labeler.production.printing import job_control, spool
from labeler.production.printing.instructions import Instruction
from labeler.production.streaming import Cursor, Message, Wish
from labeler.units import LabelState
from tests import plants
from tests.plants import NOON
from tests.web.asking import issue, open_run

ALL = Wish(topics=frozenset(streaming.TOPICS))
START = Cursor(event=0, printer_event=0)
WISH = Instruction(reason="customer waits", operator="mk", channel="http")


@pytest.fixture
def service(tmp_path: Path, database_url: str) -> Iterator[Service]:
    """Return the plant with a run and three jobs, on each kind of database."""
    with plants.opened(plants.write_site(tmp_path / "site", database=database_url)) as opened:
        client = opened.web.test_client()
        open_run(client, quantity=20)
        for number in range(3):
            issue(client, key=f"k{number}", quantity=4)
        yield opened


def read(
    service: Service, after: Cursor = START, wish: Wish = ALL, limit: int = 100
) -> tuple[list[Message], Cursor]:
    """Return what a listener hears, and how far it has read then."""
    with service.site.store.read() as transaction:
        return streaming.read_on(transaction, wish, after, limit=limit)


def settle(service: Service) -> None:
    """Print the next label of zebra-1."""
    with service.site.store.read() as transaction:
        labels = spool.waiting(transaction, "zebra-1", limit=1)
    spool.claim(service.site, [(label, "d" * 64) for label in labels], odometer=0)
    spool.settle(service.site, labels, LabelState.PRINTED)


def test_listener_hears_of_a_job_that_goes_first_now(service: Service) -> None:
    job_control.set_priority(service.site, 3, WISH, priority=90)
    [message], cursor = read(service)
    said = {"reason": "customer waits", "operator": "mk"}
    assert (message.topic, message.cursor, message.content) == (
        "job",
        cursor,
        {
            "at": NOON,
            "kind": "job_priority",
            "job": 3,
            "printer": "zebra-1",
            "run": 1,
            "detail": {"job": 3, "priority": 90, "before": 50, **said},
        },
    )
    assert read(service, cursor) == ([], cursor)


@pytest.mark.parametrize(
    ("wish", "count"),
    [
        (Wish(topics=frozenset({"jobs"})), 1),
        (Wish(topics=frozenset({"jobs"}), printer="zebra-1"), 1),
        (Wish(topics=frozenset({"jobs"}), printer="archive"), 0),
        (Wish(topics=frozenset({"jobs"}), run=1), 1),
        (Wish(topics=frozenset({"jobs"}), run=2), 0),
        (Wish(topics=frozenset({"labels", "doubtful", "printers"})), 0),
    ],
)
def test_listener_chooses_whether_it_hears_of_jobs(
    service: Service, wish: Wish, count: int
) -> None:
    job_control.set_priority(service.site, 2, WISH, priority=1)
    messages, cursor = read(service, wish=wish)
    assert [one.topic for one in messages] == ["job"] * count
    assert cursor == read(service)[1]


def test_labels_and_jobs_are_told_in_order_in_pages_of_any_size(service: Service) -> None:
    for priority in (90, 80, 70):
        settle(service)
        job_control.set_priority(service.site, 3, WISH, priority=priority)
        job_control.set_priority(service.site, 2, WISH, priority=priority - 1)
    whole, end = read(service)
    assert [one.topic for one in whole] == ["label", "job", "job"] * 3
    for limit in (1, 2, 3, 4, 8):
        cursor, told = START, list[Message]()
        while True:
            page, cursor = read(service, cursor, limit=limit)
            if not page:
                break
            told += page
        assert ([one.content for one in told], cursor) == ([one.content for one in whole], end)
