"""A block of serials on SQLite, against one executemany of the same rows."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

from bench import blocks
from bench.harness import Benchmark, Row
from labeler.production.booking import UNIT_COLUMNS


def by_executemany(url: str, rows: blocks.UnitRows) -> float:
    """Insert into SQLite, as durable as the service does."""
    marks = ", ".join("?" * len(UNIT_COLUMNS))
    path = url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in ("synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        began = time.perf_counter()
        connection.execute("BEGIN")
        connection.executemany(f"INSERT INTO unit ({blocks.COLUMNS}) VALUES ({marks})", rows)  # noqa: S608
        connection.execute("COMMIT")
        return time.perf_counter() - began


def run(folder: Path, quantity: int = blocks.QUANTITY) -> list[Row]:
    """Measure with a database in the folder of each site."""

    def fresh(site: Path) -> str:
        return f"sqlite:///{site / 'data/labeler.db'}"

    return blocks.measure(
        folder, quantity, fresh=fresh, plain=by_executemany, other="executemany, SQLite"
    )


BENCHMARK = Benchmark(name="blocks-sqlite", run=run, quick=lambda folder: run(folder, blocks.FEWER))
