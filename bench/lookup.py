"""Look up a serial by its text, among many units and among a tenth of them.

Both sides are the same code on a record of the real schema, half of it sequential serials and half
random ones. What a side gives is one divided by the time that 99 of 100 look-ups stay below, so the
ratio says how much slower many units make it: 0.5 is twice as slow.
"""

import random
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from bench import place
from bench.harness import Benchmark, Gate, Row, Turns, take_turns
from labeler import app
from labeler.production import checking, meanings, verifying
from labeler.production.site import Site
from labeler.serials import Permutation, parse_pattern
from labeler.store.times import utc_text

UNITS, FEWER = 10_000_000, 1_000_000
"""Units of the larger record, fewer in a quick run; the smaller one has a tenth."""
TURNS = 5
LOOKUPS = 1000
"""Of each side in each turn."""
BLOCK = 100_000
CACHE_KIB = 2_000_000
"""For making the record only; the service keeps its own."""
SERIES = "  random-sn: {pattern: '" + "R{random:12:crockford32}" + "'}\n"
INSERT = (
    "INSERT INTO unit (id, serial, scope, run_id, position, counter, state, allocated_at) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
INDEXES = (
    "SELECT name, sql FROM sqlite_master WHERE tbl_name = 'unit' AND type = 'index' AND sql > ''"
)
RATIO = Gate(goal=0.5, floor=0.5)
AT = datetime(2026, 11, 23, tzinfo=UTC)
COUNTED = parse_pattern("AC{date:%y%j}{counter:7}{check:iso7064_mod_37_36}")
DRAWN = parse_pattern("R{random:12:crockford32}")
PERMUTED = parse_pattern("P{permuted:9}{check:iso7064_mod_37_36}")
PERMUTATION = Permutation(key=bytes(range(16)), radix=10, width=9, tweak=b"bench")

Look = Callable[[str], object]


def serials(count: int) -> Iterator[tuple[str, int]]:
    """Yield serial and number: a counted one and a random one in turn, the same ones each time."""
    counted, drawn = COUNTED.formatter(AT), DRAWN.formatter(AT)
    chance = random.Random(11)
    for number in range(1, count // 2 + 1):
        yield counted(number), number
        yield drawn(chance.randrange(DRAWN.counter_capacity)), number


@contextmanager
def record(folder: Path, count: int) -> Iterator[tuple[Site, list[str]]]:
    """Give a site whose record has so many units, and serials of it from all over."""
    config = place.make_site(folder)
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("products:\n", f"{SERIES}products:\n"), encoding="utf-8")
    with app.opened(config, who="bench") as service:
        opened = service.web.test_client().post("/api/v1/runs", json=place.RUN)
        if opened.status_code != 201:
            raise place.BenchError(f"No run could be opened: {opened.get_data(as_text=True)}")
    known = _fill(folder / "data/labeler.db", count)
    with app.opened(config, who="bench") as service:
        yield service.site, known


def _fill(path: Path, count: int) -> list[str]:
    """Write the units past all syncs: what is measured is reading; return some of the serials."""
    at = utc_text(AT)
    known: list[str] = []
    with sqlite3.connect(path, isolation_level=None) as connection:
        connection.execute("PRAGMA synchronous = off")
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        rows = (
            (place_, serial, "", 1, place_, number, "allocated", at)
            for place_, (serial, number) in enumerate(serials(count), start=1)
        )
        # Indexes are made of all rows at once, but for those that keep units apart.
        indexes = connection.execute(INDEXES).fetchall()
        for name, _ in indexes:
            connection.execute(f"DROP INDEX {name}")
        while block := list(islice(rows, BLOCK)):
            connection.execute("BEGIN")
            connection.executemany(INSERT, block)
            connection.execute("COMMIT")
            # An odd step meets both kinds.
            known += [row[1] for row in block[:: count // 20_000 // 2 * 2 + 1]]
        for _, statement in indexes:
            connection.execute(statement)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return known


def p99_rate(
    look: Look, texts: Sequence[str], chance: random.Random, *, count: int = LOOKUPS
) -> float:
    """Return one divided by the time that 99 of 100 look-ups stay below."""
    taken = []
    for text in chance.choices(texts, k=count):
        began = time.perf_counter()
        look(text)
        taken.append(time.perf_counter() - began)
    return 1 / statistics.quantiles(taken, n=100)[98]


def _shower(site: Site) -> Look:
    def show(text: str) -> object:
        with site.store.read() as transaction:
            return verifying.show_serial(transaction, text)

    return show


def _checker(site: Site, verdict: str) -> Look:
    expected = meanings.Expected()

    def check(text: str) -> object:
        with site.store.read() as transaction:
            found = checking.check_text(site, transaction, text, expected=expected)
        if found["verdict"] != verdict:
            raise place.BenchError(f"{text}: {found['sentence']}")
        return found

    return check


def _misread(texts: Sequence[str]) -> list[str]:
    """Return the random serials among them, each with its last character lost."""
    return [text[:-1] for text in texts if text.startswith("R")]


def _turns(look: tuple[Look, Look], texts: tuple[list[str], list[str]]) -> Turns:
    chance = random.Random(7)
    for one, asked in zip(look, texts, strict=True):
        p99_rate(one, asked, chance)  # the first look-ups read the disk
    return take_turns(
        lambda: p99_rate(look[0], texts[0], chance),
        lambda: p99_rate(look[1], texts[1], chance),
        turns=TURNS,
    )


def _inverted(count: int) -> list[str]:
    chance = random.Random(5)
    places = [chance.randrange(count) for _ in range(LOOKUPS)]
    write = PERMUTED.formatter(AT)
    return [write(PERMUTATION.apply(one)) for one in places]


def _invert(text: str) -> int:
    """Do as the check does with a permuted serial: read its number, find its place."""
    return PERMUTATION.invert(PERMUTED.parse(text).counter)


def run(folder: Path, many: int = UNITS) -> list[Row]:
    """Measure on two new records, without spooler and server."""
    few = many // 10
    unit, other = "1/p99 s", f"among {few:,}"
    with record(folder / "many", many) as (large, own), record(folder / "few", few) as (small, its):
        shown = _turns((_shower(large), _shower(small)), (own, its))
        issued = _turns((_checker(large, "issued"), _checker(small, "issued")), (own, its))
        texts = (_misread(own), _misread(its))
        checked = _turns((_checker(large, "misread"), _checker(small, "misread")), texts)
    inverted = _turns((_invert, _invert), (_inverted(many), _inverted(few)))
    return [
        turns.row(f"{name} among {many:,}", unit, other, RATIO)
        for name, turns in (
            ("lookup", shown),
            ("check an issued serial", issued),
            ("check a misread serial", checked),
            ("invert a permuted serial", inverted),
        )
    ]


BENCHMARK = Benchmark(name="lookup", run=run, quick=lambda folder: run(folder, FEWER))
