"""One suite for every language that the folder lists."""

import pypdfium2
import pytest

from printers import languages
from printers.device import Device
from printers.errors import Unprintable
from printers.label import Barcode, Field, Label, Text
from tests.printers.pictures import DPI, SERIAL, UNIT, UNIT_VALUES, WIDE, draw, picture, scan

NASTY = [
    "^XZ", "~JA", "_5E", "_", "__", "\\", "\\\\", "\\&", "a\\&b", ">", ">>", ">;", ">;>8", ">:1234",
    "A>0B", ">5123456", '"quoted"', "'", "0007", "99", "9912", "9912345", "99A", "A9999B", "A,B",
    " lead", "trail ", "^FS^FO10,10^BCN,80^FDevil^FS", "^CC+", "{}", "%s%d", "(tj) Tj", "A" * 40,
    "1234567890" * 4, "AC-000123456-XY", "~DGR:X.GRF,1,1,00", "``|`` [x]",
]  # fmt: skip
LATIN = ["äöü ÄÖÜ ß", "é", "Ø12,5 µm ±0,1", "¡¿§©", "naïve"]

every_language = pytest.mark.parametrize("name", languages.names())


@every_language
def test_a_language_says_what_it_is(name):
    language = languages.load(name)
    assert (language.NAME, language.SUFFIX, "/" in language.MEDIA_TYPE) == (name, f".{name}", True)
    assert (
        language.REPLIES == hasattr(language, "ask_status") == hasattr(language, "ask_label_count")
    )


@every_language
def test_a_document_holds_as_many_labels_as_its_language_says(name):
    language = languages.load(name)
    compiled = language.compile(UNIT, device=Device(dpi=DPI))
    most = language.LABELS_PER_DOCUMENT_MAX
    assert compiled.document([UNIT_VALUES] * (most or 50))
    if most is not None:
        with pytest.raises(ValueError, match=f" of {most + 1} labels was asked for: expected "):
            compiled.document([UNIT_VALUES] * (most + 1))


def test_a_language_that_is_not_listed_does_not_load():
    with pytest.raises(
        ValueError, match=r"^Unknown language 'os': expected one of pdf, png, svg, tspl, zpl.$"
    ):
        languages.load("os")


@every_language
@pytest.mark.parametrize("dpi", [203, 300, 508])
def test_the_unit_label_scans_at_every_resolution(name, dpi):
    assert scan(draw(name, UNIT, UNIT_VALUES, dpi=dpi)) == [
        ("Code 128", "AC-0001234"),
        ("QR Code", "https://id.example/01/04006381333931/21/AC-0001234"),
    ]


@every_language
def test_the_picture_has_the_size_of_the_label(name):
    assert draw(name, UNIT, UNIT_VALUES).size == (559, 320)


@every_language
@pytest.mark.parametrize("value", NASTY)
def test_a_nasty_value_scans_as_itself_and_nothing_else_is_printed(name, value):
    assert scan(draw(name, WIDE, {"serial": value})) == [("Code 128", value), ("QR Code", value)]


@every_language
@pytest.mark.parametrize("value", [*LATIN, "日本語", "€ 5", "🔧", "Ω"])
def test_any_script_scans_from_a_qr_code(name, value):
    qr_only = Label(
        name="qr",
        width_mm=40,
        height_mm=40,
        elements=(WIDE.elements[3],) * 0
        + (Barcode(x_mm=5, y_mm=5, symbology="qr", content=SERIAL, x_dimension_mm=0.5),),
    )
    assert scan(draw(name, qr_only, {"serial": value})) == [("QR Code", value)]


