import re

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from printers.device import Device
from printers.errors import Unprintable
from printers.handling import Handling
from printers.label import Barcode, Field, Label, Rfid, Text
from printers.languages import zpl
from printers.symbologies import Options
from tests.printers.pictures import DPI, SERIAL, UNIT, UNIT_VALUES, WIDE
from tests.printers.test_languages_contract import LATIN, NASTY

DEVICE = Device(dpi=DPI)
ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40)
HOSTILE = st.lists(
    st.sampled_from(
        ["^XZ", "^XA", "~JA", "^FS", "_5E", "_", ">", ">;", ">8", "\x1e", "\x1f", "\x10", "\x02",
         "\x03", "\\&", "^FO1,1^GB9,9,9^FS", "A", "12345678", "é", "日", "%s", "{0}", "99"]
    ),
    max_size=8,
).map("".join)  # fmt: skip
SYMBOLS = Label(
    name="symbols",
    width_mm=250,
    height_mm=100,
    elements=tuple(
        Barcode(
            x_mm=10,
            y_mm=10 + 18 * place,
            symbology=name,
            content=("S", Field("serial")),
            x_dimension_mm=0.25,
            height_mm=9 if name == "code128" else None,
        )
        for place, name in enumerate(["code128", "qr", "datamatrix"])
    ),
)
COMMAND = re.compile(r"([\^~][A-Z][A-Z0-9])([^\^~]*)")


def fields(document: bytes) -> list[list[tuple[str, str]]]:
    """Commands and their parameters, field by field; of field data only that there is some."""
    found: list[list[tuple[str, str]]] = [[]]
    text = document.decode("ascii")
    assert COMMAND.sub("", text) == ""
    for name, parameters in COMMAND.findall(text):
        found[-1].append((name, "" if name == "^FD" else parameters.strip()))
        if name in ("^LH", "^FS"):
            found.append([])
    return found


def is_graphic(field: list[tuple[str, str]]) -> bool:
    return [name for name, _ in field] == ["^FO", "^GF", "^FS"]


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


@pytest.mark.parametrize("label", [WIDE, SYMBOLS], ids=["texts", "symbols"])
@given(text=ANY_TEXT | HOSTILE)
@example(text="^XZ~JA^XA")
@example(text="_5EXZ")
@example(text="\x1eXZ\x10JA")
def test_no_value_adds_or_removes_a_command(label, text):
    """What the printer may not draw becomes a graphic; the other fields stay, in their order."""
    compiled = zpl.compile(label, device=DEVICE)
    try:
        document = compiled.render({"serial": text})
    except Unprintable:
        assume(False)
    assert re.fullmatch(rb"[\n -~]*", document)
    harmless = fields(compiled.render({"serial": "A"}))
    found = fields(document)
    assert len(found) <= len(harmless)  # fewer, where a text has no ink
    rest = iter(harmless)
    assert all(one in rest for one in found if not is_graphic(one))


@given(text=st.text(st.characters(min_codepoint=32, max_codepoint=126)).filter(str.strip))
def test_values_that_need_no_closer_look_are_said_as_with_one(text):
    """The quick way and the exact one write the same."""
    for label in (WIDE, SYMBOLS):
        compiled = zpl.compile(label, device=DEVICE)
        try:
            quick = compiled.render({"serial": text})
        except Unprintable:
            with pytest.raises(Unprintable):
                compiled._render_marks({"serial": text})
            continue
        assert quick == compiled._render_marks({"serial": text})


@pytest.mark.parametrize("value", [*NASTY, *LATIN])
def test_the_text_that_reaches_the_printer_is_the_value(value):
    label = Label(name="text", width_mm=250, height_mm=60, elements=WIDE.elements[:2])
    document = zpl.compile(label, device=DEVICE).render({"serial": value})
    found = re.findall(rb"\^FH\^FD(.*?)\^FS", document)
    if "\\" in value:
        assert (found, document.count(b"^GFA,")) == ([], 2)
    else:
        assert [unescaped(one) for one in found] == [value, value]


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("AC-123456>", ">:AC->5123456>6>0"),
        ("9912", ">;9912"),
        ("^>~_", ">:><>0>=_5F"),
        ("12345A", ">;1234>65A"),
    ],
)
def test_code_128_is_said_in_our_own_code_sets(text, data):
    document = zpl.compile(SYMBOLS, device=DEVICE).render({"serial": "x"})
    assert b"^BCN,72,N,N,N,N^FH^FD>:Sx^FS" in document
    one = Label(name="one", width_mm=250, height_mm=60, elements=WIDE.elements[2:3])
    found = zpl.compile(one, device=DEVICE).render({"serial": text})
    assert re.findall(rb"\^FD(.*?)\^FS", found) == [data.encode()]


