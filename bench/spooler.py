"""Labels a second through the whole spooler, against a bare socket that sends the same bytes.

The printer is a virtual one without a pace, in a process of its own; both sides wait until its
odometer has counted every label. The bare socket writes nothing down: a label whose sender dies is
lost without a word.
"""

from pathlib import Path

from bench import stations
from bench.harness import Benchmark, Row, take_turns

LABELS = 600
TURNS = 3
WINDOWS = (10, 50, 200)
"""spooler.labels_in_flight_max; the first is what config.yaml has without a word."""


def run(folder: Path) -> list[Row]:
    """Measure each window with proof, and the first without."""
    with stations.virtual_printer(folder) as port:
        rows = [_row(folder / f"proof-{one}", port, window=one) for one in WINDOWS]
        return [*rows, _row(folder / "none", port, window=WINDOWS[0], proof="none")]


def _row(folder: Path, port: int, *, window: int, proof: str = "odometer") -> Row:
    printer = {"uri": f"tcp://127.0.0.1:{port}", "proof": proof}
    with stations.station(folder, {"press": printer}, labels_in_flight_max=window) as service:
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

        turns = take_turns(ours, bare, turns=TURNS)
    kind = "" if proof == "odometer" else ", no proof"
    return turns.row(f"spooler, {window} in flight{kind}", "labels/s", "bare socket", None)


BENCHMARK = Benchmark(name="spooler", run=run)
