"""printer list, status and watch."""

import json
from pathlib import Path

from labeler.errors import Refusal
from tests import plants
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


def test_group_of_printers_is_no_printer_and_the_refusal_names_its_members(
    run: Run, site: Path
) -> None:
    plants.write_site(site.parent, printer_groups={"hall": {"printers": ["zebra-1"]}})
    wish = ("--reason", "x", "--operator", "mk")
    for words in (("printer", "status", "hall"), ("printer", "pause", "hall", *wish)):
        found = run(*words).exception
        assert isinstance(found, Refusal)
        assert (found.sentence, found.hint) == (
            "'hall' is no printer, but a group of them.",
            "Name one of them: zebra-1.",
        )


def test_printer_watch_needs_a_service(run: Run) -> None:
    assert refusal(run("printer", "watch", "zebra-1")) == (
        9002,
        "No service runs, so nobody asks the printers.",
    )
