"""One case: a client, a server that may die, a printer that may fail; and what the books say."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Engine, text

from labeler.store import make_engine
from printers.emulator import Fault, VirtualPrinter
from tests.e2e.harness import Api
from tests.faults import books, person
from tests.faults.books import Books, Told
from tests.faults.checker import differences
from tests.faults.person import Person
from tests.faults.station import Line, Server, site_for, virtual_printer

QUANTITIES = (2, 1, 3)
"""Labels of the client's triggers, again and again."""
_LOOKED_EVERY_S = 0.02
_TOLD_MAX = 40
"""Differences that a failure names."""


@dataclass(frozen=True, kw_only=True)
class Death:
    """Where the server dies, and the how-manieth time it comes there."""

    point: str
    passage: int = 1

    def __str__(self) -> str:
        return f"{self.point} #{self.passage}"


@dataclass(frozen=True, kw_only=True)
class Case:
    """What happens, from the first trigger to the last label."""

    line: Line
    database: str | None = None
    """URL of an empty PostgreSQL database; None: SQLite."""
    deaths: tuple[Death, ...] = ()
    """Each ends a life of the server; one more life follows the last."""
    faults: tuple[Fault, ...] = ()
    """Of the printer; counted from the first label of all."""
    labels: int = 6
    """How many are issued in each life, at least."""
    seed: int = 0
    """Of the printer's noise."""
    bug: str | None = None
    """A name of `bugs.BUGS`."""
    patience_s: float = 20.0
    """How long nothing may happen while labels wait."""
    changes: dict[str, Any] = field(default_factory=dict)
    """Other settings of the plant."""
    printer: dict[str, Any] = field(default_factory=dict)
    """Other options of the virtual printer."""

    def __str__(self) -> str:
        parts = [self.line, "PostgreSQL" if self.database else "SQLite", f"{self.labels} labels"]
        parts += [str(death) for death in self.deaths] + [str(fault) for fault in self.faults]
        return ", ".join(parts)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What the books said when nothing moved any more."""

    settled: Books
    """Before a person decided anything."""
    decided: Books
    """After a person had decided what was doubtful, and that was printed again."""
    doubtful: int

    @property
    def differences(self) -> list[str]:
        """What the books disagree about at either time, each sentence once."""
        found = [*differences(self.settled), *differences(self.decided)]
        return list(dict.fromkeys(found))


def check(case: Case, folder: Path) -> Outcome:
    """Run a case; fail with every difference, and with what it takes to run it again."""
    outcome = run(case, folder)
    found = outcome.differences
    if found:
        title = f"{case} (LABELER_TEST_SEED={case.seed}; its books are in {folder}):"
        more = [f"and {len(found) - _TOLD_MAX} more."] if len(found) > _TOLD_MAX else []
        told = [title, *found[:_TOLD_MAX], *more, *_shown(outcome.decided)]
        raise AssertionError("\n".join(told))
    return outcome


def _shown(books_: Books) -> Iterator[str]:
    """Yield what came out, and what the record says of each label."""
    for piece in books_.pieces:
        yield f"  {piece.what} {books.serial_on(piece)} moved the odometer to {piece.odometer}"
    for label in books_.labels:
        events = "; ".join(f"{event.kind} {dict(event.detail)}" for event in label.events)
        yield f"  {label} in job {label.job} is {label.state.value}: {events}"


def run(case: Case, folder: Path) -> Outcome:
    """Run a case in an empty folder and return what the books say; fail if it gets stuck."""
    with ExitStack() as stack:
        options = {"seed": case.seed, **case.printer}
        printer = stack.enter_context(virtual_printer(case.line, folder, **options))
        site = site_for(printer, folder, database=case.database, **case.changes)
        engine = make_engine(case.database or f"sqlite:///{folder / 'labeler.db'}")
        stack.callback(engine.dispose)
        server = stack.enter_context(Server(site=site))
        api = stack.enter_context(Api(site))
        for fault in case.faults:
            printer.fault(fault)
        helper = stack.enter_context(Person(printer, case.faults))
        play = Play(case, printer, engine, helper)
        client = Client(api, server)
        for death in case.deaths:
            play.live_and_die(server, client, death)
        server.start({"bug": case.bug})
        assert server.wait_until_ready(), server.log.read_text()[-4000:]
        client.send(case.labels)
        assert client.is_done, "a trigger was never answered"
        play.wait_until_quiet()
        settled = play.books(client.told)
        doubtful = person.decide(api, settled)
        if doubtful:
            play.wait_until_quiet()
        return Outcome(settled=settled, decided=play.books(client.told), doubtful=doubtful)


class Play:
    """A case on its way."""

    def __init__(self, case: Case, printer: VirtualPrinter, engine: Engine, helper: Person) -> None:
        self._case = case
        self._printer = printer
        self._engine = engine
        self._helper = helper
        self._crashes = 0

    def live_and_die(self, server: Server, client: "Client", death: Death) -> None:
        """Start the server, give it work, wait until it has died where it should."""
        server.start({"point": death.point, "passage": death.passage, "bug": self._case.bug})
        if server.wait_until_ready():
            client.send(self._case.labels)
            _wait(lambda: not server.is_alive, 20.0, f"the server never came to '{death}'")
        assert server.child is not None
        assert server.child.poll() == -9, server.log.read_text()[-4000:]
        self._crashes += 1

    def wait_until_quiet(self) -> None:
        """Return when no label is on its way, the printer prints nothing, and all is healed.

        Or when nothing has happened for so long: what is stuck is found in the books.
        """
        before, since = None, time.monotonic()
        while (happened := self._happened()) != "":
            if happened != before:
                before, since = happened, time.monotonic()
            if time.monotonic() - since > self._case.patience_s:
                return
            time.sleep(_LOOKED_EVERY_S)

    def _happened(self) -> str:
        """Return what has come about so far, in short; "" when nothing more will."""
        with self._engine.connect() as connection:
            query = "SELECT 1 FROM label WHERE state IN ('queued', 'sending') LIMIT 1"
            has_work = connection.execute(text(query)).first() is not None
            last_event = connection.execute(text("SELECT max(id) FROM event")).scalar()
        state = self._printer.state
        is_printing = state.formats or state.remaining or not self._printer.is_on
        if not (has_work or is_printing) and self._helper.is_done:
            return ""
        return f"{last_event} events, {self._printer.label_count} labels"

    def books(self, told: list[Told]) -> Books:
        """Open the books."""
        with self._engine.connect() as connection:
            return books.read(connection, self._printer, told=told, crashes=self._crashes)


class Client:
    """Sends one trigger after the other, each until it is answered; it survives the server."""

    def __init__(self, api: Api, server: Server) -> None:
        self.told: list[Told] = []
        self._api = api
        self._server = server
        self._orders = _orders()
        self._order: tuple[str, int] | None = None

    @property
    def is_done(self) -> bool:
        """Whether everything that was sent was answered."""
        return self._order is None

    def send(self, labels: int) -> None:
        """Send triggers for so many labels at least; return when they are answered or it died."""
        while labels > 0 and self._server.is_alive:
            self._order = self._order or next(self._orders)
            key, quantity = self._order
            try:
                answer = self._api.trigger(key, quantity)
            except httpx.HTTPError:
                continue  # it died, or is about to: the same key again, in its next life
            assert answer.status_code in (200, 201), answer.text
            reply = answer.json()
            told = Told(key=key, serials=tuple(reply["serials"]), job=reply["job"])
            self.told.append(told)
            labels -= quantity
            self._order = None


def _orders() -> Iterator[tuple[str, int]]:
    number = 0
    while True:
        number += 1
        yield f"k{number}", QUANTITIES[number % len(QUANTITIES)]


def _wait(condition: Callable[[], bool], timeout_s: float, otherwise: str) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.005)
