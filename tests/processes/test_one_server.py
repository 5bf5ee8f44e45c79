"""One service for one record and one address; whoever comes second is told who was first."""

import re
import socket

import psycopg
import pytest

from labeler import store
from labeler.errors import Refusal
from tests.e2e.harness import Service, labeler, make_site, serving
from tests.postgres import fresh_database

TIME = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d"


def test_a_second_server_on_the_same_sqlite_file_refuses_and_names_the_first(tmp_path):
    first = make_site(tmp_path / "first")
    database = first.folder / "data" / "labeler.db"
    second = make_site(tmp_path / "second", database_url=f"sqlite:///{database}")
    with serving(first) as (service, _):
        found = labeler(second, "serve")
        assert (found.code, found.out) == (4, "")
        assert re.fullmatch(
            f"labeler: The database {re.escape(str(database))} is held by "
            rf"process {service.popen.pid} \(labeler serve, {re.escape(first.url)}, "
            rf"since {TIME}\+00:00\)\.\n"
            r"One process writes to a SQLite file\. Stop that one, or use PostgreSQL\.\n",
            found.err,
        ), found.err
        assert not second.answers("/healthz")
        assert first.answers("/readyz")


def test_a_second_server_on_the_same_postgresql_database_refuses_and_names_the_first(
    tmp_path, postgres_url
):
    first = make_site(tmp_path / "first", database_url=postgres_url)
    second = make_site(tmp_path / "second", database_url=postgres_url)
    with serving(first):
        found = labeler(second, "serve")
        assert (found.code, found.out) == (4, "")
        assert re.fullmatch(
            rf"labeler: The database is held by 'labeler serve[^']*' at this host, since {TIME}\.\n"
            r"One service prints from a database\. Stop that one first\.\n",
            found.err,
        ), found.err
        assert first.answers("/readyz")


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_when_the_first_server_is_killed_the_second_may_start_at_once(tmp_path, request, database):
    url = request.getfixturevalue("postgres_url") if database == "postgresql" else None
    site = make_site(tmp_path / "site", database_url=url)
    with Service(site) as first:
        first.kill()
        with serving(site):
            pass


def test_a_taken_port_is_named_and_nothing_is_held(tmp_path):
    site = make_site(tmp_path / "site")
    with socket.socket() as other:
        other.bind(("127.0.0.1", site.http_port))
        other.listen()
        found = labeler(site, "serve")
        assert (found.code, found.out) == (3, "")
        assert found.err == (
            f"labeler: The service cannot listen at {site.url}: "
            "[Errno 98] Address already in use.\n"
            "Free that port, or choose another: http.port in config.yaml.\n"
        )
    with serving(site):
        pass


def test_a_taken_printer_port_is_named_where_a_virtual_printer_should_be(tmp_path):
    site = make_site(tmp_path / "site", emulated=True)
    with socket.socket() as other:
        other.bind(("127.0.0.1", site.printer_port))
        other.listen()
        found = labeler(site, "serve")
        assert found.code == 3
        assert "The virtual printer 'zebra-1' cannot start: " in found.err
        assert f"127.0.0.1:{site.printer_port}" in found.err
        assert "emulated: false" in found.err


def test_a_service_that_loses_its_hold_on_postgresql_ends(tmp_path, postgres_url):
    site = make_site(tmp_path / "site", database_url=postgres_url)
    with Service(site) as service:
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' "
                "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
        code = service.wait()
        assert (code, [line["event"] for line in service.log][-3:]) == (
            4,
            [
                "service.drained",
                "labeler: The lock of the database was lost: another service may hold it now.",
                "Start again; a service manager does so by itself.",
            ],
        )


def test_the_holder_that_is_named_holds_this_database_and_no_other(postgres_server):
    engines = [store.make_engine(fresh_database(postgres_server)) for _ in range(2)]
    try:
        with (
            store.hold(engines[0], who="first plant", address=""),
            store.hold(engines[1], who="second plant", address=""),
        ):
            named = []
            for engine in engines:
                with pytest.raises(Refusal) as refused, store.hold(engine, who="x", address=""):
                    pass
                named.append(refused.value.sentence.partition(" at ")[0])
    finally:
        for engine in engines:
            engine.dispose()
    assert named == [
        "The database is held by 'first plant'", "The database is held by 'second plant'",
    ]  # fmt: skip
