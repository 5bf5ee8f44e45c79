"""Releases of number series: what config.yaml says becomes a version before a run needs it.

A run that opens makes the version that it lacks by itself. Whoever releases it first has it checked
without a run, and the trail says who did it, and why.
"""

from typing import Any

from labeler.errors import RELEASED_ALREADY, Refusal
from labeler.production import catalogue, overlapping, versions
from labeler.production.events import Cause
from labeler.production.numbering import PlantSeries
from labeler.production.site import Site
from labeler.production.template_releases import Statement
from labeler.store import Transaction


def release(site: Site, name: str, statement: Statement) -> dict[str, Any]:
    """Make the version of a series that config.yaml describes; return the series.

    Refuses an unknown series (3008), one whose version is there already (4004), and what would
    refuse the run that comes next: a counter of which nothing is said (3004), texts that could come
    a second time (3005).
    """
    plant_series = site.plant.number_series(name)
    return site.store.write(
        lambda transaction: _release(transaction, site, plant_series, statement), locks=True
    )


def _release(
    transaction: Transaction, site: Site, plant_series: PlantSeries, statement: Statement
) -> dict[str, Any]:
    transaction.keep_others_waiting()  # two may release at once, or a run may open
    now, name = site.clock(), plant_series.name
    versions.begin(transaction, [name], now=now)
    foreseen = versions.foresee(transaction, plant_series)
    if not foreseen.is_new:
        raise Refusal(
            RELEASED_ALREADY,
            f"Series '{name}' as config.yaml says it is its version {foreseen.version} already.",
            hint="Nothing needs releasing. After a change of config.yaml the service has to "
            "start again.",
        )
    overlapping.refuse(site, transaction, plant_series)
    versions.refuse_past(transaction, plant_series)
    why = {} if statement.comment is None else {"reason": statement.comment}
    who = {"operator": statement.by}
    cause = Cause(channel=statement.channel, detail=who | why)
    versions.pin(transaction, plant_series, now=now, cause=cause)
    return catalogue.show_series(site, transaction, name)
