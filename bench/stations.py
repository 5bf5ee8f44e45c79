"""A site whose labels wait, and the printers they wait for; the spooler then runs here.

Labels are issued before anything is measured: what is timed is what the spooler does with them.
"""

import json
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import func, select

from bench import place
from labeler import app
from labeler.app import Service
from labeler.production import issuing
from labeler.production.booking import Trigger
from labeler.store import schema

MEDIA = {"width_mm": 70, "height_mm": 40}
TRIGGER_MAX = 100
"""Labels of one trigger."""
DONE_TIMEOUT_S = 120.0
LOOK_S = 0.01
SETTLED = ("printed", "sent")


@contextmanager
def station(
    folder: Path, printers: Mapping[str, Mapping[str, Any]], **spooler: Any
) -> Iterator[Service]:
    """Open a new site with a line of the same name for each printer, and a run on each."""
    config = place.make_site(folder)
    content = yaml.safe_load(config.read_text(encoding="utf-8"))
    content["printers"] = {
        name: {"language": "zpl", "media": MEDIA, **given} for name, given in printers.items()
    }
    content["lines"] = {name: {"printer": name} for name in printers}
    content["spooler"] = {"status_interval_s": 0, **spooler}
    config.write_text(json.dumps(content), encoding="utf-8")
    with app.opened(config, who="bench") as service:
        client = service.web.test_client()
        for name in printers:
            client.post("/api/v1/runs", json={**place.RUN, "line": name})
        yield service


def issue(service: Service, line: str, count: int) -> None:
    """Let so many labels wait."""
    for number in range(0, count, TRIGGER_MAX):
        quantity = min(TRIGGER_MAX, count - number)
        key = f"{line}-{time.monotonic_ns()}"
        issuing.issue_labels(
            service.site, Trigger(channel="http", line=line, key=key, quantity=quantity)
        )


def seconds_until(service: Service, done: Callable[[], bool]) -> float:
    """Run the spooler until ``done`` holds; return the seconds that took."""
    began = time.perf_counter()
    with app.spooling(service):
        while not done():
            if time.perf_counter() - began > DONE_TIMEOUT_S:
                raise place.BenchError(f"Not all labels were out in {DONE_TIMEOUT_S:g} s.")
            time.sleep(LOOK_S)
        return time.perf_counter() - began


def out(service: Service, *, besides: str = "") -> int:
    """Return how many labels are known to be out, those of one printer aside."""
    label = schema.label
    query = select(func.count()).where(label.c.state.in_(SETTLED), label.c.printer != besides)
    with service.site.store.read() as transaction:
        return int(transaction.execute(query).scalar_one())


def drawn(service: Service) -> bytes:
    """Return the bytes of all labels that wait, job by job."""
    waiting = select(schema.job.c.id).where(schema.job.c.state == "pending")
    with service.site.store.read() as transaction:
        jobs = [row.id for row in transaction.execute(waiting.order_by(schema.job.c.id))]
    client = service.web.test_client()
    return b"".join(client.get(f"/api/v1/jobs/{job}/labels.zpl").data for job in jobs)


@contextmanager
def virtual_printer(folder: Path, *, label_time_s: float = 0.0) -> Iterator[int]:
    """Run a virtual printer in a process of its own; give its port."""
    port = place.free_port()
    command = ("labeler", "printer", "emulate", f"--port={port}", f"--label-time={label_time_s}")
    with place.process(*command, port=port, log=folder / f"printer-{port}.log"):
        yield port


def press_room(stack: ExitStack, folder: Path, count: int, *, label_time_s: float) -> list[int]:
    """Run several virtual printers in one process until ``stack`` ends; return their ports."""
    ports = [place.free_port() for _ in range(count)]
    command = ("bench.press_room", *map(str, ports), f"--label-time={label_time_s}")
    log = folder / "press-room.log"
    stack.enter_context(place.process(*command, port=ports[-1], log=log))
    return ports


class Bare:
    """A plain socket to a virtual printer: what could be reached if a label cost nothing."""

    def __init__(self, port: int) -> None:
        self._connection = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def count(self) -> int:
        """Return its odometer."""
        self._connection.sendall(b'! U1 getvar "odometer.total_label_count"\r\n')
        answer = b""
        while answer.count(b'"') < 2:
            answer += self._connection.recv(4096)
        return int(answer.strip(b'"\r\n '))

    def seconds_for(self, data: bytes, labels: int) -> float:
        """Send it all, and return the seconds until as many labels are out."""
        end = self.count() + labels
        began = time.perf_counter()
        self._connection.sendall(data)
        while self.count() < end:
            time.sleep(0.002)
        return time.perf_counter() - began

    def close(self) -> None:
        """Hang up."""
        self._connection.close()
