"""labeler lease, without a service beside it."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from structlog.testing import capture_logs

from labeler import app, cli
from tests import plants
from tests.commands.answers import Run, refusal, said
from tests.production.record import serials

OWN = serials(1, 12)
SAID = ("--reason", "order canceled", "--operator", "mk")


@pytest.fixture
def clock() -> plants.Clock:
    """The site's clock; it stands at NOON."""
    return plants.Clock()


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: plants.Clock) -> Run:
    site = plants.write_site(tmp_path / "site")
    monkeypatch.setitem(app.opened.__wrapped__.__kwdefaults__, "clock", clock)  # type: ignore[attr-defined]
    monkeypatch.chdir(tmp_path)

    def command(*words: Any) -> Result:
        with capture_logs():  # nobody has set them up, and then they go to standard output
            return CliRunner().invoke(cli.cli, ["--config", str(site), *map(str, words)])

    said(command("run", "open", "AC-100", "line-1", 50))
    return command


def test_a_lease_goes_out_as_a_file_and_comes_back_as_files(run: Run) -> None:
    opened = ("lease", "open", 1, 12, "--holder", "Miller Ltd", "--expires", "24h", "--key", "l1")
    shown = (
        "id          1\n"
        "state       open\n"
        "holder      Miller Ltd\n"
        "run         1\n"
        "quantity    12\n"
        "open        12\n"
        "used        0\n"
        "voided      0\n"
        "overdue     False\n"
        f"first       {OWN[0]}\n"
        f"last        {OWN[11]}\n"
        "opened at   2026-11-23T12:00:00.000Z\n"
        "expires at  2026-11-24T12:00:00.000Z\n"
    )
    assert said(run(*opened, "--out", "out.txt")) == (0, shown)
    assert Path("out.txt").read_text().split() == list(OWN)
    assert said(run(*opened, "--out", "out.csv")) == (0, shown)
    assert Path("out.csv").read_text().splitlines()[1].startswith(f"1,{OWN[0]},leased,")
    Path("used.txt").write_text("\n".join(OWN[:6]))
    told = (0, "6 serials of lease 1 are used; 6 are open.\n")
    assert said(run("lease", "used", 1, "used.txt", "--key", "u1")) == told
    again = run("lease", "used", 1, "used.txt", "--key", "u1")
    assert said(again) == told
    assert again.stderr == "Replayed: this key was served before; nothing was changed again.\n"
    Path("void.csv").write_text(f"box,sn\n1,{OWN[6]}\n")
    assert said(run("lease", "void", 1, "void.csv", "--column", "sn", *SAID)) == (
        0,
        "1 serial of lease 1 is voided; 5 are open.\n",
    )
    names = ("--serial", OWN[7], "--range", OWN[8], OWN[9])
    assert (
        said(run("lease", "used", 1, *names))[1] == "3 serials of lease 1 are used; 2 are open.\n"
    )
    assert said(run("lease", "show", 1, "--out", "rest.txt", "--state", "leased"))[0] == 0
    assert Path("rest.txt").read_text().split() == list(OWN[10:])
    assert refusal(run("lease", "close", 1)) == (
        3023,
        "Lease 1 has 2 of 12 serials of which Miller Ltd has not said what became of them.",
    )
    assert said(run("lease", "close", 1, "--void-rest", *SAID)) == (
        0,
        "Lease 1 is closed; 2 serials were voided.\n",
    )
    found = said(run("lease", "show", 1))[1]
    assert [line.split()[1] for line in found.splitlines()[-4:]] == [
        "close",
        "used",
        "void",
        "used",
    ]


