"""The spool: which labels wait, which are on their way, what became of them."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import select

from labeler.errors import ILLEGAL_STEP, NO_SUCH_JOB, Refusal
from labeler.production import events
from labeler.production.events import Cause
from labeler.production.printing import claiming, job_states, rolls, unit_steps
from labeler.production.printing.spooled import SpooledLabel
from labeler.production.site import Site
from labeler.store import Transaction, schema
from labeler.units import GONE, LEGAL, ON_WORD, LabelState

SPOOLER = "spooler"
"""The channel of events that no door caused."""
_UNDECIDED = (LabelState.QUEUED, LabelState.HELD, LabelState.DOUBTFUL)
"""States in which nobody knows yet what becomes of a label."""


_ALL = 2**31 - 1
_LABELS_SQL = (
    "SELECT label.id, job_id, label.printer, unit_id, unit.run_id, serial, unit.position, "
    "allocated_at, label.position, label.state, purpose, copy, odometer FROM label "
    "JOIN unit ON unit.id = unit_id JOIN job ON job.id = job_id WHERE "
)
_UNSETTLED_SQL = (
    # The set of both states is what the partial index label_unsettled_index covers.
    "label.printer = ? AND label.state = ? AND label.state IN ('queued', 'sending')"
)
_ONE_WAITS_SQL = f"SELECT 1 FROM label WHERE {_UNSETTLED_SQL} LIMIT 1"  # noqa: S608 our own words
Finding = tuple[list[SpooledLabel], LabelState, Mapping[str, Any]]
"""Labels, what became of them, and how we know."""


def waiting(transaction: Transaction, printer: str, *, limit: int) -> list[SpooledLabel]:
    """Return the printer's oldest labels that are queued, in order."""
    known = (printer, LabelState.QUEUED.value, limit)
    return _labels(transaction, f"{_UNSETTLED_SQL} ORDER BY rank, label.id LIMIT ?", known)


def has_waiting(transaction: Transaction, printer: str) -> bool:
    """Return whether any label of the printer is queued."""
    known = (printer, LabelState.QUEUED.value)
    return bool(transaction.run_sql(_ONE_WAITS_SQL, known))


def waiting_job(
    transaction: Transaction, printer: str, *, limit: int | None = None
) -> list[SpooledLabel]:
    """Return the queued labels of the printer's oldest job that has any, in order."""
    oldest = waiting(transaction, printer, limit=1)
    if not oldest:
        return []
    where = f"{_UNSETTLED_SQL} AND job_id = ? ORDER BY rank, label.id LIMIT ?"
    known = (printer, LabelState.QUEUED.value, oldest[0].job_id, limit or _ALL)
    return _labels(transaction, where, known)


def unfinished(transaction: Transaction, printer: str) -> list[SpooledLabel]:
    """Return the labels that were on their way when somebody last wrote about them."""
    known = (printer, LabelState.SENDING.value)
    return _labels(transaction, f"{_UNSETTLED_SQL} ORDER BY rank, label.id", known)


def _labels(transaction: Transaction, where: str, known: Sequence[Any]) -> list[SpooledLabel]:
    """Return the labels that ``where`` picks, and puts in order; ``known`` are its values."""
    rows = transaction.run_sql(_LABELS_SQL + where, known)
    return [
        SpooledLabel(
            id=label_id,
            job_id=job_id,
            printer=printer,
            unit_id=unit_id,
            run_id=run_id,
            serial=serial,
            number=number,
            allocated_at=transaction.moment(allocated_at),
            position=position,
            state=LabelState(state),
            purpose=purpose,
            copy=copy,
            odometer=odometer,
        )
        for (
            label_id, job_id, printer, unit_id, run_id, serial, number, allocated_at, position,
            state, purpose, copy, odometer,
        ) in rows
    ]  # fmt: skip


def claim(site: Site, labels: list[tuple[SpooledLabel, str]], *, odometer: int | None) -> bool:
    """Mark queued labels *sending*, durably, before their first byte leaves.

    Each label comes with the SHA-256 of its bytes, which is kept unless a secret is among them: who
    has it could try every secret. ``odometer`` is the printer's label count now, if it has one.
    Returns False, with nothing changed, when somebody else took, held or moved one, or paused the
    printer.
    """
    return site.store.write(partial(claiming.claim_in, site=site, labels=labels, odometer=odometer))


def settle_and_claim(
    site: Site,
    found: Sequence[Finding],
    labels: list[tuple[SpooledLabel, str]],
    *,
    odometer: int | None,
) -> bool:
    """Do ``settle_all``, then ``claim``, in one transaction: one parcel ends, the next one begins.

    Returns False when only the former could be done. That is so, too, when these labels were made
    ready a while ago and others go before them by now.
    """

    def work(transaction: Transaction) -> bool:
        if transaction.for_update:  # all labels, then their jobs, as everybody locks them
            settled = [label for some, _, _ in found for label in some]
            claiming.present(transaction, [*settled, *(label for label, _ in labels)])
        _settle_all(transaction, site, found)
        first = waiting(transaction, labels[0][0].printer, limit=1)
        if [one.id for one in first] != [labels[0][0].id]:
            return False
        return claiming.claim_in(transaction, site=site, labels=labels, odometer=odometer)

    return site.store.write(work)


