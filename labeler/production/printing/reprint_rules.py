"""When the label of a unit is not printed again: what the site allows, and what the record says."""

from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Row, select

from labeler import templates
from labeler.errors import (
    IN_DOUBT,
    NO_LABEL_DUE,
    NO_LINE_PRINTER,
    NO_REASON,
    NOT_PRINTED_YET,
    NOT_YOURS,
    RUN_RECONCILED,
    SECOND_PERSON,
    SECRET_FORGOTTEN,
    TOO_MANY_COPIES,
    Refusal,
)
from labeler.production import remembering, run_records
from labeler.production.lifecycle import counted_runs
from labeler.production.pinned import PinnedRun
from labeler.production.plant import Plant
from labeler.settings import ReprintSettings
from labeler.store import Transaction, schema
from labeler.units import GONE, LabelState, UnitState

_WAITS = frozenset({LabelState.QUEUED, LabelState.HELD, LabelState.SENDING})
"""States of a label that will be printed yet."""


class Ordered(Protocol):
    """An order for copies, as far as the site allows or refuses it."""

    @property
    def reason(self) -> str:
        """Why."""

    @property
    def operator(self) -> str:
        """Who orders."""

    @property
    def approved_by(self) -> str | None:
        """Who else is for it."""


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """A label that the unit has or had; documents of the archive are none."""

    id: int
    job_id: int
    printer: str
    state: LabelState
    copy: int

    @property
    def may_exist(self) -> bool:
        """Whether it may be somewhere, on the unit or not."""
        return self.state != LabelState.NOT_PRINTED


def earlier(transaction: Transaction, unit_id: int) -> tuple[Earlier, ...]:
    """Return the labels of a unit, the oldest first."""
    label, job = schema.label, schema.job
    rows = transaction.execute(
        select(label.c.id, label.c.job_id, label.c.printer, label.c.state, label.c.copy)
        .join(job, job.c.id == label.c.job_id)
        .where(label.c.unit_id == unit_id, job.c.purpose != "archive")
        .order_by(label.c.id)
    )
    return tuple(Earlier(**{**row._mapping, "state": LabelState(row.state)}) for row in rows)


def require_allowed(rules: ReprintSettings, order: Ordered, *, last_copy: int) -> None:
    """Refuse (5020, 5024, 5025, 5026) an order that the site does not allow."""
    if order.reason not in rules.reasons:
        raise Refusal(
            NO_REASON,
            f"'{order.reason}' is not a reason for printing a label again. Expected one of: "
            f"{', '.join(rules.reasons)}.",
            hint="Choose one of them, and say more in the note. The list is reprints.reasons.",
        )
    if rules.operators and order.operator not in rules.operators:
        raise Refusal(
            NOT_YOURS,
            f"'{order.operator}' may not print labels again. Expected one of: "
            f"{', '.join(rules.operators)}.",
            hint="Ask one of them. The list is reprints.operators.",
        )
    if rules.second_person and _is_alone(order):
        said = f"'{order.approved_by}'" if order.approved_by else "nobody"
        raise Refusal(
            SECOND_PERSON,
            f"'{order.operator}' wants to print a label again, and {said} approved it. Expected "
            "another person.",
            hint="Let somebody else look, and give their name: approved_by.",
        )
    if rules.copies_max is not None and last_copy > rules.copies_max:
        raise Refusal(
            TOO_MANY_COPIES,
            f"The order goes up to copy {last_copy} of the unit's label. Expected "
            f"{rules.copies_max} at most.",
            hint="Scrap the unit, or let the engineer raise reprints.copies_max.",
        )


def _is_alone(order: Ordered) -> bool:
    """Return whether nobody else approved; a name is the same however it is written."""
    return (order.approved_by or "").strip().casefold() in ("", order.operator.strip().casefold())


def require_a_label(unit: Row[Any]) -> None:
    """Refuse (5021) a unit that is gone, and one whose label somebody else makes."""
    state = UnitState(unit.state)
    if state in GONE:
        raise Refusal(
            NO_LABEL_DUE,
            f"The unit with serial '{unit.serial}' is '{state}': its serial is spent.",
            hint="Issue a new serial, and scrap what still carries this one.",
        )
    if state == UnitState.LEASED:
        raise Refusal(
            NO_LABEL_DUE,
            f"Serial '{unit.serial}' is leased, and its holder has not said what became of it.",
            hint="Whoever holds the lease makes its label: GET /api/v1/leases, "
            "or labeler lease list.",
        )


def require_uncounted(transaction: Transaction, unit: Row[Any]) -> None:
    """Refuse (2032) a unit that was not made when its run was reconciled.

    Of one that was, a label is printed again as ever: it wears off, or the customer wants another.
    """
    if UnitState(unit.state) not in (UnitState.ALLOCATED, UnitState.ENCODED):
        return
    state = run_records.show(transaction, unit.run_id)["state"]
    if counted_runs.is_counted(state):
        raise Refusal(
            RUN_RECONCILED,
            f"Run {unit.run_id} is {state}, and the unit with serial '{unit.serial}' was not made "
            "then: another label of it would be one too many.",
            hint="Issue a new serial from another run.",
        )


def require_settled(unit: Row[Any], labels: tuple[Earlier, ...]) -> None:
    """Refuse a unit with a label that is doubtful (5023), or whose label itself waits (5022).

    A copy that waits keeps nobody from ordering another: who wants two gets copies 1 and 2.
    """
    for one in labels:
        if one.state == LabelState.DOUBTFUL:
            raise Refusal(
                IN_DOUBT,
                f"Label {one.id} of serial '{unit.serial}' is doubtful: it may exist or not.",
                hint=f"Look, and say what you found: POST /api/v1/doubtful/{one.id}, or labeler "
                f"doubtful resolve {one.id}.",
            )
        if one.copy == 0 and one.state in _WAITS:
            raise Refusal(
                NOT_PRINTED_YET,
                f"Label {one.id} of serial '{unit.serial}' is '{one.state}' in job {one.job_id}: "
                "it is not printed yet.",
                hint=f"Wait for it. See why it waits: labeler job show {one.job_id}.",
            )


def require_secrets(transaction: Transaction, run: PinnedRun, unit: Row[Any]) -> None:
    """Refuse (5028) a label that shows a secret of which nothing is left; may raise Unprintable."""
    shown = templates.names_of(run.label_form.more)
    wanted = [name for name in run.secrets if name in shown]
    texts = remembering.texts_of(transaction, [unit.id]).get(unit.id, {}) if wanted else {}
    lost = [name for name in wanted if texts.get(name) is None]
    if lost:
        raise Refusal(
            SECRET_FORGOTTEN,
            f"The label of serial '{unit.serial}' shows '{lost[0]}', a secret that was forgotten "
            "when the label was printed.",
            hint="Issue a new serial: nobody can print this label again.",
        )


def printer_of_line(plant: Plant, line: str) -> str:
    """Return the printer of a line; refuse (5027) a line that has none, or is no more."""
    if line not in plant.lines:
        raise Refusal(
            NO_LINE_PRINTER,
            f"Line '{line}' is not in config.yaml any more, so no printer is its own.",
            hint="Name a printer.",
        )
    return plant.line_printer(line)
