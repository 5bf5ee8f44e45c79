"""Leases in random order, crashes among them: none forgotten, none twice, nothing undone.

The machine keeps its own account: what became of each serial. After every step the record must say
the same, unit by unit, count by count, event by event.
"""

import tempfile
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from labeler.errors import Refusal
from labeler.production import blocks, issuing, lease_applying, lease_reports, runs, tallies
from labeler.production.blocks import BlockOrder, issue_block
from labeler.production.lease_terms import Term
from labeler.production.reconciling import counting
from labeler.production.site import Site
from tests import plants
from tests.plants import order, trigger
from tests.production.leasing import close, counts, extend, lease, shown, states, use, void
from tests.production.record import at_once, run

QUANTITY = 60


class Leases(RuleBasedStateMachine):
    """One run, whose serials go to several holders and onto labels of the line."""

    url: str | None = None
    """A PostgreSQL database; None: a SQLite file of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(blocks, "CHUNK", 4)
        self.patch.setattr(lease_applying, "CHUNK", 2)
        self.patch.setattr(tallies, "STRETCH", 2)
        self.clock = plants.Clock()
        self.books: dict[int, dict[str, str]] = {}
        self.closed: set[int] = set()
        self.until: dict[int, Any] = {}
        self.told: list[tuple[Any, dict[str, Any]]] = []
        self.elsewhere: list[str] = []
        self.keys = 0
        self.start()
        runs.open_run(self.site, order(quantity=QUANTITY))

    def start(self) -> None:
        path = plants.write_site(
            Path(self.folder.name),
            database=self.url,
            series={"controller-sn": {"pattern": "AC{counter:3}"}},
        )
        self.stack = ExitStack()
        self.site: Site = self.stack.enter_context(plants.opened(path, clock=self.clock)).site

    def issued(self) -> int:
        return int(run(self.site, 1)["issued"])

    def key(self) -> str:
        self.keys += 1
        return f"k{self.keys}"

    # --- who does what

    @rule(quantity=st.integers(1, 9), hours=st.integers(1, 3))
    def open(self, quantity: int, hours: int) -> None:
        term = Term(expires_in_s=hours * 3600)
        left = QUANTITY - self.issued()
        work = partial(lease, self.site, quantity, self.key(), term=term)
        [found] = at_once([work])
        if quantity > left:
            assert found.kind.number == 2007
            return
        number = len(self.books) + 1
        assert (found["id"], found["open"]) == (number, quantity)
        self.books[number] = dict.fromkeys(states(self.site, number), "leased")
        self.until[number] = self.clock.now + timedelta(hours=hours)

    @rule(quantity=st.integers(1, 3), block=st.booleans())
    def issue(self, quantity: int, block: bool) -> None:
        """The line goes on."""
        if quantity > QUANTITY - self.issued():
            return
        if block:
            issue_block(self.site, BlockOrder(run_id=1, quantity=quantity, key=self.key()))
        else:
            wanted = trigger(self.key(), quantity=quantity)
            self.elsewhere += issuing.issue_labels(self.site, wanted).serials

    @precondition(lambda self: self.books)
    @rule(data=st.data(), kind=st.sampled_from(["used", "void"]), dies=st.integers(0, 4))
    def tell(self, data: Any, kind: str, dies: int) -> None:
        """A holder reports, rightly or wrongly; sometimes the service dies on the way."""
        number = data.draw(st.sampled_from(sorted(self.books)))
        pool = [*self.books[number], *self.elsewhere[:2], "X"]
        serials = data.draw(st.lists(st.sampled_from(pool), min_size=1, max_size=8))
        work = partial(use if kind == "used" else void, *serials, key=self.key(), lease_id=number)
        is_right = len(set(serials)) == len(serials) and all(
            self.books[number].get(serial) == "leased" for serial in serials
        )
        is_late = self.clock.now >= self.until[number]
        with self.patch.context() as patch:
            if dies:
                patch.setattr(lease_applying, "finish", partial(_die, dies))
            [found] = at_once([partial(work.func, self.site, *work.args, **work.keywords)])
        if number in self.closed:
            assert found.kind.number == 3021
        elif not is_right:
            assert found.kind.number == 3022
        else:
            state = "encoded" if kind == "used" else "voided"
            self.books[number] |= dict.fromkeys(serials, state)
            if isinstance(found, Refusal):
                assert found.kind.number == 9001
                self.restart()
                found = work.func(self.site, *work.args, **work.keywords)
            assert (found["count"], found["late"]) == (len(serials), is_late)
            self.told.append((work, {**found, "replayed": True}))

    @precondition(lambda self: self.books)
    @rule(data=st.data(), rest=st.booleans())
    def close(self, data: Any, rest: bool) -> None:
        number = data.draw(st.sampled_from(sorted(self.books)))
        book = self.books[number]
        unknown = [serial for serial, state in book.items() if state == "leased"]
        work = partial(close, key=self.key(), rest=rest, lease_id=number)
        [found] = at_once([partial(work, self.site)])
        if number in self.closed:
            assert found.kind.number == 3021
        elif unknown and not rest:
            assert (found.kind.number, found.extra["open"]) == (3023, len(unknown))
        else:
            assert (found["count"], found["open"]) == (len(unknown), 0)
            book |= dict.fromkeys(unknown, "voided")
            self.closed.add(number)
            self.told.append((work, {**found, "replayed": True}))

    @precondition(lambda self: self.books)
    @rule(data=st.data(), hours=st.integers(1, 6))
    def extend(self, data: Any, hours: int) -> None:
        number = data.draw(st.sampled_from(sorted(self.books)))
        until = self.clock.now + timedelta(hours=hours)
        work = partial(extend, until=until, key=self.key(), lease_id=number)
        [found] = at_once([partial(work, self.site)])
        if number in self.closed:
            assert found.kind.number == 3021
        elif until <= self.until[number]:
            assert found.kind.number == 1002
        else:
            self.until[number] = until
            self.told.append((work, {**found, "replayed": True}))

    @precondition(lambda self: self.told)
    @rule(data=st.data())
    def retry(self, data: Any) -> None:
        work, answer = data.draw(st.sampled_from(self.told))
        assert work.func(self.site, *work.args, **work.keywords) == answer

    @rule(minutes=st.integers(1, 120))
    def wait(self, minutes: int) -> None:
        self.clock.go_on(minutes=minutes)

    @rule()
    def close_run(self) -> None:
        if self.issued() == QUANTITY:
            at_once([partial(runs.close_run, self.site, 1)])

    @rule()
    def restart(self) -> None:
        self.stack.close()
        self.start()
        blocks.resume(self.site)
        lease_reports.resume(self.site)

    # --- what always holds

    @invariant()
    def every_serial_is_accounted_for(self) -> None:
        everything: list[str] = []
        for number, book in self.books.items():
            assert states(self.site, number) == book
            assert sum(counts(self.site, number)) == len(book)
            found = shown(self.site, number)
            assert found["state"] == ("closed" if number in self.closed else "open")
            is_late = self.clock.now >= self.until[number]
            assert found["overdue"] == (is_late and "leased" in book.values())
            everything += book
        everything += self.elsewhere
        assert len(everything) == len(set(everything))
        unknown = sum(list(book.values()).count("leased") for book in self.books.values())
        assert run(self.site, 1)["on_lease"] == unknown
        with self.site.store.read() as transaction:
            told = counting.tell(transaction, self.site.balances, 1)
            assert told == counting.count(transaction, 1)

    def teardown(self) -> None:
        self.stack.close()
        self.patch.undo()
        self.folder.cleanup()


def _die(after: int, site: Site, report_id: int) -> None:
    """Do some chunks of a report, then die."""
    for _ in range(after - 1):
        if site.store.write(lambda transaction: lease_applying.apply(transaction, site, report_id)):
            return
    site.store.write(lambda _: 1 // 0)


def live(machine: type[Leases], *, examples: int, steps: int) -> None:
    """Let so many runs live."""
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )


def on_postgresql(url: str) -> type[Leases]:
    """Return the machine on a PostgreSQL database, emptied for each life."""

    class OnPostgres(Leases):
        def __init__(self) -> None:
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("DROP SCHEMA public CASCADE")
                connection.execute("CREATE SCHEMA public")
            super().__init__()

    OnPostgres.url = url
    return OnPostgres


def test_leased_serials_are_all_accounted_for_whatever_happens() -> None:
    live(Leases, examples=4, steps=25)


def test_leased_serials_are_all_accounted_for_on_postgresql(postgres_database: str) -> None:
    live(on_postgresql(postgres_database), examples=2, steps=15)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_leased_serials_are_all_accounted_for_in_many_lives() -> None:
    live(Leases, examples=150, steps=50)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_leased_serials_are_all_accounted_for_in_many_lives_on_postgresql(
    postgres_database: str,
) -> None:
    live(on_postgresql(postgres_database), examples=30, steps=40)
