"""What printers said, and when: a row each time that a printer's condition changed.

Idle and processing are one condition, *it works*: a printer goes from one to the other with each
label, and the labels' own record tells of these.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select

from labeler.production.site import PrinterState
from labeler.store import Transaction
from labeler.store.schema_printers import printer_event

Condition = tuple[str, tuple[str, ...]]
"""What is compared: whether it works, and why not."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """A printer's condition from a moment on."""

    printer: str
    at: datetime
    state: str
    """unknown, idle, processing or stopped."""
    reasons: tuple[str, ...]
    """Keywords of RFC 8011, section 5.4.12; those of warnings end with -warning."""
    sentence: str
    """For people."""
    label_count: int | None
    """Labels printed in its life, if it was heard."""

    @property
    def condition(self) -> Condition:
        """What makes it another change than the one before."""
        return condition(self.state, self.reasons)


def condition(state: str, reasons: Sequence[str]) -> Condition:
    """Return the condition that a state and its reasons mean."""
    return "works" if state in ("idle", "processing") else state, tuple(reasons)


def change(printer: str, state: PrinterState, *, at: datetime) -> Change:
    """Return what the record says of a printer's state."""
    return Change(
        printer=printer,
        at=at,
        state=state.state,
        reasons=state.keywords,
        sentence=state.words,
        label_count=state.picture.label_count if state.picture else None,
    )


def append_news(transaction: Transaction, changes: Sequence[Change], *, keep: int) -> None:
    """Write those changes after which a printer is in another condition than the record says."""
    last = last_conditions(transaction, {one.printer for one in changes})
    news = []
    for one in changes:
        if last.get(one.printer) != one.condition:
            last[one.printer] = one.condition
            news.append(one)
    if news:
        append(transaction, news, keep=keep)


def append(transaction: Transaction, changes: Sequence[Change], *, keep: int) -> None:
    """Write changes, and take away each printer's oldest ones beyond the newest ``keep``."""
    rows = [
        {
            "printer": one.printer,
            "at": one.at,
            "state": one.state,
            "reasons": " ".join(one.reasons),
            "sentence": one.sentence,
            "label_count": one.label_count,
        }
        for one in changes
    ]
    transaction.connection.execute(insert(printer_event), rows)
    for printer in sorted({one.printer for one in changes}):
        newest = select(printer_event.c.id).where(printer_event.c.printer == printer)
        oldest_kept = newest.order_by(printer_event.c.id.desc()).offset(keep - 1).limit(1)
        transaction.execute(
            delete(printer_event).where(
                printer_event.c.printer == printer,
                printer_event.c.id < oldest_kept.scalar_subquery(),
            )
        )


def last_conditions(transaction: Transaction, printers: Iterable[str]) -> dict[str, Condition]:
    """Return for each of these printers the condition that was written last."""
    own = printer_event.c.printer.in_(sorted(printers))
    newest = select(func.max(printer_event.c.id)).where(own).group_by(printer_event.c.printer)
    rows = transaction.execute(select(printer_event).where(printer_event.c.id.in_(newest)))
    return {row.printer: condition(row.state, row.reasons.split()) for row in rows}


def list_history(
    transaction: Transaction, printer: str, *, before: int | None, limit: int
) -> list[dict[str, Any]]:
    """Return the printer's changes, the newest first; ``before`` is an id of the page before."""
    query = select(printer_event).where(printer_event.c.printer == printer)
    if before is not None:
        query = query.where(printer_event.c.id < before)
    rows = transaction.execute(query.order_by(printer_event.c.id.desc()).limit(limit))
    return [shown(row) for row in rows]


def shown(row: Any) -> dict[str, Any]:
    """Return a row as doors show it."""
    return {**row._mapping, "reasons": row.reasons.split()}
