"""Issue a million serials in one step, against a plain executemany of the same rows.

Both sides insert into the real table, with its constraints, on an empty database of its own. The
plain side is handed its rows and commits once; ours reserves, makes the serials, and commits after
each chunk, so that lines are served meanwhile.
"""

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from bench import place
from bench.harness import Benchmark, Gate, Row, take_turns
from labeler import app
from labeler.production.blocks import BlockOrder, issue_block
from labeler.production.booking import UNIT_COLUMNS

QUANTITY = 200_000
"""Serials of one block; one of a million gave the same ratio, in five times the time."""
TURNS = 3
RATIO = Gate(goal=0.5, floor=0.5)
PATTERNS = {
    "sequential": "AC{date:%y%j}{counter:7}{check:iso7064_mod_37_36}",
    "random": "AC{random:10}",
}


class Side:
    """One kind of series; each measurement on a new site."""

    def __init__(self, folder: Path, pattern: str) -> None:
        self._folder, self._pattern = folder, pattern
        self._count = 0
        self._rows: list[tuple[object, ...]] = []

    def _site(self) -> Path:
        self._count += 1
        config = place.make_site(self._folder / str(self._count))
        text = config.read_text(encoding="utf-8")
        config.write_text(text.replace(PATTERNS["sequential"], self._pattern), encoding="utf-8")
        return config

    def ours(self) -> float:
        """Return serials per second of one block."""
        with app.opened(self._site(), who="bench") as service:
            service.web.test_client().post("/api/v1/runs", json=place.RUN)
            began = time.perf_counter()
            issue_block(service.site, BlockOrder(run_id=1, quantity=QUANTITY, key="b"))
            passed = time.perf_counter() - began
            with service.site.store.read() as transaction:
                columns = ", ".join(UNIT_COLUMNS)
                self._rows = transaction.run_sql(f"SELECT {columns} FROM unit ORDER BY id")  # noqa: S608
        if len({row[1] for row in self._rows}) != QUANTITY:
            raise place.BenchError("A serial is missing or double.")
        return QUANTITY / passed

    def plain(self) -> float:
        """Return rows per second of an executemany of what ours issued."""
        if not self._rows:
            self.ours()
        config = self._site()
        with app.opened(config, who="bench") as service:
            service.web.test_client().post("/api/v1/runs", json=place.RUN)
        connection = sqlite3.connect(config.parent / "data" / "labeler.db", isolation_level=None)
        for pragma in ("synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        marks = ", ".join("?" * len(UNIT_COLUMNS))
        sql = f"INSERT INTO unit ({', '.join(UNIT_COLUMNS)}) VALUES ({marks})"  # noqa: S608
        began = time.perf_counter()
        connection.execute("BEGIN")
        connection.executemany(sql, self._rows)
        connection.execute("COMMIT")
        passed = time.perf_counter() - began
        connection.close()
        return QUANTITY / passed


def _row(folder: Path, name: str) -> Row:
    side = Side(folder / name, PATTERNS[name])
    ours: Callable[[], float] = side.ours
    turns = take_turns(ours, side.plain, turns=TURNS)
    return turns.row(f"a block, {name}", "serials/s", "executemany", RATIO)


def run(folder: Path) -> list[Row]:
    """Measure on SQLite."""
    return [_row(folder, name) for name in PATTERNS]


BENCHMARK = Benchmark(name="blocks", run=run)
