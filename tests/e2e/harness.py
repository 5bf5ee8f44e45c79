"""A site of its own for each test, the service as a real process, and ways to ask both.

A process writes to files, never to a pipe that it shares with the tests: a child that lives on
would keep such a pipe open, and the test would wait for it for ever.
"""

import http.client
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

import httpx
import pypdfium2
import yaml
from typing_extensions import override

from tests.e2e.nursery import Child, nursery
from tests.printers import pictures

ROOT = Path(__file__).parents[2]
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell lets what it runs in the background ignore Ctrl-C, and that would be inherited.
    signal.signal(signal.SIGINT, signal.default_int_handler)

START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 30.0
ANSWER_TIMEOUT_S = 20.0

QUICK = {
    "connect_timeout_s": 1.0,
    "write_timeout_s": 2.0,
    "reply_timeout_s": 0.5,
    "proof_timeout_s": 1.5,
    "retry_delay_max_s": 0.5,
}
"""A spooler that gives up soon, so that tests of what it gives up need not wait."""
PATIENT = QUICK | {"reply_timeout_s": 5.0, "proof_timeout_s": 60.0}
"""A spooler that never takes a busy test machine for a broken printer."""


def free_port() -> int:
    """Return a port that nobody uses, below those the system hands out by itself."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def wait_until(condition: Callable[[], Any], *, timeout_s: float = 30.0) -> Any:
    """Return what ``condition`` returns once that is true; fail when the time is over."""
    deadline = time.monotonic() + timeout_s
    while not (found := condition()):
        assert time.monotonic() < deadline, f"not within {timeout_s:g} s"
        time.sleep(0.05)
    return found


@dataclass(frozen=True, kw_only=True)
class SiteFolder:
    """A folder with a config.yaml and templates/, and the ports that it names."""

    folder: Path
    http_port: int
    printer_port: int

    @property
    def config(self) -> Path:
        """The site's config.yaml."""
        return self.folder / "config.yaml"

    @property
    def url(self) -> str:
        """Where its service answers."""
        return f"http://127.0.0.1:{self.http_port}"

    def answers(self, path: str) -> bool:
        """Return whether its service answers GET ``path`` with 200; cheap, to be asked often."""
        door = http.client.HTTPConnection("127.0.0.1", self.http_port, timeout=2)
        try:
            door.request("GET", path)
            return door.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            door.close()

    def change(self, section: str, **values: Any) -> None:
        """Set keys of a section of config.yaml."""
        settings = yaml.safe_load(self.config.read_text())
        settings.setdefault(section, {}).update(values)
        self.config.write_text(yaml.safe_dump(settings))


