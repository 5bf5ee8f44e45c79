"""printer test, calibrate and check."""

import io
import json
from pathlib import Path

import zxingcpp
from PIL import Image

from labeler.commands import errands
from tests.commands.answers import Run, refusal, said

NOBODY = (5043, "No service runs here that could ask printer 'zebra-1'.")


def test_printer_test_previews_its_label(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "label.png"
    code, text = said(run("printer", "test", "zebra-1", "--preview", out))
    assert (code, text) == (0, f"Wrote {out}, {out.stat().st_size} bytes.\n")
    picture = Image.open(io.BytesIO(out.read_bytes())).convert("L")
    assert {one.text for one in zxingcpp.read_barcodes(picture)} == {"TEST"}
    assert said(run("printer", "test", "zebra-1", "--preview", "-"))[1].startswith("^XA")


def test_printer_test_and_calibrate_need_a_service_and_a_name(run: Run) -> None:
    assert refusal(run("printer", "test", "zebra-1", "--operator", "mk")) == NOBODY
    assert refusal(run("printer", "calibrate", "zebra-1", "--operator", "mk", "--yes")) == NOBODY
    missing = run("printer", "test", "zebra-1")
    assert missing.exit_code == 2
    assert "Missing option '--operator': the printer's history names it." in missing.stderr


def test_printer_calibrate_asks_first(run: Run) -> None:
    asked = run("printer", "calibrate", "zebra-1", "--operator", "mk")
    assert asked.exit_code == 1
    assert asked.stdout.startswith("Printer 'zebra-1' will feed some labels. Calibrate it? [y/N]: ")


def test_printer_check_ends_with_1_where_something_is_wrong(run: Run, site: Path) -> None:
    folder = site.parent / "pdf"
    folder.mkdir()
    (folder / "index.csv").write_text("time,name,sha256,bytes\n")
    assert said(run("printer", "check", "archive")) == (0, "All is as it should be.\n")
    (folder / "mine.pdf").write_bytes(b"mine")
    sentence = "Document mine.pdf is not in index.csv: expected only what was written here."
    assert said(run("printer", "check", "archive")) == (1, f"{sentence}\n")
    code, text = said(run("printer", "check", "archive", "--json"))
    assert (code, json.loads(text)) == (1, {"printer": "archive", "findings": [sentence]})


def test_printer_test_help_says_that_no_serial_is_taken(run: Run) -> None:
    assert "never a serial" in errands.test.help  # type: ignore[operator]


def test_printer_console_takes_its_text_as_an_argument_or_from_standard_input(run: Run) -> None:
    said_by = ("--operator", "mk")
    assert refusal(run("printer", "console", "zebra-1", "~HS", *said_by)) == NOBODY
    number, sentence = refusal(run("printer", "console", "zebra-1", "^XA^PQ2^XZ", *said_by))
    assert (number, sentence.split(",")[0]) == (5050, "'^PQ' may print a label")
    told = refusal(run("printer", "console", "zebra-1", "^XA^PQ2^XZ", *said_by, "--print"))
    assert told == NOBODY
    assert refusal(run("printer", "console", "zebra-1", "~JA", *said_by))[0] == 5050
    assert refusal(run("printer", "console", "zebra-1", "~JA", *said_by, "--sure")) == NOBODY
