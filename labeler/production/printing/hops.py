"""Why a label is there: from the trigger to the scan, and how long each hop took.

Only what the record has is told. It keeps one time for a trigger and the transaction that served
it, so how long a trigger waited is not known; a label that is not proved or scanned has no such
moment.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select

from labeler.errors import NO_SUCH_LABEL, Refusal
from labeler.production import verifying
from labeler.store import Transaction, schema

Name = Literal["trigger", "transaction", "bytes", "printer", "proof", "scan"]

_TAKEN_IN = ("label_buffered", "label_sent")
_PROOFS = ("label_printed", "label_doubtful", "label_not_printed")
_SCANS = ("label_verified",)


@dataclass(frozen=True, kw_only=True)
class Hop:
    """One step on the way of a label."""

    name: Name
    at: datetime | None
    """When it was done; None: not known."""
    took_ms: float | None
    """Since the last hop before it whose time is known; None: not known."""
    facts: dict[str, Any] = field(default_factory=dict)
    """What the record says of it."""


def why(
    transaction: Transaction, serial: str, *, product: str | None = None, label: int | None = None
) -> list[Hop]:
    """Return the hops of a label of a serial; without ``label`` of its first one.

    A unit without a label of ours has the first two. Refuses (3001, 3009) as `verifying` does, and
    (5002) a label that is not one of the serial.
    """
    unit = verifying.find_unit(transaction, serial, product=product)
    labels = verifying.labels_of(transaction, serial, product=product)
    events = _events(transaction, unit.id)
    began = next((one for one in events if one["kind"] == "allocated"), None)
    key = None if began is None else began["detail"].get("key")
    channel = None if began is None else began["channel"]
    found: list[tuple[Name, datetime | None, dict[str, Any]]] = [
        ("trigger", None, {"channel": channel, "key": key}),
        ("transaction", unit.allocated_at, {"run": unit.run_id, "number": unit.position}),
    ]
    own = _meant(serial, labels, label)
    if own is not None:
        found += _of_label(own, events)
    return _timed(found)


def _meant(serial: str, labels: list[dict[str, Any]], label: int | None) -> dict[str, Any] | None:
    """Return the label that is meant; None where the serial has none."""
    if label is None:
        return labels[0] if labels else None
    for one in labels:
        if one["id"] == label:
            return one
    raise Refusal(
        NO_SUCH_LABEL,
        f"Label {label} is none of serial '{serial}'.",
        hint="Choose one of those the serial has.",
    )


def _of_label(
    own: dict[str, Any], events: list[dict[str, Any]]
) -> list[tuple[Name, datetime | None, dict[str, Any]]]:
    about = [one for one in events if one["label"] == own["id"]]
    taken = next((one for one in about if one["kind"] in _TAKEN_IN), None)
    proof = next((one for one in reversed(about) if one["kind"] in _PROOFS), None)
    scan = next((one for one in about if one["kind"] in _SCANS), None)
    sent = {name: own[name] for name in ("digest", "language", "dpi", "program_version")}
    return [
        ("bytes", own["sent_at"], {"job": own["job"], "printer": own["printer"], **sent}),
        ("printer", *_told(taken)),
        ("proof", *_told(proof)),
        ("scan", *_told(scan)),
    ]


def _told(event: dict[str, Any] | None) -> tuple[datetime | None, dict[str, Any]]:
    return (
        (None, {}) if event is None else (event["at"], {"kind": event["kind"], **event["detail"]})
    )


def _timed(found: list[tuple[Name, datetime | None, dict[str, Any]]]) -> list[Hop]:
    hops: list[Hop] = []
    last: datetime | None = None
    for name, at, facts in found:
        took = None if at is None or last is None else (at - last).total_seconds() * 1000
        hops.append(Hop(name=name, at=at, took_ms=took, facts=facts))
        last = at or last
    return hops


def _events(transaction: Transaction, unit_id: int) -> list[dict[str, Any]]:
    event = schema.event
    rows = transaction.execute(
        select(event.c.at, event.c.kind, event.c.channel, event.c.label_id, event.c.detail)
        .where(event.c.unit_id == unit_id)
        .order_by(event.c.id)
    )
    return [{**row._mapping, "label": row.label_id} for row in rows]
