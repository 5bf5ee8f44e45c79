"""The life of a run that was ordered: pause, resume, withdraw, let more be issued, close."""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from labeler.errors import RUN_CLOSED, RUN_OPEN, RUN_STEP, Refusal
from labeler.production import counters, events, run_records, run_trials
from labeler.production.events import Cause
from labeler.production.run_records import Said
from labeler.production.site import Site
from labeler.store import Transaction, schema, violated
from labeler.units import RUN_LEGAL, UNPINNED, RunMode, RunState

_EVENTS = {
    RunState.PAUSED: "run_paused",
    RunState.OPEN: "run_resumed",
    RunState.CANCELED: "run_withdrawn",
    RunState.CLOSED: "run_closed",
}
"""State a run goes to -> what the event log calls that."""
_VERBS = {
    RunState.PAUSED: "pause",
    RunState.OPEN: "resume",
    RunState.CANCELED: "withdraw",
    RunState.CLOSED: "close",
}
_FROM = {
    RunState.PAUSED: RunState.OPEN,
    RunState.OPEN: RunState.PAUSED,
    RunState.CANCELED: RunState.PLANNED,
    RunState.CLOSED: RunState.OPEN,
}
"""What a sentence says that the run should have been."""
UNITS_MAX = 1_000_000_000
"""Most units a run is ever let issue."""


def pause_run(site: Site, run_id: int, said: Said) -> dict[str, Any]:
    """Let a run issue nothing until it is resumed, and leave its line free; return it.

    What waits in the spool goes on printing. Nothing is issued from it once this has returned.
    Refuses an unknown run (2003), one that is paused already (2020), and one that is not open
    (2006, 2021).
    """
    return _go(site, run_id, RunState.PAUSED, said)


def resume_run(site: Site, run_id: int, said: Said) -> dict[str, Any]:
    """Let a paused run go on; return it.

    Refuses an unknown run (2003), a line on which another run is open (2004), one that config.yaml
    does not know any more (2001), and a run that is not paused (2006, 2021).
    """
    return _go(site, run_id, RunState.OPEN, said)


def withdraw_run(site: Site, run_id: int, said: Said) -> dict[str, Any]:
    """Cancel a planned run; return it. Refuses an unknown run (2003), another state (2021)."""
    return _go(site, run_id, RunState.CANCELED, said)


def close_run(
    site: Site,
    run_id: int,
    *,
    channel: str = "http",
    operator: str | None = None,
    reason: str | None = None,
) -> dict[str, Any]:
    """Close an open or paused run; return it.

    Refuses an unknown run (2003), a closed one (2006), and one that never was open (2021).
    """
    said = Said(operator=operator, reason=reason, channel=channel)
    return _go(site, run_id, RunState.CLOSED, said)


def _go(site: Site, run_id: int, to: RunState, said: Said) -> dict[str, Any]:
    def go(transaction: Transaction) -> dict[str, Any]:
        run_records.lock(transaction, run_id)
        return take(transaction, site, run_id, to=to, said=said)

    return site.store.write(go, locks=True)


def take(
    transaction: Transaction, site: Site, run_id: int, *, to: RunState, said: Said
) -> dict[str, Any]:
    """Let a run that is locked go to ``to``; return it. Refuses what the verbs above do."""
    now = site.clock()
    found = run_records.show(transaction, run_id)
    _require_legal(transaction, found, to)
    if to is RunState.OPEN:
        site.plant.line(found["line"])
        refuse_second_run(transaction, found["line"])
    closed = {"closed_at": now} if to is RunState.CLOSED else {}
    set_state(transaction, found, state=to.value, **closed)
    run_records.record_step(transaction, run_id, said, states=(found["state"], to.value), at=now)
    cause = Cause(channel=said.channel, detail=detail(said))
    events.record(transaction, _EVENTS[to], at=now, cause=cause, run_id=run_id)
    return run_records.show(transaction, run_id)


def detail(said: Said, **more: Any) -> dict[str, Any]:
    """Return what the event log keeps of who wanted a step."""
    told = {"operator": said.operator, "reason": said.reason}
    return {**more, **{name: value for name, value in told.items() if value is not None}}


def set_state(transaction: Transaction, found: dict[str, Any], **values: Any) -> None:
    """Change columns of a run, its state among them; refuse (2004) a second open one."""
    try:
        transaction.execute(
            update(schema.run).where(schema.run.c.id == found["id"]).values(**values)
        )
    except IntegrityError as error:
        if violated(error) != "run_one_open_per_line":
            raise
        # Another process opened one meanwhile.
        raise already_open(found["line"]) from error