def test_every_barcode_states_its_own_module_and_height():
    """^BQ is moved down by the height of the last ^BY, which a printer keeps across jobs."""
    document = zpl.compile(UNIT, device=DEVICE).render(UNIT_VALUES).decode()
    assert re.findall(r"\^BY[^^]*\^FO[^^]*\^B[CQ]", document) == [
        "^BY2,3,96^FO32,156^BC",
        "^BY2,3,1^FO416,120^BQ",
    ]


def test_every_field_data_stands_behind_a_field_hex():
    document = zpl.compile(UNIT, device=DEVICE).render(UNIT_VALUES)
    assert document.count(b"^FD") == document.count(b"^FH^FD") == 9


def test_function_characters_of_gs1_are_said_and_a_value_makes_none():
    def said(symbology: str, height_mm: float | None = None) -> bytes:
        symbol = Barcode(
            x_mm=5,
            y_mm=5,
            symbology=symbology,
            content=("(01)09501101530003(10)", Field("lot"), "(21)", Field("serial")),
            x_dimension_mm=0.25,
            height_mm=height_mm,
        )
        label = Label(name="gs1", width_mm=100, height_mm=50, elements=(symbol,))
        document = zpl.compile(label, device=DEVICE).render({"lot": "L_7", "serial": "A(21)>"})
        data: list[bytes] = re.findall(rb"\^FH\^FD(.*?)\^FS", document)
        return b" ".join(data)

    assert said("gs1_128", 10) == b">;>8010950110153000310>6L_5F7>821A(21)>0"
    assert said("gs1_datamatrix") == b"_5F1010950110153000310L_5F_5F7_5F121A(21)>"
    assert said("gs1_digital_link") == (
        b"MA,https://id.gs1.org/01/09501101530003/10/L_5F7/21/A%2821%29%3E"
    )


STATED = [
    (Handling(), "^JZY^MD0^PQ1", "^PON"),
    (Handling(upside_down=False, darkness=-5, copies=3), "^JZY^MD-5^PQ3", "^PON"),
    (Handling(upside_down=True, tracking="gap", action="tear"), "^JZY^MD0^PQ1^MNY^MMT", "^POI"),
    (Handling(tracking="mark", action="peel", speed_mm_s=100), "^JZY^MD0^PQ1^MNM^MMP^PR4", "^PON"),
    (Handling(tracking="continuous", action="cut"), "^JZY^MD0^PQ1^MNN^MMC", "^PON"),
    (Handling(action="rewind", speed_mm_s=355), "^JZY^MD0^PQ1^MMR^PR14", "^PON"),
]


@pytest.mark.parametrize(("handling", "media", "orientation"), STATED)
def test_a_label_states_all_that_another_job_may_have_changed(handling, media, orientation):
    label = Label(name="x", width_mm=50, height_mm=20, elements=(), handling=handling)
    assert zpl.compile(label, device=DEVICE).render({}).decode() == (
        f"^XA\n{media}\n^CI28{orientation}^PMN^LRN^PW400^LL160^LH0,0\n^XZ\n"
    )


def test_settings_of_the_printer_hold_where_the_label_says_nothing():
    label = Label(
        name="x", width_mm=50, height_mm=20, elements=(), handling=Handling(darkness=2, copies=2)
    )
    device = Device(dpi=DPI, handling=Handling(darkness=9, action="cut"))
    compiled = zpl.compile(label, device=device)
    assert compiled.render({}).split(b"\n")[1] == b"^JZY^MD2^PQ2^MMC"
    assert compiled.copies == 2


