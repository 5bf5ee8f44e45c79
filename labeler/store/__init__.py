"""The store: one record on SQLite or PostgreSQL, written through one group-commit writer."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Self, TypeVar, cast

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from labeler.errors import STORE_UNAVAILABLE, Refusal
from labeler.store import migrate, postgres, sqlite
from labeler.store.transaction import Transaction
from labeler.store.writer import BatchVerb, Writer

__all__ = ["Store", "Transaction", "make_engine", "open_store"]

Argument = TypeVar("Argument")
Result = TypeVar("Result")


class Store:
    """An open record. Close it, or use it with ``with``."""

    def __init__(self, engine: Engine) -> None:
        """Wrap an engine whose schema is up to date."""
        self.engine = engine
        self._writing: Connection | None = None
        self.rollbacks = 0
        """Transactions that failed as a whole. What was read in one of them may never have been."""
        self.writer = Writer(self._begin)

    def write_batch(self, verb: BatchVerb[Argument, Result], argument: Argument) -> Result:
        """Run ``verb`` durably, together with neighbours of the same verb; see Writer.submit."""
        return self.writer.submit(verb, argument)

    def write(self, verb: Callable[[Transaction], Result]) -> Result:
        """Run ``verb`` durably in a transaction; raise what it refuses, with nothing changed."""
        return cast(Result, self.writer.submit(_run_singles, verb))

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """Give a snapshot for reading; it waits for no writer."""
        try:
            with self.engine.connect() as connection:
                yield Transaction(connection.execution_options(reading=True))
        except DBAPIError as error:
            raise Refusal(
                STORE_UNAVAILABLE,
                f"The database cannot be read: {str(error.orig).strip()}.",
                hint="Check that its disk or server is there.",
            ) from error

    def close(self) -> None:
        """Commit what waits, then let go of the database."""
        self.writer.close()
        if self._writing is not None:
            self._writing.close()
        self.engine.dispose()

    def __enter__(self) -> Self:
        """Return the store itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    @contextmanager
    def _begin(self) -> Iterator[Transaction]:
        """Begin, and commit at the end.

        A connection that failed is never used again: after an error of fsync nobody knows what
        its pages say.
        """
        if self._writing is None:
            self._writing = self.engine.connect()
        connection = self._writing
        try:
            with connection.begin():
                yield Transaction(connection)
        except Refusal:
            self.rollbacks += 1
            raise
        except BaseException:
            self.rollbacks += 1
            self._writing = None
            connection.invalidate()
            connection.close()
            raise


def _run_singles(
    transaction: Transaction, verbs: list[Callable[[Transaction], Any]]
) -> list[Any | Refusal]:
    """Run each verb under its own savepoint, so that a refused one leaves nothing behind."""
    outcomes: list[Any | Refusal] = []
    for verb in verbs:
        try:
            with transaction.connection.begin_nested():
                outcomes.append(verb(transaction))
        except Refusal as refusal:
            outcomes.append(refusal)
    return outcomes


def make_engine(url: str) -> Engine:
    """Return the engine for ``url``, which begins with sqlite:/// or postgresql://."""
    return sqlite.engine(url) if url.startswith("sqlite:") else postgres.engine(url)


def hold(engine: Engine, *, who: str, address: str) -> AbstractContextManager[Callable[[], bool]]:
    """Hold the database for this process; see sqlite.hold and postgres.hold."""
    if engine.dialect.name == "sqlite":
        return sqlite.hold(_url(engine), who=who, address=address)
    return postgres.hold(engine, who=who)


def takes_many(engine: Engine) -> bool:
    """Return whether several processes may write at once: PostgreSQL, yes; SQLite, no."""
    return engine.dialect.name != "sqlite"


def open_store(engine: Engine) -> Store:
    """Open the record behind ``engine``, its schema made or brought up to date first."""
    migrate.upgrade(engine)
    return Store(engine)


def _url(engine: Engine) -> str:
    return f"sqlite:///{engine.url.database}"