def refuse_second_run(transaction: Transaction, line: str) -> None:
    """Refuse (2004) a line that has an open run."""
    found = transaction.execute(
        select(schema.run.c.id).where(schema.run.c.line == line, schema.run.c.state == "open")
    ).scalar_one_or_none()
    if found is not None:
        raise already_open(line, found)


def already_open(line: str, run_id: int | None = None) -> Refusal:
    """Return the refusal (2004) of a line that has an open run."""
    which = f"run {run_id} is open" if run_id else "another run was opened at the same moment"
    hint = (
        f"Close it first: POST /api/v1/runs/{run_id}/close, or labeler run close {run_id}."
        if run_id
        else "List the runs."
    )
    sentence = f"Line '{line}' takes one open run at a time, and {which}."
    return Refusal(RUN_OPEN, sentence, hint=hint)


def _require_legal(transaction: Transaction, found: dict[str, Any], to: RunState) -> None:
    state = RunState(found["state"])
    if to in RUN_LEGAL[state] and not (to is RunState.OPEN and state in UNPINNED):
        return
    if state is RunState.CLOSED:
        raise is_closed(found)
    if state is RunState.PAUSED and to is RunState.PAUSED:
        refusal = run_records.last_paused(transaction, id=found["id"])
        assert refusal is not None  # noqa: S101 a run is paused by a step
        raise refusal
    raise cannot(found, verb=_VERBS[to], expected=_FROM[to])


def is_closed(found: dict[str, Any]) -> Refusal:
    """Return the refusal (2006) of a run that was closed."""
    return Refusal(
        RUN_CLOSED,
        f"Run {found['id']} was closed at {found['closed_at']:%Y-%m-%d %H:%M:%S} UTC.",
        hint="Open a new run.",
    )


def cannot(found: dict[str, Any], *, verb: str, expected: RunState) -> Refusal:
    """Return the refusal (2021) of a step that a run cannot take from its state."""
    run_id, state = found["id"], RunState(found["state"])
    hints = {
        RunState.PLANNED: f"Open it: labeler run open {run_id}; or withdraw it: "
        f"labeler run withdraw {run_id}.",
        RunState.OPEN: f"Look at it: labeler run show {run_id}.",
        RunState.PAUSED: f"Resume it first: labeler run resume {run_id}.",
        RunState.CLOSED: f"Reconcile it first: labeler run reconcile {run_id}.",
    }
    return Refusal(
        RUN_STEP,
        f"Run {run_id} is {state.value}: to {verb} it, it has to be {expected.value}.",
        hint=hints.get(state, "Nothing more can be done with it; plan or open a new run."),
    )


def overrun_run(site: Site, run_id: int, said: Said, *, units: int) -> dict[str, Any]:
    """Let a run issue so many units more than were planned; return it.

    Refuses an unknown run (2003), one that is neither open nor paused (2006, 2021), and what
    its series or labels cannot do (3003, 3006, 4001).
    """

    def permit(transaction: Transaction) -> dict[str, Any]:
        now = site.clock()
        run_records.lock(transaction, run_id)
        found = run_records.show(transaction, run_id)
        state = RunState(found["state"])
        if state is RunState.CLOSED:
            raise is_closed(found)
        if state not in (RunState.OPEN, RunState.PAUSED):
            raise cannot(found, verb="let it overrun", expected=RunState.OPEN)
        if found["mode"] == RunMode.TEST.value:
            raise Refusal(
                RUN_STEP,
                f"Run {run_id} is a test run: it issues as many units as it was opened with.",
                hint="Close it, and open another test run.",
            )
        run = site.pinned(transaction, run_id)
        counters.lock(transaction, run.series_names)
        overrun = found["overrun"] + units
        last = found["quantity"] + overrun
        if last > UNITS_MAX:
            raise Refusal(
                RUN_STEP,
                f"Run {run_id} would be {last} units, expected {UNITS_MAX} at most.",
                hint="Open another run for the rest.",
            )
        run_trials.require_possible(
            site, transaction, run, quantity=found["remaining"] + units, last=last
        )
        set_state(transaction, found, overrun=overrun)
        run_records.record_step(
            transaction, run_id, said, states=(state.value, state.value), at=now, units=units
        )
        cause = Cause(channel=said.channel, detail=detail(said, units=units))
        events.record(transaction, "run_overrun", at=now, cause=cause, run_id=run_id)
        return run_records.show(transaction, run_id)

    return site.store.write(permit, locks=True)
