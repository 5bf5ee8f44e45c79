"""Runs in random order, held against a plain model: states, lines, steps and units agree."""

from contextlib import ExitStack
from functools import partial
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

from labeler.errors import Refusal
from labeler.production import issuing, run_steps, runs
from labeler.production.run_records import Said
from labeler.production.site import Site
from tests import plants
from tests.plants import order, trigger
from tests.production.record import at_once, run
from tests.production.test_run_lives import life

SAID = Said(operator="mk", reason="r")
LINES = ("line-1", "line-2")
FROM = {"pause": ["open"], "resume": ["paused"], "withdraw": ["planned"],
        "close": ["open", "paused"], "open": ["planned"]}  # fmt: skip
TO = {"pause": "paused", "resume": "open", "withdraw": "canceled", "close": "closed",
      "open": "open"}  # fmt: skip


class Runs(RuleBasedStateMachine):
    """Two lines, on which people plan, open, pause and close as they like."""

    url: str | None = None
    """Its database."""
    folder: Path
    """Of the site; all machines of a database have one, since its high-water mark lies there."""

    def __init__(self) -> None:
        super().__init__()
        path = plants.write_site(self.folder, database=self.url)
        self.stack = ExitStack()
        self.site: Site = self.stack.enter_context(plants.opened(path)).site
        self.first = self._first()
        self.models: list[dict[str, Any]] = []
        self.keys = 0

    def _first(self) -> int:
        """Return the id before those of this machine, on a database that had others."""
        with self.site.store.read() as transaction:
            found = runs.list_runs(transaction, limit=1)
        for line in LINES:
            with self.site.store.read() as transaction:
                left = runs.list_runs(transaction, line=line, state="open")
                left += runs.list_runs(transaction, line=line, state="paused")
            for one in left:
                runs.close_run(self.site, one["id"])
        return found[0]["id"] if found else 0

    def open_on(self, line: str) -> list[dict[str, Any]]:
        return [one for one in self.models if (one["line"], one["state"]) == (line, "open")]

    def begin(self, line: str, state: str, quantity: int) -> None:
        model = {"line": line, "state": state, "quantity": quantity, "issued": 0, "overrun": 0}
        self.models.append({**model, "steps": [(None, state)]})

    # --- who does what

    @rule(line=st.sampled_from(LINES), quantity=st.integers(1, 4), planned=st.booleans())
    def order(self, line: str, quantity: int, planned: bool) -> None:
        verb = runs.plan_run if planned else runs.open_run
        [found] = at_once([partial(verb, self.site, order(line=line, quantity=quantity))])
        if not planned and self.open_on(line):
            assert found.kind.number == 2004
            return
        state = "planned" if planned else "open"
        self.begin(line, state, quantity)
        assert (found["id"] - self.first, found["state"]) == (len(self.models), state)

    @precondition(lambda self: self.models)
    @rule(data=st.data(), verb=st.sampled_from(sorted(TO)))
    def step(self, data: Any, verb: str) -> None:
        number = data.draw(st.integers(1, len(self.models)))
        model, run_id = self.models[number - 1], self.first + number
        works = {
            "pause": partial(run_steps.pause_run, self.site, run_id, SAID),
            "resume": partial(run_steps.resume_run, self.site, run_id, SAID),
            "withdraw": partial(run_steps.withdraw_run, self.site, run_id, SAID),
            "close": partial(runs.close_run, self.site, run_id),
            "open": partial(runs.open_planned, self.site, run_id, SAID),
        }
        [found] = at_once([works[verb]])
        if model["state"] not in FROM[verb]:
            assert found.kind.number in (2006, 2020, 2021)
        elif TO[verb] == "open" and self.open_on(model["line"]):
            assert found.kind.number == 2004
        else:
            model["steps"].append((model["state"], TO[verb]))
            model["state"] = TO[verb]
            assert found["state"] == TO[verb]

    @precondition(lambda self: self.models)
    @rule(data=st.data(), units=st.integers(1, 2))
    def overrun(self, data: Any, units: int) -> None:
        number = data.draw(st.integers(1, len(self.models)))
        model = self.models[number - 1]
        work = partial(run_steps.overrun_run, self.site, self.first + number, SAID, units=units)
        [found] = at_once([work])
        if model["state"] in ("open", "paused"):
            model["overrun"] += units
            model["steps"].append((model["state"], model["state"]))
        else:
            assert found.kind.number in (2006, 2021)

    @rule(line=st.sampled_from(LINES), quantity=st.integers(1, 3))
    def issue(self, line: str, quantity: int) -> None:
        self.keys += 1
        wanted = trigger(f"k{self.first}-{self.keys}", line=line, quantity=quantity)
        [found] = at_once([partial(issuing.issue_labels, self.site, wanted)])
        states = {one["state"] for one in self.models if one["line"] == line}
        if not self.open_on(line):
            assert found.kind.number == (2020 if "paused" in states else 2005)
            return
        [model] = self.open_on(line)
        if quantity > model["quantity"] + model["overrun"] - model["issued"]:
            assert isinstance(found, Refusal)
            assert found.kind.number == 2007
            return
        model["issued"] += quantity
        assert found.run - self.first == self.models.index(model) + 1

    # --- what holds at any time

    @invariant()
    def record_says_what_the_model_says(self) -> None:
        for number, model in enumerate(self.models, start=1):
            found = run(self.site, self.first + number)
            assert {name: found[name] for name in model if name != "steps"} == {
                name: value for name, value in model.items() if name != "steps"
            }
            assert [step[:2] for step in life(self.site, self.first + number)] == model["steps"]
            is_pinned = found["series_version"] is not None
            assert is_pinned == (model["state"] not in ("planned", "canceled"))

    def teardown(self) -> None:
        self.stack.close()


def live(url: str, folder: Path, *, examples: int, steps: int) -> None:
    """Let so many plants live, one after the other, on one database."""
    run_state_machine_as_test(
        type("Machine", (Runs,), {"url": url, "folder": folder}),
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_runs_go_as_a_plain_model_says(database_url: str, tmp_path: Path) -> None:
    live(database_url, tmp_path, examples=5, steps=20)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_runs_go_as_a_plain_model_says_in_many_lives(database_url: str, tmp_path: Path) -> None:
    live(database_url, tmp_path, examples=100, steps=40)
