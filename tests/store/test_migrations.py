"""The schema in schema.py, the one that migrations make, and databases of other versions."""

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import delete, insert, inspect, select, text, update
from sqlalchemy.exc import IntegrityError

from labeler import store
from labeler.errors import Refusal
from labeler.store import migrate, schema, schema_runs, schema_templates
from tests.store import test_constraints


def test_migrations_make_what_the_schema_says(empty_database_url: str) -> None:
    engine = store.make_engine(empty_database_url)
    migrate.upgrade(engine)
    with engine.connect() as connection:
        options = {"compare_type": True, "target_metadata": schema.metadata}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, schema.metadata) == []
    engine.dispose()


def test_migrations_make_the_checks_the_schema_names(empty_database_url: str) -> None:
    engine = store.make_engine(empty_database_url)
    migrate.upgrade(engine)
    found = inspect(engine)
    made = {c["name"] for t in found.get_table_names() for c in found.get_check_constraints(t)}
    named = {
        str(constraint.name)
        for table in schema.metadata.sorted_tables
        for constraint in table.constraints
        if type(constraint).__name__ == "CheckConstraint"
    }
    assert made == named
    engine.dispose()


def test_migrations_bring_an_empty_database_to_the_newest_schema(empty_database_url: str) -> None:
    engine = store.make_engine(empty_database_url)
    assert migrate.current(engine) is None
    migrate.upgrade(engine)
    assert migrate.current(engine) == migrate.newest() == "0019"
    engine.dispose()


def test_migrations_newest_schema_is_the_head_that_alembic_finds() -> None:
    folder = Path(migrate.__file__).parent / "migrations"
    assert migrate.newest() == ScriptDirectory(str(folder)).get_current_head()


def test_migrations_change_nothing_the_second_time(empty_database_url: str) -> None:
    engine = store.make_engine(empty_database_url)
    migrate.upgrade(engine)
    tables = inspect(engine).get_table_names()
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO series_counter VALUES ('s', 1, '', 7)"))
    migrate.upgrade(engine)
    assert inspect(engine).get_table_names() == tables
    with engine.connect() as connection:
        assert connection.execute(text("SELECT next FROM series_counter")).scalar_one() == 7
    engine.dispose()


def test_migrations_refuse_a_schema_from_the_future(empty_database_url: str) -> None:
    engine = store.make_engine(empty_database_url)
    migrate.upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9876'"))
    with pytest.raises(Refusal) as caught:
        store.open_store(engine)
    assert (caught.value.kind.number, str(caught.value)) == (
        9005,
        (
            "The database has schema '9876', which this version does not know. "
            "It was written by a newer version: run that one."
        ),
    )
    engine.dispose()


