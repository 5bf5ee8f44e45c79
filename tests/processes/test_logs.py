"""What the service says while it works: JSON lines for machines, lines for people on a terminal."""

import json
import os
import pty
import re
import signal
import subprocess
import time
from contextlib import suppress

import yaml

from tests.e2e.harness import environment, labeler_command, make_site, serving, wait_until

FIRST = "There was no account yet. "


def lines(service):
    """Return what the service logged: JSON lines, beside the one that no log may keep."""
    said = service.err.read_text().splitlines()
    kept = [line for line in said if not line.startswith(FIRST)]
    assert len(said) - len(kept) == 1
    return [json.loads(line) for line in kept]


def test_away_from_a_terminal_every_line_is_json(tmp_path):
    site = make_site(tmp_path / "site", emulated=True)
    with serving(site) as (service, api):
        api.open_run(5)
        assert api.post("/runs", {"product": "nothing"}).status_code == 422
        api.issue("k")
        api.wait_until_settled()
    assert service.out.read_text() == ""
    found = lines(service)
    assert [line["event"] for line in found] == [
        "printer.emulated", "service.started", "service.drained", "service.stopped",
    ]  # fmt: skip
    assert {line["level"] for line in found} == {"info"}
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT[0-9:.]+Z", line["timestamp"]) for line in found)


def test_labels_whose_printer_is_gone_are_announced_at_the_start(tmp_path):
    site = make_site(tmp_path / "site")
    with serving(site) as (_, api):
        api.open_run(5)
        api.issue("k", 3)
    settings = yaml.safe_load(site.config.read_text())
    settings["printers"]["zebra-2"] = settings["printers"].pop("zebra-1")
    settings["lines"]["line-1"]["printer"] = "zebra-2"
    site.config.write_text(yaml.safe_dump(settings))
    with serving(site) as (service, _):
        assert site.answers("/readyz")
    found = lines(service)
    [gone] = [line for line in found if line["event"] == "printer.gone"]
    assert (gone["level"], gone["printer"], gone["labels"]) == ("warning", "zebra-1", 3)
    assert gone["why"].startswith("It is not in config.yaml, but labels wait for it: jobs 1. ")


def test_on_a_terminal_the_lines_are_for_people(tmp_path):
    site = make_site(tmp_path / "site", emulated=True)
    master, slave = pty.openpty()
    process = subprocess.Popen(
        labeler_command(site, "serve"),
        stdin=slave,
        stdout=slave,
        stderr=slave,
        cwd=site.folder,
        env=environment() | {"TERM": "dumb"},
        start_new_session=True,
    )
    try:
        os.close(slave)
        wait_until(lambda: site.answers("/readyz"))
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
        text = re.sub(r"\x1b\[[0-9;]*m", "", read_all(master))
    finally:
        process.kill()
        process.wait()
        os.close(master)
    shown = text.replace("\r\n", "\n").splitlines()
    assert [line for line in shown if line.startswith("{")] == []
    assert shown.pop(2).startswith(FIRST)
    assert [re.sub(r"^\S+ \[info +\] (\S+).*", r"\1", line) for line in shown] == [
        "printer.emulated", "service.started", "service.drained", "service.stopped",
    ]  # fmt: skip
    assert f"address={site.url}" in shown[1]


def read_all(master: int) -> str:
    """Return what was written to a terminal whose other end is closed."""
    found = b""
    deadline = time.monotonic() + 10
    with suppress(OSError):  # EIO is the end
        while time.monotonic() < deadline and (piece := os.read(master, 65_536)):
            found += piece
    return found.decode()


def test_a_password_is_not_logged(tmp_path, postgres_url):
    url = postgres_url.replace("postgres:@", "postgres:geheim@")
    with serving(make_site(tmp_path / "site", database_url=url)) as (service, _):
        pass
    assert "geheim" not in service.err.read_text()
    (started,) = [line for line in service.log if line["event"] == "service.started"]
    assert started["database"] == postgres_url.replace("postgres:@", "postgres:***@")
