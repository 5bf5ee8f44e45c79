"""A month of a plant for pictures: its serials, times and ids are the same whenever it is made.

Run as a program it is `labeler`, with a clock that stands at ``MOMENT`` and chance that is none.
"""

import json
import random
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import yaml

from labeler.web.access import COOKIE
from tests.browser.demo import Demo
from tests.e2e.harness import PATIENT, Api, Process, SiteFolder, free_port, wait_until

MOMENT = datetime(2026, 11, 27, 13, 20, tzinfo=UTC)
"""When the pictures are taken: a Friday afternoon in the plant."""
LASTS = timedelta(minutes=30)
"""So much later it is at most by the end."""
FILL_MAX_S = 500.0
"""A busy machine may need as long for the month."""
KEYS: tuple[dict[str, Any], ...] = (
    {"name": "PLC of line 1", "permissions": ["print"], "lines": ["line-1"]},
    {"name": "PLC of line 2", "permissions": ["print"], "lines": ["line-2"]},
    {"name": "MES", "permissions": ["read", "print"]},
    {"name": "Monitoring", "permissions": ["read"]},
)
TRIGGERS = ("plc1-000091", "plc1-000092", "plc1-000092")
"""What the PLC of line 1 has asked for since the service started; once it got no answer."""
DRAWN_OTHERWISE = ("size_mm: 3.8", "size_mm: 3.2")
"""What an engineer has changed of the unit's label, and not released yet."""


@contextmanager
def serving_month(folder: Path) -> Iterator[Demo]:
    """Make a demo site in ``folder``, fill it with its month, and serve it."""
    site = _made(folder)
    accounts = json.loads(_run(site, "demo", "--json"))["accounts"]
    label = folder / "templates/unit-label.yaml"
    label.write_text(label.read_text(encoding="utf-8").replace(*DRAWN_OTHERWISE), encoding="utf-8")
    with Process(_command(site, "serve"), out=folder / "service.out"), Api(site) as api:
        wait_until(lambda: site.answers("/readyz"), timeout_s=60)
        for key in KEYS:
            assert api.post("/keys", key).status_code == 201
        for trigger in TRIGGERS:
            api.wait_for_job(api.issue(trigger)["job"], "completed")
        people = {one["role"]: one for one in reversed(accounts)}
        sessions = {role: _signed_in(site, person) for role, person in people.items()}
        yield _found(site, api, sessions)


def _made(folder: Path) -> SiteFolder:
    """Make the site as `labeler init --demo` does, on ports that nobody uses."""
    site = SiteFolder(folder=folder, http_port=_port(8080), printer_port=_port(9100))
    folder.parent.mkdir(parents=True, exist_ok=True)
    _run(site, "init", "--demo", str(folder), at=folder.parent)
    said = yaml.safe_load(site.config.read_text(encoding="utf-8"))
    for place, printer in enumerate(said["printers"].values()):
        printer["uri"] = f"tcp://127.0.0.1:{_port(site.printer_port + place)}"
    said["http"] |= {"port": site.http_port, "threads": 48, "streams_max": 40}
    said["spooler"] = PATIENT
    site.config.write_text(yaml.safe_dump(said, sort_keys=False), encoding="utf-8")
    return site


def _port(wanted: int) -> int:
    """Return that port, which pages show, or another where somebody has it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            return free_port()
    return wanted


def _command(site: SiteFolder, *arguments: str) -> list[str]:
    return [sys.executable, "-m", __name__, "--config", str(site.config), *arguments]


def _run(site: SiteFolder, *arguments: str, at: Path | None = None) -> str:
    """Return what a command prints, which must succeed."""
    out = (at or site.folder) / f"{arguments[0]}.out"
    with Process(_command(site, *arguments), out=out) as process:
        code = process.wait(timeout_s=FILL_MAX_S)
    assert code == 0, out.with_suffix(".err").read_text(encoding="utf-8")
    return out.read_text(encoding="utf-8")


def _signed_in(site: SiteFolder, person: dict[str, Any]) -> str:
    """Return the token of a new session of that person."""
    said = {"name": person["name"], "password": person["password"]}
    with httpx.Client(base_url=site.url, trust_env=False, timeout=30) as client:
        answer = client.post("/api/v1/session", json=said)
        assert answer.status_code == 201, answer.text
        return client.cookies[COOKIE]


def _found(site: SiteFolder, api: Api, sessions: dict[str, str]) -> Demo:
    """Return the month as the pages' paths name it."""
    runs = api.get("/runs", limit=200)["runs"]

    def run(line: str, state: str) -> int:
        return next(int(one["id"]) for one in runs if (one["line"], one["state"]) == (line, state))

    opened = run("line-1", "open")
    units = api.get("/units", run=opened, limit=50)["units"]
    scans = api.get("/verifications", limit=100)["verifications"]
    verdicts = {one["verdict"]: one["id"] for one in reversed(scans)}
    signed = [one for one in runs if one["line"] == "line-1" and one["state"] == "released"]
    return Demo(
        url=site.url,
        api=api,
        open_run=opened,
        closed_run=run("line-2", "closed"),
        planned_run=run("line-1", "planned"),
        signed_run=int(signed[-2]["id"]),
        lot=next(one["lot"] for one in runs if one["id"] == opened),
        recall="R-02",
        serials=tuple(one["serial"] for one in units),
        right_scan=verdicts["ok"],
        wrong_scan=verdicts["already_verified"],
        _sessions=sessions,
    )


def _stand_still() -> None:
    """Let the clock of the service stand at ``MOMENT``, and its chance be the same each time."""
    from labeler import app
    from labeler.demo.clock import PastClock

    clock = PastClock(MOMENT, end=MOMENT + LASTS)
    chance = random.Random(" ".join(sys.argv[3:4]))
    vars(app)["datetime"] = SimpleNamespace(now=lambda _: clock())
    vars(app)["secrets"] = SimpleNamespace(token_bytes=chance.randbytes)


if __name__ == "__main__":
    from labeler.cli import main

    _stand_still()
    main()
