"""The life of a run: planned, opened, paused, resumed, withdrawn, let overrun, closed."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from labeler.production import blocks, issuing, run_records, run_steps, runs
from labeler.production.blocks import BlockOrder
from labeler.production.run_records import Said
from labeler.production.site import Site
from labeler.store import schema
from labeler.units import RunMode
from tests import plants
from tests.plants import order, trigger
from tests.production.record import refusal, refused, rows, run, serials
from tests.production.test_runs import events, opened

MK = Said(operator="mk", reason="changeover")
UNPINNED = dict.fromkeys(
    (
        *("series", "series_version", "template", "template_version", "template_digest"),
        *("template_state", "opened_at"),
    )
)


def life(site: Site, run_id: int = 1) -> list[tuple[Any, ...]]:
    """Return the steps of a run: from, to, units, operator, reason."""
    with site.store.read() as transaction:
        found = run_records.with_life(transaction, runs.show(transaction, run_id))
    names = ("from", "to", "units", "operator", "reason")
    return [tuple(step[name] for name in names) for step in found["steps"]]


def test_plan_run_records_an_order_and_pins_nothing(site: Site) -> None:
    given = {
        "lot": "L1",
        "work_order": "WO-7",
        "purchase_order": "PO-1",
        "sales_order": "SO-1",
        "shift": "A",
        "expires_on": "2027-12-31",
        "best_before": "2027-11-30",
    }
    planned = opened(state="planned", operator="ab", **given, **UNPINNED)
    assert runs.plan_run(site, order(operator="ab", **given)) == planned == run(site, 1)
    assert life(site) == [(None, "planned", None, "ab", None)]
    assert events(site) == [(plants.NOON, "run_planned", "http", 1, {"operator": "ab"})]
    assert [rows(site, one) for one in (schema.series_version, schema.template_version)] == [0, 0]
    assert runs.plan_run(site, order())["id"] == 2, "a line may have many"
    assert refusal(site, trigger("k1"))[0] == 2005


def test_open_planned_run_pins_what_is_there_then(site: Site, clock: plants.Clock) -> None:
    given = {"lot": "L1", "work_order": "WO-7"}
    runs.plan_run(site, order(operator="ab", **given))
    clock.go_on(minutes=5)
    expected = opened(opened_at=clock.now, operator="mk", **given)
    assert runs.open_planned(site, 1, Said(operator="mk")) == expected == run(site, 1)
    assert life(site) == [
        (None, "planned", None, "ab", None),
        ("planned", "open", None, "mk", None),
    ]
    assert events(site)[1:] == [
        (clock.now, "series_version", "config", None,
         {"series": "controller-sn", "version": 1, "old": None, "new": plants.PATTERN}),
        (clock.now, "template_version", "config", None,
         {"template": "unit-label", "new": 1, "digest": plants.TEMPLATE_DIGEST, "old": None}),
        (clock.now, "template_released", "http", None,
         {"template": "unit-label", "old": None, "new": 1}),
        (clock.now, "run_opened", "http", 1, {"operator": "mk"}),
    ]  # fmt: skip
    assert issuing.issue_labels(site, trigger("k1")).run == 1
    assert refused(partial(runs.open_planned, site, 1, Said())) == (
        2021,
        "Run 1 is open: to open it, it has to be planned.",
        "Look at it: labeler run show 1.",
    )


def test_open_planned_run_is_refused_for_what_a_new_one_is(site: Site, tmp_path: Path) -> None:
    runs.plan_run(site, order(lot="L" * 20))
    runs.open_run(site, order())
    assert refused(partial(runs.open_planned, site, 1, Said()))[0] == 2004
    runs.close_run(site, 2)
    wide = {"text": {"x_mm": 4, "y_mm": 3, "size_mm": 4, "width_mm": 5, "text": "{run.lot}"}}
    plants.write_template(tmp_path / "site", elements=[wide])
    assert refused(partial(runs.open_planned, site, 1, Said()))[0] == 4001
    assert (run(site, 1)["state"], life(site)) == (
        "planned",
        [(None, "planned", None, None, None)],
    )
    plants.write_template(tmp_path / "site")
    assert runs.open_planned(site, 1, Said())["template_version"] == 1


def test_open_a_work_order_opens_what_was_planned_first_for_it(site: Site) -> None:
    for line, work_order in [("line-1", "A"), ("line-1", "B"), ("line-1", "B"), ("line-2", "A")]:
        runs.plan_run(site, order(line=line, work_order=work_order))
    assert runs.open_work_order(site, "B", Said())["id"] == 2
    assert refused(partial(runs.open_work_order, site, "B", Said()))[0] == 2004
    assert refused(partial(runs.open_work_order, site, "A", Said())) == (
        2025,
        "Work order 'A' has planned runs of lines line-1, line-2.",
        "Say which line, or open one of the runs by its number.",
    )
    assert runs.open_work_order(site, "A", Said(), line="line-2")["id"] == 4
    assert refused(partial(runs.open_work_order, site, "C", Said())) == (
        2024,
        "No run is planned for work order 'C'.",
        "List those there are: labeler run list --state planned.",
    )


def test_withdrawn_run_is_never_opened(site: Site) -> None:
    runs.plan_run(site, order())
    withdrawn = opened(state="canceled", **UNPINNED)
    assert run_steps.withdraw_run(site, 1, MK) == withdrawn == run(site, 1)
    assert life(site)[1:] == [("planned", "canceled", None, "mk", "changeover")]
    told = {"operator": "mk", "reason": "changeover"}
    assert events(site)[1:] == [(plants.NOON, "run_withdrawn", "http", 1, told)]
    assert refused(partial(runs.open_planned, site, 1, Said())) == (
        2021,
        "Run 1 is canceled: to open it, it has to be planned.",
        "Nothing more can be done with it; plan or open a new run.",
    )


def test_paused_run_issues_nothing_and_says_who_paused_it(site: Site) -> None:
    runs.open_run(site, order())
    issuing.issue_labels(site, trigger("k1"))
    assert run_steps.pause_run(site, 1, MK) == opened(state="paused", issued=1, remaining=299)
    expected = (
        2020,
        "Run 1 of line 'line-1' was paused by mk at 2026-11-23 12:00:00 UTC: changeover.",
        "Resume it: POST /api/v1/runs/1/resume, or labeler run resume 1; or open another run.",
    )
    block = BlockOrder(run_id=1, quantity=1, key="b1")
    assert refusal(site, trigger("k2")) == expected
    assert refused(partial(blocks.issue_block, site, block)) == expected
    assert refused(partial(run_steps.pause_run, site, 1, MK)) == expected
    assert issuing.issue_labels(site, trigger("k1")).replayed, "what was issued is told again"
    assert rows(site, schema.unit) == 1


def test_paused_run_leaves_its_line_to_another_and_goes_on_later(site: Site) -> None:
    runs.open_run(site, order(lot="L1"))
    issuing.issue_labels(site, trigger("k1"))
    run_steps.pause_run(site, 1, MK)
    runs.open_run(site, order(lot="L2"))
    assert issuing.issue_labels(site, trigger("k2")).run == 2
    assert refused(partial(run_steps.resume_run, site, 1, Said()))[:2] == (
        2004,
        "Line 'line-1' takes one open run at a time, and run 2 is open.",
    )
    runs.close_run(site, 2)
    assert run_steps.resume_run(site, 1, Said(operator="ab"))["state"] == "open"
    assert issuing.issue_labels(site, trigger("k3")).serials == serials(3)
    assert life(site)[1:] == [
        ("open", "paused", None, "mk", "changeover"),
        ("paused", "open", None, "ab", None),
    ]
    assert [kind for _, kind, _, run_id, _ in events(site) if run_id == 1] == [
        "run_opened",
        "run_paused",
        "run_resumed",
    ]


def test_paused_run_can_be_closed(site: Site, clock: plants.Clock) -> None:
    runs.open_run(site, order())
    run_steps.pause_run(site, 1, MK)
    clock.go_on(minutes=1)
    assert runs.close_run(site, 1, operator="mk", reason="rest is scrap") == opened(
        state="closed", closed_at=clock.now
    )
    assert life(site)[-1] == ("paused", "closed", None, "mk", "rest is scrap")
    assert refused(partial(run_steps.resume_run, site, 1, MK))[0] == 2006


def test_run_that_never_was_open_has_nothing_to_close_or_pause(site: Site) -> None:
    runs.plan_run(site, order())
    steps: list[tuple[Callable[..., Any], str]] = [
        (partial(runs.close_run, site, 1), "close it, it has to be open"),
        (partial(run_steps.pause_run, site, 1, MK), "pause it, it has to be open"),
        (partial(run_steps.resume_run, site, 1, MK), "resume it, it has to be paused"),
        (
            partial(run_steps.overrun_run, site, 1, MK, units=1),
            "let it overrun it, it has to be open",
        ),
    ]
    for step, what in steps[:3]:
        assert refused(step) == (
            2021,
            f"Run 1 is planned: to {what}.",
            "Open it: labeler run open 1; or withdraw it: labeler run withdraw 1.",
        )
    assert refused(steps[3][0])[0] == 2021
    with site.store.read() as transaction:
        assert refused(partial(site.pinned, transaction, 1)) == (
            2021,
            "Run 1 is planned: it never was open, and has no unit.",
            "Look at it: labeler run show 1.",
        )


def test_run_issues_more_than_planned_only_by_permission(site: Site) -> None:
    runs.open_run(site, order(quantity=2))
    issuing.issue_labels(site, trigger("k1", quantity=2))
    assert refusal(site, trigger("k2"))[0] == 2007
    said = Said(operator="mk", reason="two for the lab")
    assert run_steps.overrun_run(site, 1, said, units=2) == opened(
        quantity=2, overrun=2, issued=2, remaining=2
    )
    assert issuing.issue_labels(site, trigger("k2")).serials == serials(3)
    block = blocks.issue_block(site, BlockOrder(run_id=1, quantity=1, key="b1"))
    assert block["quantity"] == 1
    assert refusal(site, trigger("k3"))[:2] == (
        2007,
        "Run 1 has 0 of 4 units left, the trigger wants 1.",
    )
    assert life(site)[1:] == [("open", "open", 2, "mk", "two for the lab")]
    told = {"units": 2, "operator": "mk", "reason": "two for the lab"}
    assert (plants.NOON, "run_overrun", "http", 1, told) in events(site)


def test_overrun_of_a_series_with_too_few_numbers_is_refused(
    tmp_path: Path, database_url: str
) -> None:
    few = {"controller-sn": {"pattern": "AC{counter:1}"}}
    path = plants.write_site(tmp_path, database=database_url, series=few)
    with plants.opened(path) as service:
        runs.open_run(service.site, order(quantity=8))
        issuing.issue_labels(service.site, trigger("k1", quantity=7))
        assert refused(partial(run_steps.overrun_run, service.site, 1, MK, units=2)) == (
            3003,
            "Series 'controller-sn' has 2 numbers left, the run wants 3.",
            "Give the series a wider number in config.yaml.",
        )
        assert run_steps.overrun_run(service.site, 1, MK, units=1)["remaining"] == 2


def test_test_run_has_no_overrun(site: Site) -> None:
    runs.open_run(site, order(mode=RunMode.TEST))
    assert refused(partial(run_steps.overrun_run, site, 1, MK, units=1)) == (
        2021,
        "Run 1 is a test run: it issues as many units as it was opened with.",
        "Close it, and open another test run.",
    )


def test_run_names_the_run_that_it_reworks_and_both_show_it(site: Site) -> None:
    runs.open_run(site, order())
    assert refused(partial(runs.plan_run, site, order(rework_of=1))) == (
        2026,
        "Run 1 is open and has issued no unit that could be reworked.",
        "Name the run that made the units, or leave rework_of out.",
    )
    assert refused(partial(runs.plan_run, site, order(rework_of=9)))[0] == 2003
    issuing.issue_labels(site, trigger("k1"))
    assert runs.plan_run(site, order(rework_of=1))["rework_of"] == 1
    assert runs.open_run(site, order(line="line-2", rework_of=1))["rework_of"] == 1
    with site.store.read() as transaction:
        found = run_records.with_life(transaction, runs.show(transaction, 1))
    assert found["reworked_by"] == [2, 3]


def test_paused_runs_of_a_line_are_told_by_the_one_paused_last(
    site: Site, clock: plants.Clock
) -> None:
    for number in (1, 2):
        runs.open_run(site, order())
        run_steps.pause_run(site, number, MK)
    run_steps.resume_run(site, 1, MK)
    clock.now += timedelta(hours=1)
    run_steps.pause_run(site, 1, Said(operator="ab", reason="jam"))
    assert refusal(site, trigger("k"))[1] == (
        "Run 1 of line 'line-1' was paused by ab at 2026-11-23 13:00:00 UTC: jam."
    )
