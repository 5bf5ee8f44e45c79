"""A series is released: the version that config.yaml describes is there before a run needs it."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from labeler.production import runs, series_releases
from labeler.production.site import Site
from labeler.production.template_releases import Statement
from labeler.store import schema
from tests.plants import order
from tests.production.record import refused, rows
from tests.production.test_series import drawn, plant

SAID = Statement(by="mk", channel="http", comment="B from now on")
NAME = "controller-sn"


def release(site: Site, name: str = NAME) -> dict[str, Any]:
    return series_releases.release(site, name, SAID)


def trail(site: Site) -> list[dict[str, Any]]:
    event = schema.event
    query = select(event.c.detail).where(event.c.kind == "series_version").order_by(event.c.id)
    with site.store.read() as transaction:
        return list(transaction.execute(query).scalars())


def test_what_was_released_is_what_the_next_run_takes(tmp_path: Path, database_url: str) -> None:
    with plant(tmp_path, database_url, series={"pattern": "A{counter:4}"}) as (site, _):
        found = release(site)
        assert (found["version"], found["is_pinned"], found["issued"]) == (1, True, 0)
        assert runs.open_run(site, order())["series_version"] == 1
        assert drawn(site, "a") == ["A0001"]
        runs.close_run(site, 1)
    changed = {"pattern": "B{counter:4}", "change": "continue"}
    with plant(tmp_path, database_url, series=changed) as (site, _):
        found = release(site)
        assert [one["pattern"] for one in found["versions"]] == ["A{counter:4}", "B{counter:4}"]
        assert runs.open_run(site, order())["series_version"] == 2
        assert drawn(site, "b") == ["B0002"]
        assert trail(site) == [
            {
                "series": NAME,
                "version": version,
                "old": old,
                "new": new,
                "operator": "mk",
                "reason": "B from now on",
            }
            for version, old, new in (
                (1, None, "A{counter:4}"),
                (2, "A{counter:4}", "B{counter:4}"),
            )
        ]


def test_a_release_takes_no_number_and_is_made_once(tmp_path: Path, database_url: str) -> None:
    with plant(tmp_path, database_url, series={"pattern": "A{counter:4}"}) as (site, _):
        release(site)
        assert refused(lambda: release(site)) == (
            4004,
            "Series 'controller-sn' as config.yaml says it is its version 1 already.",
            (
                "Nothing needs releasing. After a change of config.yaml the service has to start "
                "again."
            ),
        )
        assert refused(lambda: release(site, "x"))[0] == 3008
        assert (rows(site, schema.series_version), len(trail(site))) == (1, 1)
        runs.open_run(site, order())
        assert drawn(site, "a") == ["A0001"]


@pytest.mark.parametrize(
    ("changed", "number"),
    [
        ({"pattern": "C{counter:4}"}, 3004),
        ({"pattern": "A{counter:4,start=2}", "change": "restart"}, 3005),
    ],
)
def test_what_would_refuse_the_next_run_refuses_the_release(
    tmp_path: Path, database_url: str, changed: dict[str, Any], number: int
) -> None:
    with plant(tmp_path, database_url, series={"pattern": "A{counter:4}"}) as (site, _):
        runs.open_run(site, order())
        drawn(site, "a", "b")
        runs.close_run(site, 1)
    with plant(tmp_path, database_url, series=changed) as (site, _):
        refusal = refused(lambda: release(site))
        assert refusal[0] == number
        assert refused(lambda: runs.open_run(site, order()))[:2] == refusal[:2]
        assert rows(site, schema.series_version) == 1
