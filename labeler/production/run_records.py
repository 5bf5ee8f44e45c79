"""What the record says of runs: one of them, many of them, and the steps of one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select

from labeler.errors import NO_SUCH_RUN, RUN_PAUSED, Refusal
from labeler.store import Transaction, schema
from labeler.store.schema_leases import lease
from labeler.store.schema_runs import run_step
from labeler.units import RunState


@dataclass(frozen=True, kw_only=True)
class Said:
    """Who wants a step of a run, and why, as far as they told."""

    operator: str | None = None
    reason: str | None = None
    channel: str = "http"


def record_step(
    transaction: Transaction,
    run_id: int,
    said: Said,
    *,
    states: tuple[str | None, str],
    **more: Any,
) -> None:
    """Write down that a run went from one state (None: it began) to the next.

    ``more`` is `at`, and `units` where the state stays and more units may be issued.
    """
    values = {
        "run_id": run_id,
        "from_state": states[0],
        "to_state": states[1],
        "operator": said.operator,
        "reason": said.reason,
        "channel": said.channel,
        **more,
    }
    transaction.execute(insert(run_step).values(**values))


def lock(transaction: Transaction, *run_ids: int) -> None:
    """Keep other processes from these runs until the transaction ends; all in the same order."""
    query = select(schema.run.c.id).where(schema.run.c.id.in_(run_ids)).order_by(schema.run.c.id)
    transaction.execute(query.with_for_update()).all()


def show(transaction: Transaction, run_id: int) -> dict[str, Any]:
    """Return one run; refuse (2003) an unknown one."""
    row = transaction.execute(_select().where(schema.run.c.id == run_id)).one_or_none()
    if row is None:
        raise Refusal(
            NO_SUCH_RUN,
            f"There is no run {run_id}.",
            hint="List them: GET /api/v1/runs, or labeler run list.",
        )
    return _as_dict(row)


def with_life(transaction: Transaction, run: dict[str, Any]) -> dict[str, Any]:
    """Return a run with its `steps`, the first one first, and the runs that rework it."""
    steps = transaction.execute(
        select(run_step).where(run_step.c.run_id == run["id"]).order_by(run_step.c.id)
    )
    shown = [
        {
            "at": row.at,
            "from": row.from_state,
            "to": row.to_state,
            "units": row.units,
            "operator": row.operator,
            "reason": row.reason,
            "channel": row.channel,
        }
        for row in steps
    ]
    table = schema.run
    reworks = select(table.c.id).where(table.c.rework_of == run["id"]).order_by(table.c.id)
    return {**run, "steps": shown, "reworked_by": list(transaction.execute(reworks).scalars())}


def list_runs(
    transaction: Transaction,
    *,
    before: int | None = None,
    limit: int = 50,
    **wanted: str | None,
) -> list[dict[str, Any]]:
    """Return runs, the newest first; ``before`` is the last id of the page before.

    ``wanted`` says which line, state, mode or work_order; None is any.
    """
    query = _select().order_by(schema.run.c.id.desc()).limit(limit)
    for name, value in wanted.items():
        if value is not None:
            query = query.where(schema.run.c[name] == value)
    if before is not None:
        query = query.where(schema.run.c.id < before)
    return [_as_dict(row) for row in transaction.execute(query)]


def paused(run_id: int, line: str, *, step: Row[Any]) -> Refusal:
    """Return the refusal (2020) of who wants serials of a run that somebody paused."""
    at: datetime = step.at
    return Refusal(
        RUN_PAUSED,
        f"Run {run_id} of line '{line}' was paused by {step.operator} at "
        f"{at:%Y-%m-%d %H:%M:%S} UTC: {step.reason}.",
        hint=f"Resume it: POST /api/v1/runs/{run_id}/resume, or labeler run resume {run_id}; or "
        "open another run.",
    )


def last_paused(transaction: Transaction, **wanted: Any) -> Refusal | None:
    """Return the refusal (2020) of the run that was paused last on a line, or of one by its id."""
    table = schema.run
    query = (
        select(run_step, table.c.line)
        .join(table, table.c.id == run_step.c.run_id)
        .where(table.c.state == RunState.PAUSED, run_step.c.to_state == RunState.PAUSED)
        .where(run_step.c.units.is_(None))
        .order_by(run_step.c.id.desc())
        .limit(1)
    )
    for name, value in wanted.items():
        query = query.where(table.c[name] == value)
    row = transaction.execute(query).one_or_none()
    return None if row is None else paused(row.run_id, row.line, step=row)


_ON_LEASE = (
    select(func.coalesce(func.sum(lease.c.open), 0))
    .where(lease.c.run_id == schema.run.c.id)
    .correlate(schema.run)
    .scalar_subquery()
)
"""Serials of the run that somebody holds who has not said what became of them."""


def _select() -> Any:
    run, series, template = schema.run, schema.series_version, schema.template_version
    return (
        select(
            run,
            series.c.series,
            series.c.version.label("series_version"),
            template.c.template,
            template.c.version.label("template_version"),
            template.c.digest.label("template_digest"),
            _ON_LEASE.label("on_lease"),
        )
        .outerjoin(series, series.c.id == run.c.series_version_id)
        .outerjoin(template, template.c.id == run.c.template_version_id)
    )


def _as_dict(row: Row[Any]) -> dict[str, Any]:
    hidden = {"constants", "series_version_id", "template_version_id", "template_release_id"}
    found = {key: value for key, value in row._mapping.items() if key not in hidden}
    state = None
    if row.template_version_id is not None:
        state = "draft" if row.template_release_id is None else "released"
    remaining = row.quantity + row.overrun - row.issued
    return {**found, "template_state": state, "remaining": remaining}