def make_site(
    folder: Path,
    *,
    printer_port: int | None = None,
    database_url: str | None = None,
    spooler: Mapping[str, Any] = QUICK,
    emulated: bool = False,
) -> SiteFolder:
    """Make a site like the repository's own, with free ports and no virtual printer inside."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(ROOT / "templates", folder / "templates")
    settings = yaml.safe_load((ROOT / "config.yaml").read_text())
    settings["spooler"] = dict(spooler)
    settings["printers"]["zebra-1"]["emulated"] = emulated
    if database_url:
        settings["database"]["url"] = database_url
    (folder / "config.yaml").write_text(yaml.safe_dump(settings))
    return with_ports(folder, printer_port=printer_port)


def with_ports(folder: Path, *, printer_port: int | None = None) -> SiteFolder:
    """Give the site in ``folder``, a copy perhaps, free ports of its own."""
    port = printer_port or free_port()
    site = SiteFolder(folder=folder, http_port=free_port(), printer_port=port)
    settings = yaml.safe_load(site.config.read_text())
    settings["http"]["port"] = site.http_port
    settings["printers"]["zebra-1"]["uri"] = f"tcp://127.0.0.1:{site.printer_port}"
    site.config.write_text(yaml.safe_dump(settings))
    return site


def environment() -> dict[str, str]:
    """Return an environment in which this checkout runs and nothing else configures it.

    It is the same for every test, which pytest names in a variable: each other one would make a
    nursery of its own.
    """
    ours = ("LABELER", "PYTEST")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}


class Process:
    """A process whose output goes to files; ``with`` makes sure that it ends."""

    def __init__(self, command: Sequence[str], *, out: Path) -> None:
        """Prepare to run ``command``; its output goes to ``out``, what it logs goes beside it."""
        self.command = command
        self.out = out
        self.err = out.with_suffix(".err")
        self.popen: subprocess.Popen[bytes] | Child

    def start(self) -> Self:
        """Start it; output is appended."""
        with self.out.open("ab") as out, self.err.open("ab") as err:
            self.popen = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                cwd=self.out.parent,
                env=environment(),
                start_new_session=True,
            )
        return self

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self.popen.poll() is None

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self.popen.send_signal(number)

    def wait(self, *, timeout_s: float = STOP_TIMEOUT_S) -> int:
        """Return its exit code once it has ended."""
        return self.popen.wait(timeout_s)

    def kill(self) -> None:
        """Kill it and whatever it started, the hard way; return when it is gone."""
        if self.is_running:
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait(STOP_TIMEOUT_S)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.kill()


class Service(Process):
    """`labeler serve` on a site; may be started again after its end."""

    def __init__(self, site: SiteFolder, *, prefix: Sequence[str] | None = None) -> None:
        """Prepare to serve ``site``.

        It comes from the nursery, unless ``prefix`` (may be empty) names a command to run it with.
        """
        self._prefix = prefix
        self.site = site
        command = [*(prefix or ()), *labeler_command(site, "serve")]
        super().__init__(command, out=site.folder / "service.out")

    @override
    def start(self) -> Self:
        if self._prefix is not None:
            return super().start()
        self.popen = born(self.site, "serve", out=self.out, err=self.err)
        return self

    def wait_until_ready(self, *, timeout_s: float = START_TIMEOUT_S) -> Self:
        """Return once /readyz says so; fail with its log if it ends or does not."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline and self.is_running:
            if self.site.answers("/readyz"):
                return self
            time.sleep(0.05)
        raise AssertionError(f"the service is not ready:\n{self.err.read_text()[-4000:]}")

    def stop(self) -> int:
        """Ask it to end with SIGTERM; return its exit code."""
        self.send(signal.SIGTERM)
        return self.wait()

    @property
    def log(self) -> list[dict[str, Any]]:
        """What it logged, over all its lives; other lines (a traceback) under `event` alone."""
        return [_log_line(line) for line in self.err.read_text().splitlines()]

    @override
    def __enter__(self) -> Self:
        return self.start().wait_until_ready()


