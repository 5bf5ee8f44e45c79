"""Runs, labels, units, scans and recalls in random order, held against a model in plain Python."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

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
from labeler.production import changeover, issuing, run_steps, runs, tallies
from labeler.production.printing import job_control
from labeler.production.reconciling import counting, reconciling, releasing
from labeler.production.reconciling.reconciling import Deviation
from labeler.production.run_records import Said
from labeler.production.safekeeping import anchoring, auditing
from labeler.production.site import Site
from labeler.store import schema
from tests import plants
from tests.plants import order, trigger
from tests.production.copying import settle
from tests.production.living import WORDS, do, life
from tests.production.queueing import WISH, waiting
from tests.production.recalling import close, members, recall
from tests.production.record import serials
from tests.production.records_model import STEPS, VERBS, Plant, Run, Unit
from tests.production.verified import verify

SAID = Said(operator="mk", reason="r")
OTHER = Said(operator="qa", reason="r")
LINES = ("line-1", "line-2")
NEEDS = {
    "receive": ("purchase_order",),
    "ship": ("owner", "sales_order"),
    "move": ("location",),
    "change-owner": ("owner",),
}
"""Verb -> what is written down of the unit, as docs/qa-guide.md says."""


def refused_or(work: Callable[[], Any]) -> Any:
    """Return what ``work`` returns, or the number with which it is refused."""
    try:
        return work()
    except Refusal as refusal:
        return refusal.kind.number


def settle_all(site: Site) -> None:
    """Print every label that waits."""
    while waiting(site):
        settle(site)


class Records(RuleBasedStateMachine):
    """Two lines, a printer, and people who do with runs and units whatever comes to their minds."""

    url: str
    """Its database."""
    folder: Path
    """Of the site; all machines of a database have one, since its high-water mark lies there."""

    def __init__(self) -> None:
        super().__init__()
        path = plants.write_site(self.folder, database=self.url)
        self.stack = ExitStack()
        self.site: Site = self.stack.enter_context(plants.opened(path)).site
        self.model = Plant()
        self.first = self.leave_behind()
        self.keys = 0

    def leave_behind(self) -> int:
        """End what an earlier machine left in the database; return the last run of these."""
        with self.site.store.read() as transaction:
            found = runs.list_runs(transaction, limit=1000)
        for one in found:
            if one["state"] in ("open", "paused"):
                runs.close_run(self.site, one["id"])
        settle_all(self.site)
        return max((one["id"] for one in found), default=0)

    def key(self) -> str:
        self.keys += 1
        return f"k{self.first}-{self.keys}"

    def some(self, data: Any, most: int) -> list[str]:
        known = sorted(self.model.units)
        return list(data.draw(st.lists(st.sampled_from(known), min_size=1, max_size=most,
                                       unique=True)))  # fmt: skip

    # --- runs

    @rule(line=st.sampled_from(LINES), quantity=st.integers(1, 6), planned=st.booleans())
    def order(self, line: str, quantity: int, planned: bool) -> None:
        verb = runs.plan_run if planned else runs.open_run
        found = refused_or(lambda: verb(self.site, order(line=line, quantity=quantity)))
        if not planned and self.model.open_on(line) is not None:
            assert found == 2004
            return
        state = "planned" if planned else "open"
        run = Run(line=line, state=state, quantity=quantity, steps=[(None, state)])
        self.model.runs[found["id"]] = run

    @precondition(lambda self: self.model.runs)
    @rule(data=st.data(), verb=st.sampled_from(sorted(STEPS)))
    def step(self, data: Any, verb: str) -> None:
        run_id = data.draw(st.sampled_from(sorted(self.model.runs)))
        run = self.model.runs[run_id]
        works: dict[str, Callable[[], Any]] = {
            "open": lambda: runs.open_planned(self.site, run_id, SAID),
            "pause": lambda: run_steps.pause_run(self.site, run_id, SAID),
            "resume": lambda: run_steps.resume_run(self.site, run_id, SAID),
            "withdraw": lambda: run_steps.withdraw_run(self.site, run_id, SAID),
            "close": lambda: runs.close_run(self.site, run_id),
            "release": lambda: releasing.release(self.site, run_id, OTHER),
        }
        found = refused_or(works[verb])
        was, to = STEPS[verb]
        if run.state not in was:
            closed = run.state == "closed" and verb != "release"
            paused = (run.state, verb) == ("paused", "pause")
            assert found == (2006 if closed else 2020 if paused else 2021)
        elif to == "open" and self.model.open_on(run.line) is not None:
            assert found == 2004
        else:
            run.goes(to)
            assert found["state"] == to

    @precondition(lambda self: self.model.runs)
    @rule(data=st.data(), line=st.sampled_from(LINES), leave=st.sampled_from(["close", "pause"]))
    def change_over(self, data: Any, line: str, leave: changeover.Leave) -> None:
        to = data.draw(st.sampled_from(sorted(self.model.runs)))
        found = refused_or(
            lambda: changeover.change_over(self.site, line, SAID, to=to, leave=leave)
        )
        run, before = self.model.runs[to], self.model.open_on(line)
        if run.line != line or run.state not in ("planned", "paused"):
            assert found == (2006 if (run.line, run.state) == (line, "closed") else 2021)
            return
        if before is not None:
            self.model.runs[before].goes(STEPS[leave][1])
        run.goes("open")
        assert found["run"]["state"] == "open"

    @precondition(lambda self: self.model.runs)
    @rule(data=st.data(), deviates=st.booleans())
    def reconcile(self, data: Any, deviates: bool) -> None:
        run_id = data.draw(st.sampled_from(sorted(self.model.runs)))
        run, difference = self.model.runs[run_id], self.model.difference(run_id)
        deviation = Deviation(reason="r", approved_by="qa", difference=difference)
        found = refused_or(
            lambda: reconciling.reconcile(
                self.site, run_id, SAID, deviation=deviation if deviates else None
            )
        )
        if run.state != "closed":
            assert found == (2032 if run.state in ("reconciled", "released") else 2021)
        elif bool(difference) != deviates:
            assert found == (2031 if deviates else 2030)
        else:
            assert found["difference"] == difference
            self.sign(run_id)

    def sign(self, run_id: int) -> None:
        """Let a run of the model be reconciled."""
        self.model.runs[run_id].goes("reconciled")
        for unit in self.model.of(run_id).values():
            unit.state = "voided" if unit.is_unused else unit.state

    # --- recalls

    @precondition(lambda self: self.model.units)
    @rule(data=st.data())
    def recall(self, data: Any) -> None:
        run_id = data.draw(st.sampled_from(sorted({one.run for one in self.model.units.values()})))
        name = self.key()
        recall(self.site, name, runs=(run_id,))
        assert members(self.site, name) == list(self.model.of(run_id))
        for unit in self.model.of(run_id).values():
            unit.recalls.add(name)

    @precondition(lambda self: any(one.recalls for one in self.model.units.values()))
    @rule(data=st.data())
    def end_recall(self, data: Any) -> None:
        names = sorted(set().union(*(one.recalls for one in self.model.units.values())))
        name = data.draw(st.sampled_from(names))
        close(self.site, name)
        for unit in self.model.units.values():
            unit.recalls.discard(name)

    # --- labels

    @rule(line=st.sampled_from(LINES), quantity=st.integers(1, 3), prints=st.booleans())
    def issue(self, line: str, quantity: int, prints: bool) -> None:
        wanted = trigger(self.key(), line=line, quantity=quantity, print=prints)
        found = refused_or(lambda: issuing.issue_labels(self.site, wanted))
        run_id = self.model.open_on(line)
        if run_id is None:
            states = {run.state for run in self.model.runs.values() if run.line == line}
            assert found == (2020 if "paused" in states else 2005)
            return
        run = self.model.runs[run_id]
        if quantity > run.quantity - run.issued:
            assert found == 2007
            return
        run.issued += quantity
        assert not set(found.serials) & set(self.model.units)
        label = "queued" if prints else "none"
        self.model.units |= {text: Unit(run=run_id, label=label) for text in found.serials}
        if prints:
            self.model.jobs[found.job] = list(found.serials)

    @rule()
    def print(self) -> None:
        """The printer prints everything that waits."""
        settle_all(self.site)
        for unit in self.model.units.values():
            if unit.label == "queued":
                unit.label = "printed"
                unit.state = "encoded" if unit.state == "allocated" else unit.state

    @precondition(lambda self: self.model.jobs)
    @rule(data=st.data())
    def cancel(self, data: Any) -> None:
        job_id = data.draw(st.sampled_from(sorted(self.model.jobs)))
        units = [self.model.units[text] for text in self.model.jobs[job_id]]
        units = [unit for unit in units if unit.label == "queued"]
        found = refused_or(lambda: job_control.cancel(self.site, job_id, WISH))
        if not units:
            assert found == 5006
        for unit in units:
            unit.label = "not_printed"

    # --- units

    @precondition(lambda self: self.model.units)
    @rule(data=st.data(), verb=st.sampled_from(sorted(VERBS)))
    def change(self, data: Any, verb: str) -> None:
        named = self.some(data, 3)
        units = [self.model.units[text] for text in named]
        found = refused_or(lambda: do(self.site, verb, *named, key=self.key()))
        against = [
            number
            for unit in units
            if (number := unit.does(verb, is_counted=self.model.is_counted(unit)))
        ]
        if against:
            assert found == (against[0] if len(units) == 1 else 3026)
            return
        assert found["changed"] == len(units)
        for unit in units:
            unit.state = VERBS[verb][unit.state]
            unit.words |= {name: WORDS[name] for name in NEEDS.get(verb, ())}

    @precondition(lambda self: self.model.units)
    @rule(data=st.data())
    def scan(self, data: Any) -> None:
        [serial] = self.some(data, 1)
        unit = self.model.units[serial]
        expected = unit.scanned()
        assert verify(self.site, serial)["verdict"] == expected
        if expected == "ok":
            unit.is_verified = True

    @rule()
    def anchor(self) -> None:
        anchoring.log_head(self.site)

    @rule()
    def scan_of_a_stranger(self) -> None:
        [stranger] = serials(99999)
        assert verify(self.site, stranger)["verdict"] == "never_issued"

    # --- what holds at any time

    @invariant()
    def record_says_what_the_model_says(self) -> None:
        with self.site.store.read() as transaction:
            listed = runs.list_runs(transaction, limit=len(self.model.runs) or 1)
            unit = schema.unit
            query = select(unit.c.serial, unit.c.run_id, unit.c.state)
            rows = transaction.execute(query.where(unit.c.run_id > self.first)).all()
            for one in self.model.runs:
                told = counting.tell(transaction, self.site.balances, one)
                assert told == counting.count(transaction, one)
        found = {one["id"]: one for one in listed if one["id"] > self.first}
        assert {one: (run["state"], run["issued"]) for one, run in found.items()} == {
            one: (run.state, run.issued) for one, run in self.model.runs.items()
        }
        assert {row.serial: (row.run_id, row.state) for row in rows} == {
            text: (one.run, one.state) for text, one in self.model.units.items()
        }

    def teardown(self) -> None:
        try:
            self.settle_everything()
            self.record_says_what_the_model_says()
            for serial, unit in self.model.units.items():
                assert replayed(life(self.site, serial)) == {"state": unit.state, **unit.words}
            self.anchor()
            with self.site.store.read() as transaction:
                *_, last = auditing.verify(self.site, transaction, [])
            assert (last["ok"], last["bad"]) == (True, None)
        finally:
            self.stack.close()

    def settle_everything(self) -> None:
        """Let every run end: say of each unit what became of it, and see that all add up."""
        self.print()
        for serial, unit in self.model.units.items():
            if self.model.is_counted(unit):
                continue
            verb = {"encoded": "commission", "allocated": "void"}.get(unit.state)
            if verb is not None:
                do(self.site, verb, serial, key=self.key())
                unit.state = VERBS[verb][unit.state]
        for run_id, run in self.model.runs.items():
            if run.state in ("open", "paused"):
                runs.close_run(self.site, run_id)
                run.goes("closed")
            if run.state == "closed":
                found = reconciling.reconcile(self.site, run_id, SAID)
                assert (found["difference"], found["issued"]) == (0, run.issued)
                self.sign(run_id)


def replayed(life: dict[str, Any]) -> dict[str, str]:
    """Return what a unit is by its history alone, and see that it says the same as the record."""
    state, words = "", dict[str, str]()
    for event in life["history"]:
        detail = event["detail"]
        if event["kind"] in ("allocated", "block_allocated"):
            state = "allocated"
        elif event["kind"] == "label_printed" and state == "allocated":
            state = "encoded"
        elif "from" in detail and event["kind"].startswith("unit_"):
            assert detail["from"] == state
            state = detail["to"]
            words |= {name: detail[name] for name in WORDS if name in detail and name != "reason"}
    said = {name: life[name] for name in WORDS if name != "reason" and life[name] is not None}
    assert (state, words) == (life["state"], said)
    return {"state": state, **words}


def live(url: str, folder: Path, patch: pytest.MonkeyPatch, *, examples: int, steps: int) -> None:
    """Let so many plants live, one after the other, on one database."""
    patch.setattr(tallies, "STRETCH", 2)
    run_state_machine_as_test(
        type("Machine", (Records,), {"url": url, "folder": folder}),
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_record_goes_as_a_plain_model_says(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live(database_url, tmp_path / "site", monkeypatch, examples=4, steps=40)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_the_record_goes_as_a_plain_model_says_in_many_lives(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live(database_url, tmp_path / "site", monkeypatch, examples=150, steps=80)
