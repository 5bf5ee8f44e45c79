"""A scan proves that a label exists: it is *verified*, whatever was known of it before."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row, select

from labeler.errors import (
    NO_SUCH_LABEL,
    NO_SUCH_SERIAL,
    NOTHING_TO_VERIFY,
    OTHER_LABEL,
    SERIAL_OF_SEVERAL,
    SEVERAL_LABELS,
    Refusal,
)
from labeler.production import carrying, meanings
from labeler.production.carrying import IssuedUnit
from labeler.production.events import Cause
from labeler.production.meanings import Expected
from labeler.production.printing import spool
from labeler.production.printing.spooled import SpooledLabel
from labeler.production.quality import secrecy
from labeler.production.site import Site
from labeler.store import Transaction, schema
from labeler.units import RUNGS, LabelState

_OUT = frozenset({*RUNGS, LabelState.DOUBTFUL})
"""States of labels that may have been scanned and can be verified."""
_MAY_BE_OUT = _OUT | {LabelState.SENDING}
"""And of those that may be out already, though nobody knows it yet."""


@dataclass(frozen=True, kw_only=True)
class Scan:
    """What a scanner read, and who held it."""

    text: str
    operator: str
    channel: str
    label: int | None = None
    """Which label of the unit was scanned, where it has several."""


def verify(site: Site, scan: Scan) -> dict[str, Any]:
    """Record that the scanned label exists and can be read.

    The text is read as everywhere: a serial or identifier, alone, in a GS1 element string or in a
    Digital Link. Returns {label, job, serial, was, state, sentence}; the same label again changes
    nothing. Refuses a text that no unit carries (3001) or units of several products (3009), a unit
    of which no label can be out (5015), one of which several can be (5016), and a label that is
    not the unit's (5017) or not there (5002).
    """
    with site.store.read() as transaction:
        unit, carried = _unit(site, transaction, scan.text)
        forms = secrecy.forms(site, transaction)
    kept = replace(scan, text=secrecy.veil(scan.text, forms, spared=carried))

    def work(transaction: Transaction) -> dict[str, Any]:
        label = scanned_label(transaction, scan, unit)
        prove(transaction, site, kept, label=label)
        return {
            "label": label.id,
            "job": label.job_id,
            "serial": label.serial,
            "was": label.state.value,
            "state": LabelState.VERIFIED.value,
            "sentence": f"Label {label.id} of serial '{label.serial}' is verified; it was "
            f"{label.state.value}.",
        }

    return site.store.write(work, locks=True)


def unit_of(site: Site, text: str) -> IssuedUnit:
    """Return the unit that a scanned or typed text is of; refuses (3001, 3009) as `verify` does."""
    with site.store.read() as transaction:
        return _unit(site, transaction, text)[0]


def scanned_label(transaction: Transaction, scan: Scan, unit: IssuedUnit) -> SpooledLabel:
    """Return which label of a unit was scanned; nobody else can change it until we end.

    Refuses (5015, 5016, 5017, 5002) as `verify` does.
    """
    labels = _labels(transaction, unit)
    label = spool.find_label(transaction, _meant(transaction, scan, unit, labels))
    if label is None or label.state not in _OUT:
        raise _none_out(unit, labels)
    return label


def has_labels(transaction: Transaction, unit: IssuedUnit) -> bool:
    """Return whether any label was ever made for a unit here."""
    return bool(_labels(transaction, unit))


def prove(transaction: Transaction, site: Site, scan: Scan, *, label: SpooledLabel) -> None:
    """Record that a label that `scanned_label` gave was read; of a verified one nothing changes.

    The text of the scan is recorded for ever as it is: its secrets are veiled by now.
    """
    if label.state != LabelState.VERIFIED:
        detail = {"scan": scan.text, "operator": scan.operator}
        cause = Cause(channel=scan.channel, detail=detail)
        spool.settle_in(transaction, site, [label], state=LabelState.VERIFIED, cause=cause)


def _unit(site: Site, transaction: Transaction, text: str) -> tuple[IssuedUnit, str]:
    """Return the unit that a text is of, and the serial or identifier in it that says so.

    What stood beside it says of which product.
    """
    known = meanings.known_series(site, transaction)
    options = meanings.options(text, known)
    texts = [option.text for option in options]
    found = carrying.units_with(transaction, texts)
    reading = meanings.choose(options, found, known=known)
    units, said = [unit for unit in found if unit.serial == reading.text], reading.text
    if not units:
        others = carrying.carried(transaction, texts)
        units, said = [one.unit for one in others], others[0].text if others else said
    if not units:
        raise Refusal(
            NO_SUCH_SERIAL,
            f"'{text}' is on no unit that was issued here.",
            hint="Scan it again; POST /api/v1/serials/check, "
            "or labeler check, says what is wrong with a text.",
        )
    _, expected = meanings.beside(site, reading, Expected())
    meant = [unit for unit in units if expected.product in (None, unit.product)]
    if len(meant) != 1:
        products = " and ".join(sorted({unit.product for unit in units}))
        raise Refusal(
            SERIAL_OF_SEVERAL,
            f"'{text}' is on {len(units)} units, of {products}: expected one of them"
            + (f", and the GTIN beside it says {expected.product}." if expected.product else "."),
            hint="Scan the code that has the GTIN, too.",
        )
    return meant[0], said


def _labels(transaction: Transaction, unit: IssuedUnit) -> Sequence[Row[Any]]:
    """Return the unit's labels, the oldest first, without pages of an archive."""
    label, own, job = schema.label, schema.unit, schema.job
    of_run = own.c.run_id + 0 == unit.run  # else SQLite looks through the run for the serial
    return transaction.execute(
        select(label.c.id, label.c.state, label.c.printer, job.c.purpose)
        .join(own, own.c.id == label.c.unit_id)
        .join(job, job.c.id == label.c.job_id)
        .where(own.c.serial == unit.serial, of_run, job.c.purpose != "archive")
        .order_by(label.c.id)
    ).all()


