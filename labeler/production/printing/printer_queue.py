"""What waits for a printer, job by job, and what people do with one of these jobs."""

from dataclasses import dataclass
from typing import Any, Literal

from labeler.errors import BAD_VALUE, Refusal
from labeler.production.printing import job_control, jobs, releasing
from labeler.production.printing.instructions import Instruction
from labeler.production.printing.jobs import Order
from labeler.production.site import Site
from labeler.store import Transaction
from labeler.units import JobState

_FIRST = 100
"""The priority of a job that goes before all others (RFC 8011, 5.2.1)."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What becomes of a job."""

    verb: Literal["hold", "release", "cancel", "move", "first"]
    job: int
    to: str | None = None
    """Where it is moved."""


def waiting(transaction: Transaction, printer: str, *, limit: int) -> list[dict[str, Any]]:
    """Return the jobs that wait for a printer, the next first, and behind them those on hold."""
    queue = jobs.Wish(printer=printer, order=Order.QUEUE)
    held = jobs.Wish(printer=printer, order=Order.QUEUE, state=JobState.HELD)
    found = [
        *jobs.list_jobs(transaction, queue, limit=limit),
        *jobs.list_jobs(transaction, held, limit=limit),
    ]
    return list({one["id"]: one for one in found}.values())[:limit]


def change(site: Site, wish: Wish, instruction: Instruction) -> dict[str, Any]:
    """Do with a job what somebody wishes; refuses as `job_control` and `releasing` do.

    Refuses (1002) to move a job nowhere.
    """
    match wish.verb:
        case "hold":
            return job_control.hold(site, wish.job, instruction)
        case "release":
            return releasing.release(site, wish.job, instruction)
        case "cancel":
            return job_control.cancel(site, wish.job, instruction)
        case "first":
            return job_control.set_priority(site, wish.job, instruction, priority=_FIRST)
        case "move":
            if wish.to is None:
                raise Refusal(
                    BAD_VALUE,
                    f"Job {wish.job} is to be moved, and no printer was named.",
                    hint="Choose the printer that shall print it.",
                )
            return job_control.move(site, wish.job, instruction, to=wish.to)
