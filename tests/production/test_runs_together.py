"""Runs that several change at once: threads of one process, two processes on PostgreSQL."""

import threading
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import select

from labeler.errors import Refusal
from labeler.production import issuing, run_steps, runs
from labeler.production.run_records import Said
from labeler.production.site import Site
from labeler.store import schema
from tests import plants
from tests.plants import order, trigger
from tests.production.record import at_once, run
from tests.production.test_issuing_together import deadlocks
from tests.production.test_run_lives import MK, life


def numbers(outcomes: list[Any]) -> list[int]:
    """Return what was refused, by its number."""
    return sorted(one.kind.number for one in outcomes if isinstance(one, Refusal))


def units_of(site: Site, run_id: int) -> int:
    with site.store.read() as transaction:
        query = select(schema.unit.c.id).where(schema.unit.c.run_id == run_id)
        return len(transaction.execute(query).all())


def test_planned_run_opened_by_several_at_once_opens_once(site: Site) -> None:
    runs.plan_run(site, order())
    outcomes = at_once([partial(runs.open_planned, site, 1, Said())] * 4)
    assert numbers(outcomes) in ([2004] * 3, [2004, 2004, 2021], [2004, 2021, 2021], [2021] * 3)
    assert [step[:2] for step in life(site)] == [(None, "planned"), ("planned", "open")]


def test_runs_opened_resumed_and_withdrawn_by_two_processes_obey_the_line(
    tmp_path: Path, postgres_url: str
) -> None:
    path = plants.write_site(tmp_path / "site", database=postgres_url)
    before = deadlocks(postgres_url)
    with plants.together(path, 2) as services:
        one, other = (service.site for service in services)
        for _ in range(10):
            paused = runs.open_run(one, order())["id"]
            run_steps.pause_run(one, paused, MK)
            planned = runs.plan_run(one, order())["id"]
            outcomes = at_once(
                [
                    partial(runs.open_planned, one, planned, Said()),
                    partial(runs.open_planned, other, planned, Said()),
                    partial(run_steps.resume_run, other, paused, MK),
                    partial(run_steps.withdraw_run, other, planned, MK),
                ]
            )
            states = [run(one, found)["state"] for found in (paused, planned)]
            assert states in (["open", "canceled"], ["paused", "open"], ["open", "planned"]), states
            assert len(numbers(outcomes)) >= 2
            for state, found in zip(states, (paused, planned), strict=True):
                assert [step[1] for step in life(one, found)][-1] == state
                if state in ("open", "paused"):
                    runs.close_run(other, found)
                elif state == "planned":
                    run_steps.withdraw_run(one, found, MK)
    assert deadlocks(postgres_url) == before


def test_nothing_is_issued_after_the_pause_by_another_process(
    tmp_path: Path, postgres_url: str
) -> None:
    path = plants.write_site(tmp_path / "site", database=postgres_url)
    with plants.together(path, 2) as services:
        one, other = (service.site for service in services)
        runs.open_run(one, order(quantity=50_000))
        for turn in range(5):
            stop = threading.Event()
            outcomes: list[Any] = []
            seen: list[int] = []

            def issue(
                client: int,
                turn: int = turn,
                stop: threading.Event = stop,
                outcomes: list[Any] = outcomes,
            ) -> None:
                for index in range(10_000):
                    if stop.is_set():
                        return
                    try:
                        issuing.issue_labels(one, trigger(f"k{turn}-{client}-{index}"))
                    except Refusal as refusal:
                        outcomes.append(refusal.kind.number)

            def pause(
                turn: int = turn,
                stop: threading.Event = stop,
                outcomes: list[Any] = outcomes,
                seen: list[int] = seen,
            ) -> None:
                plants.until(lambda: run(other, 1)["issued"] > turn * 5)
                run_steps.pause_run(other, 1, MK)
                seen.append(units_of(other, 1))
                plants.until(lambda: len(outcomes) >= 6)
                stop.set()

            at_once([*(partial(issue, client) for client in range(3)), pause])
            assert set(outcomes) == {2020}
            assert [units_of(one, 1), run(one, 1)["issued"]] == seen * 2
            run_steps.resume_run(other, 1, MK)


def test_rework_is_opened_while_its_run_issues_without_a_deadlock(
    tmp_path: Path, postgres_url: str
) -> None:
    path = plants.write_site(tmp_path / "site", database=postgres_url)
    before = deadlocks(postgres_url)
    with plants.together(path, 2) as services:
        one, other = (service.site for service in services)
        runs.open_run(one, order(quantity=1000))
        issuing.issue_labels(one, trigger("first"))

        def issue() -> None:
            for index in range(40):
                issuing.issue_labels(one, trigger(f"k{index}"))

        def rework() -> None:
            for _ in range(8):
                found = runs.open_run(other, order(line="line-2", rework_of=1))
                run_steps.overrun_run(other, 1, MK, units=1)
                runs.close_run(other, found["id"])

        at_once([issue, rework])
        assert (run(one, 1)["issued"], run(one, 1)["overrun"]) == (41, 8)
    assert deadlocks(postgres_url) == before
