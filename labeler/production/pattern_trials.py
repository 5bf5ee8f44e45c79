"""A pattern that somebody tries: what it would make, now and across its next resets.

Trying takes no number. A series lives in config.yaml, and no verb can put one there: so what there
is to do is said in the words of that file.
"""

import json
from typing import Any

from labeler.production import linting, previewing, standing
from labeler.production.linting import Trial
from labeler.production.remarks import as_dict
from labeler.production.site import Site
from labeler.serials import SerialError
from labeler.store import Transaction

RESETS = 3
"""How many resets are looked beyond."""


def tell(site: Site, transaction: Transaction, trial: Trial, *, count: int) -> dict[str, Any]:
    """Return `findings`, `moments` with the serials of each, and the `yaml` for config.yaml.

    Refuses (3008) an unknown series.
    """
    findings = linting.try_pattern(site, transaction, trial)
    return {
        "findings": [as_dict(one) for one in findings],
        "moments": _moments(site, transaction, trial, count=count),
        "yaml": yaml_of(trial),
    }


def yaml_of(trial: Trial) -> str:
    """Return what config.yaml has to say; other keys of a series stay as they are there.

    >>> print(yaml_of(Trial(pattern="AC{counter:5}", series="unit-sn", change="restart")), end="")
    series:
      unit-sn:
        pattern: "AC{counter:5}"
        change: restart
    """
    lines = ["series:", f"  {trial.series or 'NAME'}:"]
    lines.append(f"    pattern: {json.dumps(trial.pattern, ensure_ascii=False)}")
    if trial.change:
        lines.append(f"    change: {trial.change}")
    lines += [
        f"    {name}: true" for name in ("unguessable", "word_filter") if getattr(trial, name)
    ]
    return "\n".join(lines) + "\n"


def _moments(
    site: Site, transaction: Transaction, trial: Trial, *, count: int
) -> list[dict[str, Any]]:
    """Return the serials of now, and those behind each of the next resets."""
    try:
        series = linting.tried(site, trial)
    except SerialError:
        return []
    moment = standing.moment(site, transaction, series, at=site.clock())
    found = []
    for _ in range(1 + RESETS):
        found.append(
            previewing.shown(site, transaction, plant_series=series, moment=moment, count=count)
        )
        reset = series.series.number.reset
        begins = site.plant.calendar.next_begin(moment.occasion.at, reset)
        if begins is None:
            break
        moment = standing.imagined(site, series, at=begins, known=moment.occasion.run)
    return found
