"""One transaction on either database: SQLAlchemy Core, with the driver for the hot statements."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import Any

from sqlalchemy import Connection, CursorResult, Executable, Table
from sqlalchemy.exc import DBAPIError

from labeler.store import schema, sqlite
from labeler.store.guard import Guard
from labeler.store.times import utc, utc_text

_LOCK_KEY = 0x616C6F6E  # "alon"
EVENT_COLUMNS = ("id", "at", "kind", "channel", "run_id", "unit_id", "label_id", "detail")

ROWS_AT_ONCE = 64
"""Rows in one INSERT on SQLite: each statement gives the interpreter away and waits for it."""


class Transaction:
    """What a verb is handed: it reads and writes, the store commits or rolls back."""

    def __init__(self, connection: Connection, *, guard: Guard | None = None) -> None:
        """Wrap a connection on which a transaction has begun; ``guard`` watches what it draws."""
        self.connection = connection
        self.steps = 0
        """How far it moves counters, all of them together."""
        self.events: list[tuple[Any, ...]] = []
        """The events it has written, to be sealed when it ends; see `chain`."""
        self._guard = guard
        self._sqlite = connection.dialect.name == "sqlite"
        driver = connection.connection.dbapi_connection
        assert driver is not None  # noqa: S101 a transaction has begun on it
        # SQLAlchemy costs about 40 us a statement; a trigger runs a dozen of them.
        self._cursor = driver.cursor()
        self._driver_error: type[Exception] = connection.dialect.loaded_dbapi.Error

    def draw_steps(self, count: int) -> None:
        """Say that a counter is moved by ``count``; refuse (9010) while the record is locked."""
        self.require_open()
        self.steps += count

    def require_open(self) -> None:
        """Refuse (9010) to issue while the record is locked; see `guard`."""
        if self._guard is not None:
            self._guard.require_open(self)

    def execute(
        self, statement: Executable, parameters: Mapping[str, Any] | None = None
    ) -> CursorResult[*tuple[Any, ...]]:
        """Run a Core statement."""
        return self.connection.execute(statement, parameters)

    def time(self, value: datetime) -> Any:
        """Return ``value`` as the driver stores it, for ``insert_rows`` and ``run_sql``."""
        return utc_text(value) if self._sqlite else utc(value)

    def moment(self, value: Any) -> datetime:
        """Return a time that ``run_sql`` read; the reverse of ``time``."""
        return datetime.fromisoformat(value) if self._sqlite else utc(value)

    @property
    def for_update(self) -> str:
        """What a SELECT ends with to keep other processes from its rows; SQLite has none."""
        return "" if self._sqlite else " FOR UPDATE"

    @property
    def for_no_key_update(self) -> str:
        """The same, while rows that refer to the locked ones may be written: their keys stay."""
        return "" if self._sqlite else " FOR NO KEY UPDATE"

    def for_update_of(self, table: str) -> str:
        """The first where the SELECT joins other tables, whose rows stay free."""
        return "" if self._sqlite else f" FOR UPDATE OF {table}"

    def keep_others_waiting(self, key: int = _LOCK_KEY) -> None:
        """Let no other process past this point until we end; on SQLite there is no other."""
        if not self._sqlite:
            self.run_sql("SELECT pg_advisory_xact_lock(?)", (key,))

    def insert_events(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert events (EVENT_COLUMNS): the only way in, since each of them has to be sealed."""
        self.insert_rows(schema.event, columns=EVENT_COLUMNS, rows=rows)
        self.events += rows

    def write_back_late(self, is_late: bool) -> None:
        """Begin or end to let SQLite's log grow before its pages are written back into the file.

        Where each transaction changes the same thousands of pages, it writes half as much.
        """
        if self._sqlite:
            pages = sqlite.LOG_PAGES_LATE if is_late else sqlite.LOG_PAGES
            self.run_sql(f"PRAGMA wal_autocheckpoint={pages}")

    def one_of(self, values: Sequence[Any]) -> tuple[str, Sequence[Any]]:
        """Return what ``run_sql`` is told of a column that is one of ``values``, and with which.

        One array on PostgreSQL, whose driver takes microseconds for each placeholder.
        """
        if self._sqlite:
            return f"IN ({', '.join('?' * len(values))})", values
        return "= ANY(?)", [list(values)]

    def run_sql(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run ``sql`` (placeholders `?`) through the driver; return the rows, if it has any."""
        own = self._own(sql)
        try:
            self._cursor.execute(own, parameters)
            return list(self._cursor.fetchall()) if self._cursor.description else []
        except self._driver_error as error:
            raise self._wrapped(error, own) from error

    def run_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run a statement that returns nothing (placeholders `?`) once for each of ``rows``."""
        own = self._own(sql)
        try:
            self._cursor.executemany(own, rows)
        except self._driver_error as error:
            raise self._wrapped(error, own) from error

    def insert_rows(
        self, table: Table, *, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]
    ) -> None:
        """Insert ``rows`` through the driver: values as the driver takes them, one statement."""
        sql = self._own(_insert_sql(table.name, tuple(columns), 1))
        try:
            if not self._sqlite:
                if rows:
                    self._cursor.executemany(sql, rows)
                return
            for start in range(0, len(rows), ROWS_AT_ONCE):
                block = rows[start : start + ROWS_AT_ONCE]
                many = _insert_sql(table.name, tuple(columns), len(block))
                self._cursor.execute(many, list(chain.from_iterable(block)))
        except self._driver_error as error:
            raise self._wrapped(error, sql) from error

    def insert_many(
        self, table: Table, *, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]
    ) -> None:
        """Insert thousands of ``rows`` the quickest way each driver has: COPY on PostgreSQL."""
        names = ", ".join(columns)
        copy = f"COPY {table.name} ({names}) FROM STDIN"
        sql = _insert_sql(table.name, tuple(columns), 1) if self._sqlite else copy
        try:
            if self._sqlite:
                self._cursor.executemany(sql, rows)
                return
            with self._cursor.copy(sql) as sink:
                for row in rows:
                    sink.write_row(row)
        except self._driver_error as error:
            raise self._wrapped(error, sql) from error

    def _wrapped(self, error: Exception, sql: str) -> BaseException:
        """Return SQLAlchemy's error for the driver's, so that callers know only one family."""
        return DBAPIError.instance(sql, None, error, self._driver_error)

    def next_ids(self, tables: Iterable[tuple[Table, int]]) -> list[Sequence[int]]:
        """Return for each table as many free ids, ascending.

        SQLite has one writer, so the highest id decides; PostgreSQL has a sequence per table.
        Ids are no serials: a gap in them means nothing.
        """
        wanted = list(tables)
        if self._sqlite:
            sql = _max_ids_sql(tuple(table.name for table, _ in wanted))
            [highest] = self.run_sql(sql)
            return [
                range(last + 1, last + 1 + count)
                for last, (_, count) in zip(highest, wanted, strict=True)
            ]
        return [
            [row[0] for row in self.run_sql(_NEXT_IDS_SQL, (f"{table.name}_id_seq", count))]
            for table, count in wanted
        ]

    def _own(self, sql: str) -> str:
        return sql if self._sqlite else sql.replace("?", "%s")


@lru_cache(maxsize=512)
def _insert_sql(table: str, columns: tuple[str, ...], row_count: int) -> str:
    names = ", ".join(columns)
    row = f"({', '.join('?' * len(columns))})"
    places = ", ".join([row] * row_count)
    return f"INSERT INTO {table} ({names}) VALUES {places}"  # noqa: S608 our own table names


_NEXT_IDS_SQL = "SELECT nextval(?::regclass) FROM generate_series(1, ?)"


@lru_cache(maxsize=16)
def _max_ids_sql(tables: tuple[str, ...]) -> str:
    columns = ", ".join(f"(SELECT coalesce(max(id), 0) FROM {table})" for table in tables)  # noqa: S608
    return f"SELECT {columns}"
