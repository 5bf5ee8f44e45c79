"""What the store's tests write and read: counters, since nothing else depends on them."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import insert, select

from labeler.errors import RUN_FULL, Refusal
from labeler.store import Store, Transaction, schema
from tests.plants import until

COUNTER = schema.series_counter


def put(name: str, number: int = 1) -> Callable[[Transaction], int]:
    """Return a verb that writes a counter and gives its number back."""

    def verb(transaction: Transaction) -> int:
        transaction.execute(insert(COUNTER).values(series=name, epoch=1, period="", next=number))
        return number

    return verb


def put_and_refuse(name: str) -> Callable[[Transaction], int]:
    """Return a verb that writes a counter and then refuses."""

    def verb(transaction: Transaction) -> int:
        put(name)(transaction)
        raise Refusal(RUN_FULL, f"'{name}' is refused.", hint="Do not.")

    return verb


def put_and_fail(name: str) -> Callable[[Transaction], int]:
    """Return a verb that writes a counter and then has a bug."""

    def verb(transaction: Transaction) -> int:
        put(name)(transaction)
        raise ZeroDivisionError(name)

    return verb


def names(store: Store) -> list[str]:
    """Return the names of all counters in the record."""
    with store.read() as transaction:
        return list(transaction.execute(select(COUNTER.c.series).order_by("series")).scalars())


@contextmanager
def held_writer(record: Store) -> Iterator[None]:
    """Keep the writer busy, so that everything submitted meanwhile waits for it."""
    busy, release = threading.Event(), threading.Event()

    def hold(_: Transaction) -> None:
        busy.set()
        release.wait(30)

    def holding() -> None:
        with suppress(Refusal):
            record.write(hold)

    holder = threading.Thread(target=holding)
    holder.start()
    busy.wait(30)
    try:
        yield
    finally:
        release.set()
        holder.join()


def wait_for_queue(record: Store, length: int) -> None:
    """Return once so many wait for the writer."""
    until(lambda: record.writer.waiting >= length)
