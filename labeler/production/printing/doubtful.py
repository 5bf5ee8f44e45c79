"""Doubtful labels: they may exist or not. A person looks, and decides; we never resend blindly."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select, text

from labeler.errors import NO_SUCH_LABEL, NOT_DOUBTFUL, Refusal
from labeler.production import routing
from labeler.production.events import Cause
from labeler.production.printing import advice, again, reprint_rules, spool
from labeler.production.printing.again import Again
from labeler.production.printing.spooled import SpooledLabel
from labeler.production.routing import Way
from labeler.production.site import Site
from labeler.store import Transaction, schema
from labeler.units import LabelState


class Decision(StrEnum):
    """What a person found."""

    PRINTED = "printed"
    """The label is there and readable."""
    PRINT_AGAIN = "print_again"
    """It is surely not there: print the same serial once more."""
    SCRAP = "scrap"
    """Give the label up; its serial, too, unless it is a copy."""


_STATES = {
    Decision.PRINTED: LabelState.PRINTED,
    Decision.PRINT_AGAIN: LabelState.NOT_PRINTED,
    Decision.SCRAP: LabelState.SCRAPPED,
}
_WAITING = (LabelState.QUEUED.value, LabelState.HELD.value)
"""Nothing of such a label has left us."""


def list_doubtful(
    transaction: Transaction,
    *,
    after: int | None = None,
    limit: int = 50,
    printers: Collection[str] | None = None,
) -> list[dict[str, Any]]:
    """Return labels that wait for a decision, the oldest first, with what is known of each.

    ``after`` is the last id of the page before; ``printers`` says of which; None: of all.
    """
    label, unit = schema.label, schema.unit
    query = (
        select(
            label.c.id, label.c.job_id.label("job"), label.c.printer, unit.c.serial,
            unit.c.run_id.label("run"), label.c.odometer, label.c.sent_at, label.c.unit_id,
        )
        .join(unit, unit.c.id == label.c.unit_id)
        # In these words the partial index label_doubtful_index covers it.
        .where(text("label.state = 'doubtful'"))
        .order_by(label.c.id)
        .limit(limit)
    )  # fmt: skip
    if after is not None:
        query = query.where(label.c.id > after)
    if printers is not None:
        query = query.where(label.c.printer.in_(printers))
    rows = [dict(row._mapping) for row in transaction.execute(query)]
    known = advice.of(transaction, [(row.pop("unit_id"), row["id"]) for row in rows])
    return [{**row, **known[row["id"]]} for row in rows]


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

    @property
    def cause(self) -> Cause:
        """What the record says of it."""
        said = {"reason": self.reason, "operator": self.operator}
        return Cause(channel=self.channel, detail={"decision": self.decision.value, **said})


def decide(site: Site, label_id: int, finding: Finding) -> dict[str, Any]:
    """Record what a person found out about a doubtful label; print it again if that was said.

    Who scraps the label itself gives its serial up: copies that wait are not printed any more.

    Returns {label, state, job}: `job` is the new print job, or None. Refuses an unknown label
    (5002), one that is not doubtful (5003), and to print a serial again that is spent (5021).
    """
    state, cause = _STATES[finding.decision], finding.cause

    def work(transaction: Transaction) -> tuple[str, dict[str, Any]]:
        label = _doubtful_label(transaction, label_id)
        if finding.decision == Decision.PRINT_AGAIN:
            _require_due(transaction, label)
        # Labels first, as everybody locks them: then their jobs, then their units.
        spent = _waiting_beside(transaction, label) if state == LabelState.SCRAPPED else []
        spool.settle_in(transaction, site, [label], state=state, cause=cause)
        if spent:
            _give_up(transaction, site, spent, scrapped=label, cause=cause)
        printer, job = label.printer, None
        if state == LabelState.NOT_PRINTED:
            way = _way(transaction, site, label)
            printer = way.printer
            job = _print_again(transaction, site, label, way=way, finding=finding)
        return printer, {"label": label_id, "state": state.value, "job": job}

    printer, outcome = site.store.write(work, locks=True)
    site.wake(printer)
    return outcome


def _doubtful_label(transaction: Transaction, label_id: int) -> SpooledLabel:
    label = spool.find_label(transaction, label_id)
    if label is None:
        raise Refusal(
            NO_SUCH_LABEL,
            f"There is no label {label_id}.",
            hint="List them: GET /api/v1/doubtful, or labeler doubtful list.",
        )
    if label.state != LabelState.DOUBTFUL:
        raise Refusal(
            NOT_DOUBTFUL,
            f"Label {label_id} of serial '{label.serial}' is '{label.state}', not doubtful.",
            hint="Nothing needs deciding.",
        )
    return label


def _way(transaction: Transaction, site: Site, label: SpooledLabel) -> Way:
    """Return which printer prints a label again: its job's, or another of the group it was for."""
    job = schema.job
    query = select(job.c.printer, job.c.printer_group).where(job.c.id == label.job_id)
    printer, group = transaction.execute(query).one()
    if group not in site.plant.printer_groups:
        return Way(printer=printer)
    try:
        template = site.pinned(transaction, label.run_id).template
        return routing.again(site, template, group, last=printer)
    except routing.NoneSuits:  # config.yaml changed: whoever prints holds it, and says why
        return Way(printer=printer, group=group)


def _waiting_beside(transaction: Transaction, scrapped: SpooledLabel) -> list[SpooledLabel]:
    """Return the labels, locked, of which nothing has left and whose serial is spent with this one.

    A copy or a document is given up alone.
    """
    if scrapped.copy or scrapped.purpose == "archive":
        return []
    label, job = schema.label, schema.job
    found = transaction.execute(
        select(label.c.id)
        .join(job, job.c.id == label.c.job_id)
        .where(label.c.unit_id == scrapped.unit_id, job.c.purpose != "archive")
        .where(label.c.state.in_(_WAITING))
        .order_by(label.c.id)
    ).all()
    others = [spool.find_label(transaction, row.id) for row in found]
    return [one for one in others if one is not None and one.state in _WAITING]


def _give_up(
    transaction: Transaction,
    site: Site,
    labels: list[SpooledLabel],
    *,
    scrapped: SpooledLabel,
    cause: Cause,
) -> None:
    """Do not print these labels any more: the serial of their unit is spent."""
    why = f"its serial was given up with label {scrapped.id}"
    said = Cause(channel=cause.channel, detail={**cause.detail, "why": why})
    spool.settle_in(transaction, site, labels, state=LabelState.NOT_PRINTED, cause=said)


def _require_due(transaction: Transaction, label: SpooledLabel) -> None:
    """Refuse (5021) to print a label again whose unit was given up meanwhile."""
    if label.purpose != "archive":
        query = select(schema.unit).where(schema.unit.c.id == label.unit_id)
        reprint_rules.require_a_label(transaction.execute(query).one())


def _print_again(
    transaction: Transaction,
    site: Site,
    label: SpooledLabel,
    *,
    way: Way,
    finding: Finding,
) -> int:
    """Queue the same label once more: it is no copy, since the first surely does not exist."""
    wanted = Again(
        unit_id=label.unit_id,
        run_id=label.run_id,
        way=way,
        # A document printed again says no more of the unit than the first one did.
        purpose="archive" if label.purpose == "archive" else "reprint",
        reason=finding.reason,
        copies=(label.copy,),
    )
    return again.queue(transaction, site, wanted, cause=finding.cause)[0]
