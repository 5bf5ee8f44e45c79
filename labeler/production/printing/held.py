"""Labels that are held: nothing of them travels until somebody releases their job."""

from typing import Any

from sqlalchemy import Row, func, select, text

from labeler.store import Transaction, schema


def counts(transaction: Transaction) -> dict[str, int]:
    """Return for each printer how many labels are held."""
    label = schema.label
    # In these words the partial index label_held_index covers it.
    query = select(label.c.printer, func.count()).where(text("label.state = 'held'"))
    return {row[0]: row[1] for row in transaction.execute(query.group_by(label.c.printer))}


def of(printer: str) -> list[Any]:
    """Return the conditions that pick the held labels of a printer, covered by the same index."""
    return [schema.label.c.printer == printer, text("label.state = 'held'")]


def oldest(transaction: Transaction, printer: str, *, limit: int | None = None) -> list[Row[Any]]:
    """Return id, job_id and unit_id of the printer's oldest held labels, in order."""
    label = schema.label
    query = select(label.c.id, label.c.job_id, label.c.unit_id).where(*of(printer))
    return list(transaction.execute(query.order_by(label.c.id).limit(limit)))
