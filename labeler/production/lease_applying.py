"""Do what an accepted report of a lease says, unit by unit, and let the lines through meanwhile."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, select, update

from labeler.production import events, leases
from labeler.production.events import Cause
from labeler.production.lease_places import Places
from labeler.production.lifecycle import steps
from labeler.production.site import Site
from labeler.store import Transaction, schema_leases
from labeler.units import UnitState

_LEASE = schema_leases.lease
_TABLE = schema_leases.lease_report

CHUNK = 1000
"""Units of one transaction: a few hundredths of a second, in which a trigger may have to wait."""

_BECOMES = {
    "used": (UnitState.ENCODED, "lease_used", "used"),
    "void": (UnitState.VOIDED, "lease_voided", "voided"),
    "close": (UnitState.VOIDED, "lease_voided", "voided"),
}
"""Kind of a report -> the state of its units, the kind of their events, the count of the lease."""


def finish(site: Site, report_id: int) -> None:
    """Do what is undone of a report."""
    while not site.store.write(lambda transaction: apply(transaction, site, report_id), locks=True):
        pass


def apply(transaction: Transaction, site: Site, report_id: int) -> bool:
    """Change the next chunk of a report's units; return whether all of it is done."""
    query = select(_TABLE.c.lease_id).where(_TABLE.c.id == report_id)
    lease_id = transaction.execute(query).scalar_one()
    # Always the lease first, so that two processes never wait for each other.
    lease = leases.find(transaction, lease_id, lock=True)
    report = transaction.execute(select(_TABLE).where(_TABLE.c.id == report_id)).one()
    if report.state == "done":
        return True
    places = Places.unpacked(report.places).behind(report.next_place, limit=CHUNK)
    if places:
        _change(transaction, report, lease=lease, places=places)
    is_done = len(places) < CHUNK
    values: dict[str, Any] = {"next_place": places[-1] + 1 if places else report.next_place}
    if is_done:
        values |= {"state": "done", "done_at": site.clock(), "open": _end(transaction, report)}
    transaction.execute(update(_TABLE).where(_TABLE.c.id == report_id).values(**values))
    return is_done


def _change(transaction: Transaction, report: Row[Any], *, lease: Any, places: list[int]) -> None:
    state, kind, counted = _BECOMES[report.kind]
    marks = ", ".join("?" * len(places))
    found = transaction.run_sql(
        "SELECT id FROM unit WHERE run_id = ? AND state = 'leased' "  # noqa: S608
        f"AND position IN ({marks}) ORDER BY position",
        (lease.run_id, *(lease.first_position + place for place in places)),
    )
    units = [row[0] for row in found]
    if len(units) != len(places):
        raise RuntimeError(f"report {report.id}: {len(units)} of {len(places)} units are leased")
    steps.follow(transaction, units, was=UnitState.LEASED, to=state)
    cause = Cause(channel=report.channel, detail=_detail(report, lease))
    events.record_units(transaction, kind, units=units, at=report.received_at, cause=cause)
    transaction.run_sql(
        f"UPDATE lease SET open = open - ?, {counted} = {counted} + ? WHERE id = ?",  # noqa: S608
        (len(units), len(units), lease.id),
    )


def _detail(report: Row[Any], lease: Any) -> Mapping[str, Any]:
    """Return who said so, and how we know."""
    said = {"operator": report.operator, "reason": report.reason, "late": report.late or None}
    about = {"lease": lease.id, "holder": lease.holder, "report": report.id, "key": report.key}
    return about | {name: value for name, value in said.items() if value is not None}


def _end(transaction: Transaction, report: Row[Any]) -> int:
    """Close the lease if that was said; return of how many serials nothing is known yet."""
    lease = leases.find(transaction, report.lease_id)
    if report.kind == "close":
        query = update(_LEASE).where(_LEASE.c.id == lease.id)
        transaction.execute(query.values(state="closed", closed_at=report.received_at))
        detail = {**_detail(report, lease), "used": lease.used, "voided": lease.voided}
        cause = Cause(channel=report.channel, detail=detail)
        events.record(
            transaction, "lease_closed", at=report.received_at, cause=cause, run_id=lease.run_id
        )
    return int(lease.open)
