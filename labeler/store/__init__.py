"""The store: one record on SQLite or PostgreSQL, written through one group-commit writer."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Self, TypeVar, cast

from sqlalchemy import Connection, Engine, RootTransaction
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from labeler.errors import STORE_UNAVAILABLE, Refusal
from labeler.store import (
    backing,
    chain,
    chain_checking,
    migrate,
    postgres,
    schema_access,
    schema_audit,
    schema_leases,
    schema_printers,
    schema_quality,
    schema_recalls,
    schema_reconciliation,
    schema_runs,
    schema_templates,
    schema_units,
    sqlite,
)
from labeler.store.anchors import Anchor, AnchorFiles
from labeler.store.causes import reason, violated
from labeler.store.guard import Guard, Lock, other_copies
from labeler.store.key_file import KeyFile
from labeler.store.mark import Mark, MarkFile
from labeler.store.transaction import Transaction
from labeler.store.writer import BatchVerb, Unreachable, Writer

__all__ = [
    "Anchor",
    "AnchorFiles",
    "Guard",
    "KeyFile",
    "Lock",
    "Mark",
    "Store",
    "Transaction",
    "backing",
    "chain",
    "chain_checking",
    "hold",
    "is_held",
    "make_engine",
    "open_store",
    "other_copies",
    "schema_access",
    "schema_audit",
    "schema_leases",
    "schema_printers",
    "schema_quality",
    "schema_recalls",
    "schema_reconciliation",
    "schema_runs",
    "schema_templates",
    "schema_units",
    "takes_many",
    "violated",
]

_READING: dict[str, dict[str, Any]] = {
    "sqlite": {"reading": True},
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
}
"""What makes a transaction a snapshot: on SQLite every one is, once it is not IMMEDIATE."""

Argument = TypeVar("Argument")
Result = TypeVar("Result")


class Store:
    """An open record. Close it, or use it with ``with``."""

    def __init__(self, engine: Engine, *, guard: Guard | None = None) -> None:
        """Wrap an engine whose schema is up to date; ``guard`` watches what is issued."""
        self.engine = engine
        self.guard = guard
        self.head: chain.Head | None = None
        """The end of the audit trail as of this store's last commit that sealed something."""
        self._writing: Connection | None = None
        self.commits = self.rollbacks = 0
        """Rollbacks: transactions that failed whole; what was read in one may never have been."""
        self.writer = Writer(self._begin, many=takes_many(engine))
        self._alone, self._alone_lock = set[str](), threading.Lock()
        self._closed = False

    @contextmanager
    def alone(self, name: str) -> Iterator[bool]:
        """Say whether nobody else does the work ``name``, and keep others from it until we end.

        It is freed when this process dies, however it dies.
        """
        with self._alone_lock:
            ours = name not in self._alone
            self._alone.add(name)
        if not ours:
            yield False
            return
        try:
            if self.engine.dialect.name == "sqlite":
                yield True  # no other process has the file
            else:
                with postgres.alone(self.engine, name) as got:
                    yield got
        finally:
            self._alone.discard(name)

    def write_batch(self, verb: BatchVerb[Argument, Result], argument: Argument) -> Result:
        """Run ``verb`` durably, together with neighbours of the same verb; see Writer.submit."""
        return self.writer.submit(verb, argument, step=verb)

    def write(self, verb: Callable[[Transaction], Result], *, locks: bool = False) -> Result:
        """Run ``verb`` durably in a transaction; raise what it refuses, with nothing changed.

        ``locks``: it locks runs, series, labels or units that were there; see Writer.submit.
        """
        step = verb if locks else None
        return cast(Result, self.writer.submit(_run_singles, verb, step=step))

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """Give a snapshot for reading; it waits for no writer."""
        try:
            with self.engine.connect() as connection:
                reading = connection.execution_options(**_READING[self.engine.dialect.name])
                # Statements through the driver alone would begin none, and see each a later moment.
                reading.begin()
                try:
                    yield Transaction(reading)
                finally:
                    if self._closed and not connection.invalidated:
                        connection.detach()  # its pool is gone, and would never close it
        except (DBAPIError, PoolTimeoutError) as error:
            raise Refusal(
                STORE_UNAVAILABLE,
                f"The database cannot be read: {_said(error)}.",
                hint="Check that its disk or server is there.",
            ) from error

    def close(self) -> None:
        """Commit what waits, then let go of the database."""
        ended = self.writer.close()
        if ended and self._writing is not None:
            self._writing.close()
        if ended and self.guard is not None:
            self.guard.close()
        self._closed = True
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
        connection = self._writing = self._writing or self._connect()
        try:
            yield from self._guarded(connection)
        except Refusal as refusal:
            self.rollbacks += 1
            if isinstance(refusal, Unreachable):
                self._give_up(connection)
            raise
        except BaseException:
            self.rollbacks += 1
            self._give_up(connection)
            raise

    def _guarded(self, connection: Connection) -> Iterator[Transaction]:
        """Run a transaction: its events are sealed, then the high-water mark moves, then commit."""
        moved: Guard | None = None
        try:
            with self._begun(connection):
                transaction = Transaction(connection, guard=self.guard)
                yield transaction
                head = chain.seal(transaction)
                if transaction.steps and self.guard is not None:
                    moved = self.guard
                    moved.begin(transaction)
            self.head = head or self.head
            self.commits += 1
            if moved is not None:
                moved.done()
        finally:
            if moved is not None:
                moved.end()

    def _give_up(self, connection: Connection) -> None:
        self._writing = None
        connection.invalidate()
        connection.close()

    def _begun(self, connection: Connection) -> RootTransaction:
        """Begin a transaction, once for all who wait: what locks the database locks it for each."""
        try:
            return connection.begin()
        except DBAPIError as error:
            raise Unreachable(
                STORE_UNAVAILABLE,
                f"The database takes no transaction: {reason(error)}.",
                hint="Retry with the same key once the cause is gone.",
            ) from error

    def _connect(self) -> Connection:
        try:
            return self.engine.connect()
        except (DBAPIError, PoolTimeoutError) as error:
            raise Unreachable(
                STORE_UNAVAILABLE,
                f"The database cannot be reached: {_said(error)}.",
                hint="Retry with the same key once it is there.",
            ) from error