def test_migrations_leave_nothing_behind_when_they_fail(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = store.make_engine(empty_database_url)

    def fail(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr("alembic.runtime.migration.MigrationContext._ensure_version_table", fail)
        with pytest.raises(ZeroDivisionError):
            migrate.upgrade(engine)
    assert inspect(engine).get_table_names() == []
    migrate.upgrade(engine)
    engine.dispose()


def test_migrations_begun_by_two_processes_happen_once(empty_postgres_url: str) -> None:
    engines = [store.make_engine(empty_postgres_url) for _ in range(4)]
    outcomes: list[Any] = []

    def open_it(engine: Any) -> None:
        try:
            migrate.upgrade(engine)
            outcomes.append(migrate.current(engine))
        except Refusal as refusal:
            outcomes.append(str(refusal))

    threads = [threading.Thread(target=open_it, args=(engine,)) for engine in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == ["0019"] * 4
    for engine in engines:
        engine.dispose()


def test_migrations_refuse_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "labeler.db"
    path.write_text("This is a shopping list, not a database. " * 30)
    engine = store.make_engine(f"sqlite:///{path}")
    with pytest.raises(Refusal) as caught:
        store.open_store(engine)
    assert (caught.value.kind.number, str(caught.value)) == (
        9002,
        (
            "The database cannot be opened: file is not a database. "
            "Check database.url, its disk and its server."
        ),
    )
    engine.dispose()


def test_migrations_refuse_a_server_that_is_not_there() -> None:
    engine = store.make_engine("postgresql://nobody@127.0.0.1:9/nothing")
    with pytest.raises(Refusal) as caught:
        store.open_store(engine)
    assert caught.value.kind.number == 9002
    assert caught.value.sentence.startswith("The database cannot be opened: connection failed: ")
    assert "\n" not in caught.value.sentence


def test_migrations_bring_along_the_numbers_of_pools(empty_database_url: str) -> None:
    engine = store.make_engine(empty_database_url)
    migrate.upgrade(engine, to="0003")
    at = "2026-11-23T12:00:00.000000Z"
    with engine.begin() as connection:
        run = connection.execute
        run(text("INSERT INTO number_series VALUES ('a', :at), ('b', :at)"), {"at": at})
        numbers = [("a", "1", "allocated"), ("b", "1", "unallocated"), ("a", "2", "unallocated")]
        for series, number, state in [*numbers, ("a", "3", "unallocated")]:
            values = {"series": series, "text": number, "state": state, "at": at}
            insert = "INSERT INTO pool_number (series, text, state, imported_at)"
            run(text(f"{insert} VALUES (:series, :text, :state, :at)"), values)
    migrate.upgrade(engine)
    with engine.connect() as connection:
        pools = connection.execute(select(schema.pool).order_by(schema.pool.c.series)).all()
        assert [tuple(row) for row in pools] == [("a", 4, 2, 1, 0), ("b", 2, 1, 0, 0)]
        imports = connection.execute(select(schema.pool_import)).all()
        assert sorted((row.series, row.state, row._mapping["count"]) for row in imports) == [
            ("a", "done", 3),
            ("b", "done", 1),
        ]
        ids = {row.series: row.id for row in imports}
        found = connection.execute(select(schema.pool_number)).all()
        assert {(row.series, row.import_id) for row in found} == set(ids.items())
    engine.dispose()


def test_migrations_bring_along_runs_and_units_that_have_no_identifiers(
    empty_database_url: str,
) -> None:
    engine = store.make_engine(empty_database_url)
    migrate.upgrade(engine, to="0004")
    with engine.begin() as connection:
        for name in ("series_version", "template_version", "run", "unit"):
            row = test_constraints.ROWS[name]
            connection.execute(insert(schema.metadata.tables[name]).values(**row))
    migrate.upgrade(engine)
    with engine.begin() as connection:
        [unit] = connection.execute(select(schema.unit)).all()
        assert (unit.id, unit.serial) == (1, "A1")
        for table in (schema.run_series, schema.unit_identifier):
            assert connection.execute(select(table)).all() == []
            connection.execute(insert(table).values(**test_constraints.ROWS[table.name]))
    engine.dispose()


def test_migrations_bring_along_what_runs_released(empty_database_url: str) -> None:
    engine = store.make_engine(empty_database_url)
    migrate.upgrade(engine, to="0007")
    rows = test_constraints.ROWS
    opened = [(1, 1, "production"), (2, 1, "production"), (3, 2, "test"), (4, 2, "production"),
              (5, 1, "test"), (6, 1, "production")]  # fmt: skip
    with engine.begin() as connection:
        connection.execute(insert(schema.series_version).values(**rows["series_version"]))
        for version in (1, 2):
            values = {"id": version, "version": version, "digest": f"d{version}"}
            row = {**rows["template_version"], **values}
            connection.execute(insert(schema.template_version).values(**row))
        for run_id, version, mode in opened:
            values = {"id": run_id, "template_version_id": version, "mode": mode}
            at = test_constraints.AT + timedelta(days=run_id)
            row = {**rows["run"], **values, "line": f"l{run_id}", "opened_at": at}
            connection.execute(insert(schema.run).values(**row))
        event = {**rows["event"], "unit_id": None, "label_id": None, "kind": "run_opened"}
        connection.execute(insert(schema.event).values(**event | {"run_id": 4, "channel": "cli"}))
    migrate.upgrade(engine)
    with engine.connect() as connection:
        found = connection.execute(select(schema_templates.template_release)).all()
        assert [
            (row.id, row.number, row.template_version_id, row.released_by, row.implicit)
            for row in found
        ] == [(1, 1, 1, "http", True), (2, 2, 2, "cli", True), (3, 3, 1, "http", True)]
        assert [row.released_at.day for row in found] == [24, 27, 29]
        pinned = select(schema.run.c.template_release_id).order_by(schema.run.c.id)
        assert list(connection.execute(pinned).scalars()) == [1, 1, None, 2, 1, 3]
    engine.dispose()


def test_migrations_bring_along_jobs_canceled_while_labels_were_on_their_way(
    empty_database_url: str,
) -> None:
    engine = store.make_engine(empty_database_url)
    migrate.upgrade(engine, to="0011")
    jobs = [
        ("processing", "canceled by mk: wrong lot"),
        ("completed", "canceled by mk: wrong lot"),
        ("processing", "held by mk: wrong lot"),
        ("held", "canceled by the operator at its panel"),
        ("canceled", None),
    ]
    with engine.begin() as connection:
        for name in ("series_version", "template_version", "run"):
            row = test_constraints.ROWS[name]
            connection.execute(insert(schema.metadata.tables[name]).values(**row))
        for number, (state, reason) in enumerate(jobs, start=1):
            row = {**test_constraints.ROWS["job"], "id": number, "state": state}
            connection.execute(insert(schema.job).values(**row, hold_reason=reason))
    migrate.upgrade(engine)
    with engine.connect() as connection:
        found = connection.execute(select(schema.job).order_by(schema.job.c.id)).all()
    assert [(row.state, row.hold_reason) for row in found] == jobs
    assert [row.cancel_unsent for row in found] == [True, True, False, False, False]
    engine.dispose()


def test_migrations_bring_along_the_steps_of_runs(empty_database_url: str) -> None:
    engine = store.make_engine(empty_database_url)
    migrate.upgrade(engine, to="0012")
    rows, later = test_constraints.ROWS, test_constraints.AT + timedelta(hours=1)
    with engine.begin() as connection:
        for name in ("series_version", "template_version", "run", "unit"):
            row = {**rows[name], "operator": "mk"} if name == "run" else rows[name]
            connection.execute(insert(schema.metadata.tables[name]).values(**row))
        ended = {**rows["run"], "id": 2, "state": "closed", "closed_at": later}
        connection.execute(insert(schema.run).values(**ended))
        for number, kind in enumerate(("run_opened", "run_closed"), start=1):
            told = {**rows["event"], "unit_id": None, "label_id": None, "kind": kind}
            values = {**told, "id": number, "run_id": 2, "channel": "cli"}
            connection.execute(insert(schema.event).values(**values))
    migrate.upgrade(engine)
    with engine.connect() as connection:
        runs = connection.execute(select(schema.run).order_by(schema.run.c.id)).all()
        assert [(run.state, run.overrun, run.rework_of) for run in runs] == [
            ("open", 0, None),
            ("closed", 0, None),
        ]
        assert connection.execute(select(schema.unit.c.run_id)).scalars().all() == [1]
        steps = connection.execute(select(schema_runs.run_step).order_by("id")).all()
        assert [tuple(step)[1:] for step in steps] == [
            (1, test_constraints.AT, None, "open", None, "mk", None, "http"),
            (2, test_constraints.AT, None, "open", None, None, None, "cli"),
            (2, later, "open", "closed", None, None, None, "cli"),
        ]
    engine.dispose()


@pytest.mark.parametrize("table", ["verification", "reconciliation"])
def test_verifications_and_reconciliations_are_never_changed(
    empty_database_url: str, table: str
) -> None:
    engine = store.make_engine(empty_database_url)
    migrate.upgrade(engine)
    with engine.begin() as connection:
        for name in ("series_version", "template_version", "run", "unit", "job", "label"):
            row = test_constraints.ROWS[name]
            connection.execute(insert(schema.metadata.tables[name]).values(**row))
        rows = schema.metadata.tables[table]
        connection.execute(insert(rows).values(**test_constraints.ROWS[table]))
    for statement in (update(rows).values(operator="ab"), delete(rows)):
        with (
            pytest.raises(IntegrityError, match=f"{table}_fixed"),
            engine.begin() as connection,
        ):
            connection.execute(statement)
    with engine.connect() as connection:
        assert list(connection.execute(select(rows.c.operator)).scalars()) == ["mk"]
    engine.dispose()


@pytest.mark.parametrize("table", ["template_version", "template_release"])
def test_versions_and_releases_of_templates_are_never_changed(
    empty_database_url: str, table: str
) -> None:
    engine = store.make_engine(empty_database_url)
    migrate.upgrade(engine)
    with engine.begin() as connection:
        for name in ("template_version", "template_release"):
            row = test_constraints.ROWS[name]
            connection.execute(insert(schema.metadata.tables[name]).values(**row))
    rows = schema.metadata.tables[table]
    for statement in (update(rows).values(template="u"), delete(rows)):
        with pytest.raises(IntegrityError, match=f"{table}_fixed"), engine.begin() as connection:
            connection.execute(statement)
    with engine.connect() as connection:
        assert list(connection.execute(select(rows.c.template)).scalars()) == ["t"]
    engine.dispose()
