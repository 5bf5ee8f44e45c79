"""Queues: of a printer that is gone, moved to another one, or canceled; nothing is lost."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from labeler.production import health, issuing, verifying
from labeler.production.printing import job_control, overview, queues, spool
from labeler.production.printing.instructions import Instruction
from labeler.production.site import Site
from labeler.units import LabelState
from tests import plants
from tests.plants import trigger
from tests.production.queueing import fill, last_event, send
from tests.production.record import job, refused, serials

WISH = Instruction(reason="new printer", operator="mk", channel="http")
SAID = {"reason": "new printer", "operator": "mk"}
RENAMED = {
    "printers": {
        "zebra-1": None,
        "zebra-2": plants.CONFIG["printers"]["zebra-1"],
    },
    "lines": {"line-1": {"printer": "zebra-2"}, "line-2": {"printer": "zebra-2"}},
}

Open = Callable[..., AbstractContextManager[Site]]


@pytest.fixture
def opening(tmp_path: Path, database_url: str) -> Open:
    """Return ``opening(**changes)``: the plant on one database, however often it is changed."""

    @contextmanager
    def opened(**changes: Any) -> Iterator[Site]:
        path = plants.write_site(tmp_path / "site", database=database_url, **changes)
        with plants.opened(path) as service:
            yield service.site

    return opened


def states(site: Site, job_id: int) -> list[str]:
    found = job(site, job_id)
    return [found["printer"], found["state"], *(one["state"] for one in found["labels"])]


def waiting(site: Site, printer: str) -> list[str]:
    with site.store.read() as transaction:
        return [one.serial for one in spool.waiting(transaction, printer, limit=10_000)]


def test_printer_that_is_gone_is_listed_with_what_waits_for_it(opening: Open) -> None:
    with opening() as site:
        fill(site, *[1] * 7)
        send(site, 1)
        with site.store.read() as transaction:
            assert [row["name"] for row in overview.printers(site, transaction)] == [
                "zebra-1",
                "archive",
            ]
    with opening(**RENAMED) as site, site.store.read() as transaction:
        *known, row = overview.printers(site, transaction)
        assert [(one["name"], one["labels_waiting"]) for one in known] == [
            ("archive", 0),
            ("zebra-2", 0),
        ]
        assert set(row) == set(known[0])
        assert {key: value for key, value in row.items() if value is not None} == {
            "name": "zebra-1",
            "emulated": False,
            "state": "stopped",
            "reasons": ["other"],
            "sentence": (
                "It is not in config.yaml, but labels wait for it: jobs 1, 2, 3, 4, 5 and 2 more. "
                "Put it back there and start again, move them: labeler printer move zebra-1 "
                "PRINTER, or cancel each job: labeler job cancel JOB."
            ),
            "labels_waiting": 7,
            "labels_held": 0,
            "labels_doubtful": 0,
        }


def test_metrics_count_what_waits_for_a_printer_that_is_gone(opening: Open) -> None:
    with opening() as site:
        fill(site, 3)
    with opening(**RENAMED) as site:
        found = {
            (sample.name, sample.labels.get("printer")): sample.value
            for family in text_string_to_metric_families(health.metrics_text(site).decode())
            for sample in family.samples
        }
        assert found["labeler_labels_waiting", "zebra-1"] == 3
        assert found["labeler_printer_stopped", "zebra-1"] == 1


def test_move_lets_another_printer_print_what_waited_in_the_same_order(opening: Open) -> None:
    with opening() as site:
        fill(site, 2, 1)
    with opening(**RENAMED) as site:
        assert queues.move(site, "zebra-1", WISH, to="zebra-2") == {
            "printer": "zebra-1",
            "to": "zebra-2",
            "moved": 3,
            "doubtful": 0,
        }
        assert (waiting(site, "zebra-1"), waiting(site, "zebra-2")) == ([], [*serials(1, 3)])
        assert states(site, 1) == ["zebra-2", "pending", "queued", "queued"]
        assert states(site, 2) == ["zebra-2", "pending", "queued"]
        detail = {"from": "zebra-1", "to": "zebra-2", **SAID}
        for number in (1, 2, 3):
            expected = {"kind": "label_moved", "channel": "http", "detail": detail}
            assert last_event(site, number) == expected
        with site.store.read() as transaction:
            rows = overview.printers(site, transaction)
        assert [row["name"] for row in rows] == ["archive", "zebra-2"]


def test_move_makes_doubtful_what_was_on_its_way_to_a_printer_that_is_gone(opening: Open) -> None:
    with opening() as site:
        fill(site, 3)
        send(site, 2)
    with opening(**RENAMED) as site:
        found = queues.move(site, "zebra-1", WISH, to="zebra-2")
        assert (found["moved"], found["doubtful"]) == (1, 2)
        assert states(site, 1) == ["zebra-2", "processing", "doubtful", "doubtful", "queued"]
        assert last_event(site, 1) == {
            "kind": "label_doubtful",
            "channel": "http",
            "detail": {
                "why": "it was on its way to 'zebra-1', which config.yaml does not know",
                "from": "zebra-1",
                "to": "zebra-2",
                **SAID,
            },
        }


def test_move_from_a_printer_at_work_leaves_what_is_on_its_way(opening: Open) -> None:
    with opening() as site:
        fill(site, 3)
        sent = send(site, 1)
        found = queues.move(site, "zebra-1", WISH, to="archive")
        assert (found["moved"], found["doubtful"]) == (2, 0)
        assert states(site, 1)[2:] == ["sending", "queued", "queued"]
        spool.settle(site, sent, LabelState.PRINTED)
        assert waiting(site, "archive") == [*serials(2, 2)]


def test_claim_of_labels_that_were_moved_meanwhile_changes_nothing(opening: Open) -> None:
    with opening() as site:
        fill(site, 2)
        with site.store.read() as transaction:
            labels = spool.waiting(transaction, "zebra-1", limit=2)
        queues.move(site, "zebra-1", WISH, to="archive")
        assert spool.claim(site, [(one, "d" * 64) for one in labels], odometer=7) is False
        assert states(site, 1)[2:] == ["queued", "queued"]


def test_move_of_more_than_one_transaction_takes_all(
    opening: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queues, "MOVED_AT_ONCE_MAX", 3)
    with opening() as site:
        fill(site, 4, 4)
        assert queues.move(site, "zebra-1", WISH, to="archive")["moved"] == 8
        assert waiting(site, "archive") == [*serials(1, 8)]


def test_move_wakes_the_printer_that_gets_the_labels(opening: Open) -> None:
    woken: list[str] = []

    class Spooler:
        alive = True

        def wake(self, printer: str) -> None:
            woken.append(printer)

    with opening() as site:
        fill(site, 1)
        site.spooler = Spooler()
        queues.move(site, "zebra-1", WISH, to="archive")
        assert (woken, health.findings(site)) == (["archive"], [])


def test_move_that_makes_no_sense_is_refused_and_moves_nothing(opening: Open) -> None:
    with opening() as site:
        fill(site, 1)
        move = partial(queues.move, site)
        assert refused(partial(move, "zebra-1", WISH, to="zebra-1")) == (
            1002,
            "Printer 'zebra-1' is both source and target.",
            "Name another one.",
        )
        assert refused(partial(move, "zebra-1", WISH, to="zebra-9")) == (
            5004,
            "There is no printer 'zebra-9'.",
            "Known: zebra-1, archive.",
        )
        assert refused(partial(move, "zebra-9", WISH, to="archive")) == (
            5004,
            "There is no printer 'zebra-9', and no label waits for it.",
            "Known: zebra-1, archive.",
        )
        assert refused(partial(move, "archive", WISH, to="zebra-1")) == (
            5006,
            "No label waits for printer 'archive'.",
            "Look at them: GET /api/v1/printers, or labeler printer list.",
        )
        assert waiting(site, "zebra-1") == [plants.FIRST]


def test_move_to_a_printer_that_cannot_draw_the_label_is_refused(opening: Open) -> None:
    with opening() as site:
        fill(site, 1)
    with opening(printers={"archive": {"language": "zpl", "speed_mm_s": 400}}) as site:
        assert refused(partial(queues.move, site, "zebra-1", WISH, to="archive")) == (
            4001,
            (
                "Printer 'archive' cannot draw the labels of run 1: Speed 400 mm/s is 16 inches "
                "per second: expected 1 to 14 (25.4 to 355.6 mm/s); choose one that the printer "
                "has."
            ),
            "Choose another printer; nothing was moved.",
        )
        assert waiting(site, "zebra-1") == [plants.FIRST]


def test_move_to_a_printer_whose_media_is_too_small_is_refused(opening: Open) -> None:
    with opening() as site:
        fill(site, 1)
    small = {"archive": {"media": {"width_mm": 50, "height_mm": 40}}}
    with opening(printers=small) as site:
        assert refused(partial(queues.move, site, "zebra-1", WISH, to="archive")) == (
            4001,
            (
                "Printer 'archive' cannot draw the labels of run 1: Template 'unit-label' is 70 x "
                "40 mm, the media of printer 'archive' 50 x 40 mm."
            ),
            "Choose another printer; nothing was moved.",
        )
        assert waiting(site, "zebra-1") == [plants.FIRST]


def test_move_ends_although_more_labels_come_all_the_time(
    opening: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queues, "MOVED_AT_ONCE_MAX", 1)
    with opening() as site:
        fill(site, 2)
        moved = threading.Event()

        def trigger_on() -> None:
            for number in range(290):
                if moved.is_set():
                    return
                issuing.issue_labels(site, trigger(f"more-{number}"))

        line = threading.Thread(target=trigger_on)
        line.start()
        found = queues.move(site, "zebra-1", WISH, to="archive")
        moved.set()
        line.join()
        assert 2 <= found["moved"] < 100
        assert waiting(site, "archive") == [*serials(1, found["moved"])]


def test_job_says_of_each_label_which_printer_it_went_to(opening: Open) -> None:
    with opening() as site:
        fill(site, 2)
        send(site, 1)
        queues.move(site, "zebra-1", WISH, to="archive")
        found = [(one["state"], one["printer"]) for one in job(site, 1)["labels"]]
        assert found == [("sending", "zebra-1"), ("queued", "archive")]


def test_cancel_job_leaves_serials_issued_and_says_who_and_why(opening: Open) -> None:
    with opening() as site:
        fill(site, 2, 1)
    with opening(**RENAMED) as site:
        assert job_control.cancel(site, 1, WISH) == {
            "job": 1,
            "state": "canceled",
            "canceled": 2,
            "sending": 0,
            "doubtful": 0,
        }
        assert states(site, 1)[1:] == ["canceled", "not_printed", "not_printed"]
        assert last_event(site, 2) == {
            "kind": "label_not_printed",
            "channel": "http",
            "detail": SAID,
        }
        with site.store.read() as transaction:
            unit = verifying.show_serial(transaction, plants.FIRST)
        assert unit["state"] == "allocated"
        assert waiting(site, "zebra-1") == [*serials(3)]


def test_cancel_job_makes_doubtful_what_was_on_its_way_to_a_printer_that_is_gone(
    opening: Open,
) -> None:
    with opening() as site:
        fill(site, 2)
        send(site, 1)
    with opening(**RENAMED) as site:
        found = job_control.cancel(site, 1, WISH)
        assert (found["state"], found["canceled"], found["doubtful"]) == ("stopped", 1, 1)
        assert states(site, 1)[2:] == ["doubtful", "not_printed"]


def test_cancel_job_of_a_printer_at_work_leaves_what_is_on_its_way(opening: Open) -> None:
    with opening() as site:
        fill(site, 2)
        sent = send(site, 1)
        assert job_control.cancel(site, 1, WISH) == {
            "job": 1,
            "state": "processing",
            "canceled": 1,
            "sending": 1,
            "doubtful": 0,
        }
        spool.settle(site, sent, LabelState.PRINTED)
        assert states(site, 1)[1:] == ["completed", "printed", "not_printed"]


def test_cancel_job_that_has_nothing_to_cancel_is_refused(opening: Open) -> None:
    with opening() as site:
        fill(site, 1)
        cancel = partial(job_control.cancel, site)
        assert refused(partial(cancel, 9, WISH))[:2] == (5001, "There is no job 9.")
        cancel(1, WISH)
        assert refused(partial(cancel, 1, WISH)) == (
            5006,
            "No label of job 1 waits.",
            "Look at it: GET /api/v1/jobs/1, or labeler job show 1.",
        )


class _Busy(Instruction):
    """A wish during which the line goes on."""

    def cause(self, **known: Any) -> Any:
        issuing.issue_labels(self.site, trigger("late", quantity=3))  # type: ignore[attr-defined]
        return super().cause(**known)


def test_labels_that_go_first_and_come_later_keep_none_from_being_moved(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queues, "MOVED_AT_ONCE_MAX", 2)
    fill(site, 3)
    job_control.set_priority(site, 1, WISH, priority=10)
    busy = _Busy(**vars(WISH))
    object.__setattr__(busy, "site", site)
    assert queues.move(site, "zebra-1", busy, to="archive")["moved"] == 3
    assert (len(waiting(site, "archive")), len(waiting(site, "zebra-1"))) == (3, 3)
