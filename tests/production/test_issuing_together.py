"""Issuing by many at once: threads of one process, and processes on one PostgreSQL database."""

import threading
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import select

from labeler.errors import Refusal
from labeler.production import issuing, runs
from labeler.production.booking import Reply
from labeler.production.site import Site
from labeler.store import Transaction, schema
from tests import plants
from tests.plants import order, trigger
from tests.production.record import at_once, refused, rows, run, serials


def test_issue_labels_from_sixteen_clients_with_repeated_keys(site: Site) -> None:
    for line in ("line-1", "line-2"):
        runs.open_run(site, order(line=line, quantity=1000))
    answers: dict[tuple[str, str], set[tuple[Any, ...]]] = {}
    fresh: list[str] = []
    lock = threading.Lock()

    def client(number: int) -> None:
        for index in range(125):
            key, line = f"k{number // 4 * 125 + index}", f"line-{1 + number % 2}"
            reply = issuing.issue_labels(site, trigger(key, line=line, quantity=1 + index % 2))
            with lock:
                found = answers.setdefault((line, key), set())
                found.add((reply.serials, reply.run, reply.job))
                fresh.extend([] if reply.replayed else reply.serials)

    at_once([partial(client, number) for number in range(16)])
    assert (len(answers), {len(found) for found in answers.values()}) == (1000, {1})
    assert sorted(fresh) == sorted({s for found in answers.values() for s in next(iter(found))[0]})
    assert len(fresh) == rows(site, schema.unit) == run(site, 1)["issued"] + run(site, 2)["issued"]


def test_issue_labels_from_two_processes_on_one_database(tmp_path: Path, postgres_url: str) -> None:
    path = plants.write_site(tmp_path / "site", database=postgres_url)
    with plants.together(path, 2) as services:
        sites = [service.site for service in services]
        runs.open_run(sites[0], order(quantity=1000))
        runs.open_run(sites[1], order(line="line-2", quantity=1000))
        outcomes: list[Reply] = []

        def client(number: int) -> None:
            for index in range(25):
                wanted = trigger(f"k{number}-{index}", line=f"line-{1 + index % 2}")
                outcomes.append(issuing.issue_labels(sites[number % 2], wanted))

        at_once([partial(client, number) for number in range(8)])
        issued = [serial for reply in outcomes for serial in reply.serials]
        assert sorted(issued) == sorted(serials(1, 200))
        assert (run(sites[0], 1)["issued"], run(sites[0], 2)["issued"]) == (104, 96)


def test_issue_labels_of_two_lines_of_one_series_by_two_processes_never_deadlocks(
    tmp_path: Path, postgres_url: str
) -> None:
    path = plants.write_site(tmp_path / "site", database=postgres_url)
    before = deadlocks(postgres_url)
    with plants.together(path, 2) as services:
        sites = [service.site for service in services]
        for line in ("line-1", "line-2"):
            runs.open_run(sites[0], order(line=line, quantity=1000))

        def client(number: int) -> None:
            for index in range(40):
                line = "line-1" if number % 4 == 0 else "line-2"  # process 1: both; 2: line-2
                wanted = trigger(f"k{number}-{index}", line=line)
                issuing.issue_labels(sites[number % 2], wanted)

        at_once([partial(client, number) for number in range(12)])
        assert rows(sites[0], schema.unit) == 12 * 40
    assert deadlocks(postgres_url) == before


def deadlocks(url: str) -> int:
    """Return how many deadlocks the server has ended in this database."""
    others = (
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with psycopg.connect(url, autocommit=True) as connection:
        # A session tells what it counted when it ends.
        plants.until(lambda: connection.execute(others).fetchone() == (0,))
        [found] = connection.execute(
            "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        )
    return int(found[0])


def test_issue_label_of_one_key_to_two_processes_is_one_label(
    tmp_path: Path, postgres_url: str
) -> None:
    path = plants.write_site(tmp_path / "site", database=postgres_url)
    with plants.together(path, 2) as services:
        sites = [service.site for service in services]
        runs.open_run(sites[0], order(quantity=1000))
        for index in range(40):
            wanted = trigger(f"k{index}")
            outcomes = at_once([partial(issuing.issue_labels, site, wanted) for site in sites])
            assert [type(one) for one in outcomes] == [Reply, Reply], outcomes
            assert {one.serials for one in outcomes} == {serials(index + 1)}
            assert sorted(one.replayed for one in outcomes) == [False, True]


def test_open_run_on_one_line_by_two_processes_is_one_run(
    tmp_path: Path, postgres_url: str
) -> None:
    path = plants.write_site(tmp_path / "site", database=postgres_url)
    with plants.together(path, 2) as services:
        sites = [service.site for service in services]
        runs.close_run(sites[0], runs.open_run(sites[0], order())["id"])
        for _ in range(20):
            outcomes = at_once([partial(runs.open_run, site, order()) for site in sites])
            refusals = [one for one in outcomes if isinstance(one, Refusal)]
            [opened] = [one for one in outcomes if not isinstance(one, Refusal)]
            assert [one.kind.number for one in refusals] == [2004]
            assert str(refusals[0]) == (
                f"Line 'line-1' takes one open run at a time, and run {opened['id']} is open. "
                f"Close it first: POST /api/v1/runs/{opened['id']}/close, "
                f"or labeler run close {opened['id']}."
            )
            runs.close_run(sites[0], opened["id"])


def test_open_first_runs_of_a_series_by_two_processes_are_both_opened(
    tmp_path: Path, postgres_url: str
) -> None:
    path = plants.write_site(tmp_path / "site", database=postgres_url)
    with plants.together(path, 2) as services:
        orders = [order(), order(line="line-2")]
        outcomes = at_once(
            [partial(runs.open_run, s.site, o) for s, o in zip(services, orders, strict=True)]
        )
        assert [type(one) for one in outcomes] == [dict, dict], outcomes
        assert {one["series_version"] for one in outcomes} == {1}


def test_open_run_that_the_database_refuses_is_refused_by_name(site: Site) -> None:
    runs.open_run(site, order())
    number, sentence, hint = refused(partial(site.store.write, unasked_second_run))
    assert (number, hint) == (2004, "List the runs.")
    assert sentence == (
        "Line 'line-1' takes one open run at a time, and another run was opened at the same moment."
    )


def unasked_second_run(transaction: Transaction) -> int:
    """Insert what the only open run says, without looking whether the line has one."""
    columns = [c for c in schema.run.columns if c.name not in ("id", "issued", "constants")]
    row = transaction.execute(select(*columns)).one()
    return runs._insert(transaction, dict(row._mapping))
