"""Verify a scan: say `ok` or exactly why not, and keep it on the record for ever."""

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import Row, select

from labeler.errors import KEY_REUSED, NOTHING_TO_VERIFY, SEVERAL_LABELS, STORE_UNAVAILABLE, Refusal
from labeler.production import events
from labeler.production.carrying import IssuedUnit
from labeler.production.events import Cause
from labeler.production.lifecycle import commissioning
from labeler.production.meanings import Expected
from labeler.production.printing import scanning
from labeler.production.printing.spooled import SpooledLabel
from labeler.production.quality import (
    looking,
    printed,
    secrecy,
    verdicts,
    verification_lists,
)
from labeler.production.quality.looking import Seen
from labeler.production.quality.verdicts import Outcome
from labeler.production.recalls import recalled
from labeler.production.site import Site
from labeler.store import Transaction, schema
from labeler.store.schema_quality import verification
from labeler.units import UnitState

COLUMNS = (
    "at", "text", "serial", "unit_id", "series", "verdict", "sentence", "details", "label_id",
    "operator", "station", "line", "run_id", "channel", "key", "arguments",
)  # fmt: skip


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


class _Raced(Refusal):
    """Somebody else wrote the same key, or the same unit's `ok`, in the same moment."""


def verify(site: Site, scan: Scan) -> dict[str, Any]:
    """Verify what was scanned; the verdict is on the record when this returns.

    An `ok` verifies the label, too, where one of the unit is out, and commissions the unit where
    its line says so (`commission: by_scan`). A retry of a key gets the same answer with `replayed`.
    Refuses, and records nothing: a key used for something else (1008), an
    unknown line (2001), product (2002) or run (2003), a label that is another unit's (5017) or
    not there (5002).
    """
    for _ in range(2):
        try:
            return _verify(site, scan)
        except _Raced:
            continue  # what the other one wrote can be read now
    return _verify(site, scan)


@dataclass(frozen=True, kw_only=True)
class _Case:
    """A scan that is being verified in a transaction."""

    site: Site
    transaction: Transaction
    scan: Scan
    arguments: str
    """Everything that must be equal in a retry."""


def _verify(site: Site, scan: Scan) -> dict[str, Any]:
    # A misread text costs thousands of look-ups: they happen where no line waits for them.
    with site.store.read() as transaction:
        arguments = _arguments(site, transaction, scan)
        case = _Case(site=site, transaction=transaction, scan=scan, arguments=arguments)
        earlier = _earlier(case)
        if earlier is not None:
            return earlier
        seen = looking.look(site, transaction, scan.text, expected=scan.expected)

    def work(transaction: Transaction) -> dict[str, Any]:
        own = replace(case, transaction=transaction)
        earlier = _earlier(own)
        return _judge(own, seen) if earlier is None else earlier

    return site.store.write(work)


