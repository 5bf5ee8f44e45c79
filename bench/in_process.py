"""Issue in this process from many threads, against the disk's own syncs.

The ceiling: one thread that writes 8 KiB and syncs, again and again. A commit costs at least that,
so a record without group commit stays below 1.0 however fast its code is.
"""

import os
import statistics
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from bench import place
from bench.harness import Benchmark, Gate, Row, take_turns
from labeler import app
from labeler.production import issuing
from labeler.production.booking import Trigger
from labeler.production.site import Site

THREADS = 16
TURNS = 24
SECONDS = 0.5
"""Of each side in each turn: short, since the speed of a shared disk changes within seconds."""
WARM_UP_S = 1.0
BLOCK = os.urandom(8192)
BLOCKS = 512
RATIO = Gate(goal=1.0, floor=1.0)
FAIRNESS = Gate(goal=0.5, floor=0.5)


class Disk:
    """A file whose blocks exist, as those of a write-ahead log do after its first turn."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        os.write(self._file, BLOCK * BLOCKS)
        os.fsync(self._file)
        self._sync: Callable[[int], None] = getattr(os, "fdatasync", os.fsync)

    def syncs_per_s(self) -> float:
        """Write a block and sync, in this thread alone."""
        count = 0
        began = time.perf_counter()
        while (passed := time.perf_counter() - began) < SECONDS:
            os.pwrite(self._file, BLOCK, count % BLOCKS * len(BLOCK))
            self._sync(self._file)
            count += 1
        return count / passed

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)


class Clients:
    """Threads that trigger label after label."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.issued = 0
        self.fairness: list[tuple[float, float]] = []
        """Count of the slowest thread and mean count, per second, turn by turn."""

    def labels_per_s(self, *, seconds: float = SECONDS) -> float:
        """Issue from every thread at once; refuse the measurement if one of them fails."""
        counts = [0] * THREADS
        failures: list[Exception] = []
        start = threading.Barrier(THREADS + 1)
        prefix = uuid.uuid4().hex

        def work(index: int) -> None:
            start.wait()
            end = time.perf_counter() + seconds
            try:
                while time.perf_counter() < end:
                    key = f"{prefix}-{index}-{counts[index]}"
                    trigger = Trigger(channel="http", line=place.LINE, key=key)
                    issuing.issue_labels(self._site, trigger)
                    counts[index] += 1
            except Exception as error:  # noqa: BLE001 told below, in the thread that measures
                failures.append(error)

        threads = [threading.Thread(target=work, args=(index,)) for index in range(THREADS)]
        for thread in threads:
            thread.start()
        start.wait()
        began = time.perf_counter()
        for thread in threads:
            thread.join()
        passed = time.perf_counter() - began
        if failures:
            raise place.BenchError(f"Issuing failed: {failures[0]!r}.") from failures[0]
        self.issued += sum(counts)
        self.fairness.append((min(counts) / passed, sum(counts) / THREADS / passed))
        return sum(counts) / passed

    def require_recorded(self) -> None:
        """Refuse the measurement unless each acknowledged label is in the record, once."""
        with self._site.store.read() as transaction:
            found = transaction.connection.exec_driver_sql(
                "SELECT count(*), count(DISTINCT serial), (SELECT count(*) FROM label) FROM unit"
            ).one()
        if tuple(found) != (self.issued,) * 3:
            raise place.BenchError(
                f"{self.issued} labels were acknowledged; the record has (units, serials, labels) "
                f"{tuple(found)}."
            )


def run(folder: Path) -> list[Row]:
    """Measure on a new site, without spooler and server."""
    disk = Disk(folder / "blocks")
    with app.opened(place.make_site(folder / "site"), who="bench") as service:
        service.web.test_client().post("/api/v1/runs", json=place.RUN)
        clients = Clients(service.site)
        clients.labels_per_s(seconds=WARM_UP_S)
        clients.fairness.clear()
        turns = take_turns(clients.labels_per_s, disk.syncs_per_s, turns=TURNS)
        clients.require_recorded()
    disk.close()
    slowest, mean = zip(*clients.fairness, strict=True)
    return [
        turns.row("issue in process", "labels/s, 16 threads", "8 KiB syncs/s", RATIO),
        Row(
            name="slowest thread",
            unit="labels/s",
            ours=statistics.median(slowest),
            other=statistics.median(mean),
            other_name="mean of 16",
            turns=tuple(one / two for one, two in clients.fairness),
            gate=FAIRNESS,
        ),
    ]


BENCHMARK = Benchmark(name="in-process", run=run)
