"""Our drawing of a label beside zplkit's of its ZPL."""

import io
import sys

import pytest
from PIL import Image

from labeler.errors import NOT_SUPPORTED, UNPRINTABLE, Refusal
from labeler.production import comparing
from printers.device import Device
from printers.handling import Handling
from printers.label import Barcode, Box, Field, Label, Rfid, Text

SERIAL = (Field("serial"),)
CODE = Barcode(
    x_mm=4, y_mm=4, symbology="code128", content=SERIAL, x_dimension_mm=0.25, height_mm=10
)
DEVICE = Device(dpi=203)
VALUES = {"serial": "AC-0001234"}


def label(*elements: Barcode | Box | Rfid | Text, handling: Handling = Handling()) -> Label:
    return Label(name="unit", width_mm=50, height_mm=25, elements=elements, handling=handling)


@pytest.mark.parametrize("dpi", [203, 300])
def test_symbols_and_frames_do_not_differ_in_a_dot(dpi):
    frame = Box(x_mm=1, y_mm=1, width_mm=48, height_mm=23, thickness_mm=0.5)
    found = comparing.compare(label(CODE, frame), VALUES, device=Device(dpi=dpi))
    assert found.symbol_dots > 10_000
    assert (found.symbol_differing, found.differing) == (0, 0)


def test_text_in_the_printers_own_font_differs_and_symbols_do_not():
    text = Text(x_mm=4, y_mm=18, content=("SN ", *SERIAL), size_mm=4)
    found = comparing.compare(label(CODE, text), VALUES, device=DEVICE)
    assert found.symbol_differing == 0
    assert 0 < found.differing < found.dots / 10


def test_handling_and_tags_draw_nothing_and_are_left_out():
    tag = Rfid(content=(Field("serial"),))
    handling = Handling(tracking="mark", action="cut", darkness=10, speed_mm_s=100, copies=3)
    found = comparing.compare(label(CODE, tag, handling=handling), VALUES, device=DEVICE)
    assert found.symbol_differing == 0


def test_a_comparison_is_written_as_png():
    found = comparing.compare(label(CODE), VALUES, device=DEVICE)
    written = Image.open(io.BytesIO(comparing.png(found)))
    assert (written.format, written.size) == ("PNG", found.picture.size)
    assert written.width > 3 * 400


def test_what_cannot_be_printed_is_refused_in_the_languages_sentence():
    with pytest.raises(Refusal) as refused:
        comparing.compare(label(CODE), {"serial": ""}, device=DEVICE)
    assert refused.value.kind == UNPRINTABLE
    assert refused.value.sentence == (
        "Code 128 cannot carry an empty text '': expected at least one character; hand in a value "
        "for the field."
    )


def test_without_the_engine_the_refusal_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "zplkit", None)
    with pytest.raises(Refusal) as refused:
        comparing.compare(label(CODE), VALUES, device=DEVICE)
    assert refused.value.kind == NOT_SUPPORTED
    assert str(refused.value) == (
        "A label is compared with a drawing by zplkit, which is not installed here. Install it "
        "beside this program: pip install zplkit."
    )
