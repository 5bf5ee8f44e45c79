"""Failures by line and hour: hours of the site's clock, in pages that lose and repeat nothing."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from labeler.production import runs
from labeler.production.quality import failure_rates
from labeler.production.quality.failure_rates import Wish
from labeler.production.site import Site
from tests import plants
from tests.plants import order, trigger
from tests.production.record import issue, refused
from tests.production.verified import verify


def failures(site: Site, *, limit: int = 1000, **wish: Any) -> list[dict[str, Any]]:
    with site.store.read() as transaction:
        found = failure_rates.failures(site, transaction, Wish(**wish), limit=limit)
    hours: list[dict[str, Any]] = found["hours"]
    return hours


def scan_at(site: Site, clock: plants.Clock, moments: Iterable[datetime], **said: Any) -> None:
    """Scan something that is no serial at each of these moments."""
    for moment in moments:
        clock.now = moment
        verify(site, "X", **said)


def counted(hours: list[dict[str, Any]]) -> list[tuple[str, str | None, int]]:
    return [(one["hour"], one["line"], one["failed"]) for one in hours]


def test_the_hour_that_comes_twice_is_two_hours(site: Site, clock: plants.Clock) -> None:
    """Berlin, 25 October 2026: at 03:00 of summer time it is 02:00 again."""
    first = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)
    scan_at(site, clock, (first + timedelta(minutes=30 * n) for n in range(6)))
    assert counted(failures(site)) == [
        ("2026-10-25T01:00:00+02:00", None, 1),
        ("2026-10-25T02:00:00+02:00", None, 2),
        ("2026-10-25T02:00:00+01:00", None, 2),
    ]


def test_the_hour_that_is_left_out_is_not_there(site: Site, clock: plants.Clock) -> None:
    """Berlin, 29 March 2026: at 02:00 it is 03:00."""
    clock.now = datetime(2026, 3, 29, 4, tzinfo=UTC)
    first = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    scan_at(site, clock, (first + timedelta(hours=n) for n in range(2)))
    clock.go_on(hours=1)
    assert counted(failures(site)) == [
        ("2026-03-29T01:00:00+01:00", None, 1),
        ("2026-03-29T03:00:00+02:00", None, 1),
    ]


def test_hours_are_the_sites_where_they_begin_between_those_of_utc(
    tmp_path: Path, database_url: str, clock: plants.Clock
) -> None:
    path = plants.write_site(
        tmp_path / "site", database=database_url, site={"timezone": "Asia/Kathmandu"}
    )
    with plants.opened(path, clock=clock) as service:
        first = datetime(2026, 11, 23, 12, 14, 59, tzinfo=UTC)
        scan_at(service.site, clock, (first, first + timedelta(seconds=1)))
        clock.go_on(hours=1)
        assert counted(failures(service.site)) == [
            ("2026-11-23T17:00:00+05:45", None, 1),
            ("2026-11-23T18:00:00+05:45", None, 1),
        ]


def _a_week(site: Site, clock: plants.Clock) -> dict[str, Any]:
    began = datetime(2026, 11, 2, 7, 20, tzinfo=UTC)
    for line in (None, "line-1", "line-2"):
        scan_at(site, clock, (began + timedelta(hours=31 * n) for n in range(5)), line=line)
    return {"since": began, "until": began + timedelta(days=7)}


@pytest.mark.parametrize("limit", [1, 2, 4])
def test_pages_together_are_the_whole(site: Site, clock: plants.Clock, limit: int) -> None:
    wish = _a_week(site, clock)
    whole = failures(site, **wish)
    paged: list[dict[str, Any]] = []
    after = None
    while found := failures(site, limit=limit, after=after, **wish):
        paged += found[:limit]
        after = paged[-1]["cursor"]
    assert (len(whole), paged) == (15, whole)


def test_one_line_is_asked_for_alone(site: Site, clock: plants.Clock) -> None:
    wish = _a_week(site, clock)
    whole = failures(site, **wish)
    assert failures(site, line="line-2", **wish) == [
        one for one in whole if one["line"] == "line-2"
    ]


def test_a_part_of_an_hour_counts_what_is_in_it(site: Site, clock: plants.Clock) -> None:
    noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
    scan_at(site, clock, (noon + timedelta(minutes=10 * n) for n in range(6)))
    own: dict[str, Any] = {
        "since": noon + timedelta(minutes=10),
        "until": noon + timedelta(minutes=40),
    }
    assert counted(failures(site, **own)) == [("2026-11-23T13:00:00+01:00", None, 3)]


def test_a_cursor_that_is_none_is_refused(site: Site) -> None:
    assert refused(partial(failures, site, after="yesterday")) == (
        1002,
        "after is 'yesterday': expected `next` of the page before.",
        "Leave it out for the first page.",
    )


def test_a_scan_of_which_nobody_said_the_line_counts_for_that_of_its_run(
    site: Site, clock: plants.Clock
) -> None:
    runs.open_run(site, order(line="line-2"))
    issue(site, trigger("k1", line="line-2", print=False))
    verify(site)
    verify(site)
    verify(site, line="line-1")
    clock.go_on(minutes=1)
    found = [(one["line"], one["verified"], one["failed"]) for one in failures(site)]
    assert found == [("line-1", 1, 1), ("line-2", 2, 1)]
    assert [one["line"] for one in failures(site, line="line-2")] == ["line-2"]
