"""The dashboard: what it shows of the plant, and that looking at it costs little."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from labeler.app import Service
from labeler.production import recent_hours, run_steps, running_low, runs
from labeler.production.recalls import recalling
from labeler.production.recalls.criteria import Criteria
from labeler.production.run_records import Said
from labeler.store import Transaction
from tests import plants
from tests.plants import order, trigger
from tests.production.record import issue
from tests.web import accessing


@pytest.fixture
def clock() -> plants.Clock:
    return plants.Clock()


@pytest.fixture
def plant(tmp_path: Path, database_url: str, clock: plants.Clock) -> Iterator[Service]:
    path = plants.write_site(tmp_path / "site", database=database_url)
    with plants.opened(path, clock=clock) as opened:
        yield opened


@pytest.fixture
def client(service: Service) -> FlaskClient:
    """Return the browser of somebody who has signed in."""
    return accessing.visitor(service, "reader", "auditor").client


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what is asked of the database from now on."""
    found: list[str] = []
    run_sql, execute = Transaction.run_sql, Transaction.execute

    def note_sql(self: Transaction, sql: str, values: Any = ()) -> Any:
        found.append(sql)
        return run_sql(self, sql, values)

    def note(self: Transaction, statement: Any, *more: Any) -> Any:
        found.append(str(statement))
        return execute(self, statement, *more)

    monkeypatch.setattr(Transaction, "run_sql", note_sql)
    monkeypatch.setattr(Transaction, "execute", note)
    return found


def text(client: FlaskClient, address: str = "/dashboard") -> str:
    return " ".join(client.get(address).text.split())


def counts(service: Service) -> list[int]:
    with service.site.store.read() as transaction:
        return [one["count"] for one in recent_hours.last(service.site, transaction)]


def test_dashboard_of_an_empty_plant_says_that_nothing_is_wrong(client: FlaskClient) -> None:
    shown = text(client)
    assert "No printer says that anything is wrong." in shown
    assert "It is known of every label whether it was printed." in shown
    assert "No unit is called back now." in shown
    assert shown.count("No open run") == 2


def test_dashboard_shows_runs_that_are_open_or_else_paused(
    service: Service, client: FlaskClient
) -> None:
    opened = runs.open_run(service.site, order(quantity=10))["id"]
    issue(service.site, trigger("a", quantity=4))
    paused = runs.open_run(service.site, order(line="line-2"))["id"]
    run_steps.pause_run(service.site, paused, Said(operator="mk", reason="break"))
    shown = text(client)
    assert f'href="/runs/{opened}"' in shown
    assert '<progress max="10" value="4" aria-label="Issued by line-1">40%</progress>' in shown
    assert f'href="/runs/{paused}"' in shown
    assert "Paused" in shown
    assert "No open run" not in shown


def test_dashboard_names_open_recalls_and_not_closed_ones(
    service: Service, client: FlaskClient
) -> None:
    run = runs.open_run(service.site, order())["id"]
    issue(service.site, trigger("a", quantity=2))
    for name in ("R-1", "R-2"):
        wanted = recalling.RecallOrder(
            name=name, reason="cracked", operator="qa", criteria=Criteria(runs=(run,))
        )
        recalling.recall(service.site, wanted)
    ended = recalling.CloseOrder(name="R-1", reason="all back", operator="qa")
    recalling.close(service.site, ended)
    shown = text(client)
    assert 'href="/recalls/R-2"' in shown
    assert "R-1" not in shown


def test_part_for_htmx_is_no_whole_page(client: FlaskClient) -> None:
    part = client.get("/dashboard", headers={"HX-Request": "true"}).text
    assert part.lstrip().startswith('<div class="board" id="now"')


def test_last_hours_count_what_each_issued(plant: Service, clock: plants.Clock) -> None:
    runs.open_run(plant.site, order(quantity=100))
    issue(plant.site, trigger("a", quantity=3))
    clock.go_on(hours=1)
    issue(plant.site, trigger("b", quantity=5))
    assert counts(plant) == [0] * 22 + [3, 5]
    clock.go_on(hours=22)
    issue(plant.site, trigger("c", quantity=2))
    assert counts(plant) == [3, 5, *[0] * 21, 2]
    clock.go_on(hours=1)
    assert counts(plant) == [5, *[0] * 21, 2, 0]


def test_hours_that_are_over_are_counted_once(
    plant: Service, clock: plants.Clock, asked: list[str]
) -> None:
    clock.go_on(minutes=15)
    assert counts(plant) == [0] * 24
    assert asked.count(recent_hours.COUNT_SQL) == 24
    asked.clear()
    assert counts(plant) == [0] * 24
    assert asked.count(recent_hours.COUNT_SQL) == 1


def test_hours_are_counted_in_the_index_of_times(service: Service) -> None:
    with service.site.store.read() as transaction:
        now = transaction.time(plants.NOON)
        plan = transaction.run_sql(f"EXPLAIN QUERY PLAN {recent_hours.COUNT_SQL}", (now, now))
    assert "USING COVERING INDEX unit_allocated_at_id_index" in str(plan)


def test_dashboard_asks_as_often_of_many_runs_as_of_few(
    service: Service, client: FlaskClient, asked: list[str]
) -> None:
    def queries() -> int:
        asked.clear()
        text(client)
        return len(asked)

    text(client)
    before = queries()
    for number in range(40):
        runs.plan_run(service.site, order(work_order=f"WO-{number}"))
    assert queries() == before


def test_series_that_is_used_up_soon_is_told_of(tmp_path: Path, clock: plants.Clock) -> None:
    short = {"controller-sn": {"pattern": "AC{counter:2}"}}
    path = plants.write_site(tmp_path / "site", series=short)
    with plants.opened(path, clock=clock) as opened:
        with opened.site.store.read() as transaction:
            assert running_low.running_low(opened.site, transaction) == []
        runs.open_run(opened.site, order(quantity=90))
        issue(opened.site, trigger("a", quantity=30))
        clock.now += timedelta(days=1)
        with opened.site.store.read() as transaction:
            found = running_low.running_low(opened.site, transaction)
        assert [(one["name"], one["level"], one["left"]) for one in found] == [
            ("controller-sn", "ok", 69)
        ]
        reader = accessing.visitor(opened, "reader", "auditor").client
        for address in ("/dashboard", "/series", "/series/controller-sn"):
            assert "Used up soon" in text(reader, address)
        issue(opened.site, trigger("b", quantity=60))
        shown = text(reader)
    assert "80 % are used" in shown
    assert "9 of 99 left" in shown


@pytest.mark.parametrize(
    ("roles", "page"),
    [
        (["operator"], "/lines"),
        (["engineer"], "/dashboard"),
        (["operator", "qa"], "/dashboard"),
    ],
)
def test_start_leads_operators_to_their_lines(
    service: Service, roles: list[str], page: str
) -> None:
    answer = accessing.visitor(service, "mk", *roles).client.get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, page)
