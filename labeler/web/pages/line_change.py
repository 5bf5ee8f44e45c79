"""Changeover on the page of a line: which run comes next, and what becomes of the open one."""

from typing import Any

from labeler.errors import RUN_STEP, Refusal
from labeler.production import changeover, run_records
from labeler.production.printing import line_now
from labeler.production.run_records import Said
from labeler.units import RunState
from labeler.web.api import site
from labeler.web.shapes_line import LineChange
from labeler.web.texts import gettext


def meant(line: str, text: str) -> int | None:
    """Return the run that an order's or a run's number means on this line; None: none."""
    site().plant.line(line)
    with site().store.read() as transaction:
        return line_now.waiting_run(transaction, line, text)


def opened(line: str) -> dict[str, Any] | None:
    """Return the open run of a line; None: none is."""
    with site().store.read() as transaction:
        found = run_records.list_runs(transaction, line=line, state=RunState.OPEN, limit=1)
    return found[0] if found else None


def question(line: str, run_id: int) -> dict[str, Any] | None:
    """Return what is asked before a line leaves its open run for ``run_id``: {line, left, run}.

    None where there is nothing to ask: no run is open, or that run does not wait on this line.
    """
    left = opened(line)
    with site().store.read() as transaction:
        run = run_records.show(transaction, run_id)
    waits = run["line"] == line and run["state"] in (RunState.PLANNED, RunState.PAUSED)
    return {"line": line, "left": left, "run": run} if left is not None and waits else None


def change(line: str, wish: LineChange, *, said: Said) -> str:
    """Leave one run and go on with the other, both or neither; return what became of it.

    Refuses (2021) to leave another run than the page showed.
    """
    left = opened(line)
    if left is None or left["id"] != wish.left:
        now = "no run is open" if left is None else f"run {left['id']} is"
        raise Refusal(
            RUN_STEP,
            f"Run {wish.left} is not open on line '{line}' any more: {now}.",
            hint="Somebody else changed over. Look at the page, then scan the order again.",
        )
    changeover.change_over(site(), line, said, to=wish.run, leave=wish.leave)
    if wish.leave == "pause":
        sentence = gettext("Run %(left)s is paused, run %(run)s is open.")
    else:
        sentence = gettext("Run %(left)s is closed, run %(run)s is open.")
    return sentence % {"left": wish.left, "run": wish.run}