def _arguments(site: Site, transaction: Transaction, scan: Scan) -> str:
    """Return the SHA-256 of a scan, its secrets veiled: who had it could try every secret."""
    text = secrecy.veil(scan.text, secrecy.forms(site, transaction))
    said = json.dumps({**asdict(scan), "text": text, "key": "", "channel": ""}, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def _judge(case: _Case, seen: Seen) -> dict[str, Any]:
    """Decide, do what an `ok` means, and write the row."""
    if seen.unit is None:
        return _record(case, seen, outcome=verdicts.of_no_unit(seen))
    unit = seen.unit
    label, doubt = _label(case, unit)
    row = _lock_unit(case.transaction, unit)
    if row.state != unit.state:  # somebody was quicker
        text, expected = case.scan.text, case.scan.expected
        seen = looking.look(case.site, case.transaction, text, expected=expected)
        unit = seen.unit or unit
    outcome = _objection(case, seen, unit, doubt=doubt, row=row)
    if outcome is None:
        outcome = _accept(case, unit, label, text=seen.text)
        if commissioning.is_by_scan(case.site, unit):
            outcome = _commission(case, row.id, outcome)
    return _record(case, seen, outcome=outcome, unit_id=row.id)


def _objection(
    case: _Case, seen: Seen, unit: IssuedUnit, *, doubt: Outcome | None, row: Row[Any]
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


def _not_made(case: _Case, unit: IssuedUnit, row: Row[Any]) -> Outcome | None:
    """Return why a scan cannot commission a unit; None: it can."""
    late = commissioning.too_late(case.transaction, row.id)
    return verdicts.of_its_state(unit, UnitState(row.state), too_late=late)


def _label(case: _Case, unit: IssuedUnit) -> tuple[SpooledLabel | None, Outcome | None]:
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


def _lock_unit(transaction: Transaction, unit: IssuedUnit) -> Row[Any]:
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


def _accept(case: _Case, unit: IssuedUnit, label: SpooledLabel | None, *, text: str) -> Outcome:
    """Do what an `ok` means, in the transaction that records it."""
    scan = case.scan
    said = f"Serial '{unit.serial}' is right: it was issued by {unit.made_by}"
    if label is None:
        outcome = Outcome(verdict="ok", sentence=f"{said}; its label comes from elsewhere.")
    else:
        read = scanning.Scan(text=text, operator=scan.operator, channel=scan.channel)
        scanning.prove(case.transaction, case.site, read, label=label)
        sentence = f"{said}; label {label.id} is verified, it was {label.state.value}."
        outcome = Outcome(verdict="ok", sentence=sentence, label=label.id)
    return outcome


def _commission(case: _Case, unit_id: int, outcome: Outcome) -> Outcome:
    """Commission the unit that was found right, which is locked; say so."""
    scan = case.scan
    said = {"operator": scan.operator, "station": scan.station, "line": scan.line}
    found = commissioning.by_scan(
        case.transaction,
        case.site,
        unit_id,
        said={name: word for name, word in said.items() if word is not None},
        channel=scan.channel,
    )
    word = "commissioned" if found else "commissioned already"
    sentence = f"{outcome.sentence.removesuffix('.')}; its unit is {word}."
    return replace(outcome, sentence=sentence, details={"state": UnitState.COMMISSIONED.value})


def _record(
    case: _Case, seen: Seen, *, outcome: Outcome, unit_id: int | None = None
) -> dict[str, Any]:
    """Write the row, and return what it says."""
    scan, transaction = case.scan, case.transaction
    row = (
        transaction.time(case.site.clock()), seen.text, seen.serial, unit_id, seen.series,
        outcome.verdict, outcome.sentence, json.dumps(dict(outcome.details)), outcome.label,
        scan.operator, scan.station, scan.line, seen.unit.run if seen.unit else scan.run,
        scan.channel, scan.key, case.arguments,
    )  # fmt: skip
    places = ", ".join("?" * len(COLUMNS))
    written = transaction.run_sql(
        f"INSERT INTO verification ({', '.join(COLUMNS)}) VALUES ({places}) "  # noqa: S608 our own
        "ON CONFLICT DO NOTHING RETURNING id",
        row,
    )
    if not written:
        raise _Raced(
            STORE_UNAVAILABLE,
            "Somebody else verified the same scan in the same moment.",
            hint="Retry with the same key.",
        )
    _note(case, outcome, seen, verification_id=written[0][0], unit_id=unit_id)
    return {**_shown(transaction, written[0][0]), "replayed": False}


def _note(
    case: _Case, outcome: Outcome, seen: Seen, *, verification_id: int, unit_id: int | None
) -> None:
    """Let the audit trail seal what was said of the scan; its text may be a secret, and is not."""
    scan, now = case.scan, case.site.clock()
    said = {"verification": verification_id, "new": outcome.verdict, "text": seen.text}
    who = {"operator": scan.operator, "station": scan.station, "line": scan.line}
    cause = Cause(channel=scan.channel, detail={**said, **who})
    if unit_id is None:
        events.record(case.transaction, "verification", at=now, cause=cause)
    else:
        events.record_units(case.transaction, "verification", units=[unit_id], at=now, cause=cause)


def _earlier(case: _Case) -> dict[str, Any] | None:
    """Return the answer that a key got, or None; refuse (1008) it with other arguments."""
    table, scan = verification, case.scan
    query = select(table.c.id, table.c.arguments).where(
        table.c.channel == scan.channel, table.c.key == scan.key
    )
    row = case.transaction.execute(query).one_or_none()
    if row is None:
        return None
    if row.arguments != case.arguments:
        raise Refusal(
            KEY_REUSED,
            f"Idempotency-Key '{scan.key}' was used for another scan, verification {row.id}.",
            hint="Send the same scan for a retry, or a new key for a new one.",
        )
    return {**_shown(case.transaction, row.id), "replayed": True}


def _shown(transaction: Transaction, verification_id: int) -> dict[str, Any]:
    query = verification_lists.rows().where(verification.c.id == verification_id)
    return verification_lists.shown(transaction.execute(query).one())
