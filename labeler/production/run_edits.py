"""Change the order of a planned run: who, why, and of each value what it was and what it is."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select, update

from labeler.errors import BAD_VALUE, Refusal
from labeler.production import events, order_checks, pinning, run_records, run_steps
from labeler.production.events import Cause
from labeler.production.run_records import Said
from labeler.production.site import Site
from labeler.store import Transaction, schema
from labeler.units import RunState

KIND = "run_edited"
"""The kind of the event."""


def edit_run(site: Site, run_id: int, said: Said, *, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Change what was ordered with a planned run; return it.

    ``changes`` has new values of an order's quantity, lot, work_order, purchase_order, sales_order,
    shift, expires_on, best_before and attributes (all of them together); None takes one away.
    Refuses an unknown run (2003), one that is not planned (2021), changes that change nothing
    (1002), and what `plan_run` refuses: an order that cannot be (2001, 2002, 2022, 2023).
    """

    def edit(transaction: Transaction) -> dict[str, Any]:
        run_records.lock(transaction, run_id)
        found = run_records.show(transaction, run_id)
        if found["state"] != RunState.PLANNED.value:
            raise run_steps.cannot(found, verb="edit", expected=RunState.PLANNED)
        told = {
            name: {"old": found[name], "new": value}
            for name, value in changes.items()
            if found[name] != value
        }
        if not told:
            raise Refusal(
                BAD_VALUE,
                f"Nothing of run {run_id} would change.",
                hint="Say what is to be otherwise: quantity, lot, work_order …",
            )
        new = {name: one["new"] for name, one in told.items()}
        order_checks.check(site, replace(pinning.order_of(found), **new))
        transaction.execute(update(schema.run).where(schema.run.c.id == run_id).values(**new))
        detail = {"operator": said.operator, "reason": said.reason, "changes": told}
        cause = Cause(channel=said.channel, detail=detail)
        events.record(transaction, KIND, at=site.clock(), cause=cause, run_id=run_id)
        return run_records.show(transaction, run_id)

    return site.store.write(edit, locks=True)


def edits(transaction: Transaction, run_id: int) -> list[dict[str, Any]]:
    """Return how the order of a run was changed, the first time first."""
    event = schema.event
    query = select(event.c.at, event.c.channel, event.c.detail).order_by(event.c.id)
    rows = transaction.execute(query.where(event.c.run_id == run_id, event.c.kind == KIND))
    return [{"at": row.at, "channel": row.channel, **row.detail} for row in rows]
