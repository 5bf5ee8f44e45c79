"""Doubtful labels on the command line: listed, decided about, scanned."""

import json
from pathlib import Path

import pytest

from labeler.commands.api import Api
from labeler.production.printing import spool
from labeler.units import LabelState
from tests import plants
from tests.commands.answers import Run, refusal, said


def doubt(site: Path) -> None:
    """Make the first label doubtful."""
    with plants.opened(site) as service:
        with service.site.store.read() as transaction:
            labels = spool.waiting(transaction, "zebra-1", limit=1)
        spool.claim(service.site, [(label, "d" * 64) for label in labels], odometer=7)
        spool.settle(service.site, labels, LabelState.DOUBTFUL, why="test")


def test_doubtful_list_and_resolve(site: Path, run: Run) -> None:
    assert said(run("doubtful", "list")) == (0, "No doubtful labels.\n")
    run("run", "open", "AC-100", "line-1", 5)
    run("issue", "line-1")
    doubt(site)
    _, shown = said(run("doubtful", "list"))
    assert [line.split() for line in shown.splitlines()] == [
        ["id", "serial", "printer", "job", "run", "sent", "at"],
        ["1", plants.FIRST, "zebra-1", "1", "1", "2026-11-23T12:00:00.000Z"],
        ["1:", "Nobody", "can", "tell:", "look", "for", "it,", "or", "scan", "it."],
    ]
    assert json.loads(run("doubtful", "list", "--json").stdout)[0]["odometer"] == 7
    words = ("doubtful", "resolve", 1, "print_again", "--reason", "none", "--operator", "mk")
    assert said(run(*words)) == (0, "Label 1 is now not_printed. Printed again as job 2.\n")
    assert refusal(run(*words))[0] == 5003
    assert run("doubtful", "resolve", 1, "print_again").exit_code == 2


def test_doubtful_scan_verifies_the_label(site: Path, run: Run) -> None:
    run("run", "open", "AC-100", "line-1", 5)
    run("issue", "line-1")
    doubt(site)
    words = ("doubtful", "scan", f"(01)04012345000009(21){plants.FIRST}", "--operator", "mk")
    sentence = f"Label 1 of serial '{plants.FIRST}' is verified; it was doubtful.\n"
    assert said(run(*words)) == (0, sentence)
    assert json.loads(run(*words, "--label", 1, "--json").stdout)["was"] == "verified"
    assert refusal(run("doubtful", "scan", "nothing", "--operator", "mk"))[0] == 3001
    assert run("doubtful", "scan", plants.FIRST).exit_code == 2


def test_doubtful_list_follows_the_pages(
    site: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Api, "PAGE", 2)
    run("run", "open", "AC-100", "line-1", 5)
    run("issue", "line-1", "-n", 5)
    for _ in range(5):
        doubt(site)
    found = json.loads(run("doubtful", "list", "--json").stdout)
    assert [label["id"] for label in found] == [1, 2, 3, 4, 5]
