r"""Reads a document as its reader would: types its commands and compares what they print.

A fenced ``console`` block holds commands after ``$ `` (continued after a backslash or by lines with
``> ``), each followed by what it prints. The commands of one document run in order in one shell, in
a copy of the tracked files. CONTRIBUTING.md tells writers the rules; they are these:

- nothing shown: nothing compared; ``...`` stands for any text, alone on a line for any lines;
- a time is compared as a time; a *value* (ten or more capitals and digits, a hexadecimal id, a
  UUID) that an output shows first stands for the real one from there on, in commands too, and two
  different values stand for two different ones;
- a command must succeed; ``|| echo "exit code $?"`` shows one that does not.

>>> reader = Values()
>>> reader.explain("AC2632700001Q is new", "AC2632800007F is new")
''
>>> reader.in_command("labeler check AC2632700001Q")
'labeler check AC2632800007F'
>>> reader.explain("AC2632700001Q and AC2632700002N", "AC2632800007F and AC2632800007F")
'AC2632700002N and AC2632700001Q are both AC2632800007F'
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Self

COMMAND_TIMEOUT_S = 60
READY_TIMEOUT_S = 60
STOP_TIMEOUT_S = 30
OUTPUT_TIMEOUT_S = 5

PORTS = ("8080", "9100")
"""Ports that documents name; each reader gets free ones in their place."""

ONLY_PLANNED = re.compile(
    r"make (setup|test|test-long|check|cover|mutate|bench|screenshots|texts|vendor|lock|clean)\b"
)
"""Commands that are looked at with `make -n`: they run elsewhere, or for too long."""

SERVE = re.compile(r"(make|labeler( --config[= ]\S+)?) serve\b")
"""Commands that go on until somebody stops them."""

TIME = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?|\b\d\d:\d\d:\d\d\b"
UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
HEX_ID = r"\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{12,}\b"
SERIAL = r"\b(?=[A-Z]*\d)[0-9A-Z]{10,}\b"
VOLATILE = re.compile(rf"(?P<time>{TIME})|(?P<uuid>{UUID})|(?P<hex>{HEX_ID})|(?P<serial>{SERIAL})")
KINDS = {"uuid": UUID, "hex": HEX_ID, "serial": SERIAL}


class DocumentError(AssertionError):
    """A document says something that is not so."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One command and what the document shows after it."""

    command: str
    shown: str
    line: int


def blocks(text: str) -> list[tuple[str, int, list[str]]]:
    """Return every fenced block: its language, the number of its first line, its lines."""
    found: list[tuple[str, int, list[str]]] = []
    inside = False
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("```"):
            inside = not inside
            if inside:
                found.append((line.removeprefix("```").strip(), number + 1, []))
        elif inside:
            found[-1][2].append(line)
    return found


def untested_blocks(text: str) -> list[str]:
    """Return the blocks that look like commands and that nobody would run."""
    shells = {"bash", "sh", "shell", "zsh", "shell-session", "terminal"}
    return [
        f"line {number}: ```{language}"
        for language, number, lines in blocks(text)
        if language in shells or (language != "console" and any(x.startswith("$ ") for x in lines))
    ]


def steps(text: str) -> list[Step]:
    """Return the commands of the document's console blocks, in order."""
    found: list[Step] = []
    for language, number, lines in blocks(text):
        if language == "console":
            found += _steps_of_block(lines, number)
    return found


def _steps_of_block(lines: list[str], first: int) -> list[Step]:
    starts = [index for index, line in enumerate(lines) if _starts_command(lines, index)]
    if not starts or starts[0] != 0:
        raise DocumentError(f"line {first}: a console block starts with '$ ' and a command")
    found = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        command = [lines[start].removeprefix("$ ")]
        rest = start + 1
        while rest < end and (command[-1].endswith("\\") or lines[rest].startswith("> ")):
            command.append(lines[rest].removeprefix("> "))
            rest += 1
        shown = "\n".join(lines[rest:end]).strip("\n")
        found.append(Step(command="\n".join(command), shown=shown, line=first + start))
    return found


def _starts_command(lines: list[str], index: int) -> bool:
    return lines[index].startswith("$ ") and not (index and lines[index - 1].endswith("\\"))


@dataclass
class Values:
    """What the document's values stand for."""

    real: dict[str, str] = field(default_factory=dict)

    def in_command(self, command: str) -> str:
        """Put the real values in; a value that a command brings up itself means itself."""
        return VOLATILE.sub(self._real_value, command)

    def _real_value(self, match: re.Match[str]) -> str:
        if match["time"] is not None:
            return match.group()
        return self.real.setdefault(match.group(), match.group())

    def explain(self, shown: str, printed: str) -> str:
        """Return why the output is not what is shown, or nothing; learn the values it shows."""
        new: dict[str, str] = {}
        pattern = "\n".join(self._line_pattern(line, new) for line in shown.split("\n"))
        pattern = pattern.replace("<any lines>\n", r"(?:.*\n)*").replace(
            "\n<any lines>", r"(?:\n.*)*"
        )
        match = re.fullmatch(pattern.replace("<any lines>", r"[\s\S]*"), _tidy(printed))
        if match is None:
            return f"shown:\n{shown}\nprinted:\n{printed}"
        meanings = self.real | {value: match[group] for value, group in new.items()}
        for one, other in ((a, b) for a in new for b in meanings if a != b):
            if meanings[one] == meanings[other]:
                return f"{one} and {other} are both {meanings[one]}"
        self.real = meanings
        return ""

    def _line_pattern(self, line: str, new: dict[str, str]) -> str:
        if line.strip() == "...":
            return "<any lines>"
        pattern, end = "", 0
        for match in VOLATILE.finditer(line):
            pattern += _literal(line[end : match.start()]) + self._value_pattern(match, new)
            end = match.end()
        return pattern + _literal(line[end:].rstrip())

    def _value_pattern(self, match: re.Match[str], new: dict[str, str]) -> str:
        value, kind = match.group(), str(match.lastgroup)
        if kind == "time":
            return f"(?:{TIME})"
        if value in self.real:
            return re.escape(self.real[value])
        if value in new:
            return f"(?P={new[value]})"
        new[value] = f"value{len(new)}"
        return f"(?P<{new[value]}>{KINDS[kind]})"