def settle(site: Site, labels: list[SpooledLabel], state: LabelState, **known: Any) -> None:
    """Record what the spooler found out about labels; ``known`` says how it knows.

    A label on the rung that its line asks for makes its unit *encoded*; a scrapped one,
    but for a copy, makes it *label_scrapped*. Refuses (5005) a step that `units.LEGAL` has not.
    """
    settle_all(site, [(labels, state, known)])


def settle_all(site: Site, found: Sequence[Finding]) -> None:
    """Do what ``settle`` does for several groups of labels in one transaction.

    What an odometer says is true of a parcel as a whole: written down by halves, a crash in between
    would leave labels for which it says something else.
    """
    if any(labels for labels, _, _ in found):
        site.store.write(partial(_settle_all, site=site, found=found))


def _settle_all(transaction: Transaction, site: Site, found: Sequence[Finding]) -> None:
    for labels, state, known in found:
        if labels:
            cause = Cause(channel=SPOOLER, detail=known)
            settle_in(transaction, site, labels, state=state, cause=cause)


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
    present = claiming.present(transaction, labels)
    _refuse_illegal(present, state, on_word=cause.channel != SPOOLER)
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
    unit_steps.follow(transaction, site, labels, state=state, cause=cause)
    jobs = [label.job_id for label in labels]
    job_states.refresh(transaction, jobs, now, gave_up=cause.channel == SPOOLER)
    if state == LabelState.QUEUED:
        _keep_back(transaction, site, labels)


def set_aside(site: Site, label: SpooledLabel, *, why: str) -> None:
    """Take a label out of its printer's queue that cannot draw it, unless it has left it."""

    def work(transaction: Transaction) -> None:
        if claiming.are_queued(transaction, [label]):
            cause = Cause(channel=SPOOLER, detail={"why": why})
            settle_in(transaction, site, [label], state=LabelState.NOT_PRINTED, cause=cause)

    site.store.write(work)


def _keep_back(transaction: Transaction, site: Site, labels: list[SpooledLabel]) -> None:
    """Let nothing travel that was given up while it was on its way, and came back unsent."""
    spent = _spent(transaction, labels)
    if spent:
        cause = Cause(channel=SPOOLER, detail={"why": "it came back unsent, its serial given up"})
        settle_in(transaction, site, spent, state=LabelState.NOT_PRINTED, cause=cause)
    _keep_jobs_back(transaction, site, [one for one in labels if one not in spent])


def _spent(transaction: Transaction, labels: list[SpooledLabel]) -> list[SpooledLabel]:
    """Return those whose units will never need a label again; documents may show such units."""
    unit = schema.unit
    wanted = unit.c.id.in_({label.unit_id for label in labels})
    query = select(unit.c.id).where(wanted, unit.c.state.in_(GONE))
    spent = {row.id for row in transaction.execute(query)}
    return [one for one in labels if one.unit_id in spent and one.purpose != "archive"]


def _keep_jobs_back(transaction: Transaction, site: Site, labels: list[SpooledLabel]) -> None:
    """Let nothing travel of a job that was held or canceled while its labels were on their way."""
    job = schema.job
    wanted = job.c.id.in_({label.job_id for label in labels}), job.c.hold_reason.is_not(None)
    rows = transaction.execute(
        select(job.c.id, job.c.hold_reason, job.c.cancel_unsent).where(*wanted)
    ).all()
    for row in rows:
        own = [label for label in labels if label.job_id == row.id]
        state = LabelState.NOT_PRINTED if row.cancel_unsent else LabelState.HELD
        why = f"it came back unsent, and its job was {row.hold_reason}"
        cause = Cause(channel=SPOOLER, detail={"why": why})
        settle_in(transaction, site, own, state=state, cause=cause)
        job_states.refresh(transaction, [row.id], site.clock())  # asked for: nobody gave up


def _refuse_illegal(
    labels: dict[int, tuple[LabelState, str]], state: LabelState, *, on_word: bool
) -> None:
    for label_id, (before, _) in labels.items():
        if state not in LEGAL[before] and not (on_word and state in ON_WORD.get(before, ())):
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
    lock = transaction.for_update_of("label") if locked else ""
    where = f"label.job_id = ? ORDER BY label.position{lock}"
    labels = _labels(transaction, where, (job_id,))
    if not labels:
        raise no_such_job(job_id)
    return labels


def find_label(transaction: Transaction, label_id: int) -> SpooledLabel | None:
    """Return one label, or None; nobody else can change it until the transaction ends."""
    lock = transaction.for_update_of("label")
    found = _labels(transaction, f"label.id = ?{lock}", (label_id,))
    return found[0] if found else None
