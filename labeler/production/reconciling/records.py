"""What the record says of a run's balance: as it is now, and as people signed it."""

import json
from typing import Any

from sqlalchemy import Row, select

from labeler.errors import NO_RECONCILIATION, Refusal
from labeler.production import run_records
from labeler.production.reconciling import counting
from labeler.production.reconciling.terms import CAUSES
from labeler.store import Transaction
from labeler.store.schema_reconciliation import reconciliation


def find(transaction: Transaction, run_id: int) -> Row[Any] | None:
    """Return the row of a run that was reconciled, or None."""
    query = select(reconciliation).where(reconciliation.c.run_id == run_id)
    return transaction.execute(query).one_or_none()


def require(transaction: Transaction, run_id: int) -> Row[Any]:
    """Return the row of a run; refuse (2033) one that was not reconciled."""
    row = find(transaction, run_id)
    if row is None:
        raise Refusal(
            NO_RECONCILIATION,
            f"Run {run_id} was not reconciled.",
            hint=f"Close it, and reconcile it: labeler run reconcile {run_id}.",
        )
    return row


def now(transaction: Transaction, run_id: int) -> dict[str, Any]:
    """Return a run's balance as it is now, and what was signed; refuses (2003) an unknown run."""
    state = run_records.show(transaction, run_id)["state"]
    balance = counting.count(transaction, run_id)
    row = find(transaction, run_id)
    causes = [
        {"cause": cause, "count": count, "sentence": CAUSES[cause]}
        for cause, count in balance.causes.items()
        if count
    ]
    return {
        "run": run_id,
        "state": state,
        **balance.figures(),
        "causes": causes,
        "balanced": balance.is_even,
        "unvoided": balance.unvoided,
        "reconciled": None if row is None else signed(row),
    }


def show(transaction: Transaction, run_id: int) -> dict[str, Any]:
    """Return what was signed of a run; refuses (2033) one that was not reconciled."""
    return {"run": run_id, **signed(require(transaction, run_id))}


def signed(row: Row[Any]) -> dict[str, Any]:
    """Return a reconciliation for people: its figures as they were kept, and by whom."""
    figures = json.loads(row.figures)
    del figures["run"]
    causes = [
        {"cause": cause, "count": count, "sentence": CAUSES[cause]}
        for cause, count in figures.pop("causes").items()
    ]
    return {
        "at": row.at,
        "operator": row.operator,
        "approved_by": row.approved_by,
        "reason": row.reason,
        **figures,
        "causes": causes,
        "digest": row.digest,
    }
