"""The labels of a test run say that they are, and a label that cannot refuses the run."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from labeler.errors import Refusal
from labeler.production import (
    runs,
    showing,
)
from labeler.production.site import Site
from labeler.store import schema
from labeler.units import RunMode
from tests import plants
from tests.plants import order, trigger
from tests.printers.pictures import picture, scan
from tests.production.record import issue, refused, rows, settings
from tests.production.trying import TEST_FIRST


@pytest.mark.parametrize("language", ["zpl", "pdf", "png"])
def test_the_label_of_a_test_run_carries_a_mark_and_its_symbols_can_be_read(
    site: Site, language: str
) -> None:
    found = runs.open_run(site, order(mode=RunMode.TEST, lot="L42"))
    reply = issue(site, trigger("a"))
    assert found["mode"] == "test"
    assert reply.job is not None
    with site.store.read() as transaction:
        document = showing.job_document(site, transaction, reply.job, language=language)
    assert scan(picture(language, document.content)) == [("Code 128", TEST_FIRST)]
    if language == "zpl":
        assert document.content.count(b"^FDTEST^FS") == 2, "bold is the same text twice"
    if language == "pdf":
        assert "TEST" in " ".join(words(document.content)).split()


def words(document: bytes) -> list[str]:
    """Return the lines of text on the first page of a PDF file."""
    page = pypdfium2.PdfDocument(document)[0]
    return [line.strip() for line in page.get_textpage().get_text_bounded().splitlines()]


def unmarkable(size_mm: float) -> Callable[[], list[dict[str, Any]]]:
    """Return elements that leave no row of the label free."""
    height = round(40 / size_mm)
    return lambda: [
        {"text": {"x_mm": 0, "y_mm": row * size_mm, "size_mm": size_mm, "text": "8" * 60}}
        for row in range(height)
    ]


def test_a_label_without_a_place_for_the_mark_refuses_the_test_run_only(
    site: Site, tmp_path: Path
) -> None:
    plants.write_template(tmp_path / "site", elements=unmarkable(2.5)())
    assert refused(partial(runs.open_run, site, order(mode=RunMode.TEST))) == (
        4001,
        (
            "Label 'unit-label' has no free place for the mark TEST: expected one of 7.2 x 3.5 mm "
            "at least, 1 mm from its edges; move its elements together or make one smaller."
        ),
        "Correct the template or the order; nothing was opened.",
    )
    assert (rows(site, schema.run), rows(site, schema.series_version)) == (0, 0)
    assert runs.open_run(site, order())["mode"] == "production"


def test_a_label_on_which_a_longer_serial_runs_into_something_refuses_the_test_run(
    site: Site, tmp_path: Path
) -> None:
    bars = {"symbology": "code128", "data": "{serial}", "x_dimension_mm": 0.25, "height_mm": 9}
    elements = [
        {"barcode": {"x_mm": 4, "y_mm": 19, **bars}},
        {"line": {"x_mm": 48, "y_mm": 2, "length_mm": 36, "direction": "vertical"}},
    ]
    plants.write_template(tmp_path / "site", elements=elements)
    number, sentence, _ = refused(partial(runs.open_run, site, order(mode=RunMode.TEST)))
    assert (number, sentence) == (
        4001,
        (
            "Label 'unit-label': its code128 symbol becomes 50.0 x 9.0 mm large with a text like "
            "'TEST-AC0000000000W' and runs into its box or line: expected both apart; move one "
            "away, or make x_dimension_mm smaller."
        ),
    )
    assert runs.open_run(site, order())["mode"] == "production"


def test_a_test_run_is_refused_without_a_trace(site: Site, tmp_path: Path) -> None:
    plants.write_template(tmp_path / "site", elements=unmarkable(2.5)())
    for _ in range(2):
        with pytest.raises(Refusal):
            runs.open_run(site, order(mode=RunMode.TEST))
    assert [rows(site, table) for table in (schema.run, schema.event)] == [0, 0]
    assert settings(site) == []
