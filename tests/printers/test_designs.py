"""Files of label programs, read, filled and seen."""

import re
from dataclasses import replace

import pytest
from PIL import Image, ImageDraw

from printers import layout, marking
from printers.device import Device
from printers.errors import Unprintable
from printers.label import Box, Field
from printers.languages import png, zpl
from tests.printers.designed import SAMPLES, body, label, printed, read, sample, seen
from tests.printers.pictures import DPI, scan

SERIAL = "AC-0001234"
VALUES = {"serial": SERIAL, "lot": "47"}


@pytest.mark.parametrize(
    ("name", "symbols"),
    [
        ("zebradesigner-2.prn", [("Code 128", SERIAL), ("Code 39", "LOT-47")]),
        (
            "zebradesigner-3.prn",
            [
                ("Data Matrix", SERIAL),
                ("QR Code", f"https://id.example/01/04006381333931/21/{SERIAL}"),
            ],
        ),
        ("nicelabel.prn", [("Code 128", SERIAL), ("QR Code", SERIAL)]),
        ("bartender.prn", [("Code 128", SERIAL)]),
    ],
)
def test_a_file_of_a_label_program_prints_with_its_fields_filled(name, symbols):
    document = printed(sample(name), **VALUES)
    document = document.replace(
        b"M_C3_BCnchen _E2_82_AC 5", b"Muenchen"
    )  # no glyphs in the witness
    assert scan(seen(document)) == symbols


@pytest.mark.parametrize("name", SAMPLES)
def test_nothing_of_a_file_is_left_that_sets_stores_or_asks(name):
    """What the language states of its own comes before the design, on two lines."""
    sent = "".join(printed(sample(name), **VALUES).decode().splitlines(keepends=True)[3:])
    found = set(re.findall(r"[\^~][A-Z][A-Z0-9@]", sent))
    drawing = {"^A0", "^A@", "^B3", "^BC", "^BQ", "^BX", "^BY", "^CF", "^CI", "^FB", "^FD", "^FH"}
    places = {"^FO", "^FS", "^FT", "^FW", "^GB", "^GF", "^LH", "^LR", "^PA", "^XZ"}
    assert found <= drawing | places


def test_a_downloaded_picture_is_drawn_in_place():
    found = body(sample("zebradesigner-2.prn"), **VALUES)
    assert re.findall(r"\^FT512,128\^GFA,1152,1152,12,:Z64:", found) == [
        "^FT512,128^GFA,1152,1152,12,:Z64:"
    ]
    assert "^XG" not in found


PICTURES: dict[str, str | bytes] = {
    "plain": "~DGR:A.GRF,8,2,FFFF80018001FFFF\n^XA^FO8,8^XGR:A.GRF,2,2^FS^XZ",
    "shortened": "~DGA,8,2,!8H01:!^XA^FO8,8^XGA,2,2^FS^XZ",
    "packed": "~DGA,8,2,:B64://+AAYAB//8=:02EF^XA^FO8,8^XGA,2,2^FS^XZ",
    "as a file": "~DYR:A,A,G,8,2,!8H01:!^XA^FO8,8^XGA,2,2^FS^XZ",
    "binary": b"^XA^FO8,8^GFB,32,32,4,"
    + 2 * b"\xff\xff\xff\xff"
    + 4 * b"\xc0\x00\x00\x03"
    + 2 * b"\xff\xff\xff\xff"
    + b"^FS^XZ",
    "inline": "^XA^FO8,8^GFA,32,32,4,!:C00000 03:::!:^FS^XZ",
}
"""The same frame of 16 dots, each doubled."""


@pytest.mark.parametrize("kind", PICTURES)
def test_a_picture_looks_alike_however_it_comes(kind):
    expected = Image.new("L", (639, 320), 255)
    ImageDraw.Draw(expected).rectangle((8, 8, 39, 15), outline=0, width=2)
    assert seen(printed(read(PICTURES[kind]))).tobytes() == expected.tobytes()


def test_a_stored_format_and_its_recall_become_one_label():
    design = sample("nicelabel.prn")
    assert body(design, **VALUES) == (
        "^LH0,0^FT40,60^A0N,34,34^FH^FDPump^FS\n"
        f"^FT40,110^A0N,28,28^FB560,1,0,C^FH^FD{SERIAL}^FS\n"
        "^BY2,2,80^FT40,220^BCN,80,N,N,N,N^FH^FD>:AC-0>5001234^FS\n"
        f"^FO480,120^BQN,2,4^FH^FDQA,{SERIAL}^FS\n"
        "^FO20,20^GB600,280,4^FS"
    )


