"""A line that triggers twenty times a second, while fifty people look at it, and while nobody does.

Fifty pages are open, each with its stream of events and its refreshes as static/live.js asks for
them. The printer keeps up, so that labels are printed and events are told. Both sides are the same
service, one turn with the pages and one without. Each figure is one divided by the 99th percentile.
"""

import json
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from bench import http_issue, place
from bench.harness import Benchmark, Gate, Row, take_turns

PAGES = 50
PEOPLE = 5
"""Accounts that look, ten pages each."""
CLIENTS = 5
"""Connections of the line, of four triggers a second each: twenty together."""
SECONDS = 10.0
TURNS = 7
QUICK_TURNS = 3
LABEL_TIME_S = 0.02
GIVEN_BACK_S = 1.0
"""Within this the service has noticed that the pages are gone."""
RATIO = Gate(goal=0.67, floor=0.4)
"""The goal: the p99 rises by less than one and a half; docs/benchmarks.md."""
PASSWORD = "five green lathes hum"  # noqa: S105 of a site that lives for a minute


class Site:
    """A service, and who may look at its pages."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.found: list[dict[str, Any]] = []
        self._cookies = [_signed_in(port, f"looker-{number}") for number in range(PEOPLE)]

    def per_p99(self, *, pages: int) -> float:
        """Trigger for some seconds in a process of its own; return one divided by the p99."""
        with self._open(pages):
            command = [sys.executable, "-m", "bench.arrivals", str(self.port), http_issue.LABELS]
            command += [f"--clients={CLIENTS}", f"--seconds={SECONDS}"]
            done = subprocess.run(
                command, cwd=place.ROOT, capture_output=True, text=True, check=False
            )
        if done.returncode:
            raise place.BenchError(f"The load generator failed:\n{done.stderr[-2000:]}")
        return float(1000 / json.loads(done.stdout)["p99_ms"])

    def median(self, name: str) -> float:
        """Return a figure's median over the turns with pages."""
        return float(statistics.median(one[name] for one in self.found))

    @contextmanager
    def _open(self, pages: int) -> Iterator[None]:
        if not pages:
            yield
            return
        command = [sys.executable, "-m", "bench.watchers", str(self.port), f"--pages={pages}"]
        command += [f"--cookie={cookie}" for cookie in self._cookies]
        command += [f"--page=/lines/{place.LINE}", "--page=/lines"]
        watchers = subprocess.Popen(
            command, cwd=place.ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert watchers.stdout is not None
        try:
            if watchers.stdout.readline() != "open\n":
                raise place.BenchError("Not every page could be opened.")
            yield
            said, _ = watchers.communicate(timeout=30)
        finally:
            watchers.kill()
            watchers.wait()
        if watchers.returncode:
            raise place.BenchError("A page was not answered.")
        self.found.append(json.loads(said))
        time.sleep(GIVEN_BACK_S)


def _signed_in(port: int, name: str) -> str:
    """Make an account and sign it in; return its token."""
    order = {"name": name, "display_name": name, "roles": ["operator"]}
    made = place.ask(port, "/api/v1/accounts", order)
    body = {"name": name, "password": made["one_time_password"]}
    cookie, csrf = _begun(port, "/api/v1/session", body, {})
    change = {"old": made["one_time_password"], "new": PASSWORD}
    headers = {"Cookie": f"labeler_session={cookie}", "X-CSRF-Token": csrf}
    return _begun(port, "/api/v1/session/password", change, headers)[0]


def _begun(port: int, path: str, body: object, headers: dict[str, str]) -> tuple[str, str]:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json", **headers},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        cookie = answer.headers["Set-Cookie"].partition("=")[2].partition(";")[0]
        return cookie, json.load(answer)["csrf_token"]


@contextmanager
def served(folder: Path) -> Iterator[int]:
    """Run a service with room for the pages, and its printer; give its port."""
    folder.mkdir(parents=True, exist_ok=True)
    port, press = place.free_port(), place.free_port()
    config = place.make_site(folder / "site", http_port=port, printer_port=press)
    printer = ("labeler", "printer", "emulate", f"--port={press}", f"--label-time={LABEL_TIME_S}")
    serve = ("labeler", "--config", str(config), "serve")
    with (
        place.process(*printer, port=press, log=folder / "printer.log"),
        place.process(*serve, port=port, log=folder / "serve.log"),
    ):
        place.ask(port, "/api/v1/runs", place.RUN)
        yield port


def run(folder: Path, *, turns: int = TURNS) -> list[Row]:
    """Take turns with the pages and without them."""
    with served(folder) as port:
        site = Site(port)
        taken = take_turns(
            partial(site.per_p99, pages=PAGES), partial(site.per_p99, pages=0), turns=turns
        )
    refreshes = f"{PAGES} live pages, {site.median('refreshes_per_s'):.0f} refreshes/s"
    unit = f"1/p99 s, 20 triggers/s, {refreshes}"
    return [taken.row("trigger, live pages open", unit, "no page", RATIO, pages=site.found)]


def quick(folder: Path) -> list[Row]:
    """Take a few turns."""
    return run(folder, turns=QUICK_TURNS)


BENCHMARK = Benchmark(name="live-pages", run=run, quick=quick)
