"""labeler reprint, and lines without a printer."""

import json
from pathlib import Path

import pytest

from tests import plants
from tests.commands.answers import Run, refusal, said
from tests.production.copying import settle

WHY = ("--reason", "damaged", "--operator", "mk")


@pytest.fixture
def printed(site: Path, run: Run) -> str:
    """Return a serial whose label is printed."""
    run("run", "open", "AC-100", "line-1", 5)
    _, shown = said(run("issue", "line-1"))
    with plants.opened(site) as service:
        settle(service.site)
    return shown.strip()


def test_reprint_says_which_copies_are_printed_where(run: Run, printed: str) -> None:
    result = run("reprint", printed, *WHY, "--copies", 2, "--note", "torn", "--approved-by", "ab")
    assert said(result) == (
        0,
        f"Job 2 prints serial {printed} on zebra-1: copy 1, copy 2.\n",
    )
    assert result.stderr == "No service runs: it is printed when one starts.\n"
    _, shown = said(run("job", "show", 2))
    assert ["reason", "damaged"] in [row.split() for row in shown.splitlines()]


def test_reprint_with_the_same_key_is_safe(run: Run, printed: str) -> None:
    first = json.loads(said(run("reprint", printed, *WHY, "--key", "c1", "--json"))[1])
    assert first["labels"] == [{"id": 2, "copy": 1}]
    again = run("reprint", printed, *WHY, "--key", "c1", "--product", "AC-100")
    assert said(again)[1] == (
        f"Job 2 prints serial {printed} on zebra-1: copy 1. Replayed: this key was served before.\n"
    )
    assert run("reprint", printed, *WHY, "--key", "ü").exit_code == 2


def test_reprint_is_refused_with_a_sentence(run: Run, printed: str) -> None:
    assert refusal(run("reprint", printed, "--reason", "x", "--operator", "mk")) == (
        5020,
        (
            "'x' is not a reason for printing a label again. Expected one of: damaged, unreadable, "
            "lost, misapplied."
        ),
    )
    assert run("reprint", printed, "--reason", "damaged").exit_code == 2


def test_label_show_names_the_copy(run: Run, printed: str) -> None:
    run("reprint", printed, *WHY)
    _, shown = said(run("label", "show", 2))
    assert "copy              1\n" in shown
    assert "reason            damaged\n" in shown


def test_line_without_a_printer_gives_serials(site: Path, run: Run) -> None:
    plants.write_site(site.parent, lines={"line-1": {"printer": None}})
    run("run", "open", "AC-100", "line-1", 5)
    assert said(run("issue", "line-1")) == (0, f"{plants.FIRST}\n")
    assert refusal(run("issue", "line-1", "--print"))[0] == 5027
