"""What the balances of runs and of their units share: which runs, and whose filters."""

from typing import Any

from labeler.production.exports.rows import Wanted, meant_runs
from labeler.production.reconciling import records
from labeler.store import Transaction

FILTERS = frozenset({"run", "lot", "line", "product"})
"""No times: a run balances as a whole or not."""
OF_THE_RUN = ("product", "lot", "line", "work_order", "mode")


def wanted_runs(transaction: Transaction, wanted: Wanted) -> list[int]:
    """Return the ids of the runs that are meant; of all where nothing is said of them."""
    runs = meant_runs(transaction, wanted)
    if runs is None:
        return [row[0] for row in transaction.run_sql("SELECT id FROM run ORDER BY id")]
    return runs


def signed(transaction: Transaction, run_id: int) -> dict[str, Any]:
    """Return who reconciled a run, when, and with which deviation; empty: nobody did."""
    row = records.find(transaction, run_id)
    return {} if row is None else dict(row._mapping)
