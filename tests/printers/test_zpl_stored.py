"""Formats that a printer stores, and labels that recall them."""

import re

import pytest
import zplkit
from hypothesis import assume, given
from hypothesis import strategies as st

from printers import languages
from printers.device import Device
from printers.emulator.formats import Formats
from printers.errors import Unprintable
from printers.handling import Handling
from printers.label import Barcode, Box, Field, Label, Rfid, Text
from printers.languages import StoredForm, zpl
from tests.printers.pictures import DPI, SERIAL, UNIT, UNIT_VALUES, WIDE, picture, without_media
from tests.printers.test_languages_contract import NASTY

DEVICE = Device(dpi=DPI)
FULL = Label(
    name="full",
    width_mm=120,
    height_mm=80,
    handling=Handling(copies=2, darkness=4),
    elements=(
        Box(x_mm=1, y_mm=1, width_mm=118, height_mm=78, thickness_mm=0.5),
        Text(x_mm=3, y_mm=3, content=("SN ", *SERIAL), size_mm=4, bold=True),
        Text(x_mm=3, y_mm=8, content=SERIAL, size_mm=4, align="right", width_mm=100),
        Text(x_mm=100, y_mm=14, content=SERIAL, size_mm=3, width_mm=60, rotation=270),
        Text(x_mm=3, y_mm=70, content=SERIAL, size_mm=4, wrap=True, width_mm=60, height_mm=8),
        Text(x_mm=70, y_mm=70, content=("hidden",), size_mm=4, shown=Field("lot")),
        Barcode(
            x_mm=10,
            y_mm=14,
            symbology="code128",
            content=SERIAL,
            x_dimension_mm=0.25,
            height_mm=8,
            hri=True,
        ),
        Barcode(x_mm=10, y_mm=32, symbology="qr", content=SERIAL, x_dimension_mm=0.5),
        Barcode(x_mm=60, y_mm=32, symbology="datamatrix", content=SERIAL, x_dimension_mm=0.5),
        Rfid(content=("30" * 12,)),
    ),
)
VALUES = {"serial": "AC2632700001K", "lot": ""}


def stored(label: Label) -> StoredForm:
    found = languages.stored(zpl.compile(label, device=DEVICE))
    assert found is not None
    return found


def test_a_recall_draws_the_whole_label_in_a_third_of_its_bytes():
    compiled, form = zpl.compile(UNIT, device=DEVICE), stored(UNIT)
    whole, recalled = compiled.render(UNIT_VALUES), form.recall(UNIT_VALUES)
    assert picture("zpl", form.download + recalled).tobytes() == picture("zpl", whole).tobytes()
    assert recalled.decode() == (
        f"^XA\n^JZY^MD0^PQ1\n^CI28^XFR:{form.name}.ZPL^FS\n"
        "^FN1^FH^FDSN AC-0001234^FS\n"
        "^FN2^FH^FD>:AC-0>5001234^FS\n"
        "^FN3^FH^FDMA,https://id.example/01/04006381333931/21/AC-0001234^FS\n"
        "^FO32,256^A0N,18,18^FB246,1,0,C^FH^FDAC-0001234^FS\n"
        "^XZ\n"
    )
    assert len(form.recall(UNIT_VALUES)) < 0.4 * len(whole)


def test_a_download_begins_with_the_format_and_prints_nothing():
    form = stored(UNIT)
    assert form.download.startswith(f"^XA^DFR:{form.name}.ZPL^FS\n^CI28^PON".encode())
    assert form.download.endswith(b"^XZ\n")
    assert b"^PQ" not in form.download
    assert zplkit.render(form.download, zplkit.Options(profile="zd621", dpi=DPI)).labels == []


@pytest.mark.parametrize("lot", ["", "L42"])
@pytest.mark.parametrize("value", [VALUES["serial"], "A", "9912345", "é", "a\\b", "^XZ_5E~", "Ω"])
def test_whole_and_recalled_labels_are_the_same_picture(value, lot):
    """Also where a value needs a graphic: then the recall is the whole label."""
    label = (
        FULL
        if value.isascii()
        else Label(
            name="text", width_mm=120, height_mm=80, elements=(*FULL.elements[:3], FULL.elements[7])
        )
    )
    device = Device(dpi=DPI, characters="ascii")
    compiled = zpl.compile(label, device=device)
    assert compiled.stored is not None
    values = {"serial": value, "lot": lot}
    whole = picture("zpl", compiled.render(values))
    recalled = compiled.stored.download + compiled.stored.recall(values)
    assert picture("zpl", recalled).tobytes() == whole.tobytes()


