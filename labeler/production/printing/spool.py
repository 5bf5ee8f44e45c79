"""The spool: which labels wait, which are on their way, what became of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Row, bindparam, func, select, text

from labeler import __version__
from labeler.errors import ILLEGAL_STEP, NO_SUCH_JOB, Refusal
from labeler.production import events
from labeler.production.events import Cause
from labeler.production.printing import job_states, pausing, rolls, unit_steps
from labeler.production.site import Site
from labeler.store import Transaction, schema
from labeler.units import LEGAL, LabelState

SPOOLER = "spooler"
"""The channel of events that no door caused."""
CANCELED = "canceled by "
"""How job.hold_reason begins while labels of a canceled job are still on their way."""
_CLAIM_SQL = (
    "UPDATE label SET state = ?, odometer = ?, sent_at = ?, language = ?, dpi = ?, "
    "program_version = ?, digest = ? WHERE id = ?"
)
_UNDECIDED = (LabelState.QUEUED, LabelState.HELD, LabelState.DOUBTFUL)
"""States in which nobody knows yet what becomes of a label."""


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
    copy: int
    """Which copy of the unit's label it is; 0 is the label itself."""
    odometer: int | None
    """The printer's label count before this label was sent."""


def waiting(transaction: Transaction, printer: str, *, limit: int) -> list[SpooledLabel]:
    """Return the printer's oldest labels that are queued, in order."""
    query, known = _labels_of(LabelState.QUEUED), {"of_printer": printer, "limit": limit}
    return [_spooled(row) for row in transaction.execute(query.limit(bindparam("limit")), known)]


def waiting_job(
    transaction: Transaction, printer: str, *, limit: int | None = None
) -> list[SpooledLabel]:
    """Return the queued labels of the printer's oldest job that has any, in order."""
    oldest = waiting(transaction, printer, limit=1)
    if not oldest:
        return []
    query = _labels_of(LabelState.QUEUED).where(schema.label.c.job_id == oldest[0].job_id)
    rows = transaction.execute(query.limit(limit), {"of_printer": printer})
    return [_spooled(row) for row in rows]


def unfinished(transaction: Transaction, printer: str) -> list[SpooledLabel]:
    """Return the labels that were on their way when somebody last wrote about them."""
    query = _labels_of(LabelState.SENDING)
    return [_spooled(row) for row in transaction.execute(query, {"of_printer": printer})]


