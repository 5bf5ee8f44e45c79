"""The console of a printer: commands go to it, its answer comes back, and the record tells."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labeler.app import Service
from labeler.errors import PRINTER_BUSY, Refusal
from labeler.production.printing import console_rules
from labeler.spooler import console as ear
from labeler.web import shapes_errands
from printers.emulator import VirtualPrinter
from tests.spooler.stations import address, spooling, station
from tests.web.asking import problem, refusal

CONSOLE = "/api/v1/printers/zebra-1/console"
LABEL = "^XA^FO20,20^A0N,30,30^FDAC1^FS^XZ"


@pytest.fixture
def printer() -> Iterator[VirtualPrinter]:
    """Return a virtual printer that prints at once."""
    with VirtualPrinter(port=0) as started:
        yield started


@pytest.fixture
def at_work(
    tmp_path: Path, printer: VirtualPrinter, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Service]:
    """Return the plant with its spooler at work."""
    monkeypatch.setattr(ear, "QUIET_S", 0.3)
    with station(tmp_path, address(printer)) as service, spooling(service):
        yield service


def said(text: str, **more: object) -> dict[str, object]:
    return {"operator": "mk", "text": text, **more}


def test_console_shows_the_answer_and_the_trail_keeps_what_was_sent(at_work: Service) -> None:
    client = at_work.web.test_client()
    answer = client.post(CONSOLE, json=said("~HI"))
    found = shapes_errands.ConsoleAnswer.model_validate(answer.get_json())
    assert (found.state, found.sentence, found.is_cut) == ("sent", "It has taken it.", False)
    assert found.answer.startswith("<STX>")
    assert found.answer.endswith("<ETX>\n")
    [row] = client.get("/api/v1/audit?kind=console_sent").get_json()["audit"]
    data = b"~HI\r\n"
    assert row["detail"] == {
        "printer": "zebra-1",
        "operator": "mk",
        "state": "sent",
        "sha256": hashlib.sha256(data).hexdigest(),
        "bytes": len(data),
        "text": "~HI",
        "prints": False,
        "answer_bytes": row["detail"]["answer_bytes"],
    }
    [newest, *_] = client.get("/api/v1/printers/zebra-1/history").get_json()["changes"]
    assert newest["sentence"] == "Console, asked for by mk: sent. It has taken it."


def test_console_commands_stand_in_the_trail_before_they_are_sent(
    at_work: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = at_work.web.test_client()
    found: list[dict[str, Any]] = []

    def look(printer: str, errand: object) -> object:
        del printer, errand
        found.extend(client.get("/api/v1/audit?kind=console_asked").get_json()["audit"])
        raise Refusal(PRINTER_BUSY, "It is busy. Nothing was sent.", hint="Ask again.")

    monkeypatch.setattr(at_work.site, "errand", look)
    assert refusal(client.post(CONSOLE, json=said("~HI")))[0] == 5040
    [row] = found
    assert row["detail"] == {
        "printer": "zebra-1",
        "operator": "mk",
        "sha256": hashlib.sha256(b"~HI\r\n").hexdigest(),
        "bytes": 5,
        "text": "~HI",
        "prints": False,
    }
    assert client.get("/api/v1/audit?kind=console_sent").get_json()["audit"] == []


def test_console_refuses_what_may_print_until_somebody_says_so(
    at_work: Service, printer: VirtualPrinter
) -> None:
    client = at_work.web.test_client()
    assert client.post(CONSOLE, json=said(LABEL)).get_json() == problem(
        5050,
        "'^FO' may print a label, and no record would have it. Nothing was sent.",
        "Print labels of units over their lines. If this shall print all the same, say so: "
        "--print, or its box on the page.",
    )
    assert printer.label_count == 0
    found = client.post(CONSOLE, json=said(LABEL, print=True)).get_json()
    assert found["sentence"] == "It has taken it. Its odometer moved by 1: labels came out."
    assert printer.label_count == 1
    [row] = client.get("/api/v1/audit?kind=console_sent").get_json()["audit"]
    assert row["detail"]["prints"] is True


def test_console_refuses_what_erases_until_somebody_is_sure(at_work: Service) -> None:
    client = at_work.web.test_client()
    sentence = "~JA cancels all labels in its buffer. Nothing was sent."
    assert refusal(client.post(CONSOLE, json=said("~JA"))) == (5050, sentence)
    assert client.post(CONSOLE, json=said("~JA", sure=True)).status_code == 200


def test_console_asks_a_stopped_printer_too(at_work: Service, printer: VirtualPrinter) -> None:
    client = at_work.web.test_client()
    printer.pause()
    assert client.post(CONSOLE, json=said("~HS")).get_json()["answer"].count("<STX>") == 3


def test_console_answer_is_cut_at_its_limit(
    at_work: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("labeler.production.printing.console.ANSWER_BYTES_MAX", 10)
    found = at_work.web.test_client().post(CONSOLE, json=said("~HS")).get_json()
    assert (found["answer"], found["is_cut"]) == (found["answer"][:14], True)
    assert found["answer"].startswith("<STX>030,")


def test_console_labels_of_production_go_on_behind_it(
    at_work: Service, printer: VirtualPrinter
) -> None:
    client = at_work.web.test_client()
    for _ in range(2):
        assert client.post(CONSOLE, json=said("~HS\n~HI")).status_code == 200
        found = client.post("/api/v1/printers/zebra-1/test", json={"operator": "mk"})
        assert found.get_json()["state"] == "printed"


def test_console_is_refused_for_documents_and_unknown_printers(at_work: Service) -> None:
    client = at_work.web.test_client()
    unknown = client.post("/api/v1/printers/x/console", json=said("~HS"))
    assert refusal(unknown) == (5004, "There is no printer 'x'.")
    number, sentence = refusal(client.post("/api/v1/printers/archive/console", json=said("~HS")))
    assert number == 5042
    assert sentence.startswith("Printer 'archive' takes no commands: language pdf")
    assert refusal(client.post(CONSOLE, json=said("x" * 4001)))[0] == 1002


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("zpl", "~HS", ""),
        ("zpl", "~HQES", ""),
        ("zpl", "^XA^HH^XZ", ""),
        ("zpl", "^xa^pw800^xz", ""),
        ("zpl", '! U1 getvar "device.languages"', ""),
        ("zpl", "^XA^FX a remark\nof two lines^XZ", ""),
        ("zpl", "^XA^PQ5^XZ", "^PQ"),
        ("zpl", "^XA^XFR:LABEL.ZPL^XZ", "^XF"),
        ("zpl", "~PR", "~PR"),
        ("zpl", "~WC", "~WC"),
        ("zpl", "^CC+\n+XA+FDx+FS+XZ", "^CC"),
        ("zpl", '~HS\nN\nA50,0,0,1,1,1,N,"x"\nP1', "N"),
        ("zpl", "! 0 200 200 210 1\nPRINT", "! 0 200 200 210 1"),
        ("tspl", "SIZE 40 mm,30 mm\nGAP 3 mm", ""),
        ("tspl", "\x1b!?", ""),
        ("tspl", "SELFTEST", "SELFTEST"),
        ("tspl", "print 1,1", "PRINT"),
    ],
)
def test_console_rules_know_what_may_print(language: str, text: str, found: str) -> None:
    assert console_rules.may_print(language, text) == found


def test_console_rules_name_each_harm_once() -> None:
    assert console_rules.harm("zpl", "~JA~JA^XA^IDR:*.*^XZ") == [
        "~JA cancels all labels in its buffer",
        "^ID erases what is stored in it",
    ]
    assert console_rules.harm("tspl", 'KILL "*"') == ["KILL erases files in it"]
    assert console_rules.harm("zpl", '! U1 do "device.reset" ""') == [
        "! U1 do may reset the printer"
    ]
