"""TSPL: the same dots as the reference drawing, and nothing a value says is a command."""

import io
import random

import pytest
import zxingcpp
from PIL import Image, ImageChops

from printers import languages
from printers.device import Device
from printers.errors import Unprintable
from printers.handling import Handling
from printers.label import Barcode, Box, Circle, Field, Label, Line, Rfid, Text
from printers.languages import _tspl_ink, png, tspl
from printers.layout.marks import Picture
from tests.printers.pictures import SERIAL, UNIT, UNIT_VALUES, WIDE
from tests.printers.witness.tspl import Printer, labels

DPI = 203
DEVICE = Device(dpi=DPI)
HEAD = "SIZE 70 mm,40 mm\r\nDIRECTION 0,0\r\nREFERENCE 0,0\r\nCLS\r\n"
NASTY = [
    '"\r\nCUT\r\n', '",0\r\nPRINT 99,99\r\n', 'x"\r\nKILL "*"\r\n', "\x1b!R", "~!D", '\\["]',
    "!105", "@LABEL", '"quoted"', "\\", "A" * 40, "~!A~!@",
]  # fmt: skip


def render(label: Label, values: dict[str, str], *, device: Device = DEVICE) -> bytes:
    return tspl.compile(label, device=device).render(values)


def commands(document: bytes, *, dpi: int = DPI) -> list[str]:
    printer = Printer(dpi=dpi)
    printer.feed(document)
    return printer.commands


def reference(label: Label, values: dict[str, str], *, device: Device = DEVICE) -> Image.Image:
    return Image.open(io.BytesIO(png.compile(label, device=device).render(values))).convert("L")


def assert_same_dots(found: Image.Image, expected: Image.Image) -> None:
    """Every dot; a printer may count a label's edge one dot further than we do."""
    assert all(abs(one - other) <= 1 for one, other in zip(found.size, expected.size, strict=True))
    assert ImageChops.difference(found.crop((0, 0, *expected.size)), expected).getbbox() is None


@pytest.mark.parametrize("dpi", [203, 300, 508])
def test_a_label_is_dot_for_dot_the_reference_drawing(dpi):
    device = Device(dpi=dpi)
    [seen] = labels(render(UNIT, UNIT_VALUES, device=device), dpi=dpi)
    assert_same_dots(seen, reference(UNIT, UNIT_VALUES, device=device))


@pytest.mark.parametrize("dpi", [203, 300, 508])
def test_the_unit_label_scans_at_every_resolution(dpi):
    [seen] = labels(render(UNIT, UNIT_VALUES, device=Device(dpi=dpi)), dpi=dpi)
    found = sorted((str(one.format), one.text) for one in zxingcpp.read_barcodes(seen))
    assert found == [
        ("Code 128", "AC-0001234"),
        ("QR Code", "https://id.example/01/04006381333931/21/AC-0001234"),
    ]


def test_a_label_is_made_of_bars_and_bitmaps_only():
    found = commands(render(UNIT, UNIT_VALUES))
    assert found[:4] == HEAD.splitlines()
    assert found[-1] == "PRINT 1,1"
    assert {line.split()[0] for line in found[4:-1]} == {"BITMAP", "BAR"}


@pytest.mark.parametrize("value", NASTY)
@pytest.mark.parametrize("label", [UNIT, WIDE], ids=lambda label: label.name)
def test_no_value_becomes_a_command(value, label):
    """A serial that is a TSPL program: either it is refused, or it is dots like any other."""
    compiled = tspl.compile(label, device=DEVICE)
    try:
        document = compiled.render({"serial": value})
    except Unprintable:
        return
    found = commands(document)
    assert found[1:4] == HEAD.splitlines()[1:]
    assert found[-1] == "PRINT 1,1"
    assert {line.split()[0] for line in found[4:-1]} == {"BITMAP", "BAR"}


@pytest.mark.parametrize("value", ['"quoted"', '\\["]', "!105", "~!D", "@LABEL", "%s", "A,B"])
def test_a_nasty_value_scans_as_itself_and_nothing_else_is_printed(value):
    [seen] = labels(render(WIDE, {"serial": value}), dpi=DPI)
    found = sorted((str(one.format), one.text) for one in zxingcpp.read_barcodes(seen))
    assert found == [("Code 128", value), ("QR Code", value)]
    assert_same_dots(seen, reference(WIDE, {"serial": value}))


