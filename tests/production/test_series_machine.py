"""Many series in random order: what comes, from whichever version, is what their counters say.

The machine keeps its own account of every counter: series, epoch and period -> next number. Each
unit that appears in the record must have exactly the number that comes next there. So nothing that
was only shown or refused is ever consumed, and no number is left out but for an unwanted word.
"""

import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
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
from sqlalchemy import select

from labeler.errors import Refusal
from labeler.production import checking, issuing, meanings, runs
from labeler.production.booking import Reply, Trigger
from labeler.production.site import Site
from labeler.serials import Definition, Permutation, WordFilter
from labeler.serials import definition as definitions
from labeler.store import schema
from tests import plants
from tests.plants import order, trigger
from tests.production.record import at_once

LINES = ("line-1", "line-2")
KEY = "2b7e151628aed2a6abf7158809cf4f3c"
WORDS = ["BA", "C0"]
SERIES: dict[str, list[dict[str, Any]]] = {
    "plain": [
        {"pattern": "A{counter:3}"},
        {"pattern": "A{counter:3,step=7}"},
        {"pattern": "A{counter:3:hex}"},
        {"pattern": "B{counter:4,start=50,step=3}{check:iso7064_mod_37_36}"},
    ],
    "daily": [
        {"pattern": "D{date:%y%j}{counter:3,reset=day}"},
        {"pattern": "D{date:%y%j}{counter:3}"},
        {"pattern": "E{date:%G%V}{counter:3,reset=week}{check:iso7064_mod_37_36}"},
        {"pattern": "E{run:number:5}{counter:2,reset=run}"},
    ],
    "words": [
        {"pattern": "W{counter:2:hex,start=180}", "word_filter": True},
        {"pattern": "W{counter:2:hex}"},
    ],
    "permuted": [
        {"pattern": "P{permuted:6}"},
        {"pattern": "Q{permuted:5:alnum}", "word_filter": True},
    ],
    "random": [{"pattern": "R{random:2}"}, {"pattern": "R{random:3:hex}", "word_filter": True}],
}
"""Series -> what config.yaml says of it, now and later. No two series make the same text."""

