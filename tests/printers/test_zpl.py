import re

import pytest
import zplkit
from hypothesis import given
from hypothesis import strategies as st
from zplkit.parse import parse

from printers.errors import Unprintable
from printers.languages import zpl
from printers.symbologies import code128
from tests.printers.pictures import DPI, UNIT, UNIT_VALUES, WIDE
from tests.printers.test_languages_contract import LATIN, NASTY

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]))
compiled = zpl.compile(WIDE, dpi=DPI)


def commands(document: bytes) -> list[str]:
    """The commands as an independent parser sees them, without their data."""
    return [bytes(element)[:3].decode("latin-1") for element in parse(document).elements]


def unescaped(data: bytes) -> str:
    """What ^FH makes of field data."""
    plain = re.sub(rb"_([0-9A-F]{2})", lambda found: bytes([int(found[1], 16)]), data)
    return plain.decode()


@given(ANY_TEXT)
def test_escaped_data_is_plain_ascii_without_a_command_byte(text):
    escaped = zpl.escape(text)
    assert re.fullmatch(r"[ -}]*", escaped)
    assert not set(escaped) & set("^~\\")
    assert unescaped(escaped.encode()) == text


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), min_size=1))
def test_code_128_data_has_no_command_byte(text):
    invoked = zpl._invoke(text)
    assert re.fullmatch(r"[ -}]+", invoked)
    assert not set(invoked) & set("^~\\")


@given(st.text(max_size=40))
def test_no_value_adds_or_removes_a_command(text):
    try:
        document = compiled.render({"serial": text})
    except Unprintable:
        return
    assert commands(document) == commands(compiled.render({"serial": "A"}))


@pytest.mark.parametrize("value", [*NASTY, *LATIN])
def test_the_text_that_reaches_the_printer_is_the_value(value):
    label = type(WIDE)(name="text", width_mm=250, height_mm=60, elements=WIDE.elements[:2])
    document = zpl.compile(label, dpi=DPI).render({"serial": value})
    left, centred = re.findall(rb"\^FH\^FD(.*?)\^FS", document)
    assert unescaped(left) == value
    assert unescaped(centred).replace("\\\\", "\\") == value


@pytest.mark.parametrize("value", ["A1", "99", "9912345", "A>0B", "123456A", "A12345678B"])
def test_the_printer_draws_the_very_bars_of_the_symbology(value):
    label = type(WIDE)(name="bars", width_mm=250, height_mm=60, elements=WIDE.elements[2:3])
    drawn = zplkit.render(
        zpl.compile(label, dpi=DPI).render({"serial": value}),
        zplkit.Options(profile="zd621", dpi=DPI),
    )
    raster = drawn.labels[0].rasterize()
    middle = raster.pixels[raster.width * 150 : raster.width * 151]
    bars = "".join("01"[dot == 0] for dot in middle[80 : 80 + 2 * code128.columns(value)])
    assert bars[::2] == bars[1::2] == code128.encode(value)[0]


def test_every_barcode_states_its_own_module_and_height():
    """^BQ is moved down by the height of the last ^BY, which a printer keeps across jobs."""
    document = zpl.compile(UNIT, dpi=DPI).render(UNIT_VALUES).decode()
    assert re.findall(r"\^BY[^^]*\^FO[^^]*\^B[CQ]", document) == [
        "^BY2,3,96^FO32,156^BC",
        "^BY2,3,1^FO416,120^BQ",
    ]


def test_every_field_data_stands_behind_a_field_hex():
    document = zpl.compile(UNIT, dpi=DPI).render(UNIT_VALUES)
    assert document.count(b"^FD") == document.count(b"^FH^FD") == 9