def _meant(
    transaction: Transaction, scan: Scan, unit: IssuedUnit, labels: Sequence[Row[Any]]
) -> int:
    """Return the label that was scanned."""
    if scan.label is not None:
        return _named(transaction, scan.label, unit, labels)
    out = [row for row in labels if row.state in _OUT]
    if not out:
        raise _none_out(unit, labels)
    may_be = [row for row in labels if row.state in _MAY_BE_OUT]
    open_ = [row for row in may_be if row.state != LabelState.VERIFIED]
    if len(may_be) > 1 and open_:
        listed = ", ".join(f"{row.id} ({row.purpose}, {row.state})" for row in may_be)
        raise Refusal(
            SEVERAL_LABELS,
            f"Serial '{unit.serial}' has {len(may_be)} labels that may be out, and a scan proves "
            f"one of them: {listed}.",
            hint="Say which one it is by its id, as label, or decide about each.",
            extra={"labels": [row.id for row in may_be]},
        )
    return int(out[-1].id)


def _named(
    transaction: Transaction, label_id: int, unit: IssuedUnit, labels: Sequence[Row[Any]]
) -> int:
    if label_id in [row.id for row in labels]:
        return label_id
    label = spool.find_label(transaction, label_id)
    if label is None:
        raise Refusal(
            NO_SUCH_LABEL,
            f"There is no label {label_id}.",
            hint="List them: GET /api/v1/doubtful, or labeler doubtful list.",
        )
    raise Refusal(
        OTHER_LABEL,
        f"Label {label_id} is of serial '{label.serial}', and the scan says '{unit.serial}'.",
        hint="Scan the label again, or name another one.",
    )


def _none_out(unit: IssuedUnit, labels: Sequence[Row[Any]]) -> Refusal:
    listed = ", ".join(f"label {row.id} is {row.state}" for row in labels)
    known = listed or "it has none"
    return Refusal(
        NOTHING_TO_VERIFY,
        f"No label of serial '{unit.serial}' can be out yet: {known}.",
        hint="One that is on its way is settled in a moment: scan it again. Else look where the "
        "scanned one comes from.",
    )
