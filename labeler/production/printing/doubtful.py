"""Doubtful labels: they may exist or not. A person looks, and decides; we never resend blindly."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select, text

from labeler.errors import NO_SUCH_LABEL, NOT_DOUBTFUL, Refusal
from labeler.production import booking, events
from labeler.production.events import Cause
from labeler.production.printing import spool
from labeler.production.site import Site
from labeler.store import Transaction, schema
from labeler.units import JobState, LabelState


class Decision(StrEnum):
    """What a person found."""

    PRINTED = "printed"
    """The label is there and readable."""
    PRINT_AGAIN = "print_again"
    """It is surely not there: print the same serial once more."""
    SCRAP = "scrap"
    """Give the label and its serial up."""


_STATES = {
    Decision.PRINTED: LabelState.PRINTED,
    Decision.PRINT_AGAIN: LabelState.NOT_PRINTED,
    Decision.SCRAP: LabelState.SCRAPPED,
}


def list_doubtful(
    transaction: Transaction, *, after: int | None = None, limit: int = 50
) -> list[dict[str, Any]]:
    """Return labels that wait for a decision, the oldest first.

    ``after`` is the last id of the page before.
    """
    label, unit = schema.label, schema.unit
    query = (
        select(
            label.c.id, label.c.job_id.label("job"), label.c.printer, unit.c.serial,
            unit.c.run_id.label("run"), label.c.odometer, label.c.sent_at,
        )
        .join(unit, unit.c.id == label.c.unit_id)
        # In these words the partial index label_doubtful_index covers it.
        .where(text("label.state = 'doubtful'"))
        .order_by(label.c.id)
        .limit(limit)
    )  # fmt: skip
    if after is not None:
        query = query.where(label.c.id > after)
    return [dict(row._mapping) for row in transaction.execute(query)]


def counts(transaction: Transaction) -> dict[str, int]:
    """Return for each printer how many of its labels wait for a decision."""
    rows = transaction.execute(
        select(schema.label.c.printer, func.count())
        # In these words the partial index label_doubtful_index covers it.
        .where(text("label.state = 'doubtful'"))
        .group_by(schema.label.c.printer)
    )
    return {row[0]: row[1] for row in rows}


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a person found when they looked."""

    decision: Decision
    reason: str
    operator: str
    channel: str


def decide(site: Site, label_id: int, finding: Finding) -> dict[str, Any]:
    """Record what a person found out about a doubtful label; print it again if that was said.

    Returns {label, state, job}: `job` is the new print job, or None. Refuses an unknown label
    (5002) and one that is not doubtful (5003).
    """
    state = _STATES[finding.decision]
    detail = {"reason": finding.reason, "operator": finding.operator}
    cause = Cause(channel=finding.channel, detail={"decision": finding.decision.value, **detail})

    def work(transaction: Transaction) -> tuple[str, dict[str, Any]]:
        label = _doubtful_label(transaction, label_id)
        printer = _printer(transaction, label.job_id)
        spool.settle_in(transaction, site, [label], state=state, cause=cause)
        job = None
        if state == LabelState.NOT_PRINTED:
            job = _reprint(transaction, site, label, printer=printer, cause=cause)
        return printer, {"label": label_id, "state": state.value, "job": job}

    printer, outcome = site.store.write(work)
    site.wake(printer)
    return outcome


def _doubtful_label(transaction: Transaction, label_id: int) -> spool.SpooledLabel:
    label = spool.find_label(transaction, label_id)
    if label is None:
        raise Refusal(
            NO_SUCH_LABEL, f"There is no label {label_id}.", hint="List them: GET /api/v1/doubtful."
        )
    if label.state != LabelState.DOUBTFUL:
        raise Refusal(
            NOT_DOUBTFUL,
            f"Label {label_id} of serial '{label.serial}' is '{label.state}', not doubtful.",
            hint="Nothing needs deciding.",
        )
    return label


def _printer(transaction: Transaction, job_id: int) -> str:
    query = select(schema.job.c.printer).where(schema.job.c.id == job_id)
    return str(transaction.execute(query).scalar_one())


def _reprint(
    transaction: Transaction,
    site: Site,
    label: spool.SpooledLabel,
    *,
    printer: str,
    cause: Cause,
) -> int:
    """Queue the same serial once more, as a job of its own; return the job's id."""
    jobs, labels = transaction.next_ids([(schema.job, 1), (schema.label, 1)])
    now = site.clock()
    pending = JobState.PENDING.value
    # A document printed again says no more of the unit than the first one did.
    purpose = "archive" if label.purpose == "archive" else "reprint"
    job = (jobs[0], printer, label.run_id, purpose, pending, 1, transaction.time(now), None)
    transaction.insert_rows(schema.job, columns=booking.JOB_COLUMNS, rows=[job])
    again = (labels[0], jobs[0], label.unit_id, printer, 1, LabelState.QUEUED.value)
    transaction.insert_rows(schema.label, columns=booking.LABEL_COLUMNS, rows=[again])
    pairs = [(label.unit_id, labels[0])]
    events.record_labels(transaction, "reprint_queued", labels=pairs, at=now, cause=cause)
    return jobs[0]
