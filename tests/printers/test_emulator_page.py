"""The virtual printer's page, its book and its pictures, as people and scripts get them."""

import hashlib
import io
import json
import sys
import urllib.error
import urllib.parse
import urllib.request
from datetime import datetime

import pytest
import zxingcpp
from PIL import Image

from printers.device import Device
from printers.emulator import VirtualPrinter, drawing
from printers.emulator.page import BUTTONS, Page
from printers.languages import zpl
from tests.printers.emulated import came_out, connect, label, labels, send, wait_until
from tests.printers.pictures import DPI, UNIT, UNIT_VALUES, picture, scan

UNIT_ZPL = zpl.compile(UNIT, device=Device(dpi=DPI)).render(UNIT_VALUES).strip()


@pytest.fixture
def printer():
    with VirtualPrinter(port=0) as running:
        yield running


@pytest.fixture
def page(printer):
    with Page(printer, port=0) as served:
        yield served


def get(page, path="", **headers):
    request = urllib.request.Request(page.address + path, headers=headers)  # noqa: S310
    with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
        return answer.read()


def post(page, path, headers=None, **form):
    body = urllib.parse.urlencode(form).encode()
    request = urllib.request.Request(page.address + path, body, headers or {})  # noqa: S310
    with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
        return answer.read().decode()


def refusal(call, *arguments, **more):
    with pytest.raises(urllib.error.HTTPError) as refused:
        call(*arguments, **more)
    with refused.value as answer:
        return answer.code, answer.read().decode()


def print_labels(printer, data, *, count):
    with connect(printer) as connection:
        send(connection, data)
        wait_until(lambda: len(printer.pieces) >= count)


def test_the_page_shows_a_label_as_a_picture_that_scans(printer, page):
    print_labels(printer, UNIT_ZPL, count=1)
    shown = get(page).decode()
    assert 'data="/labels/1.png"' in shown
    assert "SN AC-0001234" in shown
    seen = Image.open(io.BytesIO(get(page, "labels/1.png"))).convert("L")
    assert scan(seen) == scan(picture("zpl", UNIT_ZPL))
    assert len(zxingcpp.read_barcodes(seen)) == 2
    assert get(page, "labels/1.zpl") == UNIT_ZPL


def test_the_page_says_what_a_script_would_like_to_know(printer, page):
    printer.fault("in label 2: media-out")
    printer.fault("after 9 labels: feed")
    print_labels(printer, labels(1, 2, 3), count=2)
    state = json.loads(get(page, "state.json"))
    pieces = state.pop("pieces")
    assert state == {
        "uri": printer.uri,
        "on": True,
        "stops": ["media-out"],
        "label_count": 1,
        "labels_waiting": 2,
        "faults": ["after 9 labels: feed"],
    }
    assert [(one["what"], one["texts"]) for one in pieces] == [
        ("label", ["label 1"]),
        ("torn", ["label 2"]),
    ]
    assert "Out of labels" in get(page).decode()


def test_buttons_do_what_stands_on_them(printer, page):
    for name, stop, cure in (
        ("pause", "pause", "resume"),
        ("media-out", "media-out", "load-media"),
        ("ribbon-out", "ribbon-out", "load-ribbon"),
        ("open-head", "head-open", "close-head"),
    ):
        assert BUTTONS[cure][0] in post(page, "press", button=name)
        assert printer.state.stops == {stop}
        assert BUTTONS[name][0] in post(page, "press", button=cure)
        assert printer.state.stops == set()
    assert "Blank label" in post(page, "press", button="feed")
    assert printer.label_count == 1
    post(page, "press", button="power-cycle")
    wait_until(lambda: "power on" in [what for _, what in printer.history])


def test_a_fault_may_be_typed(printer, page):
    assert "after 3 labels: head-open for 5 s" in post(
        page, "fault", fault="after 3 labels: head-open for 5 s"
    )
    assert [str(one) for one in printer.waiting_faults] == ["after 3 labels: head-open for 5 s"]
    code, sentence = refusal(post, page, "fault", fault="in label 3: pause")
    assert (code, sentence) == (
        400,
        "Fault 'in label 3: pause' comes between labels only: expected 'after 2 labels: pause'.\n",
    )


def test_what_a_label_says_is_no_html(printer, page):
    print_labels(printer, b"^XA^FO1,1^FD<script>alert(1)</script>^FS^XZ", count=1)
    shown = get(page).decode()
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown


