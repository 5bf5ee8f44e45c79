"""Two processes on one PostgreSQL database lock what they change in one order."""

import contextlib
import threading
import time
from pathlib import Path

from sqlalchemy import update

from labeler.errors import Refusal
from labeler.production import issuing, runs
from labeler.production.printing import holding, spool
from labeler.production.site import Site
from labeler.store import Transaction, schema
from labeler.units import LabelState
from tests import plants
from tests.plants import order, trigger
from tests.production.record import issue, job
from tests.production.test_issuing_together import deadlocks
from tests.production.verified import verify


def test_printer_that_refuses_a_job_and_a_person_who_cancels_it_do_not_wait_for_each_other(
    tmp_path: Path, postgres_url: str
) -> None:
    path = plants.write_site(tmp_path, database=postgres_url)
    has_labels, refusing = threading.Event(), threading.Event()

    def cancel(transaction: Transaction) -> None:
        spool.job_labels(transaction, 1, locked=True)
        has_labels.set()
        refusing.wait(10)
        time.sleep(0.3)  # until the other one waits for us
        values = update(schema.job).where(schema.job.c.id == 1).values(reason="canceled")
        transaction.execute(values)

    def refuse(site: Site) -> None:
        has_labels.wait(10)
        refusing.set()
        holding.refused(site, "zebra-1", 1, reason="no PDF", tries=1)

    with plants.together(path, 2) as (first, second):
        runs.open_run(first.site, order())
        issue(first.site, trigger("k1", quantity=2))
        other = threading.Thread(target=refuse, args=[second.site])
        other.start()
        first.site.store.write(cancel)
        other.join()
        found = job(first.site, 1)
    assert (found["state"], found["hold_reason"], found["reason"]) == ("held", "no PDF", "canceled")
    assert deadlocks(postgres_url) == 0


def test_parcel_that_follows_and_a_queue_that_is_moved_do_not_wait_for_each_other(
    tmp_path: Path, postgres_url: str
) -> None:
    path = plants.write_site(tmp_path, database=postgres_url)
    has_label = threading.Event()

    def move(transaction: Transaction) -> None:  # as queues.relocate does it, but slowly
        label, job = schema.label, schema.job
        transaction.execute(update(label).where(label.c.id == 2).values(printer="archive"))
        has_label.set()
        time.sleep(0.5)  # until the other one waits for us
        transaction.execute(update(job).where(job.c.id == 1).values(printer="archive"))

    with plants.together(path, 2) as (first, second):
        runs.open_run(first.site, order())
        issue(first.site, trigger("k1", quantity=2))
        with first.site.store.read() as transaction:
            one, other = spool.waiting(transaction, "zebra-1", limit=2)
        spool.claim(first.site, [(one, "d" * 64)], odometer=0)
        mover = threading.Thread(target=lambda: second.site.store.write(move))
        mover.start()
        has_label.wait(10)
        found = [([one], LabelState.PRINTED, {"odometer_before": 0, "odometer_after": 1})]
        digests = [(other, "d" * 64)]
        with contextlib.suppress(Refusal):
            assert not spool.settle_and_claim(first.site, found, digests, odometer=1)
        mover.join()
    assert deadlocks(postgres_url) == 0


def test_scan_is_written_while_another_process_issues_from_its_run(
    tmp_path: Path, postgres_url: str
) -> None:
    path = plants.write_site(tmp_path, database=postgres_url)
    has_run, is_written = threading.Event(), threading.Event()
    waited: list[bool] = []

    def hold_run(transaction: Transaction) -> None:
        issuing._lock_lines(transaction, ["line-1"])
        has_run.set()
        waited.append(is_written.wait(10))

    with plants.together(path, 2) as (first, second):
        runs.open_run(first.site, order())
        issue(first.site, trigger("k1", print=False))
        holder = threading.Thread(target=lambda: first.site.store.write(hold_run, locks=True))
        holder.start()
        has_run.wait(10)
        assert verify(second.site)["verdict"] == "ok"
        is_written.set()
        holder.join()
    assert waited == [True]
