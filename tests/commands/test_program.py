"""The program as a whole: its database, a service beside it, how it ends."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from labeler import cli, store
from labeler.errors import BAD_CONFIG, RUN_FULL, STORE_HELD, Refusal
from tests import plants
from tests.commands.answers import Run, refusal, said


def test_db_upgrade_says_what_it_did(site: Path, run: Run) -> None:
    (site.parent / "labeler.db").unlink()
    assert said(run("db", "upgrade")) == (0, "The database went from schema none to 0017.\n")
    assert said(run("db", "upgrade")) == (0, "The database has schema 0017 already.\n")


def test_db_upgrade_of_no_database_is_refused(site: Path, run: Run) -> None:
    (site.parent / "labeler.db").write_text("This is no database. " * 100)
    assert refusal(run("db", "upgrade")) == (
        9002,
        "The database cannot be opened: file is not a database.",
    )


def test_db_upgrade_of_a_newer_database_is_refused(site: Path, run: Run) -> None:
    run("db", "upgrade")
    engine = store.make_engine(f"sqlite:///{site.parent}/labeler.db")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9876'"))
    engine.dispose()
    assert refusal(run("db", "upgrade"))[0] == 9005


def test_command_on_a_database_held_by_no_service_is_refused(site: Path, run: Run) -> None:
    with plants.opened(site):
        number, sentence = refusal(run("run", "list"))
    assert number == 9003
    assert sentence.startswith(f"The database {site.parent}/labeler.db is held by process ")


def test_command_beside_a_service_on_postgresql_knows_of_it(
    site: Path, run: Run, postgres_url: str
) -> None:
    plants.write_site(site.parent, database=postgres_url)
    run("run", "open", "AC-100", "line-1", 5)
    with plants.opened(site):
        beside = run("issue", "line-1")
        assert (said(beside)[0], beside.stderr) == (0, "")
    alone = run("issue", "line-1")
    assert alone.stderr == "No service runs: the labels are printed when it starts.\n"


@pytest.mark.parametrize(
    ("kind", "code"), [(RUN_FULL, 1), (BAD_CONFIG, 3), (STORE_HELD, 4)], ids=str
)
def test_main_ends_with_the_sentence_the_hint_and_a_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], kind: Any, code: int
) -> None:
    def fail(**_: Any) -> None:
        raise Refusal(kind, "It is full.", hint="Make room.")

    monkeypatch.setattr("labeler.logs.configure", lambda **_: None)
    monkeypatch.setattr(cli.cli, "main", fail)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    captured = capsys.readouterr()
    assert (ended.value.code, captured.out, captured.err) == (
        code,
        "",
        "labeler: It is full.\nMake room.\n",
    )
    assert code in cli.EXIT_CODES


def test_main_that_has_a_bug_says_so_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(**_: Any) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("labeler.logs.configure", lambda **_: None)
    monkeypatch.setattr(cli.cli, "main", fail)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert (ended.value.code, capsys.readouterr().err) == (
        5,
        (
            "labeler: failed: ZeroDivisionError: a bug\n"
            "This is a bug. Set LABELER__LOG__LEVEL=debug and send the log.\n"
        ),
    )
