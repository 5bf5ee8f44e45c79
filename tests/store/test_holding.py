"""One service on a database: who holds it is named, and the dead hold nothing."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import psycopg
import pytest

from labeler import store
from labeler.errors import Refusal
from labeler.store import sqlite


@pytest.fixture(autouse=True)
def _short_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labeler.store.sqlite.COMMAND_WAIT_S", 1.0)


HOLDER = """
import sys, time
from labeler import store
with store.hold(store.make_engine(sys.argv[1]), who="labeler serve", address="http://127.0.0.1:80"):
    print("held", flush=True)
    time.sleep(600)
"""


def hold_in_another_process(url: str) -> subprocess.Popen[str]:
    """Start a process that holds the database, and wait until it does."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, url], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def refusal(url: str) -> Refusal:
    """Return what is said to somebody else who wants to hold the database."""
    engine = store.make_engine(url)
    with (
        pytest.raises(Refusal) as caught,
        store.hold(engine, who="the second", address="http://127.0.0.1:81"),
    ):
        pass
    engine.dispose()
    return caught.value


def test_sqlite_held_by_another_process_is_refused_naming_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'labeler.db'}"
    process = hold_in_another_process(url)
    found = refusal(url)
    since = json.loads((tmp_path / "labeler.db.owner").read_text())["since"]
    kill(process)
    assert (found.kind.number, found.kind.status) == (9003, 503)
    assert str(found) == (
        f"The database {tmp_path}/labeler.db is held by process {process.pid} "
        f"(labeler serve, http://127.0.0.1:80, since {since}). "
        "One process writes to a SQLite file. Stop that one, or use PostgreSQL."
    )


def test_postgres_held_by_another_process_is_refused_naming_it(postgres_url: str) -> None:
    process = hold_in_another_process(postgres_url)
    found = refusal(postgres_url)
    kill(process)
    assert (found.kind.number, found.kind.status) == (9003, 503)
    assert re.fullmatch(
        r"The database is held by 'labeler serve' at this host, since "
        r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\. One service prints from a database\. "
        r"Stop that one first\.",
        str(found),
    )


def test_holding_is_free_again_when_the_holder_was_killed(database_url: str) -> None:
    process = hold_in_another_process(database_url)
    kill(process)
    engine = store.make_engine(database_url)
    for _ in range(100):  # PostgreSQL notices the end of its client in its own time
        try:
            with store.hold(engine, who="the next", address=""):
                break
        except Refusal:
            continue
    else:
        pytest.fail("still held")
    engine.dispose()


def test_holding_ends_with_its_block_though_the_engine_lives(database_url: str) -> None:
    first, second = store.make_engine(database_url), store.make_engine(database_url)
    with store.hold(first, who="the first", address="") as still_held:
        assert still_held()
    with store.hold(second, who="the second", address="") as still_held:
        assert still_held()
    first.dispose()
    second.dispose()


def test_sqlite_holder_that_wrote_nothing_yet_is_unknown(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'labeler.db'}"
    with store.hold(store.make_engine(url), who="the first", address=""):
        sqlite.owner_file(url).write_text("")
        assert refusal(url).sentence == (
            f"The database {tmp_path}/labeler.db is held by process unknown "
            "(unknown, no address, since unknown)."
        )


def test_sqlite_owner_file_says_who_holds_and_goes_with_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'labeler.db'}"
    with store.hold(store.make_engine(url), who="labeler serve", address="http://[::1]:80"):
        found = sqlite.owner(url)
        assert found is not None
        assert {key: found[key] for key in ("process", "who", "address")} == {
            "process": os.getpid(),
            "who": "labeler serve",
            "address": "http://[::1]:80",
        }
    assert sqlite.owner(url) is None


def test_sqlite_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    found = refusal(f"sqlite:///{tmp_path / 'file' / 'labeler.db'}")
    assert (found.kind.number, found.sentence) == (
        9002,
        (
            f"The database {tmp_path}/file/labeler.db cannot be opened: "
            f"[Errno 17] File exists: '{tmp_path}/file'."
        ),
    )
    assert found.hint == "The service needs to write in its folder."


def test_sqlite_folder_that_may_only_be_read_is_refused() -> None:
    as_nobody = "import os; os.geteuid() or os.seteuid(65534)"  # root may write everywhere
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o555)
        script = HOLDER.replace("with store", f"{as_nobody}\nwith store")
        done = subprocess.run(
            [sys.executable, "-c", script, f"sqlite:///{folder}/labeler.db"],
            capture_output=True,
            text=True,
            check=False,
        )
        Path(folder).chmod(0o755)
    assert done.stderr.strip().splitlines()[-1] == (
        f"labeler.errors.Refusal: The database {folder}/labeler.db cannot be opened: "
        f"[Errno 13] Permission denied: '{folder}/labeler.db.lock'. "
        "The service needs to write in its folder."
    )


def test_postgres_lock_lost_with_its_connection_is_noticed_for_good(postgres_url: str) -> None:
    engine = store.make_engine(postgres_url)
    with store.hold(engine, who="labeler serve", address="") as still_held:
        assert still_held()
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE application_name = 'labeler serve'"
            )
        assert [still_held(), still_held()] == [False, False]
    engine.dispose()


def test_postgres_that_does_not_answer_is_refused() -> None:
    found = refusal("postgresql://nobody@127.0.0.1:9/nothing")
    assert (found.kind.number, found.hint) == (
        9002,
        "Check database.url and that the server runs.",
    )
    assert found.sentence.startswith("The database does not answer: connection failed: ")


def test_sqlite_waits_for_a_command_that_lets_go_soon(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'record.db'}"
    holding, may_let_go = threading.Event(), threading.Event()

    def command() -> None:
        with store.hold(store.make_engine(url), who="a labeler command", address=""):
            holding.set()
            may_let_go.wait(10)

    thread = threading.Thread(target=command)
    thread.start()
    assert holding.wait(10)
    threading.Timer(0.2, may_let_go.set).start()
    with store.hold(store.make_engine(url), who="the next command", address="") as still_held:
        assert still_held()
    thread.join()
