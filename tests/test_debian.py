"""What a test needs from Debian is listed, installed if possible, never skipped quietly in CI."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import debian


def test_debian_list_ignores_comments_and_blank_lines(tmp_path: Path) -> None:
    listing = tmp_path / "packages.txt"
    listing.write_text("# why\n\nmosquitto  # a broker\nlibfoo1\n")
    assert debian.listed(listing) == ["mosquitto", "libfoo1"]


def test_debian_ensure_without_root_names_missing_packages_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listing = tmp_path / "packages.txt"
    listing.write_text("no-such-package-1\nno-such-package-2\n")
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert debian.ensure(listing) == (
        "Missing Debian packages, what needs them is skipped: no-such-package-1 no-such-package-2"
    )


def test_debian_ensure_with_nothing_missing_says_nothing(tmp_path: Path) -> None:
    listing = tmp_path / "packages.txt"
    listing.write_text("# none\n")
    assert debian.ensure(listing) == ""


@pytest.mark.parametrize(("ci", "outcome"), [("true", "Failed"), ("", "Skipped")])
def test_needs_debian_missing_package_skips_but_fails_in_ci(
    needs_debian: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, ci: str, outcome: str
) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(debian, "listed", lambda: ["no-such-package"])
    with pytest.raises(BaseException, match="no-such-package is not installed") as caught:
        needs_debian("no-such-package")
    assert type(caught.value).__name__ == outcome


@pytest.mark.parametrize(("ci", "outcome"), [("true", "failed"), ("", "skipped")])
def test_faults_that_cannot_be_made_skip_but_fail_in_ci(
    needs_debian: Callable[[str], None], tmp_path: Path, ci: str, outcome: str
) -> None:
    needs_debian("strace")
    for program in ("strace", "mount"):
        (tmp_path / program).write_text("#!/bin/sh\necho no >&2\nexit 1\n")
        (tmp_path / program).chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    arguments = ["-n", "0", "-p", "no:cacheprovider", "-rs", "-k", "a_failing_sync or a_full_disk"]
    command = [sys.executable, "-m", "pytest", "tests/processes/test_faults.py", *arguments]
    found = subprocess.run(
        command,
        cwd=Path(__file__).parent.parent,
        env=os.environ | {"CI": ci, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "strace may not trace here" in found.stdout
    assert re.search("only root may mount|a small disk cannot be mounted here: no", found.stdout)
    counted = re.sub(r"errors?", "failed", found.stdout.splitlines()[-1])
    assert f"2 {outcome}" in counted


def test_needs_debian_unlisted_package_is_an_error(needs_debian: Callable[[str], None]) -> None:
    with pytest.raises(AssertionError, match=r"add nowhere-listed to debian-packages\.txt"):
        needs_debian("nowhere-listed")
