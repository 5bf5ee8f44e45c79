"""Release a reconciled run: somebody answers for it. Its units stay as they are."""

from typing import Any

from labeler.errors import BAD_VALUE, SECOND_PERSON, Refusal
from labeler.production import events, run_records, run_steps
from labeler.production.events import Cause
from labeler.production.reconciling import records
from labeler.production.run_records import Said
from labeler.production.site import Site
from labeler.store import Transaction
from labeler.units import RunState


def release(site: Site, run_id: int, said: Said) -> dict[str, Any]:
    """Let a reconciled run be *released*; return it.

    Refuses an unknown run (2003), one in another state (2021), a blank name (1002), a balance that
    is not as it was signed (6043), and, where the run has a deviation, whoever reconciled it
    (5026).
    """
    operator = (said.operator or "").strip()
    if not operator:
        raise Refusal(BAD_VALUE, "The operator is blank.", hint="Say who releases the run.")

    def go(transaction: Transaction) -> dict[str, Any]:
        run_records.lock(transaction, run_id)
        found = run_records.show(transaction, run_id)
        if found["state"] != RunState.RECONCILED.value:
            raise run_steps.cannot(found, verb="release", expected=RunState.RECONCILED)
        signed = records.require(transaction, run_id)
        if signed.approved_by is not None and _same(signed.operator, operator):
            raise Refusal(
                SECOND_PERSON,
                f"'{operator}' reconciled run {run_id} with a deviation and wants to release it. "
                "Expected another person.",
                hint=f"Let {signed.approved_by}, who approved the deviation, or somebody else "
                "release it.",
            )
        now = site.clock()
        run_steps.set_state(transaction, found, state=RunState.RELEASED.value)
        states = (found["state"], RunState.RELEASED.value)
        run_records.record_step(transaction, run_id, said, states=states, at=now)
        cause = Cause(channel=said.channel, detail=run_steps.detail(said))
        events.record(transaction, "run_released", at=now, cause=cause, run_id=run_id)
        return run_records.show(transaction, run_id)

    return site.store.write(go, locks=True)


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()
