"""The reference drawing."""

import io

import pytest
from PIL import Image

from printers.device import Device
from printers.errors import Unprintable
from printers.label import Rfid
from printers.languages import png
from tests.printers.layouts import SERIAL, code128, label, qr, text
from tests.printers.pictures import UNIT, UNIT_VALUES, draw, picture, scan


@pytest.mark.parametrize("dpi", [203, 300, 508])
def test_the_unit_label_scans_at_every_resolution(dpi):
    assert scan(draw("png", UNIT, UNIT_VALUES, dpi=dpi)) == [
        ("Code 128", "AC-0001234"),
        ("QR Code", "https://id.example/01/04006381333931/21/AC-0001234"),
    ]


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_turned_symbol_scans(rotation):
    symbols = (code128(x_mm=6, y_mm=6, rotation=rotation), qr(x_mm=32, y_mm=34, rotation=rotation))
    seen = draw("png", label(*symbols, height_mm=50), {"serial": "AC-0001"})
    assert scan(seen) == [("Code 128", "AC-0001"), ("QR Code", "AC-0001")]


@pytest.mark.parametrize("dpi", [203, 300])
def test_the_picture_is_as_large_as_the_label_and_says_its_resolution(dpi):
    found = png.compile(UNIT, device=Device(dpi=dpi)).render(UNIT_VALUES)
    seen = Image.open(io.BytesIO(found))
    assert (seen.size, seen.mode) == ((round(70 * dpi / 25.4), round(40 * dpi / 25.4)), "1")
    assert [round(value) for value in seen.info["dpi"]] == [dpi, dpi]


def test_a_symbol_covers_no_text():
    """Paper takes all ink; a preview in which a symbol hides a text would hide the mistake."""
    symbol, over = qr(), text(x_mm=3, y_mm=7, content=("HHHHHH",))
    alone, both, turned = (
        draw("png", label(*elements), UNIT_VALUES)
        for elements in ((over,), (over, symbol), (symbol, over))
    )
    assert both.tobytes() == turned.tobytes()
    ink = zip(alone.tobytes(), both.tobytes(), strict=True)
    assert all(after == 0 for before, after in ink if before == 0)


def test_a_tag_leaves_no_ink():
    plain, tagged = (label(text(content=("A",)), *more) for more in ((), (Rfid(content=SERIAL),)))
    values = {"serial": "ABCD"}
    assert draw("png", plain, values).tobytes() == draw("png", tagged, values).tobytes()


def test_check_refuses_what_render_refuses():
    compiled = png.compile(label(text(width_mm=20)), device=Device(dpi=203))
    for ask in (compiled.check, compiled.render, lambda row: compiled.document([row])):
        with pytest.raises(Unprintable) as refused:
            ask({"serial": "AC1234567890"})
        assert str(refused.value) == (
            "Text 'AC1234567890' may become 168 dots wide: expected 160 at most; shorten it, or "
            "give it a wider box or a smaller size."
        )


def test_two_labels_are_refused():
    with pytest.raises(ValueError, match=r"^A PNG file of 2 labels was asked for: expected exactl"):
        png.compile(UNIT, device=Device(dpi=203)).document([UNIT_VALUES, UNIT_VALUES])


def test_the_golden_unit_label_is_unchanged(golden):
    found = png.compile(UNIT, device=Device(dpi=203)).render(UNIT_VALUES)
    kept = golden("unit.png", found)
    assert picture("png", found).tobytes() == picture("png", kept).tobytes()
