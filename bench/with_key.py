"""Durable issue over HTTP by a program with an API key, against one on this computer without.

The key is looked up in memory and its use is written down once a minute, so it should cost a
trigger nothing that counts.
"""

from functools import partial
from pathlib import Path

from bench import place
from bench.harness import Benchmark, Gate, Row, take_turns
from bench.http_issue import LABELS

TURNS = 7
SECONDS = 2.0
RATIO = Gate(goal=0.95, floor=0.85)


def per_s(port: int, *, key: str | None) -> float:
    """Load the service once; return the triggers a second."""
    return float(place.load(port, LABELS, seconds=SECONDS, key=key)["per_s"])


def run(folder: Path) -> list[Row]:
    """Take turns with the key and without."""
    with place.service(folder / "site") as port:
        order = {"name": "PLC", "permissions": ["print"]}
        key = place.ask(port, "/api/v1/keys", order)["key"]
        ours, other = (partial(per_s, port, key=one) for one in (key, None))
        turns = take_turns(ours, other, turns=TURNS)
    return [turns.row("issue with an API key", "req/s, 16 clients", "this machine", RATIO)]


BENCHMARK = Benchmark(name="with-key", run=run)
