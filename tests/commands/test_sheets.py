"""Commands about sheets of stock."""

import json
import re
from pathlib import Path

import pypdfium2
import pytest

from tests.commands.answers import Run, refusal, said

STOCK = ("--stock", "avery-l7173")


@pytest.fixture
def issued(run: Run) -> None:
    """Issue three serials with labels and one without."""
    run("run", "open", "AC-100", "line-1", 9)
    run("issue", "line-1", "-n", 3)
    run("issue", "line-1", "--no-print")


def test_stock_list_and_show(run: Run) -> None:
    _, text = said(run("stock", "list"))
    heads, *rows = [re.split(r"  +", line.strip()) for line in text.splitlines()]
    assert heads == ["name", "cell", "cells", "page"]
    assert ["avery-l7173", "99.1 x 57.0 mm", "10 (2 x 5)", "210.0 x 297.0 mm"] in rows
    listed = json.loads(said(run("stock", "list", "--json"))[1])
    assert len(listed) == len(rows)
    shown = json.loads(said(run("stock", "show", "avery-l7173", "--json"))[1])
    assert shown in listed
    assert said(run("stock", "show", "avery-l7173"))[1] == (
        "name            avery-l7173\n"
        "width mm        99.1\n"
        "height mm       57.0\n"
        "columns         2\n"
        "rows            5\n"
        "count           10\n"
        "page width mm   210.0\n"
        "page height mm  297.0\n"
        "left mm         4.63\n"
        "top mm          6.0\n"
        "column gap mm   2.54\n"
        "row gap mm      0.0\n"
    )
    assert refusal(run("stock", "show", "x")) == (4007, "There is no stock 'x'.")


@pytest.mark.usefixtures("issued")
def test_label_sheet_of_a_job_and_of_a_run(run: Run, tmp_path: Path) -> None:
    sheet = tmp_path / "a.pdf"
    for words, pages in ((("1", "--start", 8), 1), (("--run", 1, "--start", 8, "--outlines"), 2)):
        _, text = said(run("label", "sheet", *words, *STOCK, "-o", sheet))
        assert text == f"Wrote {sheet}, {sheet.stat().st_size} bytes.\n"
        assert len(pypdfium2.PdfDocument(sheet)) == pages
    job = json.loads(said(run("job", "show", 1, "--json"))[1])
    assert [label["state"] for label in job["labels"]] == ["queued"] * 3


@pytest.mark.usefixtures("issued")
def test_label_sheet_needs_a_job_or_a_run_and_a_stock(run: Run, tmp_path: Path) -> None:
    out = ("-o", tmp_path / "a.pdf")
    for words in (STOCK, ("1", "--run", 1, *STOCK), ("1",), ("1", *STOCK, "--start", 0)):
        assert run("label", "sheet", *words, *out).exit_code == 2
    assert refusal(run("label", "sheet", "9", *STOCK, *out)) == (5001, "There is no job 9.")
    assert refusal(run("label", "sheet", "1", "--stock", "x", *out))[0] == 4007
    assert list(tmp_path.glob("*.pdf")) == []
