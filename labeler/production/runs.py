"""Production runs: plan and open them.

What becomes of a run afterwards stands in `run_steps`, what the record says of it in `run_records`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from labeler.errors import NO_PLANNED_RUN, RUN_EDITED, RUNS_OF_SEVERAL_LINES, Refusal
from labeler.production import (
    events,
    order_checks,
    overlapping,
    pinning,
    run_records,
    run_steps,
    run_trials,
    scopes,
    template_pinning,
    testing,
    versions,
)
from labeler.production.events import Cause
from labeler.production.pinning import Order
from labeler.production.run_records import Said, list_runs, show
from labeler.production.run_steps import close_run
from labeler.production.site import Site
from labeler.store import Transaction, schema, violated
from labeler.templates import LabelTemplate
from labeler.units import RunMode, RunState

__all__ = [
    "close_run",
    "list_runs",
    "open_planned",
    "open_run",
    "open_work_order",
    "plan_run",
    "show",
]


@dataclass(frozen=True, kw_only=True)
class Leaving:
    """The run that leaves a line for another one."""

    run_id: int
    leave: Callable[[Transaction], Any]
    """Pauses or closes it, once it is locked."""


def plan_run(site: Site, order: Order) -> dict[str, Any]:
    """Record an order without opening it; return its run. Nothing is pinned, nothing issued.

    A line may have many planned runs; they are in the order in which they were planned. Refuses an
    unknown line (2001) or product (2002), attributes (2022) and dates (2023) that are missing or
    wrong, and a run to rework that is not there (2003) or has issued nothing (2026).
    """
    order_checks.check(site, order)

    def plan(transaction: Transaction) -> dict[str, Any]:
        now = site.clock()
        order_checks.check_rework(transaction, order)
        run_id = _insert(transaction, {**pinning.columns(order), "state": RunState.PLANNED.value})
        said = Said(operator=order.operator, channel=order.channel)
        run_records.record_step(transaction, run_id, said, states=(None, "planned"), at=now)
        cause = Cause(channel=order.channel, detail=_detail(order))
        events.record(transaction, "run_planned", at=now, cause=cause, run_id=run_id)
        return show(transaction, run_id)

    return site.store.write(plan, locks=True)


def open_planned(
    site: Site, run_id: int, said: Said, *, leaving: Leaving | None = None
) -> dict[str, Any]:
    """Open a planned run; return it. Whoever opens it is its operator, if they say who they are.

    ``leaving`` takes its line from another run in the same transaction. Refuses an unknown run
    (2003), one that is not planned (2006, 2021), one whose order somebody changes meanwhile (2027),
    and what `open_run` does.
    """
    with site.store.read() as transaction:
        planned = show(transaction, run_id)
    _require_planned(planned)
    order = pinning.order_of(planned)
    order = replace(order, operator=said.operator or order.operator, channel=said.channel)

    def begin(transaction: Transaction, columns: dict[str, Any]) -> int:
        found = show(transaction, run_id)
        _require_planned(found)
        if pinning.order_of(found) != pinning.order_of(planned):
            raise Refusal(
                RUN_EDITED,
                f"The order of run {run_id} was changed while it was to be opened.",
                hint=f"Look at it, and open it again: labeler run show {run_id}.",
            )
        run_steps.set_state(transaction, found, **columns)
        run_records.record_step(
            transaction, run_id, said, states=("planned", "open"), at=columns["opened_at"]
        )
        return run_id

    return _checked(site, order, begin, locked=(run_id,), leaving=leaving)


def open_work_order(
    site: Site, work_order: str, said: Said, *, line: str | None = None
) -> dict[str, Any]:
    """Open the run that was planned first for a work order; return it.

    Refuses a work order for which none is planned (2024), one that has planned runs of several
    lines (2025) unless ``line`` says which, and what `open_planned` does.
    """
    table = schema.run
    query = (
        select(table.c.id, table.c.line)
        .where(table.c.state == RunState.PLANNED.value, table.c.work_order == work_order)
        .order_by(table.c.id)
    )
    if line is not None:
        site.plant.line(line)
        query = query.where(table.c.line == line)
    with site.store.read() as transaction:
        found = transaction.execute(query).all()
    if not found:
        where = "" if line is None else f" on line '{line}'"
        raise Refusal(
            NO_PLANNED_RUN,
            f"No run is planned for work order '{work_order}'{where}.",
            hint="List those there are: labeler run list --state planned.",
        )
    lines = sorted({one.line for one in found})
    if len(lines) > 1:
        raise Refusal(
            RUNS_OF_SEVERAL_LINES,
            f"Work order '{work_order}' has planned runs of lines {', '.join(lines)}.",
            hint="Say which line, or open one of the runs by its number.",
        )
    return open_planned(site, found[0].id, said)


def open_run(site: Site, order: Order) -> dict[str, Any]:
    """Open a run on a line, pinning the versions of its series and template; return it.

    Refuses an unknown line (2001) or product (2002), a line whose run is open (2004), a series with
    too few numbers left (3003, 3006) or that could repeat another's texts (3005), a secret that the
    template does not show (3016), and a label that cannot be printed (4001): before the first unit.
    Where releases are required, a template that has none is refused, too (2010), and so is one that
    no printer of the line's group takes (5030).
    A test run is refused where its serials would be too long (2009) or its labels have no place for
    their mark (4001).
    """

    def begin(transaction: Transaction, columns: dict[str, Any]) -> int:
        run_id = _insert(transaction, columns)
        said = Said(operator=order.operator, channel=order.channel)
        run_records.record_step(
            transaction, run_id, said, states=(None, "open"), at=columns["opened_at"]
        )
        return run_id

    return _checked(site, order, begin)


_Begin = Callable[[Transaction, dict[str, Any]], int]
"""Writes what was pinned into a new run or a planned one, and returns its id."""


def _checked(
    site: Site,
    order: Order,
    begin: _Begin,
    *,
    locked: tuple[int, ...] = (),
    leaving: Leaving | None = None,
) -> dict[str, Any]:
    product = order_checks.check(site, order)
    for name in (product.series, *product.identifiers.values()):
        series = site.plant.series[name]
        if order.mode is RunMode.TEST:
            testing.require_room(name, series.series)
        else:
            overlapping.compare(site, series)
    draft = template_pinning.draft_of(site, order)
    if order.rework_of is not None:
        locked = (*locked, order.rework_of)
    if leaving is not None:
        locked = (*locked, leaving.run_id)

    def write(transaction: Transaction) -> dict[str, Any]:
        transaction.keep_others_waiting()  # two may begin the same series or version of it
        run_records.lock(transaction, *locked)  # runs before series, as those who issue do
        if leaving is not None:
            leaving.leave(transaction)
        return _open(transaction, site, order, draft=draft, begin=begin)

    return site.store.write(write, locks=True)


def _open(
    transaction: Transaction,
    site: Site,
    order: Order,
    *,
    draft: LabelTemplate | None,
    begin: _Begin,
) -> dict[str, Any]:
    product = site.plant.products[order.product]
    now = site.clock()
    run_steps.refuse_second_run(transaction, order.line)
    order_checks.check_rework(transaction, order)
    # Locked in one order by all: who issues for another line may hold some of them.
    versions.begin(transaction, [product.series, *product.identifiers.values()], now=now)
    _keep_apart(transaction, site, order)
    series = site.plant.series[product.series]
    pinned = {
        "series_version_id": versions.pin(transaction, series, now=now).id,
        **template_pinning.pin(transaction, site, order, draft=draft, now=now),
    }
    opened = {**pinning.columns(order), **pinned, "opened_at": now, "state": RunState.OPEN.value}
    run_id = begin(transaction, opened)
    pinning.pin_identifiers(transaction, site, order, run_id=run_id, now=now)
    constants = pinning.constants(site, order, run_id=run_id, opened_at=now)
    transaction.execute(
        update(schema.run).where(schema.run.c.id == run_id).values(constants=constants)
    )
    try:
        run = site.pinned(transaction, run_id)
        run_trials.require_possible(
            site, transaction, run, quantity=order.quantity, last=order.quantity
        )
    finally:
        site.forget(run_id)  # not committed yet: the id may become another run's
    cause = Cause(channel=order.channel, detail=_detail(order))
    events.record(transaction, "run_opened", at=now, cause=cause, run_id=run_id)
    return show(transaction, run_id)


def _keep_apart(transaction: Transaction, site: Site, order: Order) -> None:
    """Hold the run to the site's scope, and refuse (3005) what could repeat issued texts."""
    if order.mode is RunMode.TEST:
        scopes.check(transaction, site.plant)
        return
    scopes.fix(transaction, site.plant)
    product = site.plant.products[order.product]
    for name in (product.series, *product.identifiers.values()):
        overlapping.refuse(site, transaction, site.plant.series[name], product=order.product)
        versions.refuse_past(transaction, site.plant.series[name])


def _detail(order: Order) -> dict[str, Any]:
    """Return what the event log keeps of an order: who gave it, and whether it is a test."""
    mode = {"mode": order.mode.value} if order.mode is RunMode.TEST else {}
    return mode if order.operator is None else {**mode, "operator": order.operator}


def _require_planned(found: dict[str, Any]) -> None:
    state = RunState(found["state"])
    if state is RunState.CLOSED:
        raise run_steps.is_closed(found)
    if state is not RunState.PLANNED:
        raise run_steps.cannot(found, verb="open", expected=RunState.PLANNED)


def _insert(transaction: Transaction, values: dict[str, Any]) -> int:
    statement = insert(schema.run).values(issued=0, **{"constants": {}, **values})
    try:
        return int(transaction.execute(statement.returning(schema.run.c.id)).scalar_one())
    except IntegrityError as error:
        if violated(error) != "run_one_open_per_line":
            raise
        # Another process opened one meanwhile.
        raise run_steps.already_open(values["line"]) from error
