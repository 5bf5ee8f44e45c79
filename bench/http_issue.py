"""Durable issue over HTTP with 16 clients, against a hello on the same server software.

Judged with the printer switched off: its labels wait, and the line never does. Told beside it: the
same while the spooler prints, at a printer's pace and at the pace of one that needs no time.
"""

import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench import place
from bench.harness import Benchmark, Gate, Row, take_turns

LABELS = f"/api/v1/lines/{place.LINE}/labels"
TURNS = 11
PRINTING_TURNS = 3
SECONDS = 2.0
RATIO = Gate(goal=0.45, floor=0.40)


class Server:
    """A server under load, and what the generator found in every turn."""

    def __init__(self, port: int, path: str) -> None:
        self.port, self._path = port, path
        self.found: list[dict[str, Any]] = []

    def per_s(self, *, seconds: float = SECONDS, warm_up_s: float = place.WARM_UP_S) -> float:
        """Load it once; refuse the measurement if two triggers got the same answer."""
        found = place.load(self.port, self._path, seconds=seconds, warm_up_s=warm_up_s)
        if self._path == LABELS and found["distinct_answers"] != found["answers"]:
            raise place.BenchError("Two triggers with different keys got the same answer.")
        self.found.append(found)
        return float(found["per_s"])

    def notes(self) -> dict[str, float]:
        """Return medians over the turns of what was found beside the rate."""
        names = ("p50_ms", "p99_ms", "slowest_client", "generator_cpu")
        return {name: statistics.median(one[name] for one in self.found) for name in names}


@contextmanager
def hello(folder: Path) -> Iterator[Server]:
    """Run the ceiling."""
    port = place.free_port()
    with place.process("bench.hello", str(port), port=port, log=folder / "hello.log"):
        yield Server(port, "/hello")


def run(folder: Path) -> list[Row]:
    """Measure with the printer off, then with one of 10 labels/s, then with one without a limit."""
    with hello(folder) as ceiling:
        with place.service(folder / "off") as port:
            ours = Server(port, LABELS)
            turns = take_turns(ours.per_s, ceiling.per_s, turns=TURNS)
        notes = {"load_on_ours": ours.notes(), "load_on_other": ceiling.notes()}
        rush = "  printing all it can"
        return [
            turns.row("issue over HTTP", "req/s, 16 clients", "hello", RATIO, **notes),
            _while_printing(folder / "pace", ceiling, name="  printing 10/s", label_time_s=0.1),
            _while_printing(folder / "rush", ceiling, name=rush, label_time_s=0.0),
        ]


def _while_printing(folder: Path, ceiling: Server, *, name: str, label_time_s: float) -> Row:
    """Take turns with a service whose spooler prints; a new one each time, since it goes on."""
    printed: list[float] = []

    def per_s() -> float:
        site = folder / str(len(printed))
        with _printing_service(site, label_time_s=label_time_s) as port:
            ours = Server(port, LABELS)
            found = ours.per_s()
            [printer] = place.ask(port, "/api/v1/printers")["printers"]
            done = ours.found[0]["answers"] - printer["labels_waiting"]
            printed.append(done / (place.WARM_UP_S + SECONDS))
        return found

    turns = take_turns(per_s, ceiling.per_s, turns=PRINTING_TURNS)
    pace = f"{statistics.median(printed):.0f} printed/s"
    return turns.row(name, f"req/s, {pace}", "hello", None, printed_per_s=printed)


@contextmanager
def _printing_service(site: Path, *, label_time_s: float) -> Iterator[int]:
    """Run a service and, in a process of its own, the virtual printer it prints to."""
    site.mkdir(parents=True)
    port = place.free_port()
    command = ("labeler", "printer", "emulate", f"--port={port}", f"--label-time={label_time_s}")
    with (
        place.process(*command, port=port, log=site / "printer.log"),
        place.service(site / "site", printer_port=port) as http_port,
    ):
        yield http_port


BENCHMARK = Benchmark(name="http", run=run)
