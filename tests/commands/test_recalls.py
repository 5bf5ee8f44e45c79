"""labeler recall and labeler export, without a service beside them."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from labeler.commands.api import Api
from tests.commands.answers import Run, refusal, said
from tests.production.record import serials

OWN = serials(1, 3)
WHO = ("--reason", "may crack", "--operator", "qa")


@pytest.fixture
def made(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Commands of a plant with three units of lot L1, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    said(run("run", "open", "AC-100", "line-1", 50, "--lot", "L1"))
    said(run("issue", "line-1", "-n", 3, "--no-print"))
    return run


def test_a_recall_is_looked_at_made_shown_listed_and_ended(made: Run) -> None:
    code, seen = said(made("recall", "preview", "--lot", "L1", "--list"))
    assert (code, [line.split()[0] for line in seen.splitlines()[-3:]]) == (0, list(OWN))
    assert seen.split()[:4] == ["what", "count", "units", "3"]
    code, answer = said(made("recall", "create", "R-1", "--lot", "L1", *WHO))
    assert (code, answer.splitlines()[0]) == (0, "Recalled 3 units: R-1.")
    code, answer = said(made("verify", OWN[0], "--operator", "mk", "--station", "qa-1"))
    assert (code, answer.partition(",")[0]) == (
        1,
        f"recalled: Serial '{OWN[0]}' is recalled: 'R-1'",
    )
    assert "criteria      lots L1\n" in said(made("recall", "show", "R-1"))[1]
    assert "recalls         R-1\n" in said(made("unit", "show", OWN[0]))[1]
    known = json.loads(said(made("recall", "show", "R-1", "--json"))[1])
    assert (known["state"], known["criteria"]) == ("open", {"lots": ["L1"]})
    [row] = json.loads(said(made("recall", "list", "--state", "open", "--json"))[1])
    assert row["name"] == "R-1"
    units = json.loads(said(made("recall", "units", "R-1", "--json", "--limit", 2))[1])
    assert [one["serial"] for one in units] == list(OWN[:2])
    code, answer = said(made("recall", "close", "R-1", *WHO))
    assert (code, answer.splitlines()[1]) == (0, "state         closed")
    assert said(made("recall", "list", "--state", "open"))[1] == "No recalls.\n"
    assert refusal(made("recall", "create", "R-2", "--lot", "L9", *WHO)) == (
        6012,
        "The record knows no lot 'L9'.",
    )


def test_an_export_is_a_file_of_its_format(made: Run, tmp_path: Path) -> None:
    code, answer = said(made("export", "units", "--lot", "L1"))
    assert (code, answer) == (0, "Exported 3 rows of units to units.csv.\n")
    with (tmp_path / "units.csv").open(newline="", encoding="utf-8") as file:
        assert [row["serial"] for row in csv.DictReader(file)] == list(OWN)
    said(made("export", "units", "--run", 1, "--out", "all.xlsx"))
    sheet = openpyxl.load_workbook(tmp_path / "all.xlsx").active
    assert sheet is not None
    assert [cell.value for cell in sheet["B"][1:]] == list(OWN)
    answer = said(made("export", "units", "--out", "-", "--format", "ndjson"))[1]
    assert [json.loads(line)["serial"] for line in answer.splitlines()] == list(OWN)
    told = json.loads(said(made("export", "events", "--json", "--out", "e.ndjson"))[1])
    assert told["rows"] == len((tmp_path / "e.ndjson").read_text().splitlines())
    assert "verifications" in said(made("export"))[1]
    assert sorted(path.name for path in tmp_path.glob("*.part")) == []


def test_an_export_into_a_file_of_another_kind_is_refused(made: Run) -> None:
    result = made("export", "units", "--out", "units.pdf")
    assert result.exit_code == 2
    assert "'units.pdf' ends with none of csv, xlsx, ndjson: give it another name" in result.stderr


def test_an_export_that_breaks_off_leaves_the_file_of_before(
    made: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "units.csv").write_text("of before")
    whole = Api.download

    def broken(*given: object, **more: object) -> Iterator[bytes]:
        content = b"".join(whole(*given, **more))  # type: ignore[arg-type]
        yield content.replace(b"L1", b"L2")

    monkeypatch.setattr(Api, "download", broken)
    assert refusal(made("export", "units")) == (
        9002,
        "The export did not arrive whole: its last line is not there, or says otherwise.",
    )
    assert (tmp_path / "units.csv").read_text() == "of before"
    assert list(tmp_path.glob("*.part")) == []