UNSAYABLE = [
    (
        Handling(darkness=31),
        "Darkness 31: expected -30 to 30 steps around the printer's own; choose one of these.",
    ),
    (
        Handling(copies=0),
        "Labels in 0 copies: expected 1 to 99999999; choose another number.",
    ),
    (
        Handling(speed_mm_s=500),
        (
            "Speed 500 mm/s is 20 inches per second: expected 1 to 14 (25.4 to 355.6 mm/s); "
            "choose one that the printer has."
        ),
    ),
]


@pytest.mark.parametrize(("handling", "sentence"), UNSAYABLE)
def test_handling_that_zpl_cannot_say_is_refused(handling, sentence):
    label = Label(name="x", width_mm=50, height_mm=20, elements=(), handling=handling)
    with pytest.raises(Unprintable) as refused:
        zpl.compile(label, device=DEVICE)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("epc", "command"),
    [
        ("30" * 12, "^RS8^RFW,H,2,12,1^FH^FD303030303030303030303030^FS"),
        ("36" * 16, "^RS8^RFW,H,2,16,A^FH^FD36363636363636363636363636363636^FS"),
    ],
)
def test_a_tag_is_written_behind_its_control_bits(epc, command):
    label = Label(name="x", width_mm=50, height_mm=20, elements=(Rfid(content=(Field("epc"),)),))
    document = zpl.compile(label, device=DEVICE).render({"epc": epc}).decode()
    assert document.split("\n")[3] == command


@pytest.mark.parametrize("symbology", ["ean13", "ean8", "upca", "pdf417", "aztec", "gs1_qr"])
def test_a_symbology_that_the_printer_may_draw_otherwise_is_sent_as_dots(symbology):
    data = {"ean13": "4006381333931", "ean8": "96385074", "upca": "036000291452"}
    gs1 = "(01)09501101530003"
    symbol = Barcode(
        x_mm=5,
        y_mm=5,
        symbology=symbology,
        content=(data.get(symbology, gs1 if symbology == "gs1_qr" else "AC-0001"),),
        x_dimension_mm=0.25,
        height_mm=10 if symbology in data else None,
    )
    label = Label(name="x", width_mm=90, height_mm=40, elements=(symbol,))
    _, symbol_field, _ = fields(zpl.compile(label, device=DEVICE).render({}))
    assert is_graphic(symbol_field)


@pytest.mark.parametrize(
    ("symbology", "options", "data"),
    [
        ("datamatrix", Options(shape="rectangle"), "AC-0001"),
        ("datamatrix", Options(), "\x1d"),
        ("datamatrix", Options(), "abcdefghijklmnopqrstuvwxyzabcdefghijkl"),
        ("code39", Options(), "A+$B"),
        ("code93", Options(), "a&b"),
        ("code128", Options(), "A\tB"),
        ("qr", Options(), "é"),
    ],
)
def test_data_that_the_printer_may_draw_otherwise_is_sent_as_dots(symbology, options, data):
    symbol = Barcode(
        x_mm=5,
        y_mm=5,
        symbology=symbology,
        content=SERIAL,
        x_dimension_mm=0.25,
        height_mm=10 if symbology.startswith("code") else None,
        options=options,
    )
    label = Label(name="x", width_mm=90, height_mm=40, elements=(symbol,))
    _, symbol_field, _ = fields(zpl.compile(label, device=DEVICE).render({"serial": data}))
    assert is_graphic(symbol_field)


def test_bold_text_is_struck_twice_along_its_line():
    texts = tuple(
        Text(
            x_mm=5,
            y_mm=5,
            content=SERIAL,
            size_mm=5,
            bold=True,
            width_mm=30,
            rotation=rotation,
        )
        for rotation in (0, 90, 180, 270)
    )
    label = Label(name="x", width_mm=60, height_mm=60, elements=texts)
    document = zpl.compile(label, device=DEVICE).render({"serial": "A"}).decode()
    assert re.findall(r"\^FO(.*)\^FH", document) == [
        "40,40^A0N,40,40",
        "41,40^A0N,40,40",
        "40,40^A0R,40,40",
        "40,41^A0R,40,40",
        "40,40^A0I,40,40^FB240,1,0,L",
        "41,40^A0I,40,40^FB240,1,0,L",
        "40,40^A0B,40,40^FB240,1,0,L",
        "40,41^A0B,40,40^FB240,1,0,L",
    ]