def test_wrong_serials_are_listed_by_line(run: Run) -> None:
    said(run("lease", "open", 1, 12, "--holder", "Miller Ltd", "--expires", "7d"))
    Path("used.txt").write_text(f"{OWN[0]}\nX\n")
    found = run("lease", "used", 1, "used.txt")
    assert refusal(found) == (
        3022,
        (
            "1 of 2 lines cannot be reported as used. Nothing was changed. Line 2: Serial 'X' is "
            "not of lease 1."
        ),
    )
    assert found.stderr == "line 2: Serial 'X' is not of lease 1.\n"
    Path("used.txt").write_text("X\n" * 150)
    many = run("lease", "used", 1, "used.txt")
    assert many.stderr.splitlines()[-1] == "... and 50 more."
    as_json = run("lease", "used", 1, "used.txt", "--json")
    assert json.loads(as_json.stdout)["wrong"]["count"] == 150
    for words in (("used", 1), ("used", 1, "used.txt", "--serial", OWN[0])):
        wrong = run("lease", *words)
        assert wrong.exit_code == 2
        assert "Name serials in one way: FILE, or --serial and --range." in wrong.stderr


def test_overdue_leases_are_listed_and_extended(run: Run, clock: plants.Clock) -> None:
    assert said(run("lease", "list")) == (0, "No leases.\n")
    said(run("lease", "open", 1, 2, "--holder", "A", "--expires", "90min"))
    said(run("lease", "open", 1, 2, "--holder", "B", "--expires", "2026-12-01T06:00:00Z"))
    clock.go_on(hours=2)
    listed = json.loads(said(run("lease", "list", "--overdue", "--json"))[1])
    assert [(one["id"], one["overdue"]) for one in listed] == [(1, True)]
    told = said(run("lease", "used", 1, "--serial", OWN[0]))[1]
    assert told == "1 serial of lease 1 is used; 1 is open. The lease had expired.\n"
    longer = said(run("lease", "extend", 1, "--expires", "3h", *SAID))[1]
    assert longer == "Lease 1 expires at 2026-11-23T17:00:00.000Z.\n"
    assert said(run("lease", "list", "--overdue")) == (0, "No leases.\n")
    newest = run("lease", "list", "--limit", 1)
    assert said(newest)[1].splitlines()[1].split()[:3] == ["2", "open", "B"]
    assert newest.stderr == "These are the newest 1; --limit shows more.\n"
    wrong = run("lease", "extend", 1, "--expires", "soon", *SAID)
    assert wrong.exit_code == 2
    assert "'soon': expected 2026-12-01T06:00:00Z, 90min, 24h or 7d." in wrong.stderr


def test_serials_of_a_lease_are_listed_on_standard_output(run: Run) -> None:
    run("run", "open", "AC-100", "line-1", 12)
    result = run("lease", "open", 1, 2, "--holder", "A", "--expires", "1h", "--out", "-")
    again = run("lease", "show", 1, "--out", "-")
    listed = "".join(f"{serial}\n" for serial in serials(1, 2))
    assert (result.stdout, again.stdout) == (listed, listed)
    assert result.stderr.splitlines()[0].split() == ["id", "1"]
    assert not Path("-").exists()


def test_a_file_that_cannot_be_written_loses_no_lease(run: Run) -> None:
    Path("gone").mkdir()
    words = ("lease", "open", 1, 2, "--holder", "A", "--expires", "1h", "--out", "gone/no/out.txt")
    found = run(*words)
    assert (found.exit_code, "The lease is there: labeler lease show 1" in found.stderr) == (
        1,
        True,
    )
    assert said(run("lease", "show", 1, "--out", "out.txt"))[0] == 0
    assert Path("out.txt").read_text().split() == list(OWN[:2])


def test_check_of_a_leased_serial_is_no_success(run: Run) -> None:
    said(run("lease", "open", 1, 2, "--holder", "A", "--expires", "1h"))
    found = run("check", OWN[0])
    assert (found.exit_code, found.stdout) == (
        1,
        (
            f"Serial '{OWN[0]}' was issued by run 1 (AC-100 on line-1) and given to A on lease 1, "
            f"which has not said what became of it.\n"
        ),
    )