def test_pictures_of_all_bytes_reach_a_printer_whose_receiver_takes_some_for_itself():
    chance = random.Random(1)
    every = bytes(range(256)) + b"~!\x1b!" * 8 + bytes(chance.randrange(256) for _ in range(4000))
    image = Image.frombytes("1", (8 * 16, len(every) // 16), every[: len(every) // 16 * 16])
    written = _tspl_ink.bitmap(Picture(x=3, y=5, image=image))
    assert not {0x11, 0x13, 0x1B} & set(written)
    assert b"~!" not in written
    [seen] = labels(
        b"SIZE 70 mm,60 mm\r\nDIRECTION 0,0\r\nREFERENCE 0,0\r\nCLS\r\n"
        + written
        + b"PRINT 1,1\r\n",
        dpi=DPI,
    )
    box = (3, 5, 3 + image.width, 5 + image.height)
    assert ImageChops.difference(seen.crop(box), image.convert("L")).getbbox() is None


def test_dots_left_out_below_each_other_come_back_as_one_bar():
    image = Image.frombytes("1", (8, 4), bytes([0x11, 0x13, 0xFF, 0x1B]))
    assert _tspl_ink.bitmap(Picture(x=10, y=20, image=image)) == (
        b"BITMAP 10,20,1,4,0,\x31\x33\xff\x3b\r\nBAR 12,20,1,2\r\nBAR 12,23,1,1\r\n"
    )


def test_a_frame_is_bars_that_do_not_overlap_and_a_filled_one_is_one():
    label = Label(
        name="boxes",
        width_mm=50,
        height_mm=30,
        elements=(
            Box(x_mm=2, y_mm=2, width_mm=20, height_mm=10, thickness_mm=0.5),
            Line(x_mm=2, y_mm=20, length_mm=30, thickness_mm=0.25),
        ),
    )
    assert commands(render(label, {}))[4:] == [
        "BAR 16,16,160,4",
        "BAR 16,92,160,4",
        "BAR 16,20,4,72",
        "BAR 172,20,4,72",
        "BAR 16,160,240,2",
        "PRINT 1,1",
    ]


def test_things_that_meet_are_one_picture_and_none_erases_the_other():
    ring = Circle(x_mm=2, y_mm=2, diameter_mm=16, thickness_mm=0.5)
    inside = Text(x_mm=5, y_mm=8, content=SERIAL, size_mm=3)
    apart = Text(x_mm=25, y_mm=8, content=("apart",), size_mm=3)
    symbol = Barcode(x_mm=20, y_mm=9, symbology="qr", content=SERIAL, x_dimension_mm=0.5)
    label = Label(name="ring", width_mm=50, height_mm=25, elements=(ring, symbol, inside, apart))
    values = {"serial": "AC-1"}
    document = render(label, values)
    pictures = [line for line in commands(document) if line.startswith("BITMAP")]
    assert len(pictures) == 2
    assert_same_dots(labels(document, dpi=DPI)[0], reference(label, values))


def test_what_lies_beyond_the_label_is_cut_off_as_in_the_reference():
    text = Text(x_mm=15, y_mm=8, content=SERIAL, size_mm=4)
    label = Label(name="long", width_mm=20, height_mm=10, elements=(text,))
    values = {"serial": "AC-0000000001"}
    assert_same_dots(labels(render(label, values), dpi=DPI)[0], reference(label, values))


def test_an_empty_or_blank_text_draws_nothing():
    text = Text(x_mm=5, y_mm=2, content=SERIAL, size_mm=4)
    label = Label(name="blank", width_mm=20, height_mm=10, elements=(text,))
    for value in ("", "  "):
        assert commands(render(label, {"serial": value}))[4:] == ["PRINT 1,1"]


@pytest.mark.parametrize(
    ("handling", "lines"),
    [
        (Handling(tracking="gap"), ["GAP 3 mm,0 mm"]),
        (Handling(tracking="mark"), ["BLINE 3 mm,0 mm"]),
        (Handling(tracking="continuous"), ["GAP 0,0"]),
        (Handling(speed_mm_s=100), ["SPEED 4"]),
        (Handling(speed_mm_s=38), ["SPEED 1.5"]),
        (Handling(speed_mm_s=1000), ["SPEED 18"]),
        (Handling(darkness=-30), ["DENSITY 0"]),
        (Handling(darkness=0), ["DENSITY 8"]),
        (Handling(darkness=30), ["DENSITY 15"]),
        (Handling(action="tear"), ["SET PEEL OFF", "SET CUTTER OFF", "SET TEAR ON"]),
        (Handling(action="peel"), ["SET CUTTER OFF", "SET TEAR OFF", "SET PEEL ON"]),
        (Handling(action="cut"), ["SET PEEL OFF", "SET TEAR OFF", "SET CUTTER 1"]),
        (
            Handling(action="rewind"),
            ["SET PEEL OFF", "SET CUTTER OFF", "SET TEAR OFF", "SET REWIND ON"],
        ),
    ],
)
def test_handling_is_said_between_size_and_direction(handling, lines):
    found = commands(render(UNIT, UNIT_VALUES, device=Device(dpi=DPI, handling=handling)))
    assert found[: len(lines) + 2] == ["SIZE 70 mm,40 mm", *lines, "DIRECTION 0,0"]


@pytest.mark.parametrize(
    ("tracking", "command"),
    [
        ("gap", b"GAPDETECT\r\n"),
        ("mark", b"BLINEDETECT\r\n"),
        (None, b"AUTODETECT\r\n"),
        ("continuous", None),
    ],
)
def test_calibration_looks_for_what_the_stock_has(tracking, command):
    assert languages.calibration("tspl", Handling(tracking=tracking)) == command


def test_a_printer_that_was_calibrated_prints_the_next_label_as_before():
    command = languages.calibration("tspl", Handling(tracking="gap"))
    assert command is not None
    [seen] = labels(command + render(UNIT, UNIT_VALUES), dpi=DPI)
    assert_same_dots(seen, reference(UNIT, UNIT_VALUES))


def test_what_a_label_says_about_handling_beats_the_printers_settings():
    label = Label(
        name="odd", width_mm=50.8, height_mm=25.4, elements=(), handling=Handling(darkness=30)
    )
    device = Device(dpi=DPI, handling=Handling(darkness=-30, tracking="mark"))
    assert commands(render(label, {}, device=device)) == [
        "SIZE 50.8 mm,25.4 mm",
        "BLINE 3 mm,0 mm",
        "DENSITY 15",
        "DIRECTION 0,0",
        "REFERENCE 0,0",
        "CLS",
        "PRINT 1,1",
    ]


def test_copies_and_upside_down_are_the_printers_to_make():
    handling = Handling(copies=3, upside_down=True)
    seen = labels(render(UNIT, UNIT_VALUES, device=Device(dpi=DPI, handling=handling)), dpi=DPI)
    assert len(seen) == 3
    upright = seen[0].transpose(Image.Transpose.ROTATE_180)
    assert_same_dots(upright, reference(UNIT, UNIT_VALUES))


def test_a_label_after_one_upside_down_is_upright_again():
    turned = Device(dpi=DPI, handling=Handling(upside_down=True))
    document = render(UNIT, UNIT_VALUES, device=turned) + render(UNIT, UNIT_VALUES)
    assert_same_dots(labels(document, dpi=DPI)[1], reference(UNIT, UNIT_VALUES))


def test_documents_are_labels_one_after_the_other():
    compiled = tspl.compile(UNIT, device=DEVICE)
    rows = [{"serial": f"A{number}"} for number in range(3)]
    document = compiled.document(rows)
    assert document == b"".join(compiled.render(row) for row in rows)
    assert compiled.document([]) == b""
    for seen, row in zip(labels(document, dpi=DPI), rows, strict=True):
        assert_same_dots(seen, reference(UNIT, row))


def test_the_same_values_give_the_same_bytes():
    compiled = tspl.compile(UNIT, device=DEVICE)
    first = compiled.render(UNIT_VALUES)
    compiled.render({"serial": "OTHER-1"})
    assert compiled.render(UNIT_VALUES) == first == render(UNIT, UNIT_VALUES)


def test_check_refuses_what_render_refuses_in_the_same_sentence():
    compiled = tspl.compile(UNIT, device=DEVICE)
    compiled.check(UNIT_VALUES)
    for values in ({}, {"serial": ""}, {"serial": "é"}, {"serial": "A" * 30}):
        sentences = []
        for ask in (compiled.check, compiled.render):
            with pytest.raises(Unprintable) as refused:
                ask(values)
            sentences.append(str(refused.value))
        assert sentences[0] == sentences[1]


def test_a_label_with_a_tag_is_refused_when_it_is_compiled():
    tag = Rfid(content=(Field("epc"),))
    label = Label(name="tagged", width_mm=50, height_mm=20, elements=(tag,))
    with pytest.raises(Unprintable) as refused:
        tspl.compile(label, device=DEVICE)
    assert str(refused.value) == (
        "Label 'tagged' writes an RFID tag: expected ink only, since no tag is written in TSPL; "
        "print it with a printer whose language is zpl, or remove the element."
    )


def test_a_linear_symbol_is_bars_and_a_matrix_symbol_a_picture():
    """Whichever takes fewer bytes; the unit label as one picture would be 22,400 bytes of dots."""
    code = Label(name="code", width_mm=70, height_mm=40, elements=(UNIT.elements[6],))
    matrix = Label(name="qr", width_mm=70, height_mm=40, elements=(UNIT.elements[7],))
    lines = [line.split()[0] for line in commands(render(matrix, UNIT_VALUES))[4:-1]]
    assert lines.count("BITMAP") == 1
    assert "BAR" in [line.split()[0] for line in commands(render(code, UNIT_VALUES))[4:-1]]
    assert len(render(UNIT, UNIT_VALUES)) < 22_400 / 3
