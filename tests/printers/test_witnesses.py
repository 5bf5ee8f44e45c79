"""The second opinions that the printing tests ask: another ZPL engine, other decoders."""

import io
import json

import pytest
import zxingcpp
from PIL import Image, ImageChops

from printers.device import Device
from printers.languages import png
from printers.symbologies import Options, qr
from tests.printers.pictures import UNIT, UNIT_VALUES, modules_picture
from tests.printers.witness.decoders import decode_dmtx, decode_zbar
from tests.printers.witness.zpl_js import FOLDER, NotDrawn, render_zpl_js

ZPL = (
    b"^XA^CI28^FO40,40^BY2,3,80^BCN,80,N,N,N,N^FD>:AC-0001^FS^FO40,160^GB200,4,4^FS"
    b"^BY2,3,1^FO280,160^BQN,2,4^FH^FDMA,https://id.example/1^FS^FO40,190^BXN,6,200^FDDM-42^FS^XZ"
)
"""A label of 50 x 40 mm at 8 dots a millimetre, written by hand."""


def symbol(text: str, name: str, **options: object) -> Image.Image:
    """One symbol by zint, which is in zxing-cpp."""
    made = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, name), **options)
    return Image.fromarray(made.to_image(scale=4, add_quiet_zones=True)).convert("L")


def inked(picture: Image.Image) -> tuple[int, int, int, int] | None:
    return picture.point(lambda level: 255 * (level < 128)).getbbox()


def test_the_other_zpl_engine_draws_a_label_in_the_size_it_is_told():
    seen = render_zpl_js(ZPL, 50, 40, 8)
    assert (seen.mode, seen.size, seen.getextrema()) == ("L", (400, 320), (0, 255))


def test_the_other_zpl_engine_draws_things_at_their_dots():
    seen = render_zpl_js(ZPL, 50, 40, 8)
    assert inked(seen.crop((0, 0, 400, 150))) == (40, 40, 264, 120)
    assert inked(seen.crop((0, 150, 270, 180))) == (40, 10, 240, 14)
    assert inked(seen.crop((0, 180, 270, 320))) == (40, 10, 112, 82)


def test_the_other_zpl_engine_moves_a_qr_code_down_by_no_more_than_a_dot():
    """^BQ lies lower by the height of the last ^BY, which is 1 here; engines differ by that dot."""
    seen = render_zpl_js(ZPL, 50, 40, 8).crop((270, 0, 400, 320))
    assert inked(seen) in {(10, top, 110, top + 100) for top in (160, 161)}


def test_the_other_zpl_engine_answers_one_label_after_the_other():
    first, second = ZPL, ZPL.replace(b"AC-0001", b"AC-0002")
    seen = [render_zpl_js(zpl, 50, 40, 8) for zpl in (first, second, first)]
    assert ImageChops.difference(seen[0], seen[2]).getbbox() is None
    assert [dict(decode(one))["Code 128"] for one in seen] == ["AC-0001", "AC-0002", "AC-0001"]


def decode(picture: Image.Image) -> list[tuple[str, str]]:
    return [(str(one.format), one.text) for one in zxingcpp.read_barcodes(picture)]


def test_the_other_zpl_engine_reads_utf_8():
    zpl = b"^XA^CI28^BY2,3,1^FO40,40^BQN,2,4^FDMA,\xc3\x84\xe6\x97\xa5^FS^XZ"
    assert decode(render_zpl_js(zpl, 50, 40, 8)) == [("QR Code", "Ä日")]


@pytest.mark.parametrize("zpl", [b"", b"^XA^XZ", b"hello"])
def test_the_other_zpl_engine_says_when_there_is_nothing_to_draw(zpl):
    with pytest.raises(NotDrawn, match=r"^No labels parsed$"):
        render_zpl_js(zpl, 50, 40, 8)
    assert render_zpl_js(ZPL, 50, 40, 8).size == (400, 320)


def test_the_lock_of_npm_packages_has_a_hash_of_each_and_no_address():
    text = (FOLDER / "package-lock.json").read_text()
    packages = json.loads(text)["packages"]
    wanted = json.loads((FOLDER / "package.json").read_text())["dependencies"]
    assert packages.pop("")["dependencies"] == wanted
    assert sorted(packages) == [f"node_modules/{name}" for name in sorted(wanted)]
    assert {one["integrity"][:7] for one in packages.values()} == {"sha512-"}
    assert "://" not in text


def test_zbar_reads_every_symbol_of_a_label(needs_debian):
    needs_debian("zbar-tools")
    document = png.compile(UNIT, device=Device(dpi=203)).render(UNIT_VALUES)
    assert decode_zbar(Image.open(io.BytesIO(document)).convert("L")) == [
        ("CODE-128", b"AC-0001234"),
        ("QR-Code", b"https://id.example/01/04006381333931/21/AC-0001234"),
    ]


@pytest.mark.parametrize("text", ["plain", "a]]>b<&", "A\x1dB\x00C", "é ÄÖÜ ß", "日本語", "Ω€🔧"])
def test_zbar_keeps_every_byte_of_a_qr_code(needs_debian, text):
    needs_debian("zbar-tools")
    modules = qr.encode(text, Options()) if text.isprintable() else None
    seen = modules_picture(modules) if modules else symbol(text, "QRCode")
    assert decode_zbar(seen) == [("QR-Code", text.encode())]


def test_zbar_tells_fnc1_between_two_elements_of_gs1_128(needs_debian):
    needs_debian("zbar-tools")
    seen = decode_zbar(symbol("(01)04006381333931(10)L1(21)AC-1", "Code128", gs1=True))
    assert seen == [("CODE-128", b"010400638133393110L1\x1d21AC-1")]


def test_zbar_refuses_two_qr_codes_it_cannot_tell_apart(needs_debian):
    needs_debian("zbar-tools")
    one = modules_picture(qr.encode("é ÄÖÜ ß", Options()))
    both = Image.new("L", (2 * one.width, one.height), 255)
    both.paste(one, (0, 0))
    both.paste(one, (one.width, 0))
    with pytest.raises(AssertionError, match=r"^zbarimg cannot tell several QR codes beyond ASCII"):
        decode_zbar(both)


@pytest.mark.parametrize(
    ("text", "options", "data"),
    [
        ("DM-42", {}, b"DM-42"),
        ("DM-é42", {}, "DM-é42".encode("latin-1")),
        ("(10)L1(21)AC-1", {"gs1": True}, b"\x1d10L1\x1d21AC-1"),
    ],
)
def test_dmtx_reads_data_matrix(needs_debian, text, options, data):
    needs_debian("dmtx-utils")
    assert decode_dmtx(symbol(text, "DataMatrix", **options)) == [("Data Matrix", data)]


def test_nothing_is_found_on_white_paper(needs_debian):
    needs_debian("zbar-tools")
    needs_debian("dmtx-utils")
    paper = Image.new("L", (200, 200), 255)
    assert (decode_zbar(paper), decode_dmtx(paper)) == ([], [])
