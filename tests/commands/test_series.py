"""Commands about number series; none takes a number."""

import json
import tracemalloc
from pathlib import Path

import pytest

from labeler.commands import generating as command
from labeler.errors import Refusal
from labeler.production import generating
from labeler.serials import parse_pattern
from tests import plants
from tests.commands.answers import Run, refusal, said
from tests.production.record import serials

PATTERNS = {"controller-sn": {"pattern": "A{counter:4}"}, "other-sn": {"pattern": "B{random:6}"}}


@pytest.fixture
def two(site: Path) -> Path:
    """Let the plant have a counter and a random series."""
    return plants.write_site(site.parent, series=PATTERNS)


def test_series_list_shows_where_each_stands(two: Path, run: Run) -> None:
    run("run", "open", "AC-100", "line-1", 5)
    run("issue", "line-1", "-n", 3)
    _, shown = said(run("series", "list"))
    assert [line.split() for line in shown.splitlines()] == [
        ["name", "kind", "version", "issued", "left", "fill", "percent", "exhausted", "at",
         "next", "serial"],
        ["controller-sn", "sequential", "1", "3", "9996", "0.0", "2036-01-07T12:00:00.000Z",
         "A0004"],
        ["other-sn", "random", "1", "0", "500000", "0.0"],
    ]  # fmt: skip
    assert [one["name"] for one in json.loads(run("series", "list", "--json").stdout)] == [
        "controller-sn",
        "other-sn",
    ]


def test_series_show_names_options_and_versions(run: Run) -> None:
    run("run", "open", "AC-100", "line-1", 5)
    code, shown = said(run("series", "show", "controller-sn"))
    assert (code, "".join(f"{line.rstrip()}\n" for line in shown.splitlines())) == (
        0,
        (
            "name          controller-sn\n"
            "kind          sequential\n"
            f"pattern       {plants.PATTERN}\n"
            "version       1\n"
            "epoch         1\n"
            "products      AC-100\n"
            "issued        0\n"
            f"next serial   {plants.FIRST}\n"
            "used          0\n"
            "limit         99999\n"
            "left          99999\n"
            "fill percent  0.0\n"
            "per day       0.0\n"
            "options       width 5, alphabet digits, start 1, step 1, reset never\n"
            "version  epoch  issued  created at                pattern\n"
            f"1        1      0       2026-11-23T12:00:00.000Z  {plants.PATTERN}\n"
        ),
    )
    assert refusal(run("series", "show", "x")) == (3008, "There is no series 'x'.")


def test_series_show_says_what_the_next_run_would_be_refused_for(site: Path, run: Run) -> None:
    run("run", "open", "AC-100", "line-1", 5)
    run("issue", "line-1")
    plants.write_site(site.parent, series={"controller-sn": {"pattern": "A{counter:4}"}})
    assert run("series", "show", "controller-sn").stderr.startswith(
        "Series 'controller-sn' was changed after serials were issued with version 1, pattern "
    )


def test_series_preview_shows_the_next_ones_and_those_after_the_reset(site: Path, run: Run) -> None:
    series = {"controller-sn": {"pattern": "{date:%y%j}{counter:3,reset=day}"}}
    plants.write_site(site.parent, series=series)
    assert said(run("series", "preview", "controller-sn", "-n", 2)) == (
        0,
        (
            "Now, 2026-11-23T12:00:00.000Z, production day 2026-11-23:\n"
            "  26327001\n"
            "  26327002\n"
            "After the next reset (day), 2026-11-23T23:00:00.000Z, production day 2026-11-24:\n"
            "  26328001\n"
            "  26328002\n"
            "Nothing was issued: showing takes no number.\n"
        ),
    )
    found = json.loads(run("series", "preview", "controller-sn", "--json").stdout)
    assert found["now"]["serials"][0] == "26327001"
    assert run("series", "preview", "controller-sn", "-n", 101).exit_code == 2


def test_series_lint_points_at_what_is_wrong_in_the_file(site: Path, run: Run) -> None:
    assert said(run("series", "lint")) == (0, "Errors: 0, warnings: 0\n")
    pattern = "AC{date:%y%V}{counter:5}"
    plants.write_site(site.parent, series={"controller-sn": {"pattern": pattern}})
    assert said(run("series", "lint")) == (
        1,
        (
            f"controller-sn: error: Pattern '{pattern}', character 11: ISO weeks belong to the ISO "
            "year, which is not always %y; write %g%V.\n"
            f"  {pattern}\n"
            "            ^\n"
            "Errors: 1, warnings: 0\n"
        ),
    )
    found = json.loads(run("series", "lint", "--json").stdout)
    assert (found["errors"], found["findings"][0]["position"]) == (1, 11)