@pytest.mark.parametrize(
    ("source", "drawn"),
    [
        # NiceLabel: no ^FS behind names, settings of the drawing in front, all deleted behind.
        (
            (
                "^XA^CFD,24^LH0,0^CI13^PR2^MNY^MTT^MMT^MD0^PON^PMN^LRN^XZ\r\n^XA\r\n^DFR:TEMP_FMT.ZPL\r\n"
                "^LRN\r\n^XZ\r\n^XA\r\n^XFR:TEMP_FMT.ZPL\r\n^BY2^FO9,9^BCN,80,N,N^FR^FD>:A1^FS\r\n"
                "^PQ1,0,1,Y\r\n^XZ\r\n^XA\r\n^IDR:TEMP_FMT.ZPL\r\n^XZ\r\n"
            ),
            "^CFD,24^LH0,0^LRN^LRN^BY2^FO9,9^BCN,80,N,N^FR^FH^FD>:A1^FS",
        ),
        # BarTender: marks of its own around each job.
        (
            (
                "<xpml><page quantity='0' pitch='50.8 mm'></xpml>^XA^FO9,9^A0N,30,30^FDA^FS^XZ\r\n"
                "<xpml></page></xpml><xpml><end/></xpml>"
            ),
            "^FO9,9^A0N,30,30^FH^FDA^FS",
        ),
        # Typed by hand.
        (
            "^xa^cfa,30\n^fo9,9^adn,18,10^fdA^fs\n^fo9,50^gb100,3,3\n^xz",
            "^CFa,30^FO9,9^ADn,18,10^FH^FDA^FS\n^FO9,50^GB100,3,3^FS",
        ),
    ],
)
def test_what_programs_write_around_a_label_is_taken_out(source, drawn):
    assert body(read(source)) == drawn


def test_a_recall_fills_the_fields_that_nobody_maps():
    design = read("^XA^DFR:A^FS^FO9,9^A0N,30,30^FN1^FS^XZ^XA^XFR:A.ZPL^FS^FN1^FDLot 47^FS^XZ")
    assert body(design) == "^FO9,9^A0N,30,30^FH^FDLot 47^FS"
    assert design.notes == (
        (
            "Design 'old.zpl', line 1, column 59: field 1 has no content and shows 'Lot 47' on "
            "every label: give it one under fields, or write a placeholder into its data."
        ),
    )


def test_what_is_taken_out_is_said_with_its_place():
    moved = "says how stock is moved and printed and is taken out: the template's handling and the"
    sized = "says how large the label is and is taken out: the template's own size holds."
    expected = [
        f"line 1, column 1: ~SD18 {moved} printer's settings hold.",
        f"line 4, column 1: ^MNY {moved} printer's settings hold.",
        f"line 4, column 5: ^MTT {moved} printer's settings hold.",
        f"line 4, column 9: ^MMT,N {moved} printer's settings hold.",
        f"line 4, column 15: ^PR5 {moved} printer's settings hold.",
        f"line 4, column 19: ^PW640 {sized}",
        f"line 4, column 25: ^LL320 {sized}",
        (
            "line 10, column 1: ^PQ3,0,1,Y says how many labels are printed and is taken out: each "
            "unit gets the labels that its trigger asks for."
        ),
        (
            "line 6, column 10: the font E:ARI000.TTF must be in the printer: where it is missing, "
            "another one is printed without a word."
        ),
        (
            "line 9, column 1: field 4 has no content and stays empty: give it one under fields, "
            "or write a placeholder into its data."
        ),
    ]
    assert [
        one.removeprefix("Design 'bartender.prn', ") for one in sample("bartender.prn").notes
    ] == expected


def test_a_design_for_another_resolution_is_refused():
    design = replace(read("^XA^FO0,0^GB80,80,80^FS^XZ"), dpi=300)
    assert b"^GB80,80,80" in printed(replace(design, dpi=DPI))
    with pytest.raises(Unprintable) as refused:
        printed(design)
    assert str(refused.value) == (
        "Design 'old.zpl' is made for 300 dpi, and the printer has 203: expected the same, since "
        "it is drawn in dots; export it for 203 dpi, or choose another printer."
    )


