"""A disk that fails or is full: refused with 503, retried with the same key, nothing lost."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.harness import Api, Service, SiteFolder, make_site, serving, wait_until
from tests.lacking import lacks

KEYS = [f"key-{number}" for number in range(40)]
BALLAST_STEP = 65_536


@pytest.fixture
def strace(needs_debian) -> str:
    """Return strace, where it may trace."""
    needs_debian("strace")
    tried = subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"], check=False)
    if tried.returncode:
        lacks("strace may not trace here")
    return "strace"


def failing(strace: str, when: str) -> list[str]:
    """Return a command that runs another one in which some fdatasync calls fail with EIO."""
    inject = f"inject=fdatasync:error=EIO:when={when}"
    return [strace, "-D", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync", "-e", inject]


def trigger_until_answered(api: Api, key: str) -> tuple[list[str], int]:
    """Return the serials of a key and how often it got 503 before."""
    for refusals in range(100):
        answer = api.trigger(key)
        if answer.status_code in (200, 201):
            return answer.json()["serials"], refusals
        assert (answer.status_code, answer.json()["number"]) == (503, 9002), answer.text
        assert answer.headers["Retry-After"] == "1"
    raise AssertionError(f"{key} was refused 100 times")


def check_nothing_is_lost(site: SiteFolder, run: int, told: dict[str, list[str]]) -> None:
    """Serve the site again: every key has its reply, every serial its unit; there are no more."""
    with serving(site) as (_, api):
        serials = [serial for found in told.values() for serial in found]
        assert len(set(serials)) == len(serials) == api.get(f"/runs/{run}")["issued"]
        for key, found in told.items():
            reply = api.issue(key, 1)
            assert (reply["serials"], reply["replayed"]) == (found, True)
        for serial in serials:
            assert api.get(f"/serials/{serial}")["serial"] == serial


def test_a_failing_sync_is_refused_and_the_retry_gets_one_serial_for_ever(tmp_path, strace):
    site = make_site(tmp_path / "site")
    with serving(site) as (_, api):
        run = api.open_run(1000)
    told, refusals = {}, 0
    with Service(site, prefix=failing(strace, "10+7")) as service, Api(site) as api:
        # The spooler syncs, too: which of the failures meet a trigger is chance.
        for number in range(1000):
            key = f"key-{number}"
            told[key], refused = trigger_until_answered(api, key)
            refusals += refused
            if refusals >= 3 and number >= len(KEYS):
                break
        service.kill()
    assert refusals >= 3
    check_nothing_is_lost(site, run, told)


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize("when", range(1, 25))
def test_whichever_sync_fails_nothing_acknowledged_is_lost(tmp_path, strace, when):
    site = make_site(tmp_path / "site")
    with serving(site) as (_, api):
        run = api.open_run(100)
    told = {}
    with Service(site, prefix=failing(strace, str(when))) as service, Api(site) as api:
        for key in KEYS[:20]:
            told[key], _ = trigger_until_answered(api, key)
        service.kill()
    check_nothing_is_lost(site, run, told)


@pytest.fixture
def small_disk(tmp_path) -> Iterator[Path]:
    """Return a folder on a disk of 16 MB; only root may make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0:
        lacks("only root may mount a small disk")
    mount = ["mount", "-t", "tmpfs", "-o", "size=16m", "none", str(folder)]
    made = subprocess.run(mount, capture_output=True, text=True, check=False)
    if made.returncode:
        lacks(f"a small disk cannot be mounted here: {made.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(path: Path) -> None:
    """Write a file until the disk is full."""
    with path.open("wb", buffering=0) as ballast:
        for step in (BALLAST_STEP, 512, 1):
            try:
                while ballast.write(b"x" * step) == step:
                    pass
            except OSError:
                continue


def test_a_full_disk_is_refused_and_serves_again_once_there_is_room(tmp_path, small_disk):
    url = f"sqlite:///{small_disk / 'labeler.db'}"
    site = make_site(tmp_path / "site", database_url=url)
    told = {}
    with Service(site) as service, Api(site) as api:
        run = api.open_run(100)
        for key in KEYS[:10]:
            told[key], refused = trigger_until_answered(api, key)
            assert refused == 0
        fill(small_disk / "ballast")
        answers = [api.trigger(key) for key in KEYS[10:30]]
        told |= {
            key: answer.json()["serials"]
            for key, answer in zip(KEYS[10:30], answers, strict=True)
            if answer.status_code == 201
        }
        full = [answer for answer in answers if answer.status_code != 201]
        assert len(full) >= 10
        assert {(answer.status_code, answer.json()["number"]) for answer in full} == {(503, 9002)}
        assert {answer.json()["detail"] for answer in full} == {
            "The database could not commit: database or disk is full."
        }
        assert not site.answers("/readyz")
        (small_disk / "ballast").unlink()
        wait_until(lambda: site.answers("/readyz"))
        for key in KEYS:
            again, refused = trigger_until_answered(api, key)
            assert refused == 0
            assert told.setdefault(key, again) == again
        service.kill()
    check_nothing_is_lost(site, run, told)
