"""The group-commit writer: one thread, one transaction for everything that waits, one sync.

A commit costs a sync of the disk, whether it carries one trigger or sixty. So everybody who wants
to write queues here; the writer takes all that wait, runs them in order in one transaction, commits
once, and only then answers. First come, first served: no client starves (facts: a connection per
thread lets SQLite's busy handler starve some of them).
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, TypeVar

import structlog
from sqlalchemy.exc import DBAPIError

from labeler.errors import INTERNAL, OVERLOADED, SHUTTING_DOWN, STORE_UNAVAILABLE, Refusal
from labeler.store.causes import reason
from labeler.store.transaction import Transaction

Argument = TypeVar("Argument")
Result = TypeVar("Result")
BatchVerb = Callable[[Transaction, list[Argument]], list[Result | Refusal]]

BATCH_MAX = 64
"""Entries in one transaction."""
WAITING_MAX = 2000
"""Entries in the queue; more are refused."""
ANSWER_TIMEOUT_S = 30.0
"""How long a caller waits; after it the outcome is unknown and a retry with the same key tells."""
GATHER_MAX_S = 0.02
"""The longest wait for more entries to share a transaction."""
GATHER_WORK = 2
"""And no longer than so many transactions take; see `_take`."""

log = structlog.get_logger(__name__)


@dataclass(slots=True, eq=False)
class _Entry:
    verb: Callable[[Transaction, list[Any]], list[Any]]
    argument: Any
    step: object = None
    """What it locks rows in that other processes lock, too; None if it locks none of them."""
    done: Any = field(default_factory=threading.Lock)
    outcome: Any = None

    def __post_init__(self) -> None:
        self.done.acquire()


class Unreachable(Refusal):
    """No transaction could begin: nobody needs to try one by one, each waiting for a time-out."""


class Writer:
    """Runs verbs in shared transactions; ``begin`` opens one and commits or rolls it back."""

    def __init__(
        self, begin: Callable[[], AbstractContextManager[Transaction]], *, many: bool = False
    ) -> None:
        """Start the writer's thread; ``many``: other processes may write at the same time."""
        self._begin = begin
        self._many = many
        self._waiting: deque[_Entry] = deque()
        self._bell = threading.Event()
        self._wanted = 1
        """How many must wait before the bell is rung; each ring costs a change of threads."""
        self._closed = False
        self._ended = False
        self._work_s = 0.0
        """What a transaction took lately."""
        self._expected = 0
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Whether the writer's thread runs."""
        return self._thread.is_alive()

    @property
    def waiting(self) -> int:
        """How many entries wait for the next transaction."""
        return len(self._waiting)

    def submit(
        self, verb: BatchVerb[Argument, Result], argument: Argument, *, step: object = None
    ) -> Result:
        """Run ``verb`` with ``argument`` durably, and return its result after the commit.

        Neighbours in the queue with the same verb are handed to it in one list, in order. Raises
        the Refusal the verb returned for this argument, or 9002 when the store could not commit.

        ``step``: it locks rows that others lock, all at once and in order, together with its
        neighbours of the same step. Where there are other processes, only one such step has a place
        in a transaction: two would lock out of order, and wait for a process that waits for them.
        """
        if self._closed:
            raise _shutting_down()
        if len(self._waiting) > WAITING_MAX:
            raise Refusal(
                OVERLOADED,
                f"{WAITING_MAX} requests wait for the database.",
                hint="Retry with the same key after a second.",
            )
        entry = _Entry(verb, argument, step)
        self._waiting.append(entry)
        if len(self._waiting) >= self._wanted:
            self._bell.set()
        if self._ended:  # it ended between our look and our place in the queue
            self._refuse_late()
        if not entry.done.acquire(timeout=ANSWER_TIMEOUT_S):
            raise Refusal(
                STORE_UNAVAILABLE,
                f"The database did not answer in {ANSWER_TIMEOUT_S:g} s; the outcome is not known.",
                hint="Retry with the same key: it tells what became of it.",
            )
        if isinstance(entry.outcome, BaseException):
            raise entry.outcome
        return entry.outcome  # type: ignore[no-any-return]

    def close(self) -> bool:
        """Finish everything that waits, then stop; return whether that came to an end.

        A database that hangs is not waited for any longer than its callers wait.
        """
        self._closed = True
        self._wanted = 0
        self._bell.set()
        self._thread.join(ANSWER_TIMEOUT_S)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while entries := self._take():
            for part in _apart(entries) if self._many else [entries]:
                self._work(part)
            self._expected = len(entries) + len(self._waiting)
            for entry in entries:
                entry.done.release()
        self._ended = True
        self._refuse_late()

    def _refuse_late(self) -> None:
        """Answer those who came to the queue after its end."""
        for entry in self._take_waiting(WAITING_MAX):
            entry.outcome = _shutting_down()
            entry.done.release()

    def _take(self) -> list[_Entry]:
        """Wait for work, and return what waits, at most BATCH_MAX; an empty list means stop.

        Clients that were just answered come back soon. Without a short wait for them they and the
        others would take turns, each half paying for a transaction of its own. So we wait for as
        many as were served or waiting a moment ago, but never longer than two transactions take:
        the two that they would need otherwise. Who stays away is waited for once.
        """
        self._await(1, timeout_s=None)
        if len(self._waiting) < self._expected:
            most = min(GATHER_MAX_S, GATHER_WORK * self._work_s)
            self._await(min(self._expected, BATCH_MAX), timeout_s=most)
        return self._take_waiting(BATCH_MAX)

    def _await(self, wanted: int, *, timeout_s: float | None) -> None:
        """Return when so many wait, or the time is over, or the writer is closed."""
        if not self._closed:
            self._wanted = wanted
        # First clear, then look: who comes after the look rings the bell that we wait for.
        self._bell.clear()
        if len(self._waiting) < wanted and not self._closed:
            self._bell.wait(timeout_s)

    def _take_waiting(self, most: int) -> list[_Entry]:
        entries: list[_Entry] = []
        while self._waiting and len(entries) < most:
            entries.append(self._waiting.popleft())
        return entries

    def _work(self, entries: list[_Entry]) -> None:
        try:
            self._transact(entries)
        except Exception as error:  # noqa: BLE001 one bad entry must not fail its neighbours
            if len(entries) > 1 and not isinstance(error, Unreachable):
                for entry in entries:
                    self._work([entry])
                return
            refusal = _as_refusal(error)
            for entry in entries:
                entry.outcome = refusal

    def _transact(self, entries: list[_Entry]) -> None:
        """Run all entries in one transaction; if one raises, nothing was changed."""
        started = time.perf_counter()
        outcomes: list[Any] = []
        with self._begin() as transaction:
            for verb, group in groupby(entries, key=lambda entry: entry.verb):
                outcomes += verb(transaction, [entry.argument for entry in group])
        self._work_s = 0.8 * self._work_s + 0.2 * (time.perf_counter() - started)
        for entry, outcome in zip(entries, outcomes, strict=True):
            entry.outcome = outcome


def _apart(entries: list[_Entry]) -> Iterator[list[_Entry]]:
    """Yield the entries in parts, in order, with at most one step that locks in each."""
    part: list[_Entry] = []
    locked, before = False, None
    for entry in entries:
        if entry.step is not None and locked and entry.step != before:
            yield part
            part = []
        locked = locked or entry.step is not None
        before = entry.step
        part.append(entry)
    yield part


def _shutting_down() -> Refusal:
    return Refusal(SHUTTING_DOWN, "The service is shutting down.", hint="Retry later.")


def _as_refusal(error: Exception) -> Refusal:
    if isinstance(error, Refusal):
        return error
    if isinstance(error, DBAPIError):
        log.error("store.write_failed", error=reason(error))
        return Refusal(
            STORE_UNAVAILABLE,
            f"The database could not commit: {reason(error)}.",
            hint="Retry with the same key once the cause is gone.",
        )
    log.error("store.verb_failed", exc_info=error)
    return Refusal(INTERNAL, "The service failed; nothing was changed.", hint="See its log.")
