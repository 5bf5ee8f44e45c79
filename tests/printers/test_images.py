"""Picture files on dots: what is drawn, and what a hostile file cannot do."""

import base64
import io
import struct
import zlib

import pytest
from PIL import Image

from printers import images
from printers.errors import Unprintable
from printers.images import _svg
from printers.label import Field
from printers.label import Image as Element
from printers.layout.marks import Picture
from tests.printers.layouts import form_of, marks_of

Colour = int | tuple[int, ...]
SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"


def png(image: Image.Image) -> bytes:
    target = io.BytesIO()
    image.save(target, format="PNG")
    return target.getvalue()


def svg(body: str, size: str = 'viewBox="0 0 20 10"') -> bytes:
    return f'<svg xmlns="{SVG}" xmlns:xlink="{XLINK}" {size}>{body}</svg>'.encode()


def drawn(data: bytes, *, room=(40, 40), rotation=0, dither=False, name="logo"):
    return images.to_dots(data, name=name, room=room, rotation=rotation, dither=dither)


def refusal(data: bytes, *, room=(40, 40)) -> str:
    with pytest.raises(Unprintable) as refused:
        drawn(data, room=room)
    return str(refused.value)


def black(image: Image.Image) -> int:
    """How many dots are black."""
    return image.histogram()[0]


def corner(mode: str, dark: Colour, light: Colour) -> Image.Image:
    """Dark in the top left quarter."""
    image = Image.new(mode, (8, 4), light)
    image.paste(dark, (0, 0, 4, 2))
    return image


HALF_CLEAR = corner("RGBA", (0, 0, 0, 255), (0, 0, 0, 0))
CORNERS = {
    "1": corner("1", 0, 1),
    "L": corner("L", 0, 255),
    "LA": corner("LA", (0, 255), (0, 0)),
    "RGB": corner("RGB", (20, 0, 60), (255, 255, 255)),
    "RGBA": HALF_CLEAR,
    "P": corner("RGB", (0, 0, 0), (255, 255, 255)).convert("P"),
    "I;16": corner("I;16", 300, 65000),
}


@pytest.mark.parametrize("mode", CORNERS)
def test_a_png_of_any_mode_is_drawn_on_white_paper(mode):
    found = drawn(png(CORNERS[mode]))
    assert (found.size, found.mode) == ((40, 20), "1")
    assert 195 <= black(found) <= 200
    assert found.getpixel((1, 1)) == 0


@pytest.mark.parametrize(
    ("room", "size"),
    [((40, 40), (40, 20)), ((40, 10), (20, 10)), ((3, 400), (3, 2)), ((1, 1), (1, 1))],
)
def test_a_picture_keeps_its_proportions_in_its_room(room, size):
    picture = png(Image.new("L", (80, 40), 0))
    assert drawn(picture, room=room).size == size
    assert drawn(svg('<rect width="20" height="10"/>'), room=room).size[0] <= size[0]


@pytest.mark.parametrize(
    ("rotation", "room", "first"),
    [
        (0, (40, 20), (1, 1)),
        (90, (20, 40), (18, 1)),
        (180, (40, 20), (38, 18)),
        (270, (20, 40), (1, 38)),
    ],
)
def test_a_picture_is_turned_clockwise_and_fills_its_room(rotation, room, first):
    for data in (png(CORNERS["L"]), svg('<rect width="10" height="5"/>')):
        found = drawn(data, room=room, rotation=rotation)
        assert found.size == room
        assert 195 <= black(found) <= 200
        assert found.getpixel(first) == 0


def test_greys_become_patterns_or_are_cut_at_half():
    grey = png(Image.new("L", (40, 40), 96))
    assert black(drawn(grey)) == 1600
    assert 900 < black(drawn(grey, dither=True)) < 1100
    ramp = Image.linear_gradient("L").resize((40, 40))
    assert 700 < black(drawn(png(ramp))) < 900


