"""Where a benchmark happens: a site of its own, and the processes it needs.

The site lies beside data/, in the checkout: a sync must cost there what it costs the service.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
START_TIMEOUT_S = 30.0
STOP_TIMEOUT_S = 30.0
WARM_UP_S = 0.5
"""How long a server is loaded before anything is counted."""
LINE = "line-1"
SEQUENTIAL = "AC{date:%y%j}{counter:7}{check:iso7064_mod_37_36}"
RANDOM = "AC{random:10}"
RUN = {"product": "AC-100", "line": LINE, "quantity": 5_000_000, "lot": "L42"}

CONFIG = """\
site: {{name: Benchmark, timezone: Europe/Berlin}}
database: {{url: "{database}"}}
http: {{host: 127.0.0.1, port: {http_port}, threads: 16}}
log: {{level: error}}
access: {{this_machine: admin}}
templates: templates/
printers:
  zebra-1:
    uri: "tcp://127.0.0.1:{printer_port}"
    language: zpl
    media: {{width_mm: 70, height_mm: 40}}
lines:
  line-1: {{printer: zebra-1}}
series:
  controller-sn: {{pattern: "{pattern}"}}
products:
  AC-100: {{name: Axis controller, gtin: "04012345000009", series: controller-sn,
    template: unit-label}}
"""


class BenchError(Exception):
    """A benchmark could not be run, or a side did not do its work."""


@contextmanager
def folder(parent: Path | None = None) -> Iterator[Path]:
    """Give a folder on the disk that holds the checkout; nothing of it is left."""
    beside = parent or ROOT / "data"
    beside.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix="bench-", dir=beside))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def make_site(
    target: Path,
    *,
    http_port: int = 8080,
    printer_port: int | None = None,
    database: str = "sqlite:///data/labeler.db",
    pattern: str = SEQUENTIAL,
) -> Path:
    """Write a site of one line with one ZPL printer; return its config.yaml.

    Without ``printer_port`` the printer is switched off: nobody listens there.
    """
    target.mkdir(parents=True, exist_ok=True)
    shutil.copytree(ROOT / "templates", target / "templates")
    config = target / "config.yaml"
    text = CONFIG.format(
        http_port=http_port,
        printer_port=printer_port or free_port(),
        database=database,
        pattern=pattern,
    )
    config.write_text(text, encoding="utf-8")
    return config


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def process(*arguments: str, port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run ``python -m arguments`` until the end of the block; wait until ``port`` answers."""
    with log.open("ab") as output:
        running = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            cwd=ROOT,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _await_port(running, port, arguments, log)
        yield running
    finally:
        running.send_signal(signal.SIGTERM)
        try:
            running.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


def _environment() -> dict[str, str]:
    """Return the environment without the caller's own settings of the service."""
    return {name: value for name, value in os.environ.items() if not name.startswith("LABELER_")}


def _await_port(
    running: subprocess.Popen[bytes], port: int, arguments: tuple[str, ...], log: Path
) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and running.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    said = log.read_text(errors="replace")[-2000:]
    raise BenchError(f"'{' '.join(arguments)}' did not start:\n{said}")


@contextmanager
def service(target: Path, *, printer_port: int | None = None) -> Iterator[int]:
    """Run the real service on a new site with an open run; give its HTTP port."""
    with running(target, printer_port=printer_port) as (port, _):
        yield port


@contextmanager
def running(
    target: Path, *, printer_port: int | None = None, pattern: str = SEQUENTIAL
) -> Iterator[tuple[int, int]]:
    """Do as ``service`` with serials of a pattern; give its HTTP port and its process id."""
    port = free_port()
    config = make_site(target, http_port=port, printer_port=printer_port, pattern=pattern)
    log = target / "serve.log"
    command = ("labeler", "--config", str(config), "serve")
    with process(*command, port=port, log=log) as served:
        ask(port, "/api/v1/runs", RUN)
        yield port, served.pid


def ask(port: int, path: str, body: object = None) -> Any:
    """Send a request (POST with a body) to the service; return what it says."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}",
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise BenchError(f"{path}: {error.code}: {error.read().decode()}") from error


def load(
    port: int, path: str, *, seconds: float, warm_up_s: float = WARM_UP_S, key: str | None = None
) -> dict[str, Any]:
    """Load a server from a process of its own; refuse the measurement unless all got 201."""
    command = [sys.executable, "-m", "bench.load", str(port), path]
    command += [f"--seconds={seconds}", f"--warm-up={warm_up_s}"]
    command += [] if key is None else [f"--key={key}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BenchError(f"The load generator failed at {path}:\n{done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout)
    if set(found["statuses"]) != {"201"}:
        raise BenchError(f"{path}: expected 201 only, got {found['statuses']}.")
    return found
