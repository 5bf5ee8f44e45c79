"""Verify a scan among many units, list a page of them, and count a range.

Verify and list: both sides are the same code on the records of bench/lookup.py, so the ratio says
how much slower many units make it. Pages begin anywhere, in three orders; some have a filter that
all units meet, or a fragment. Range: each unit has a label, and a tenth of them is verified; the
other side is a bare COUNT and GROUP BY over the same units and their labels.
"""

import json
import random
import sqlite3
import time
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from bench import lookup, place
from bench.harness import Benchmark, Gate, Row, Turns, take_turns
from labeler.production.lifecycle import overview
from labeler.production.lifecycle.overview import Wanted
from labeler.production.quality import ranges, spans, verifications
from labeler.production.quality.judging import Scan
from labeler.production.site import Site
from labeler.store import Transaction

TURNS = 3
ASKED = 200
"""Scans and pages of each side in each turn."""
PAGES: tuple[dict[str, Any], ...] = (
    {"sort": "serial"},
    {"sort": "serial", "descending": True},
    {"sort": "allocated_at"},
    {"sort": "state"},
    {"sort": "allocated_at", "descending": True},
    {"sort": "allocated_at", "filters": {"state": "allocated"}},
    {"sort": "serial", "search": "A7"},
)
"""Orders and filters of pages."""
VERIFIED = Gate(goal=0.5, floor=0.5)
COUNTED = Gate(goal=0.3, floor=0.3)
LABELS = (
    "INSERT INTO label (id, job_id, unit_id, printer, position, state) "
    "SELECT id, 1, id, 'zebra-1', id, 'printed' FROM unit"
)
JOB = (
    "INSERT INTO job (id, printer, run_id, purpose, state, label_count, created_at) "
    "VALUES (1, 'zebra-1', 1, 'print', 'completed', 1, '2026-11-23T00:00:00.000000Z')"
)
OK = (
    "INSERT INTO verification (at, text, serial, unit_id, verdict, sentence, details, operator, "
    "station, run_id, channel, key, arguments) SELECT allocated_at, serial, serial, id, 'ok', '', "
    "'{}', 'mk', 'qa', 1, 'record', serial, '' FROM unit WHERE id % 10 = 0 AND NOT EXISTS "
    "(SELECT 1 FROM verification v WHERE v.unit_id = unit.id AND v.verdict = 'ok')"
)
BARE = (
    "SELECT state, count(*) FROM unit WHERE run_id = 1 GROUP BY state",
    (
        "SELECT l.state, count(*) FROM unit u JOIN label l ON l.unit_id = u.id "
        "WHERE u.run_id = 1 GROUP BY l.state"
    ),
)


def _verifier(site: Site) -> lookup.Look:
    keys = count(1)

    def verify(text: str) -> object:
        key = f"k{next(keys)}"
        scan = Scan(text=text, operator="mk", station="qa-1", channel="bench", key=key)
        found = verifications.verify(site, scan)
        if found["verdict"] not in ("ok", "already_verified"):
            raise place.BenchError(f"{text}: {found['sentence']}")
        return found

    return verify


def _lister(site: Site, units: int) -> lookup.Look:
    chance, at = random.Random(3), lookup.AT.isoformat()

    def list_page(text: str) -> object:
        page = chance.choice(PAGES)
        behind: list[object] = [at, chance.randrange(units)]
        if page["sort"] == "serial":
            behind = [text, ""]
        elif page["sort"] == "state":
            behind[0] = "allocated"
        wanted = Wanted(**page, after=json.dumps(behind), limit=50)
        with site.store.read() as transaction:
            return overview.page(site, transaction, wanted)

    return list_page


def _p99(looks: tuple[lookup.Look, lookup.Look], texts: tuple[list[str], list[str]]) -> Turns:
    chance = random.Random(7)
    sides = [
        partial(lookup.p99_rate, look, some, chance, count=ASKED)
        for look, some in zip(looks, texts, strict=True)
    ]
    for side in sides:
        side()  # the first ones read the disk
    return take_turns(sides[0], sides[1], turns=lookup.TURNS)


def _label(path: Path) -> None:
    """Give each unit a label, and verify a tenth of them, past all syncs."""
    with sqlite3.connect(path, isolation_level=None) as connection:
        connection.execute("PRAGMA synchronous = off")
        connection.execute(f"PRAGMA cache_size = -{lookup.CACHE_KIB}")
        for statement in (JOB, LABELS, OK):
            connection.execute(statement)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _bare(transaction: Transaction) -> None:
    for statement in BARE:
        transaction.run_sql(statement)


def _rate(site: Site, *, whole: bool) -> float:
    """Return one divided by the time that counting the run takes, by us or barely."""
    began = time.perf_counter()
    with site.store.read() as transaction:
        if whole:
            ranges.count(transaction, spans.of_run(transaction, 1))
        else:
            _bare(transaction)
    return 1 / (time.perf_counter() - began)


def run(folder: Path, many: int = lookup.UNITS) -> list[Row]:
    """Measure on two new records, without spooler and server."""
    few = many // 10
    with (
        lookup.record(folder / "many", many) as (large, own),
        lookup.record(folder / "few", few) as (small, its),
    ):
        verified = _p99((_verifier(large), _verifier(small)), (own, its))
        listed = _p99((_lister(large, many), _lister(small, few)), (own, its))
        _label(folder / "many" / "data/labeler.db")
        counted = take_turns(
            lambda: _rate(large, whole=True), lambda: _rate(large, whole=False), turns=TURNS
        )
    return [
        verified.row(f"verify among {many:,}", "1/p99 s", f"among {few:,}", VERIFIED),
        listed.row(f"overview page among {many:,}", "1/p99 s", f"among {few:,}", VERIFIED),
        counted.row(f"count a run of {many:,}", "1/s", "COUNT, GROUP BY", COUNTED),
    ]


BENCHMARK = Benchmark(name="quality", run=run, quick=lambda folder: run(folder, lookup.FEWER))
