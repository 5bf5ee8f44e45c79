"""Many series in random order: what comes, from whichever version, is what their counters say.

The machine keeps its own account of every counter: series, epoch and period -> next number. Each
unit that appears in the record must have exactly the number that comes next there. So nothing that
was only shown or refused is ever consumed, and no number is left out but for an unwanted word.
"""

import tempfile
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
)
from sqlalchemy import select

from labeler.errors import Refusal
from labeler.production import checking, issuing, meanings, previewing, runs, testing
from labeler.production.blocks import BlockOrder, issue_block
from labeler.production.booking import Reply, Trigger
from labeler.production.listing import list_units
from labeler.production.site import Site
from labeler.serials import definition as definitions
from labeler.store import schema
from labeler.units import RunMode
from tests import plants
from tests.plants import order, trigger
from tests.production.pooling import bring, give_back
from tests.production.record import at_once
from tests.production.series_model import KEY, SERIES, WORDS, Opened, Period

LINES = ("line-1", "line-2")


class Lives(RuleBasedStateMachine):
    """Two lines, six series."""

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
        self.blocks: list[str] = []
        """What was issued without a trigger."""
        self.pool: list[str] = []
        """Numbers that wait, in order."""
        self.gone: set[str] = set()
        """Numbers that were returned."""
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
        mode=st.sampled_from([RunMode.PRODUCTION, RunMode.PRODUCTION, RunMode.TEST]),
    )
    def open_run(self, line: str, name: str, quantity: int, mode: RunMode) -> None:
        wanted = order(line=line, product=f"P-{name}", quantity=quantity, mode=mode)
        [found] = at_once([partial(runs.open_run, self.site, wanted)])
        if isinstance(found, Refusal):
            assert (found.kind.number == 2004) == (line in self.open)
            assert found.kind.number in (2004, 3003, 3004, 3005, 3006)
            return
        self.open[line] = run_id = found["id"]
        self.left[run_id] = quantity
        self.runs[run_id] = self.opened(run_id)

    def opened(self, run_id: int) -> Opened:
        run, version = schema.run, schema.series_version
        query = (
            select(version.c.series, version.c.epoch, version.c.definition, run.c.mode)
            .join(run, run.c.series_version_id == version.c.id)
            .where(run.c.id == run_id)
        )
        with self.site.store.read() as transaction:
            row = transaction.execute(query).one()
        is_test = row.mode == RunMode.TEST
        return Opened(
            id=run_id,
            series=row.series,
            epoch=testing.epoch(row.epoch) if is_test else row.epoch,
            definition=definitions.read(row.definition),
            is_test=is_test,
        )

    @rule(line=st.sampled_from(LINES))
    def close_run(self, line: str) -> None:
        if line in self.open:
            runs.close_run(self.site, self.open.pop(line))

    @rule(line=st.sampled_from(LINES), quantity=st.integers(1, 9), wanted=st.booleans())
    def issue(self, line: str, quantity: int, wanted: bool) -> None:
        self.serve([self.new_trigger(line, quantity=quantity, print=wanted)])

    @rule(line=st.sampled_from(LINES), quantity=st.integers(1, 9))
    def issue_a_block(self, line: str, quantity: int) -> None:
        run_id = self.open.get(line)
        if run_id is None or self.runs[run_id].definition.words:
            return  # words are met only while a block is filled
        expected = self.expected_outcome(self.new_trigger(line, quantity=quantity))
        wanted = BlockOrder(run_id=run_id, quantity=quantity, key=f"b{self.keys}")
        [found] = at_once([partial(issue_block, self.site, wanted)])
        assert (found.kind.number if isinstance(found, Refusal) else None) == expected
        if expected is None:
            self.left[run_id] -= quantity
            with self.site.store.read() as transaction:
                after = found["first_position"] - 1
                units = list_units(transaction, run_id, after=after, limit=quantity)
            self.blocks += [unit["serial"] for unit in units]

    @rule(numbers=st.lists(st.integers(0, 60), min_size=1, max_size=9))
    def import_numbers(self, numbers: list[int]) -> None:
        texts = [f"L{number:03d}" for number in numbers]
        taken = {*self.pool, *self.texts, *self.gone}
        is_right = len(set(texts)) == len(texts) and taken.isdisjoint(texts)
        self.keys += 1
        work = partial(bring, self.site, "\n".join(texts).encode(), f"i{self.keys}", series="pool")
        [outcome] = at_once([work])
        assert (not isinstance(outcome, Refusal)) == is_right
        if is_right:
            self.pool += texts

    @rule(count=st.integers(1, 4))
    def return_numbers(self, count: int) -> None:
        self.keys += 1
        work = partial(give_back, self.site, f"r{self.keys}", series="pool", count=count)
        [outcome] = at_once([work])
        if count > len(self.pool):
            assert outcome.kind.number == 3006
        else:
            returned = self.returned(outcome["id"])
            assert len(returned) == count
            self.gone |= returned
            self.pool = [text for text in self.pool if text not in returned]

    def returned(self, return_id: int) -> set[str]:
        table = schema.pool_number
        query = select(table.c.text).where(table.c.return_id == return_id)
        with self.site.store.read() as transaction:
            return set(transaction.execute(query).scalars())

    @rule(name=st.sampled_from(sorted(SERIES)), count=st.integers(1, 9))
    def preview(self, name: str, count: int) -> None:
        with self.site.store.read() as transaction:
            found = previewing.preview(self.site, transaction, name, count=count)
        if name == "pool":
            assert found["now"]["serials"] == self.pool[:count]
        if name != "random":
            assert self.texts.isdisjoint(found["now"]["serials"])

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
            assert outcome.kind.number in (2005, 2007, 3003, 3006)
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
        if run.kind == "pool":
            return 3006 if wanted.quantity > len(self.pool) else None
        counter = self.counter(run)
        place: int | None = self.standing(run, counter)
        for _ in range(wanted.quantity):
            place = None if place is None else run.following(place)
            if place is None:
                return 3003
            place += run.step
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
        if text.startswith(testing.PREFIX):
            assert (found["verdict"], found["text"]) == ("test", text)
            return
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

    @invariant()
    def every_unit_has_the_number_that_comes_next(self) -> None:
        unit = schema.unit
        with self.site.store.read() as transaction:
            units = transaction.execute(
                select(unit.c.id, unit.c.serial, unit.c.run_id, unit.c.counter)
                .where(unit.c.id > self.last_unit)
                .order_by(unit.c.counter)  # a block is written in the order of its serials
            ).all()
        self.last_unit = max([self.last_unit, *(row.id for row in units)])
        for row in units:
            assert row.serial not in self.texts
            self.texts.add(row.serial)
            self.account_for(self.runs[row.run_id], row.serial, row.counter)
        acknowledged = [one for reply in self.answers.values() for one in reply.serials]
        acknowledged += self.blocks
        assert sorted(self.texts) == sorted(acknowledged)

    def account_for(self, run: Opened, serial: str, number: int) -> None:
        if run.is_test:
            assert serial.startswith(testing.PREFIX)
            serial = serial.removeprefix(testing.PREFIX)
        else:
            assert not serial.startswith(testing.PREFIX)
        if run.kind == "pool":
            assert serial == self.pool.pop(0)
            return
        counter = self.counter(run)
        assert number == run.following(self.standing(run, counter))
        self.next[counter] = number + run.step
        series = run.definition.series
        shown = series.parse(serial).counter
        occasion = self.site.plant.calendar.occasion(self.clock.now, run={"number": str(run.id)})
        assert series.format(counter=shown, at=occasion) == serial
        assert not run.has_word(shown)
        if run.kind == "sequential":
            assert shown == number
        if run.kind == "permuted":
            assert run.permutation.invert(shown) == number

    def teardown(self) -> None:
        self.stack.close()
        self.secrets.undo()
        self.folder.cleanup()
