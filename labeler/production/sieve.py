"""A sieve for a list of numbers: a file of our own, aside from the record, that finds doubles.

A million numbers are too many for memory, and the record has a line to serve: so they are sorted in
a temporary SQLite file first, and what is wrong with them is known before the record hears of any.
"""

import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from labeler.production.pool_lists import Row

SHOWN_MAX = 100
"""Findings that are listed; the rest is counted."""


class Findings:
    """What is wrong with lines: all are counted, the first ones are kept."""

    def __init__(self) -> None:
        """Begin with none."""
        self.count = 0
        self.first: list[dict[str, object]] = []

    def add(self, row: Row, sentence: str) -> None:
        """Add a line, its text, and why it is refused."""
        self.count += 1
        if len(self.first) < SHOWN_MAX:
            line, text = row
            shown = text[:80].encode("utf-8", errors="replace").decode()
            self.first.append({"line": line, "text": shown, "sentence": sentence})

    def as_dict(self) -> dict[str, object]:
        """Return how many there are, and the first by line."""
        shown = sorted(self.first, key=lambda one: int(str(one["line"])))
        return {"count": self.count, "first": shown}


class Sieve:
    """Numbers by line; use it with ``with``."""

    def __init__(self) -> None:
        """Make the file."""
        self._folder = tempfile.TemporaryDirectory(prefix="labeler-pool-")
        path = Path(self._folder.name) / "numbers.db"
        self._file = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        # Nobody needs it after a crash.
        self._file.execute("PRAGMA journal_mode=OFF")
        self._file.execute("PRAGMA synchronous=OFF")
        self._file.execute("CREATE TABLE number (line INTEGER PRIMARY KEY, text TEXT NOT NULL)")
        self.count = 0

    def __enter__(self) -> Self:
        """Return the sieve itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Remove the file."""
        self._file.close()
        self._folder.cleanup()

    def add(self, rows: list[Row]) -> None:
        """Take lines, which come in ascending order."""
        self._file.execute("BEGIN")
        self._file.executemany("INSERT INTO number VALUES (?, ?)", rows)
        self._file.execute("COMMIT")
        self.count += len(rows)

    def find_doubles(self, findings: Findings) -> None:
        """Add every line whose number stood on an earlier one."""
        self._file.execute("CREATE INDEX number_text ON number (text, line)")
        doubled = self._file.execute(
            "SELECT n.line, n.text, f.first FROM number n JOIN (SELECT text, min(line) AS first "
            "FROM number GROUP BY text HAVING count(*) > 1) f ON n.text = f.text "
            "AND n.line > f.first ORDER BY n.line"
        )
        for line, text, first in doubled:
            findings.add((line, text), f"Number '{text}' stands on line {first} already.")

    def blocks(self, size: int) -> Iterator[list[str]]:
        """Yield all numbers in the order of their lines, ``size`` at a time."""
        rows = self._file.execute("SELECT text FROM number ORDER BY line")
        while block := rows.fetchmany(size):
            yield [row[0] for row in block]
