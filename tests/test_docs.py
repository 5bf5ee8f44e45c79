"""Every command in README.md, CONTRIBUTING.md and docs/ is run and does what is shown."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.documents import (
    PORTS,
    DocumentError,
    Reader,
    Values,
    copy_tracked,
    free_port,
    steps,
    untested_blocks,
)
from tests.e2e import harness
from tests.test_house import ROOT, name_of, tracked
from tests.warm import Mother

DOCUMENTS = [path for path in tracked() if path.suffix == ".md" and path.parent != ROOT / "tests"]
TESTED = [path for path in DOCUMENTS if steps(path.read_text())]

# A small server, and what a reader could write about it.
SERVER = """\
import http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b"ready\\n")
    def log_message(self, *_): pass
print("listening on", sys.argv[1], flush=True)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


def environment_of(folder: Path, home: Path) -> dict[str, str]:
    """What a reader's shell knows: a clean HOME, and this checkout's commands."""
    home.mkdir()
    binaries = Path(sys.prefix) / "bin"
    kept = {name: os.environ[name] for name in ("SSL_CERT_FILE", "TMPDIR") if name in os.environ}
    return kept | {
        "COLUMNS": "100",
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "NO_COLOR": "1",
        "PATH": f"{binaries}:{os.environ['PATH']}",
        "PYTHONPATH": str(folder),
        "TERM": "dumb",
        "VENV": sys.prefix,
    }


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """The service, loaded from a copy of the tracked files, and the ports that copies name."""

    mother: Mother
    ports: dict[str, str]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    """Load the service once for all documents: each has a copy of the files of its own to change.

    The ports are none that the system gives to others meanwhile.
    """
    folder = tmp_path_factory.mktemp("loaded")
    ports = {port: str(harness.free_port()) for port in PORTS}
    copy_tracked(tracked(), root=ROOT, to=folder / "labeler", ports=ports)
    with Mother(folder / "warm", folder / "labeler") as mother:
        yield Loaded(mother=mother, ports=ports)


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str], None]:
    """Return ``read(text)``: follow a small document in an empty folder."""
    folder = tmp_path / "empty"
    folder.mkdir()
    environment = environment_of(folder, tmp_path / "home")

    def follow(text: str) -> None:
        ports = {port: free_port() for port in PORTS}
        with Reader(folder, environment=environment, ports=ports) as reader:
            reader.follow(text)

    return follow


def document(*lines: str) -> str:
    """Return a document with these lines in a console block."""
    return "\n".join(["Do this:", "", "```console", *lines, "```", ""])


@pytest.mark.timeout(900)
@pytest.mark.parametrize("path", TESTED, ids=name_of)
def test_document_commands_do_what_it_shows(
    path: Path, tmp_path: Path, loaded: Loaded, needs_debian: Callable[[str], None]
) -> None:
    text = path.read_text()
    if "curl " in text:
        needs_debian("curl")
    assert (Path(sys.prefix) / ".runtime").exists(), "the environment is not make's: run make setup"
    folder = tmp_path / "labeler"
    copy_tracked(tracked(), root=ROOT, to=folder, ports=loaded.ports)
    environment = environment_of(folder, tmp_path / "home")
    environment["PATH"] = f"{loaded.mother.folder}:{environment['PATH']}"
    with Reader(folder, environment=environment, ports=loaded.ports) as reader:
        reader.follow(text)


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_document_shows_commands_in_console_blocks_only(path: Path) -> None:
    assert untested_blocks(path.read_text()) == []


def test_reader_accepts_a_true_document(read: Callable[[str], None]) -> None:
    read(
        document(
            "$ mkdir site && cd site",
            "$ export COLOUR=green",
            "$ pwd; echo $COLOUR",
            ".../site",
            "green",
            "$ printf '%s\\n' one two \\",
            "    three",
            "one",
            "...",
            "$ cat <<'END'",
            "> $HOME > here",
            "> END",
            "$HOME > here",
            "$ date -u +%Y-%m-%dT%H:%M:%SZ",
            "2026-11-23T08:15:00Z",
            '$ false || echo "exit code $?"',
            "exit code 1",
        )
    )


