"""What is known of each doubtful label, and where to look; nobody decides by it but a person."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from labeler.store import Transaction, schema

Known = Mapping[str, Any]
"""The detail of the event that made a label doubtful."""


def of(transaction: Transaction, labels: Sequence[tuple[int, int]]) -> dict[int, dict[str, Any]]:
    """Return for labels, given as (unit id, label id), `known` and `advice`."""
    if not labels:
        return {}
    event = schema.event
    rows = transaction.execute(
        select(event.c.label_id, event.c.detail).where(
            event.c.unit_id.in_([unit for unit, _ in labels]),
            event.c.label_id.in_([label for _, label in labels]),
            event.c.kind == "label_doubtful",
        )
    )
    found: dict[int, Known] = {row.label_id: row.detail for row in rows}
    return {
        label: {
            "known": dict(found.get(label, {})),
            "advice": sentence(label, found.get(label, {})),
        }
        for _, label in labels
    }


def sentence(label: int, known: Known) -> str:
    """Say in a sentence what the evidence makes likely.

    >>> sentence(8, {"odometer_before": 90, "moved": 1, "parcel": [7, 8, 9]})
    "The printer's counter moved by 1 for 3 labels: number 2 is the first that may be missing \
or torn."
    """
    parcel = list(known.get("parcel", []))
    if label in known.get("torn", []):
        return (
            f"Only a part of it left, {known['bytes_written']} bytes of its parcel in all: it "
            "cannot have come out whole."
        )
    if label not in parcel:
        return "Nobody can tell: look for it, or scan it."
    place, size = parcel.index(label) + 1, len(parcel)
    if "moved" in known:
        return _by_counter(place, size, moved=int(known["moved"]))
    if "bytes_written" in known:
        taken = known.get("bytes_acknowledged")
        also = "" if taken is None else f", of which the printer's side took {taken} for sure"
        return (
            f"The line broke {known['bytes_written']} bytes behind the beginning of its parcel"
            f"{also}; it is number {place} of {size}. Look for it, or scan it."
        )
    return "It left as a whole, and then nothing was heard: look for it, or scan it."


def _by_counter(place: int, size: int, *, moved: int) -> str:
    labels = "1 label" if size == 1 else f"{size} labels"
    said = f"The printer's counter moved by {moved} for {labels}: "
    if moved > size:
        return f"{said}one may be there twice, or somebody else printed, too."
    if moved == 0:
        return f"{said}probably nothing of {'it' if size == 1 else 'them'} is there."
    if place <= moved and size == 1:
        return f"{said}it is probably there."
    if place <= moved:
        return f"{said}number {place} is probably there, unless one before it is missing."
    if place == moved + 1:
        return f"{said}number {place} is the first that may be missing or torn."
    return f"{said}number {place} is probably not there."
