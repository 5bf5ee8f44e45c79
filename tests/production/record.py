"""What the verbs' tests ask the record, and how they do things at one moment."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select

from labeler.errors import Refusal
from labeler.production import issuing, runs
from labeler.production.booking import Reply, Trigger
from labeler.production.printing import jobs
from labeler.production.site import Site
from labeler.serials import parse_pattern
from labeler.store import schema
from labeler.store.guard import COPY, SITE
from tests import plants

SERIES = parse_pattern(plants.PATTERN)


def serials(first: int, count: int = 1) -> tuple[str, ...]:
    """Return the plant's serials from number ``first`` at NOON."""
    return tuple(SERIES.format(counter=n, at=plants.NOON) for n in range(first, first + count))


def refused(work: Callable[[], Any]) -> tuple[int, str, str]:
    """Return number, sentence and hint of what ``work`` is refused with."""
    with pytest.raises(Refusal) as caught:
        work()
    return caught.value.kind.number, caught.value.sentence, caught.value.hint


def issue(site: Site, wanted: Trigger) -> Reply:
    """Serve one trigger."""
    return issuing.issue_labels(site, wanted)


def refusal(site: Site, wanted: Trigger) -> tuple[int, str, str]:
    """Return number, sentence and hint of what a trigger is refused with."""
    return refused(partial(issue, site, wanted))


def rows(site: Site, table: Any) -> int:
    """Return how many rows a table has."""
    with site.store.read() as transaction:
        return int(transaction.execute(select(func.count()).select_from(table)).scalar_one())


def settings(site: Site) -> list[str]:
    """Return what the site fixed for good, but for its high-water mark."""
    query = select(schema.site_setting.c.name).order_by(schema.site_setting.c.name)
    with site.store.read() as transaction:
        names = transaction.execute(query).scalars().all()
    return [name for name in names if name != SITE and not name.startswith(COPY)]


def next_number(site: Site) -> int:
    """Return the next number of the only series."""
    with site.store.read() as transaction:
        return int(transaction.execute(select(schema.series_counter.c.next)).scalar_one())


def run(site: Site, run_id: int) -> dict[str, Any]:
    """Return one run."""
    with site.store.read() as transaction:
        return runs.show(transaction, run_id)


def job(site: Site, job_id: int) -> dict[str, Any]:
    """Return one job."""
    with site.store.read() as transaction:
        return jobs.show_job(transaction, job_id)


def at_once(works: list[Callable[[], Any]]) -> list[Any]:
    """Do all at the same time; return what each gave or was refused with."""
    outcomes: list[Any] = [None] * len(works)
    start = threading.Barrier(len(works))

    def work(index: int) -> None:
        start.wait(30)
        try:
            outcomes[index] = works[index]()
        except Refusal as refusal:
            outcomes[index] = refusal

    threads = [threading.Thread(target=work, args=(index,)) for index in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
