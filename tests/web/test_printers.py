"""Doors that show one printer and what it said."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from labeler.app import Service
from labeler.production.printing import printer_history
from labeler.production.printing.printer_history import Change
from labeler.production.site import PrinterState
from labeler.web import shapes_printers
from printers.profiles import named
from printers.status import Identity, Picture, Silence, Status
from tests import plants
from tests.plants import NOON
from tests.web.asking import issue, open_run, problem, refusal

PRINTER = "/api/v1/printers/zebra-1"
READY = Status(
    ready=True,
    reasons=(),
    labels_waiting=0,
    receiving=False,
    warnings=("media-low",),
    label_length_dots=320,
    print_mode="tear",
)
MODEL = Identity(
    model="ZD621-203dpi", firmware="V93.21.05Z", dpi=203, memory_kib=8176, options=("CUTTER",)
)


@pytest.fixture
def any_service(tmp_path: Path, database_url: str) -> Iterator[Service]:
    """Return the plant on each kind of database."""
    with plants.opened(plants.write_site(tmp_path / "site", database=database_url)) as opened:
        yield opened


def write(service: Service, *changes: Change, keep: int = 100) -> None:
    service.site.store.write(lambda t: printer_history.append(t, changes, keep=keep))


def change(number: int, **given: object) -> Change:
    """Return a change that is ``number`` minutes old at noon plus ten."""
    usual = {
        "printer": "zebra-1",
        "at": NOON + timedelta(minutes=number),
        "state": "idle",
        "reasons": (),
        "sentence": f"change {number}",
        "label_count": number,
    }
    return Change(**{**usual, **given})  # type: ignore[arg-type]


def test_printer_that_nobody_asked_is_unknown(client: FlaskClient) -> None:
    found = client.get(PRINTER).get_json()
    shapes_printers.Printer.model_validate(found)
    assert found.pop("profile")["name"] == "zpl"
    assert found == {
        "name": "zebra-1",
        "uri": "tcp://127.0.0.1:9",
        "language": "zpl",
        "dpi": 203,
        "media": {"width_mm": 70.0, "height_mm": 40.0, "roll_labels": None},
        "proof": "odometer",
        "emulated": False,
        "state": "unknown",
        "reasons": [],
        "sentence": "",
        "since": None,
        "pause": None,
        "labels_waiting": 0,
        "labels_held": 0,
        "labels_doubtful": 0,
        "groups": [],
        "roll": None,
        "heard_at": None,
        "identity": None,
        "label_count": None,
        "label_length_dots": None,
        "print_mode": None,
    }


def test_printer_shows_what_it_says_of_itself(service: Service) -> None:
    client = service.web.test_client()
    open_run(client)
    issue(client, quantity=2)
    service.site.printer_states["zebra-1"] = PrinterState(
        state="idle",
        since=NOON,
        warnings=("media-low",),
        remark="It warns: media-low.",
        picture=Picture(status=READY, identity=MODEL, label_count=57),
        heard_at=NOON,
    )
    found = client.get(PRINTER).get_json()
    assert found["profile"]["source"] == named("zebra-zd621").source
    assert {name: found[name] for name in ("state", "reasons", "sentence", "labels_waiting")} == {
        "state": "idle",
        "reasons": ["media-low-warning"],
        "sentence": "It warns: media-low.",
        "labels_waiting": 2,
    }
    assert found["identity"] == {
        "model": "ZD621-203dpi",
        "firmware": "V93.21.05Z",
        "dpi": 203,
        "memory_kib": 8176,
        "options": ["CUTTER"],
    }
    assert (found["label_count"], found["label_length_dots"], found["print_mode"]) == (
        57,
        320,
        "tear",
    )
    assert found["heard_at"] == found["since"] == "2026-11-23T12:00:00.000Z"


def test_printer_that_is_silent_now_is_still_what_it_said_it_is(service: Service) -> None:
    silence = Picture(status=Silence(question="~HS"), identity=MODEL, label_count=57)
    service.site.printer_states["zebra-1"] = PrinterState(state="stopped", picture=silence)
    found = service.web.test_client().get(PRINTER).get_json()
    assert (found["identity"]["model"], found["print_mode"]) == ("ZD621-203dpi", None)


def test_history_is_told_in_pages_the_newest_first(any_service: Service) -> None:
    client = any_service.web.test_client()
    write(any_service, *(change(number) for number in range(1, 6)))
    write(any_service, change(9, printer="archive"))
    page = client.get(f"{PRINTER}/history?limit=2").get_json()
    shapes_printers.History.model_validate(page)
    assert [one["sentence"] for one in page["changes"]] == ["change 5", "change 4"]
    assert page["changes"][0] == {
        "id": page["changes"][0]["id"],
        "printer": "zebra-1",
        "at": "2026-11-23T12:05:00.000Z",
        "state": "idle",
        "reasons": [],
        "sentence": "change 5",
        "label_count": 5,
    }
    rest = client.get(f"{PRINTER}/history?before={page['next']}").get_json()
    assert [one["sentence"] for one in rest["changes"]] == ["change 3", "change 2", "change 1"]
    assert rest["next"] is None


def test_history_keeps_the_newest_of_each_printer(any_service: Service) -> None:
    write(any_service, *(change(number, printer="archive") for number in range(3)))
    for number in range(5):
        write(any_service, change(number, reasons=("paused", "cover-open")), keep=2)
    client = any_service.web.test_client()
    found = client.get(f"{PRINTER}/history").get_json()["changes"]
    assert [one["sentence"] for one in found] == ["change 4", "change 3"]
    assert found[0]["reasons"] == ["paused", "cover-open"]
    assert len(client.get("/api/v1/printers/archive/history").get_json()["changes"]) == 3


def test_history_of_a_printer_that_is_gone_is_still_told(service: Service) -> None:
    write(service, change(1, printer="old-one"))
    client = service.web.test_client()
    assert len(client.get("/api/v1/printers/old-one/history").get_json()["changes"]) == 1


def test_printer_that_is_not_there_is_5004(client: FlaskClient) -> None:
    expected = problem(5004, "There is no printer 'x'.", "Known: zebra-1, archive.")
    assert client.get("/api/v1/printers/x").get_json() == expected
    assert client.get("/api/v1/printers/x/history").get_json() == expected
    assert refusal(client.get(f"{PRINTER}/history?limit=0"))[0] == 1002
