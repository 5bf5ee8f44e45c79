"""Take labels out of the queue: nobody else can, and the record knows before a byte leaves."""

from labeler import __version__
from labeler.production.printing import job_states, pausing
from labeler.production.printing.spooled import SpooledLabel
from labeler.production.site import Site
from labeler.store import Transaction
from labeler.units import LabelState

_CLAIM_SQL = (
    "UPDATE label SET state = ?, odometer = ?, sent_at = ?, language = ?, dpi = ?, "
    "program_version = ?, digest = ? WHERE id = ?"
)


def claim_in(
    transaction: Transaction,
    *,
    site: Site,
    labels: list[tuple[SpooledLabel, str]],
    odometer: int | None,
) -> bool:
    """Mark queued labels *sending*, each given with the digest to keep of it; see `spool.claim`.

    Returns False, with nothing changed, when one is not queued here, or the printer is paused.
    """
    spooled = [label for label, _ in labels]
    entry = site.plant.printers[spooled[0].printer]
    if not are_queued(transaction, spooled):
        return False
    if pausing.find(transaction, spooled[0].printer) is not None:
        return False
    runs = {label.run_id for label in spooled}
    secretive = {run for run in runs if site.pinned(transaction, run).secrets}
    made = (entry.language, entry.dpi, __version__)
    sent = (LabelState.SENDING.value, odometer, transaction.time(site.clock()), *made)
    rows = []
    for label, digest in labels:
        is_secret = label.run_id in secretive and label.purpose != "archive"
        rows.append((*sent, None if is_secret else digest, label.id))
    transaction.run_many(_CLAIM_SQL, rows)
    job_states.begun(transaction, [label.job_id for label in spooled])
    return True


def are_queued(transaction: Transaction, labels: list[SpooledLabel]) -> bool:
    """Return whether all of them still wait for the printer they waited for."""
    queued = {label.id: (LabelState.QUEUED, label.printer) for label in labels}
    return present(transaction, labels) == queued


def present(
    transaction: Transaction, labels: list[SpooledLabel]
) -> dict[int, tuple[LabelState, str]]:
    """Return the labels' present state and printer, and keep others from changing them."""
    where, ids = transaction.one_of([item.id for item in labels])
    lock = transaction.for_update
    rows = transaction.run_sql(
        f"SELECT id, state, printer FROM label WHERE id {where} ORDER BY id{lock}",  # noqa: S608
        ids,
    )
    return {label_id: (LabelState(state), printer) for label_id, state, printer in rows}
