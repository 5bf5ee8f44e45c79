"""What each command prints, without a service beside it."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from labeler import cli
from labeler.commands.api import Api
from labeler.errors import Refusal
from tests import plants
from tests.commands.answers import Run, refusal, said
from tests.production import carriers
from tests.production.record import serials
from tests.test_house import ROOT

STEP = {
    "at": "2026-11-23T12:00:00.000Z",
    "units": None,
    "operator": None,
    "reason": None,
    "channel": "http",
}


def test_run_open_shows_the_run(run: Run) -> None:
    result = run(
        "run", "open", "AC-100", "line-1", 5, "--lot", "L1", "--work-order", "WO 7",
        "--operator", "mk", "--attribute", "rev=C=1", "--attribute", "höhe=3",
    )  # fmt: skip
    assert said(result) == (
        0,
        (
            "id                1\n"
            "state             open\n"
            "mode              production\n"
            "product           AC-100\n"
            "line              line-1\n"
            "quantity          5\n"
            "issued            0\n"
            "remaining         5\n"
            "on lease          0\n"
            "lot               L1\n"
            "work order        WO 7\n"
            "operator          mk\n"
            "attributes        rev C=1, höhe 3\n"
            "series            controller-sn\n"
            "series version    1\n"
            "template          unit-label\n"
            "template version  1\n"
            f"template digest   {plants.TEMPLATE_DIGEST}\n"
            "template state    released\n"
            "opened at         2026-11-23T12:00:00.000Z\n"
        ),
    )


def test_run_open_with_an_attribute_that_is_none_is_a_wrong_call(run: Run) -> None:
    result = run("run", "open", "AC-100", "line-1", 5, "--attribute", "rev")
    assert result.exit_code == 2
    assert "Invalid value for --attribute: 'rev': expected NAME=VALUE." in result.stderr


def test_run_open_refused_says_why(run: Run) -> None:
    assert refusal(run("run", "open", "AC-9", "line-1", 5)) == (
        2002,
        "There is no product 'AC-9'.",
    )


def test_run_close_list_and_show(run: Run) -> None:
    assert said(run("run", "list")) == (0, "No runs.\n")
    for _ in range(2):
        run("run", "open", "AC-100", "line-1", 5)
        newest = json.loads(run("run", "list", "--json").stdout)[0]["id"]
        code, shown = said(run("run", "close", newest))
        assert (code, "state             closed\n" in shown) == (0, True)
    _, listed = said(run("run", "list"))
    assert [line.split() for line in listed.splitlines()] == [
        ["id", "state", "mode", "product", "line", "issued", "quantity", "lot", "opened", "at"],
        ["2", "closed", "production", "AC-100", "line-1", "0", "5", "2026-11-23T12:00:00.000Z"],
        ["1", "closed", "production", "AC-100", "line-1", "0", "5", "2026-11-23T12:00:00.000Z"],
    ]
    assert said(run("run", "list", "--state", "open")) == (0, "No runs.\n")
    found = json.loads(run("run", "list", "--limit", 1, "--json").stdout)
    assert [one["id"] for one in found] == [2]
    assert json.loads(run("run", "show", 2, "--json").stdout) == {
        **found[0],
        "remarks": [],
        "steps": [
            {**STEP, "from": None, "to": "open"},
            {**STEP, "from": "open", "to": "closed"},
        ],
        "reworked_by": [],
        "edits": [],
    }
    assert refusal(run("run", "show", 9)) == (2003, "There is no run 9.")
    assert refusal(run("run", "close", 1))[0] == 2006


def test_issue_prints_serials_and_says_that_nobody_prints_labels(run: Run) -> None:
    run("run", "open", "AC-100", "line-1", 5)
    result = run("issue", "line-1", "-n", 2, "--key", "k1")
    assert said(result) == (0, "".join(f"{one}\n" for one in serials(1, 2)))
    assert result.stderr == "No service runs: the labels are printed when it starts.\n"
    again = run("issue", "line-1", "-n", 2, "--key", "k1")
    assert again.stdout == result.stdout
    assert again.stderr == (
        "Replayed: this key was served before; these are the same serials.\n"
        "No service runs: the labels are printed when it starts.\n"
    )


def test_issue_serials_only(run: Run) -> None:
    run("run", "open", "AC-100", "line-1", 5)
    result = run("issue", "line-1", "--no-print", "--json")
    assert (json.loads(result.stdout), result.stderr) == (
        {"serials": [plants.FIRST], "run": 1, "job": None, "replayed": False},
        "",
    )


def test_issue_without_a_key_makes_a_new_one_each_time(run: Run) -> None:
    run("run", "open", "AC-100", "line-1", 5)
    found = [run("issue", "line-1").stdout.strip() for _ in range(2)]
    assert found == list(serials(1, 2))


def test_issue_many_asks_in_blocks_and_may_be_repeated(run: Run) -> None:
    run("run", "open", "AC-100", "line-1", 500)
    first = run("issue", "line-1", "-n", 250, "--key", "k", "--json")
    replies = json.loads(first.stdout)
    assert [len(reply["serials"]) for reply in replies] == [100, 100, 50]
    assert [one for reply in replies for one in reply["serials"]] == list(serials(1, 250))
    again = json.loads(run("issue", "line-1", "-n", 250, "--key", "k", "--json").stdout)
    assert [reply["replayed"] for reply in again] == [True] * 3
    assert [reply["serials"] for reply in again] == [reply["serials"] for reply in replies]


def test_issue_refused_half_way_shows_what_was_issued(run: Run) -> None:
    run("run", "open", "AC-100", "line-1", 150)
    result = run("issue", "line-1", "-n", 250, "--key", "k")
    assert refusal(result) == (2007, "Run 1 has 50 of 150 units left, the trigger wants 100.")
    assert result.stdout.split() == list(serials(1, 100))


@pytest.mark.parametrize("line", ["line 9", "../runs", "a/b?c#d", "%"])
def test_issue_for_a_line_of_any_name_asks_for_that_line(run: Run, line: str) -> None:
    result = run("issue", line)
    assert isinstance(result.exception, Refusal)
    number = result.exception.kind.number
    assert (number, result.exception.sentence) in (
        (2001, f"There is no line '{line}'."),
        (1005, f"There is nothing at /api/v1/lines/{line}/labels."),
    )


def test_issue_with_a_key_no_header_can_carry_is_a_wrong_call(run: Run) -> None:
    result = run("issue", "line-1", "--key", "ü")
    assert result.exit_code == 2
    assert (
        "Invalid value for '--key': expected printable ASCII characters without spaces."
        in result.stderr
    )
    assert refusal(run("issue", "line-1", "--key", "a b"))[0] == 1007


def test_check_says_what_a_text_is(run: Run) -> None:
    run("run", "open", "AC-100", "line-1", 5)
    run("issue", "line-1")
    assert said(run("check", plants.FIRST)) == (
        0,
        f"Serial '{plants.FIRST}' was issued by run 1 (AC-100 on line-1); its unit is allocated.\n",
    )
    [never] = serials(9)
    assert said(run("check", never)) == (
        1,
        f"Serial '{never}' is well formed, but it was never issued here.\n",
    )
    assert said(run("check", "AC2632700001L")) == (
        1,
        (
            "Serial 'AC2632700001L' fails check scheme iso7064_mod_37_36: "
            "expected check character 'K', got 'L'; issued is 'AC2632700001K' by run 1 "
            "(AC-100 on line-1): position 13 is 'L' instead of 'K'.\n"
            "serial         state      run  product  line    kind          position\n"
            "AC2632700001K  allocated  1    AC-100   line-1  substitution  13      \n"
        ),
    )
    assert json.loads(run("check", never, "--json").stdout)["verdict"] == "never_issued"


def test_check_says_how_it_read_a_text_and_whether_it_is_where_it_was_met(run: Run) -> None:
    run("run", "open", "AC-100", "line-1", 5)
    run("run", "open", "AC-100", "line-2", 5)
    run("issue", "line-1")
    issued = f"Serial '{plants.FIRST}' was issued by run 1 (AC-100 on line-1)"
    taken = "AI (21) was taken from the GS1 element string.\n"
    scanned = f"(01)04012345000009(21){plants.FIRST}"
    right = run("check", scanned, "--run", 1, "--product", "AC-100", "--line", "line-1")
    assert said(right) == (0, f"{issued}; its unit is allocated.\n{taken}")
    assert said(run("check", plants.FIRST, "--run", 2)) == (
        1,
        f"{issued}, not by run 2; its unit is allocated.\n",
    )
    assert refusal(run("check", plants.FIRST, "--product", "AC-9")) == (
        2002,
        "There is no product 'AC-9'.",
    )


def test_check_names_every_product_that_has_the_serial(site: Path, run: Run) -> None:
    series = {name: {"pattern": "X{counter:4}"} for name in ("controller-sn", "other-sn")}
    other = {"name": "Other", "series": "other-sn", "template": "unit-label"}
    scope = {"serial_scope": "product"}
    plants.write_site(site.parent, series=series, products={"AC-200": other}, site=scope)
    for line, product in (("line-1", "AC-100"), ("line-2", "AC-200")):
        run("run", "open", product, line, 5)
        run("issue", line)
    assert [line.rstrip() for line in run("check", "X0001").stdout.splitlines()] == [
        (
            "Serial 'X0001' was issued by run 1 (AC-100 on line-1) and by run 2 (AC-200 on "
            "line-2): say which product is meant."
        ),
        "serial  state      run  product  line",
        "X0001   allocated  1    AC-100   line-1",
        "X0001   allocated  2    AC-200   line-2",
    ]
    assert run("check", "X0001", "--product", "AC-200").exit_code == 0


def test_check_names_the_five_likeliest_series_and_how_many_more(site: Path, run: Run) -> None:
    series = {f"b-{n}": {"pattern": f"B{n}{{counter:3}}"} for n in range(1, 8)}
    plants.write_site(site.parent, series=series)
    lines = run("check", "B700X").stdout.splitlines()
    assert [line.split(":")[0].strip() for line in lines[1:]] == [
        "b-7",
        "b-1",
        "b-2",
        "b-3",
        "b-4",
        ("and 3 more series, which it fits less; --json shows them all."),
    ]


def test_check_names_the_fault_for_each_series(site: Path, run: Run) -> None:
    plants.write_site(site.parent, series={"b-sn": {"pattern": "B{counter:3}"}})
    assert said(run("check", "X")) == (
        1,
        (
            "'X' is not a serial of any of 2 series; see each one's fault.\n"
            "  b-sn: Serial 'X' has 1 character: expected 4 by pattern 'B{counter:3}'.\n"
            f"  controller-sn: Serial 'X' has 1 character: expected 13 by pattern "
            f"'{plants.PATTERN}'.\n"
        ),
    )


def test_job_show(run: Run) -> None:
    run("run", "open", "AC-100", "line-1", 5)
    run("issue", "line-1", "-n", 2)
    code, shown = said(run("job", "show", 1))
    assert code == 0
    assert [line.split() for line in shown.splitlines()] == [
        ["id", "1"],
        ["state", "pending"],
        ["purpose", "print"],
        ["printer", "zebra-1"],
        ["run", "id", "1"],
        ["priority", "50"],
        ["label", "count", "2"],
        ["progress", "2", "queued"],
        ["created", "at", "2026-11-23T12:00:00.000Z"],
        ["id", "position", "serial", "copy", "printer", "state", "sent", "at"],
        ["1", "1", serials(1)[0], "0", "zebra-1", "queued"],
        ["2", "2", serials(2)[0], "0", "zebra-1", "queued"],
    ]
    assert json.loads(run("job", "show", 1, "--json").stdout)["label_count"] == 2
    assert refusal(run("job", "show", 9)) == (5001, "There is no job 9.")


def test_run_list_follows_the_pages_and_says_whether_there_is_more(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Api, "PAGE", 2)
    for number in range(1, 6):
        run("run", "open", "AC-100", "line-1", 5)
        run("run", "close", number)

    def listed(*words: Any) -> tuple[list[int], str]:
        result = run("run", "list", "--json", *words)
        return [one["id"] for one in json.loads(result.stdout)], result.stderr

    assert listed() == ([5, 4, 3, 2, 1], "")
    assert listed("--limit", 5) == ([5, 4, 3, 2, 1], "")
    more = "These are the newest {}; --limit shows more.\n"
    assert listed("--limit", 4) == ([5, 4, 3, 2], more.format(4))
    assert listed("--limit", 1) == ([5], more.format(1))


def test_printer_status(run: Run) -> None:
    result = run("printer", "status")
    code, shown = said(result)
    assert code == 0
    assert [line.split()[:3] for line in shown.splitlines()] == [
        ["name", "state", "reasons"],
        ["zebra-1", "unknown", "0"],
        ["archive", "unknown", "0"],
    ]
    assert result.stderr == "No service runs, so nobody asks the printers.\n"
    assert json.loads(run("printer", "status", "--json").stdout)[0]["name"] == "zebra-1"


def test_init_makes_a_site_that_can_be_opened(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "site"
    result = CliRunner().invoke(cli.cli, ["init", str(folder)])
    assert said(result) == (
        0,
        (
            f"Made a site in {folder}: config.yaml and 10 templates.\n"
            f"Next: labeler --config {folder}/config.yaml serve\n"
        ),
    )
    shipped = [path for path in (ROOT / "templates").iterdir() if not path.name.startswith(".")]
    made = {path.name: path.read_bytes() for path in (folder / "templates").iterdir()}
    assert made == {path.name: path.read_bytes() for path in shipped}
    with plants.opened(folder / "config.yaml") as service:
        assert list(service.site.plant.lines) == ["line-1"]
    again = CliRunner().invoke(cli.cli, ["init", str(folder)])
    assert refusal(again) == (9004, f"{folder}/config.yaml exists already.")


def test_a_test_run_is_opened_listed_and_its_serial_is_none(run: Run) -> None:
    code, shown = said(run("run", "open", "AC-100", "line-1", 5, "--test"))
    assert (code, "mode              test\n" in shown) == (0, True)
    code, shown = said(run("issue", "line-1", "--no-print"))
    assert (code, shown) == (0, f"TEST-{plants.FIRST}\n")
    checked = said(run("check", f"TEST-{plants.FIRST}"))
    assert checked == (
        1,
        f"'TEST-{plants.FIRST}' is a test serial of run 1; it names no product.\n",
    )
    assert said(run("run", "list", "--mode", "production"))[1] == "No runs.\n"
    _, listed = said(run("run", "list", "--mode", "test"))
    assert listed.splitlines()[1].split()[:3] == ["1", "open", "test"]


def test_issue_shows_what_each_unit_carries(site: Path, run: Run) -> None:
    carriers.write_site(site.parent)
    run("run", "open", "AC-100", "line-1", 5)
    result = run("issue", "line-1", "-n", 2)
    assert said(result) == (
        0,
        (
            "AC00001\tmac_1=02AB00000001\tmac_2=02AB00000002\timei=352099000000014\n"
            "AC00002\tmac_1=02AB00000003\tmac_2=02AB00000004\timei=352099000000022\n"
        ),
    )
    result = run("check", "02:AB:00:00:00:04")
    assert said(result) == (
        0,
        (
            "'02AB00000004' is mac_2 of serial 'AC00002'. Serial 'AC00002' was issued by run 1 "
            "(AC-100 on line-1); its unit is allocated.\n"
        ),
    )
    misread = run("check", "02:AB:00:00:00:O4")
    assert misread.exit_code == 1
    assert [line.rstrip() for line in misread.stdout.splitlines()[1:]] == [
        "text          identifier  serial   state      run  product  line    kind        position",
        "02AB00000004  mac_2       AC00002  allocated  1    AC-100   line-1  confusable  11",
    ]
