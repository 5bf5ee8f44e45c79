"""Which number series need somebody soon: nearly used up, or gone within days at this rate."""

from datetime import timedelta
from typing import Any, Final

from labeler.production import standing
from labeler.production.site import Site
from labeler.store import Transaction

SOON: Final = timedelta(days=14)
"""A series that is used up within this time is told of, however many numbers it has left."""


def running_low(site: Site, transaction: Transaction) -> list[dict[str, Any]]:
    """Return the series of config.yaml that run low, the most used one first.

    Each is {name, level, fill_percent, left, limit, per_day, exhausted_at}. Costs the same however
    many units there are.
    """
    now, found = site.clock(), []
    for name, series in site.plant.series.items():
        moment = standing.moment(site, transaction, series, at=now)
        stands = standing.read(transaction, series, moment.occasion)
        per_day = standing.per_day(site, transaction, name)
        ends = standing.runs_out_at(site, series, stands, per_day=per_day)
        if stands.level == "ok" and (ends is None or ends > now + SOON):
            continue
        found.append(
            {
                "name": name,
                "level": stands.level,
                "fill_percent": round(100 * stands.fill_ratio, 1),
                "left": stands.left,
                "limit": stands.limit,
                "per_day": round(per_day, 1),
                "exhausted_at": ends,
            }
        )
    return sorted(found, key=lambda one: -one["fill_percent"])
