"""Reconcile a closed run: its units add up, or two people put their names under a deviation.

Serials that were never used are voided first, and those given up whose label was scrapped, chunk
by chunk, between which the lines are served.
Then the units are counted in a snapshot, which nobody waits for; and one transaction that finds
that nothing became of them since keeps the count, and lets the run be *reconciled*.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import structlog
from sqlalchemy import insert

from labeler.errors import (
    BAD_VALUE,
    NOT_BALANCED,
    OTHER_DIFFERENCE,
    RUN_RECONCILED,
    SECOND_PERSON,
    Refusal,
)
from labeler.production import events, run_records, run_steps
from labeler.production.events import Cause
from labeler.production.lifecycle import counted_runs
from labeler.production.reconciling import counting, records, voiding
from labeler.production.reconciling.terms import CAUSES, Balance
from labeler.production.run_records import Said
from labeler.production.site import Site
from labeler.store import Transaction, chain
from labeler.store.schema_reconciliation import reconciliation
from labeler.units import RunState, counted

TRIES_MAX: Final = 5
"""How often it begins again because something became of units meanwhile."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Deviation:
    """Why a run is reconciled although it does not add up, and who else is for it."""

    reason: str
    approved_by: str
    difference: int
    """The difference that they know of: any other is refused."""


def reconcile(
    site: Site, run_id: int, said: Said, *, deviation: Deviation | None = None
) -> dict[str, Any]:
    """Void what is unused, keep the balance, and let the run be *reconciled*; return it.

    Refuses an unknown run (2003), one that is not closed (2021) or reconciled already (2032), a
    blank name or reason (1002), one that does not add up (2030) without a deviation, and a
    deviation of one person alone (5026), of another difference (2031), or of a run that adds up
    (2031). A refusal may leave unused serials voided.
    """
    _require_people(said, deviation)
    with site.store.read() as transaction:  # what cannot be is refused before anybody waits for it
        _require_closed(run_records.show(transaction, run_id))
        _require_agreed(run_id, counting.count(transaction, run_id), deviation)
    for _ in range(TRIES_MAX):
        _void(site, run_id, said)
        with site.store.read() as transaction:
            balance = counting.count(transaction, run_id)
            seq = chain.head(transaction).seq
        signing = _Signing(run_id=run_id, said=said, deviation=deviation, balance=balance, seq=seq)
        done = site.store.write(partial(_sign, site, signing), locks=True)
        if done is not None:
            log.info("run.reconciled", run=run_id, difference=done["difference"])
            return done
    raise Refusal(
        NOT_BALANCED,
        f"Something became of units of run {run_id} each time while it was reconciled.",
        hint="Let its labels and units rest, and do it again.",
    )


def _void(site: Site, run_id: int, said: Said) -> None:
    """Void what is unused, a chunk a transaction; a snapshot says what that may be."""
    place = 0
    while True:
        with site.store.read() as transaction:
            found = counting.unvoided(transaction, run_id, after=place, limit=voiding.CHUNK)
        if not found:
            return
        own = sorted(found.values())
        site.store.write(partial(_void_some, site, run_id, said, own), locks=True)
        place = max(found)


def _void_some(
    site: Site, run_id: int, said: Said, unit_ids: list[int], transaction: Transaction
) -> None:
    voiding.void(transaction, site, run_id=run_id, said=said, unit_ids=unit_ids)
    _require_closed(run_records.show(transaction, run_id))


@dataclass(frozen=True, kw_only=True)
class _Signing:
    """What is about to be signed."""

    run_id: int
    said: Said
    deviation: Deviation | None
    balance: Balance
    seq: int
    """The last row of the audit trail when it was counted."""