def test_a_test_label_needs_a_place_that_no_design_may_cover():
    form = label(read("^XA^FO0,0^GB80,80,80^FS^XZ"))
    with pytest.raises(
        Unprintable, match="^Label 'old unit' has no free place for the mark TEST: "
    ):
        marking.marked(form, "TEST", widest={}, device=Device(dpi=DPI))


def test_a_setup_in_front_of_the_label_keeps_what_it_says_of_the_drawing():
    design = read("^XA^LH20,30^CF0,40^JUS^XZ^XA^FO0,0^FDA^FS^XZ")
    assert body(design) == "^LH20,30^CF0,40^FO0,0^FH^FDA^FS"
    assert design.notes == (
        (
            "Design 'old.zpl', line 1, column 19: ^JUS would save settings in the printer for good "
            "and is taken out: the settings around it are stated by each label."
        ),
    )


def test_a_label_states_what_a_design_leaves_open_and_takes_back_what_it_sets():
    document = printed(read("^XA^MUD^PA0,1,1,0^FO9,9^BQN,2,4^FDQA,{serial}^FS^XZ"), serial="A1")
    assert document.decode().splitlines()[3:] == [
        "^CI28^LH0,0^FWN^LRN^CFA,9,5^BY2,3,10",
        "^MUD^PA0,1,1,0^FO9,9^BQN,2,4^FH^FDQA,A1^FS",
        "^LH0,0^FWN^LRN^MUD^PA0,0,0,0",
        "^XZ",
    ]


def test_further_elements_are_drawn_into_the_same_label():
    design = read("^XA^LH100,100^FWR^FO0,0^BY2^BCN,80,N^FD{serial}^FS^XZ")
    box = Box(x_mm=70, y_mm=2, width_mm=5, height_mm=5, thickness_mm=5, shown=Field("serial"))
    alone, both = printed(design, serial="A1"), printed(design, box, serial="A1")
    assert both.count(b"^XA") == 1
    ink = [seen(one).point(lambda dot: 255 - dot).getbbox() for one in (alone, both)]
    assert ink == [(100, 100, 214, 180), (100, 16, 599, 180)]
    assert both.index(b"^BCN") < both.index(b"^GB")


@pytest.mark.parametrize("value", ["A", ""])
def test_a_design_is_hidden_by_its_condition(value):
    design = read("^XA^FO0,0^GB80,80,80^FS^XZ")
    design = replace(design, shown=Field("lot"))
    assert (b"^GB80,80,80" in printed(design, lot=value)) is bool(value)


def test_another_language_refuses_a_design():
    form = label(read("^XA^FO0,0^GB80,80,80^FS^XZ"))
    with pytest.raises(Unprintable) as refused:
        png.compile(form, device=Device(dpi=DPI))
    assert str(refused.value) == (
        "Label 'old unit' holds the ZPL design 'old.zpl', which only a zpl printer can draw: "
        "expected such a printer; give the line no archive or an archive in zpl, or rebuild it as "
        "a template."
    )
    assert zpl.compile(form, device=Device(dpi=DPI)).render({}).count(b"^GB80,80,80") == 1


def test_a_stored_form_sends_the_design_with_each_label():
    design = read("^XA^FO9,9^A0N,30,30^FDSN {serial}^FS^XZ")
    compiled = zpl.compile(
        label(design, Box(x_mm=1, y_mm=1, width_mm=70, height_mm=30, thickness_mm=1)),
        device=Device(dpi=DPI),
    )
    assert compiled.stored is not None
    assert b"^GB559,240,8" in compiled.stored.download
    assert b"^FDSN A1^FS" in compiled.stored.recall({"serial": "A1"})


def test_check_refuses_what_render_refuses():
    compiled = zpl.compile(
        label(read("^XA^FO9,9^A0N,30,30^FD{serial}^FS^XZ")), device=Device(dpi=DPI)
    )
    compiled.check({"serial": "A1"})
    with pytest.raises(Unprintable):
        compiled.check({"serial": "A\n1"})
    with pytest.raises(Unprintable):
        compiled.render({"serial": "A\n1"})


def test_a_design_covers_its_whole_label():
    form = layout.place(
        label(read("^XA^FO0,0^GB80,80,80^FS^XZ")), device=Device(dpi=DPI), commands="zpl"
    )
    [(element, _, covered)] = layout.ink(form, {})
    assert (element, covered) == (0, (0, 0, 639, 320))