def test_what_cannot_be_drawn_says_why(printer, page):
    print_labels(printer, b"^XA^FO1,1^BCN,50^FD>^FS^XZ" + label(2), count=2)
    code, sentence = refusal(get, page, "labels/1.png")
    assert code == 404
    assert sentence.startswith("zplkit cannot draw it: ")
    assert get(page, "labels/2.png").startswith(b"\x89PNG")
    assert refusal(get, page, "labels/3.png") == (404, "There is no piece 3.\n")


def test_what_is_not_there_is_refused(page):
    assert refusal(get, page, "nothing") == (404, "There is no such page.\n")
    assert refusal(post, page, "press", button="explode") == (404, "There is no such button.\n")
    assert refusal(post, page, "press", button="x" * 5000) == (400, "Expected a short form.\n")


def test_pages_of_others_press_no_button(printer, page):
    stranger = {"Origin": "http://example.org"}
    sentence = "This page is for people at this machine.\n"
    assert refusal(post, page, "press", stranger, button="pause") == (403, sentence)
    assert refusal(get, page, Host="printer.example.org") == (403, sentence)
    assert printer.state.stops == set()


def test_a_page_on_a_taken_port_says_so(printer, page):
    port = int(page.address.rpartition(":")[2].strip("/"))
    with pytest.raises(OSError, match="cannot listen") as refused:
        Page(printer, port=port)
    assert refused.value.strerror == (
        f"The page of the virtual printer cannot listen at 127.0.0.1:{port} (Address already in "
        "use): expected a free port; choose another (0 takes any)."
    )


def test_the_book_lists_what_came_out_and_goes_on_after_a_restart(tmp_path):
    book = tmp_path / "book.jsonl"
    with VirtualPrinter(port=0, folder=tmp_path, book=book) as printer:
        printer.fault("in label 2: media-out for 0.05 s")
        print_labels(printer, labels(1, 2), count=3)
        printer.feed()
    with book.open("ab") as file:
        file.write(b'{"number": 5, "cut short by a cr')
    with VirtualPrinter(port=0, folder=tmp_path, book=book) as printer:
        assert printer.label_count == 3
        print_labels(printer, label(7), count=1)
    lines = book.read_text().splitlines()
    assert lines.pop(4) == '{"number": 5, "cut short by a cr'
    entries = [json.loads(line) for line in lines]
    assert all(datetime.fromisoformat(entry.pop("at")).tzinfo for entry in entries)
    assert entries == [
        entry(1, "label", 1, label(1), "label 1"),
        entry(2, "torn", 1, label(2), "label 2"),
        entry(3, "label", 2, label(2), "label 2"),
        entry(4, "blank", 3, b""),
        entry(6, "label", 4, label(7), "label 7"),
    ]


def entry(number, what, odometer, data, *texts):
    return {
        "number": number,
        "what": what,
        "odometer": odometer,
        "digest": hashlib.sha256(data).hexdigest(),
        "bytes": len(data),
        "texts": list(texts),
    }


def test_labels_are_kept_as_files_with_a_picture_or_the_reason_why_not(tmp_path):
    with VirtualPrinter(port=0, folder=tmp_path, pictures=True) as printer:
        print_labels(printer, UNIT_ZPL + b"^XA^FO1,1^BCN,50^FD>^FS^XZ", count=2)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "label-000001.png", "label-000001.zpl", "label-000002.txt", "label-000002.zpl",
    ]  # fmt: skip
    seen = Image.open(tmp_path / "label-000001.png").convert("L")
    assert seen.tobytes() == picture("zpl", UNIT_ZPL + b"\n").tobytes()


def test_a_picture_names_the_commands_that_draw_nothing():
    drawn = drawing.draw(b"^XA^PQ2^MMT^PW99^LL50^FO9,9^GB9,9,9^FS^ZZ^XZ", dpi=203)
    assert drawn.left_out == ("PQ", "MM", "ZZ")
    assert Image.open(io.BytesIO(drawn.png)).size == (99, 50)


def test_without_the_engine_labels_are_kept_without_pictures(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "zplkit", None)
    assert not drawing.is_installed()
    with VirtualPrinter(port=0, folder=tmp_path, pictures=True) as printer:
        print_labels(printer, label(1), count=1)
        with Page(printer, port=0) as page:
            assert "Pictures need zplkit, which is not installed" in get(page).decode()
    assert (tmp_path / "label-000001.txt").read_text() == (
        "Pictures need zplkit, which is not installed: pip install zplkit.\n"
    )
    assert came_out(printer) == ["label 1"]
