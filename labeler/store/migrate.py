"""Bring the schema up to date (Alembic); `migrations/versions/` has one file per step.

Alembic takes nearly half a second to load, so it is loaded only where there is a step to take; that
there is none, a name in the database and one in the folder say.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from labeler.errors import STORE_OUTDATED, STORE_UNAVAILABLE, Refusal
from labeler.store.causes import reason

_LOCK_KEY = 0x7363686D  # "schm": one process upgrades a PostgreSQL database at a time
_FOLDER = Path(__file__).parent / "migrations"


@cache
def newest() -> str:
    """Return the name of the newest schema this program knows."""
    return max(file.stem[1:5] for file in (_FOLDER / "versions").glob("v[0-9]*_*.py"))


def current(engine: Engine) -> str | None:
    """Return the name of the schema the database has; None for an empty database."""
    with _opening(), engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def upgrade(engine: Engine, *, to: str = "head") -> str | None:
    """Bring the database to the newest schema, in one transaction; nothing happens if it is there.

    Or to an older one, by its name. Returns from which schema it came; None where nothing was
    changed, or there was nothing.

    Raises Refusal 9005 for a schema newer than this program, 9002 if it cannot be written.
    """
    before = current(engine)
    if before == newest():
        return None
    from alembic import command
    from alembic.config import Config
    from alembic.util.exc import CommandError

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    try:
        with _opening(), _connected(engine) as connection, connection.begin():
            if engine.dialect.name == "postgresql":
                key = {"key": _LOCK_KEY}
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), key)
            config.attributes["connection"] = connection
            command.upgrade(config, to)
            if engine.dialect.name == "sqlite":
                lost = connection.execute(text("PRAGMA foreign_key_check")).all()
                assert not lost, lost  # noqa: S101 a step that loses rows must not be committed
    except CommandError as error:
        raise Refusal(
            STORE_OUTDATED,
            f"The database has schema '{current(engine)}', which this version does not know.",
            hint="It was written by a newer version: run that one.",
        ) from error
    return before


@contextmanager
def _connected(engine: Engine) -> Iterator[Connection]:
    """Give a connection on which tables may be made anew.

    To change a table SQLite copies it and drops the old one, which would delete the rows that refer
    to it: so foreign keys rest meanwhile, and are checked before the commit.
    """
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            yield connection
            return
        driver = connection.connection.dbapi_connection
        assert driver is not None  # noqa: S101 it is connected
        driver.execute("PRAGMA foreign_keys=OFF")
        try:
            yield connection
        finally:
            driver.execute("PRAGMA foreign_keys=ON")


@contextmanager
def _opening() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise Refusal(
            STORE_UNAVAILABLE,
            f"The database cannot be opened: {reason(error)}.",
            hint="Check database.url, its disk and its server.",
        ) from error
