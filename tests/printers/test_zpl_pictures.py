"""What a model of a printer draws of our ZPL, compared with the marks dot by dot."""

import io
import random

import pytest
from PIL import Image, ImageChops, ImageDraw

from printers import layout, symbologies
from printers.device import Device
from printers.label import Barcode, Box, Circle, Label, Line, Text
from printers.label import Image as Drawing
from printers.languages import png, zpl
from printers.layout import raster
from printers.layout.marks import Words
from printers.symbologies import Options
from tests.printers.pictures import SERIAL, picture, scan

RESOLUTIONS = [203, 300]


def seen(label: Label, device: Device, **values: str) -> Image.Image:
    """The label as the model of a printer draws it."""
    found = picture("zpl", zpl.compile(label, device=device).render(values), dpi=device.dpi)
    return found.point(lambda level: 255 * (level > 127)).convert("1")


def reference(label: Label, device: Device, **values: str) -> Image.Image:
    """The label as the layout draws it."""
    return Image.open(io.BytesIO(png.compile(label, device=device).render(values))).convert("1")


def drawing() -> bytes:
    """The bytes of a PNG picture."""
    image = Image.new("L", (60, 40), 255)
    ImageDraw.Draw(image).ellipse((5, 5, 50, 30), fill=90)
    target = io.BytesIO()
    image.save(target, format="PNG")
    return target.getvalue()


def symbol(symbology: str, data: str, **given: object) -> Barcode:
    if symbologies.load(symbology).LINEAR:
        given = {"height_mm": 8, **given}
    values = {"x_mm": 10, "y_mm": 10, "x_dimension_mm": 0.3, **given}
    return Barcode(symbology=symbology, content=(data,), **values)  # type: ignore[arg-type]


MIXED = Label(
    name="mixed",
    width_mm=100,
    height_mm=80,
    elements=(
        Box(x_mm=0.5, y_mm=0.5, width_mm=99, height_mm=79, thickness_mm=0.5),
        Line(x_mm=5, y_mm=20, length_mm=60, thickness_mm=0.3),
        Line(x_mm=5, y_mm=22, length_mm=20, thickness_mm=0.4, direction="vertical"),
        Circle(x_mm=10, y_mm=25, diameter_mm=12, thickness_mm=0.6),
        Circle(x_mm=25, y_mm=25, diameter_mm=6.1, thickness_mm=3.1),
        Text(x_mm=5, y_mm=3, content=("Ω ≥ 5 · ", *SERIAL), size_mm=4, font="sans"),
        Text(x_mm=90, y_mm=5, content=SERIAL, size_mm=3, width_mm=40, rotation=90, font="mono"),
        symbol("ean13", "4006381333931", x_mm=45, y_mm=25, hri=True),
        symbol("upca", "036000291452", x_mm=45, y_mm=45, rotation=180),
        symbol("pdf417", "AC-0001", x_mm=10, y_mm=55),
        symbol("aztec", "AC-0001", x_mm=70, y_mm=60),
        symbol("qr", "AC-0001", x_mm=10, y_mm=42, rotation=90),
        Drawing(x_mm=75, y_mm=45, width_mm=10, height_mm=10, data=drawing(), name="logo.png"),
    ),
)


@pytest.mark.parametrize("dpi", RESOLUTIONS)
def test_a_label_of_graphics_is_the_reference_dot_for_dot(dpi):
    device = Device(dpi=dpi, characters="none")
    drawn = seen(MIXED, device, serial="éAC-1")
    assert drawn.tobytes() == reference(MIXED, device, serial="éAC-1").tobytes()


BARS = [
    ("code128", "AC-0001>9", Options()),
    ("code128", "9912345678A", Options()),
    ("gs1_128", "(01)09501101530003(10)L_7(21)AC", Options()),
    ("code39", "AC-0001", Options(ratio=2, check_character=True)),
    ("code39", "%A. $/+", Options()),
    ("code93", "AC-0001 $", Options()),
    ("itf14", "15400141288763", Options()),
    ("itf14", "1540014128876", Options(ratio=2)),
]


@pytest.mark.parametrize("dpi", RESOLUTIONS)
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize(("symbology", "data", "options"), BARS)
def test_bars_of_the_printer_are_our_modules_dot_for_dot(symbology, data, options, rotation, dpi):
    one = symbol(symbology, data, rotation=rotation, options=options)
    label = Label(name="bars", width_mm=100, height_mm=100, elements=(one,))
    assert b"^GF" not in zpl.compile(label, device=Device(dpi=dpi)).render({})
    device = Device(dpi=dpi)
    assert seen(label, device).tobytes() == reference(label, device).tobytes()


