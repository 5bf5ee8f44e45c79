"""labeler verify and labeler verifications."""

import json

from tests.commands.answers import Run, said
from tests.plants import FIRST

WHO = ("--operator", "mk", "--station", "qa-1")


def test_verify_says_ok_or_why_not_and_ends_so(run: Run) -> None:
    run("run", "open", "AC-100", "line-1", 5)
    run("issue", "line-1", "--no-print")
    ok = (
        f"ok: Serial '{FIRST}' is right: it was issued by run 1 (AC-100 on line-1); its label "
        "comes from elsewhere."
    )
    assert said(run("verify", FIRST, *WHO, "--key", "k")) == (0, f"{ok}\n")
    again = f"{ok} Replayed: this key was served before.\n"
    assert said(run("verify", FIRST, *WHO, "--key", "k")) == (0, again)
    code, text = said(run("verify", FIRST, *WHO, "--json"))
    assert (code, json.loads(text)["verdict"]) == (1, "already_verified")


def test_verifications_are_listed(run: Run) -> None:
    assert said(run("verifications", "list")) == (0, "No verifications.\n")
    run("run", "open", "AC-100", "line-1", 5)
    run("issue", "line-1", "--no-print")
    for _ in range(3):
        run("verify", FIRST, *WHO)
    found = run("verifications", "list", "--verdict", "already_verified", "--json")
    assert [one["id"] for one in json.loads(found.stdout)] == [3, 2]
    newest = run("verifications", "list", "--limit", 2)
    assert newest.stderr == "These are the newest 2; --limit shows more.\n"
    assert [line.split()[0] for line in newest.stdout.splitlines()] == ["id", "3", "2"]


def test_range_counts_and_lists(run: Run) -> None:
    run("run", "open", "AC-100", "line-1", 5)
    run("issue", "line-1", "-n", 3, "--no-print")
    by_run = json.loads(said(run("range", "--run", 1, "--json"))[1])
    assert (by_run["issued"], by_run["unlabelled"], by_run["gaps"]) == (3, 3, 0)
    [first, _, last] = json.loads(said(run("range", "--run", 1, "--list", "issued", "--json"))[1])
    ends = (first["serial"], last["serial"])
    assert said(run("range", *ends))[1].splitlines()[1].split() == ["issued", "3"]
    shown = said(run("range", *ends, "--list", "unused"))[1]
    assert [line.split()[0] for line in shown.splitlines()][1] == FIRST
    assert run("range").exit_code == run("range", FIRST).exit_code == 2


def test_failures_are_told_by_line_and_hour(run: Run) -> None:
    assert said(run("verifications", "failures")) == (0, "Nothing was scanned.\n")
    run("run", "open", "AC-100", "line-1", 5)
    run("issue", "line-1", "--no-print")
    until = ("--until", "2026-11-23T13:00:00Z")
    for _ in range(3):
        run("verify", FIRST, *WHO, "--line", "line-1")
    [found] = json.loads(said(run("verifications", "failures", *until, "--json"))[1])
    assert (found["line"], found["verified"], found["verdicts"]) == (
        "line-1",
        3,
        {"already_verified": 2, "ok": 1},
    )
    row = said(run("verifications", "failures", *until))[1].splitlines()[1]
    assert row.split()[1:] == ["line-1", "3", "2", "66.67%", "2", "already_verified"]
    assert (
        said(run("verifications", "failures", *until, "--line", "line-2"))[1]
        == "Nothing was scanned.\n"
    )
