"""Changeover: a line leaves its run and goes on with another, both or neither."""

from functools import partial
from typing import Any

import pytest

from labeler.production import changeover, runs
from labeler.production.changeover import Leave
from labeler.production.run_records import Said
from labeler.production.site import Site
from tests.plants import order, trigger
from tests.production.record import at_once, issue, refused, run
from tests.production.test_run_lives import life

MK = Said(operator="mk", reason="urgent order")


def over(site: Site, to: int, leave: Leave = "close", line: str = "line-1") -> dict[str, Any]:
    return changeover.change_over(site, line, MK, to=to, leave=leave)


def state(site: Site, run_id: int) -> str:
    return str(run(site, run_id)["state"])


@pytest.mark.parametrize(("leave", "left"), [("close", "closed"), ("pause", "paused")])
def test_line_leaves_its_run_and_opens_a_planned_one(site: Site, leave: Leave, left: str) -> None:
    runs.open_run(site, order())
    runs.plan_run(site, order(lot="L2"))
    found = over(site, 2, leave)
    assert found == {"left": run(site, 1), "run": run(site, 2)}
    assert (state(site, 1), state(site, 2)) == (left, "open")
    assert life(site, 1)[-1] == ("open", left, None, "mk", "urgent order")
    assert life(site, 2)[-1] == ("planned", "open", None, "mk", "urgent order")
    assert issue(site, trigger("k1")).run == 2


def test_line_goes_back_to_the_run_that_was_paused(site: Site) -> None:
    runs.open_run(site, order())
    runs.plan_run(site, order())
    over(site, 2, "pause")
    assert over(site, 1)["run"]["id"] == 1
    assert (state(site, 1), state(site, 2)) == ("open", "closed")
    assert issue(site, trigger("k1")).run == 1


def test_line_without_a_run_just_takes_the_next(site: Site) -> None:
    runs.plan_run(site, order())
    assert over(site, 1) == {"left": None, "run": run(site, 1)}


def test_line_keeps_its_run_where_the_next_cannot_be_opened(site: Site) -> None:
    runs.open_run(site, order())
    runs.plan_run(site, order(quantity=1000 * 1000))
    before = run(site, 1)
    assert refused(partial(over, site, 2))[0] == 3003
    assert (run(site, 1), state(site, 2)) == (before, "planned")
    assert issue(site, trigger("k1")).run == 1


def test_changeover_is_refused_in_a_sentence(site: Site) -> None:
    runs.open_run(site, order())
    runs.plan_run(site, order(line="line-2"))
    assert refused(partial(over, site, 2)) == (
        2021,
        "Run 2 is of line 'line-2', and the changeover is of 'line-1'.",
        "Name a run of 'line-1': labeler run list --line line-1.",
    )
    assert refused(partial(over, site, 1)) == (
        2021,
        "Run 1 is open: to change over to it, it has to be planned.",
        "Look at it: labeler run show 1.",
    )
    assert refused(partial(over, site, 9))[0] == 2003
    assert refused(partial(over, site, 2, line="line-9"))[0] == 2001
    runs.close_run(site, 1)
    assert refused(partial(over, site, 1))[0] == 2006


def test_no_trigger_finds_the_line_without_a_run(site: Site) -> None:
    runs.open_run(site, order())
    for _ in range(4):
        runs.plan_run(site, order())
    works: list[Any] = [partial(issue, site, trigger(f"k{n}")) for n in range(12)]
    works += [partial(over, site, to) for to in (2, 3)]
    found = at_once(works)
    assert {reply.run for reply in found[:12]} <= {1, 2, 3}
    opened = [one["run"]["id"] for one in found[12:] if isinstance(one, dict)]
    assert opened
    assert sum(state(site, run_id) == "open" for run_id in (1, 2, 3)) == 1
