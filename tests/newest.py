"""Databases of the newest schema: a test process runs the migrations once, and copies what it has.

A test that is about the migrations, or about a database that is not there yet, asks for an empty
database instead.
"""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from labeler import store


def migrated(url: str) -> None:
    """Bring a database to the newest schema, as a service does that opens it."""
    store.open_store(store.make_engine(url)).close()


@cache
def _sqlite() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "newest.db"
        migrated(f"sqlite:///{path}")
        return path.read_bytes()


def lay_sqlite(path: Path) -> None:
    """Put a database with the newest schema and no row where none is yet."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_sqlite())