def _log_line(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        return {"event": line}
    return found if isinstance(found, dict) else {"event": line}


def labeler_command(site: SiteFolder, *arguments: str) -> list[str]:
    """Return the command line of a labeler command on ``site``."""
    return [sys.executable, "-m", "labeler", "--config", str(site.config), *arguments]


def born(site: SiteFolder, *arguments: str, out: Path, err: Path) -> Child:
    """Start a labeler command that has its imports done; who does so sees to its end."""
    made = nursery(tuple(sorted(environment().items())))
    given = ["--config", str(site.config), *arguments]
    return made.start(given, folder=site.folder, out=out, err=err)


@dataclass(frozen=True, kw_only=True)
class Ran:
    """A command that ran to its end."""

    code: int
    out: str
    err: str


def labeler(site: SiteFolder, *arguments: str, timeout_s: float = 60.0) -> Ran:
    """Run a labeler command on ``site`` to its end."""
    with TemporaryDirectory() as folder:
        out, err = Path(folder) / "out", Path(folder) / "err"
        child = born(site, *arguments, out=out, err=err)
        try:
            code = child.wait(timeout_s)
        finally:
            child.send_signal(signal.SIGKILL)
        return Ran(code=code, out=out.read_text(), err=err.read_text())


class Api:
    """The API of a running service, as one client sees it."""

    def __init__(self, site: SiteFolder) -> None:
        """Make a client; it connects when it asks."""
        self._client = httpx.Client(
            base_url=f"{site.url}/api/v1", timeout=ANSWER_TIMEOUT_S, trust_env=False
        )

    def get(self, path: str, **query: Any) -> Any:
        """Return the JSON of GET ``path``, which must succeed."""
        answer = self._client.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def doubtful(self) -> list[dict[str, Any]]:
        """Return all doubtful labels, page by page."""
        page = self.get("/doubtful")
        found = list(page["doubtful"])
        while page["next"] is not None:
            page = self.get("/doubtful", after=page["next"])
            found += page["doubtful"]
        return found

    def get_bytes(self, path: str) -> bytes:
        """Return what GET ``path`` answers, which must succeed."""
        answer = self._client.get(path)
        assert answer.status_code == 200, answer.text
        return answer.content

    def post(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """Return the answer to POST ``path``."""
        return self._client.post(path, json=body, headers=headers)

    def open_run(self, quantity: int, **more: Any) -> int:
        """Open a run of the demo product on line-1 and return its number."""
        order = {"product": "AC-100", "line": "line-1", "quantity": quantity, "lot": "L42", **more}
        answer = self.post("/runs", order)
        assert answer.status_code == 201, answer.text
        return int(answer.json()["id"])

    def trigger(self, key: str, quantity: int = 1) -> httpx.Response:
        """Ask line-1 for labels, once."""
        headers = {"Idempotency-Key": key}
        return self._client.post(
            "/lines/line-1/labels", json={"quantity": quantity}, headers=headers
        )

    def issue(self, key: str, quantity: int = 1) -> dict[str, Any]:
        """Ask line-1 for labels; it must succeed."""
        answer = self.trigger(key, quantity)
        assert answer.status_code in (200, 201), answer.text
        return dict(answer.json())

    def job(self, job_id: int) -> dict[str, Any]:
        """Return a job."""
        return dict(self.get(f"/jobs/{job_id}"))

    def wait_for_job(self, job_id: int, state: str, *, timeout_s: float = 30.0) -> dict[str, Any]:
        """Return a job once it has that state."""
        wait_until(lambda: self.job(job_id)["state"] == state, timeout_s=timeout_s)
        return self.job(job_id)

    def printer(self, name: str = "zebra-1") -> dict[str, Any]:
        """Return what is known of a printer."""
        found = self.get("/printers")["printers"]
        return next(dict(printer) for printer in found if printer["name"] == name)

    def wait_until_settled(self, *, timeout_s: float = 60.0) -> None:
        """Wait until no printer has anything left to do."""
        wait_until(
            lambda: not any(p["labels_waiting"] for p in self.get("/printers")["printers"]),
            timeout_s=timeout_s,
        )

    def close(self) -> None:
        """Close its connections."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@contextmanager
def serving(
    site: SiteFolder, *, prefix: Sequence[str] | None = None
) -> Iterator[tuple[Service, Api]]:
    """Serve ``site`` and give a client; at the end the service must stop cleanly if it runs."""
    with Service(site, prefix=prefix) as service, Api(site) as api:
        yield service, api
        if service.is_running:
            code = service.stop()
            assert code == 0, f"exit code {code}:\n{service.err.read_text()[-4000:]}"


def symbols(text: str) -> list[tuple[str, str]]:
    """Return what the demo label of a serial scans as: its Code 128 and its QR code."""
    return [("Code 128", text), ("QR Code", text)]


def scan_zpl(label: bytes) -> list[tuple[str, str]]:
    """Return what scans on a label, drawn and read by software that is not ours."""
    return pictures.scan(pictures.picture("zpl", label))


def scan_pdf(document: bytes) -> list[list[tuple[str, str]]]:
    """Return what scans on each page of a PDF, rastered at a label printer's resolution."""
    pages = pypdfium2.PdfDocument(document)
    scale = pictures.DPI / 72
    try:
        return [pictures.scan(page.render(scale=scale).to_pil().convert("L")) for page in pages]
    finally:
        pages.close()