def _sign(site: Site, signing: _Signing, transaction: Transaction) -> dict[str, Any] | None:
    """Keep the balance; None if something became of units since it was counted, or is to void."""
    run_id, said, deviation = signing.run_id, signing.said, signing.deviation
    balance = signing.balance
    run_records.lock(transaction, run_id)
    found = run_records.show(transaction, run_id)
    _require_closed(found)
    if balance.unvoided or counting.has_changed(transaction, run_id, since=signing.seq):
        return None
    _require_agreed(run_id, balance, deviation)
    row = _row(site, run_id, said, balance=balance, deviation=deviation)
    transaction.execute(insert(reconciliation).values(**row))
    run_steps.set_state(transaction, found, state=RunState.RECONCILED.value)
    states = (found["state"], RunState.RECONCILED.value)
    why = Said(operator=said.operator, reason=row["reason"], channel=said.channel)
    run_records.record_step(transaction, run_id, why, states=states, at=row["at"])
    told = {name: row[name] for name in ("difference", "digest", "approved_by") if row[name]}
    cause = Cause(channel=said.channel, detail=run_steps.detail(why, **told))
    events.record(transaction, "run_reconciled", at=row["at"], cause=cause, run_id=run_id)
    return records.show(transaction, run_id)


def _row(
    site: Site, run_id: int, said: Said, *, balance: Balance, deviation: Deviation | None
) -> dict[str, Any]:
    """Return what the record keeps of a reconciliation."""
    text = canonical({"run": run_id, **balance.figures()})
    return {
        "run_id": run_id,
        "at": site.clock(),
        "operator": said.operator,
        "channel": said.channel,
        "figures": text,
        "digest": hashlib.sha256(text.encode()).hexdigest(),
        "difference": balance.difference,
        "approved_by": None if deviation is None else deviation.approved_by.strip(),
        "reason": None if deviation is None else deviation.reason.strip(),
    }


def canonical(figures: dict[str, Any]) -> str:
    """Return figures as the one text over which their digest is taken (RFC 8785's order of keys).

    >>> canonical({"b": 1, "a": {}})
    '{"a":{},"b":1}'
    """
    return json.dumps(figures, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def _require_people(said: Said, deviation: Deviation | None) -> None:
    operator = (said.operator or "").strip()
    if not operator:
        raise Refusal(BAD_VALUE, "The operator is blank.", hint="Say who reconciles the run.")
    if deviation is None:
        return
    if not deviation.reason.strip():
        raise Refusal(BAD_VALUE, "The reason is blank.", hint="Say why it does not add up.")
    approved_by = deviation.approved_by.strip()
    if not approved_by or approved_by.casefold() == operator.casefold():
        raise Refusal(
            SECOND_PERSON,
            f"'{operator}' wants to reconcile the run with a deviation, and "
            f"'{deviation.approved_by}' approved it. Expected two different people.",
            hint="Let somebody else look, and give their name: approved_by.",
        )


def _require_closed(found: dict[str, Any]) -> None:
    if counted_runs.is_counted(found["state"]):
        raise Refusal(
            RUN_RECONCILED,
            f"Run {found['id']} is {found['state']} already, and its balance is kept as it was.",
            hint=f"See it: labeler run show {found['id']}, or GET "
            f"/api/v1/runs/{found['id']}/reconciliation.",
        )
    if found["state"] != RunState.CLOSED.value:
        raise run_steps.cannot(found, verb="reconcile", expected=RunState.CLOSED)


def _require_agreed(run_id: int, balance: Balance, deviation: Deviation | None) -> None:
    """Refuse what does not add up unless two people know it, and a deviation from nothing."""
    if balance.is_even and deviation is None:
        return
    if deviation is None:
        raise _unbalanced(run_id, balance)
    if balance.is_even or deviation.difference != balance.difference:
        raise Refusal(
            OTHER_DIFFERENCE,
            f"The deviation of run {run_id} is about a difference of {deviation.difference}, and "
            f"the difference is {balance.difference}.",
            hint=f"Look at it together: labeler run balance {run_id}."
            if balance.difference
            else "Reconcile it without a deviation.",
            extra=balance.figures(),
        )


def _unbalanced(run_id: int, balance: Balance) -> Refusal:
    figures = balance.figures()
    causes = ", ".join(f"{count} {cause}" for cause, count in figures["causes"].items())
    terms = ", ".join(f"{count} {term}" for term, count in balance.terms.items())
    kind = next(cause for cause in CAUSES if balance.causes[cause])
    return Refusal(
        NOT_BALANCED,
        f"Run {run_id} issued {counted(balance.issued, 'serial')}, and {terms}: "
        f"{balance.difference} are not accounted for ({causes}).",
        hint=f"Say what became of them; list them: labeler run balance {run_id} --list {kind}. Or "
        "two people reconcile it with a deviation.",
        extra=figures,
    )
