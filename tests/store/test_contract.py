"""What the store promises, on SQLite and on PostgreSQL."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event, insert, select, update
from sqlalchemy.exc import StatementError

from labeler import store
from labeler.errors import Refusal
from labeler.store import Store, Transaction, schema
from tests.plants import until
from tests.store import counters
from tests.store.counters import (
    held_writer,
    names,
    put,
    put_and_fail,
    put_and_refuse,
    wait_for_queue,
)


def submit_all(record: Store, verbs: list[Any]) -> list[Any]:
    """Submit the verbs so that they wait together, in order; return what each gave or raised."""
    outcomes: list[Any] = [None] * len(verbs)

    def work(index: int) -> None:
        try:
            outcomes[index] = record.write(verbs[index])
        except Refusal as refusal:
            outcomes[index] = refusal

    threads = []
    with held_writer(record):
        for index in range(len(verbs)):
            waiting = record.writer.waiting
            threads.append(threading.Thread(target=work, args=(index,)))
            threads[-1].start()
            wait_for_queue(record, waiting + 1)
    for thread in threads:
        thread.join()
    return outcomes


def sentences(outcomes: list[Any]) -> list[Any]:
    return [(one.kind.number, str(one)) if isinstance(one, Refusal) else one for one in outcomes]


@contextmanager
def counted_commits(record: Store) -> Iterator[list[str]]:
    """Return a list that grows by an entry for each commit."""
    commits: list[str] = []

    def note(_: Any) -> None:
        commits.append("commit")

    event.listen(record.engine, "commit", note)
    yield commits
    event.remove(record.engine, "commit", note)


def test_store_write_returns_what_the_verb_returns(record: Store) -> None:
    assert record.write(put("a", 7)) == 7


def test_store_committed_is_there_after_reopen(database_url: str) -> None:
    with store.open_store(store.make_engine(database_url)) as first:
        first.write(put("a"))
    with store.open_store(store.make_engine(database_url)) as second:
        assert names(second) == ["a"]


def test_store_committed_is_there_for_others_before_the_writer_answers(
    record: Store, database_url: str
) -> None:
    with store.open_store(store.make_engine(database_url)) as other:
        record.write(put("a"))
        assert names(other) == ["a"]


def test_store_refused_verb_leaves_nothing_behind(record: Store) -> None:
    with pytest.raises(Refusal, match="^'a' is refused. Do not.$"):
        record.write(put_and_refuse("a"))
    assert names(record) == []


def test_store_refused_verb_does_not_touch_its_neighbours_in_the_same_commit(record: Store) -> None:
    with counted_commits(record) as commits:
        outcomes = submit_all(record, [put("a", 1), put_and_refuse("b"), put("c", 3)])
    assert sentences(outcomes) == [1, (2007, "'b' is refused. Do not."), 3]
    assert names(record) == ["a", "c"]
    assert len(commits) == 2, "the holder's, and one for the three"


def test_store_verb_with_a_bug_fails_alone(record: Store) -> None:
    outcomes = submit_all(record, [put("a", 1), put_and_fail("b"), put("c", 3), put("d", 4)])
    failed = (9001, "The service failed; nothing was changed. See its log.")
    assert sentences(outcomes) == [1, failed, 3, 4]
    assert names(record) == ["a", "c", "d"]


def test_store_verb_that_breaks_a_constraint_fails_alone(record: Store) -> None:
    outcomes = submit_all(record, [put("a", 1), put("a", 2), put("c", 3)])
    assert [outcomes[0], outcomes[2]] == [1, 3]
    assert outcomes[1].kind.number == 9002
    assert str(outcomes[1]).endswith("Retry with the same key once the cause is gone.")
    assert "\n" not in outcomes[1].sentence
    assert names(record) == ["a", "c"]


def test_store_batch_verb_that_refuses_the_whole_group_is_tried_one_by_one(record: Store) -> None:
    sizes: list[int] = []

    def verb(transaction: Transaction, arguments: list[str]) -> list[str | Refusal]:
        sizes.append(len(arguments))
        for argument in arguments:
            (put_and_refuse if argument == "bad" else put)(argument)(transaction)
        return list(arguments)

    outcomes: dict[str, Any] = {}

    def work(argument: str) -> None:
        try:
            outcomes[argument] = record.write_batch(verb, argument)
        except Refusal as refusal:
            outcomes[argument] = str(refusal)

    threads = [threading.Thread(target=work, args=(name,)) for name in ("a", "bad", "c")]
    with held_writer(record):
        for thread in threads:
            waiting = record.writer.waiting
            thread.start()
            wait_for_queue(record, waiting + 1)
    for thread in threads:
        thread.join()
    assert outcomes == {"a": "a", "bad": "'bad' is refused. Do not.", "c": "c"}
    assert sizes == [3, 1, 1, 1]
    assert names(record) == ["a", "c"]


def test_store_works_in_the_order_of_arrival(record: Store) -> None:
    order: list[int] = []
    submit_all(record, [lambda _, n=n: order.append(n) for n in range(20)])
    assert order == list(range(20))


def test_store_many_waiting_share_one_commit(record: Store) -> None:
    with counted_commits(record) as commits:
        submit_all(record, [put(f"s{n:02}", n) for n in range(40)])
    assert len(commits) == 2, "the holder's, and one for the forty"
    assert len(names(record)) == 40


def test_store_serves_every_client_equally(record: Store) -> None:
    served: list[int] = []
    start = threading.Barrier(16)

    def client(number: int) -> None:
        start.wait()
        for _ in range(25):
            record.write(lambda _: served.append(number))

    threads = [threading.Thread(target=client, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(served) == sorted(list(range(16)) * 25)
    first_half = served[: len(served) // 2]
    counts = [first_half.count(number) for number in range(16)]
    assert min(counts) > 0, f"somebody starved: {counts}"


def test_store_refuses_more_than_it_can_queue(
    record: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("labeler.store.writer.WAITING_MAX", -1)
    with pytest.raises(Refusal) as caught:
        record.write(put("a"))
    assert (caught.value.kind.number, caught.value.kind.status) == (9007, 503)
    assert names(record) == []


def test_store_that_does_not_answer_says_that_the_outcome_is_unknown(
    record: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("labeler.store.writer.ANSWER_TIMEOUT_S", 0.01)
    with held_writer(record), pytest.raises(Refusal) as caught:
        record.write(put("a"))
    assert sentences([caught.value]) == [
        (
            9002,
            (
                "The database did not answer in 0.01 s; the outcome is not known. "
                "Retry with the same key: it tells what became of it."
            ),
        )
    ]


def test_store_close_finishes_what_waits_and_then_refuses(database_url: str) -> None:
    opened = store.open_store(store.make_engine(database_url))
    with held_writer(opened):
        thread = threading.Thread(target=lambda: opened.write(put("a")))
        thread.start()
        until(lambda: opened.writer.waiting == 1)
        closing = threading.Thread(target=opened.close)
        closing.start()
        until(lambda: opened.writer._closed)
        with pytest.raises(Refusal) as caught:
            opened.write(put("b"))
    said = (9006, "The service is shutting down. Retry later.")
    assert sentences([caught.value]) == [said]
    thread.join()
    closing.join()
    with store.open_store(store.make_engine(database_url)) as again:
        assert names(again) == ["a"]


def test_store_refuses_who_comes_to_the_queue_after_its_end(record: Store) -> None:
    record.close()
    record.writer._closed = False  # somebody looked just before
    with pytest.raises(Refusal, match=r"^The service is shutting down\. Retry later\.$"):
        record.write(put("a"))


def test_store_closes_the_connection_of_a_reader_that_ends_after_it(database_url: str) -> None:
    record = store.open_store(store.make_engine(database_url))
    opened: list[Any] = []
    event.listen(record.engine, "close", lambda driver, _: opened.remove(id(driver)))
    event.listen(record.engine, "close_detached", lambda driver: opened.remove(id(driver)))
    with record.read() as transaction:
        opened.append(id(transaction.connection.connection.dbapi_connection))
        record.close()
        assert len(opened) == 1
    assert opened == []


def test_store_closed_twice_is_closed(record: Store) -> None:
    record.close()
    record.close()
    assert not record.writer.alive


def test_store_reads_while_the_writer_is_in_a_transaction(record: Store) -> None:
    record.write(put("a"))
    with held_writer(record):
        assert names(record) == ["a"]


def test_store_read_sees_one_moment(record: Store) -> None:
    record.write(put("a"))
    with record.read() as transaction:
        query = select(counters.COUNTER.c.series)
        before = transaction.execute(query).scalars().all()
        record.write(put("b"))
        assert transaction.execute(query).scalars().all() == before


def test_store_reads_leave_no_connection_behind(record: Store) -> None:
    pool: Any = record.engine.pool
    record.write(put("a"))
    taken = pool.checkedout()
    for _ in range(50):
        names(record)
    with pytest.raises(ZeroDivisionError), record.read():
        raise ZeroDivisionError
    assert pool.checkedout() == taken


def test_store_without_a_free_connection_refuses_to_read(record: Store) -> None:
    pool: Any = record.engine.pool
    pool._timeout = 0.01
    with ExitStack() as stack:
        for _ in range(pool.size() + pool._max_overflow):
            stack.enter_context(record.read())
        with pytest.raises(Refusal) as caught, record.read():
            pass
    assert sentences([caught.value]) == [
        (
            9002,
            (
                "The database cannot be read: all connections are in use. "
                "Check that its disk or server is there."
            ),
        )
    ]
    assert names(record) == []


def test_store_keeps_times_in_utc(record: Store) -> None:
    beat = schema.heartbeat
    berlin = timezone(timedelta(hours=2))
    moment = datetime(2026, 7, 1, 0, 30, 0, 123456, tzinfo=berlin)
    record.write(lambda transaction: transaction.execute(insert(beat).values(id=1, at=moment)))
    with record.read() as transaction:
        found = transaction.execute(select(beat.c.at)).scalar_one()
    assert (found, found.tzinfo) == (datetime(2026, 6, 30, 22, 30, 0, 123456, tzinfo=UTC), UTC)


def test_store_keeps_times_in_the_order_of_time(record: Store) -> None:
    beat = schema.heartbeat
    moments = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(microseconds=n) for n in (0, 1, 10)]
    moments.append(moments[0].astimezone(timezone(timedelta(hours=-9))) + timedelta(seconds=1))

    def write(transaction: Transaction) -> None:
        for number, moment in enumerate(moments):
            row = (number, transaction.time(moment))
            transaction.insert_rows(beat, columns=("id", "at"), rows=[row])

    record.write(write)
    with record.read() as transaction:
        rows = transaction.execute(select(beat.c.id).order_by(beat.c.at.desc())).scalars().all()
    assert rows == [3, 2, 1, 0]


def test_store_refuses_a_time_without_a_zone(record: Store) -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 the point of the test
    with record.read() as transaction:
        with pytest.raises(StatementError, match="a time without a zone cannot be stored"):
            transaction.execute(update(schema.heartbeat).values(at=naive))
        with pytest.raises(ValueError, match="a time without a zone cannot be stored"):
            transaction.time(naive)


def test_store_hands_out_ids_in_ascending_order_and_once(record: Store) -> None:
    def take(transaction: Transaction) -> list[list[int]]:
        found = transaction.next_ids([(schema.unit, 3), (schema.job, 0), (schema.label, 2)])
        return [list(ids) for ids in found]

    assert record.write(take) == [[1, 2, 3], [], [1, 2]]


def test_steps_that_lock_do_not_share_a_transaction_where_there_are_other_processes(
    record: Store,
) -> None:
    def step(_: Transaction) -> str:
        return "done"

    works = [
        partial(record.write, partial(step), locks=True),
        partial(record.write, step),
        partial(record.write, partial(step), locks=True),
        partial(record.write_batch, together, "a"),
        partial(record.write_batch, together, "b"),
        partial(record.write, step),
        partial(record.write_batch, together, "c"),
    ]
    outcomes: list[Any] = []
    with counted_commits(record) as commits:
        threads = []
        with held_writer(record):
            for work in works:
                waiting = record.writer.waiting
                threads.append(threading.Thread(target=lambda work=work: outcomes.append(work())))
                threads[-1].start()
                wait_for_queue(record, waiting + 1)
        for thread in threads:
            thread.join()
    assert sorted(outcomes) == ["ab", "ab", "c", *["done"] * 4]
    is_alone = record.engine.dialect.name == "sqlite"
    assert len(commits) == 1 + (1 if is_alone else 4), "the holder's, and those of the steps"


def together(_: Transaction, given: list[str]) -> list[str | Refusal]:
    return ["".join(given)] * len(given)


def test_a_reader_through_the_driver_sees_one_moment_too(record: Store) -> None:
    record.write(put("a"))
    with record.read() as transaction:
        count = "SELECT count(*) FROM series_counter"
        before = transaction.run_sql(count)
        record.write(put("b"))
        assert transaction.run_sql(count) == before
    assert names(record) == ["a", "b"]
