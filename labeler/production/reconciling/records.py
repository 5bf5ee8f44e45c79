"""What the record says of a run's balance: as it is now, and as people signed it."""

import hashlib
import json
from typing import Any

from sqlalchemy import Row, select

from labeler.errors import BALANCE_CHANGED, NO_RECONCILIATION, Refusal
from labeler.production import run_records
from labeler.production.reconciling import counting
from labeler.production.reconciling.terms import CAUSES
from labeler.production.tallies import Memory
from labeler.store import Transaction, schema
from labeler.store.schema_reconciliation import reconciliation


def find(transaction: Transaction, run_id: int) -> Row[Any] | None:
    """Return the row of a run that was reconciled, or None.

    Refuses (6043) one that is not what the audit trail's event of it says: the database keeps both
    from being changed, and who gets round that has to break the trail's seal, too.
    """
    query = select(reconciliation).where(reconciliation.c.run_id == run_id)
    row = transaction.execute(query).one_or_none()
    wrong = _wrong(row, _told(transaction, run_id))
    if wrong:
        raise changed(run_id, wrong)
    return row


def changed(run_id: int, wrong: list[str]) -> Refusal:
    """Return the refusal (6043) of a reconciliation in which these things are wrong."""
    return Refusal(
        BALANCE_CHANGED,
        f"What is kept of the balance of run {run_id} is not what was signed and sealed in the "
        f"audit trail: {', '.join(wrong)}.",
        hint="Somebody changed the record: labeler audit verify, and compare it with a backup.",
    )


def _told(transaction: Transaction, run_id: int) -> list[dict[str, Any]]:
    """Return what the audit trail says of reconciliations of a run."""
    event = schema.event
    query = select(event.c.at, event.c.channel, event.c.detail).where(
        event.c.run_id == run_id, event.c.kind == "run_reconciled"
    )
    rows = transaction.execute(query).all()
    return [{"difference": 0, **row.detail, "at": row.at, "channel": row.channel} for row in rows]


def _wrong(row: Row[Any] | None, told: list[dict[str, Any]]) -> list[str]:
    """Return what differs between a reconciliation as it is kept and as the audit trail says."""
    if row is None or len(told) != 1:
        return [] if row is None and not told else ["whether it was reconciled"]
    names = ("at", "channel", "operator", "approved_by", "reason", "difference", "digest")
    wrong = [name for name in names if getattr(row, name) != told[0].get(name)]
    digest = hashlib.sha256(row.figures.encode()).hexdigest()
    return wrong if digest == told[0].get("digest") else [*wrong, "figures"]


def require(transaction: Transaction, run_id: int) -> Row[Any]:
    """Return the row of a run; refuse (2033) one that was not reconciled, or was changed (6043)."""
    row = find(transaction, run_id)
    if row is None:
        raise Refusal(
            NO_RECONCILIATION,
            f"Run {run_id} was not reconciled.",
            hint=f"Close it, and reconcile it: labeler run reconcile {run_id}.",
        )
    return row


def now(transaction: Transaction, run_id: int, *, memory: Memory | None = None) -> dict[str, Any]:
    """Return a run's balance as it is now, and what was signed.

    With a ``memory`` only what changed is counted again.
    Refuses an unknown run (2003), and one whose signed balance was changed (6043).
    """
    state = run_records.show(transaction, run_id)["state"]
    if memory is None:
        balance = counting.count(transaction, run_id)
    else:
        balance = counting.tell(transaction, memory, run_id)
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
    """Return what was signed of a run; refuses as `require` does."""
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
