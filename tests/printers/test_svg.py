"""SVG: well-formed and harmless whatever a label says, and readable for people and scanners."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from printers import layout
from printers.device import Device
from printers.label import Field, Label, Line, Text
from printers.languages import _outlines, svg
from printers.layout.marks import Picture, Tag
from tests.printers.pictures import UNIT, UNIT_VALUES, WIDE
from tests.printers.rendering import drawing, symbols

DPI = 203
DEVICE = Device(dpi=DPI)
NAMESPACE = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"
ELEMENTS = {"svg", "title", "desc", "rect", "path", "circle", "image"}
ATTRIBUTES = {
    *{"width", "height", "viewBox", "role", "fill", "d", "fill-rule"},
    *{"cx", "cy", "r", "stroke", "stroke-width", "x", "y", "image-rendering", HREF},
}


def parsed(document: bytes) -> ET.Element:
    """The root, after every element and attribute was found to be a harmless one."""
    root = ET.fromstring(document)  # noqa: S314 our own, and the parser is a witness
    for element in root.iter():
        assert element.tag.removeprefix(NAMESPACE) in ELEMENTS
        assert set(element.attrib) <= ATTRIBUTES
        assert element.get(HREF, "data:image/png;base64,").startswith("data:image/png;base64,")
    return root


def told(document: bytes) -> tuple[str | None, str | None]:
    root = parsed(document)
    return root.findtext(f"{NAMESPACE}title"), root.findtext(f"{NAMESPACE}desc")


def test_an_svg_is_as_large_as_the_label_and_counts_in_dots():
    root = parsed(svg.compile(UNIT, device=DEVICE).render(UNIT_VALUES))
    assert root.get("viewBox") == "0 0 559 320"
    width, height = (
        float((root.get(side) or "").removesuffix("mm")) for side in ("width", "height")
    )
    assert abs(width - 559 * 25.4 / DPI) < 0.001
    assert abs(height - 320 * 25.4 / DPI) < 0.001


def test_an_svg_tells_what_the_label_says():
    assert told(svg.compile(UNIT, device=DEVICE).render(UNIT_VALUES)) == (
        "unit",
        (
            "Hydraulic pump HP-200\n"
            "GTIN 04006381333931\n"
            "Lot 47\n"
            "Made in Austria\n"
            "SN AC-0001234\n"
            "Code 128: AC-0001234\n"
            "AC-0001234\n"
            "QR Code: https://id.example/01/04006381333931/21/AC-0001234"
        ),
    )


@pytest.mark.parametrize("dpi", [203, 300])
def test_the_symbols_of_an_svg_scan(dpi):
    found = drawing(svg.compile(UNIT, device=Device(dpi=dpi)).render(UNIT_VALUES), dpi=dpi)
    assert {text for text, _, _ in symbols(found)} == {
        "AC-0001234",
        "https://id.example/01/04006381333931/21/AC-0001234",
    }


@pytest.mark.parametrize(
    "serial",
    ["</desc><script>alert(1)</script>", "]]>&lt;&#0;", '"\' onload="x', "<!ENTITY x SYSTEM 'f'>"],
)
def test_no_value_gets_out_of_its_place(serial):
    document = svg.compile(WIDE, device=DEVICE).render({"serial": serial})
    assert told(document)[1] == f"{serial}\n{serial}\nCode 128: {serial}\nQR Code: {serial}"
    assert {text for text, _, _ in symbols(drawing(document, dpi=DPI))} == {serial}


TEXT = Label(
    name="text",
    width_mm=90,
    height_mm=20,
    elements=(Text(x_mm=5, y_mm=3, content=(Field("serial"),), size_mm=3),),
)


@settings(max_examples=100)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=20))
def test_an_svg_is_well_formed_whatever_a_name_says(name):
    label = Label(name=name, width_mm=20, height_mm=20, elements=())
    form = layout.place(label, device=DEVICE)
    shown = name.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")
    assert told(svg.Compiled(form).render({}))[0] == shown


def test_what_xml_cannot_carry_is_shown_by_a_sign():
    label = Label(name="a\x1db\x00c\ud800d\uffffe", width_mm=20, height_mm=20, elements=())
    title, _ = told(svg.compile(label, device=DEVICE).render({}))
    assert title == "a␝b␀c\ufffdd\ufffde"


def test_a_picture_travels_in_the_file():
    form = layout.place(TEXT, device=DEVICE)
    marks = (Picture(x=4, y=5, image=Image.new("1", (30, 20), 0)), Tag(epc="3034ABCD"))
    root = parsed(
        svg.Compiled(layout.Form(**{**vars(form), "fixed": marks})).render({"serial": "1"})
    )
    image = root.find(f"{NAMESPACE}image")
    assert image is not None
    assert {name: image.get(name) for name in ("x", "y", "width", "height", "image-rendering")} == {
        "x": "4",
        "y": "5",
        "width": "30",
        "height": "20",
        "image-rendering": "pixelated",
    }
    assert root.findtext(f"{NAMESPACE}desc") == "RFID: 3034ABCD\n1"


def test_an_svg_of_none_and_of_two_labels_is_refused():
    compiled = svg.compile(UNIT, device=DEVICE)
    for rows in ([], [UNIT_VALUES, UNIT_VALUES]):
        sentence = (
            rf"^An SVG file of {len(rows)} labels was asked for: expected exactly 1; use the "
            r"language pdf for many labels in one file\.$"
        )
        with pytest.raises(ValueError, match=sentence):
            compiled.document(rows)
    assert compiled.document([UNIT_VALUES]) == compiled.render(UNIT_VALUES)


def test_the_same_values_give_the_same_bytes_in_eight_threads_at_once():
    letters = "".join(map(chr, [*range(0x21, 0x7F), *range(0x391, 0x3A0)]))
    wanted = svg.compile(TEXT, device=DEVICE).render({"serial": letters})
    gate = threading.Barrier(8)

    def draw(_: int) -> set[bytes]:
        gate.wait()
        compiled = svg.compile(TEXT, device=DEVICE)
        return {compiled.render({"serial": letters}) for _ in range(5)}

    svg_outlines_forget()
    with ThreadPoolExecutor(8) as threads:
        assert set().union(*threads.map(draw, range(8))) == {wanted}


def svg_outlines_forget() -> None:
    """So that the threads read the font at the same time."""
    _outlines._glyph.cache_clear()
    _outlines._source.cache_clear()


@pytest.mark.parametrize("dpi", [150, 220])
def test_a_thin_line_stays_visible_and_symbols_scan_on_a_screen(dpi):
    line = Line(x_mm=5, y_mm=18, length_mm=60, thickness_mm=0.1)
    label = replace(UNIT, elements=(*UNIT.elements[6:8], line))
    seen = drawing(svg.compile(label, device=Device(dpi=300)).render(UNIT_VALUES), dpi=dpi)
    x, y = round(60 * dpi / 25.4), round(18 * dpi / 25.4)
    assert min(seen.crop((x, y - 1, x + 1, y + 2)).tobytes()) < 200
    assert "AC-0001234" in {text for text, _, _ in symbols(seen)}
