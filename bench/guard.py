"""What the high-water mark costs a trigger: the same service with its guard and without it.

Both issue in this process from many threads, each on a site of its own, in turns.
"""

from contextlib import ExitStack
from pathlib import Path

from bench import place
from bench.harness import Benchmark, Gate, Row, take_turns
from bench.in_process import TURNS, WARM_UP_S, Clients
from labeler import app

RATIO = Gate(goal=1.0, floor=0.95)


def run(folder: Path) -> list[Row]:
    """Measure on two new sites, without spooler and server."""
    with ExitStack() as stack:
        sides = []
        for name in ("guarded", "bare"):
            site = place.make_site(folder / name)
            service = stack.enter_context(app.opened(site, who="bench"))
            if name == "bare":
                service.site.store.guard = None
            service.web.test_client().post("/api/v1/runs", json=place.RUN)
            clients = Clients(service.site)
            clients.labels_per_s(seconds=WARM_UP_S)
            sides.append(clients)
        guarded, bare = sides
        turns = take_turns(guarded.labels_per_s, bare.labels_per_s, turns=TURNS)
        guarded.require_recorded()
        bare.require_recorded()
    return [turns.row("issue, guarded", "labels/s, 16 threads", "without the mark", RATIO)]


BENCHMARK = Benchmark(name="guard", run=run)