def _said(error: DBAPIError | PoolTimeoutError) -> str:
    return reason(error) if isinstance(error, DBAPIError) else "all connections are in use"


def _run_singles(
    transaction: Transaction, verbs: list[Callable[[Transaction], Any]]
) -> list[Any | Refusal]:
    """Run each verb under its own savepoint, so that a refused one leaves nothing behind."""
    outcomes: list[Any | Refusal] = []
    for verb in verbs:
        transaction.run_sql("SAVEPOINT verb")
        event_count = len(transaction.events)
        try:
            outcomes.append(verb(transaction))
        except Refusal as refusal:
            transaction.run_sql("ROLLBACK TO SAVEPOINT verb")
            del transaction.events[event_count:]
            outcomes.append(refusal)
        transaction.run_sql("RELEASE SAVEPOINT verb")
        # Any other error ends the whole transaction. After some, such as a full disk, SQLite has
        # ended it already: to roll back to the savepoint would only hide the reason.
    return outcomes


def make_engine(url: str) -> Engine:
    """Return the engine for ``url``, which begins with sqlite:/// or postgresql://."""
    return sqlite.engine(url) if url.startswith("sqlite:") else postgres.engine(url)


def hold(engine: Engine, *, who: str, address: str) -> AbstractContextManager[Callable[[], bool]]:
    """Hold the database for this process; see sqlite.hold and postgres.hold."""
    if engine.dialect.name == "sqlite":
        return sqlite.hold(_url(engine), who=who, address=address)
    return postgres.hold(engine, who=who)


def is_held(engine: Engine) -> bool:
    """Return whether another process serves from a database that takes many."""
    return takes_many(engine) and postgres.is_held(engine)


def takes_many(engine: Engine) -> bool:
    """Return whether several processes may write at once: PostgreSQL, yes; SQLite, no."""
    return engine.dialect.name != "sqlite"


def open_store(engine: Engine, *, mark: Path | None = None) -> Store:
    """Open the record behind ``engine``, its schema made or brought up to date first.

    ``mark`` is the file of its high-water mark, beside which the audit trail is anchored; a record
    that is behind either issues nothing.
    """
    migrate.upgrade(engine)
    if mark is None:
        return Store(engine)
    anchors = AnchorFiles(mark.with_name(f"{mark.name}.anchors"))
    store = Store(engine, guard=Guard(MarkFile(mark), anchors))
    try:
        store.write(store.guard.check)  # type: ignore[union-attr]
    except BaseException:
        store.close()
        raise
    return store


def _url(engine: Engine) -> str:
    return f"sqlite:///{engine.url.database}"