def test_series_lint_names_the_words_that_make_a_pattern_wrong(site: Path, run: Run) -> None:
    plants.write_site(
        site.parent,
        series={"controller-sn": {"pattern": "P{code:model}{counter:3:safe}"}},
        alphabets={"safe": "34679AA"},
        code_tables={"model": {"of": "month", "codes": {13: "A"}}},
    )
    code, shown = said(run("series", "lint"))
    causes = [line for line in shown.splitlines() if line.startswith("error: ")]
    assert (code, causes) == (
        1,
        [
            (
                "error: alphabets.safe: Alphabet 'safe' has 'A' twice: expected every character "
                "once; remove the second one, character 7."
            ),
            (
                "error: code_tables.model: Code table 'model' has a code for month 13: expected 1 "
                "to 12."
            ),
        ],
    )


def test_series_lint_names_a_missing_key(site: Path, run: Run) -> None:
    plants.write_site(site.parent, series={"controller-sn": {"pattern": "P{permuted:8}"}})
    code, shown = said(run("series", "lint"))
    assert code == 1
    assert shown.startswith(
        "controller-sn: error: series.controller-sn.key: is missing: expected 32, 48 or 64 "
    )


def test_series_lint_tries_a_pattern(site: Path, run: Run) -> None:
    plants.write_site(site.parent, series={"controller-sn": {"pattern": "A{counter:4}"}})
    assert said(run("series", "lint", "--pattern", "B{counter:4}"))[0] == 0
    assert said(run("series", "lint", "--pattern", "{counter:5:alnum}")) == (
        1,
        (
            "error: This pattern and series 'controller-sn' can both make 'A0001'; write another "
            "literal into one.\n"
            "  {counter:5:alnum}\n"
            "  ^\n"
            "Errors: 1, warnings: 0\n"
        ),
    )
    own = run("series", "lint", "controller-sn", "--pattern", "{counter:5:alnum}")
    assert said(own) == (0, "Errors: 0, warnings: 0\n")
    assert run("series", "lint", "--change", "restart").exit_code == 2
    assert refusal(run("series", "lint", "x"))[0] == 3008


def test_serial_check_is_check(run: Run) -> None:
    assert said(run("serial", "check", plants.FIRST)) == said(run("check", plants.FIRST))


def test_serial_generate_writes_what_would_come_and_issues_nothing(
    tmp_path: Path, run: Run
) -> None:
    run("run", "open", "AC-100", "line-1", 5)
    run("issue", "line-1", "-n", 2)
    out = tmp_path / "out.txt"
    result = run("serial", "generate", "controller-sn", "-n", 3, "--out", out)
    assert said(result) == (
        0,
        f"Wrote 3 serials to {out}. They are not issued and not reserved.\n",
    )
    assert out.read_text().split() == list(serials(3, 3))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.txt", "site"]
    assert run("issue", "line-1").stdout.split() == list(serials(3))


def test_serial_generate_writes_csv_as_of_a_time_from_a_number(tmp_path: Path, run: Run) -> None:
    out = tmp_path / "out.csv"
    words = ("--format", "csv", "--at", "2027-02-01T00:30", "--start", 99998)
    run("serial", "generate", "controller-sn", "-n", 2, "--out", out, *words)
    made = [
        parse_pattern(plants.PATTERN)
        .format(counter=number, at=plants.NOON)
        .replace("26327", "27032")[:-1]
        for number in (99998, 99999)
    ]
    head, *lines = out.read_text().splitlines()
    assert head == "number,serial"
    assert [line[:-1] for line in lines] == [f"99998,{made[0]}", f"99999,{made[1]}"]


