"""Balances: a row is a run, what became of its units, and who put a name under it.

The numbers are counted as the record is now; `signed` is what was counted when people signed it,
`difference` in it included. Where the two are not alike, something became of units since.
"""

import json
from typing import Any

from labeler.production import run_records
from labeler.production.exports.rows import Pages, Row, Source, Wanted, columns
from labeler.production.exports.sources import _runs
from labeler.production.reconciling import counting
from labeler.production.reconciling.terms import TERMS
from labeler.store import Transaction

_COLUMNS = columns(
    "run:number", *_runs.OF_THE_RUN, "run_state", "quantity:number", "opened_at:time",
    "closed_at:time", "issued:number", *(f"{term}:number" for term in TERMS), "difference:number",
    "causes:data", "balanced", "reconciled_at:time", "reconciled_by", "approved_by", "reason",
    "signed:data", "digest",
)  # fmt: skip
_RUNS_AT_ONCE = 100
"""Runs of one page: each is counted when its page is made."""


def _count(transaction: Transaction, wanted: Wanted) -> int:
    return len(_runs.wanted_runs(transaction, wanted))


def _pages(transaction: Transaction, wanted: Wanted) -> Pages:
    runs = _runs.wanted_runs(transaction, wanted)
    for start in range(0, len(runs), _RUNS_AT_ONCE):
        yield [_row(transaction, run_id) for run_id in runs[start : start + _RUNS_AT_ONCE]]


def _row(transaction: Transaction, run_id: int) -> Row:
    run = run_records.show(transaction, run_id)
    balance = counting.count(transaction, run_id)
    signed = _runs.signed(transaction, run_id)
    names = (*_runs.OF_THE_RUN, "state", "quantity", "opened_at", "closed_at")
    return [
        run_id,
        *(run[name] for name in names),
        *balance.figures().values(),
        balance.is_even,
        *(signed.get(name) for name in ("at", "operator", "approved_by", "reason")),
        _figures(signed),
        signed.get("digest"),
    ]


def _figures(signed: dict[str, Any]) -> dict[str, Any] | None:
    return json.loads(signed["figures"]) if signed else None


SOURCE = Source(
    about="a run, what became of its units, and who signed that",
    columns=_COLUMNS,
    filters=_runs.FILTERS,
    count=_count,
    pages=_pages,
)
