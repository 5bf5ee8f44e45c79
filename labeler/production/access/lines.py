"""On which line something was made that an address names: a key may be for some lines only."""

from typing import Final

from labeler.store import Transaction

_SQL: Final = {
    "run_id": "SELECT line FROM run WHERE id = ?",
    "job_id": "SELECT r.line FROM job j JOIN run r ON r.id = j.run_id WHERE j.id = ?",
    "lease_id": "SELECT r.line FROM lease l JOIN run r ON r.id = l.run_id WHERE l.id = ?",
    "label_id": (
        "SELECT r.line FROM label l JOIN unit u ON u.id = l.unit_id JOIN run r ON r.id = u.run_id "
        "WHERE l.id = ?"
    ),
}

NAMES: Final = tuple(_SQL)
"""What addresses call the things whose line is known."""


def line_of(transaction: Transaction, name: str, number: int) -> str | None:
    """Return the line of what ``name`` (one of NAMES) and its number mean; None: there is none."""
    rows = transaction.run_sql(_SQL[name], (number,))
    return None if not rows else str(rows[0][0])