REFUSED = [
    (
        {},
        (
            "The label needs a value for the field 'serial', and none was given: expected it among "
            "no values; hand in a value for every field of the label."
        ),
    ),
    (
        {"serial": "A\x1bB"},
        (
            "Text 'SN A\\x1bB' has character U+001B at position 5: expected characters that can be "
            "seen, and line feeds only where the text has wrap; remove it."
        ),
    ),
    (
        {"serial": "日本"},
        (
            "Text 'SN 日本' has character U+65E5 (CJK UNIFIED IDEOGRAPH-65E5) at position 4: "
            "expected characters that one of the fonts sans, mono has all of; replace it, or name "
            "a font that has them under fonts: in config.yaml."
        ),
    ),
    (
        {"serial": ""},
        (
            "Code 128 cannot carry an empty text '': expected at least one character; hand in a "
            "value for the field."
        ),
    ),
    (
        {"serial": "é"},
        (
            "Code 128 cannot carry character U+00E9 at position 1 of 'é': expected ASCII (U+0000 "
            "to U+007F); remove the character or use a matrix symbology such as qr."
        ),
    ),
    (
        {"serial": "A" * 30},
        (
            f"The code128 symbol of {'A' * 30!r} is 365 modules of 2 dots wide: expected 263 "
            "modules at most up to the label's edge; shorten the data, move the symbol or make "
            "x_dimension_mm smaller."
        ),
    ),
]


@every_language
@pytest.mark.parametrize(("values", "sentence"), REFUSED)
def test_check_refuses_in_a_sentence_exactly_what_render_refuses(name, values, sentence):
    compiled = languages.load(name).compile(UNIT, device=Device(dpi=DPI))
    for ask in (compiled.check, compiled.render, lambda row: compiled.document([row])):
        with pytest.raises(Unprintable) as refused:
            ask(values)
        assert str(refused.value) == sentence


@every_language
def test_check_accepts_what_render_accepts(name):
    compiled = languages.load(name).compile(UNIT, device=Device(dpi=DPI))
    compiled.check(UNIT_VALUES)
    assert compiled.render(UNIT_VALUES)


@every_language
def test_a_text_wider_than_its_box_is_refused(name):
    text = Text(x_mm=1, y_mm=1, content=SERIAL, size_mm=3, width_mm=20)
    compiled = languages.load(name).compile(
        Label(name="box", width_mm=50, height_mm=20, elements=(text,)), device=Device(dpi=DPI)
    )
    compiled.check({"serial": "AC12345"})
    with pytest.raises(Unprintable) as refused:
        compiled.check({"serial": "AC1234567890"})
    assert str(refused.value) == (
        "Text 'AC1234567890' may become 168 dots wide: expected 160 at most; shorten it, or give "
        "it a wider box or a smaller size."
    )


@every_language
def test_an_unprintable_fixed_text_is_refused_at_compile_time(name):
    text = Text(x_mm=1, y_mm=1, content=("a\tb",), size_mm=3)
    with pytest.raises(Unprintable, match=r"^Text 'a.tb' has character U.0009 at position 2: "):
        languages.load(name).compile(
            Label(name="tab", width_mm=50, height_mm=20, elements=(text,)), device=Device(dpi=DPI)
        )


@every_language
def test_the_same_values_give_the_same_bytes(name):
    language = languages.load(name)
    first = language.compile(UNIT, device=Device(dpi=DPI)).render(UNIT_VALUES)
    compiled = language.compile(UNIT, device=Device(dpi=DPI))
    compiled.render({"serial": "OTHER-1"})
    assert compiled.render(UNIT_VALUES) == first == compiled.document([UNIT_VALUES])


@every_language
def test_a_field_may_have_any_name(name):
    content = ("Lot ", Field("attributes.lot no"))
    label = Label(
        name="lot",
        width_mm=50,
        height_mm=20,
        elements=(
            Barcode(
                x_mm=5,
                y_mm=5,
                symbology="code128",
                content=content,
                x_dimension_mm=0.25,
                height_mm=9,
            ),
        ),
    )
    seen = draw(name, label, {"attributes.lot no": "7"})
    assert scan(seen) == [("Code 128", "Lot 7")]


