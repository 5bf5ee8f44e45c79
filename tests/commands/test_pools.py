"""labeler pool import | status | return, without a service beside it."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from structlog.testing import capture_logs

from labeler import app, cli
from labeler.errors import Refusal
from tests import plants
from tests.commands.answers import Run, refusal, said

SERIES = {"controller-sn": {"pattern": "AC{imported:4}", "low_water": 2}}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    site = plants.write_site(tmp_path / "site", series=SERIES)
    monkeypatch.setitem(app.opened.__wrapped__.__kwdefaults__, "clock", plants.Clock())  # type: ignore[attr-defined]
    monkeypatch.chdir(tmp_path)

    def command(*words: Any) -> Result:
        with capture_logs():  # nobody has set them up, and then they go to standard output
            return CliRunner().invoke(cli.cli, ["--config", str(site), *map(str, words)])

    return command


def write(name: str, content: bytes) -> str:
    Path(name).write_bytes(content)
    return name


def test_pool_import_of_a_text_and_of_csv(run: Run) -> None:
    text = write("a.txt", b"AC0001\r\n\r\nAC0002\r\n")
    assert said(run("pool", "import", "controller-sn", text, "--dry-run")) == (
        0,
        "Would import 2 numbers into controller-sn from a.txt.\n",
    )
    done = (0, "Imported 2 numbers into controller-sn from a.txt.\n")
    assert said(run("pool", "import", "controller-sn", text, "--key", "k")) == done
    again = run("pool", "import", "controller-sn", text, "--key", "k")
    assert said(again) == done
    assert again.stderr == "Replayed: this key was served before; nothing was imported again.\n"
    table = write("b.csv", b"box;sn\n1;AC0003\n")
    options = ("--column", "sn", "--delimiter", "semicolon", "--operator", "mk", "--json")
    code, out = said(run("pool", "import", "controller-sn", table, *options))
    found = json.loads(out)
    assert (code, found["count"], found["operator"], found["source"]) == (0, 1, "mk", "b.csv")
    second = write("c.txt", b"2,AC0004\n")
    form = ("--format", "csv", "--column", "2")
    assert said(run("pool", "import", "controller-sn", second, *form))[0] == 0


def test_pool_import_refused_lists_the_lines(run: Run) -> None:
    text = write("a.txt", b"AC0001\nAC1\nAC0001\n")
    found = run("pool", "import", "controller-sn", text)
    assert refusal(found)[0] == 3012
    sentence = "Serial 'AC1' has 3 characters: expected 6 by pattern 'AC{imported:4}'."
    assert found.stderr == (
        f"line 2: {sentence}\nline 3: Number 'AC0001' stands on line 1 already.\n"
    )
    as_json = run("pool", "import", "controller-sn", text, "--json")
    assert json.loads(as_json.stdout)["bad_lines"] == {
        "count": 1,
        "first": [{"line": 2, "text": "AC1", "sentence": sentence}],
    }
    many = run("pool", "import", "controller-sn", write("b.txt", b"X\n" * 150))
    assert many.stderr.splitlines()[-1] == "... and 50 more."
    assert isinstance(many.exception, Refusal)


def test_pool_import_of_a_range(run: Run, tmp_path: Path) -> None:
    series = {
        "controller-sn": {"pattern": "{imported:12:hex}"},
        "phones": {"pattern": "{imported:14}{check:imei}"},
    }
    plants.write_site(tmp_path / "site", series=series)
    block = ("--mac-block", "00:1B:C5:0A:B0:00/36", "--step", "4", "--operator", "mk w")
    assert said(run("pool", "import", "controller-sn", *block)) == (
        0,
        ("Imported 1024 numbers into controller-sn from MAC block 00:1B:C5:0A:B0:00/36, step 4.\n"),
    )
    phones = ("--tac", "35209900", "--numbers", "0..9")
    assert said(run("pool", "import", "phones", *phones)) == (
        0,
        "Imported 10 numbers into phones from TAC 35209900, 000000 to 000009.\n",
    )
    assert said(run("pool", "status"))[1].splitlines()[1:] == [
        "controller-sn  1024     0          0         0        ",
        "phones         10       0          0         0        ",
    ]


def test_pool_import_of_more_than_other_bodies_may_have(run: Run) -> None:
    text = write("a.txt", b"".join(b"AC%04d\n" % n for n in range(10_000)) + b"\n" * 400_000)
    code, out = said(run("pool", "import", "controller-sn", text, "--json"))
    found = json.loads(out)
    assert (code, found["count"], found["blank_lines"]) == (0, 10_000, 400_000)


def test_pool_return_lists_what_went_back(run: Run) -> None:
    run("pool", "import", "controller-sn", write("a.txt", b"AC0001\nAC0002\nAC0003\nAC0004\n"))
    why = ("--reason", "order canceled", "--operator", "mk")
    last = ("--count", "1", *why, "--out", "back.csv", "--key", "r")
    done = (0, "Returned 1 number of controller-sn; it is listed in back.csv.\n")
    assert said(run("pool", "return", "controller-sn", *last)) == done
    assert said(run("pool", "return", "controller-sn", *last)) == done
    assert Path("back.csv").read_bytes() == b"number\r\nAC0004\r\n"
    one = ("--range", "AC0001", "AC0001", *why, "--out", "one.txt", "--json")
    assert json.loads(said(run("pool", "return", "controller-sn", *one))[1])["count"] == 1
    assert Path("one.txt").read_bytes() == b"AC0001\n"
    lost = run("pool", "return", "controller-sn", "--all", *why, "--out", "no/x.txt", "--key", "q")
    assert lost.exit_code == 1
    assert lost.stderr.startswith("Error: 2 numbers were returned, but no/x.txt cannot be written:")
    assert lost.stderr.endswith("Repeat the command with --key q.\n")
    again = ("--all", *why, "--out", "x.txt", "--key", "q")
    assert said(run("pool", "return", "controller-sn", *again))[0] == 0
    assert Path("x.txt").read_bytes() == b"AC0002\nAC0003\n"
    refused = run("pool", "return", "controller-sn", "--all", *why, "--out", "y.txt")
    assert refusal(refused)[0] == 3006


def test_pool_return_lists_on_standard_output(run: Run) -> None:
    run("pool", "import", "controller-sn", write("a.txt", b"AC0001\nAC0002\n"))
    why = ("--reason", "order canceled", "--operator", "mk")
    result = run("pool", "return", "controller-sn", "--all", *why, "--out", "-")
    assert (result.exit_code, result.stdout) == (0, "AC0001\nAC0002\n")
    assert result.stderr == "Returned 2 numbers of controller-sn.\n"
    assert not Path("-").exists()


def test_pool_status_shows_a_pool_and_says_that_it_runs_low(run: Run) -> None:
    run("pool", "import", "controller-sn", write("a.txt", b"AC0001\nAC0002\n"), "--operator", "mk")
    back = ("--count", "1", "--reason", "over", "--operator", "mk", "--out", "back.txt")
    run("pool", "return", "controller-sn", *back)
    code, out = said(run("pool", "status", "controller-sn"))
    assert (code, [line.split() for line in out.splitlines()]) == (
        0,
        [
            ["series", "waiting", "allocated", "returned", "low", "water"],
            ["controller-sn", "1", "0", "1", "2"],
            ["controller-sn", "runs", "low:", "import", "more."],
            ["id", "state", "count", "source", "operator", "finished", "at"],
            ["1", "done", "2", "a.txt", "mk", "2026-11-23T12:00:00.000Z"],
            ["id", "state", "count", "reason", "operator", "finished", "at"],
            ["1", "done", "1", "over", "mk", "2026-11-23T12:00:00.000Z"],
        ],
    )
    assert json.loads(said(run("pool", "status", "--json"))[1])[0]["waiting"] == 1
    assert refusal(run("pool", "status", "x"))[0] == 3008
