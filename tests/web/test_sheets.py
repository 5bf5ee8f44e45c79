"""Labels on sheets of stock over HTTP."""

import pypdfium2
import pytest
from flask.testing import FlaskClient

from labeler.web import shapes_sheets as shapes
from tests.web.asking import issue, open_run, refusal

AVERY = {
    "name": "avery-l7173",
    "width_mm": 99.1,
    "height_mm": 57.0,
    "columns": 2,
    "rows": 5,
    "count": 10,
    "page_width_mm": 210.0,
    "page_height_mm": 297.0,
    "left_mm": 4.63,
    "top_mm": 6.0,
    "column_gap_mm": 2.54,
    "row_gap_mm": 0.0,
}


def test_stocks_are_listed_and_shown(client: FlaskClient) -> None:
    listed = client.get("/api/v1/stocks").get_json()["stocks"]
    assert len(listed) > 20
    assert AVERY in listed
    for one in listed:
        shapes.Stock.model_validate(one)
    assert client.get("/api/v1/stocks/avery-l7173").get_json() == AVERY
    assert refusal(client.get("/api/v1/stocks/x")) == (4007, "There is no stock 'x'.")


@pytest.mark.parametrize(("owner", "name"), [("jobs/1", "job-00000001"), ("runs/1", "run-000001")])
def test_sheets_of_a_job_and_of_a_run(any_client: FlaskClient, owner: str, name: str) -> None:
    open_run(any_client)
    issue(any_client, quantity=3)
    address = f"/api/v1/{owner}/sheet.pdf?stock=avery-l7173"
    found = any_client.get(f"{address}&start=9&outlines=true")
    assert (found.status_code, found.mimetype) == (200, "application/pdf")
    assert found.headers["Content-Disposition"] == f'inline; filename="{name}-avery-l7173.pdf"'
    assert len(pypdfium2.PdfDocument(found.data)) == 2
    assert found.data != any_client.get(f"{address}&start=9").data
    assert refusal(any_client.get(f"{address}&start=11")) == (
        1002,
        (
            "Labels were to start in cell 11 of a sheet avery-l7173: expected 1 to 10, counted row "
            "by row; give the first free cell."
        ),
    )


@pytest.mark.parametrize(
    ("address", "number", "sentence"),
    [
        ("jobs/9/sheet.pdf?stock=avery-l7173", 5001, "There is no job 9."),
        ("runs/9/sheet.pdf?stock=avery-l7173", 2003, "There is no run 9."),
        ("runs/1/sheet.pdf?stock=x", 4007, "There is no stock 'x'."),
        (
            "runs/1/sheet.pdf",
            1002,
            "stock is missing: expected one line of text, 1 to 64 characters.",
        ),
        (
            "runs/1/sheet.pdf?stock=avery-l7173",
            5002,
            "Run 1 has no unit whose label could lie on a sheet.",
        ),
    ],
)
def test_sheets_that_cannot_be_are_refused(
    client: FlaskClient, address: str, number: int, sentence: str
) -> None:
    open_run(client)
    assert refusal(client.get(f"/api/v1/{address}")) == (number, sentence)
