"""Doors for what people ask of a printer now."""

import io
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from flask.testing import FlaskClient
from PIL import Image

from labeler.app import Service
from labeler.spooler import errands as desks
from labeler.web import shapes_errands
from printers.emulator import VirtualPrinter
from tests.plants import until
from tests.spooler.stations import address, spooling, station
from tests.spooler.stations import issue as spooled
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


@pytest.fixture
def printer() -> Iterator[VirtualPrinter]:
    """Return a virtual printer that prints at once."""
    with VirtualPrinter(port=0) as started:
        yield started


@pytest.fixture
def at_work(tmp_path: Path, printer: VirtualPrinter) -> Iterator[Service]:
    """Return the plant with its spooler at work; its other printer is a folder."""
    with station(tmp_path, address(printer)) as service, spooling(service):
        yield service


def test_printer_is_calibrated_and_its_history_says_for_whom(
    at_work: Service, printer: VirtualPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desks, "QUIET_S", 0.2)
    client = at_work.web.test_client()
    found = client.post(f"{PRINTER}/calibrate", json=ASKED)
    shapes_errands.Outcome.model_validate(found.get_json())
    assert found.get_json() == {
        "printer": "zebra-1",
        "state": "done",
        "sentence": "It is idle again.",
        "label_count_before": 0,
        "label_count_after": 0,
    }
    assert "~JC" in [name for _, name in printer.history]
    [newest, *_] = client.get(f"{PRINTER}/history").get_json()["changes"]
    assert newest["sentence"] == "Calibration, asked for by mk: done. It is idle again."


def test_errand_of_a_printer_that_others_ask_something_is_refused_whatever_it_is(
    at_work: Service, printer: VirtualPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desks, "WATCH_TIMEOUT_S", 3.0)
    printer.accept_and_never_print(True)
    answers: list[Any] = []

    def ask() -> None:
        answers.append(at_work.web.test_client().post(f"{PRINTER}/test", json=ASKED).get_json())

    first = threading.Thread(target=ask, daemon=True)
    first.start()
    until(lambda: at_work.site.printer_states["zebra-1"].state == "processing")
    client = at_work.web.test_client()
    doors = [("test", ASKED), ("calibrate", ASKED), ("check", None)]
    refusals = [client.post(f"{PRINTER}/{what}", json=body).get_json() for what, body in doors]
    first.join()
    busy = "Somebody else asks something of printer 'zebra-1' just now."
    assert refusals == [problem(5040, busy, "Ask again in a moment.")] * 3
    assert [one["state"] for one in answers] == ["sent"]


def test_errand_of_a_printer_with_labels_of_others_is_refused_and_nothing_is_sent(
    tmp_path: Path,
) -> None:
    with (
        VirtualPrinter(port=0, label_time_s=60) as printer,
        station(tmp_path, address(printer)) as service,
        spooling(service),
    ):
        with socket.create_connection(("127.0.0.1", printer.port)) as stranger:
            stranger.sendall(b"^XA^FO10,10^A0N,30,30^FDnot ours^FS^XZ" * 2)
        client = service.web.test_client()
        until(lambda: client.post(f"{PRINTER}/check").status_code == 409)
        sentence = "Printer 'zebra-1' prints labels of others. Nothing was sent."
        for what, body in [("test", ASKED), ("calibrate", ASKED), ("check", None)]:
            refused = client.post(f"{PRINTER}/{what}", json=body).get_json()
            assert refused == problem(5040, sentence, "Ask again once they are out.")
        assert "~JC" not in [name for _, name in printer.history]


def test_errand_of_a_printer_that_is_busy_with_our_labels_is_refused_in_time(
    at_work: Service, printer: VirtualPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desks, "BEGIN_TIMEOUT_S", 0.2)
    printer.accept_and_never_print(True)
    spooled(at_work.site)
    until(lambda: at_work.site.printer_states["zebra-1"].state == "processing")
    client = at_work.web.test_client()
    sentence = "Printer 'zebra-1' was busy with labels for 0.2 s. Nothing was sent."
    hint = "Ask again once they are out: labeler printer status."
    for what, body in [("test", ASKED), ("calibrate", ASKED), ("check", None)]:
        refused = client.post(f"{PRINTER}/{what}", json=body).get_json()
        assert refused == problem(5040, sentence, hint)


def test_errand_of_a_printer_that_is_stopped_is_refused_with_its_reasons(
    at_work: Service, printer: VirtualPrinter
) -> None:
    printer.open_head()
    client = at_work.web.test_client()
    for what in ("test", "calibrate"):
        assert client.post(f"{PRINTER}/{what}", json=ASKED).get_json() == problem(
            5041,
            "Printer 'zebra-1' says: cover-open. Close its head. Nothing was sent.",
            "Remove what stops it and ask again.",
            reasons=["cover-open"],
        )
    printer.close_head()
    client.post(f"{PRINTER}/pause", json={"reason": "new roll", "operator": "jo"})
    for what in ("test", "calibrate"):
        assert client.post(f"{PRINTER}/{what}", json=ASKED).get_json() == problem(
            5041,
            "Paused by jo: new roll. Go on: labeler printer resume zebra-1. Nothing was sent.",
            "Resume it first.",
            reasons=["paused"],
        )
    found = client.post(f"{PRINTER}/check").get_json()
    assert found == {"printer": "zebra-1", "findings": []}


def test_errand_that_a_printer_does_not_know_is_refused(at_work: Service) -> None:
    client = at_work.web.test_client()
    number, sentence = refusal(client.post("/api/v1/printers/archive/calibrate", json=ASKED))
    assert number == 5042
    assert sentence.startswith("Printer 'archive' cannot be told to measure its stock: ")
    assert client.post("/api/v1/printers/archive/test", json=ASKED).get_json()["state"] == "printed"
    found = client.post("/api/v1/printers/archive/check").get_json()
    assert found == {"printer": "archive", "findings": []}
