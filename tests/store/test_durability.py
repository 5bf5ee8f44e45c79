"""What was acknowledged is on the disk: how connections are set, and what a failure does."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import psycopg
import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from labeler import store
from labeler.errors import Refusal
from labeler.store import Store
from tests.plants import until
from tests.postgres import fresh_database
from tests.store.counters import held_writer, names, put, wait_for_queue


@pytest.fixture
def sqlite_record(tmp_path: Any) -> Iterator[Store]:
    """Return an open store on SQLite."""
    with store.open_store(store.make_engine(f"sqlite:///{tmp_path / 'labeler.db'}")) as opened:
        yield opened


@pytest.fixture
def postgres_record(postgres_url: str) -> Iterator[Store]:
    """Return an open store on PostgreSQL."""
    with store.open_store(store.make_engine(postgres_url)) as opened:
        yield opened


def ask(record: Store, *questions: str) -> list[list[Any]]:
    """Return the answers of the writing connection and of three reading ones."""
    everybody = threading.Barrier(3)
    found: list[list[Any]] = []

    def answers(connection: Any) -> list[Any]:
        return [connection.execute(text(question)).scalar_one() for question in questions]

    def read() -> None:
        with record.read() as transaction:
            everybody.wait(30)
            found.append(answers(transaction.connection))

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [record.write(lambda transaction: answers(transaction.connection)), *found]


def test_sqlite_syncs_every_commit_and_keeps_foreign_keys_on_every_connection(
    sqlite_record: Store,
) -> None:
    pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    found = ask(sqlite_record, *(f"PRAGMA {name}" for name in pragmas))
    assert found == [["wal", 2, 1, 5000]] * 4


def test_postgres_syncs_every_commit_and_speaks_utc_on_every_connection(
    postgres_record: Store,
) -> None:
    found = ask(postgres_record, "SHOW synchronous_commit", "SHOW timezone", "SHOW fsync")
    assert [answers[:2] for answers in found] == [["on", "UTC"]] * 4


def test_postgres_overrides_a_server_that_would_not_sync(postgres_server: Any) -> None:
    url = fresh_database(postgres_server)
    with psycopg.connect(url, autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(f'ALTER DATABASE "{name}" SET synchronous_commit TO off')
    with store.open_store(store.make_engine(url)) as opened:
        assert ask(opened, "SHOW synchronous_commit") == [["on"]] * 4


def test_sqlite_full_disk_refuses_and_leaves_nothing_half_written(sqlite_record: Store) -> None:
    sqlite_record.write(put("before"))
    pages = ask(sqlite_record, "PRAGMA page_count")[0][0]
    writing: Any = sqlite_record._writing
    writing.connection.dbapi_connection.execute(f"PRAGMA max_page_count={pages}")
    with pytest.raises(Refusal) as caught:
        sqlite_record.write(lambda transaction: [put(f"{n:064}")(transaction) for n in range(2000)])
    assert (caught.value.kind.number, caught.value.kind.status) == (9002, 503)
    assert str(caught.value) == (
        "The database could not commit: database or disk is full. "
        "Retry with the same key once the cause is gone."
    )
    assert names(sqlite_record) == ["before"]
    sqlite_record.write(put("later"))
    assert names(sqlite_record) == ["before", "later"]


def test_sqlite_locked_by_somebody_else_fails_everybody_who_waits_at_the_first_try(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store.sqlite, "BUSY_TIMEOUT_MS", 1000)
    path = tmp_path / "labeler.db"
    tries: list[str] = []
    outcomes: list[str] = []
    with store.open_store(store.make_engine(f"sqlite:///{path}")) as record:
        event.listen(record.engine, "checkout", lambda *_: tries.append("checkout"))

        def client(number: int) -> None:
            try:
                record.write(put(str(number)))
            except Refusal as refusal:
                outcomes.append(refusal.sentence)

        threads = [threading.Thread(target=client, args=(number,)) for number in range(10)]
        with closing(sqlite3.connect(path)) as stranger:
            stranger.execute("BEGIN IMMEDIATE")
            threads[0].start()
            until(lambda: tries)
            for thread in threads[1:]:
                thread.start()
            wait_for_queue(record, 9)
            for thread in threads:
                thread.join()
        assert outcomes == ["The database takes no transaction: database is locked."] * 10
        assert tries == ["checkout", "checkout"]
        record.write(put("later"))
        assert names(record) == ["later"]


def test_postgres_commit_that_fails_refuses_and_leaves_nothing_half_written(
    postgres_record: Store,
) -> None:
    postgres_record.write(put("before"))
    with postgres_record.engine.begin() as connection:
        connection.execute(
            text(
                "CREATE FUNCTION refuse() RETURNS trigger AS "
                "'BEGIN RAISE EXCEPTION ''the disk is full''; END' LANGUAGE plpgsql"
            )
        )
        connection.execute(
            text(
                "CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON series_counter "
                "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()"
            )
        )
    with pytest.raises(Refusal) as caught:
        postgres_record.write(put("during"))
    assert caught.value.kind.number == 9002
    assert caught.value.sentence.startswith("The database could not commit: the disk is full")
    assert names(postgres_record) == ["before"]
    with postgres_record.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER at_commit ON series_counter"))
    postgres_record.write(put("later"))
    assert names(postgres_record) == ["before", "later"]


def test_postgres_lost_connection_refuses_once_and_then_works_again(
    postgres_url: str, postgres_record: Store
) -> None:
    postgres_record.write(put("before"))
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    with pytest.raises(Refusal) as caught:
        postgres_record.write(put("during"))
    assert caught.value.kind.number == 9002
    postgres_record.write(put("later"))
    assert names(postgres_record) == ["before", "later"]


def test_postgres_out_of_reach_fails_everybody_who_waits_at_the_first_try(
    postgres_record: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    postgres_record.write(put("before"))
    writing = postgres_record._writing
    tries: list[str] = []
    outcomes: list[str] = []

    def refuse() -> Any:
        tries.append("connect")
        raise OperationalError("", None, psycopg.OperationalError("connection refused"))

    def client(number: int) -> None:
        try:
            postgres_record.write(put(str(number)))
        except Refusal as refusal:
            outcomes.append(refusal.sentence)

    threads = [threading.Thread(target=client, args=(number,)) for number in range(10)]
    with monkeypatch.context() as patch:
        with held_writer(postgres_record):
            for thread in threads:
                thread.start()
            wait_for_queue(postgres_record, 10)
            patch.setattr(postgres_record.engine, "connect", refuse)
            postgres_record._writing = None
        for thread in threads:
            thread.join()
    assert outcomes == ["The database cannot be reached: connection refused."] * 10
    assert tries == ["connect"]
    assert writing is not None
    writing.close()
    postgres_record.write(put("later"))
    assert names(postgres_record) == ["before", "later"]


def test_postgres_gone_refuses_to_read(postgres_server: Any) -> None:
    url = fresh_database(postgres_server)
    with closing(store.open_store(store.make_engine(url))) as record:
        record.engine.dispose()
        with psycopg.connect(url, autocommit=True, dbname="postgres") as connection:
            name = str(record.engine.url.database)
            connection.execute(f'ALTER DATABASE "{name}" RENAME TO "{name}_away"')
        with pytest.raises(Refusal) as caught, record.read():
            pass
        assert caught.value.kind.number == 9002
        assert caught.value.sentence.startswith("The database cannot be read: connection failed: ")
        assert f'database "{name}" does not exist' in caught.value.sentence
        assert "\n" not in caught.value.sentence
