"""Labels of a unit that has or had one: the only place that makes the rows of such a job."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from labeler.production import booking, events
from labeler.production.booking import JOB_COLUMNS, LABEL_COLUMNS
from labeler.production.events import Cause
from labeler.production.routing import Way
from labeler.production.site import Site
from labeler.store import Transaction, schema
from labeler.units import JobState, LabelState, rank


@dataclass(frozen=True, kw_only=True)
class Again:
    """Which labels are printed, on which printer, and why."""

    unit_id: int
    run_id: int
    way: Way
    purpose: Literal["reprint", "archive"] = "reprint"
    reason: str
    copies: tuple[int, ...]
    """Of each label, which copy of the unit's label it is; 0 is the label itself."""


def queue(
    transaction: Transaction, site: Site, wanted: Again, *, cause: Cause
) -> tuple[int, Sequence[int]]:
    """Queue labels of a unit as a job of their own; return its id, and theirs in order."""
    count = len(wanted.copies)
    [job_id], label_ids = transaction.next_ids([(schema.job, 1), (schema.label, count)])
    now, printer = site.clock(), wanted.way.printer
    pending, queued = JobState.PENDING.value, LabelState.QUEUED.value
    time = transaction.time(now)
    priority = booking.priority(site, wanted.purpose)
    row = (
        job_id,
        printer,
        wanted.run_id,
        wanted.purpose,
        pending,
        count,
        time,
        priority,
        wanted.way.group,
    )
    transaction.insert_rows(
        schema.job, columns=(*JOB_COLUMNS, "reason"), rows=[(*row, wanted.reason)]
    )
    labels = list(zip(label_ids, wanted.copies, strict=True))
    rows = [
        (label_id, job_id, wanted.unit_id, printer, place, queued, rank(priority), copy)
        for place, (label_id, copy) in enumerate(labels, start=1)
    ]
    transaction.insert_rows(schema.label, columns=(*LABEL_COLUMNS, "copy"), rows=rows)
    for label_id, copy in labels:
        own = Cause(channel=cause.channel, detail={**cause.detail, "copy": copy})
        pairs = [(wanted.unit_id, label_id)]
        events.record_labels(transaction, "reprint_queued", labels=pairs, at=now, cause=own)
    return job_id, label_ids
