"""Let a lease expire later."""

from dataclasses import replace
from typing import Any

from sqlalchemy import update

from labeler.errors import BAD_VALUE, Refusal
from labeler.production import events, lease_reports, leases
from labeler.production.events import Cause
from labeler.production.lease_places import Places
from labeler.production.lease_reports import ReportOrder
from labeler.production.lease_terms import Term
from labeler.production.site import Site
from labeler.store import Transaction, schema_leases

_LEASE = schema_leases.lease
_REPORT = schema_leases.lease_report


def extend(site: Site, order: ReportOrder, term: Term) -> dict[str, Any]:
    """Let a lease expire later; an overdue one is overdue no more.

    Refuses an unknown lease (3020), a closed one (3021), a moment that is not later (1002), and a
    key used for another report (1008).
    """
    wanted = replace(order, detail=term.text)

    def work(transaction: Transaction) -> dict[str, Any]:
        return _extend(transaction, site, wanted, term)

    return site.store.write(work)


def _extend(transaction: Transaction, site: Site, order: ReportOrder, term: Term) -> dict[str, Any]:
    lease = leases.find(transaction, order.lease_id, lock=True)
    known = lease_reports.known(transaction, order)
    if known is not None:
        return lease_reports.replay(order, known)
    if lease.state == "closed":
        raise lease_reports.closed(lease)
    now = site.clock()
    until = term.end(now)
    if until <= lease.expires_at:
        raise Refusal(
            BAD_VALUE,
            f"expires_at: expected a moment after {lease.expires_at:%Y-%m-%dT%H:%M:%SZ}, when "
            f"lease {lease.id} expires now, got {until.isoformat()}.",
            hint="A lease can be extended, not shortened.",
        )
    transaction.execute(update(_LEASE).where(_LEASE.c.id == lease.id).values(expires_at=until))
    row = lease_reports.insert_report(transaction, site, order, lease=lease, places=Places(0))
    done = {"state": "done", "open": lease.open, "expires_at": until, "done_at": now}
    query = update(_REPORT).where(_REPORT.c.id == row.id).values(**done).returning(_REPORT)
    detail = {"lease": lease.id, "operator": order.operator, "reason": order.reason}
    detail |= {"from": lease.expires_at.isoformat(), "to": until.isoformat()}
    cause = Cause(channel=order.channel, detail=detail)
    events.record(transaction, "lease_extended", at=now, cause=cause, run_id=lease.run_id)
    shown = leases.report_shown(transaction.execute(query).one()._mapping)
    return {**shown, "replayed": False}
