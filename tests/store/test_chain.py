"""The audit trail's chain: what is sealed, in which order, and that nobody changes it."""

import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from labeler import store
from labeler.errors import Refusal
from labeler.store import Store, chain, migrate
from tests.store.chains import expected, forge, links, tell, tell_and_refuse


def test_chain_begins_with_nothing(record: Store) -> None:
    with record.read() as transaction:
        assert chain.head(transaction) == chain.START == chain.Head(0, bytes(32))


def test_chain_seals_each_event_upon_the_one_before(record: Store) -> None:
    record.write(tell("a", "b"))
    record.write(tell("c"))
    assert links(record) == expected(["a", "b", "c"])
    with record.read() as transaction:
        seq, found = chain.head(transaction)
    assert (seq, found.hex()) == (3, expected(["a", "b", "c"])[-1][2])


def test_chain_leaves_out_what_was_refused_beside_others(record: Store) -> None:
    def all_of_them(transaction: store.Transaction) -> None:
        verbs = [tell("a"), tell_and_refuse("b", "b"), tell("c")]
        outcomes = store._run_singles(transaction, verbs)
        assert isinstance(outcomes[1], Refusal)

    record.write(all_of_them)
    assert [kind for _, kind, _ in links(record)] == ["a", "c"]
    with record.read() as transaction:
        assert transaction.run_sql("SELECT count(*) FROM event") == [(2,)]


def test_chain_is_one_where_processes_write_at_once(database_url: str) -> None:
    many = 1 if database_url.startswith("sqlite") else 4
    stores = [store.open_store(store.make_engine(database_url)) for _ in range(many)]

    def work(one: Store, name: str) -> None:
        for _ in range(10):
            one.write(tell(name, name))

    threads = [threading.Thread(target=work, args=(one, str(n))) for n, one in enumerate(stores)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [seq for seq, _, _ in links(stores[0])] == list(range(1, 20 * many + 1))
    for one in stores:
        one.close()


@pytest.mark.parametrize("table", ["event", "audit_chain"])
def test_chain_and_events_are_never_changed(record: Store, table: str) -> None:
    record.write(tell("a"))
    column = {"event": "id", "audit_chain": "seq"}[table]
    refused = [f"UPDATE {table} SET {column} = 1", f"DELETE FROM {table}"]  # noqa: S608
    if record.engine.dialect.name == "postgresql":
        refused.append(f"TRUNCATE {table}")
    for statement in refused:
        with (
            pytest.raises(IntegrityError, match=f"{table}_fixed"),
            record.engine.begin() as connection,
        ):
            connection.execute(text(statement))
    assert links(record) == expected(["a"])


def test_chain_is_changed_once_the_triggers_are_gone(record: Store) -> None:
    record.write(tell("a"))
    forge(record.engine, "UPDATE event SET kind = 'b'", "DELETE FROM audit_chain")
    assert links(record) == []


def test_migrations_seal_what_happened_before(empty_database_url: str) -> None:
    engine = store.make_engine(empty_database_url)
    migrate.upgrade(engine, to="0015")
    with engine.begin() as connection:
        for number, kind in enumerate("abc", start=1):
            connection.execute(
                text(
                    "INSERT INTO event (id, at, kind, channel, detail) "
                    "VALUES (:id, '2026-11-23T12:00:00.000000Z', :kind, 'http', :detail)"
                ),
                {"id": number, "kind": kind, "detail": '{"operator": "mk", "why": "ü"}'},
            )
    with store.open_store(engine) as opened:
        assert links(opened) == expected(["a", "b", "c"])
