"""`make serve` in a fresh clone with an empty HOME, each way that requirements/install can go.

It fetches what the locks name, as a first user's machine does.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest

from tests.e2e.harness import free_port
from tests.test_house import ROOT

INSTALL_TIMEOUT_S = 800.0
REAL_PYTHON = Path(sys.executable).resolve()

WHOLE = f"""#!/bin/sh
exec {REAL_PYTHON} "$@"
"""
WITHOUT_ENSUREPIP = f"""#!/bin/sh
# As Debian's python3 without python3-venv: venv is there, ensurepip is not.
case "$*" in
*"import ensurepip"*)
    echo "ModuleNotFoundError: No module named 'ensurepip'" >&2
    exit 1
    ;;
"-m venv --without-pip "*) ;;
"-m venv "*)
    echo "The virtual environment was not created successfully because ensurepip is not" >&2
    echo "available. On Debian/Ubuntu systems, you need to install the python3-venv package." >&2
    exit 1
    ;;
esac
exec {REAL_PYTHON} "$@"
"""

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]


def program(path: Path, text: str) -> Path:
    """Write a program."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def path_without_uv(folder: Path) -> str:
    """Return PATH in which every folder with uv is replaced by one with all its other programs."""
    found: list[str] = []
    for name in os.environ["PATH"].split(os.pathsep):
        given = Path(name)
        if (given / "uv").exists():
            stand_in = folder / f"path-{len(found)}"
            stand_in.mkdir()
            for one in given.iterdir():
                if not one.name.startswith("uv"):
                    (stand_in / one.name).symlink_to(one)
            given = stand_in
        found.append(str(given))
    return os.pathsep.join(found)


def uv(folder: Path) -> Path:
    """Return the folder of uv; where the machine has none, install one there."""
    here = shutil.which("uv")
    if here:
        return Path(here).parent
    subprocess.run([REAL_PYTHON, "-m", "venv", folder / "uv"], check=True)
    subprocess.run([folder / "uv/bin/python", "-m", "pip", "install", "--quiet", "uv"], check=True)
    alone = folder / "uv-alone"
    alone.mkdir()
    (alone / "uv").symlink_to(folder / "uv/bin/uv")
    return alone


def with_uv(folder: Path) -> str:
    """Return a PATH with uv."""
    python = program(folder / "bin/python3", WHOLE).parent
    return os.pathsep.join([str(python), str(uv(folder)), os.environ["PATH"]])


def with_venv(folder: Path) -> str:
    """Return a PATH with a whole python3 and without uv."""
    return f"{program(folder / 'bin/python3', WHOLE).parent}{os.pathsep}{path_without_uv(folder)}"


def without_ensurepip(folder: Path) -> str:
    """Return a PATH with Debian's python3 without python3-venv, and without uv."""
    python = program(folder / "bin/python3", WITHOUT_ENSUREPIP).parent
    return f"{python}{os.pathsep}{path_without_uv(folder)}"


def answers(port: int) -> bool:
    """Return whether /healthz answers."""
    door = HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        door.request("GET", "/healthz")
        return door.getresponse().read() == b'{"status":"ok"}\n'
    except (OSError, HTTPException):
        return False
    finally:
        door.close()


def environment(folder: Path, *, path: str, port: int) -> dict[str, str]:
    """Return a user's environment: an empty HOME, and what the machine says of its registries."""
    (folder / "home").mkdir()
    # What `make test-long ARGS=…` was given is exported, too, and is not meant for `make serve`.
    make = ("ARGS", "INSTALLER", "MAKE", "MFLAGS", "PYTHON", "UPGRADE", "VENV", "WORKERS")
    own = ("LABELER", "PYTEST", "VIRTUAL_ENV", "XDG_", *make)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    printer = f"tcp://127.0.0.1:{free_port()}"
    changed = {"LABELER__HTTP__PORT": str(port), "LABELER__PRINTERS__ZEBRA_1__URI": printer}
    return kept | changed | {"HOME": str(folder / "home"), "PATH": path}


@pytest.mark.parametrize(
    ("way", "make_path"),
    [("uv", with_uv), ("venv", with_venv), ("pip", without_ensurepip)],
    ids=["uv", "venv", "pip"],
)
def test_make_serve_in_a_fresh_clone_serves(
    tmp_path: Path, way: str, make_path: Callable[[Path], str]
) -> None:
    clone = tmp_path / "clone"
    git = ["git", "-c", "safe.directory=*", "clone", "--quiet", str(ROOT), str(clone)]
    subprocess.run(git, check=True)
    port = free_port()
    log = tmp_path / "log"
    with log.open("wb") as output:
        made = subprocess.Popen(
            ["make", "serve"],
            cwd=clone,
            env=environment(tmp_path, path=make_path(tmp_path), port=port),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + INSTALL_TIMEOUT_S
        while not answers(port):
            assert made.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.2)
        assert f" with {way} …\n" in log.read_text()
        # Ctrl-C on a terminal reaches the whole group: make, and the service it started.
        os.killpg(made.pid, signal.SIGINT)
        made.wait(60)
        assert '"service.stopped"' in log.read_text()
    finally:
        with suppress(ProcessLookupError):
            os.killpg(made.pid, signal.SIGKILL)
        made.wait()
