"""SQLite: WAL, every commit synced, one writer process held by an OS lock."""

import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from labeler.errors import STORE_HELD, STORE_UNAVAILABLE, Refusal

_CONNECT = {
    "check_same_thread": False,
    "isolation_level": None,
    # Five tables, INSERTs of 1 to 64 rows: each is prepared once.
    "cached_statements": 512,
}
COMMAND_WAIT_S = 5.0
"""How long to wait for a command that holds the database."""
LOG_PAGES, LOG_PAGES_LATE = 1000, 10_000
"""Pages of the write-ahead log at which a commit also writes them back into the file."""
BUSY_TIMEOUT_MS = 5000
"""How long a statement waits for somebody else's lock, such as a backup's."""


def engine(url: str) -> Engine:
    """Return an engine whose connections keep what was acknowledged (PRAGMA synchronous=FULL)."""
    # Behind sqlite:/// stands a path as it is; a URL's percent signs would be read as codes.
    path = URL.create("sqlite", database=url.removeprefix("sqlite:///"))
    made = create_engine(path, connect_args=_CONNECT)

    @event.listens_for(made, "connect")
    def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            f"wal_autocheckpoint={LOG_PAGES}",
            "secure_delete=ON",  # a secret that is forgotten must not stay in the file
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(made, "begin")
    def _begin(connection: Connection) -> None:
        # A deferred transaction that reads and then writes fails at once when somebody else wrote
        # meanwhile; an immediate one waits for its turn.
        mode = "" if connection.get_execution_options().get("reading") else " IMMEDIATE"
        _run(connection, f"BEGIN{mode}")

    return made


def _run(connection: Connection, sql: str) -> None:
    """Run ``sql`` on the driver: SQLAlchemy's own way costs 200 us, more than all the rest."""
    driver = connection.connection.dbapi_connection
    assert driver is not None  # noqa: S101 it is connected
    try:
        driver.execute(sql)
    except sqlite3.Error as error:
        raise DBAPIError.instance(sql, None, error, sqlite3.Error) from error


def owner_file(url: str) -> Path:
    """Return the file in which the process that holds the database says who it is."""
    return Path(url.removeprefix("sqlite:///") + ".owner")


def owner(url: str) -> dict[str, Any] | None:
    """Return what the holder of the lock wrote: process, host, url, since; None if nobody did."""
    with suppress(OSError, ValueError):
        found = json.loads(owner_file(url).read_text(encoding="utf-8"))
        return found if isinstance(found, dict) else None
    return None


@contextmanager
def hold(url: str, *, who: str, address: str) -> Iterator[Callable[[], bool]]:
    """Hold the database for this process; refuse (9003), naming the holder, if another has it.

    The operating system frees the lock when the process dies, however it dies.
    """
    about = {
        "process": os.getpid(),
        "who": who,
        "address": address,
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    lock = _lock(url)
    try:
        with _writable(url):
            owner_file(url).write_text(json.dumps(about), encoding="utf-8")
        yield lambda: lock.is_locked
    finally:
        owner_file(url).unlink(missing_ok=True)
        lock.release()


def _lock(url: str) -> FileLock:
    path = Path(url.removeprefix("sqlite:///"))
    with _writable(url):
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(f"{path}.lock", timeout=0, thread_local=False)
        try:
            lock.acquire()
        except Timeout:
            _wait_for_command(lock, url)
    return lock


def _wait_for_command(lock: FileLock, url: str) -> None:
    """Wait for a holder without an address: a command, which lets go soon. A service does not."""
    if (owner(url) or {}).get("address"):
        raise held(url)
    try:
        lock.acquire(timeout=COMMAND_WAIT_S)
    except Timeout:
        raise held(url) from None


@contextmanager
def _writable(url: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Refusal(
            STORE_UNAVAILABLE,
            f"The database {url.removeprefix('sqlite:///')} cannot be opened: {error}.",
            hint="The service needs to write in its folder.",
        ) from error


def held(url: str) -> Refusal:
    """Return the refusal that names the process holding the database."""
    about = owner(url) or {}
    name = f"process {about.get('process', 'unknown')} ({about.get('who', 'unknown')}"
    since = f", {about.get('address') or 'no address'}, since {about.get('since', 'unknown')})"
    return Refusal(
        STORE_HELD,
        f"The database {url.removeprefix('sqlite:///')} is held by {name}{since}.",
        hint="One process writes to a SQLite file. Stop that one, or use PostgreSQL.",
    )
