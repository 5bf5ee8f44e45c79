"""How long a page takes where there are 10,000,000 units of 1,000 runs, and where there are few.

Both sides are the same application, asked by somebody who is signed in; only the record differs:
the small one has 60 runs of as many units each. A run has its labels, its events, sealed rows of
the audit trail for them and, of every tenth unit, a scan. What a side gives is one divided by the
median of the times of a page, so the ratio says how much slower the large record makes it: 0.5 is
twice as slow. Each page must be answered with 200, and units are another one each time.
"""

import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from flask.testing import FlaskClient

from bench import big_record, place
from bench.big_record import Shape
from bench.harness import Benchmark, Gate, Row, Turns, take_turns
from labeler import app

RUNS, FEW_RUNS = 1_000, 60
"""The small record has as many as a page of them shows, and some."""
UNITS, FEWER = 10_000_000, 1_000_000
"""Units of the large record, fewer in a quick run; a run has as many in the small one."""
TURNS = 5
ASKED = 9
"""Pages of each side in each turn."""
RATIO = Gate(goal=0.5, floor=0.4)
PASSWORD = "five green lathes hum"  # noqa: S105 of a site that lives for some minutes

Pages = dict[str, Callable[[random.Random], str]]
"""What a page is called -> its address, another one each time where it is of one thing."""


def _pages(known: big_record.Known) -> Pages:
    def serial(chance: random.Random) -> str:
        return chance.choice(known.serials)

    def run(chance: random.Random) -> str:
        return f"/runs/{chance.randrange(1, known.shape.runs - 2)}"

    def units(chance: random.Random) -> str:
        asked = (
            "",
            "?sort=serial",
            "?order=asc",
            "?state=commissioned",
            f"?search={serial(chance)}",
        )
        return f"/units{chance.choice(asked)}"

    def audit(chance: random.Random) -> str:
        return f"/audit{chance.choice(('', f'?serial={serial(chance)}', '?order=asc'))}"

    return {
        "dashboard": lambda _: "/dashboard",
        "lines": lambda _: "/lines",
        "line": lambda _: f"/lines/{place.LINE}",
        "runs": lambda chance: f"/runs{chance.choice(('', '?line=line-2', '?state=closed'))}",
        "run": run,
        "open run": lambda _: f"/runs/{known.shape.runs}",
        "hours of a run": lambda chance: f"{run(chance)}/hours",
        "units": units,
        "unit": lambda chance: f"/units/{serial(chance)}",
        "range": lambda chance: f"/ranges?run={run(chance).rpartition('/')[2]}",
        "recalls": lambda _: "/recalls",
        "recall": lambda _: f"/recalls/{big_record.RECALL}",
        "series": lambda _: "/series",
        "printers": lambda _: "/printers",
        "doubtful labels": lambda _: "/doubtful",
        "audit": audit,
        "verify": lambda _: "/verify",
        "exports": lambda _: "/exports",
    }


class Visitor:
    """Somebody with a browser, who looks at pages of one site."""

    def __init__(self, client: FlaskClient, known: big_record.Known) -> None:
        self._client = client
        self._pages = _pages(known)
        self._chance = random.Random(7)
        _sign_in(client)

    def rate(self, name: str, count: int = ASKED) -> float:
        """Return one divided by the median of the times that a page took."""
        taken = []
        for _ in range(count):
            address = self._pages[name](self._chance)
            began = time.perf_counter()
            answer = self._client.get(address, headers={"Accept": "text/html"})
            taken.append(time.perf_counter() - began)
            if answer.status_code != 200:
                raise place.BenchError(f"{address}: {answer.status_code}: {answer.text[-500:]}")
        return 1 / statistics.median(taken)

    @property
    def names(self) -> list[str]:
        """Return what its pages are called."""
        return list(self._pages)


def _sign_in(client: FlaskClient) -> None:
    """Make an account that may see every page, and sign it in."""
    name = "looker"
    order = {"name": name, "display_name": name, "roles": ["operator", "engineer", "qa"]}
    made = client.post("/api/v1/accounts", json=order)
    if made.status_code != 201:
        raise place.BenchError(made.text)
    once = made.get_json()["one_time_password"]
    begun = client.post("/api/v1/session", json={"name": name, "password": once}).get_json()
    change = {"old": once, "new": PASSWORD}
    headers = {"X-CSRF-Token": begun["csrf_token"]}
    changed = client.post("/api/v1/session/password", json=change, headers=headers)
    if changed.status_code != 200:
        raise place.BenchError(changed.text)


@contextmanager
def _visited(folder: Path, shape: Shape) -> Iterator[Visitor]:
    known = big_record.lay(folder, shape)
    with app.opened(folder / "config.yaml", who="bench") as service:
        big_record.recall(service.site, known)
        yield Visitor(service.web.test_client(), known)


def _turns(large: Visitor, small: Visitor, name: str) -> Turns:
    for one in (large, small):
        one.rate(name)  # the first ones read the disk
    return take_turns(partial(large.rate, name), partial(small.rate, name), turns=TURNS)


def run(folder: Path, units: int = UNITS) -> list[Row]:
    """Measure on two new records, without spooler and server."""
    a_run = units // RUNS
    large, small = Shape(runs=RUNS, a_run=a_run), Shape(runs=FEW_RUNS, a_run=a_run)
    other = f"{small.units:,} units, {FEW_RUNS} runs"
    with (
        _visited(folder / "large", large) as one,
        _visited(folder / "small", small) as two,
    ):
        return [
            _turns(one, two, name).row(f"page: {name}", "1/median s", other, RATIO)
            for name in one.names
        ]


BENCHMARK = Benchmark(name="pages-big", run=run, quick=lambda folder: run(folder, FEWER))
