"""labeler backup | restore | site, without a service beside them."""

import json
import shutil
from pathlib import Path

import pytest

from tests import plants
from tests.commands.answers import Run, refusal


def begin(run: Run) -> None:
    """Open a run and issue one serial."""
    assert run("run", "open", "AC-100", "line-1", "300").exit_code == 0
    assert run("issue", "line-1", "--no-print").exit_code == 0


def units(path: Path) -> int:
    """Count the units of a site."""
    with plants.opened(path) as service, service.site.store.read() as transaction:
        return int(transaction.run_sql("SELECT count(*) FROM unit")[0][0])


def backed_up(run: Run, folder: Path) -> Path:
    """Back up to a file; return it."""
    target = folder / "one.db"
    done = run("backup", target)
    assert (done.exit_code, done.stdout) == (
        0,
        f"Backed up 1 units to {target}, and checked it.\n",
    )
    return target


def test_a_backup_is_taken_while_a_service_writes(run: Run, site: Path, tmp_path: Path) -> None:
    begin(run)
    with plants.opened(site):
        backed_up(run, tmp_path)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["one.db", "one.db.sha256", "site"]


def test_a_restored_site_is_locked_and_two_people_open_it(
    run: Run, site: Path, tmp_path: Path
) -> None:
    begin(run)
    target = backed_up(run, tmp_path)
    assert run("issue", "line-1", "--no-print", "-n", 3).exit_code == 0
    mark = (site.parent / "data" / "high-water-mark").read_bytes()
    assert refusal(run("restore", target))[0] == 9012
    assert run("restore", target, "--overwrite").exit_code == 0
    assert (site.parent / "data" / "high-water-mark").read_bytes() == mark
    assert (site.parent / "labeler.db.replaced-1").exists()
    status = run("site", "status", "--json")
    found = json.loads(status.stdout)
    assert (status.exit_code, found["locked"], found["lost"]) == (1, True, 3)
    assert refusal(run("issue", "line-1", "--no-print"))[0] == 9010
    people = ("--operator", "mk", "--approved-by", "ab", "--reason", "drill")
    done = run("site", "unlock", *people)
    assert (done.exit_code, "Unlocked by mk and ab: 3 numbers" in done.stdout) == (0, True)
    issued = run("issue", "line-1", "--no-print").stdout
    assert issued.startswith("AC"), issued
    assert issued[7:12] == "00005"
    assert run("site", "status").exit_code == 0


def test_a_backup_that_was_changed_or_lost_its_digest_is_not_restored(
    run: Run, site: Path, tmp_path: Path
) -> None:
    begin(run)
    target = backed_up(run, tmp_path)
    content = target.read_bytes()
    target.write_bytes(content[:-1] + b"x")
    assert refusal(run("restore", target))[0] == 9011
    target.write_bytes(content)
    target.with_name("one.db.sha256").unlink()
    assert refusal(run("restore", target))[0] == 9011
    assert units(site) == 1


def test_a_backup_is_never_overwritten(run: Run, tmp_path: Path) -> None:
    begin(run)
    target = backed_up(run, tmp_path)
    before = target.read_bytes()
    assert refusal(run("backup", target))[0] == 9012
    assert target.read_bytes() == before


def test_a_database_in_use_is_not_restored(run: Run, site: Path, tmp_path: Path) -> None:
    begin(run)
    target = backed_up(run, tmp_path)
    with plants.opened(site):
        assert refusal(run("restore", target))[0] == 9003


def test_a_damaged_database_is_restored_only_when_told(
    run: Run, site: Path, tmp_path: Path
) -> None:
    begin(run)
    target = backed_up(run, tmp_path)
    (site.parent / "labeler.db").write_bytes(b"no database at all" * 1000)
    assert refusal(run("restore", target))[0] == 9012
    assert run("restore", target, "--overwrite").exit_code == 0
    assert units(site) == 1


@pytest.mark.parametrize("words", [("backup", "x.db"), ("restore", "x.db")])
def test_postgres_has_its_own_tools(
    words: tuple[str, str], run: Run, site: Path, postgres_url: str, tmp_path: Path
) -> None:
    shutil.rmtree(site.parent)
    plants.write_site(site.parent, database=postgres_url)
    assert refusal(run(words[0], tmp_path / words[1]))[0] == 9008
