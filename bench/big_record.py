"""Lays down a record of many runs: units, labels, events, sealed rows and scans, past all syncs.

What is measured on it is reading, so it is written by the quickest way: indexes are made of all
rows at once, and the hashes of the audit trail are drawn by lot, which no list of it looks at.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from bench import place
from bench.lookup import BLOCK, CACHE_KIB, INSERT
from labeler import app
from labeler.production.recalls import recalling
from labeler.production.recalls.criteria import Criteria
from labeler.production.recalls.recalling import RecallOrder
from labeler.production.site import Site
from labeler.serials import parse_pattern
from labeler.store.times import utc_text

PATTERN = "AC{date:%y%j}{counter:8}{check:iso7064_mod_37_36}"
LINES = 3
A_RUN_TAKES = timedelta(hours=2)
"""From one run's beginning to the next one's: a record of more runs is one of an older plant."""
RECALL = "R-1"
DOUBTFUL = 60
KNOWN = 20_000
"""Serials that are remembered, from all over."""
_JOBS = (
    "INSERT INTO job (id, printer, run_id, purpose, state, label_count, created_at, settled_at) "
    "SELECT id, 'zebra-1', id, 'print', 'completed', issued, opened_at, opened_at FROM run"
)
_LABELS = (
    "INSERT INTO label (id, job_id, unit_id, printer, position, state, odometer, sent_at, "
    "settled_at) SELECT id, run_id, id, 'zebra-1', position, 'printed', id, allocated_at, "
    "allocated_at FROM unit"
)
_DOUBTS = "UPDATE label SET state = 'doubtful' WHERE id > (SELECT max(id) FROM label) - ?"
_EVENTS = (
    "INSERT INTO event (id, at, kind, channel, unit_id, detail) SELECT id + 1000, allocated_at, "
    """'allocated', 'http', id, '{"key": "' || serial || '"}' FROM unit"""
)
"""Their ids are behind those that opening a site and a run made."""
_LINKS = (
    "INSERT INTO audit_chain (seq, event_id, hash) SELECT (SELECT max(seq) FROM audit_chain) + "
    "row_number() OVER (ORDER BY id), id, randomblob(32) FROM event WHERE id > 1000"
)
_SCANS = (
    "INSERT INTO verification (at, text, serial, unit_id, verdict, sentence, details, operator, "
    "station, run_id, channel, key, arguments) SELECT allocated_at, serial, serial, id, 'ok', '', "
    "'{}', 'mk', 'qa', run_id, 'record', serial, '' FROM unit WHERE id % 10 = 0"
)


@dataclass(frozen=True, kw_only=True)
class Shape:
    """How large a record is."""

    runs: int
    a_run: int
    """Units of each run."""

    @property
    def units(self) -> int:
        """Of all runs."""
        return self.runs * self.a_run


@dataclass(frozen=True, kw_only=True)
class Known:
    """What a record has."""

    shape: Shape
    serials: tuple[str, ...]
    """Some, from all over."""


def lay(folder: Path, shape: Shape) -> Known:
    """Make a site whose record has that shape."""
    config = place.make_site(folder, pattern=PATTERN)
    text = config.read_text(encoding="utf-8")
    more = "".join(f"  line-{one}: {{printer: zebra-1}}\n" for one in range(2, LINES + 1))
    config.write_text(text.replace("series:\n", f"{more}series:\n", 1), encoding="utf-8")
    with app.opened(config, who="bench") as service:
        order = place.RUN | {"quantity": shape.a_run}
        opened = service.web.test_client().post("/api/v1/runs", json=order)
        if opened.status_code != 201:
            raise place.BenchError(f"No run could be opened: {opened.get_data(as_text=True)}")
    with closing(sqlite3.connect(folder / "data/labeler.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = off")
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        _write_runs(connection, shape)
        serials = _write_units(connection, shape)
        for table, statement in (
            ("job", _JOBS), ("label", _LABELS), ("event", _EVENTS), ("audit_chain", _LINKS),
            ("verification", _SCANS),
        ):  # fmt: skip
            _at_once(connection, table, statement)
        connection.execute(_DOUBTS, (DOUBTFUL,))
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Known(shape=shape, serials=tuple(serials))


def recall(site: Site, known: Known) -> None:
    """Call the units of one run back."""
    order = RecallOrder(name=RECALL, reason="cracked", operator="qa", criteria=Criteria(runs=(2,)))
    recalling.recall(site, order)
    if not known.serials:
        raise place.BenchError("The record has no units.")


def _write_runs(connection: sqlite3.Connection, shape: Shape) -> None:
    """Write runs as the one that the service opened, all closed but the newest of each line."""
    connection.row_factory = sqlite3.Row
    [first] = connection.execute("SELECT * FROM run").fetchall()
    connection.row_factory = None
    names = first.keys()
    rows: list[tuple[Any, ...]] = []
    steps: list[tuple[Any, ...]] = []
    for number in range(1, shape.runs + 1):
        opened, closed = _at(number - 1, shape), _at(number, shape)
        is_open = number > shape.runs - LINES
        values = dict(first) | {
            "id": number, "line": f"line-{(shape.runs - number) % LINES + 1}",
            "lot": f"L{number}", "work_order": f"WO-{number}", "issued": shape.a_run,
            "quantity": shape.a_run + is_open, "state": "open" if is_open else "closed",
            "opened_at": opened, "closed_at": None if is_open else closed,
        }  # fmt: skip
        rows.append(tuple(values[name] for name in names))
        if not is_open:
            steps.append((number, closed, "open", "closed", "mk", "http"))
    marks = ", ".join("?" * len(names))
    connection.execute("BEGIN")
    insert = f"INSERT OR REPLACE INTO run ({', '.join(names)}) VALUES ({marks})"  # noqa: S608
    connection.executemany(insert, rows)
    connection.executemany(
        "INSERT INTO run_step (run_id, at, from_state, to_state, operator, channel) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        steps,
    )
    connection.execute("COMMIT")


def _write_units(connection: sqlite3.Connection, shape: Shape) -> list[str]:
    """Write the units of all runs; return some of the serials."""
    known: list[str] = []
    dropped = _without_indexes(connection, "unit")
    rows = _units(shape)
    step = max(shape.units // KNOWN, 1)
    while block := list(islice(rows, BLOCK)):
        connection.execute("BEGIN")
        connection.executemany(INSERT, block)
        connection.execute("COMMIT")
        known += [row[1] for row in block[::step]]
    for statement in dropped:
        connection.execute(statement)
    return known


def _units(shape: Shape) -> Iterator[tuple[Any, ...]]:
    write = parse_pattern(PATTERN).formatter(datetime.now(UTC))
    for run in range(1, shape.runs + 1):
        at, is_open = _at(run - 0.5, shape), run > shape.runs - LINES
        for position in range(1, shape.a_run + 1):
            number = (run - 1) * shape.a_run + position
            state = "encoded" if is_open else _state(position)
            yield number, write(number), "", run, position, number, state, at


def _state(position: int) -> str:
    """Return what became of a unit: most are good, one of 50 was not."""
    return {0: "label_scrapped", 1: "destroyed", 2: "sampled"}.get(position % 150, "commissioned")


def _at(runs: float, shape: Shape) -> str:
    """Return the moment at which so many of the runs were over; the last one is so in an hour."""
    return utc_text(datetime.now(UTC) + A_RUN_TAKES * (runs - shape.runs + 0.5))


def _at_once(connection: sqlite3.Connection, table: str, statement: str) -> None:
    dropped = _without_indexes(connection, table)
    connection.execute(statement)
    for one in dropped:
        connection.execute(one)


def _without_indexes(connection: sqlite3.Connection, table: str) -> list[str]:
    """Drop a table's indexes, but for those that keep rows apart; return what makes them again."""
    found = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE tbl_name = ? AND type = 'index' AND sql > '' "
        "AND sql NOT LIKE 'CREATE UNIQUE%'",
        (table,),
    ).fetchall()
    for name, _ in found:
        connection.execute(f"DROP INDEX {name}")
    return [sql for _, sql in found]