def test_serial_generate_refuses_what_it_cannot_do_and_leaves_no_file(
    two: Path, tmp_path: Path, run: Run
) -> None:
    out = tmp_path / "out.txt"
    generate = ("serial", "generate", "controller-sn", "--out", out, "-n")
    assert refusal(run(*generate, 10_000)) == (
        3003,
        "Series 'controller-sn' has 9999 numbers from 1 on, 10000 are wanted.",
    )
    more = run(*generate, 3, "--start", 9998).exception
    assert isinstance(more, Refusal)
    assert more.hint == "Ask for at most 2."
    by_chance = run("serial", "generate", "other-sn", "--out", out, "-n", 1).exception
    assert isinstance(by_chance, Refusal)
    assert by_chance.hint == "labeler series preview other-sn shows samples."
    assert refusal(run(*generate, 1, "--start", 0))[0] == 2008
    assert refusal(run("serial", "generate", "other-sn", "--out", out, "-n", 1)) == (
        1002,
        "The serials of series 'other-sn' come by chance; none can be generated.",
    )
    assert refusal(run("serial", "generate", "x", "--out", out, "-n", 1))[0] == 3008
    assert run(*generate, 1, "--at", "noon").exit_code == 2
    missing = run("serial", "generate", "controller-sn", "-n", 1, "--out", tmp_path / "no/out.txt")
    assert missing.exit_code == 1
    assert "no/out.txt cannot be written: No such file or directory." in missing.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_serial_generate_keeps_the_old_file_until_the_new_one_is_whole(
    site: Path, tmp_path: Path, run: Run
) -> None:
    series = {"pattern": "{counter:2:alnum,start=400}", "word_filter": True}
    plants.write_site(site.parent, series={"controller-sn": series})
    out = tmp_path / "out.txt"
    out.write_text("old\n")
    generate = ("serial", "generate", "controller-sn", "-n", 900, "--out", out)
    kept = run(*generate)
    assert (kept.exit_code, kept.stderr) == (
        1,
        f"Error: {out} is there already; --force replaces it.\n",
    )
    number, sentence = refusal(run(*generate, "--force"))
    assert (number, "900 are wanted." in sentence) == (3003, True)
    assert (out.read_text(), len(list(tmp_path.iterdir()))) == ("old\n", 2)
    assert run(*generate[:4], 1, "--out", out, "--force").exit_code == 0
    assert (len(out.read_text()), len(list(tmp_path.iterdir()))) == (3, 2)


def test_serial_generate_writes_to_standard_output(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("serial", "generate", "controller-sn", "-n", 3, "--out", "-")
    assert (result.exit_code, result.stdout.split()) == (0, list(serials(1, 3)))
    assert result.stderr == "Wrote 3 serials. They are not issued and not reserved.\n"
    assert not Path("-").exists()


def test_series_preview_as_of_a_time_of_the_site(site: Path, run: Run) -> None:
    series = {"controller-sn": {"pattern": "{date:%y%j}{counter:3,reset=day}"}}
    plants.write_site(site.parent, series=series)
    for at in ("2026-12-01T00:30", "2026-11-30T23:30:00Z"):
        result = run("series", "preview", "controller-sn", "-n", 1, "--json", "--at", at)
        now = json.loads(said(result)[1])["now"]
        assert (now["at"], now["serials"]) == ("2026-11-30T23:30:00.000Z", ["26335001"])
    assert run("series", "preview", "controller-sn", "--at", "noon").exit_code == 2


def test_serial_generate_says_plainly_that_nothing_is_issued(run: Run) -> None:
    shown = " ".join(run("serial", "generate", "--help").stdout.split())
    assert "They are NOT ISSUED and NOT RESERVED" in shown


def test_generated_serials_are_those_of_the_pattern_one_by_one(site: Path) -> None:
    patterns = {
        "plain": {"pattern": "A{counter:6}{check:luhn_mod_36}"},
        "stepped": {"pattern": "B{counter:6,start=7,step=3}"},
        "worded": {"pattern": "C{counter:5:alnum}", "word_filter": True},
    }
    path = plants.write_site(site.parent, series={**PATTERNS, **patterns})
    with plants.opened(path) as service:
        for name in patterns:
            series = service.site.plant.series[name]
            occasion = service.site.plant.calendar.occasion(plants.NOON)
            start = series.series.counter_start
            blocks = generating.blocks(series, occasion, start=start, count=25_000)
            made = [row for block in blocks for row in block]
            assert len(made) == 25_000
            assert made == [
                (number, series.series.format(counter=number, at=occasion)) for number, _ in made
            ]


def test_generating_uses_the_same_memory_for_six_times_as_many(site: Path, tmp_path: Path) -> None:
    pattern = "A{counter:7}{check:luhn_mod_36}"
    plants.write_site(site.parent, series={"controller-sn": {"pattern": pattern}})
    with plants.opened(site) as service:
        series = service.site.plant.series["controller-sn"]
        occasion = service.site.plant.calendar.occasion(plants.NOON)
        peaks = []
        for count in (50_000, 300_000):
            tracemalloc.start()
            blocks = generating.blocks(series, occasion, start=1, count=count)
            with command._replacing(tmp_path / "out") as file:
                command._write(blocks, file, form="txt", advance=int)
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]


def test_serial_generate_makes_no_secrets(
    tmp_path: Path, site: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LABELER__SERIES__PIN__KEY", "2b7e151628aed2a6abf7158809cf4f3c")
    plants.write_site(site.parent, series={"pin": {"pattern": "{permuted:13}", "secret": True}})
    out = tmp_path / "pins.txt"
    assert refusal(run("serial", "generate", "pin", "--out", out, "-n", 1)) == (
        1002,
        "Series 'pin' makes secrets, and a unit would get the same ones.",
    )
    assert not out.exists()
