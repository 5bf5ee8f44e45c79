"""labeler run: plan, open, pause, resume, withdraw, overrun."""

import json
from typing import Any

from labeler.errors import Refusal
from tests.commands.answers import Run, refusal, said

WHY = ("--reason", "changeover", "--operator", "mk")


def shown(run: Run, *words: Any) -> dict[str, Any]:
    result = run(*words, "--json")
    assert result.exit_code == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_run_is_planned_and_opened_by_number_or_work_order(run: Run) -> None:
    for work_order in ("A", "B"):
        order = ("--work-order", work_order, "--best-before", "2027-01-31", "--shift", "late")
        planned = shown(run, "run", "plan", "AC-100", "line-1", 5, *order)
        names = ("state", "work_order", "best_before", "shift")
        assert [planned[name] for name in names] == ["planned", work_order, "2027-01-31", "late"]
    assert shown(run, "run", "open", "--work-order", "B")["id"] == 2
    run("run", "close", 2, "--operator", "mk")
    assert shown(run, "run", "open", 1, "--operator", "mk")["operator"] == "mk"
    assert [one["id"] for one in json.loads(run("run", "list", "--json").stdout)] == [2, 1]
    assert said(run("run", "list", "--state", "planned")) == (0, "No runs.\n")


def test_run_open_takes_a_run_or_an_order(run: Run) -> None:
    wrong: tuple[tuple[Any, ...], ...] = (
        (),
        (1, "--lot", "L1"),
        ("AC-100", "line-1"),
        ("AC-100", "line-1", 5, "--line", "line-2"),
        ("AC-100", "line-1", "many"),
        ("first",),
    )
    for words in wrong:
        result = run("run", "open", *words)
        assert (result.exit_code, "xpected" in result.stderr) == (2, True), words


def test_line_changes_over_from_one_run_to_the_next(run: Run) -> None:
    shown(run, "run", "open", "AC-100", "line-1", 5)
    shown(run, "run", "plan", "AC-100", "line-1", 5)
    result = run("run", "changeover", "line-1", 2, "--leave", "pause", *WHY)
    assert result.stdout.startswith("Run 1 is paused.\nid ")
    found = shown(run, "run", "changeover", "line-1", 1, *WHY)
    assert (found["left"]["state"], found["run"]["state"]) == ("closed", "open")


def test_run_is_paused_resumed_and_let_overrun(run: Run) -> None:
    run("run", "open", "AC-100", "line-1", 5)
    assert shown(run, "run", "pause", 1, *WHY)["state"] == "paused"
    assert refusal(run("issue", "line-1"))[0] == 2020
    assert shown(run, "run", "resume", 1)["state"] == "open"
    assert shown(run, "run", "overrun", 1, "--units", 2, *WHY)["remaining"] == 7
    code, text = said(run("run", "show", 1))
    assert code == 0
    steps = [line.split() for line in text.splitlines()[-4:]]
    assert [step[1:] for step in steps] == [
        ["open", "http"],
        ["open", "paused", "mk", "changeover", "http"],
        ["paused", "open", "http"],
        ["open", "open", "2", "mk", "changeover", "http"],
    ]


def test_run_that_is_planned_is_withdrawn(run: Run) -> None:
    run("run", "plan", "AC-100", "line-1", 5)
    assert run("run", "withdraw", 1).exit_code == 2, "who and why are asked for"
    assert shown(run, "run", "withdraw", 1, *WHY)["state"] == "canceled"
    assert refusal(run("run", "withdraw", 1, *WHY))[0] == 2021


def test_run_that_is_planned_is_edited(run: Run) -> None:
    run("run", "plan", "AC-100", "line-1", 5, "--lot", "L42")
    edited = shown(run, "run", "edit", 1, "--quantity", 4, "--lot", "", *WHY)
    assert (edited["quantity"], edited["lot"]) == (4, None)
    last = said(run("run", "show", 1))[1].splitlines()[-1]
    assert last.endswith(" by mk, changeover: quantity 5 -> 4, lot L42 -> -")
    assert refusal(run("run", "edit", 1, *WHY))[0] == 1002


def test_hints_on_the_command_line_name_commands(run: Run) -> None:
    def hint(*words: Any) -> str:
        result = run(*words)
        assert isinstance(result.exception, Refusal), result.output
        return result.exception.hint

    assert hint("run", "show", 7) == "List them: labeler run list."
    assert hint("audit", "show", "--since", "noon") == "See labeler audit show --help."
    assert hint("range", "A", "B", "--series", "none") == (
        "See those there are: labeler series list."
    )
