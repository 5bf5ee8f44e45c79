"""Doors for what people ask of a printer now."""

import io
from pathlib import Path

import pytest
import zxingcpp
from flask.testing import FlaskClient
from PIL import Image

from labeler.web import shapes_errands
from printers.emulator import VirtualPrinter
from tests.spooler.stations import address, spooling, station
from tests.web.asking import problem, refusal

PRINTER = "/api/v1/printers/zebra-1"
ASKED = {"operator": "mk"}


def test_test_label_is_printed_and_in_the_history_of_the_printer(tmp_path: Path) -> None:
    with VirtualPrinter(port=0) as printer, station(tmp_path, address(printer)) as service:
        client = service.web.test_client()
        with spooling(service):
            found = client.post(f"{PRINTER}/test", json=ASKED)
            assert (found.status_code, found.get_json()["state"]) == (200, "printed")
            shapes_errands.Outcome.model_validate(found.get_json())
            assert printer.label_count == 1
            changes = client.get(f"{PRINTER}/history").get_json()["changes"]
            assert [one["sentence"] for one in changes[:1]] == [
                "Test label, asked for by mk: printed. Its odometer says so."
            ]
            printer.pause()
            asked = client.post(f"{PRINTER}/test", json=ASKED)
            assert asked.get_json() == problem(
                5041,
                "Printer 'zebra-1' says: paused. Press its pause button. Nothing was sent.",
                "Remove what stops it and ask again.",
                reasons=["paused"],
            )
            found = client.post(f"{PRINTER}/check").get_json()
            said = "Printer 'zebra-1' says: paused. Press its pause button."
            assert found == {"printer": "zebra-1", "findings": [said]}


@pytest.mark.parametrize("form", ["png", "pdf", "svg", "tspl", "zpl"])
def test_test_label_is_drawn_in_every_format(client: FlaskClient, form: str) -> None:
    found = client.get(f"{PRINTER}/test.{form}")
    assert found.status_code == 200
    assert found.headers["Content-Disposition"] == (f'inline; filename="test-label-zebra-1.{form}"')
    if form == "png":
        picture = Image.open(io.BytesIO(found.data)).convert("L")
        assert {one.text for one in zxingcpp.read_barcodes(picture)} == {"TEST"}


def test_errands_are_refused_in_sentences(client: FlaskClient) -> None:
    nobody = "No service runs here that could ask printer 'zebra-1'."
    for what in ("test", "calibrate"):
        assert refusal(client.post(f"{PRINTER}/{what}", json=ASKED)) == (5043, nobody)
    assert refusal(client.post(f"{PRINTER}/check")) == (5043, nobody)
    unknown = (5004, "There is no printer 'x'.")
    for what in ("test", "calibrate"):
        assert refusal(client.post(f"/api/v1/printers/x/{what}", json=ASKED)) == unknown
    assert refusal(client.post("/api/v1/printers/x/check")) == unknown
    assert refusal(client.get("/api/v1/printers/x/test.png")) == unknown
    assert refusal(client.post(f"{PRINTER}/test", json={}))[0] == 1002
