"""Pause a printer, and resume it: nothing is sent to it, labels on their way are proven on.

A pause is a row of `printer_pause`: it outlives the service. It is not the printer's own pause,
which somebody ends at its button; both may hold at once, and the sentence tells them apart.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select

from labeler.errors import NOT_PAUSED, PAUSED_ALREADY, Refusal
from labeler.production import events
from labeler.production.printing import printer_history
from labeler.production.printing.instructions import Instruction
from labeler.production.site import PrinterState, Site
from labeler.store import Transaction
from labeler.store.schema_printers import printer_pause
from printers.status import Reason

PAUSED: Reason = "paused"


@dataclass(frozen=True, kw_only=True)
class Pause:
    """Somebody wants a printer to print nothing."""

    printer: str
    at: datetime
    reason: str
    operator: str

    @property
    def sentence(self) -> str:
        """Say who paused it, why, and how it goes on."""
        return (
            f"Paused by {self.operator}: {self.reason}. "
            f"Go on: labeler printer resume {self.printer}."
        )

    def shown(self) -> dict[str, Any]:
        """Return it as doors show it."""
        return {"at": self.at, "reason": self.reason, "operator": self.operator}


def find(transaction: Transaction, printer: str) -> Pause | None:
    """Return a printer's pause; None if nobody paused it. Asked before each parcel."""
    if not transaction.run_sql("SELECT 1 FROM printer_pause WHERE printer = ?", [printer]):
        return None
    return every(transaction).get(printer)


def every(transaction: Transaction) -> dict[str, Pause]:
    """Return the pauses of all printers, by name."""
    rows = transaction.execute(select(printer_pause).order_by(printer_pause.c.printer))
    return {row.printer: Pause(**row._mapping) for row in rows}


def pause(site: Site, printer: str, instruction: Instruction) -> dict[str, Any]:
    """Send nothing more to a printer until it is resumed, also after a restart.

    What is on its way is proven on. Returns {printer, at, reason, operator}. Refuses an unknown
    printer (5004) and one that is paused (5009): the first pause's reason still holds.
    """
    site.plant.printer(printer)
    now = site.clock()
    wanted = Pause(
        printer=printer, at=now, reason=instruction.reason, operator=instruction.operator
    )

    def work(transaction: Transaction) -> None:
        known = every(transaction).get(printer)
        if known is not None:
            raise Refusal(
                PAUSED_ALREADY,
                f"Printer '{printer}' was paused by {known.operator}: {known.reason}.",
                hint="It stays so until it is resumed.",
            )
        transaction.execute(insert(printer_pause).values(**vars(wanted)))
        _note(transaction, site, printer, state=shown(_unpaused(site, printer), wanted))
        cause = instruction.cause(printer=printer, **{"from": "not paused", "to": "paused"})
        events.record(transaction, "printer_paused", at=now, cause=cause)

    site.store.write(work)
    site.wake(printer)
    return {"printer": printer, **wanted.shown()}


def resume(site: Site, printer: str, instruction: Instruction) -> dict[str, Any]:
    """Let a paused printer print again what waits for it.

    Returns {printer, paused_at}. Refuses (5010) one that nobody paused, and (5004)
    one that nobody knows.
    """

    def work(transaction: Transaction) -> dict[str, Any]:
        known = every(transaction).get(printer)
        if known is None:
            raise _not_paused(site, printer)
        transaction.execute(delete(printer_pause).where(printer_pause.c.printer == printer))
        own = _unpaused(site, printer)
        words = f"{instruction.says('Resumed')}. {own.sentence}".strip()
        _note(transaction, site, printer, state=replace(own, sentence=words))
        cause = instruction.cause(printer=printer, **{"from": "paused", "to": "not paused"})
        events.record(transaction, "printer_resumed", at=site.clock(), cause=cause)
        return {"printer": printer, "paused_at": known.at}

    outcome = site.store.write(work)
    site.wake(printer)
    return outcome


def _not_paused(site: Site, printer: str) -> Refusal:
    site.plant.printer(printer)
    hint = (
        f"Look at it: GET /api/v1/printers/{printer}, or labeler printer status {printer}. What it "
        "says of itself ends at the printer."
    )
    return Refusal(NOT_PAUSED, f"Nobody paused printer '{printer}'.", hint=hint)


def _unpaused(site: Site, printer: str) -> PrinterState:
    state = site.printer_states.get(printer, PrinterState())
    return state.own or state


def _note(transaction: Transaction, site: Site, printer: str, *, state: PrinterState) -> None:
    """Write it into the printer's history at once: also where no spooler runs."""
    now, keep = site.clock(), site.plant.spooler.printer_history_max
    change = printer_history.change(printer, state, at=now)
    printer_history.append(transaction, [change], keep=keep)


def shown(own: PrinterState, pause: Pause) -> PrinterState:
    """Return how people see a printer that somebody paused: stopped, whatever else it says."""
    reasons = (PAUSED, *(one for one in own.reasons if one != PAUSED))
    ails = own.sentence if own.state == "stopped" else ""
    sentence = f"{pause.sentence} {ails}".strip()
    return replace(
        own, state="stopped", reasons=reasons, sentence=sentence, since=pause.at, own=own
    )


def states(site: Site, pauses: Mapping[str, Pause]) -> dict[str, PrinterState]:
    """Return what is known of each printer that the spooler knows, as ``pauses`` has it.

    Its thread hears of a pause between two parcels only.
    """
    return {name: seen(state, pauses.get(name)) for name, state in site.printer_states.items()}


def seen(state: PrinterState, pause: Pause | None) -> PrinterState:
    """Return a printer's state as the record has its pause, noticed by its thread or not."""
    if pause is None:
        return state.own or state
    return state if state.own is not None else shown(state, pause)
