"""Seeded bugs: each makes the spooler break a promise, so that the checker can show it sees that.

Installed in the server's process before the points of `harm.py`, which wrap what is here.
"""

import itertools
from collections.abc import Callable
from typing import Any

from labeler.production import booking
from labeler.production.printing import spool
from labeler.production.printing.spool import Finding
from labeler.spooler.courier import Courier
from labeler.spooler.proving import Proving
from labeler.units import LabelState
from printers import transports
from tests.faults.harm import put


def writes_twice() -> None:
    """Each parcel is sent twice."""
    _change_writes(lambda write, data, named: (write(data, **named), write(data, **named)))


def resends_blindly() -> None:
    """Labels that were on their way go back to the queue, whatever became of them."""

    def recover(courier: Courier, _connection: Any, labels: Any) -> None:
        spool.settle(courier._site, labels, LabelState.QUEUED, why="sent again")

    put(Courier, "recover", recover)


def forgets_a_job() -> None:
    """The second job never waits."""
    _change_waiting(lambda labels: [label for label in labels if label.job_id != 2])


def settles_without_proof() -> None:
    """What was sent counts as printed, with the odometer that there should be."""

    def prove(_proving: Proving, _: Any, parcel: Any, before: int) -> list[Finding]:
        known = {"odometer_before": before, "odometer_after": before + parcel.copies}
        return [(parcel.labels, LabelState.PRINTED, known)]

    put(Proving, "prove", prove)


def swaps_two_labels() -> None:
    """The second label of what waits goes first."""
    _change_waiting(lambda labels: labels[1:2] + labels[:1] + labels[2:])


def loses_a_trigger() -> None:
    """The third trigger is answered, and its rows are not written."""
    insert, numbers = booking._insert, itertools.count(1)

    def inserts(transaction: Any, rows: Any) -> None:
        if next(numbers) != 3:
            insert(transaction, rows)

    put(booking, "_insert", inserts)


def claims_after_the_write() -> None:
    """Labels are marked *sending* when they have left."""
    claim, late = spool.claim, list[Callable[[], bool]]()

    def claims(*given: Any, **named: Any) -> bool:
        late.append(lambda: claim(*given, **named))
        return True

    def claims_later(site: Any, found: Any, labels: Any, *, odometer: int | None) -> bool:
        spool.settle_all(site, found)
        return claims(site, labels, odometer=odometer)

    prove = Proving.prove

    def proves(*given: Any, **named: Any) -> list[Finding]:
        while late:
            late.pop()()
        return prove(*given, **named)

    put(spool, "claim", claims)
    put(spool, "settle_and_claim", claims_later)
    put(Proving, "prove", proves)


def _change_waiting(change: Callable[[list[Any]], list[Any]]) -> None:
    waiting = spool.waiting

    def waits(*given: Any, **named: Any) -> list[Any]:
        return change(waiting(*given, **named))

    put(spool, "waiting", waits)


def _change_writes(change: Callable[..., Any]) -> None:
    connect = transports.connect

    def connects(uri: str, *, timeout_s: float) -> Any:
        connection = connect(uri, timeout_s=timeout_s)
        write = connection.write

        def writes(data: bytes, **named: Any) -> None:
            if b"^XA" in data:
                change(write, data, named)
            else:
                write(data, **named)

        put(connection, "write", writes)
        return connection

    put(transports, "connect", connects)


BUGS: dict[str, Callable[[], None]] = {
    one.__name__.replace("_", " "): one
    for one in (
        writes_twice,
        resends_blindly,
        forgets_a_job,
        settles_without_proof,
        swaps_two_labels,
        loses_a_trigger,
        claims_after_the_write,
    )
}
"""By the names that tests use."""
