"""`labeler` for a reader of documents: commands of a process that has its imports done.

A document shows dozens of commands, and each would first load the service for a second or two.
Here one mother process loads it once from a copy of the checkout; the `labeler` that a reader finds
first on PATH hands his arguments, folder, environment and three open files to a child that she
forks; a signal to it reaches the child. `make serve` runs what is installed, and so do the tests of
tests/processes.
"""

import gc
import importlib
import json
import os
import pkgutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

_LOADED = (
    *("labeler.cli", "labeler.app", "labeler.web.application", "labeler.store.migrate"),
    *("alembic.command", "httpx", "PIL.Image", "reportlab.pdfgen.canvas"),
    *("printers.languages.zpl", "printers.transports.tcp"),
)
_CLIENT = """\
#!{python} -IS
import json, os, signal, socket, sys
words = sys.argv[1:]
mother = socket.socket(socket.AF_UNIX)
mother.connect({address!r})
order = dict(words=words, folder=os.getcwd(), environment=dict(os.environ))
socket.send_fds(mother, [json.dumps(order).encode() + b"\\n"], [0, 1, 2])
answers = mother.makefile()
child = int(answers.readline())
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, lambda number, _: os.kill(child, number))
code = int(answers.readline() or 1)
if code < 0:
    signal.signal(-code, signal.SIG_DFL)
    os.kill(os.getpid(), -code)
sys.exit(code)
"""
READY_TIMEOUT_S = 60


class Mother:
    """The process that loads the service of a checkout and forks its commands."""

    def __init__(self, folder: Path, checkout: Path) -> None:
        """Start her; ``folder`` is where `labeler` is put, ``checkout`` whose code it runs."""
        folder.mkdir()
        self.folder = folder
        address = folder / "mother"
        self._process = subprocess.Popen(
            [sys.executable, __file__, str(address)],
            env={**os.environ, "PYTHONPATH": str(checkout)},
            cwd=checkout,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        deadline = time.monotonic() + READY_TIMEOUT_S
        while not address.exists():
            assert self._process.poll() is None, "the mother of warm commands has ended"
            assert time.monotonic() < deadline, "the mother of warm commands is not ready"
            time.sleep(0.05)
        command = folder / "labeler"
        filled = _CLIENT.format(python=sys.executable, address=str(address))
        command.write_text(filled)
        command.chmod(0o755)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()


def _load() -> None:
    for name in _LOADED:
        importlib.import_module(name)
    for package in ("labeler.commands", "labeler.web.pages"):
        found = importlib.import_module(package)
        for one in pkgutil.iter_modules(found.__path__, f"{package}."):
            importlib.import_module(one.name)
    importlib.import_module("tests.leaving")
    importlib.import_module("labeler.web.application")._addresses()
    gc.freeze()


def _mind(connection: socket.socket) -> None:
    """Fork the command and tell how it ended; this process lives as long as the command."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    data, files, _, _ = socket.recv_fds(connection, 1 << 16, 3)
    while not data.endswith(b"\n"):
        data += connection.recv(1 << 16)
    child = os.fork()
    if child == 0:
        connection.close()
        _become(files, **json.loads(data))
    for one in files:
        os.close(one)
    connection.sendall(f"{child}\n".encode())
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    connection.sendall(f"{code}\n".encode())


def _become(
    files: list[int], *, words: list[str], folder: str, environment: dict[str, str]
) -> None:
    for number, one in enumerate(files):
        os.dup2(one, number)
        os.close(one)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    sys.argv = ["labeler", *words]
    sys.path[0] = str(Path(sys.prefix) / "bin")
    from labeler.cli import main
    from tests.leaving import run_and_leave

    run_and_leave(main)


if __name__ == "__main__":
    _load()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(sys.argv[1])
    listener.listen(16)
    while True:
        caller, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            _mind(caller)
            sys.exit(0)
        caller.close()
