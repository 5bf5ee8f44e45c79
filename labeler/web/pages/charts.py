"""What the chart of a run draws: how many serials it issued in each step of time."""

import json
from typing import Any

from labeler.web.api import site


def drawn(hours: dict[str, Any]) -> dict[str, Any]:
    """Return what `run_hours.hours` says, with its `points` for the chart and the site's `zone`."""
    steps = hours["steps"]
    points = [[one["at"].timestamp() for one in steps], [one["count"] for one in steps]]
    return {"points": json.dumps(points), "zone": str(site().plant.calendar.zone), **hours}
