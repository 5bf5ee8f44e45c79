"""The order of a planned run is changed; the record keeps who, why, and what it was."""

from functools import partial
from typing import Any

import pytest

from labeler.production import run_edits, runs
from labeler.production.run_records import Said
from labeler.production.site import Site
from tests.plants import NOON, order
from tests.production.record import refused, run

SAID = Said(operator="ab", reason="fewer boards came")


def edits(site: Site) -> list[dict[str, Any]]:
    with site.store.read() as transaction:
        return run_edits.edits(transaction, 1)


def test_an_order_is_changed_and_the_record_says_what_it_was(site: Site) -> None:
    planned = runs.plan_run(site, order(lot="L42", work_order="A", attributes={"revision": "C"}))
    changes = {"quantity": 280, "lot": None, "work_order": "A", "attributes": {"revision": "D"}}
    found = run_edits.edit_run(site, 1, SAID, changes=changes)
    new = {"quantity": 280, "remaining": 280, "lot": None, "attributes": {"revision": "D"}}
    assert found == run(site, 1) == {**planned, **new}
    assert edits(site) == [
        {
            "at": NOON,
            "channel": "http",
            "operator": "ab",
            "reason": "fewer boards came",
            "changes": {
                "quantity": {"old": 300, "new": 280},
                "lot": {"old": "L42", "new": None},
                "attributes": {"old": {"revision": "C"}, "new": {"revision": "D"}},
            },
        }
    ]
    assert runs.open_planned(site, 1, Said())["quantity"] == 280


@pytest.mark.parametrize(
    ("changes", "number"),
    [({}, 1002), ({"quantity": 300}, 1002), ({"expires_on": "2026-02-30"}, 2023)],
)
def test_changes_that_are_none_or_wrong_are_refused(
    site: Site, changes: dict[str, Any], number: int
) -> None:
    planned = runs.plan_run(site, order())
    assert refused(partial(run_edits.edit_run, site, 1, SAID, changes=changes))[0] == number
    assert (run(site, 1), edits(site)) == (planned, [])


def test_only_a_planned_run_is_edited(site: Site) -> None:
    runs.open_run(site, order())
    assert refused(partial(run_edits.edit_run, site, 1, SAID, changes={"quantity": 9})) == (
        2021,
        "Run 1 is open: to edit it, it has to be planned.",
        "Look at it: labeler run show 1.",
    )
    assert refused(partial(run_edits.edit_run, site, 7, SAID, changes={"quantity": 9}))[0] == 2003


def test_an_order_that_is_changed_while_it_is_opened_is_not_opened(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs.plan_run(site, order())
    checked = runs._checked

    def edited(*given: Any, **more: Any) -> Any:
        run_edits.edit_run(site, 1, SAID, changes={"quantity": 9})
        return checked(*given, **more)

    monkeypatch.setattr(runs, "_checked", edited)
    assert refused(partial(runs.open_planned, site, 1, Said())) == (
        2027,
        "The order of run 1 was changed while it was to be opened.",
        "Look at it, and open it again: labeler run show 1.",
    )
    assert run(site, 1)["state"] == "planned"
