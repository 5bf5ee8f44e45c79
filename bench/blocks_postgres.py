"""A block of serials on PostgreSQL, against one COPY of the same rows."""

import time
from pathlib import Path

import psycopg

from bench import blocks, postgres
from bench.harness import Benchmark, Row

COPY_ROWS = 1000
"""Lines of one write to COPY."""


def by_copy(url: str, rows: blocks.UnitRows) -> float:
    """Copy into PostgreSQL a text that was made before, as from a file."""
    lines = ["\t".join(map(str, row)) + "\n" for row in rows]
    writes = ["".join(lines[at : at + COPY_ROWS]) for at in range(0, len(lines), COPY_ROWS)]
    with psycopg.connect(url) as connection:
        began = time.perf_counter()
        with connection.cursor().copy(f"COPY unit ({blocks.COLUMNS}) FROM STDIN") as sink:
            for text in writes:
                sink.write(text)
        connection.commit()
        return time.perf_counter() - began


def run(folder: Path, quantity: int = blocks.QUANTITY) -> list[Row]:
    """Measure with a database for each site."""
    with postgres.server() as new:
        return blocks.measure(
            folder, quantity, fresh=lambda _: new(), plain=by_copy, other="COPY, PostgreSQL"
        )


BENCHMARK = Benchmark(
    name="blocks-postgres", run=run, quick=lambda folder: run(folder, blocks.FEWER)
)
