"""Why a scan of a unit is not `ok`: the first reason that there is, or none."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select

from labeler.errors import NOTHING_TO_VERIFY, SEVERAL_LABELS, Refusal
from labeler.production.carrying import IssuedUnit
from labeler.production.lifecycle import commissioning
from labeler.production.meanings import Expected
from labeler.production.printing import scanning
from labeler.production.printing.spooled import SpooledLabel
from labeler.production.quality import printed, verdicts
from labeler.production.quality.looking import Seen
from labeler.production.quality.verdicts import Outcome
from labeler.production.recalls import recalled
from labeler.production.site import Site
from labeler.store import Transaction, schema
from labeler.store.schema_quality import verification
from labeler.units import UnitState


@dataclass(frozen=True, kw_only=True)
class Scan:
    """What was scanned, by whom, where, and what was expected there."""

    text: str
    operator: str
    station: str
    channel: str
    key: str
    """Chosen by the sender, unique for each scan; a retry carries the same one."""
    line: str | None = None
    run: int | None = None
    product: str | None = None
    lot: str | None = None
    label: int | None = None
    """Which label of the unit it is, where several may be out."""

    @property
    def expected(self) -> Expected:
        """Where the unit was met."""
        return Expected(run=self.run, product=self.product, line=self.line)


@dataclass(frozen=True, kw_only=True)
class Case:
    """A scan that is being verified in a transaction."""

    site: Site
    """Whose record it is."""
    transaction: Transaction
    """In which it is decided."""
    scan: Scan
    """What was scanned."""
    arguments: str
    """Everything that must be equal in a retry."""


def objection(
    case: Case, seen: Seen, *, unit: IssuedUnit, doubt: Outcome | None, row: Row[Any]
) -> Outcome | None:
    """Return the first reason why a unit's scan is not ok; None: there is none."""
    today = case.site.local(case.site.clock()).date()
    lot, by_scan = case.scan.lot, commissioning.is_by_scan(case.site, unit)
    wrong = verdicts.of_a_unit(seen)
    if wrong is not None and wrong.verdict in verdicts.SPENT:
        return wrong
    return (
        # Before all that can be put right where the unit is: it must not stay there.
        verdicts.of_recalls(unit.serial, recalled.names(case.transaction, row.id))
        or wrong
        or printed.contradiction(case.transaction, seen, unit, lot=lot, today=today)
        or (_not_made(case, unit, row) if by_scan else None)
        or doubt
        or _already(case.transaction, unit, row.id)
    )


def _not_made(case: Case, unit: IssuedUnit, row: Row[Any]) -> Outcome | None:
    """Return why a scan cannot commission a unit; None: it can."""
    late = commissioning.too_late(case.transaction, row.id)
    return verdicts.of_its_state(unit, UnitState(row.state), too_late=late)


def label_of(case: Case, unit: IssuedUnit) -> tuple[SpooledLabel | None, Outcome | None]:
    """Return which label of the unit was scanned, or why that is not known, or not right."""
    scan = case.scan
    wanted = scanning.Scan(
        text=scan.text, operator=scan.operator, channel=scan.channel, label=scan.label
    )
    try:
        label = scanning.scanned_label(case.transaction, wanted, unit)
    except Refusal as refusal:
        if refusal.kind not in (NOTHING_TO_VERIFY, SEVERAL_LABELS):
            raise
        if refusal.kind == SEVERAL_LABELS:
            said = f"{refusal.sentence} {refusal.hint}"
            doubt = Outcome(verdict="several_labels", sentence=said, details=refusal.extra)
            return None, doubt
        if not scanning.has_labels(case.transaction, unit):
            return None, None  # its label comes from elsewhere
        return None, Outcome(verdict="no_label_out", sentence=refusal.sentence)
    return label, _copy(label, unit)


def _copy(label: SpooledLabel, unit: IssuedUnit) -> Outcome | None:
    if not label.copy:
        return None
    return Outcome(
        verdict="copy",
        sentence=f"Label {label.id} is copy {label.copy} of the label of serial '{unit.serial}', "
        f"issued by {unit.made_by}.",
        details={"copy": label.copy},
        label=label.id,
    )


def lock_unit(transaction: Transaction, unit: IssuedUnit) -> Row[Any]:
    """Return the unit, which nobody else can change until we end; labels are locked before."""
    table = schema.unit
    of_run = table.c.run_id + 0 == unit.run  # else SQLite looks through the run for the serial
    query = select(table.c.id, table.c.state).where(table.c.serial == unit.serial, of_run)
    return transaction.execute(query.with_for_update()).one()


def _already(transaction: Transaction, unit: IssuedUnit, unit_id: int) -> Outcome | None:
    table = verification
    query = select(table).where(table.c.unit_id == unit_id, table.c.verdict == "ok")
    row = transaction.execute(query).one_or_none()
    if row is None:
        return None
    where = f"at {row.station}" + (f" on {row.line}" if row.line else "")
    return Outcome(
        verdict="already_verified",
        sentence=f"Serial '{unit.serial}' was verified already, on "
        f"{row.at:%Y-%m-%d at %H:%M:%S} UTC by {row.operator} {where}.",
        details={
            "verification": row.id,
            "at": row.at.isoformat(),
            "operator": row.operator,
            "station": row.station,
            "line": row.line,
        },
    )