def test_an_element_is_drawn_at_its_place_and_may_be_hidden():
    given = Element(
        x_mm=2, y_mm=3, width_mm=10, height_mm=10, data=png(CORNERS["L"]), name="l.png",
        shown=Field("serial"),
    )  # fmt: skip
    [mark] = marks_of(given, "A")
    assert isinstance(mark, Picture)
    assert mark.box == (16, 24, 80, 40)
    assert marks_of(given, "") == []
    with pytest.raises(Unprintable, match="Image 'l.png' is neither"):
        form_of(Element(x_mm=2, y_mm=3, width_mm=9, height_mm=9, data=b"GIF89a", name="l.png"))


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"BM", b"%PDF-1.7", b"\xff\xd8\xff"])
def test_a_file_of_another_kind_is_refused(data):
    assert refusal(data) == (
        "Image 'logo' is neither a PNG nor an SVG file: expected one of these; convert it."
    )


def test_a_png_that_says_it_is_huge_is_not_decoded():
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0)
    chunk = b"IHDR" + header
    data = (
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    )
    assert refusal(data) == (
        "Image 'logo' has 60000 x 60000 pixels: expected 25000000 pixels at most; save it smaller."
    )


@pytest.mark.parametrize("cut", [8, 20, 30, 60])
def test_a_png_that_breaks_off_is_refused(cut):
    sentence = refusal(png(Image.effect_noise((30, 30), 90))[:cut])
    assert sentence.startswith("Image 'logo' cannot be read as a PNG file: expected a whole one, ")
    assert sentence.endswith("; save it anew.")
    assert "0x" not in sentence


def test_a_white_picture_is_refused_since_paper_would_not_show_it():
    assert refusal(png(Image.new("L", (80, 40), 255))) == (
        "Image 'logo' is white on all of its 40 x 20 dots: expected some black; choose a darker "
        "picture, or a larger room."
    )


def test_a_room_of_too_many_dots_is_refused():
    assert refusal(png(CORNERS["L"]), room=(10_000, 10_000)) == (
        "Image 'logo' has a room of 10000 x 10000 dots: expected 25000000 dots at most; make it "
        "smaller."
    )


@pytest.mark.parametrize(
    "size",
    [
        'viewBox="0 0 20 10"',
        'width="20mm" height="10mm" viewBox="0 0 20 10"',
        'width="20" height="10"',
    ],
)
def test_an_svg_is_drawn_whatever_its_units(size):
    found = drawn(svg('<rect width="10" height="5"/>', size))
    assert (found.size, black(found)) == ((40, 20), 200)


def test_an_svg_may_use_its_own_parts_and_embedded_pictures():
    part = '<defs><rect id="r" width="5" height="5"/></defs>'
    assert black(drawn(svg(part + '<use href="#r"/><use xlink:href="#r" x="5"/>'))) == 200
    inner = base64.b64encode(png(Image.new("L", (8, 8), 0))).decode()
    embedded = f'<image href="data:image/png;base64,{inner}" width="5" height="5"/>'
    assert black(drawn(svg(embedded))) == 100
    linked = f'<a href="https://example.com">{embedded}</a>'
    assert black(drawn(svg(linked))) == 100


def test_an_svg_may_begin_with_a_byte_order_mark_and_a_declaration():
    data = b'\xef\xbb\xbf<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE svg>\n'
    assert black(drawn(data + svg('<rect width="10" height="5"/>'))) == 200


@pytest.mark.parametrize("scheme", ["", "file://", "../../../../../../../../.."])
@pytest.mark.parametrize("attribute", ["href", "xlink:href", "x:href"])
@pytest.mark.parametrize("element", ["image", "use", "feImage", "pattern"])
def test_an_svg_reads_no_file(tmp_path, scheme, attribute, element):
    secret = tmp_path / "secret.png"
    secret.write_bytes(png(Image.new("L", (8, 8), 0)))
    address = f"{scheme}{secret}"
    body = f'<{element} xmlns:x="{XLINK}" {attribute}="{address}" width="8" height="8"/>'
    assert refusal(svg(body)) == (
        f"Image 'logo' refers to {address[:60]!r}: expected parts of its own (#…) or pictures "
        "embedded as PNG or JPEG; save it anew."
    )


@pytest.mark.parametrize(
    "address",
    ["https://example.com/a.png", "data:image/svg+xml;base64,AA==", " /etc/passwd", "x.svg#a"],
)
def test_an_svg_asks_nobody(address):
    assert f" refers to {address.strip()!r}: " in refusal(svg(f'<image href="{address}"/>'))


def test_entities_are_refused_before_they_multiply():
    laughs = '<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    assert refusal(laughs.encode() + svg("")) == (
        "Image 'logo' declares an entity: expected none; save it anew."
    )
    outside = '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    assert " declares an entity: " in refusal(outside.encode() + svg("&a;"))


