"""Hold jobs that a printer or a template refuses, so that the queue goes on without them."""

from collections.abc import Sequence

import structlog
from sqlalchemy import select, update

from labeler.production.events import Cause
from labeler.production.printing import spool
from labeler.production.printing.spooled import SpooledLabel
from labeler.production.site import Site
from labeler.store import Transaction, schema
from labeler.units import LabelState

log = structlog.get_logger(__name__)


def hold_in(
    transaction: Transaction,
    site: Site,
    labels: Sequence[SpooledLabel],
    *,
    reason: str,
    cause: Cause,
) -> None:
    """Hold labels that are queued, and write down why with their jobs.

    Refuses (5005) a label of which something may have left.
    """
    if not labels:
        return
    spool.settle_in(transaction, site, list(labels), state=LabelState.HELD, cause=cause)
    jobs = sorted({label.job_id for label in labels})
    transaction.execute(
        update(schema.job).where(schema.job.c.id.in_(jobs)).values(hold_reason=reason)
    )


def refused(site: Site, printer: str, job_id: int, *, reason: str, tries: int) -> bool:
    """Count that a job was refused; hold what waits of it at ``printer`` after so many tries.

    Returns whether it is held now.
    """
    job = schema.job

    def work(transaction: Transaction) -> bool:
        counted = update(job).where(job.c.id == job_id).values(retry_count=job.c.retry_count + 1)
        transaction.execute(counted)
        query = select(job.c.retry_count).where(job.c.id == job_id)
        count = int(transaction.execute(query).scalar_one())
        if count < tries:
            return False
        waiting = [
            one
            for one in spool.job_labels(transaction, job_id)
            if (one.state, one.printer) == (LabelState.QUEUED, printer)
        ]
        cause = Cause(channel=spool.SPOOLER, detail={"why": reason, "tries": count})
        hold_in(transaction, site, waiting, reason=reason, cause=cause)
        return True

    is_held = site.store.write(work)
    if is_held:
        log.warning("job.held", job=job_id, printer=printer, why=reason)
    return is_held