Period = tuple[str, int, str]
"""Series, epoch and period: where a counter counts."""


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A run as the record has it."""

    id: int
    series: str
    epoch: int
    definition: Definition

    @property
    def permutation(self) -> Permutation:
        number = self.definition.series.number
        radix = len(number.alphabet.characters)
        key = bytes.fromhex(KEY)
        return Permutation(key=key, radix=radix, width=number.width, tweak=self.series.encode())

    def has_word(self, number: int) -> bool:
        text = self.definition.series.number_text(number)
        return WordFilter(self.definition.words).finds(text) is not None


class Lives(RuleBasedStateMachine):
    """Two lines, five series."""

    url: str | None = None
    """A PostgreSQL database; None: a SQLite file of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.secrets = pytest.MonkeyPatch()
        self.secrets.setenv("LABELER__SERIES__PERMUTED__KEY", KEY)
        self.clock = plants.Clock()
        self.config = {name: dict(variants[0]) for name, variants in SERIES.items()}
        self.runs: dict[int, Opened] = {}
        self.open: dict[str, int] = {}
        self.left: dict[int, int] = {}
        self.next: dict[Period, int] = {}
        self.answers: dict[Trigger, Reply] = {}
        self.texts: set[str] = set()
        self.last_unit = 0
        self.keys = 0
        self.start()

    def start(self) -> None:
        """Open the site as config.yaml is now."""
        products = {
            f"P-{name}": {"name": name, "series": name, "template": "unit-label"} for name in SERIES
        }
        path = plants.write_site(
            Path(self.folder.name),
            database=self.url,
            series={"controller-sn": None, **self.config},
            products={"AC-100": None, **products},
            words=WORDS,
        )
        self.stack = ExitStack()
        opened = plants.opened(path, clock=self.clock)
        self.site: Site = self.stack.enter_context(opened).site

    # --- what people and lines do

    @rule(
        line=st.sampled_from(LINES),
        name=st.sampled_from(sorted(SERIES)),
        quantity=st.integers(1, 40),
    )
    def open_run(self, line: str, name: str, quantity: int) -> None:
        wanted = order(line=line, product=f"P-{name}", quantity=quantity)
        [found] = at_once([partial(runs.open_run, self.site, wanted)])
        if isinstance(found, Refusal):
            assert (found.kind.number == 2004) == (line in self.open)
            assert found.kind.number in (2004, 3003, 3004, 3005)
            return
        self.open[line] = run_id = found["id"]
        self.left[run_id] = quantity
        self.runs[run_id] = self.opened(run_id)

    def opened(self, run_id: int) -> Opened:
        run, version = schema.run, schema.series_version
        query = (
            select(version.c.series, version.c.epoch, version.c.definition)
            .join(run, run.c.series_version_id == version.c.id)
            .where(run.c.id == run_id)
        )
        with self.site.store.read() as transaction:
            row = transaction.execute(query).one()
        definition = definitions.read(row.definition)
        return Opened(id=run_id, series=row.series, epoch=row.epoch, definition=definition)

    @rule(line=st.sampled_from(LINES))
    def close_run(self, line: str) -> None:
        if line in self.open:
            runs.close_run(self.site, self.open.pop(line))

    @rule(line=st.sampled_from(LINES), quantity=st.integers(1, 9), wanted=st.booleans())
    def issue(self, line: str, quantity: int, wanted: bool) -> None:
        self.serve([self.new_trigger(line, quantity=quantity, print=wanted)])

    @rule(quantity=st.integers(1, 5))
    def issue_on_both_lines_at_once(self, quantity: int) -> None:
        lines = list(LINES)
        if len({self.runs[run].series for run in self.open.values()}) < len(self.open):
            del lines[1]  # who comes first on one series is chance, and so is who is refused
        self.serve([self.new_trigger(line, quantity=quantity) for line in lines])

    @rule(quantity=st.integers(1, 3))
    def issue_on_both_lines_in_one_series(self, quantity: int) -> None:
        wanted = [self.new_trigger(line, quantity=quantity) for line in LINES]
        for one, outcome in zip(wanted, self.ask(wanted), strict=True):
            self.keep(one, outcome)

    def new_trigger(self, line: str, **given: Any) -> Trigger:
        self.keys += 1
        return trigger(f"k{self.keys}", line=line, **given)

    def ask(self, wanted: list[Trigger]) -> list[Any]:
        return at_once([partial(issuing.issue_labels, self.site, one) for one in wanted])

    def serve(self, wanted: list[Trigger]) -> None:
        """Send triggers at the same moment; each is answered as the account says."""
        expected = [self.expected_outcome(one) for one in wanted]
        for one, number, outcome in zip(wanted, expected, self.ask(wanted), strict=True):
            assert (outcome.kind.number if isinstance(outcome, Refusal) else None) == number
            self.keep(one, outcome)

    def keep(self, wanted: Trigger, outcome: Any) -> None:
        if isinstance(outcome, Refusal):
            assert outcome.kind.number in (2005, 2007, 3003)
            return
        assert (outcome.replayed, len(outcome.serials)) == (False, wanted.quantity)
        assert outcome.run == self.open[wanted.line]
        self.left[outcome.run] -= wanted.quantity
        self.answers[wanted] = outcome

    def expected_outcome(self, wanted: Trigger) -> int | None:
        """Return the number of the refusal it must get, or None."""
        if wanted.line not in self.open:
            return 2005
        run = self.runs[self.open[wanted.line]]
        if wanted.quantity > self.left[run.id]:
            return 2007
        counter = self.counter(run)
        place: int | None = self.standing(run, counter)
        for _ in range(wanted.quantity):
            place = None if place is None else self.following(run, place)
            if place is None:
                return 3003
            place += self.step(run)
        return None

    # --- what goes wrong

    @precondition(lambda self: self.answers)
    @rule(data=st.data())
    def retry(self, data: Any) -> None:
        old = self.some_answer(data)
        first = self.answers[old]
        expected = Reply(serials=first.serials, run=first.run, job=first.job, replayed=True)
        assert issuing.issue_labels(self.site, old) == expected

    @precondition(lambda self: self.answers)
    @rule(data=st.data())
    def use_a_key_for_something_else(self, data: Any) -> None:
        old = self.some_answer(data)
        other = trigger(old.key, line=old.line, quantity=old.quantity + 1)
        [refusal] = self.ask([other])
        assert refusal.kind.number == 1008

    def some_answer(self, data: Any) -> Trigger:
        wanted: Trigger = data.draw(st.sampled_from(sorted(self.answers, key=lambda one: one.key)))
        return wanted

    @rule(hours=st.sampled_from([-200, -25, -8, -1, 1, 8, 25, 200]))
    def jump(self, hours: int) -> None:
        self.clock.go_on(hours=hours)

    @rule(
        name=st.sampled_from(sorted(SERIES)),
        variant=st.integers(0, 3),
        change=st.sampled_from(["continue", "restart", None]),
    )
    def change_a_series(self, name: str, variant: int, change: str | None) -> None:
        changed = dict(SERIES[name][variant % len(SERIES[name])])
        self.config[name] = changed if change is None else {**changed, "change": change}
        self.restart()

    @rule()
    def restart(self) -> None:
        self.stack.close()
        self.start()

    @precondition(lambda self: self.url is None)
    @rule()
    def crash(self) -> None:
        """Go on with what the files say at this moment, as after a loss of power."""
        folder = Path(self.folder.name)
        files = [folder / f"labeler.db{suffix}" for suffix in ("", "-wal")]
        kept = {path: path.read_bytes() for path in files if path.exists()}
        self.stack.close()
        for path in [*files, folder / "labeler.db-shm"]:
            path.unlink(missing_ok=True)
        for path, content in kept.items():
            path.write_bytes(content)
        self.start()

    @rule(line=st.sampled_from(LINES), quantity=st.integers(1, 9))
    def issue_while_the_store_fails(self, line: str, quantity: int) -> None:
        wanted = self.new_trigger(line, quantity=quantity)
        expected = self.expected_outcome(wanted)
        self.do("ALTER TABLE trigger_reply RENAME TO trigger_gone")
        [refusal] = self.ask([wanted])
        assert refusal.kind.number == 9002
        self.do("ALTER TABLE trigger_gone RENAME TO trigger_reply")
        self.do("ALTER TABLE event RENAME TO event_gone")
        [refusal] = self.ask([wanted])
        assert refusal.kind.number == (9002 if expected is None else expected)
        self.do("ALTER TABLE event_gone RENAME TO event")
        self.serve([wanted])

    def do(self, sql: str) -> None:
        self.site.store.write(lambda transaction: transaction.run_sql(sql))

    @precondition(lambda self: self.texts)
    @rule(data=st.data())
    def check(self, data: Any) -> None:
        text = data.draw(st.sampled_from(sorted(self.texts)))
        with self.site.store.read() as transaction:
            ask = partial(checking.check_text, self.site, transaction)
            found = ask(text.lower(), expected=meanings.Expected())
            longer = ask(f"{text}.", expected=meanings.Expected())
        assert (found["verdict"], found["text"]) == ("issued", text)
        assert longer["verdict"] == "misread"
        assert text in [one["serial"] for one in longer["near"]]

    # --- the account

    def counter(self, run: Opened) -> Period:
        occasion = self.site.plant.calendar.occasion(self.clock.now, run={"number": str(run.id)})
        return run.series, run.epoch, run.definition.series.period(occasion)

    def standing(self, run: Opened, counter: Period) -> int:
        start = run.definition.series.counter_start
        return max(self.next.get(counter, start), start)

    def step(self, run: Opened) -> int:
        return run.definition.series.number.step

    def following(self, run: Opened, place: int) -> int | None:
        """Return the first number from there that the run may issue; None if it is used up."""
        series = run.definition.series
        number = series.number
        if series.kind != "sequential":
            while place < run.definition.limit:
                if series.kind == "random" or not run.has_word(run.permutation.apply(place)):
                    return place
                place += 1
            return None
        place += (number.start - place) % number.step
        while place <= number.last and run.has_word(place):
            place += number.step
        return place if place <= number.last else None

    @invariant()
    def every_unit_has_the_number_that_comes_next(self) -> None:
        unit = schema.unit
        with self.site.store.read() as transaction:
            units = transaction.execute(
                select(unit.c.id, unit.c.serial, unit.c.run_id, unit.c.counter)
                .where(unit.c.id > self.last_unit)
                .order_by(unit.c.id)
            ).all()
        for row in units:
            self.last_unit = row.id
            assert row.serial not in self.texts
            self.texts.add(row.serial)
            self.account_for(self.runs[row.run_id], row.serial, row.counter)
        acknowledged = [one for reply in self.answers.values() for one in reply.serials]
        assert sorted(self.texts) == sorted(acknowledged)

    def account_for(self, run: Opened, serial: str, number: int) -> None:
        counter = self.counter(run)
        assert number == self.following(run, self.standing(run, counter))
        self.next[counter] = number + self.step(run)
        series = run.definition.series
        shown = series.parse(serial).counter
        occasion = self.site.plant.calendar.occasion(self.clock.now, run={"number": str(run.id)})
        assert series.format(counter=shown, at=occasion) == serial
        assert not run.has_word(shown)
        if series.kind == "sequential":
            assert shown == number
        if series.kind == "permuted":
            assert run.permutation.invert(shown) == number

    def teardown(self) -> None:
        self.stack.close()
        self.secrets.undo()
        self.folder.cleanup()


def live(machine: type[Lives], *, examples: int, steps: int) -> None:
    """Let so many sites live."""
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )


def test_series_issue_what_their_counters_say_whatever_happens() -> None:
    live(Lives, examples=8, steps=25)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_series_issue_what_their_counters_say_in_many_lives() -> None:
    live(Lives, examples=150, steps=50)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_series_issue_what_their_counters_say_on_postgresql(postgres_database: str) -> None:
    class OnPostgres(Lives):
        url = postgres_database

        def __init__(self) -> None:
            with psycopg.connect(postgres_database, autocommit=True) as connection:
                connection.execute("DROP SCHEMA public CASCADE")
                connection.execute("CREATE SCHEMA public")
            super().__init__()

    live(OnPostgres, examples=30, steps=40)
