"""Services that are born with their imports done, for tests that kill many of them.

Run as a program it imports labeler once and then, for each line on its standard input, forks a
child that runs the command of that line. Such a child is a process like any other to the kernel, to
its database, its clients and its printer; only the second or two of importing are saved.
"""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from typing import Self

if __name__ != "__main__":
    from tests.e2e.harness import STOP_TIMEOUT_S, SiteFolder, environment, labeler_command


class Nursery:
    """Makes services of one site; use it with ``with``."""

    def __init__(self, site: "SiteFolder") -> None:
        """Prepare for ``site``; what its services log goes to the same file as a Service's."""
        self._arguments = labeler_command(site, "serve")[2:]
        self._err = site.folder / "service.err"
        self._folder = site.folder
        self._child: int | None = None

    def start(self) -> None:
        """Start a service."""
        assert self._child is None
        assert self._mother.stdin
        assert self._mother.stdout
        self._mother.stdin.write(json.dumps(self._arguments) + "\n")
        self._mother.stdin.flush()
        self._child = int(self._mother.stdout.readline())

    def kill(self) -> None:
        """Kill the service with SIGKILL; return when the kernel has let go of it."""
        assert self._child is not None
        handle = os.pidfd_open(self._child)
        try:
            signal.pidfd_send_signal(handle, signal.SIGKILL)
            deadline = time.monotonic() + STOP_TIMEOUT_S
            while _exists(self._child):
                assert time.monotonic() < deadline
                time.sleep(0.002)
        finally:
            os.close(handle)
        self._child = None

    def __enter__(self) -> Self:
        with self._err.open("ab") as err:
            self._mother = subprocess.Popen(
                [sys.executable, __file__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=err,
                text=True,
                cwd=self._folder,
                env=environment(),
            )
        return self

    def __exit__(self, *_: object) -> None:
        if self._child is not None:
            self.kill()
        with self._mother:
            self._mother.kill()


def _exists(process: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(process, 0)
        return True
    return False


def _bear(arguments: list[str]) -> int:
    """Fork a child that runs the command and has nothing of its mother's but her log."""
    child = os.fork()
    if child:
        return child
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    sys.argv = arguments
    from labeler.cli import main

    main()
    os._exit(0)


if __name__ == "__main__":
    import labeler.cli  # noqa: F401 - what every child needs

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries the children
    for line in iter(sys.stdin.readline, ""):
        sys.stdout.write(f"{_bear(json.loads(line))}\n")
        sys.stdout.flush()
