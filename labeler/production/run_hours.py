"""How many serials a run issued in each hour, or in each of longer steps where it took days.

Units are not counted: how many stand before a moment is found as `rates` does, by halving.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from labeler.production import rates, run_records
from labeler.production.site import Site
from labeler.store import Transaction

STEPS_MAX = 72
"""Steps that are shown at most: a run of three days has its hours, a longer one longer steps."""
_STEPS_H = (1, 2, 4, 8, 24, 7 * 24, 30 * 24, 365 * 24)


def hours(site: Site, transaction: Transaction, run_id: int) -> dict[str, Any]:
    """Return what a run issued: `step_h`, and for each step when it begins and how many.

    The first step begins with the hour, on the site's clock, in which the run was opened; the last
    one is that in which it was closed, or now. Refuses (2003) an unknown run; a planned one has no
    steps.
    """
    run = run_records.show(transaction, run_id)
    opened = run["opened_at"]
    if opened is None:
        return {"step_h": 1, "steps": [], "issued": 0}
    until = run["closed_at"] or site.clock()
    begin = site.local(opened).replace(minute=0, second=0, microsecond=0)
    took = until - begin
    step_h = next((one for one in _STEPS_H if took < timedelta(hours=one * STEPS_MAX)), 8760)
    steps, before = [], 0
    for at in _moments(begin, until, step_h):
        behind = at + timedelta(hours=step_h)
        count = rates.issued_before(transaction, run_id, issued=run["issued"], moment=behind)
        steps.append({"at": at, "count": count - before})
        before = count
    return {"step_h": step_h, "steps": steps, "issued": run["issued"]}


def _moments(begin: datetime, until: datetime, step_h: int) -> list[datetime]:
    found: list[datetime] = []
    at = begin.astimezone(UTC)  # on which no hour is left out or there twice
    while at <= until and len(found) < STEPS_MAX:
        found.append(at)
        at += timedelta(hours=step_h)
    return found
