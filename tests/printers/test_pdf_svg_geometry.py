"""What PDF viewers and SVG libraries draw lies where the marks say, dot by dot."""

from dataclasses import replace

import pytest
from PIL import Image

from printers import layout
from printers.device import Device
from printers.label import Field
from printers.languages import pdf
from printers.layout.marks import Frame, Picture, Ring, Words
from printers.layout.spots import FixedSpot
from tests.printers.rendering import (
    SHAPES,
    TURNED,
    Inked,
    alone,
    dark,
    differing,
    expected,
    first,
    ink,
    is_dark,
    pages,
    seen,
    text,
)

every_renderer = pytest.mark.parametrize("language", ["pdf", "svg"])
every_dpi = pytest.mark.parametrize("dpi", [203, 300, 600])
ROUND = ("ring", "disc")
ZOOM = {203: 4, 300: 4, 600: 2}


@every_renderer
@every_dpi
@pytest.mark.parametrize("name", SHAPES)
def test_ink_covers_the_box_of_its_mark_dot_by_dot(language, dpi, name):
    label = alone(SHAPES[name])
    form = layout.place(label, device=Device(dpi=dpi))
    box, zoom = first(form, Inked).box, ZOOM[dpi]
    drawn = seen(language, form, label)
    close = ink(seen(language, form, label, zoom=zoom))
    assert max(abs(zoom * a - b) for a, b in zip(box, close, strict=True)) <= 1
    if name not in ROUND:
        assert ink(drawn) == box
        assert differing(drawn, expected(form, form.fixed)) == 0


@every_renderer
@pytest.mark.parametrize("name", ROUND)
def test_a_ring_is_round_and_its_line_as_thick_as_it_should_be(language, name):
    label = alone(SHAPES[name])
    form = layout.place(label, device=Device(dpi=300))
    ring, zoom = first(form, Ring), 4
    left, top, size, line = (zoom * n for n in (ring.x, ring.y, ring.diameter, ring.thickness))
    drawn = seen(language, form, label, zoom=zoom).crop((left, top, left + size, top + size))
    middle, slant = size // 2, round(size / 2 * (1 - 0.5**0.5))
    across = drawn.crop((0, middle, middle, middle + 1))
    downwards = drawn.crop((middle, 0, middle + 1, middle))
    slanted = [is_dark(drawn, at, at) for at in range(middle)]
    assert abs(dark(across) - min(line, middle)) <= 1
    assert abs(dark(downwards) - min(line, middle)) <= 1
    assert abs(slanted.index(True) - slant) <= 1
    assert abs(sum(slanted) - min(line / 2**0.5, middle - slant)) <= 2


@every_renderer
@every_dpi
@pytest.mark.parametrize("rotation", TURNED)
@pytest.mark.parametrize("align", ["left", "center", "right"])
def test_a_text_stays_in_its_room(language, dpi, rotation, align):
    label = alone(text(rotation, align=align))
    form = layout.place(label, device=Device(dpi=dpi))
    words = first(form, Words)
    left, top, width, height = ink(seen(language, form, label))
    x, y, room_width, room_height = words.box
    assert x - 1 <= left
    assert y - 1 <= top
    assert left + width <= x + room_width + 1
    assert top + height <= y + room_height + 1
    long = height if rotation in {90, 270} else width
    assert abs(long - words.width) <= 0.2 * words.size


@every_renderer
@pytest.mark.parametrize("rotation", [90, 180, 270])
@pytest.mark.parametrize("align", ["left", "center", "right"])
def test_a_turned_text_is_the_level_one_turned(language, rotation, align):
    device = Device(dpi=300)
    levels, turned = (
        alone(text(angle, align=align), width_mm=50, height_mm=50) for angle in (0, rotation)
    )
    crops = []
    for label in (levels, turned):
        form = layout.place(label, device=device)
        x, y, width, height = first(form, Words).box
        crops.append(
            seen(language, form, label, zoom=2).crop(
                (2 * x, 2 * y, 2 * (x + width), 2 * (y + height))
            )
        )
    level = crops[0].transpose(
        {
            90: Image.Transpose.ROTATE_270,
            180: Image.Transpose.ROTATE_180,
            270: Image.Transpose.ROTATE_90,
        }[rotation]
    )
    assert differing(level, crops[1]) < 0.03 * dark(level)


def test_pdf_and_svg_set_a_text_alike():
    label = alone(text(0, content="Größe ÄÖÜ 0O1lI"))
    form = layout.place(label, device=Device(dpi=300))
    one, other = (seen(name, form, label, zoom=4) for name in ("pdf", "svg"))
    assert max(abs(a - b) for a, b in zip(ink(one), ink(other), strict=True)) <= 4
    assert differing(one, other) < 0.08 * dark(one)


@every_renderer
@every_dpi
def test_a_picture_is_drawn_dot_by_dot_and_lets_white_through(language, dpi):
    label = alone(SHAPES["level line"])
    form = layout.place(label, device=Device(dpi=dpi))
    line = first(form, Frame)
    dots = Image.new("1", (37, 21), 1)
    for at in range(0, 37 * 21, 2):
        dots.putpixel((at % 37, at // 37), 0)
    picture = Picture(x=line.x + 11, y=line.y - 10, image=dots)
    form = replace(form, fixed=(line, picture))
    assert differing(seen(language, form, label), expected(form, form.fixed)) == 0


def test_a_picture_on_many_pages_is_stored_once():
    label = alone(SHAPES["frame"])
    form = layout.place(label, device=Device(dpi=203))
    noise = Image.effect_noise((400, 200), 200).convert("1")
    picture = Picture(x=20, y=20, image=noise)

    spot = FixedSpot(fixed=(picture,), shown=Field("pictured"))
    compiled = pdf.Compiled(label, replace(form, variable=(spot,)))
    document = compiled.document([{"pictured": shown} for shown in ("yes", "", "yes", "yes")])
    assert len(document) < len(compiled.render({"pictured": "yes"})) + 1200
    plain = replace(form, fixed=(*form.fixed, picture), variable=())
    shown = [*pages(document, dpi=203)]
    assert [differing(page, expected(plain, plain.fixed)) == 0 for page in shown] == [
        True,
        False,
        True,
        True,
    ]
