"""Runs: open, close, list, show."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from labeler.production import issuing, runs
from labeler.production.site import Site
from labeler.store import schema
from tests import plants
from tests.plants import order, trigger
from tests.production.record import refused, rows, run


def opened(**changes: Any) -> dict[str, Any]:
    """Return what the plant's first run looks like."""
    return {
        "id": 1,
        "product": "AC-100",
        "line": "line-1",
        "quantity": 300,
        "issued": 0,
        "remaining": 300,
        "on_lease": 0,
        "lot": None,
        "work_order": None,
        "operator": None,
        "overrun": 0,
        "purchase_order": None,
        "sales_order": None,
        "shift": None,
        "expires_on": None,
        "best_before": None,
        "rework_of": None,
        "attributes": {},
        "state": "open",
        "opened_at": plants.NOON,
        "closed_at": None,
        "mode": "production",
        "series": "controller-sn",
        "series_version": 1,
        "template": "unit-label",
        "template_version": 1,
        "template_digest": plants.TEMPLATE_DIGEST,
        "template_state": "released",
        **changes,
    }


def events(site: Site) -> list[tuple[Any, ...]]:
    event = schema.event
    query = select(event.c.at, event.c.kind, event.c.channel, event.c.run_id, event.c.detail)
    with site.store.read() as transaction:
        return [tuple(row) for row in transaction.execute(query.order_by(event.c.id))]


def test_open_run_pins_what_it_needs_and_says_so(site: Site) -> None:
    given = {"lot": "L1", "work_order": "WO-7", "operator": "mk", "attributes": {"höhe": "3 µm"}}
    assert runs.open_run(site, order(**given)) == opened(**given) == run(site, 1)
    pinned = ["series_version", "template_version", "template_released"]
    assert [event[1] for event in events(site)[:3]] == pinned
    assert events(site)[3:] == [(plants.NOON, "run_opened", "http", 1, {"operator": "mk"})]


def test_open_run_of_an_unknown_line_or_product_is_refused(sqlite_site: Site) -> None:
    assert refused(partial(runs.open_run, sqlite_site, order(line="line-9"))) == (
        2001,
        "There is no line 'line-9'.",
        "Known: line-1, line-2.",
    )
    assert refused(partial(runs.open_run, sqlite_site, order(product="AC-9"))) == (
        2002,
        "There is no product 'AC-9'.",
        "Known: AC-100.",
    )


def test_open_second_run_on_a_line_is_refused_by_name(site: Site) -> None:
    runs.open_run(site, order())
    assert refused(partial(runs.open_run, site, order())) == (
        2004,
        "Line 'line-1' takes one open run at a time, and run 1 is open.",
        "Close it first: POST /api/v1/runs/1/close, or labeler run close 1.",
    )
    assert rows(site, schema.run) == 1
    assert runs.open_run(site, order(line="line-2"))["id"] == 2


def test_open_run_of_a_series_with_too_few_numbers_is_refused(
    tmp_path: Path, database_url: str
) -> None:
    path = plants.write_site(
        tmp_path, database=database_url, series={"controller-sn": {"pattern": "AC{counter:1}"}}
    )
    with plants.opened(path) as service:
        site = service.site
        runs.open_run(site, order(quantity=9))
        issuing.issue_labels(site, trigger("k1", quantity=4))
        assert refused(partial(runs.open_run, site, order(line="line-2", quantity=6))) == (
            3003,
            "Series 'controller-sn' has 5 numbers left, the run wants 6.",
            "Give the series a wider number in config.yaml.",
        )
        issuing.issue_labels(site, trigger("k2", quantity=5))
        assert refused(partial(runs.open_run, site, order(line="line-2", quantity=1)))[1] == (
            "Series 'controller-sn' has 0 numbers left, the run wants 1."
        )


