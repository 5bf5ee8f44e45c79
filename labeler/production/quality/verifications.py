"""Verify a scan: say `ok` or exactly why not, and keep it on the record for ever."""

import hashlib
import json
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import select

from labeler.errors import KEY_REUSED, STORE_UNAVAILABLE, Refusal
from labeler.production import events
from labeler.production.carrying import IssuedUnit
from labeler.production.events import Cause
from labeler.production.lifecycle import commissioning
from labeler.production.printing import scanning
from labeler.production.printing.spooled import SpooledLabel
from labeler.production.quality import (
    judging,
    looking,
    secrecy,
    verdicts,
    verification_lists,
)
from labeler.production.quality.judging import Case, Scan
from labeler.production.quality.looking import Seen
from labeler.production.quality.verdicts import Outcome
from labeler.production.site import Site
from labeler.store import Transaction
from labeler.store.schema_quality import verification
from labeler.units import UnitState

COLUMNS = (
    "at", "text", "serial", "unit_id", "series", "verdict", "sentence", "details", "label_id",
    "operator", "station", "line", "run_id", "channel", "key", "arguments",
)  # fmt: skip


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


def _verify(site: Site, scan: Scan) -> dict[str, Any]:
    # A misread text costs thousands of look-ups: they happen where no line waits for them.
    with site.store.read() as transaction:
        arguments = _arguments(site, transaction, scan)
        case = Case(site=site, transaction=transaction, scan=scan, arguments=arguments)
        earlier = _earlier(case)
        if earlier is not None:
            return earlier
        seen = looking.look(site, transaction, scan.text, expected=scan.expected)

    def work(transaction: Transaction) -> dict[str, Any]:
        own = replace(case, transaction=transaction)
        earlier = _earlier(own)
        return _judge(own, seen) if earlier is None else earlier

    return site.store.write(work, locks=True)


def _arguments(site: Site, transaction: Transaction, scan: Scan) -> str:
    """Return the SHA-256 of a scan, its secrets veiled: who had it could try every secret."""
    text = secrecy.veil(scan.text, secrecy.forms(site, transaction))
    said = json.dumps({**asdict(scan), "text": text, "key": "", "channel": ""}, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def _judge(case: Case, seen: Seen) -> dict[str, Any]:
    """Decide, do what an `ok` means, and write the row."""
    if seen.unit is None:
        return _record(case, seen, outcome=verdicts.of_no_unit(seen))
    unit = seen.unit
    label, doubt = judging.label_of(case, unit)
    row = judging.lock_unit(case.transaction, unit)
    if row.state != unit.state:  # somebody was quicker
        text, expected = case.scan.text, case.scan.expected
        seen = looking.look(case.site, case.transaction, text, expected=expected)
        unit = seen.unit or unit
    outcome = judging.objection(case, seen, unit=unit, doubt=doubt, row=row)
    if outcome is None:
        outcome = _accept(case, unit, label, text=seen.text)
        if commissioning.is_by_scan(case.site, unit):
            outcome = _commission(case, row.id, outcome)
    return _record(case, seen, outcome=outcome, unit_id=row.id)


def _accept(case: Case, unit: IssuedUnit, label: SpooledLabel | None, *, text: str) -> Outcome:
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


def _commission(case: Case, unit_id: int, outcome: Outcome) -> Outcome:
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
    case: Case, seen: Seen, *, outcome: Outcome, unit_id: int | None = None
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
    case: Case, outcome: Outcome, seen: Seen, *, verification_id: int, unit_id: int | None
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


def _earlier(case: Case) -> dict[str, Any] | None:
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
