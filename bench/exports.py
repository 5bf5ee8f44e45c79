"""Export units, against a bare SELECT of the same rows, and what memory it takes.

Both sides read the same record in the same order, 2,000 rows at once; ours writes a file of it:
times in two zones, cells no spreadsheet takes for a formula, digests. Memory: the peak of what
Python takes while a few rows are exported, divided by that for ten times as many; 1 is constant.
"""

import time
import tracemalloc
from pathlib import Path

from bench import lookup
from bench.harness import Benchmark, Gate, Row, take_turns
from labeler.production.exports import exporting
from labeler.production.exports.exporting import ExportOrder
from labeler.production.exports.rows import ROWS_AT_ONCE, Wanted
from labeler.production.site import Site

UNITS, FEWER = 1_000_000, 200_000
TURNS = 3
WATCHED = 50_000
"""Units of the record whose export is watched for memory; the other has a tenth."""
CSV = Gate(goal=0.1, floor=0.05)
MEMORY = Gate(goal=0.8, floor=0.5)
BARE = (
    "SELECT u.id, u.serial, u.state, r.product, r.lot, r.line, u.run_id, u.position, r.mode, "
    "r.work_order, u.allocated_at, u.location, u.owner, u.purchase_order, u.sales_order, "
    "u.invoice, u.invoice_link FROM unit u JOIN run r ON r.id = u.run_id "
    "WHERE u.run_id = 1 ORDER BY u.position"
)


def _exported(site: Site, form: str) -> int:
    """Export the units of the run, and return how many they were."""
    order = ExportOrder(source="units", form=form, wanted=Wanted(run=1), end_line=True)
    export = exporting.export(site, order)
    for _ in export.pieces():
        pass
    return export.progress.rows


def _rate(site: Site, form: str) -> float:
    began = time.perf_counter()
    return _exported(site, form) / (time.perf_counter() - began)


def _bare(site: Site) -> float:
    began, count = time.perf_counter(), 0
    with site.store.read() as transaction:
        result = transaction.connection.exec_driver_sql(BARE)
        while block := result.fetchmany(ROWS_AT_ONCE):
            count += len(block)
    return count / (time.perf_counter() - began)


def _peak(site: Site) -> float:
    """Return one divided by the most memory that an export takes, in MB."""
    tracemalloc.start()
    try:
        _exported(site, "csv")
        return 1e6 / tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def run(folder: Path, many: int = UNITS) -> list[Row]:
    """Measure on new records, without spooler and server."""
    rows = []
    with lookup.record(folder / "many", many) as (site, _):
        for form, gate in (("csv", CSV), ("ndjson", CSV), ("xlsx", None)):
            turns = take_turns(
                lambda form=form: _rate(site, form),  # type: ignore[misc]
                lambda: _bare(site),
                turns=TURNS,
            )
            name = f"export {many:,} units as {form.upper()}"
            rows.append(turns.row(name, "rows/s", "SELECT", gate))
    with (
        lookup.record(folder / "more", WATCHED) as (more, _),
        lookup.record(folder / "few", WATCHED // 10) as (few, _),
    ):
        _exported(few, "csv")  # what is loaded once is not counted
        peaks = take_turns(lambda: _peak(more), lambda: _peak(few), turns=TURNS)
    rows.append(peaks.row("memory of an export", "1/peak MB", "a tenth of the rows", MEMORY))
    return rows


BENCHMARK = Benchmark(name="exports", run=run, quick=lambda folder: run(folder, FEWER))