@pytest.mark.parametrize("name", [name for name in languages.names() if name != "zpl"])
def test_frames_and_bars_are_the_same_dots_as_the_printers(name):
    """Text differs by font; frames, bars and QR position must not differ by a dot."""
    bars = Label(
        name="bars",
        width_mm=70,
        height_mm=40,
        elements=(
            *tuple(part for part in UNIT.elements if not isinstance(part, Text))[:2],
            Barcode(
                x_mm=4,
                y_mm=19.5,
                symbology="code128",
                content=SERIAL,
                x_dimension_mm=0.25,
                height_mm=12,
            ),
        ),
    )
    ours = draw(name, bars, UNIT_VALUES).point(lambda level: 255 * (level > 127))
    assert ours.tobytes() == draw("zpl", bars, UNIT_VALUES).tobytes()


@pytest.mark.parametrize("name", [name for name in languages.names() if name != "zpl"])
def test_a_qr_code_lies_where_the_printers_does(name):
    qr_only = Label(name="qr", width_mm=70, height_mm=40, elements=(UNIT.elements[7],))
    boxes = {
        language: draw(language, qr_only, UNIT_VALUES)
        .point(lambda level: 255 * (level < 128))
        .getbbox()
        for language in (name, "zpl")
    }
    assert boxes[name] == boxes["zpl"]


@every_language
def test_a_text_that_runs_into_a_symbol_is_seen(name):
    """Paper takes all ink; a preview in which a symbol covers the text would hide the mistake."""
    symbol = Barcode(x_mm=5, y_mm=5, symbology="qr", content=SERIAL, x_dimension_mm=0.5)
    text = Text(x_mm=2, y_mm=7, content=("HHHHHH",), size_mm=3)
    alone, both, turned = (
        draw(name, Label(name="qr", width_mm=40, height_mm=20, elements=elements), UNIT_VALUES)
        for elements in ((text,), (text, symbol), (symbol, text))
    )
    assert both.tobytes() == turned.tobytes()
    ink = zip(alone.tobytes(), both.tobytes(), strict=True)
    assert all(after == 0 for before, after in ink if before == 0)


def test_zpl_documents_are_labels_one_after_the_other():
    compiled = languages.load("zpl").compile(UNIT, device=Device(dpi=DPI))
    rows = [{"serial": f"A{number}"} for number in range(3)]
    assert compiled.document(rows) == b"".join(compiled.render(row) for row in rows)
    assert compiled.document([]) == b""


def test_a_pdf_has_a_page_a_label_and_a_title():
    rows = [{"serial": f"AC-{number}"} for number in range(5)]
    document = languages.load("pdf").compile(UNIT, device=Device(dpi=DPI)).document(rows)
    pdf = pypdfium2.PdfDocument(document)
    scanned = [scan(page.render(scale=DPI / 72).to_pil().convert("L"))[0][1] for page in pdf]
    assert scanned == ["AC-0", "AC-1", "AC-2", "AC-3", "AC-4"]
    assert pdf.get_metadata_value("Title") == "unit"
    assert "SN AC-3" in pdf[3].get_textpage().get_text_bounded()


def test_a_pdf_of_no_label_and_a_png_of_two_are_refused():
    with pytest.raises(ValueError, match=r"^A PDF document of 0 labels was asked for: expected at"):
        languages.load("pdf").compile(UNIT, device=Device(dpi=DPI)).document([])
    with pytest.raises(
        ValueError, match=r"^A PNG file of 2 labels was asked for: expected exactly 1"
    ):
        languages.load("png").compile(UNIT, device=Device(dpi=DPI)).document(
            [UNIT_VALUES, UNIT_VALUES]
        )


@every_language
def test_the_golden_unit_label_is_unchanged(name, golden):
    found = languages.load(name).compile(UNIT, device=Device(dpi=DPI)).render(UNIT_VALUES)
    kept = golden(f"unit.{name}", found)
    if name == "zpl":
        assert found == kept
    else:
        assert picture(name, found).tobytes() == picture(name, kept).tobytes()
