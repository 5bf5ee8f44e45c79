"""printer roll and run forecast."""

import json
from pathlib import Path

from tests import plants
from tests.commands.answers import Run, refusal, said


def test_roll_is_put_in_shown_and_forecast(run: Run) -> None:
    assert refusal(run("printer", "roll", "zebra-1"))[0] == 5031
    assert run("printer", "roll", "zebra-1", "--labels", 5).exit_code == 2
    code, shown = said(run("printer", "roll", "zebra-1", "--labels", 900, "--operator", "mk"))
    fields = dict(line.split("  ", 1) for line in shown.splitlines())
    assert code == 0
    assert {name: text.strip() for name, text in fields.items()} == {
        "printer": "zebra-1",
        "left": "900",
        "used": "0",
        "labels": "900",
        "estimated": "True",
        "at": "2026-11-23T12:00:00.000Z",
        "operator": "mk",
    }
    assert json.loads(said(run("printer", "roll", "zebra-1", "--json"))[1])["left"] == 900
    assert "about 900" in said(run("printer", "list"))[1]
    assert "labels left        about 900" in said(run("printer", "status", "zebra-1"))[1]
    assert said(run("run", "forecast", "line-1", 1240))[1].splitlines() == [
        "needed   1240",
        "waiting  0",
        "left     900",
        "Mind: 1,240 labels needed, about 900 left on zebra-1.",
    ]
    opened = run("run", "open", "AC-100", "line-1", 1240)
    assert opened.stderr == "Mind: 1,240 labels needed, about 900 left on zebra-1.\n"


def test_forecast_says_that_nobody_has_said_how_many_labels_there_are(run: Run) -> None:
    assert said(run("run", "forecast", "line-1", 5, "--product", "AC-100"))[1].splitlines() == [
        "needed   5",
        "waiting  0",
        "Nobody has said of each printer how many labels it has: labeler printer roll.",
    ]
    assert json.loads(said(run("run", "forecast", "line-1", 5, "--json"))[1])["enough"] is None


def test_forecast_of_a_line_without_a_printer_asks_nobody_for_a_roll(run: Run, site: Path) -> None:
    plants.write_site(site.parent, lines={"bench": {}})
    assert said(run("run", "forecast", "bench", 5))[1].splitlines() == [
        "needed   0",
        "waiting  0",
        "Line bench has no printer: its units get no labels here.",
    ]