@cache
def _labels_of(state: LabelState) -> Any:
    """Return the query for a printer's labels; built once, since that takes longer than to run."""
    label = schema.label
    # The set of both states is what the partial index label_unsettled_index covers.
    return (
        _select_labels()
        .where(
            label.c.printer == bindparam("of_printer"),
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
            unit.c.position.label("number"), unit.c.allocated_at, job.c.purpose, label.c.copy,
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
        copy=row.copy,
        odometer=row.odometer,
    )


def claim(site: Site, labels: list[tuple[SpooledLabel, str]], *, odometer: int | None) -> bool:
    """Mark queued labels *sending*, durably, before their first byte leaves.

    Each label comes with the SHA-256 of its bytes, which is kept unless a secret is among them: who
    has it could try every secret. ``odometer`` is the printer's label count now, if it has one.
    Returns False, with nothing changed, when somebody else took, held or moved one, or paused the
    printer.
    """

    def work(transaction: Transaction) -> bool:
        spooled = [label for label, _ in labels]
        entry = site.plant.printers[spooled[0].printer]
        if _present(transaction, spooled) != {
            label.id: (LabelState.QUEUED, label.printer) for label in spooled
        }:
            return False
        if pausing.find(transaction, spooled[0].printer) is not None:
            return False
        secret = {
            label.id
            for label in spooled
            if label.purpose != "archive" and site.pinned(transaction, label.run_id).secrets
        }
        sent_at, sending = transaction.time(site.clock()), LabelState.SENDING.value
        made = (entry.language, entry.dpi, __version__)
        rows = [
            (sending, odometer, sent_at, *made, None if label.id in secret else digest, label.id)
            for label, digest in labels
        ]
        transaction.run_many(_CLAIM_SQL, rows)
        job_states.refresh(transaction, [label.job_id for label in spooled], site.clock())
        return True

    return site.store.write(work)


def _present(
    transaction: Transaction, labels: list[SpooledLabel]
) -> dict[int, tuple[LabelState, str]]:
    """Return the labels' present state and printer, and keep others from changing them."""
    where, ids = transaction.one_of([item.id for item in labels])
    rows = transaction.run_sql(
        f"SELECT id, state, printer FROM label WHERE id {where}{transaction.for_update}",  # noqa: S608
        ids,
    )
    return {label_id: (LabelState(state), printer) for label_id, state, printer in rows}


def settle(site: Site, labels: list[SpooledLabel], state: LabelState, **known: Any) -> None:
    """Record what the spooler found out about labels; ``known`` says how it knows.

    A label on the rung that its line asks for makes its unit *encoded*; a scrapped one makes it
    *label_scrapped*. Refuses (5005) a step that `units.LEGAL` does not know.
    """
    settle_all(site, [(labels, state, known)])


def settle_all(
    site: Site, found: Sequence[tuple[list[SpooledLabel], LabelState, Mapping[str, Any]]]
) -> None:
    """Do what ``settle`` does for several groups of labels in one transaction.

    What an odometer says is true of a parcel as a whole: written down by halves, a crash in between
    would leave labels for which it says something else.
    """

    def work(transaction: Transaction) -> None:
        for labels, state, known in groups:
            cause = Cause(channel=SPOOLER, detail=known)
            settle_in(transaction, site, labels, state=state, cause=cause)

    groups = [one for one in found if one[0]]
    if groups:
        site.store.write(work)


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
    settled = None if state in _UNDECIDED else transaction.time(now)
    where, ids = transaction.one_of([label.id for label in labels])
    transaction.run_sql(
        f"UPDATE label SET state = ?, settled_at = ? WHERE id {where}",  # noqa: S608 placeholders
        [state.value, settled, *ids],
    )
    pairs = [(label.unit_id, label.id) for label in labels]
    kind = f"label_{state.value}"
    events.record_labels(transaction, kind, labels=pairs, at=now, cause=cause)
    unit_steps.follow(transaction, site, labels, state=state)
    jobs = [label.job_id for label in labels]
    job_states.refresh(transaction, jobs, now, gave_up=cause.channel == SPOOLER)
    if state == LabelState.QUEUED:
        _keep_back(transaction, site, labels)


def _keep_back(transaction: Transaction, site: Site, labels: list[SpooledLabel]) -> None:
    """Let nothing travel of a job that was held or canceled while its labels were on their way."""
    job = schema.job
    wanted = job.c.id.in_({label.job_id for label in labels}), job.c.hold_reason.is_not(None)
    rows = transaction.execute(select(job.c.id, job.c.hold_reason).where(*wanted)).all()
    for row in rows:
        canceled = row.hold_reason.startswith(CANCELED)
        own = [label for label in labels if label.job_id == row.id]
        state = LabelState.NOT_PRINTED if canceled else LabelState.HELD
        why = f"it came back unsent, and its job was {row.hold_reason}"
        cause = Cause(channel=SPOOLER, detail={"why": why})
        settle_in(transaction, site, own, state=state, cause=cause)
        job_states.refresh(transaction, [row.id], site.clock())  # asked for: nobody gave up


def _refuse_illegal(labels: dict[int, tuple[LabelState, str]], state: LabelState) -> None:
    for label_id, (before, _) in labels.items():
        if state not in LEGAL[before]:
            raise Refusal(
                ILLEGAL_STEP,
                f"Label {label_id} is '{before}' and cannot become '{state}'.",
                hint="Look at it again: somebody was quicker.",
            )


def no_such_job(job_id: int) -> Refusal:
    """Return the refusal (5001) of a job that nobody knows."""
    return Refusal(
        NO_SUCH_JOB,
        f"There is no job {job_id}.",
        hint="The reply to a trigger names its job; GET /api/v1/jobs, "
        "or labeler job list, lists all.",
    )


def job_labels(
    transaction: Transaction, job_id: int, *, locked: bool = False
) -> list[SpooledLabel]:
    """Return the labels of a job in order; refuse (5001) an unknown job.

    ``locked``: nobody else can change them until the transaction ends.
    """
    label = schema.label
    query = _select_labels().where(label.c.job_id == job_id).order_by(label.c.position)
    rows = transaction.execute(query.with_for_update(of=label) if locked else query).all()
    if not rows:
        raise no_such_job(job_id)
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
