"""Changeover: a line leaves its run and goes on with another, in one step."""

from typing import Any, Literal

from sqlalchemy import select

from labeler.errors import RUN_STEP, Refusal
from labeler.production import run_records, run_steps, runs
from labeler.production.run_records import Said
from labeler.production.runs import Leaving
from labeler.production.site import Site
from labeler.store import Transaction, schema
from labeler.units import RunState

Leave = Literal["close", "pause"]
"""What becomes of the run that the line leaves."""
_TO = {"close": RunState.CLOSED, "pause": RunState.PAUSED}


def change_over(
    site: Site, line: str, said: Said, *, to: int, leave: Leave = "close"
) -> dict[str, Any]:
    """Leave the line's open run, if it has one, and open or resume run ``to``; return both.

    Both or neither: where ``to`` cannot be opened, the line goes on with the run it has. No trigger
    finds the line without a run. The answer is {`left`: the run that was left, or None, `run`: the
    one that is open now}.

    Refuses an unknown line (2001) or run (2003), a run of another line, and one that is neither
    planned nor paused (2021, 2006), and what opening it refuses.
    """
    site.plant.line(line)
    with site.store.read() as transaction:
        found = run_records.show(transaction, to)
        before = _open_on(transaction, line)
    _require_of_line(found, line)
    leaving = None
    if before is not None:
        leaving = Leaving(
            run_id=before,
            leave=lambda transaction: run_steps.take(
                transaction, site, before, to=_TO[leave], said=said
            ),
        )
    if found["state"] == RunState.PLANNED:
        run = runs.open_planned(site, to, said, leaving=leaving)
    else:
        run = _resume(site, to, said, leaving)
    with site.store.read() as transaction:
        return {"left": before and run_records.show(transaction, before), "run": run}


def _resume(site: Site, run_id: int, said: Said, leaving: Leaving | None) -> dict[str, Any]:
    def go(transaction: Transaction) -> dict[str, Any]:
        run_records.lock(transaction, run_id, *([leaving.run_id] if leaving else []))
        if leaving is not None:
            leaving.leave(transaction)
        return run_steps.take(transaction, site, run_id, to=RunState.OPEN, said=said)

    return site.store.write(go, locks=True)


def _open_on(transaction: Transaction, line: str) -> int | None:
    table = schema.run
    query = select(table.c.id).where(table.c.line == line, table.c.state == RunState.OPEN.value)
    found: int | None = transaction.execute(query).scalar_one_or_none()
    return found


def _require_of_line(found: dict[str, Any], line: str) -> None:
    if found["line"] != line:
        raise Refusal(
            RUN_STEP,
            f"Run {found['id']} is of line '{found['line']}', and the changeover is of '{line}'.",
            hint=f"Name a run of '{line}': labeler run list --line {line}.",
        )
    if found["state"] == RunState.OPEN:
        raise run_steps.cannot(found, verb="change over to", expected=RunState.PLANNED)