def _literal(text: str) -> str:
    return ".*".join(re.escape(part) for part in text.split("..."))


def _tidy(printed: str) -> str:
    return "\n".join(line.rstrip() for line in printed.strip("\n").splitlines())


def free_port() -> str:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def put_ports(text: str, ports: dict[str, str]) -> str:
    """Write the free ports where the text names the usual ones."""
    return re.sub(rf"\b({'|'.join(PORTS)})\b", lambda match: ports[match.group()], text)


def copy_tracked(files: list[Path], *, root: Path, to: Path, ports: dict[str, str]) -> None:
    """Copy the files; they look old, so that make finds the environment it is handed up to date."""
    for source in files:
        target = to / source.relative_to(root)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)
        os.utime(target, (0, 0))
    config = to / "config.yaml"
    if config.exists():
        config.write_text(put_ports(config.read_text(), ports))


class Reader:
    """A person with a shell in a folder, who follows a document."""

    def __init__(self, folder: Path, *, environment: dict[str, str], ports: dict[str, str]) -> None:
        self.values = Values()
        self.ports = ports
        self._servers: list[int] = []
        self._log = folder.parent / "serve.log"
        self._shell = subprocess.Popen(
            ["bash", "--norc", "--noprofile"],
            cwd=folder,
            env=environment,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        stubborn = [group for group in self._servers if not _stop(group)]
        self._shell.kill()
        self._shell.communicate()
        if stubborn and error is None:
            raise DocumentError(f"a server did not stop on SIGTERM:\n{self._log.read_text()}")

    def follow(self, text: str) -> None:
        """Take the document's steps; the first that goes wrong is told with its line."""
        for step in steps(text):
            try:
                self._take(step)
            except DocumentError as error:
                raise DocumentError(f"line {step.line}: $ {step.command}\n{error}") from None

    def _take(self, step: Step) -> None:
        command = put_ports(self.values.in_command(step.command), self.ports)
        shown = put_ports(step.shown, self.ports)
        if SERVE.match(command):
            self._serve(command, shown)
        elif ONLY_PLANNED.match(command):
            self._run(command.replace("make", "make -n", 1))
        else:
            printed = self._run(command)
            if shown and (problem := self.values.explain(shown, printed)):
                raise DocumentError(problem)

    def _run(self, command: str) -> str:
        """Run one command in the shell; return what it printed; refuse its failure."""
        assert self._shell.stdin is not None
        assert self._shell.stdout is not None
        end = "==== end of command"
        self._shell.stdin.write(f"{{ {command}\n}} </dev/null; printf '\\n{end} %d\\n' $?\n")
        self._shell.stdin.flush()
        limit = threading.Timer(COMMAND_TIMEOUT_S, os.killpg, (self._shell.pid, signal.SIGKILL))
        limit.start()
        try:
            printed, code = _until(end, self._shell.stdout)
        finally:
            limit.cancel()
        if code is None:
            raise DocumentError(
                f"it ended the shell, or ran over {COMMAND_TIMEOUT_S} s:\n{printed}"
            )
        if code != 0:
            raise DocumentError(f"exit code {code}:\n{printed}")
        return printed

    def _serve(self, command: str, shown: str) -> None:
        """Start a server beside the shell, and go on once it says that it is ready."""
        in_background = f"set -m; {{ {command}\n}} >{self._log} 2>&1 </dev/null & set +m; echo $!"
        group = int(self._run(in_background))
        self._servers.append(group)
        url = f"http://127.0.0.1:{self.ports['8080']}/readyz"
        if not _within(READY_TIMEOUT_S, lambda: _answers(url) or not _lives(group)):
            raise DocumentError(f"{url} did not answer:\n{self._log.read_text()}")
        if not _lives(group):
            raise DocumentError(f"it ended:\n{self._log.read_text()}")
        shown += "\n..." if shown else "..."

        def differs() -> str:
            return self.values.explain(shown, self._log.read_text())

        if not _within(OUTPUT_TIMEOUT_S, lambda: not differs()):
            raise DocumentError(differs())


def _until(end: str, output: IO[str]) -> tuple[str, int | None]:
    """Return what was printed before the end, and the exit code that stands there, if it comes."""
    printed = ""
    for line in output:
        if line.startswith(end):
            return printed, int(line.removeprefix(end))
        printed += line
    return printed, None


def _within(seconds: float, condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.1)
    return False


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 our own server
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def _lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def _stop(group: int) -> bool:
    """End the server as an operator would; whether it obeyed."""
    if not _lives(group):
        return True
    os.killpg(group, signal.SIGTERM)
    if _within(STOP_TIMEOUT_S, lambda: not _lives(group)):
        return True
    os.killpg(group, signal.SIGKILL)
    return False
