"""printer list, status and watch."""

import json
from pathlib import Path

from tests.commands.answers import Run, refusal, said


def test_printer_list_is_what_status_without_a_name_shows(run: Run) -> None:
    assert said(run("printer", "list")) == said(run("printer", "status"))


def test_printer_status_shows_one_printer(run: Run, site: Path) -> None:
    code, shown = said(run("printer", "status", "archive"))
    fields = dict(line.split("  ", 1) for line in shown.splitlines())
    assert code == 0
    assert {name: text.strip() for name, text in fields.items()} == {
        "name": "archive",
        "state": "unknown",
        "labels waiting": "0",
        "labels held": "0",
        "labels doubtful": "0",
        "uri": f"file:{site.parent}/pdf/",
        "language": "pdf",
        "dpi": "203",
        "proof": "none",
    }
    assert json.loads(said(run("printer", "status", "archive", "--json"))[1])["name"] == "archive"
    assert refusal(run("printer", "status", "x")) == (5004, "There is no printer 'x'.")


def test_printer_watch_needs_a_service(run: Run) -> None:
    assert refusal(run("printer", "watch", "zebra-1")) == (
        9002,
        "No service runs, so nobody asks the printers.",
    )
