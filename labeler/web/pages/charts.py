"""What the chart of a run draws: how many serials it issued in each step of time."""

import json
from typing import Any

from labeler.production import run_hours
from labeler.store import Transaction
from labeler.web.api import site


def of_run(transaction: Transaction, run_id: int) -> dict[str, Any]:
    """Return {points, zone, step_h, steps, issued} of a run; refuses (2003) an unknown one."""
    found = run_hours.hours(site(), transaction, run_id)
    steps = found["steps"]
    points = [[one["at"].timestamp() for one in steps], [one["count"] for one in steps]]
    return {"points": json.dumps(points), "zone": str(site().plant.calendar.zone), **found}
