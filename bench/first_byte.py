"""From a trigger to the first byte of its label at the printer, against a bare HTTP answer.

16 clients on 16 lines with a printer each, four triggers a second and client at most; the printers
take bytes at once and are not asked. On the other side the same clients, at the same pace, ask the
hello on the same server software. Each figure is one divided by the 99th percentile.
"""

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from bench import http_issue, place
from bench.harness import Benchmark, Gate, Row, take_turns

CLIENTS = 16
TURNS = 5
RATIO = Gate(goal=0.33, floor=0.1)


class Side:
    """One server, and what was found in every turn."""

    def __init__(self, *arguments: str) -> None:
        self._arguments = arguments
        self.found: list[dict[str, Any]] = []

    def per_p99(self) -> float:
        """Trigger for some seconds in a process of its own; return one divided by the p99."""
        command = [sys.executable, "-m", "bench.arrivals", *self._arguments]
        done = subprocess.run(command, cwd=place.ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            raise place.BenchError(f"The load generator failed:\n{done.stderr[-2000:]}")
        self.found.append(json.loads(done.stdout))
        return float(1000 / self.found[-1]["p99_ms"])

    def median(self, name: str) -> float:
        """Return a figure's median over the turns."""
        return float(statistics.median(one[name] for one in self.found))


@contextmanager
def lines(folder: Path) -> Iterator[tuple[int, int]]:
    """Run the service with a line and a printer a client; give its port and the first printer's."""
    port, first = place.free_port(), place.free_port()
    config = place.make_site(folder, http_port=port)
    content = yaml.safe_load(config.read_text(encoding="utf-8"))
    [printer] = content["printers"].values()
    content["printers"] = {
        f"press-{number}": {**printer, "uri": f"tcp://127.0.0.1:{first + number}", "proof": "none"}
        for number in range(CLIENTS)
    }
    content["lines"] = {
        f"line-{number}": {"printer": f"press-{number}"} for number in range(CLIENTS)
    }
    config.write_text(json.dumps(content), encoding="utf-8")
    command = ("labeler", "--config", str(config), "serve")
    with place.process(*command, port=port, log=folder / "serve.log"):
        for number in range(CLIENTS):
            place.ask(port, "/api/v1/runs", {**place.RUN, "line": f"line-{number}"})
        yield port, first


def run(folder: Path) -> list[Row]:
    """Take turns."""
    with http_issue.hello(folder) as hello, lines(folder / "site") as (port, first):
        path = "/api/v1/lines/LINE/labels"
        ours = Side(str(port), path, f"--first-printer={first}")
        other = Side(str(hello.port), "/hello")
        turns = take_turns(ours.per_p99, other.per_p99, turns=TURNS)
    medians = f"{ours.median('p50_ms'):.1f} ms, hello {other.median('p50_ms'):.1f} ms"
    return [turns.row("trigger to first byte", f"1/p99 s, p50 {medians}", "hello", RATIO)]


BENCHMARK = Benchmark(name="first-byte", run=run)
