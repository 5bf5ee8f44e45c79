"""What the tests of leases do: give serials away, hear what became of them, count them twice."""

from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from labeler.production import lease_extending, lease_reports, leases, runs, verifying
from labeler.production.blocks import BlockOrder
from labeler.production.lease_lists import Range, Serials
from labeler.production.lease_reports import ReportOrder
from labeler.production.lease_terms import Term, Terms
from labeler.production.site import Site
from labeler.store import schema, schema_leases
from tests.plants import order, trigger
from tests.production.record import issue, serials

HOUR = Term(expires_in_s=3600)
OWN = serials(2, 10)
"""The serials of the lease that `lease_ten` opens."""


def lease(site: Site, quantity: int, key: str = "l1", **changes: Any) -> dict[str, Any]:
    given: dict[str, Any] = {"run_id": 1, "holder": "Miller Ltd", "term": HOUR, **changes}
    terms = Terms(holder=given["holder"], term=given["term"])
    order = BlockOrder(run_id=given["run_id"], quantity=quantity, key=key)
    return leases.open_lease(site, order, terms)


def lease_ten(site: Site) -> Site:
    """Open a run, one serial of which is on a label, and a lease of the next ten."""
    runs.open_run(site, order())
    issue(site, trigger("k1"))
    lease(site, 10)
    return site


def use(site: Site, *serials: str, key: str = "u1", lease_id: int = 1) -> dict[str, Any]:
    order = ReportOrder(lease_id=lease_id, kind="used", key=key)
    return lease_reports.report(site, order, listed(*serials))


def void(site: Site, *serials: str, key: str = "v1", lease_id: int = 1) -> dict[str, Any]:
    about = {"reason": "order canceled", "operator": "mk"}
    order = ReportOrder(lease_id=lease_id, kind="void", key=key, **about)
    return lease_reports.report(site, order, listed(*serials))


def listed(*serials: str) -> Serials:
    """Return a list of serials; `A..B` is a range."""
    rows = [text for text in serials if ".." not in text]
    ranges = [text.split("..") for text in serials if ".." in text]
    return Serials(
        rows=list(enumerate(rows, start=1)),
        ranges=tuple(Range(first=first, last=last) for first, last in ranges),
    )


def close(site: Site, key: str = "c1", *, rest: bool = False, lease_id: int = 1) -> dict[str, Any]:
    about = {"reason": "returned", "operator": "mk"} if rest else {}
    order = ReportOrder(lease_id=lease_id, kind="close", key=key, **about)
    return lease_reports.close(site, order, void_rest=rest)


def extend(site: Site, until: datetime, key: str = "x1", lease_id: int = 1) -> dict[str, Any]:
    about = {"reason": "holiday", "operator": "mk"}
    order = ReportOrder(lease_id=lease_id, kind="extend", key=key, **about)
    return lease_extending.extend(site, order, Term(expires_at=until))


def shown(site: Site, lease_id: int = 1) -> dict[str, Any]:
    with site.store.read() as transaction:
        return leases.show(site, transaction, lease_id)


def states(site: Site, lease_id: int = 1) -> dict[str, str]:
    """Return the state of each unit of a lease."""
    pages = leases.pages(site, lease_id)
    return {unit["serial"]: unit["state"] for page in pages for unit in page}


def events(site: Site, serial: str) -> list[tuple[str, str, dict[str, Any]]]:
    with site.store.read() as transaction:
        found = verifying.show_serial(transaction, serial)["events"]
    return [(one["kind"], one["channel"], one["detail"]) for one in found]


def counts(site: Site, lease_id: int = 1) -> tuple[int, int, int]:
    """Return how many are open, used and voided: as counted, as kept, and as events tell."""
    found = shown(site, lease_id)
    kept = (found["open"], found["used"], found["voided"])
    assert sum(kept) == found["quantity"]
    units = Counter(states(site, lease_id).values())
    assert kept == (units["leased"], units["encoded"], units["voided"])
    event, unit, row = schema.event, schema.unit, schema_leases.lease
    query = (
        select(event.c.kind, func.count(), func.count(event.c.unit_id.distinct()))
        .join(unit, unit.c.id == event.c.unit_id)
        .join(row, row.c.run_id == unit.c.run_id)
        .where(row.c.id == lease_id, unit.c.position >= found["first_position"])
        .where(unit.c.position <= found["last_position"])
        .where(event.c.kind.in_(["lease_used", "lease_voided"]))
        .group_by(event.c.kind)
    )
    with site.store.read() as transaction:
        told = {kind: (n, each) for kind, n, each in transaction.execute(query)}
    assert told.get("lease_used", (0, 0)) == (kept[1], kept[1])
    assert told.get("lease_voided", (0, 0)) == (kept[2], kept[2])
    return kept
