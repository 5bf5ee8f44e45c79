"""A plant with one virtual printer, and its server as a process that may die and live again."""

import functools
import shutil
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self

from labeler import app
from labeler.production import runs
from printers.emulator import VirtualPrinter
from tests import plants
from tests.e2e.harness import SiteFolder, environment, free_port
from tests.e2e.nursery import Child, nursery

Line = Literal["tcp", "pty"]

SPOOLER = {
    "labels_in_flight_max": 4,
    "connect_timeout_s": 1.0,
    "write_timeout_s": 1.0,
    "reply_timeout_s": 0.3,
    "proof_timeout_s": 0.8,
    "retry_delay_max_s": 0.05,
    "status_interval_s": 0,
}
"""It sends small parcels and gives up soon."""
START_TIMEOUT_S = 60.0


def virtual_printer(line: Line, folder: Path, **options: Any) -> VirtualPrinter:
    """Return a printer that is off; it outlives the server, and keeps its book in ``folder``."""
    options = {"label_time_s": 0.004, "book": folder / "book.jsonl", **options}
    if line == "pty":
        return VirtualPrinter.on_pty(link=folder / "line", **options)
    return VirtualPrinter(port=0, **options)


def site_for(
    printer: VirtualPrinter, folder: Path, *, database: str | None, **changes: Any
) -> SiteFolder:
    """Make a plant for a printer, with an open run on line-1; SQLite unless ``database``."""
    site = SiteFolder(folder=folder, http_port=free_port(), printer_port=0)
    settings: dict[str, Any] = {
        "http": {"port": site.http_port},
        "spooler": SPOOLER,
        "printers": {"zebra-1": {"uri": printer.uri}, "archive": None},
    }
    if database is None:
        shutil.copy(_ready_site() / "labeler.db", folder)
        shutil.copytree(_ready_site() / "data", folder / "data")  # its high-water mark
    plants.write_site(folder, database=database, **plants.merged(settings, changes))
    if database is not None:
        _open_run(site.config)
    return site


@functools.cache
def _ready_site() -> Path:
    """Return a site on SQLite with a run, made once: to make it takes as long as a whole case."""
    keeper = tempfile.TemporaryDirectory(prefix="labeler-faults-")
    _KEPT.append(keeper)
    folder = Path(keeper.name)
    _open_run(plants.write_site(folder, printers={"archive": None}))
    return folder


_KEPT: list[tempfile.TemporaryDirectory[str]] = []
"""Folders that go when the process ends."""


def _open_run(config: Path) -> None:
    with app.opened(config, who="a test") as service:
        runs.open_run(service.site, plants.order(quantity=50_000))


@dataclass(kw_only=True)
class Server:
    """The server of a site, one life after the other. Use ``with``: it leaves no process."""

    site: SiteFolder
    child: Child | None = None

    def start(self, harm: Mapping[str, Any]) -> None:
        """Start it; ``harm`` says what `harm.install` does to it."""
        mother = nursery(tuple(sorted(environment().items())))
        self.child = mother.start(
            ["--config", str(self.site.config), "serve"],
            folder=self.site.folder,
            out=self.site.folder / "service.out",
            err=self.log,
            harm=dict(harm),
        )

    @property
    def log(self) -> Path:
        """The file it logs into."""
        return self.site.folder / "service.err"

    @property
    def is_alive(self) -> bool:
        """Whether it has not died."""
        return self.child is not None and self.child.poll() is None

    def wait_until_ready(self) -> bool:
        """Return True once it serves, False if it died before; fail if it does neither."""
        deadline = time.monotonic() + START_TIMEOUT_S
        while self.is_alive:
            if self.site.answers("/readyz"):
                return True
            assert time.monotonic() < deadline, self.log.read_text()[-4000:]
            time.sleep(0.01)
        return False

    def kill(self) -> None:
        """End it the hard way, and bury it."""
        if self.child is not None:
            self.child.kill()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
