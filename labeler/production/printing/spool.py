"""The spool: which labels wait, which are on their way, what became of them.

The spooler calls `claim`, `release` and `settle`; doors show jobs and decide about doubtful labels.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, select, text, update

from labeler import __version__
from labeler.errors import ILLEGAL_STEP, NO_SUCH_JOB, Refusal
from labeler.production import events, remembering
from labeler.production.events import Cause
from labeler.production.printing import rolls
from labeler.production.site import Site
from labeler.store import Transaction, schema
from labeler.units import LEGAL, JobState, LabelState, UnitState, job_state

SPOOLER = "spooler"
"""The channel of events that no door caused."""


@dataclass(frozen=True, kw_only=True)
class SpooledLabel:
    """One label of a job, with what is needed to render it."""

    id: int
    job_id: int
    printer: str
    unit_id: int
    run_id: int
    serial: str
    number: int
    """The unit's place in its run, from 1."""
    allocated_at: datetime
    position: int
    """The label's place in its job, from 1."""
    state: LabelState
    purpose: str
    """print, archive or reprint."""
    odometer: int | None
    """The printer's label count before this label was sent."""


def waiting(transaction: Transaction, printer: str, *, limit: int) -> list[SpooledLabel]:
    """Return the printer's oldest labels that are queued, in order."""
    query = _labels_of(printer, LabelState.QUEUED).limit(limit)
    return [_spooled(row) for row in transaction.execute(query)]


def waiting_job(
    transaction: Transaction, printer: str, *, limit: int | None = None
) -> list[SpooledLabel]:
    """Return the queued labels of the printer's oldest job that has any, in order."""
    oldest = waiting(transaction, printer, limit=1)
    if not oldest:
        return []
    query = _labels_of(printer, LabelState.QUEUED).where(schema.label.c.job_id == oldest[0].job_id)
    return [_spooled(row) for row in transaction.execute(query.limit(limit))]


def unfinished(transaction: Transaction, printer: str) -> list[SpooledLabel]:
    """Return the labels that were on their way when somebody last wrote about them."""
    query = _labels_of(printer, LabelState.SENDING)
    return [_spooled(row) for row in transaction.execute(query)]


def _labels_of(printer: str, state: LabelState) -> Any:
    label = schema.label
    # The set of both states is what the partial index label_unsettled_index covers.
    return (
        _select_labels()
        .where(
            label.c.printer == printer,
            label.c.state == state.value,
            text("label.state IN ('queued', 'sending')"),
        )
        .order_by(label.c.rank, label.c.id)
    )


def _select_labels() -> Any:
    label, unit, job = schema.label, schema.unit, schema.job
    return (
        select(
            label.c.id, label.c.job_id, label.c.printer, label.c.unit_id, label.c.state,
            label.c.odometer, label.c.position, unit.c.run_id, unit.c.serial,
            unit.c.position.label("number"), unit.c.allocated_at, job.c.purpose,
        )
        .join(unit, unit.c.id == label.c.unit_id)
        .join(job, job.c.id == label.c.job_id)
    )  # fmt: skip


def _spooled(row: Row[Any]) -> SpooledLabel:
    return SpooledLabel(
        id=row.id,
        job_id=row.job_id,
        printer=row.printer,
        unit_id=row.unit_id,
        run_id=row.run_id,
        serial=row.serial,
        number=row.number,
        allocated_at=row.allocated_at,
        position=row.position,
        state=LabelState(row.state),
        purpose=row.purpose,
        odometer=row.odometer,
    )


def claim(site: Site, labels: list[tuple[SpooledLabel, str]], *, odometer: int | None) -> bool:
    """Mark queued labels *sending*, durably, before their first byte leaves.

    Each label comes with the SHA-256 of its bytes, which is kept unless a secret is among them: who
    has it could try every secret. ``odometer`` is the printer's label count now, if it has one.
    Returns False, with nothing changed, when somebody else took or moved one.
    """

    def work(transaction: Transaction) -> bool:
        spooled = [label for label, _ in labels]
        entry = site.plant.printers[spooled[0].printer]
        if _present(transaction, spooled) != {
            label.id: (LabelState.QUEUED, label.printer) for label in spooled
        }:
            return False
        secret = {
            label.id
            for label in spooled
            if label.purpose != "archive" and site.pinned(transaction, label.run_id).secrets
        }
        transaction.connection.execute(
            update(schema.label)
            .where(schema.label.c.id == bindparam("label_id"))
            .values(
                state=LabelState.SENDING.value,
                odometer=odometer,
                sent_at=site.clock(),
                digest=bindparam("digest"),
                language=entry.language,
                dpi=entry.dpi,
                program_version=__version__,
            ),
            [
                {"label_id": label.id, "digest": None if label.id in secret else digest}
                for label, digest in labels
            ],
        )
        _refresh_jobs(transaction, spooled, site.clock())
        return True

    return site.store.write(work)


def _present(
    transaction: Transaction, labels: list[SpooledLabel]
) -> dict[int, tuple[LabelState, str]]:
    """Return the labels' present state and printer, and keep others from changing them."""
    label = schema.label
    rows = transaction.execute(
        select(label.c.id, label.c.state, label.c.printer)
        .where(label.c.id.in_([item.id for item in labels]))
        .with_for_update()
    )
    return {row.id: (LabelState(row.state), row.printer) for row in rows}


