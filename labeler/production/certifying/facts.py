"""What stands on a run certificate, read in one snapshot of the record."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from labeler import __version__
from labeler.errors import NO_CERTIFICATE, Refusal
from labeler.production import filling, run_records
from labeler.production.filling import FirstLabel
from labeler.production.quality import ranges, spans
from labeler.production.reconciling import counting, records
from labeler.production.reconciling.reconciling import canonical
from labeler.production.site import Site
from labeler.store import Transaction, chain
from labeler.units import RunState
from printers.device import Device
from printers.errors import Unprintable

_HAVE_ONE = (RunState.CLOSED.value, RunState.RECONCILED.value, RunState.RELEASED.value)
PICTURE_DPI = 300


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Everything that is said of a run, and when that was so."""

    site: str
    at: datetime
    zone: tzinfo
    """Of the site's clock."""
    version: str
    """Of the program."""
    run: dict[str, Any]
    """As `run_records` shows it, with its steps; `item_name` beside it."""
    figures: dict[str, Any]
    """The balance: as it was signed, or as it is now where nobody has signed it."""
    signed: dict[str, Any] | None
    """Who reconciled it."""
    digest: str
    """SHA-256 over the figures as canonical JSON."""
    counts: dict[str, Any]
    """What `quality.ranges` counts."""
    first: str
    last: str
    """The first and the last serial; empty if there is none."""
    printers: list[dict[str, Any]]
    picture: bytes | None
    """The label of the first unit, secrets hidden, as PNG; None if it cannot be drawn any more."""
    head: tuple[int, str] | None
    """Number and hash of the last row of the audit trail."""


def read(site: Site, transaction: Transaction, run_id: int) -> Facts:
    """Return the facts of a run.

    Refuses an unknown run (2003), one in another state (6040), and one whose balance is not as it
    was signed (6043).
    """
    run = run_records.with_life(transaction, run_records.show(transaction, run_id))
    if run["state"] not in _HAVE_ONE:
        raise Refusal(
            NO_CERTIFICATE,
            f"Run {run_id} is {run['state']}: a certificate is made of a run that is closed, "
            "reconciled or released.",
            hint=f"Close it first: labeler run close {run_id}.",
        )
    product = site.plant.products.get(run["product"])
    row = records.find(transaction, run_id)
    if (row is None) != (run["state"] == RunState.CLOSED.value):
        raise records.changed(run_id, ["state"])
    if row is None:
        text = canonical({"run": run_id, **counting.count(transaction, run_id).figures()})
    else:
        text = row.figures
    units, head = _ends(transaction, run_id), chain.head(transaction)
    return Facts(
        site=site.plant.site_name,
        at=site.clock(),
        zone=site.plant.calendar.zone,
        version=__version__,
        run={**run, "item_name": None if product is None else product.name},
        figures=json.loads(text),
        signed=None if row is None else records.signed(row),
        digest=hashlib.sha256(text.encode()).hexdigest(),
        counts=ranges.count(transaction, spans.of_run(transaction, run_id)),
        first=units[0].serial if units else "",
        last=units[-1].serial if units else "",
        printers=_printers(transaction, run_id),
        picture=_picture(site, transaction, units[0]) if units else None,
        head=(head.seq, head.hash.hex()) if head.seq else None,
    )


def _ends(transaction: Transaction, run_id: int) -> list[FirstLabel]:
    """Return the first and the last unit of a run."""
    rows = transaction.run_sql(
        "SELECT id, serial, position, allocated_at FROM unit WHERE run_id = ? AND position IN ("
        "(SELECT min(position) FROM unit WHERE run_id = ?), "
        "(SELECT max(position) FROM unit WHERE run_id = ?)) ORDER BY position",
        (run_id, run_id, run_id),
    )
    return [
        FirstLabel(
            unit_id=unit_id,
            run_id=run_id,
            serial=serial,
            number=place,
            allocated_at=transaction.moment(at),
        )
        for unit_id, serial, place, at in rows
    ]


def _printers(transaction: Transaction, run_id: int) -> list[dict[str, Any]]:
    """Return which printers had labels of the run: how many exist for sure, how many were sent."""
    rows = transaction.run_sql(
        "SELECT l.printer, count(*), sum(CASE WHEN l.state IN ('printed', 'verified') THEN 1 "
        "ELSE 0 END), sum(CASE WHEN l.copy > 0 THEN 1 ELSE 0 END), "
        "sum(CASE WHEN l.state = 'doubtful' THEN 1 ELSE 0 END) "
        "FROM unit u JOIN label l ON l.unit_id = u.id WHERE u.run_id = ? "
        "GROUP BY l.printer ORDER BY l.printer",
        (run_id,),
    )
    names = ("printer", "labels", "printed", "copies", "doubtful")
    return [dict(zip(names, (row[0], *map(int, row[1:])), strict=True)) for row in rows]


def _picture(site: Site, transaction: Transaction, unit: FirstLabel) -> bytes | None:
    try:
        run = site.pinned(transaction, unit.run_id)
        form = site.compiled_for(run, "png", device=Device(dpi=PICTURE_DPI, book=site.plant.book))
        return form.document(filling.values(site, transaction, [unit], shown=True))
    except (Unprintable, Refusal):
        return None  # a font or the key of a series is gone since
