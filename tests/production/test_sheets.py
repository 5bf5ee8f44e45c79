"""Labels on sheets of stock: each in a cell of its own, and the record hears nothing of it."""

from functools import partial
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from PIL import ImageChops
from sqlalchemy import select, update

from labeler.production import runs, sheets
from labeler.production.sheets import Wanted
from labeler.production.site import Site
from labeler.store import schema
from tests import plants
from tests.plants import order, trigger
from tests.production import carriers
from tests.production.leasing import lease
from tests.production.record import issue, refused, serials

STOCK = "avery-l7173"
"""Two columns of five cells, large enough for the plant's label."""
DPI = 300


def job_sheet(site: Site, job_id: int = 1, stock: str = STOCK, **how: Any) -> bytes:
    with site.store.read() as transaction:
        wanted = Wanted(stock=stock, **how)
        return sheets.job_sheet(site, transaction, job_id, wanted=wanted).content


def run_sheet(site: Site, run_id: int = 1, stock: str = STOCK, **how: Any) -> bytes:
    with site.store.read() as transaction:
        wanted = Wanted(stock=stock, **how)
        return sheets.run_sheet(site, transaction, run_id, wanted=wanted).content


def read(document: bytes) -> list[list[str]]:
    """Return what scans on each page, row by row."""
    found = []
    for page in pypdfium2.PdfDocument(document):
        picture = page.render(scale=DPI / 72).to_pil()
        codes = zxingcpp.read_barcodes(picture)
        codes.sort(key=lambda one: (one.position.top_left.y // 100, one.position.top_left.x))
        found.append([one.text for one in codes])
    return found


def record(site: Site) -> list[Any]:
    """Return all that is known of units, labels, jobs and events."""
    tables = (schema.unit, schema.label, schema.job, schema.event)
    with site.store.read() as transaction:
        return [transaction.execute(select(table)).all() for table in tables]


def test_the_labels_of_a_job_lie_row_by_row_from_the_first_free_cell(site: Site) -> None:
    runs.open_run(site, order())
    issue(site, trigger("k1"))
    issue(site, trigger("k2", quantity=4))
    expected = list(serials(2, 4))
    assert read(job_sheet(site, 2)) == [expected]
    assert read(job_sheet(site, 2, start=9)) == [expected[:2], expected[2:]]


def test_sheets_change_nothing_in_the_record(site: Site) -> None:
    runs.open_run(site, order())
    issue(site, trigger("k1", quantity=2))
    before = record(site)
    assert read(job_sheet(site)) == read(run_sheet(site)) == [list(serials(1, 2))]
    assert record(site) == before


def test_a_run_has_the_labels_of_its_units_also_of_those_without_one(site: Site) -> None:
    runs.open_run(site, order())
    issue(site, trigger("k1", quantity=2))
    issue(site, trigger("k2", quantity=2, print=False))
    lease(site, 2)
    issue(site, trigger("k3", print=False))
    site.store.write(
        lambda t: t.execute(
            update(schema.unit).where(schema.unit.c.position == 2).values(state="label_scrapped")
        )
    )
    [first], [_, *rest], [last] = serials(1), serials(2, 3), serials(7)
    assert read(run_sheet(site)) == [[first, *rest, last]]


def test_a_secret_is_asterisks_on_a_sheet(tmp_path: Path) -> None:
    with carriers.opened(tmp_path) as service:
        runs.open_run(service.site, order())
        issue(service.site, trigger("k1"))
        for document in (job_sheet(service.site), run_sheet(service.site)):
            text = pypdfium2.PdfDocument(document)[0].get_textpage().get_text_bounded()
            lines = text.split("\r\n")
            assert [f"mac_1 {carriers.FIRST['mac_1']}" in lines, "U-" in text] == [True, False]
            assert f"unlock {carriers.HIDDEN}" in lines


def test_outlines_show_where_the_cells_are(sqlite_site: Site) -> None:
    runs.open_run(sqlite_site, order())
    issue(sqlite_site, trigger("k1"))
    plain, outlined = (
        pypdfium2.PdfDocument(job_sheet(sqlite_site, outlines=shown))[0].render(scale=2).to_pil()
        for shown in (False, True)
    )
    changed = ImageChops.difference(plain.convert("L"), outlined.convert("L")).getbbox()
    assert changed == (25, 33, 1166, 1652)  # from 4.6, 6 mm to 205.4, 291 mm: all ten cells


NO_CELL = (
    "Labels were to start in cell {} of a sheet avery-l7173: expected 1 to 10, counted row by row; "
    "give the first free cell."
)
TOO_LARGE = (
    "Label 'unit-label' is 70 x 40 mm large, and a cell of avery-l7160 is 63.5 x 38.1 mm: expected "
    "it to be no larger than a cell; use avery-5163, avery-5164, avery-l7165, avery-l7166, "
    "avery-l7167, avery-l7168, avery-l7173, or make the label smaller."
)


@pytest.mark.parametrize(
    ("how", "number", "sentence"),
    [
        ({"stock": "x"}, 4007, "There is no stock 'x'."),
        ({"start": 0}, 1002, NO_CELL.format(0)),
        ({"start": 11}, 1002, NO_CELL.format(11)),
        ({"stock": "avery-l7160"}, 4001, TOO_LARGE),
    ],
)
def test_sheets_that_cannot_be_are_refused(
    sqlite_site: Site, how: dict[str, Any], number: int, sentence: str
) -> None:
    runs.open_run(sqlite_site, order())
    issue(sqlite_site, trigger("k1"))
    for draw in (job_sheet, run_sheet):
        assert refused(partial(draw, sqlite_site, **how))[:2] == (number, sentence)


def test_a_run_without_units_or_with_too_many_is_refused(
    sqlite_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs.open_run(sqlite_site, order())
    assert refused(partial(run_sheet, sqlite_site)) == (
        5002,
        "Run 1 has no unit whose label could lie on a sheet.",
        "Issue serials first; leased and spent ones are left out.",
    )
    issue(sqlite_site, trigger("k1", quantity=3))
    monkeypatch.setattr(sheets, "LABELS_MAX", 3)
    assert len(run_sheet(sqlite_site)) > 0
    issue(sqlite_site, trigger("k2"))
    assert refused(partial(run_sheet, sqlite_site)) == (
        4008,
        (
            "Run 1 has more than 3 units, and so many labels are the most that one document of "
            "sheets holds."
        ),
        "Ask for the sheets of its jobs.",
    )


def test_a_run_of_a_line_that_is_gone_is_refused(tmp_path: Path) -> None:
    with plants.opened(plants.write_site(tmp_path)) as service:
        runs.open_run(service.site, order(line="line-2"))
        issue(service.site, trigger("k1", line="line-2"))
    with plants.opened(plants.write_site(tmp_path, lines={"line-2": None})) as service:
        assert refused(partial(run_sheet, service.site))[0] == 2001
        assert read(job_sheet(service.site)) == [list(serials(1))]
