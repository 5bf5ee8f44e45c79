"""The series of config.yaml: what each is, where it stands, and what it issued."""

from typing import Any

from sqlalchemy import func, select

from labeler.production import previewing, standing, versions
from labeler.production.draws import draws
from labeler.production.numbering import PlantSeries
from labeler.production.site import Site
from labeler.production.standing import Standing
from labeler.store import Transaction, schema
from labeler.units import RunMode


def list_series(site: Site, transaction: Transaction) -> list[dict[str, Any]]:
    """Return every series of config.yaml with where it stands, in the order of the file."""
    issued = _issued(transaction)
    return [_row(site, transaction, series, issued) for series in site.plant.series.values()]


def show_series(site: Site, transaction: Transaction, name: str) -> dict[str, Any]:
    """Return one series and its versions; refuse (3008) an unknown one."""
    plant_series = site.plant.number_series(name)
    issued = _issued(transaction)
    found = _row(site, transaction, plant_series, issued)
    rows = versions.all_of(transaction, name)
    return {
        **found,
        "options": _options(plant_series),
        "versions": [
            {
                "version": row.version,
                "epoch": row.epoch,
                "pattern": row.pattern,
                "created_at": row.created_at,
                "issued": issued.get((name, row.version), 0),
            }
            for row in rows
        ],
    }


def fill_ratios(site: Site, transaction: Transaction) -> dict[str, float]:
    """Return for every series of config.yaml how much of it is used: 0 to 1."""
    now = site.clock()
    found = {}
    for name, plant_series in site.plant.series.items():
        moment = standing.moment(site, transaction, plant_series, at=now)
        found[name] = standing.read(transaction, plant_series, moment.occasion).fill_ratio
    return found


def _issued(transaction: Transaction) -> dict[tuple[str, int], int]:
    """Return how many texts each version of each series issued: what its runs say together.

    Those of runs that only tried a line are not among them.
    """
    run, version, drawn = schema.run, schema.series_version, draws()
    rows = transaction.execute(
        select(version.c.series, version.c.version, func.sum(run.c.issued * drawn.c.times))
        .join(drawn, drawn.c.version_id == version.c.id)
        .join(run, run.c.id == drawn.c.run_id)
        .where(run.c.mode == RunMode.PRODUCTION.value)
        .group_by(version.c.series, version.c.version)
    )
    return {(series, number): int(count) for series, number, count in rows}


def _row(
    site: Site,
    transaction: Transaction,
    plant_series: PlantSeries,
    issued: dict[tuple[str, int], int],
) -> dict[str, Any]:
    name = plant_series.name
    moment = standing.moment(site, transaction, plant_series, at=site.clock())
    found = standing.read(transaction, plant_series, moment.occasion)
    per_day = standing.per_day(site, transaction, name)
    foreseen = found.version
    following = previewing.next_serials(site, transaction, plant_series, moment=moment, count=1)
    is_known = following.is_known and not moment.samples
    return {
        "name": name,
        "kind": plant_series.series.kind,
        "pattern": plant_series.definition.pattern,
        "version": foreseen.version,
        "is_pinned": not foreseen.is_new,
        "epoch": foreseen.epoch,
        "refusal": str(foreseen.refusal) if foreseen.refusal else None,
        "products": _users(site, name),
        "issued": sum(count for (series, _), count in issued.items() if series == name),
        "period": found.counter.period,
        "next_serial": following.serials[0] if is_known and following.serials else None,
        "used": found.used,
        "limit": found.limit,
        "left": found.left,
        "fill_percent": round(100 * found.fill_ratio, 1),
        "level": found.level,
        "sentence": _sentence(plant_series, found),
        "per_day": round(per_day, 1),
        "exhausted_at": standing.runs_out_at(site, plant_series, found, per_day=per_day),
    }


def _users(site: Site, name: str) -> list[str]:
    """Return the products whose serials or identifiers come from the series."""
    return [
        key
        for key, one in site.plant.products.items()
        if name in (one.series, *one.identifiers.values())
    ]


def _sentence(plant_series: PlantSeries, found: Standing) -> str:
    reset = plant_series.series.number.reset
    name = f"Series '{plant_series.name}'"
    period = "" if reset == "never" else f" of this {reset}"
    if found.level == "exhausted":
        return standing.nothing_left(plant_series, found)
    if found.level == "ok":
        return ""
    return f"{name} has used {100 * found.fill_ratio:.1f} % of its numbers{period}."


def _options(plant_series: PlantSeries) -> dict[str, Any]:
    definition, number = plant_series.definition, plant_series.series.number
    return {
        "width": number.width,
        "alphabet": number.alphabet.name,
        "start": number.start,
        "step": number.step,
        "reset": number.reset,
        "unguessable": definition.unguessable,
        "word_filter": len(definition.words),
        "key": definition.key,
        "change": plant_series.change,
        "secret": plant_series.secret,
    }
