"""What the audit trail costs a trigger, and how quickly all of it is checked.

Triggers: the same service that records and seals its events, and one that records none, in turns;
one divided by the p99 of each. Check: every row hashed again and compared, against a bare SELECT of
the same rows in the same order.
"""

import json
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from sqlalchemy import text

from bench import place
from bench.harness import Benchmark, Gate, Row, take_turns
from bench.in_process import THREADS, TURNS, WARM_UP_S
from labeler import app
from labeler.production import issuing
from labeler.production.booking import Trigger
from labeler.production.site import Site
from labeler.store import Transaction, chain, chain_checking, schema
from labeler.store.schema_audit import audit_chain

RECORDED = Gate(goal=0.77, floor=0.7)
"""1.3 times the p99 at most."""
CHECKED = Gate(goal=0.2, floor=0.15)
ROWS, ROWS_QUICK, AT_ONCE = 1_000_000, 100_000, 10_000
CHECK_TURNS = 3
SECONDS = 0.5
_BARE = chain_checking.ROWS_SQL.format(at="e.at")


class Triggers:
    """Threads that trigger label after label, and keep how long each took."""

    def __init__(self, site: Site, *, is_recorded: bool) -> None:
        self._site = site
        self._is_recorded = is_recorded

    def per_p99(self, *, seconds: float = SECONDS) -> float:
        """Return one divided by the p99 of a trigger."""
        with self._told():
            taken = self._taken(seconds)
        taken.sort()
        return 1 / taken[int(len(taken) * 0.99)]

    @contextmanager
    def _told(self) -> Iterator[None]:
        if self._is_recorded:
            yield
            return
        with mock.patch.object(Transaction, "insert_events", return_value=None):
            yield

    def _taken(self, seconds: float) -> list[float]:
        taken: list[list[float]] = [[] for _ in range(THREADS)]
        prefix = uuid.uuid4().hex
        end = time.perf_counter() + seconds

        def work(index: int) -> None:
            while (began := time.perf_counter()) < end:
                key = f"{prefix}-{index}-{len(taken[index])}"
                issuing.issue_labels(self._site, Trigger(channel="http", line=place.LINE, key=key))
                taken[index].append(time.perf_counter() - began)

        threads = [threading.Thread(target=work, args=(index,)) for index in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return [one for own in taken for one in own]


def fill(site: Site, count: int) -> None:
    """Put so many sealed events into an empty record."""
    at, end = "2026-11-23T12:00:00.000000Z", chain.START
    for start in range(0, count, AT_ONCE):
        events: list[tuple[Any, ...]] = []
        links: list[tuple[Any, ...]] = []
        for number in range(start + 1, start + AT_ONCE + 1):
            detail = json.dumps({"key": uuid.uuid4().hex})
            row = (number, at, "allocated", "http", None, None, None, detail)
            end = chain.seal_event(end, row)
            events.append(row)
            links.append((end.seq, number, end.hash))

        def write(transaction: Transaction, rows: Any = events, sealed: Any = links) -> None:
            transaction.insert_many(
                schema.event, columns=[one.name for one in schema.event.columns], rows=rows
            )
            transaction.insert_many(audit_chain, columns=chain.COLUMNS, rows=sealed)

        site.store.write(write)


def checked_per_s(site: Site) -> float:
    """Check all rows; refuse the measurement if one of them is wrong."""
    began = time.perf_counter()
    with site.store.read() as transaction:
        *_, last = chain_checking.check(transaction, [])
    if last.bad is not None:
        raise place.BenchError(last.bad.sentence)
    return last.rows / (time.perf_counter() - began)


def read_per_s(site: Site) -> float:
    """Read the same rows, as many at once, and do nothing with them."""
    count = after = 0
    began = time.perf_counter()
    with site.store.read() as transaction:
        while rows := transaction.run_sql(_BARE, (after, chain_checking.ROWS_AT_ONCE)):
            count += len(rows)
            after = rows[-1][0]
    return count / (time.perf_counter() - began)


def _triggers(folder: Path) -> Row:
    with ExitStack() as stack:
        sides = []
        for name in ("recorded", "bare"):
            service = stack.enter_context(app.opened(place.make_site(folder / name), who="bench"))
            service.web.test_client().post("/api/v1/runs", json=place.RUN)
            side = Triggers(service.site, is_recorded=name == "recorded")
            side.per_p99(seconds=WARM_UP_S)
            sides.append(side)
        recorded, bare = sides
        turns = take_turns(recorded.per_p99, bare.per_p99, turns=TURNS)
    return turns.row("issue, recorded", "1/p99, 16 threads", "no events", RECORDED)


def _check(folder: Path, count: int) -> Row:
    with app.opened(place.make_site(folder / "trail"), who="bench") as service:
        site = service.site
        fill(site, count)
        with site.store.engine.begin() as connection:
            connection.execute(text("ANALYZE"))
        turns = take_turns(lambda: checked_per_s(site), lambda: read_per_s(site), turns=CHECK_TURNS)
    return turns.row(f"audit verify, {count:,} rows", "rows/s", "a bare SELECT", CHECKED)


def run(folder: Path) -> list[Row]:
    """Measure both."""
    return [_triggers(folder), _check(folder, ROWS)]


def quick(folder: Path) -> list[Row]:
    """Measure both, on a shorter trail."""
    return [_triggers(folder), _check(folder, ROWS_QUICK)]


BENCHMARK = Benchmark(name="audit", run=run, quick=quick)