def test_reader_refuses_a_failing_command(read: Callable[[str], None]) -> None:
    with pytest.raises(DocumentError, match=r"^line 5: \$ ls no-such-file\nexit code 2:\n.*ls: "):
        read(document("$ true", "$ ls no-such-file"))


def test_reader_refuses_a_wrong_output(read: Callable[[str], None]) -> None:
    with pytest.raises(DocumentError, match=r"line 4: \$ echo no\nshown:\nyes\nprinted:\nno\n"):
        read(document("$ echo no", "yes"))


def test_reader_refuses_an_output_that_is_cut_short(read: Callable[[str], None]) -> None:
    with pytest.raises(DocumentError, match="shown:\none\ntwo\nprinted:\none\n"):
        read(document("$ echo one", "one", "two"))


def test_reader_refuses_a_command_that_ends_the_shell(read: Callable[[str], None]) -> None:
    with pytest.raises(DocumentError, match="it ended the shell"):
        read(document("$ exit 0"))


def test_reader_uses_the_real_value_from_where_it_was_shown(read: Callable[[str], None]) -> None:
    read(
        document(
            "$ printf 'AC%s\\n' 2632$((1000000 + 7))Q > serial; cat serial",
            "AC26327000001X",
            "$ grep -c AC26327000001X serial",
            "1",
        )
    )


def test_reader_refuses_one_serial_where_two_are_shown() -> None:
    shown, printed = "AC2632700001Q AC2632700002N", "AC2632800007F AC2632800007F"
    problem = Values().explain(shown, printed)
    assert problem == "AC2632700001Q and AC2632700002N are both AC2632800007F"


def test_reader_takes_no_time_for_a_serial_and_no_serial_for_a_time() -> None:
    assert Values().explain("at 2026-11-23T08:15:00Z", "at AC2632800007F") != ""
    assert Values().explain("is AC2632800007F", "is 2026-11-23T08:15:00Z") != ""


def test_reader_starts_a_server_waits_for_it_and_stops_it(
    read: Callable[[str], None], tmp_path: Path
) -> None:
    (tmp_path / "empty/server.py").write_text(SERVER)
    (tmp_path / "empty/Makefile").write_text("serve:\n\tpython3 server.py $(PORT)\n")
    read(
        document(
            "$ make serve PORT=8080",
            "...",
            "listening on 8080",
            "$ python3 -c 'import urllib.request as u; "
            'print(u.urlopen("http://127.0.0.1:8080/").read())\'',
            "b'ready\\n'",
        )
    )
    left = subprocess.run(
        ["pgrep", "-f", str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert left.stdout == ""


def test_reader_refuses_a_server_that_ends(read: Callable[[str], None], tmp_path: Path) -> None:
    (tmp_path / "empty/Makefile").write_text("serve:\n\techo no room; exit 3\n")
    with pytest.raises(DocumentError, match=r"it ended:\n[\s\S]*no room"):
        read(document("$ make serve"))


def test_reader_only_plans_what_runs_elsewhere(read: Callable[[str], None], tmp_path: Path) -> None:
    (tmp_path / "empty/Makefile").write_text("test:\n\ttouch was-run\n")
    read(document("$ make test", "12 passed in 3 s"))
    assert not (tmp_path / "empty/was-run").exists()
    with pytest.raises(DocumentError, match="No rule to make target"):
        read(document("$ make bench"))


def test_documents_refuse_blocks_that_no_test_would_run() -> None:
    text = "```bash\nls\n```\n\n```\n$ ls\n```\n\n```json\n{}\n```\n"
    assert untested_blocks(text) == ["line 2: ```bash", "line 6: ```"]


def test_documents_refuse_a_console_block_without_a_command() -> None:
    with pytest.raises(DocumentError, match="line 4: a console block starts with"):
        steps(document("output only"))