@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.sampled_from(NASTY))
def test_a_recall_refuses_what_the_label_refuses_and_adds_no_command(text):
    compiled, form = zpl.compile(WIDE, device=DEVICE), stored(WIDE)
    values = {"serial": text}
    try:
        whole = compiled.render(values)
    except Unprintable as refused:
        with pytest.raises(Unprintable, match=re.escape(str(refused))):
            form.recall(values)
        assume(False)
    recalled = form.recall(values)
    if recalled == whole:
        assert b"^GFA" in whole
        return
    assert re.findall(rb"[\^~][A-Z][A-Z]|\^FN\d", re.sub(rb"\^FD[^^~]*", b"^FD", recalled)) == (
        [b"^XA", b"^JZ", b"^MD", b"^PQ", b"^CI", b"^XF", b"^FS"]
        + [b"^FN", b"^FH", b"^FD", b"^FS"] * 4
        + [b"^XZ"]
    )


def test_the_name_follows_from_all_that_the_format_holds():
    def name(**changes: object) -> str:
        given = {"name": "a", "width_mm": 40, "height_mm": 20, "elements": (text("SN "),)}
        return stored(Label(**{**given, **changes})).name  # type: ignore[arg-type]

    def text(own: str) -> Text:
        return Text(x_mm=1, y_mm=1, content=(own, *SERIAL), size_mm=3)

    first = name()
    assert re.fullmatch("[A-Z2-7]{8}", first)
    assert name(name="b") == name(handling=Handling(copies=2)) == first
    fixed = Text(x_mm=1, y_mm=9, content=("Lot 7",), size_mm=3)
    others = [
        name(width_mm=41),
        name(elements=(text("SN "), fixed)),
        name(elements=(Text(x_mm=1, y_mm=1, content=SERIAL, size_mm=4),)),
        name(handling=Handling(upside_down=True)),
    ]
    assert len({first, *others}) == 5


def test_handling_belongs_to_the_recall():
    form = stored(FULL)
    assert form.recall(VALUES).split(b"\n")[1] == b"^JZY^MD4^PQ2"
    assert b"^MD" not in form.download


def test_a_form_without_a_field_to_keep_is_not_stored():
    hidden = Text(x_mm=1, y_mm=1, content=SERIAL, size_mm=3, shown=Field("serial"))
    label = Label(name="short", width_mm=40, height_mm=20, elements=(hidden,))
    assert languages.stored(zpl.compile(label, device=DEVICE)) is None


def test_fields_that_are_dots_whatever_the_value_do_not_keep_others_from_being_stored():
    label = Label(
        name="dots",
        width_mm=90,
        height_mm=40,
        elements=(
            Text(x_mm=3, y_mm=3, content=("C:\\", *SERIAL), size_mm=4),
            Text(x_mm=3, y_mm=9, content=SERIAL, size_mm=4),
            Barcode(
                x_mm=60,
                y_mm=5,
                symbology="datamatrix",
                content=("[)>\x1e06\x1dS", *SERIAL, "\x1e\x04"),
                x_dimension_mm=0.5,
            ),
        ),
    )
    recalled = stored(label).recall(VALUES)
    assert re.findall(rb"\^FN1\^FH\^FD.*|\^GFA", recalled) == [
        b"^FN1^FH^FDAC2632700001K^FS",
        b"^GFA",
        b"^GFA",
    ]
    whole = picture("zpl", zpl.compile(label, device=DEVICE).render(VALUES))
    assert picture("zpl", stored(label).download + recalled).tobytes() == whole.tobytes()


@pytest.mark.parametrize("label", [UNIT, FULL], ids=["unit", "full"])
def test_the_virtual_printer_puts_the_label_together(label):
    formats, form = Formats(), stored(label)
    assert formats.keep(form.download.strip()) == form.name
    values = {**VALUES, "lot": "L42"}
    expanded = formats.expand(form.recall(values).strip())
    whole = zpl.compile(label, device=DEVICE).render(values)
    assert picture("zpl", expanded).tobytes() == picture("zpl", whole).tobytes()
    assert b"^FN" not in expanded
    assert without_media(expanded).count(b"^FD") == without_media(whole).count(b"^FD")
