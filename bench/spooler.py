"""Labels a second through the whole spooler, against a bare socket that sends the same bytes.

The printer is a virtual one without a pace, in a process of its own; both sides wait until its
odometer has counted every label. The bare socket writes nothing down: a label whose sender dies is
lost without a word.
"""

from pathlib import Path

from bench import stations
from bench.harness import Benchmark, Gate, Row, Turns, take_turns

LABELS = 3000
TURNS = 5
RATIO = Gate(goal=0.5, floor=0.1)


def run(folder: Path) -> list[Row]:
    """Measure what config.yaml has without a word, fewer labels in flight, and without proof."""
    with stations.virtual_printer(folder) as port:
        turns = _turns(folder / "proof", port)
        few = _turns(folder / "few", port, labels_in_flight_max=10)
        none = _turns(folder / "none", port, proof="none")
    return [
        turns.row("spooler", "labels/s", "bare socket", RATIO),
        few.row("  10 in flight at most", "labels/s", "bare socket", None),
        none.row("  no proof", "labels/s", "bare socket", None),
    ]


def _turns(folder: Path, port: int, *, proof: str = "odometer", **spooler: int) -> Turns:
    printer = {"uri": f"tcp://127.0.0.1:{port}", "proof": proof}
    with stations.station(folder, {"press": printer}, **spooler) as service:
        stations.issue(service, "press", LABELS)
        data = stations.drawn(service)
        expected = 0

        def ours() -> float:
            nonlocal expected
            if expected:
                stations.issue(service, "press", LABELS)
            expected += LABELS
            return LABELS / stations.seconds_until(
                service, lambda: stations.out(service) == expected
            )

        def bare() -> float:
            socket = stations.Bare(port)
            try:
                return LABELS / socket.seconds_for(data, LABELS)
            finally:
                socket.close()

        return take_turns(ours, bare, turns=TURNS)


BENCHMARK = Benchmark(name="spooler", run=run)