@pytest.mark.parametrize("dpi", RESOLUTIONS)
@pytest.mark.parametrize(
    ("symbology", "prefix"),
    [("datamatrix", ""), ("qr", ""), ("gs1_digital_link", "(01)09501101530003(21)")],
)
def test_matrix_symbols_of_the_printer_have_our_size_and_data(symbology, prefix, dpi):
    device, chance = Device(dpi=dpi), random.Random(dpi)
    for length in range(1, 18):
        data = prefix + "".join(
            chance.choices("A-_", [6, 2, 1], k=3) + chance.choices("0123456789", k=length)
        )
        label = Label(name="x", width_mm=50, height_mm=50, elements=(symbol(symbology, data),))
        assert b"^GF" not in zpl.compile(label, device=device).render({})
        theirs, ours = seen(label, device), reference(label, device)
        assert ink(theirs) == ink(ours)
        assert scan(theirs.convert("L")) == scan(ours.convert("L")) != []


def test_gs1_datamatrix_of_the_printer_has_our_data_and_is_no_larger():
    """The model finds a smaller square for one in seventy; ours is the room that it has."""
    device = Device(dpi=203)
    for serial in ("S19YCWX", "1", "A_B", "0123456789"):
        one = symbol("gs1_datamatrix", f"(01)03424302879053(10)TLBDH(21){serial}")
        label = Label(name="x", width_mm=50, height_mm=50, elements=(one,))
        theirs, ours = seen(label, device), reference(label, device)
        assert all(a <= b for a, b in zip(ink(theirs), ink(ours), strict=True))
        assert scan(theirs.convert("L")) == scan(ours.convert("L")) != []


@pytest.mark.parametrize("dpi", RESOLUTIONS)
@pytest.mark.parametrize("align", ["left", "center", "right"])
def test_text_of_the_printer_is_turned_about_its_room(align, dpi):
    """Turned back, the four are one picture in the same place of the room, up to a dot."""
    boxes = []
    for rotation in (0, 90, 180, 270):
        text = Text(
            x_mm=10, y_mm=10, content=SERIAL, size_mm=5, width_mm=40, align=align, rotation=rotation
        )
        label = Label(name="text", width_mm=60, height_mm=60, elements=(text,))
        device = Device(dpi=dpi)
        [line] = layout.place(label, device=device).marks({"serial": "AC-01 yg"})
        assert isinstance(line, Words)
        assert line.is_native
        left, top, width, height = line.box
        room = seen(label, device, serial="AC-01 yg").crop((left, top, left + width, top + height))
        boxes.append(ink(raster.rotated(room, -rotation % 360)))
    for box in boxes[1:]:
        assert all(abs(a - b) <= 2 for a, b in zip(box, boxes[0], strict=True))
    start, end = boxes[0][0], boxes[0][2]
    room_dots = layout.dots(40, dpi)
    if align == "left":
        assert start < 0.1 * room_dots
    elif align == "right":
        assert end > 0.9 * room_dots
    else:
        assert abs(start - (room_dots - end)) <= 0.05 * room_dots


def test_a_text_with_a_backslash_is_drawn_by_us():
    """The model's resident font has a cent sign in its place."""
    text = Text(x_mm=2, y_mm=2, content=("C:\\new",), size_mm=5)
    label = Label(name="text", width_mm=30, height_mm=10, elements=(text,))
    device = Device(dpi=203)
    assert seen(label, device).tobytes() == reference(label, device).tobytes()


def test_dots_left_of_the_label_are_cut_off():
    """The letter j reaches out before the place where it begins."""
    device = Device(dpi=300, characters="none")
    text = Text(x_mm=0, y_mm=2, content=("jj",), size_mm=9)
    label = Label(name="edge", width_mm=30, height_mm=15, elements=(text,))
    [line] = layout.place(label, device=device).fixed
    assert isinstance(line, Words)
    assert raster.picture(line).x < 0
    assert seen(label, device).tobytes() == reference(label, device).tobytes()


def test_text_without_ink_is_nothing():
    text = Text(x_mm=1, y_mm=1, content=("\N{BRAILLE PATTERN BLANK}",), size_mm=5)
    label = Label(name="white", width_mm=30, height_mm=20, elements=(text,))
    assert b"^FO" not in zpl.compile(label, device=Device(dpi=203)).render({})


def ink(image: Image.Image) -> tuple[int, int, int, int]:
    """The box of the ink."""
    box = ImageChops.invert(image.convert("L")).getbbox()
    assert box is not None
    return box
