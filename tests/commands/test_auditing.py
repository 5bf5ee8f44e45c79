"""labeler audit show | verify | anchor, without a service beside them."""

import json
from pathlib import Path

from labeler import store
from tests import plants
from tests.commands.answers import Run, refusal
from tests.store.chains import forge


def begin(run: Run) -> None:
    """Open a run and issue one serial."""
    told = run("run", "open", "AC-100", "line-1", "300", "--operator", "mk")
    assert told.exit_code == 0
    assert run("issue", "line-1", "--no-print").exit_code == 0


def cut(site: Path, *statements: str) -> None:
    """Change the database of a site, with all rights."""
    engine = store.make_engine(f"sqlite:///{site.parent / 'labeler.db'}")
    forge(engine, *statements)
    engine.dispose()


def test_the_trail_is_shown_the_newest_first(run: Run, site: Path) -> None:
    begin(run)
    rows = json.loads(run("audit", "show", "--json").stdout)
    kinds = ["allocated", "run_opened", "template_released", "template_version", "series_version"]
    assert [row["what"] for row in rows] == kinds
    shown = run("audit", "show", "--who", "mk", "--limit", "5")
    assert (shown.exit_code, "run_opened" in shown.stdout) == (0, True)
    assert "allocated" not in shown.stdout
    one = run("audit", "show", "--oldest-first", "--limit", "1")
    assert "series_version" in one.stdout
    assert one.stderr == "These are 1; --limit shows more.\n"
    assert run("audit", "show", "--kind", "run_closed").stdout == "No such rows.\n"
    assert refusal(run("audit", "show", "--kind", "opened_run")) == (
        1002,
        "'opened_run' is no kind of row of the audit trail.",
    )


def test_a_trail_in_order_is_verified(run: Run, site: Path) -> None:
    begin(run)
    anchored = run("audit", "anchor")
    done = run("audit", "verify", "--anchor", anchored.stdout.strip())
    assert (done.exit_code, done.stdout) == (
        0,
        f"ok: 5 rows are as they were sealed, 2 anchors agree.\nIts end is {anchored.stdout}",
    )
    log = site.parent / "data" / "high-water-mark.anchors"
    assert anchored.stderr == f"It is in {log}, too; keep a copy elsewhere.\n"
    copy = run("audit", "verify", "--json", "--anchor", log)
    assert json.loads(copy.stdout)["ok"] is True


def test_of_a_long_log_the_newest_and_every_so_manieth_are_compared(
    run: Run, site: Path, tmp_path: Path
) -> None:
    begin(run)
    run("audit", "anchor")
    line = (site.parent / "data" / "high-water-mark.anchors").read_text()
    copy = tmp_path / "copy"
    copy.write_text(line * 20_001)
    done = run("audit", "verify", "--anchor", copy)
    assert (done.exit_code, done.stdout.splitlines()[0]) == (
        0, "ok: 5 rows are as they were sealed, 989 anchors agree."
    )  # fmt: skip
    assert done.stderr == (
        f"Of the 20001 anchors in {copy} 988 are compared: the newest 500, and one in 40 of "
        "those before.\n"
    )


def test_the_first_row_that_is_wrong_is_named(run: Run, site: Path) -> None:
    begin(run)
    cut(site, "UPDATE event SET kind = 'run_closed' WHERE id = 4")
    done = run("audit", "verify")
    said = (
        "changed: Row 4 is not what was sealed: event 4, 'run_closed' of "
        "2026-11-23T12:00:00.000000Z, or its hash was changed, put in or put elsewhere.\n"
        "3 of 5 rows before it are right.\n"
    )
    assert (done.exit_code, done.stdout) == (1, said)


def test_a_copy_of_the_anchors_kept_elsewhere_finds_a_tail_that_was_cut(
    run: Run, site: Path, tmp_path: Path
) -> None:
    begin(run)
    printed = run("audit", "anchor").stdout.strip()
    for one in (site.parent / "data").glob("high-water-mark.anchors*"):
        one.unlink()
    cut(site, "DELETE FROM audit_chain WHERE seq = 5", "DELETE FROM event WHERE id = 5")
    done = run("audit", "verify", "--anchor", printed)
    assert done.exit_code == 1
    assert done.stdout.startswith("cut: The trail ends at row 4, and row 5 was anchored: ")
    assert refusal(run("audit", "verify", "--anchor", "5:x"))[0] == 6030


def test_a_backup_is_told_and_put_back_at_once_loses_nothing(
    run: Run, site: Path, tmp_path: Path
) -> None:
    begin(run)
    assert run("backup", tmp_path / "one.db").exit_code == 0
    assert run("restore", tmp_path / "one.db").exit_code == 0
    assert run("site", "status").exit_code == 0
    [told] = json.loads(run("audit", "show", "--kind", "backup_begun", "--json").stdout)
    assert told["of"] == f"file {tmp_path / 'one.db'}"
    with plants.opened(site) as service:
        assert service.site.store.guard is not None
        assert service.site.store.guard.lock is None