def settle(site: Site, labels: list[SpooledLabel], state: LabelState, **known: Any) -> None:
    """Record what the spooler found out about labels; ``known`` says how it knows.

    A label known to be printed makes its unit *encoded*; a scrapped one makes it *label_scrapped*.
    Refuses (5005) a step that `units.LEGAL` does not know.
    """
    if labels:
        cause = Cause(channel=SPOOLER, detail=known)
        site.store.write(
            lambda transaction: settle_in(transaction, site, labels, state=state, cause=cause)
        )


def settle_in(
    transaction: Transaction,
    site: Site,
    labels: list[SpooledLabel],
    *,
    state: LabelState,
    cause: Cause,
) -> None:
    """Do what ``settle`` does inside a transaction that does more, on somebody else's word."""
    now = site.clock()
    present = _present(transaction, labels)
    _refuse_illegal(present, state)
    if state != LabelState.QUEUED:
        out = [one for one in labels if present[one.id][0] == LabelState.SENDING]
        rolls.count(transaction, site, out, known=cause.detail)
    settled = None if state in (LabelState.QUEUED, LabelState.DOUBTFUL) else now
    transaction.execute(
        update(schema.label)
        .where(schema.label.c.id.in_([label.id for label in labels]))
        .values(state=state.value, settled_at=settled)
    )
    pairs = [(label.unit_id, label.id) for label in labels]
    kind = f"label_{state.value}"
    events.record_labels(transaction, kind, labels=pairs, at=now, cause=cause)
    unit_state = _UNIT_STATES.get(state)
    units = [label.unit_id for label in labels if label.purpose != "archive"]
    if unit_state and units:
        transaction.execute(
            update(schema.unit).where(schema.unit.c.id.in_(units)).values(state=unit_state.value)
        )
    if units and state in remembering.FORGETS:
        remembering.forget(transaction, units)
    _refresh_jobs(transaction, labels, now, gave_up=cause.channel == SPOOLER)


def _refuse_illegal(labels: dict[int, tuple[LabelState, str]], state: LabelState) -> None:
    for label_id, (before, _) in labels.items():
        if state not in LEGAL[before]:
            raise Refusal(
                ILLEGAL_STEP,
                f"Label {label_id} is '{before}' and cannot become '{state}'.",
                hint="Look at it again: somebody was quicker.",
            )


_UNIT_STATES = {
    LabelState.PRINTED: UnitState.ENCODED,
    LabelState.VERIFIED: UnitState.ENCODED,
    LabelState.SCRAPPED: UnitState.LABEL_SCRAPPED,
}


def _refresh_jobs(
    transaction: Transaction, labels: list[SpooledLabel], now: datetime, *, gave_up: bool = False
) -> None:
    """Bring the state of the labels' jobs in line with their labels."""
    job_ids = sorted({label.job_id for label in labels})
    found: dict[int, set[LabelState]] = {job_id: set() for job_id in job_ids}
    rows = transaction.execute(
        select(schema.label.c.job_id, schema.label.c.state)
        .where(schema.label.c.job_id.in_(job_ids))
        .distinct()
    )
    for row in rows:
        found[row[0]].add(LabelState(row[1]))
    by_state: dict[JobState, list[int]] = {}
    for job_id, states in found.items():
        by_state.setdefault(job_state(frozenset(states), gave_up=gave_up), []).append(job_id)
    for state, ids in by_state.items():
        ended = state in (JobState.COMPLETED, JobState.CANCELED, JobState.ABORTED)
        transaction.execute(
            update(schema.job)
            .where(schema.job.c.id.in_(ids))
            .values(state=state.value, settled_at=now if ended else None)
        )


def show_job(transaction: Transaction, job_id: int) -> dict[str, Any]:
    """Return one job with its labels; refuse (5001) an unknown one."""
    row = transaction.execute(select(schema.job).where(schema.job.c.id == job_id)).one_or_none()
    if row is None:
        raise Refusal(
            NO_SUCH_JOB, f"There is no job {job_id}.", hint="The reply to a trigger names its job."
        )
    label, unit = schema.label, schema.unit
    labels = transaction.execute(
        select(
            label.c.id, label.c.position, unit.c.serial, label.c.printer, label.c.state,
            label.c.sent_at, label.c.settled_at, label.c.digest,
        )
        .join(unit, unit.c.id == label.c.unit_id)
        .where(label.c.job_id == job_id)
        .order_by(label.c.position)
    )  # fmt: skip
    return {**row._mapping, "labels": [dict(found._mapping) for found in labels]}


def job_labels(transaction: Transaction, job_id: int) -> list[SpooledLabel]:
    """Return the labels of a job in order, for rendering; refuse (5001) an unknown job."""
    rows = transaction.execute(
        _select_labels().where(schema.label.c.job_id == job_id).order_by(schema.label.c.position)
    ).all()
    if not rows:
        show_job(transaction, job_id)
    return [_spooled(row) for row in rows]


def find_label(transaction: Transaction, label_id: int) -> SpooledLabel | None:
    """Return one label, or None; nobody else can change it until the transaction ends."""
    query = _select_labels().where(schema.label.c.id == label_id)
    row = transaction.execute(query.with_for_update(of=schema.label)).one_or_none()
    return _spooled(row) if row is not None else None


def queue_lengths(transaction: Transaction) -> dict[str, int]:
    """Return for each printer how many labels wait or are on their way."""
    label = schema.label
    rows = transaction.execute(
        select(label.c.printer, func.count())
        # In these words the partial index label_unsettled_index covers it.
        .where(text("label.state IN ('queued', 'sending')"))
        .group_by(label.c.printer)
    )
    return {row[0]: row[1] for row in rows}
