"""A life of a site in random order: no serial twice, every reply for ever the same."""

import tempfile
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from sqlalchemy import select

from labeler.production import issuing, runs
from labeler.production.booking import Reply, Trigger
from labeler.store import schema
from tests import plants
from tests.plants import order, trigger
from tests.production.record import at_once

LINES = ("line-1", "line-2")


class Life(RuleBasedStateMachine):
    """Opens, issues, retries, closes and crashes; remembers what was answered."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.path = plants.write_site(
            Path(self.folder.name), series={"controller-sn": {"pattern": "AC{counter:3}"}}
        )
        self.clock = plants.Clock()
        self.answers: dict[Trigger, Reply] = {}
        self.open: dict[str, int] = {}
        self.left: dict[str, int] = {}
        self.keys = 0
        self.start()

    def start(self) -> None:
        self.stack = ExitStack()
        self.site = self.stack.enter_context(plants.opened(self.path, clock=self.clock)).site

    @rule(line=st.sampled_from(LINES), quantity=st.integers(1, 12))
    def open_run(self, line: str, quantity: int) -> None:
        wanted = order(line=line, quantity=quantity)
        [found] = at_once([partial(runs.open_run, self.site, wanted)])
        if line in self.open:
            assert found.kind.number == 2004
        else:
            self.open[line], self.left[line] = found["id"], quantity

    @rule(line=st.sampled_from(LINES))
    def close_run(self, line: str) -> None:
        if line in self.open:
            runs.close_run(self.site, self.open.pop(line))

    @rule(line=st.sampled_from(LINES), quantity=st.integers(1, 4), wanted=st.booleans())
    def issue(self, line: str, quantity: int, wanted: bool) -> None:
        self.keys += 1
        new = trigger(f"k{self.keys}", line=line, quantity=quantity, print=wanted)
        [reply] = at_once([partial(issuing.issue_labels, self.site, new)])
        if line not in self.open:
            assert reply.kind.number == 2005
        elif quantity > self.left[line]:
            assert reply.kind.number == 2007
        else:
            assert (reply.run, len(reply.serials)) == (self.open[line], quantity)
            assert (reply.replayed, reply.job is not None) == (False, wanted)
            self.left[line] -= quantity
            self.answers[new] = reply

    @precondition(lambda self: self.answers)
    @rule(data=st.data())
    def retry(self, data: Any) -> None:
        old = data.draw(st.sampled_from(sorted(self.answers, key=lambda one: one.key)))
        first = self.answers[old]
        expected = Reply(serials=first.serials, run=first.run, job=first.job, replayed=True)
        assert issuing.issue_labels(self.site, old) == expected

    @rule()
    def restart(self) -> None:
        self.stack.close()
        self.start()

    @rule()
    def crash(self) -> None:
        """Go on with what a copy of the files says, as after a loss of power."""
        crashed = Path(self.folder.name) / f"crash-{self.keys}-{id(self.stack)}.db"
        for suffix in ("", "-wal"):
            source = Path(self.folder.name) / f"labeler.db{suffix}"
            if source.exists():
                Path(f"{crashed}{suffix}").write_bytes(source.read_bytes())
        self.stack.close()
        for suffix in ("", "-wal", "-shm"):
            (Path(self.folder.name) / f"labeler.db{suffix}").unlink(missing_ok=True)
        for suffix in ("", "-wal"):
            if Path(f"{crashed}{suffix}").exists():
                Path(f"{crashed}{suffix}").rename(Path(self.folder.name) / f"labeler.db{suffix}")
        self.start()

    @invariant()
    def every_serial_is_there_once_and_nothing_else_is(self) -> None:
        if not hasattr(self, "site"):
            return
        issued = [serial for reply in self.answers.values() for serial in reply.serials]
        assert len(issued) == len(set(issued))
        with self.site.store.read() as transaction:
            units = transaction.execute(select(schema.unit.c.serial, schema.unit.c.run_id)).all()
            counts = dict(
                tuple(row)
                for row in transaction.execute(select(schema.run.c.id, schema.run.c.issued))
            )
        assert sorted(row.serial for row in units) == sorted(issued)
        assert {run: n for run, n in counts.items() if n} == {
            run: sum(row.run_id == run for row in units) for run in {row.run_id for row in units}
        }

    def teardown(self) -> None:
        if hasattr(self, "stack"):
            self.stack.close()
            self.folder.cleanup()


Life.TestCase.settings = settings(
    max_examples=8,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestLife = Life.TestCase
