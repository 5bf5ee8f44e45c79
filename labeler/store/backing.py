"""Backups of a SQLite record: taken while it is in use, checked, and put back with care.

PostgreSQL has tools of its own, which know how to do it: pg_dump and pg_restore.
"""

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from labeler.errors import BAD_BACKUP, NOT_OVERWRITTEN, NOT_SUPPORTED, STORE_UNAVAILABLE, Refusal
from labeler.store import sqlite

_PARTS = ("", "-wal", "-shm")
_ISSUED_SQL = "SELECT coalesce(sum(issued), 0) FROM run"


def digest_file(backup: Path) -> Path:
    """Return the file with the digest of a backup, as `sha256sum -c` reads it."""
    return backup.with_name(f"{backup.name}.sha256")


def back_up(url: str, target: Path) -> dict[str, int]:
    """Write a backup of the record and its digest; return table -> rows, once it is checked.

    Others go on meanwhile. Refuses PostgreSQL (9008), a file that is there (9012), a record that
    cannot be read (9002) and a backup that is not as it should be (9011).
    """
    database = _path(url)
    for path in (target, digest_file(target)):
        if path.exists():
            hint = "Choose another name: a backup is never overwritten."
            raise Refusal(NOT_OVERWRITTEN, f"{path} exists already.", hint=hint)
    fresh = target.with_name(f"{target.name}.new")
    try:
        with closing(_reading(database)) as source:
            source.execute("BEGIN")
            rows = _rows(source)
            fresh.unlink(missing_ok=True)
            with closing(sqlite3.connect(fresh)) as copy:
                source.backup(copy)
                copy.execute("PRAGMA journal_mode=DELETE")
        _require_sound(fresh, rows=rows)
        digest_file(target).write_text(f"{_digest(fresh)}  {target.name}\n", encoding="utf-8")
        _sync(digest_file(target))
        _sync(fresh)
        fresh.rename(target)
        _sync(target.parent)
    except (OSError, sqlite3.Error) as error:
        raise Refusal(
            STORE_UNAVAILABLE,
            f"No backup of {database} was written to {target}: {error}.",
            hint="Look whether both can be reached, and there is room.",
        ) from error
    finally:
        fresh.unlink(missing_ok=True)
    return rows


def restore(url: str, backup: Path, *, overwrite: bool) -> dict[str, str | int | None]:
    """Put a backup in the place of the record; what lay there is kept under another name.

    The caller holds the database. Whenever this is cut short, the record is the old one or the
    restored one, whole. The high-water mark is not touched: the next start compares it.
    Refuses PostgreSQL (9008), a backup that is not what its digest says or that is damaged (9011),
    and, unless told to ``overwrite``, a record that has issued more than the backup knows (9012).
    """
    database = _path(url)
    _require_digest(backup)
    _require_sound(backup)
    issued = _issued(backup)
    if not overwrite:
        _require_older(database, issued, backup)
    fresh = database.with_name(f"{database.name}.new")
    try:
        shutil.copyfile(backup, fresh)
        _sync(fresh)
        kept = _keep_aside(database)
        fresh.replace(database)  # in one step: what lay there is the record until now
        _sync(database.parent)
    except OSError as error:
        hint = "See that the folder can be written and has room, and restore again."
        raise Refusal(STORE_UNAVAILABLE, f"Not restored: {error}.", hint=hint) from error
    finally:
        fresh.unlink(missing_ok=True)
    return {"issued": issued, "kept": None if kept is None else str(kept)}


def _path(url: str) -> Path:
    if not url.startswith("sqlite:///"):
        raise Refusal(
            NOT_SUPPORTED,
            "Backups of PostgreSQL are taken and put back with its own tools.",
            hint="pg_dump --format=custom, pg_restore; see the operator's guide.",
        )
    return Path(url.removeprefix("sqlite:///"))


def _reading(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout={sqlite.BUSY_TIMEOUT_MS}")
    return connection


def _rows(connection: sqlite3.Connection) -> dict[str, int]:
    names = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
        "ORDER BY name"
    ).fetchall()
    count = "SELECT count(*) FROM {}"  # our own table names
    return {name: connection.execute(count.format(name)).fetchone()[0] for (name,) in names}


def _require_sound(path: Path, *, rows: dict[str, int] | None = None) -> None:
    """Refuse (9011) a file that is no sound record, or has other rows than it should."""
    with _readable(path), closing(_reading(path)) as connection:
        said = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        found = _rows(connection)
    if said != "ok":
        raise _bad(path, f"is damaged: {said}")
    if "alembic_version" not in found or "unit" not in found:
        raise _bad(path, "is no record of labeler")
    if rows is not None and found != rows:
        wrong = sorted(name for name in rows if rows[name] != found.get(name))
        raise _bad(path, f"has other rows than the record: {', '.join(wrong)}")


def _require_digest(backup: Path) -> None:
    try:
        said = digest_file(backup).read_text(encoding="utf-8").split()[0]
    except (OSError, IndexError, UnicodeDecodeError):
        raise _bad(backup, f"has no digest beside it, {digest_file(backup).name}") from None
    with _readable(backup):
        found = _digest(backup)
    if found != said:
        raise _bad(backup, f"was changed: its SHA-256 is {found}, expected {said}")


def _require_older(database: Path, issued: int, backup: Path) -> None:
    if not database.exists():
        return
    try:
        present = _issued(database)
    except Refusal:
        said = "cannot be read"
    else:
        if present <= issued:
            return
        said = f"has issued {present}, and the backup {backup} knows {issued}"
    raise Refusal(
        NOT_OVERWRITTEN,
        f"The record {database} {said}.",
        hint="Use it as it is, or restore all the same with --overwrite: it is kept beside.",
    )


def _issued(path: Path) -> int:
    with _readable(path), closing(_reading(path)) as connection:
        return int(connection.execute(_ISSUED_SQL).fetchone()[0])


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise _bad(path, f"cannot be read: {error}") from error


def _bad(path: Path, what: str) -> Refusal:
    hint = "Take another backup; this one says nothing for sure."
    return Refusal(BAD_BACKUP, f"{path} {what}.", hint=hint)


def _keep_aside(database: Path) -> Path | None:
    """Let the record that lies there have another name, too, its log written into it; return it.

    SQLite would read a log that is left beside another database as that one's own.
    """
    parts = [database.with_name(database.name + end) for end in _PARTS]
    if not any(part.exists() for part in parts):
        return None
    number = 1
    while (aside := database.with_name(f"{database.name}.replaced-{number}")).exists():
        number += 1
    if not _empty_log(database):
        # Nobody can read it, so it is no record; it is kept as it lies there.
        for part, end in reversed(list(zip(parts, _PARTS, strict=True))):
            with suppress(FileNotFoundError):
                part.rename(aside.with_name(aside.name + end))
        return aside
    try:
        os.link(database, aside)
    except OSError:  # not every file system has links
        shutil.copyfile(database, aside)
        _sync(aside)
    _sync(database.parent)
    return aside


def _empty_log(database: Path) -> bool:
    """Write the log into the database and take it away; return whether that could be done."""
    if not database.exists():
        return False
    try:
        with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=rw", uri=True)) as own:
            own.execute(f"PRAGMA busy_timeout={sqlite.BUSY_TIMEOUT_MS}")
            said = own.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            own.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
            raise OSError("somebody reads the database") from error
        return False
    if said[0]:
        raise OSError("somebody reads the database")
    return True


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