def test_open_run_whose_label_cannot_be_printed_is_refused(site: Site, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    shown = {"text": {"x_mm": 4, "y_mm": 3, "size_mm": 4, "text": "{attributes.revision}"}}
    plants.write_template(folder, elements=[shown])
    assert refused(partial(runs.open_run, site, order())) == (
        4001,
        (
            "Template 'unit-label' shows 'attributes.revision', which this run does not have. "
            "Open the run with it, or take it out of the template."
        ),
        "Correct the template or the order; nothing was opened.",
    )
    assert (rows(site, schema.run), rows(site, schema.series_counter)) == (0, 0)
    assert runs.open_run(site, order(attributes={"revision": "C"}))["state"] == "open"


def test_open_run_whose_template_is_larger_than_the_media_is_refused(
    site: Site, tmp_path: Path
) -> None:
    plants.write_template(tmp_path / "site", media={"width_mm": 70, "height_mm": 50.5})
    assert refused(partial(runs.open_run, site, order()))[:2] == (
        4001,
        "Template 'unit-label' is 70 x 50.5 mm, the media of printer 'zebra-1' 70 x 40 mm.",
    )


def test_open_run_whose_template_went_away_is_refused(sqlite_site: Site, tmp_path: Path) -> None:
    (tmp_path / "site/templates/unit-label.yaml").unlink()
    number, sentence, hint = refused(partial(runs.open_run, sqlite_site, order()))
    file = tmp_path / "site/templates/unit-label.yaml"
    assert (number, sentence, hint) == (
        9004,
        f"There is no template 'unit-label': expected the file {file}.",
        "Name one that is there (none), or put unit-label.yaml into that folder.",
    )


def test_open_run_after_a_refused_one_does_not_remember_it(site: Site, tmp_path: Path) -> None:
    wide = {"text": {"x_mm": 4, "y_mm": 3, "size_mm": 4, "width_mm": 5, "text": "{run.lot}"}}
    plants.write_template(tmp_path / "site", elements=[wide])
    assert refused(partial(runs.open_run, site, order(lot="L" * 20)))[0] == 4001
    found = runs.open_run(site, order(lot="L"))
    assert found["template_version"] == 1
    assert issuing.issue_labels(site, trigger("k1")).run == found["id"]


def test_close_run_ends_it(site: Site, clock: plants.Clock) -> None:
    runs.open_run(site, order())
    clock.go_on(minutes=5)
    expected = opened(state="closed", closed_at=clock.now)
    assert runs.close_run(site, 1, channel="cli") == expected == run(site, 1)
    assert events(site)[4:] == [(clock.now, "run_closed", "cli", 1, {})]


def test_close_run_twice_is_refused(site: Site) -> None:
    runs.open_run(site, order())
    runs.close_run(site, 1)
    assert refused(partial(runs.close_run, site, 1)) == (
        2006,
        "Run 1 was closed at 2026-11-23 12:00:00 UTC.",
        "Open a new run.",
    )
    assert [event[1] for event in events(site)[3:]] == ["run_opened", "run_closed"]


@pytest.mark.parametrize("verb", [runs.close_run, run])
def test_run_that_is_not_there_is_refused(sqlite_site: Site, verb: Any) -> None:
    assert refused(partial(verb, sqlite_site, 7)) == (
        2003,
        "There is no run 7.",
        "List them: GET /api/v1/runs, or labeler run list.",
    )


def test_list_runs_page_by_page_the_newest_first(site: Site) -> None:
    for number in range(6):
        line = f"line-{1 + number % 2}"
        found = runs.open_run(site, order(line=line))
        if number < 4:
            runs.close_run(site, found["id"])

    def ids(**wanted: Any) -> list[int]:
        with site.store.read() as transaction:
            return [one["id"] for one in runs.list_runs(transaction, **wanted)]

    assert ids() == [6, 5, 4, 3, 2, 1]
    assert ids(limit=4) == [6, 5, 4, 3]
    assert ids(limit=4, before=3) == [2, 1]
    assert ids(state="open") == [6, 5]
    assert ids(line="line-1", state="closed") == [3, 1]
    assert ids(line="line-9") == []
    with site.store.read() as transaction:
        assert runs.list_runs(transaction, limit=1) == [run(site, 6)]
