"""Ten printers at once, one of which takes bytes no more: what the nine others lose by it.

Virtual printers of ten labels a second in one process. The stalled one accepts a connection and
never reads: its window closes, and nobody hears that it is not there.
"""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench import stations
from bench.harness import Benchmark, Gate, Row, take_turns

PRINTERS = 10
LABEL_TIME_S = 0.1
LABELS = 30
"""Of each printer, in a turn."""
TURNS = 3
STALLED = "press-9"
RATIO = Gate(goal=0.95, floor=0.95)


@contextmanager
def deaf() -> Iterator[int]:
    """Give a port at which connections are taken and nothing is ever read."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        yield int(listener.getsockname()[1])


def run(folder: Path) -> list[Row]:
    """Take turns with a site whose tenth printer is well."""
    with ExitStack() as stack:
        ports = stations.press_room(stack, folder, PRINTERS, label_time_s=LABEL_TIME_S)
        broken = [*ports[:-1], stack.enter_context(deaf())]
        ours = Nine(stack, folder / "stalled", broken)
        other = Nine(stack, folder / "well", ports)
        turns = take_turns(ours.labels_per_s, other.labels_per_s, turns=TURNS)
    return [turns.row("nine of ten printers", "labels/s, the tenth stalled", "all well", RATIO)]


class Nine:
    """A site with ten printers; what the first nine print is counted."""

    def __init__(self, stack: ExitStack, folder: Path, ports: list[int]) -> None:
        printers = {
            f"press-{n}": {"uri": f"tcp://127.0.0.1:{port}"} for n, port in enumerate(ports)
        }
        self._names = list(printers)
        self._expected = 0
        self._service = stack.enter_context(stations.station(folder, printers))

    def labels_per_s(self) -> float:
        """Let labels wait for all ten, then print them."""
        for name in self._names:
            stations.issue(self._service, name, LABELS)
        count = LABELS * (PRINTERS - 1)
        self._expected += count
        seconds = stations.seconds_until(
            self._service,
            lambda: stations.out(self._service, besides=STALLED) >= self._expected,
        )
        return count / seconds


BENCHMARK = Benchmark(name="stalled", run=run)
