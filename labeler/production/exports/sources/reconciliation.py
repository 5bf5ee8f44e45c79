"""Reconciliation: a row is a place of a run, and what its unit counts as in the run's balance.

A place that was issued and has no unit is a row without a serial: a difference names each of its
serials, and where there is none, its place. `balances` says the same of a run in one row.
"""

from collections.abc import Iterator

from labeler.production import run_records
from labeler.production.exports import rows
from labeler.production.exports.rows import Pages, Row, Source, Wanted, columns
from labeler.production.exports.sources import _runs
from labeler.production.reconciling import counting
from labeler.production.reconciling.terms import CAUSES
from labeler.store import Transaction

_COLUMNS = columns(
    "run:number", "product", "lot", "line", "work_order", "mode", "run_state", "number:number",
    "serial", "state", "counts_as", "in_difference", "why", "reconciled_at:time", "reconciled_by",
    "approved_by", "reason",
)  # fmt: skip
_MISSING = "missing"
_WHY: dict[str, str] = {str(cause): words for cause, words in CAUSES.items()}


def _count(transaction: Transaction, wanted: Wanted) -> int:
    total = 0
    for run_id in _runs.wanted_runs(transaction, wanted):
        issued = run_records.show(transaction, run_id)["issued"]
        [[units, behind]] = transaction.run_sql(
            "SELECT count(*), coalesce(sum(CASE WHEN position > ? THEN 1 ELSE 0 END), 0) "
            "FROM unit WHERE run_id = ?",
            (issued, run_id),
        )
        total += max(int(units), issued + int(behind))
    return total


def _pages(transaction: Transaction, wanted: Wanted) -> Pages:
    for run_id in _runs.wanted_runs(transaction, wanted):
        run = run_records.show(transaction, run_id)
        signed = _runs.signed(transaction, run_id)
        head = [run_id, *(run[name] for name in _runs.OF_THE_RUN), run["state"]]
        end = [signed.get(name) for name in ("at", "operator", "approved_by", "reason")]
        for page in _in_pages(_places(transaction, run_id, run["issued"])):
            yield [[*head, *own, *end] for own in page]


def _places(transaction: Transaction, run_id: int, issued: int) -> Iterator[Row]:
    """Yield each place of a run: its number, serial, state, what it counts as, and why."""
    last = 0
    while True:
        units = counting.units(
            transaction, run_id, issued=issued, after=last, limit=rows.ROWS_AT_ONCE
        )
        for place, serial, state, kind in units:
            yield from _gap(last + 1, min(place, issued + 1))
            yield place, serial, state, kind, kind in _WHY, _WHY.get(kind)
            last = place
        if len(units) < rows.ROWS_AT_ONCE:
            break
    yield from _gap(last + 1, issued + 1)


def _gap(first: int, end: int) -> Iterator[Row]:
    return ((place, None, None, _MISSING, True, _WHY[_MISSING]) for place in range(first, end))


def _in_pages(found: Iterator[Row]) -> Iterator[list[Row]]:
    page: list[Row] = []
    for row in found:
        page.append(row)
        if len(page) == rows.ROWS_AT_ONCE:
            yield page
            page = []
    if page:
        yield page


SOURCE = Source(
    about="a place of a run, and what its unit counts as in the run's balance",
    columns=_COLUMNS,
    filters=_runs.FILTERS,
    count=_count,
    pages=_pages,
)
