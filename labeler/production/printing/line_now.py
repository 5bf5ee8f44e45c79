"""A line as whoever stands at it sees it: its run in figures, its last label, its printers."""

from typing import Any, Final

from sqlalchemy import case, select

from labeler.production import run_records, tallies
from labeler.production.printing import doubtful, overview
from labeler.production.site import Site
from labeler.production.tallies import Part
from labeler.store import Transaction, schema
from labeler.units import RunState, UnitState

RUNS_MAX: Final = 8
"""Planned runs, and paused ones, that are shown to choose from."""
_DIGITS_MAX: Final = 9
"""Digits that may be the number of a run."""
_UNPRINTED = frozenset({UnitState.ALLOCATED, UnitState.LEASED, UnitState.VOIDED})
_SCRAPPED = frozenset({UnitState.LABEL_SCRAPPED, UnitState.DESTROYED})
_GOOD = frozenset({UnitState.COMMISSIONED, UnitState.RELEASED})


def show(site: Site, transaction: Transaction, line: str) -> dict[str, Any]:
    """Return a line: {name, run, counts, last, printers, doubtful, planned, paused}.

    `run` is the open one, or None; `counts` and `last` are about it, and None without it. `planned`
    has the run that was planned first at its head, `paused` the newest. Refuses (2001) an unknown
    line.
    """
    settings = site.plant.line(line)
    members = site.plant.members(settings.printer) if settings.printer is not None else ()
    opened = run_records.list_runs(transaction, line=line, state=RunState.OPEN, limit=1)
    run = opened[0] if opened else None
    known = {one["name"]: one for one in overview.printers(site, transaction)}
    return {
        "name": line,
        "run": run,
        "counts": None if run is None else counts(site, transaction, run),
        "last": None if run is None else last(transaction, run["id"]),
        "printers": [known[one] for one in members],
        "doubtful": doubtful.list_doubtful(transaction, printers=members),
        "planned": _planned(transaction, line),
        "paused": run_records.list_runs(
            transaction, line=line, state=RunState.PAUSED, limit=RUNS_MAX
        ),
    }


def counts(site: Site, transaction: Transaction, run: dict[str, Any]) -> dict[str, int]:
    """Return a run in units: {planned, printed, good, scrapped, left}.

    *Printed* is who is past *allocated*: the label was printed, or the unit was made without one;
    *good* is who was commissioned, here or gone; *scrapped* has a label that was given up, or is
    destroyed. Units that did not change since somebody looked are not counted again.
    """
    part = Part(run_id=run["id"], issued=run["issued"])
    told = tallies.count(transaction, site.line_counts, part, labels="0")
    found = {UnitState(state): many for (state, _), many in told.items()}
    return {
        "planned": run["quantity"] + run["overrun"],
        "printed": sum(many for state, many in found.items() if state not in _UNPRINTED),
        "good": sum(found.get(state, 0) for state in _GOOD),
        "scrapped": sum(found.get(state, 0) for state in _SCRAPPED),
        "left": run["remaining"],
    }


def last(transaction: Transaction, run_id: int) -> dict[str, Any] | None:
    """Return the newest unit of a run with its newest label: {serial, at, label, state, printer}.

    `label`, `state` and `printer` are None where it has no label.
    """
    unit, label, job = schema.unit, schema.label, schema.job
    row = transaction.execute(
        select(unit.c.id, unit.c.serial, unit.c.allocated_at)
        .where(unit.c.run_id == run_id)
        .order_by(unit.c.position.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    found = transaction.execute(
        select(label.c.id, label.c.state, label.c.printer)
        .join(job, job.c.id == label.c.job_id)
        .where(label.c.unit_id == row.id, job.c.purpose != "archive")
        .order_by(label.c.id.desc())
        .limit(1)
    ).one_or_none()
    return {
        "serial": row.serial,
        "at": row.allocated_at,
        "label": None if found is None else found.id,
        "state": None if found is None else found.state,
        "printer": None if found is None else found.printer,
    }


def _planned(transaction: Transaction, line: str) -> list[dict[str, Any]]:
    table = schema.run
    first = (
        select(table.c.id)
        .where(table.c.line == line, table.c.state == RunState.PLANNED.value)
        .order_by(table.c.id)
        .limit(RUNS_MAX)
    )
    ids = transaction.execute(first).scalars().all()
    return [run_records.show(transaction, one) for one in ids]


def waiting_run(transaction: Transaction, line: str, text: str) -> int | None:
    """Return the planned or paused run of a line that a scanned text means; None: none.

    It is the work order of one, or its number. Of several with that order it is the paused one, and
    else the one that was planned first.
    """
    table = schema.run
    is_number = text.isascii() and text.isdecimal() and len(text) <= _DIGITS_MAX
    query = (
        select(table.c.id)
        .where(table.c.line == line)
        .where(table.c.state.in_((RunState.PLANNED.value, RunState.PAUSED.value)))
        .where((table.c.work_order == text) | (table.c.id == (int(text) if is_number else -1)))
        .order_by(case((table.c.work_order == text, 0), else_=1))
        .order_by(case((table.c.state == RunState.PAUSED.value, 0), else_=1), table.c.id)
        .limit(1)
    )
    found: int | None = transaction.execute(query).scalar_one_or_none()
    return found
