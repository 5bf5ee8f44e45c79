"""Issuing: which serial it is, and what happens when there is none."""

from functools import partial
from pathlib import Path

from labeler.errors import Refusal
from labeler.production import runs, verifying
from labeler.production.booking import Reply
from labeler.production.site import Site
from labeler.store import schema
from labeler.units import RunMode
from tests import plants
from tests.plants import order, trigger
from tests.production.record import (
    at_once,
    issue,
    next_number,
    refusal,
    rows,
    run,
    serials,
)


def test_issue_label_counts_on_over_runs_and_lines(site: Site) -> None:
    runs.open_run(site, order(quantity=2))
    issue(site, trigger("k1", quantity=2))
    runs.close_run(site, 1)
    runs.open_run(site, order(quantity=2))
    runs.open_run(site, order(line="line-2", quantity=2))
    found = [
        issue(site, trigger("k2")),
        issue(site, trigger("k1", line="line-2")),
        issue(site, trigger("k3")),
    ]
    assert [reply.serials for reply in found] == [serials(3), serials(4), serials(5)]
    with site.store.read() as transaction:
        shown = [verifying.show_serial(transaction, reply.serials[0]) for reply in found]
    assert [(one["run"]["id"], one["number"], one["counter"]) for one in shown] == [
        (2, 1, 3),
        (3, 1, 4),
        (2, 2, 5),
    ]


def test_issue_label_dates_the_serial_in_the_zone_of_the_site(
    site: Site, clock: plants.Clock
) -> None:
    runs.open_run(site, order())
    clock.go_on(hours=11)  # 23:00 UTC is the next day in Berlin
    assert issue(site, trigger("k1")).serials[0].startswith("AC26328")


def test_issue_label_of_an_exhausted_series_issues_nothing(
    tmp_path: Path, database_url: str
) -> None:
    path = plants.write_site(
        tmp_path / "site",
        database=database_url,
        series={"controller-sn": {"pattern": "AC{counter:1}"}},
    )
    with plants.opened(path) as service:
        site = service.site
        runs.open_run(site, order(quantity=8))
        runs.open_run(site, order(line="line-2", quantity=8))
        issue(site, trigger("k1", quantity=7))
        assert refusal(site, trigger("k1", line="line-2", quantity=3)) == (
            3003,
            (
                "Series 'AC{counter:1}' is exhausted: expected a counter of at most 9, got 10; "
                "release a version of the series with a wider counter."
            ),
            "Give the series a wider counter.",
        )
        assert (next_number(site), run(site, 2)["issued"]) == (8, 0)
        found = issue(site, trigger("k2", line="line-2", quantity=2))
        assert found.serials == ("AC8", "AC9")


def two_series(folder: Path, database_url: str) -> Path:
    """Write a plant whose two series make the same texts: only test runs of both are opened."""
    return plants.write_site(
        folder,
        database=database_url,
        series={
            "controller-sn": {"pattern": "X{counter:4}"},
            "other-sn": {"pattern": "X{counter:4}"},
        },
        products={"AC-200": {"name": "Other", "series": "other-sn", "template": "unit-label"}},
    )


def test_issue_label_whose_serial_exists_is_refused(tmp_path: Path, database_url: str) -> None:
    with plants.opened(two_series(tmp_path / "site", database_url)) as service:
        site = service.site
        runs.open_run(site, order(mode=RunMode.TEST))
        runs.open_run(site, order(mode=RunMode.TEST, product="AC-200", line="line-2"))
        issue(site, trigger("k1", quantity=5))
        assert refusal(site, trigger("k1", line="line-2", quantity=2)) == (
            3002,
            "A serial of 'TEST-X0001' to 'TEST-X0002' exists already.",
            "Two series make the same text. Give one of them another literal.",
        )
        assert (rows(site, schema.unit), run(site, 2)["issued"]) == (5, 0)


def test_issue_label_whose_serial_exists_does_not_harm_its_neighbours(
    tmp_path: Path, database_url: str
) -> None:
    with plants.opened(two_series(tmp_path / "site", database_url)) as service:
        site = service.site
        runs.open_run(site, order(mode=RunMode.TEST))
        runs.open_run(site, order(mode=RunMode.TEST, product="AC-200", line="line-2"))
        issue(site, trigger("k0", quantity=5))
        wanted = [trigger(f"k{n}", line=f"line-{1 + n % 2}") for n in range(1, 11)]
        outcomes = at_once([partial(issue, site, one) for one in wanted])
        assert [type(one) for one in outcomes] == [Refusal, Reply] * 5
        assert {one.kind.number for one in outcomes[::2]} == {3002}
        assert (run(site, 1)["issued"], run(site, 2)["issued"]) == (10, 0)


def test_issue_label_goes_on_with_what_the_run_pinned(tmp_path: Path, database_url: str) -> None:
    folder = tmp_path / "site"
    with plants.opened(plants.write_site(folder, database=database_url)) as service:
        runs.open_run(service.site, order())
        issue(service.site, trigger("k1"))
    wider = {"controller-sn": {"pattern": "AD{counter:6}", "change": "continue"}}
    changed = plants.write_site(folder, database=database_url, series=wider)
    plants.write_template(folder, media={"width_mm": 60, "height_mm": 40})
    with plants.opened(changed) as service:
        site = service.site
        assert issue(site, trigger("k2")).serials == serials(2)
        runs.close_run(site, 1)
        second = runs.open_run(site, order())
        assert (second["series_version"], second["template_version"]) == (2, 2)
        assert issue(site, trigger("k3")).serials == ("AD000003",)
        first = run(site, 1)
        assert (first["series_version"], first["template_version"]) == (1, 1)
    with plants.opened(plants.write_site(folder, database=database_url)) as service:
        runs.close_run(service.site, 2)
        third = runs.open_run(service.site, order())
        assert (third["series_version"], third["template_version"]) == (1, 1)


def test_issue_label_begins_where_a_new_version_of_the_series_begins(
    tmp_path: Path, database_url: str
) -> None:
    folder = tmp_path / "site"
    with plants.opened(plants.write_site(folder, database=database_url)) as service:
        runs.open_run(service.site, order())
        issue(service.site, trigger("k1"))
        runs.close_run(service.site, 1)
    later = {"controller-sn": {"pattern": "AC{counter:5,start=500}", "change": "continue"}}
    path = plants.write_site(folder, database=database_url, series=later)
    with plants.opened(path) as service:
        runs.open_run(service.site, order())
        assert issue(service.site, trigger("k2")).serials == ("AC00500",)
