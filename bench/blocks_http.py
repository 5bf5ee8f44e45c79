"""A block of a million serials through the HTTP door: the memory it takes, and the published peers.

The service is a process of its own. It is asked for the block in one request, then the serials are
read as a stream of NDJSON. Its memory must not grow with the block.

Told beside it: 10,000 and 500 serials, for which two open projects have published times. Those were
measured by them, on machines and with work that we do not know, not beside us.
"""

import http.client
import json
import time
from collections.abc import Iterator
from pathlib import Path

from bench import place
from bench.harness import Benchmark, Gate, Row

QUANTITY, FEWER = 1_000_000, 200_000
GROWTH_MAX_MB = 150
RATIO = Gate(goal=1.0, floor=1.0)
TURNS = 5
PUBLISHED = (
    (10_000, 60.0, "ERPNext, as published in 2024"),
    (500, 0.9, "InvenTree, as published in 2024"),
)
"""Serials, seconds and whose: frappe/erpnext pull request 42522, inventree/InvenTree 8246."""
WAIT_S = 600
CLEAR_PEAK = "5"
"""What /proc/PID/clear_refs takes to forget the peak."""


class Memory:
    """The memory of a process, as Linux counts it."""

    def __init__(self, process_id: int) -> None:
        """Begin with what it uses now."""
        self._folder = Path(f"/proc/{process_id}")
        (self._folder / "clear_refs").write_text(CLEAR_PEAK)
        self.idle_mb = self._mb("VmRSS")

    def growth_mb(self) -> float:
        """Return by how much it has been above that at most."""
        return self._mb("VmHWM") - self.idle_mb

    def _mb(self, name: str) -> float:
        for line in (self._folder / "status").read_text().splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1]) * 1024 / 1e6
        raise place.BenchError(f"Linux does not tell the {name} of process {self._folder.name}.")


def issue(port: int, quantity: int, *, key: str) -> float:
    """Ask for a block in one request; return the seconds until it was acknowledged."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=WAIT_S)
    began = time.perf_counter()
    headers = {"Content-Type": "application/json", "Idempotency-Key": key}
    body = json.dumps({"quantity": quantity})
    connection.request("POST", "/api/v1/runs/1/serials", body, headers)
    answer = connection.getresponse()
    said = answer.read()
    passed = time.perf_counter() - began
    connection.close()
    if answer.status != http.client.CREATED:
        raise place.BenchError(f"A block of {quantity}: {answer.status}: {said.decode()}")
    return passed


def serials(port: int) -> Iterator[str]:
    """Yield the serials of the run as the service streams them."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=WAIT_S)
    headers = {"Accept": "application/x-ndjson"}
    connection.request("GET", "/api/v1/runs/1/serials", headers=headers)
    for line in connection.getresponse():
        yield json.loads(line)["serial"]
    connection.close()


def _memory(folder: Path, quantity: int, *, name: str, pattern: str) -> Row:
    with place.running(folder / name, pattern=pattern) as (port, process_id):
        memory = Memory(process_id)
        seconds = issue(port, quantity, key="block")
        issued_mb = memory.growth_mb()
        different = len(set(serials(port)))
        growth = memory.growth_mb()
    if different != quantity:
        raise place.BenchError(f"{quantity} serials were issued, the stream has {different}.")
    return Row(
        name=f"memory of {quantity:,}, {name}",
        unit=f"MB above {memory.idle_mb:.0f} MB",
        ours=growth,
        other=GROWTH_MAX_MB,
        other_name="allowed",
        turns=(GROWTH_MAX_MB / max(growth, 0.1),),
        gate=RATIO,
        notes={"issue_s": seconds, "issue_mb": issued_mb, "idle_mb": memory.idle_mb},
    )


def _published(folder: Path) -> list[Row]:
    found = []
    with place.running(folder / "published") as (port, _):
        issue(port, 500, key="warm-up")
        for quantity, seconds, whose in PUBLISHED:
            taken = [issue(port, quantity, key=f"{quantity}-{turn}") for turn in range(TURNS)]
            ours = sorted(quantity / one for one in taken)
            found.append(
                Row(
                    name=f"{quantity:,} serials over HTTP",
                    unit="serials/s",
                    ours=ours[TURNS // 2],
                    other=quantity / seconds,
                    other_name=whose,
                    turns=tuple(seconds / one for one in taken),
                    notes={"seconds": taken, "published_seconds": seconds},
                )
            )
    return found


def run(folder: Path, quantity: int = QUANTITY) -> list[Row]:
    """Measure the memory for each kind of series, then what has been published."""
    patterns = {"sequential": place.SEQUENTIAL, "random": place.RANDOM}
    return [
        *(_memory(folder, quantity, name=name, pattern=one) for name, one in patterns.items()),
        *_published(folder),
    ]


BENCHMARK = Benchmark(name="blocks-http", run=run, quick=lambda folder: run(folder, FEWER))
