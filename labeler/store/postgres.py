"""PostgreSQL: every commit synced, one spooler held by a session lock."""

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Connection, Engine, Row, create_engine, event, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from labeler.errors import STORE_HELD, STORE_UNAVAILABLE, Refusal
from labeler.store.causes import reason

LOCK_KEY = 0x6C6162656C  # "label": one service per database prints
_ALONE_SPACE = 0x616C6F6E  # "alon": the first of two numbers that name a work

ANSWER_MAX_S = 0.3
"""How long to wait for the server's word that we still hold the lock."""
_KEEPALIVES = {
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""A server whose machine is gone says nothing: without these, nobody notices for a quarter hour."""


def engine(url: str) -> Engine:
    """Return an engine for ``url`` (`postgresql://…`) over psycopg 3."""
    made = create_engine(
        url.replace("postgresql://", "postgresql+psycopg://", 1),
        pool_pre_ping=True,
        pool_size=10,
        max_overflow=10,
        connect_args={"application_name": "labeler", "connect_timeout": 5, **_KEEPALIVES},
    )

    @event.listens_for(made, "connect")
    def _prepare(connection: object, _record: object) -> None:
        # Whatever the server's default is: what was acknowledged must be on its disk.
        with connection.cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute("SET synchronous_commit TO on")
            cursor.execute("SET timezone TO 'UTC'")
        connection.commit()  # type: ignore[attr-defined]

    return made


@contextmanager
def hold(made: Engine, *, who: str) -> Iterator[Callable[[], bool]]:
    """Hold the database for this service; refuse (9003), naming the holder, if another has it.

    Yields a question: do we still hold it? The server frees the lock when our connection ends.
    """
    try:
        connection = made.connect().execution_options(isolation_level="AUTOCOMMIT")
    except DBAPIError as error:
        raise Refusal(
            STORE_UNAVAILABLE,
            f"The database does not answer: {reason(error)}.",
            hint="Check database.url and that the server runs.",
        ) from error
    connection.detach()  # closing it ends the session, and with it the lock
    watch = _Watch(connection)
    try:
        _lock(connection, who)
        watch.thread.start()
        yield watch.still_held
    finally:
        if watch.ended():  # else the server hangs, and so would we: our end frees the lock
            _unlock(connection)
            connection.close()


def _unlock(connection: Connection) -> None:
    """Free the lock now: the server sees the end of a session a little later."""
    if connection.invalidated:
        return  # the session has ended already
    with suppress(DBAPIError):
        connection.execute(text("SELECT pg_advisory_unlock_all()"))


class _Watch:
    """Asks our session whether it lives, in a thread: a server that hangs keeps only that one."""

    def __init__(self, connection: Connection) -> None:
        self.thread = threading.Thread(target=self._run, name="lock watch", daemon=True)
        self._connection = connection
        self._questions: queue.SimpleQueue[threading.Event | None] = queue.SimpleQueue()
        self._lost = False

    def still_held(self) -> bool:
        """Return whether we hold the lock; the last answer, where the server gives none soon."""
        answered = threading.Event()
        self._questions.put(answered)
        answered.wait(ANSWER_MAX_S)
        return self.thread.is_alive() and not self._lost

    def ended(self) -> bool:
        """Ask no more; return whether the last question was answered."""
        self._questions.put(None)
        if self.thread.ident is not None:
            self.thread.join(ANSWER_MAX_S)
        return not self.thread.is_alive()

    def _run(self) -> None:
        while (answered := self._questions.get()) is not None:
            try:
                if not self._lost:
                    self._connection.execute(text("SELECT 1"))
            except SQLAlchemyError:
                self._lost = True
            answered.set()


def _lock(connection: Connection, who: str) -> None:
    got = connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": LOCK_KEY})
    if not got.scalar_one():
        raise Refusal(
            STORE_HELD,
            f"The database is held by {_holder(connection)}.",
            hint="One service prints from a database. Stop that one first.",
        )
    connection.execute(text("SELECT set_config('application_name', :who, false)"), {"who": who})


@contextmanager
def alone(made: Engine, name: str) -> Iterator[bool]:
    """Say whether no other process does the work ``name``, and keep others from it until we end.

    The server frees the lock when our connection ends. Refuses (9002) where it does not answer.
    """
    try:
        connection = made.connect().execution_options(isolation_level="AUTOCOMMIT")
    except DBAPIError as error:
        raise Refusal(
            STORE_UNAVAILABLE,
            f"The database does not answer: {reason(error)}.",
            hint="Check database.url and that the server runs.",
        ) from error
    connection.detach()
    with connection:
        key = {"space": _ALONE_SPACE, "name": name}
        asked = text("SELECT pg_try_advisory_lock(:space, hashtext(:name))")
        got = bool(connection.execute(asked, key).scalar_one())
        try:
            yield got
        finally:
            if got:
                with suppress(SQLAlchemyError):  # the server frees it with the connection, later
                    free = text("SELECT pg_advisory_unlock(:space, hashtext(:name))")
                    connection.execute(free, key)


def is_held(made: Engine) -> bool:
    """Return whether a service holds the database."""
    with made.connect() as connection:
        return _holding_session(connection) is not None


def _holder(connection: Connection) -> str:
    row = _holding_session(connection)
    if row is None:
        return "another service"
    where, since = row.client_addr or "this host", row.backend_start
    return f"'{row.application_name}' at {where}, since {since:%Y-%m-%d %H:%M:%S}"


def _holding_session(connection: Connection) -> Row[Any] | None:
    return connection.execute(
        text(
            "SELECT a.application_name, a.client_addr, a.backend_start FROM pg_locks l "
            "JOIN pg_stat_activity a USING (pid) WHERE l.locktype = 'advisory' AND l.granted "
            "AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
            "AND (l.classid::bigint << 32 | l.objid::bigint) = :key LIMIT 1"
        ),
        {"key": LOCK_KEY},
    ).one_or_none()