def test_text_in_an_svg_is_refused_since_its_font_may_be_missing():
    assert refusal(svg('<text y="8">CE</text>')) == (
        "Image 'logo' has an element text: expected text turned into paths; save it anew."
    )


def test_deep_nesting_is_refused_and_what_is_allowed_is_drawn():
    rect = '<rect width="10" height="5"/>'
    assert refusal(svg("<g>" * 100_000 + "</g>" * 100_000)) == (
        "Image 'logo' has too many elements in each other: expected 100 at most; save it anew."
    )
    most = svg('<g opacity=".999">' * 98 + rect + "</g>" * 98)
    assert black(drawn(most, room=(20, 10))) > 0


def test_too_many_elements_are_refused():
    assert refusal(svg("<g/>" * 20_001)) == (
        "Image 'logo' has too many elements: expected 20000 at most; save it anew."
    )


def test_too_large_a_file_is_refused():
    assert refusal(svg(" " * 2_000_000)) == (
        f"Image 'logo' has {len(svg(' ' * 2_000_000))} bytes: expected 2000000 at most; simplify "
        "it."
    )


def test_masks_within_masks_end_with_their_process(monkeypatch):
    monkeypatch.setattr(_svg, "_TIMEOUT_S", 0.5)
    masks = "".join(
        f'<mask id="m{level}">'
        + f'<rect width="9" height="9" mask="url(#m{level - 1})"/>' * 10
        + "</mask>"
        for level in range(1, 10)
    )
    most = '<rect width="9" height="9" mask="url(#m9)"/>'
    assert refusal(svg(f'<mask id="m0"><rect width="9" height="9"/></mask>{masks}{most}')) == (
        "Image 'logo' was not drawn within 0.5 s: expected a simpler drawing; remove filters, "
        "masks and patterns within each other."
    )


def test_a_drawing_that_takes_too_much_memory_ends_with_its_process(monkeypatch):
    """The worker has a limit of its own; here a drawing that its reader would have refused."""
    monkeypatch.setattr(_svg, "DEPTH_MAX", 10**6)
    monkeypatch.setattr(_svg, "ELEMENTS_MAX", 10**6)
    deep = svg('<g opacity=".5">' * 30_000 + '<rect width="9" height="9"/>' + "</g>" * 30_000)
    assert refusal(deep) == (
        "Image 'logo' cannot be drawn on 40 x 40 dots (it took too much memory or time): expected "
        "a drawing with a size, within reason; correct or simplify it."
    )


@pytest.mark.parametrize(
    ("size", "drawn_size"),
    [('width="1e9" height="1e9"', (40, 40)), ('width="1e8" height="1e9"', (4, 40))],
)
def test_an_svg_of_an_odd_size_is_drawn_in_its_room(size, drawn_size):
    assert drawn(svg('<rect width="1e9" height="1e9"/>', size)).size == drawn_size


def test_an_svg_as_thin_as_no_dot_is_refused():
    thin = svg('<rect width="1" height="1"/>', 'viewBox="0 0 1 1000000000"')
    assert "is white on all of its 1 x 40 dots" in refusal(thin)


@pytest.mark.parametrize(
    "size", ['width="0" height="5"', 'viewBox="0 0 0 0"', 'viewBox="nonsense"']
)
def test_an_svg_without_a_size_is_refused(size):
    assert "Image 'logo' " in refusal(svg("", size))


@pytest.mark.parametrize("data", [b"<svg", b"<svg></svg><svg/>", b"<svg>&x;</svg>", b"<a><b></a>"])
def test_what_is_not_well_formed_is_refused(data):
    assert "Image 'logo' " in refusal(data)


def test_another_document_or_encoding_is_refused():
    assert refusal(b"<html/>") == (
        "Image 'logo' begins with the element html: expected svg; save it anew."
    )
    assert refusal(b"<svg>\xe4</svg>") == (
        "Image 'logo' is not written in UTF-8: expected an SVG file in UTF-8; save it so."
    )
    assert "neither a PNG nor an SVG" in refusal(svg("").decode().encode("utf-16"))


def test_a_drawing_without_ink_is_refused():
    assert "is white on all of its 40 x 20 dots" in refusal(
        svg('<rect fill="#fff" width="9" height="9"/>')
    )
