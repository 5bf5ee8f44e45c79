"""Restored, cut short, or with a broken log: what the record is then, and what goes on after it."""

from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy.engine import make_url

from labeler import app
from labeler.production import runs
from labeler.production.safekeeping import unlocking
from labeler.spooler import Spooler
from labeler.store import backing
from tests import plants
from tests.postgres import fresh_database, name_of
from tests.production import dying
from tests.production.safekeeping import Plant, issue, refusal, unlock

STEPS = ("half a copy", "copy", "sync", "log", "link", "sync", "replace", "sync")
"""Before which step a restore is killed; the first one in the middle."""


@pytest.fixture
def plant(tmp_path: Path) -> Plant:
    """Return a plant on SQLite that has issued five serials."""
    return Plant(tmp_path / "site")


def restore(plant: Plant, backup: Path, *, dies_at: int) -> int | None:
    """Restore in a process that is killed before that step; return how it ended."""
    return dying.ended(dying.restores, f"sqlite:///{plant.database}", backup, dies_at)


def serials(service: app.Service) -> set[str]:
    with service.site.store.read() as transaction:
        return {row[0] for row in transaction.run_sql("SELECT serial FROM unit")}


@pytest.mark.parametrize("dies_at", range(len(STEPS)))
def test_a_restore_that_is_killed_leaves_the_old_record_or_the_new_one(
    plant: Plant, dies_at: int
) -> None:
    backup = plant.database.with_name("kept.db")
    backing.back_up(f"sqlite:///{plant.database}", backup)
    acknowledged = plant.die(3)  # these are in the log only
    assert plant.log.stat().st_size > 0
    assert restore(plant, backup, dies_at=dies_at) == -9
    is_new = STEPS[dies_at] == "sync" and dies_at == len(STEPS) - 1
    with plants.opened(plant.path) as service:
        assert serials(service) == {*plant.before, *([] if is_new else acknowledged)}
        assert unlocking.state(service.site)["locked"] is is_new
    assert restore(plant, backup, dies_at=99) == 0
    with plants.opened(plant.path) as service:
        assert serials(service) == set(plant.before)
        assert unlocking.state(service.site)["lost"] == len(acknowledged)
    kept = sorted(plant.database.parent.glob("labeler.db.replaced-?"))
    assert set(acknowledged) <= set.union(*(_in(one) for one in kept))


def _in(database: Path) -> set[str]:
    with backing._reading(database) as connection:
        return {row[0] for row in connection.execute("SELECT serial FROM unit")}


def test_a_log_in_which_bytes_were_flipped_locks_the_site(plant: Plant) -> None:
    acknowledged = plant.die()
    content = bytearray(plant.log.read_bytes())
    content[len(content) // 2] ^= 0xFF
    plant.log.write_bytes(content)
    assert "is behind its high-water mark" in plant.locked()
    after = plant.go_on()
    assert set(after) & {*plant.before, *acknowledged} == set()


def test_a_database_of_another_site_in_the_place_of_ours_locks_it(
    plant: Plant, tmp_path: Path
) -> None:
    other = Plant(tmp_path / "other")
    other.database.replace(plant.database)
    assert "is about another database" in plant.locked()


@pytest.fixture
def printing(tmp_path: Path) -> Path:
    """Return a site of whose backup a label waits, and that issued another one since."""
    path = plants.write_site(tmp_path / "site")
    database = path.parent / "labeler.db"
    with plants.opened(path) as service:
        runs.open_run(service.site, plants.order())
        issue(service.site, "waits")
    backing.back_up(f"sqlite:///{database}", path.parent / "kept.db")
    with plants.opened(path) as service:
        issue(service.site, "lost")
    backing.restore(f"sqlite:///{database}", path.parent / "kept.db", overwrite=True)
    return path


def labels(service: app.Service) -> list[str]:
    with service.site.store.read() as transaction:
        rows = transaction.run_sql("SELECT state FROM label ORDER BY id")
    return [row[0] for row in rows]


def test_nothing_is_printed_while_locked_and_what_waited_is_held_when_printing_begins(
    printing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    began: list[list[str]] = []
    start = Spooler.start
    with plants.opened(printing) as service:

        def begin(spooler: Spooler) -> None:
            began.append(labels(service))
            start(spooler)

        monkeypatch.setattr(Spooler, "start", begin)
        with app.spooling(service) as spooler:
            assert (labels(service), began, spooler.alive) == (["queued"], [], False)
            assert unlock(service.site)["held"] == 1
            assert (began, spooler.alive) == ([["held"]], True)
        assert labels(service) == ["held"]


def _exchange(url: str, kept: str) -> None:
    """Put a copy of a database in its place, as pg_restore does with a dump."""
    own, other = name_of(url), name_of(kept)
    server = make_url(url).set(drivername="postgresql", database="postgres")
    with psycopg.connect(
        server.render_as_string(hide_password=False), autocommit=True
    ) as connection:
        connection.execute(f'DROP DATABASE "{own}" WITH (FORCE)')
        connection.execute(f'ALTER DATABASE "{other}" RENAME TO "{own}"')


def test_a_dump_put_back_on_postgres_locks_the_site_and_nothing_is_issued_again(
    tmp_path: Path, postgres_url: str, postgres_server: Any
) -> None:
    path = plants.write_site(tmp_path / "site", database=postgres_url)
    with plants.opened(path) as service:
        runs.open_run(service.site, plants.order())
        before = issue(service.site, "before", 5)
    kept = fresh_database(postgres_server, template=name_of(postgres_url))
    with plants.opened(path) as service:
        lost = issue(service.site, "lost", 7)
    _exchange(postgres_url, kept)
    with plants.opened(path) as service:
        site = service.site
        number, sentence = refusal(lambda: issue(site, "x"))
        assert (number, "is behind its high-water mark" in sentence) == (9010, True)
        assert unlocking.state(site)["lost"] == 7
        assert unlock(site)["steps"] == 7
        after = issue(site, "after", 20)
    assert set(after) & {*before, *lost} == set()


RANDOM = {"series": {"controller-sn": {"pattern": "R{random:10}"}}}


def test_a_random_series_is_locked_too_and_goes_on_with_what_the_record_has_not(
    tmp_path: Path,
) -> None:
    """What was drawn in the lost part nobody knows: the operator's guide says what that means."""
    plant = Plant(tmp_path / "site", **RANDOM)
    kept = plant.save()
    with plants.opened(plant.path) as service:
        issue(service.site, "lost", 3)
    plant.put_back(kept)
    assert "is behind its high-water mark" in plant.locked()
    after = plant.go_on(20)
    assert len(set(after) - set(plant.before)) == 20
