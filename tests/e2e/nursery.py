"""Processes of labeler that are born with their imports done.

Run as a program it imports labeler once; then, for each line on its standard input, it forks a
child that runs a labeler command. To the kernel, its database, its clients and its printer such a
child is a process like any other; only the second or two of importing are saved, each time.
"""

import atexit
import functools
import gc
import importlib
import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_LOADED = (
    "labeler.cli",
    "labeler.app",
    "labeler.web.application",
    "labeler.web.server",
    "printers.languages.zpl",
    "printers.transports.tcp",
)
"""What a server needs, which takes seconds to load."""


class Child:
    """A process that the nursery made; it offers what subprocess.Popen offers, as far as needed."""

    def __init__(self, nursery: "Nursery", pid: int) -> None:
        """Look after the process ``pid``."""
        self.pid = pid
        self.returncode: int | None = None
        self._nursery = nursery
        self._handle = os.pidfd_open(pid)

    def poll(self) -> int | None:
        """Return its exit code, negative for a signal; None while it runs."""
        return self._wait(0)

    def wait(self, timeout: float) -> int:
        """Return its exit code once it has ended; subprocess.TimeoutExpired if it does not."""
        code = self._wait(timeout)
        if code is None:
            raise subprocess.TimeoutExpired(f"process {self.pid}", timeout)
        return code

    def send_signal(self, number: signal.Signals) -> None:
        """Send it a signal, if it still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill it the hard way, if it still runs; return when it is gone."""
        self.send_signal(signal.SIGKILL)
        self.wait(timeout=30.0)

    def _wait(self, timeout_s: float) -> int | None:
        if self.returncode is None and select.select([self._handle], [], [], timeout_s)[0]:
            self.returncode = int(self._nursery.ask(bury=self.pid))
            os.close(self._handle)
        return self.returncode


class Nursery:
    """The process that forks; one is enough for a test process."""

    def __init__(self, environment: dict[str, str]) -> None:
        """Start it; its children get this environment."""
        self._mother = subprocess.Popen(
            [sys.executable, __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment,
            start_new_session=True,
        )

    def start(
        self,
        arguments: Sequence[str],
        *,
        folder: Path,
        out: Path,
        err: Path,
        harm: dict[str, Any] | None = None,
    ) -> Child:
        """Start `labeler` with these arguments in ``folder``; its output is appended to files.

        ``harm``: what is done to it first, by tests/faults/harm.py.
        """
        order = {"folder": str(folder), "out": str(out), "err": str(err), "harm": harm}
        return Child(self, int(self.ask(arguments=["labeler", *arguments], **order)))

    def ask(self, **order: Any) -> str:
        """Send an order, return the answer."""
        assert self._mother.stdin
        assert self._mother.stdout
        self._mother.stdin.write(json.dumps(order) + "\n")
        self._mother.stdin.flush()
        return self._mother.stdout.readline()

    def close(self) -> None:
        """End it; children that still run go on."""
        with self._mother:
            self._mother.kill()


@functools.cache
def nursery(environment: tuple[tuple[str, str], ...]) -> Nursery:
    """Return the nursery of this test process."""
    made = Nursery(dict(environment))
    atexit.register(made.close)
    return made


def _bear(
    *, arguments: list[str], folder: str, out: str, err: str, harm: dict[str, Any] | None
) -> int:
    """Fork a child that runs the command; return its number, or end with it."""
    child = os.fork()
    if child:
        return child
    os.setsid()
    os.chdir(folder)
    how = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    for number, path, flags in ((0, os.devnull, os.O_RDONLY), (1, out, how), (2, err, how)):
        opened = os.open(path, flags, 0o644)
        os.dup2(opened, number)
        os.close(opened)
    sys.argv = arguments
    from labeler.cli import main
    from tests.leaving import run_and_leave

    if harm is not None:
        from tests.faults.harm import install

        install(**harm)
    return run_and_leave(main)


def _bury(pid: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


if __name__ == "__main__":
    for module in _LOADED:
        importlib.import_module(module)
    importlib.import_module("labeler.web.application")._addresses()
    gc.freeze()
    for line in iter(sys.stdin.readline, ""):
        wanted = json.loads(line)
        answer = _bury(wanted["bury"]) if "bury" in wanted else _bear(**wanted)
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()
