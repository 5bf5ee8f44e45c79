"""PDF: what is in a document beside where its ink lies."""

import io
import subprocess
import sys
import threading
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count, islice
from pathlib import Path

import pypdfium2
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.qu2cuPen import Qu2CuPen
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.ttLib import TTFont
from pypdfium2 import raw

from printers import layout
from printers.device import Device
from printers.errors import Unprintable
from printers.fonts import BUNDLED, Book
from printers.label import Barcode, Content, Field, Label, Text
from printers.languages import pdf
from printers.layout.marks import Tag
from tests.printers.pictures import UNIT, UNIT_VALUES
from tests.printers.rendering import dark, differing, ink, pages, symbols

DPI = 203
DEVICE = Device(dpi=DPI)
SERIAL: Content = (Field("serial"),)

BENCH = Label(
    name="bench",
    width_mm=70,
    height_mm=40,
    elements=(
        Text(x_mm=4, y_mm=3, size_mm=4, content=("Axis controller",)),
        Text(x_mm=4, y_mm=9, size_mm=3, content=("Product AC-100  GTIN 04012345000009",)),
        Text(x_mm=4, y_mm=14, size_mm=3, content=("Run 1  Lot L42",)),
        Text(x_mm=4, y_mm=32, size_mm=4, content=("SN ", Field("serial"))),
        Barcode(
            x_mm=4,
            y_mm=19,
            symbology="code128",
            content=SERIAL,
            x_dimension_mm=0.25,
            height_mm=11,
        ),
        Barcode(x_mm=49, y_mm=5, symbology="qr", content=SERIAL, x_dimension_mm=0.625),
    ),
)
"""The label whose bytes are counted: four texts, a Code 128 and a QR code."""


def rows(number: int) -> Iterator[dict[str, str]]:
    return ({"serial": f"AC26327{at:05}O"} for at in islice(count(), number))


def texts(document: bytes) -> list[str]:
    """What somebody who selects the text of each page copies."""
    found = pypdfium2.PdfDocument(document)
    return [page.get_textpage().get_text_bounded() for page in found]


def line(content: str, *, font: str = "sans") -> Label:
    element = Text(x_mm=2, y_mm=2, content=(content,), size_mm=4, font=font)
    return Label(name="line", width_mm=60, height_mm=9, elements=(element,))


def test_a_document_tells_what_it_is():
    document = pdf.compile(UNIT, device=DEVICE).render(UNIT_VALUES)
    assert pypdfium2.PdfDocument(document).get_metadata_dict(skip_empty=True) == {
        "Title": "unit",
        "Subject": "labeler",
        "Creator": "labeler",
        "Producer": "labeler",
    }


@pytest.mark.parametrize("name", ["Gerät Ø 12", "a) /JS (x) >> endobj", "日本語 \U0001f600"])
def test_a_title_is_the_name_of_the_label_whatever_it_is(name):
    label = Label(name=name, width_mm=20, height_mm=10, elements=())
    document = pypdfium2.PdfDocument(pdf.compile(label, device=DEVICE).render({}))
    assert document.get_metadata_value("Title") == name


def test_a_viewer_is_asked_not_to_scale_labels_to_the_paper():
    document = pypdfium2.PdfDocument(pdf.compile(UNIT, device=DEVICE).render(UNIT_VALUES))
    assert raw.FPDF_VIEWERREF_GetPrintScaling(document) == 0


@pytest.mark.parametrize("dpi", [203, 300, 600])
def test_a_page_has_the_size_of_the_label(dpi):
    document = pdf.compile(line("A"), device=Device(dpi=dpi)).render({})
    width, height = pypdfium2.PdfDocument(document)[0].get_size()
    assert abs(width - 60 / 25.4 * 72) < 72 / dpi
    assert abs(height - 9 / 25.4 * 72) < 72 / dpi
    assert pages(document, dpi=dpi)[0].size == (round(60 * dpi / 25.4), round(9 * dpi / 25.4))


def test_every_label_is_a_page_with_its_own_values_and_what_is_fixed():
    document = pdf.compile(BENCH, device=DEVICE).document(list(rows(600)))
    found = texts(document)
    assert len(found) == 600
    assert [found[at].splitlines() for at in (0, 251, 599)] == [
        [
            "Axis controller",
            "Product AC-100 GTIN 04012345000009",
            "Run 1 Lot L42",
            f"SN AC26327{at:05}O",
        ]
        for at in (0, 251, 599)
    ]
    last = pypdfium2.PdfDocument(document)[599].render(scale=DPI / 72).to_pil().convert("L")
    assert {text for text, _, _ in symbols(last)} == {"AC2632700599O"}


def test_a_label_in_a_document_of_a_thousand_takes_1400_bytes_at_most():
    assert len(pdf.compile(BENCH, device=DEVICE).document(list(rows(1000)))) <= 1000 * 1400


def test_the_same_values_give_the_same_bytes_in_eight_threads_at_once():
    compiled = pdf.compile(BENCH, device=DEVICE)
    wanted = compiled.document(list(rows(20)))
    gate = threading.Barrier(8)

    def draw(_: int) -> set[bytes]:
        gate.wait()
        made = {pdf.compile(BENCH, device=DEVICE).document(list(rows(20)))}
        return made | {compiled.document(list(rows(20))) for _ in range(5)}

    with ThreadPoolExecutor(8) as threads:
        assert set().union(*threads.map(draw, range(8))) == {wanted}


def test_a_document_remembers_nothing_of_the_one_before():
    compiled = pdf.compile(line_of_field(), device=DEVICE)
    first = compiled.render({"serial": "ABC"})
    compiled.render({"serial": "XYZ äöü 0123456789"})
    assert compiled.render({"serial": "ABC"}) == first


def line_of_field() -> Label:
    element = Text(x_mm=2, y_mm=2, content=SERIAL, size_mm=4)
    return Label(name="field", width_mm=60, height_mm=9, elements=(element,))


@pytest.mark.parametrize(
    "content",
    [
        "Q) Tj ET /JS (evil) <48> \\ % [x]",
        "Größe ÄÖÜß ñ é",
        "Ωμ Ђж ∅ → ½",
        "".join(chr(code) for code in range(0x21, 0x180) if chr(code).isprintable()),
    ],
)
def test_a_text_can_be_searched_and_copied_whatever_it_is(content):
    label = Label(
        name="line",
        width_mm=1500,
        height_mm=9,
        elements=(Text(x_mm=2, y_mm=2, content=SERIAL, size_mm=4),),
    )
    document = pdf.compile(label, device=DEVICE).render({"serial": content})
    assert texts(document) == [content]


def test_every_font_is_embedded_with_the_glyphs_that_are_shown():
    one, many = (
        pdf.compile(line(content), device=DEVICE).render({}) for content in ("A", "ABCDEFGHIJKLM")
    )
    page = pypdfium2.PdfDocument(many)[0]
    drawn = list(page.get_objects(filter=[raw.FPDF_PAGEOBJ_FORM], max_depth=1))
    assert len(drawn) == 1
    inner = [raw.FPDFFormObj_GetObject(drawn[0], at) for at in range(1)]
    font = raw.FPDFTextObj_GetFont(inner[0])
    assert raw.FPDFFont_GetIsEmbedded(font) == 1
    assert len(one) < len(many) < 20_000 < BUNDLED.files["sans"][0].stat().st_size / 20


def vetoed(path: Path) -> None:
    """A font whose maker allows no embedding."""
    with TTFont(BUNDLED.files["sans"][0]) as font:
        font["OS/2"].fsType = 2
        font.save(path)


def postscript(path: Path) -> None:
    """A font of a few glyphs of the bundled one, with PostScript outlines (CFF)."""
    characters = "Größe 128 ÄÖÜ"
    with TTFont(BUNDLED.files["sans"][0]) as font:
        glyphs, names = font.getGlyphSet(), font.getBestCmap()
        used = {ord(one): names[ord(one)] for one in characters}
        pens = {name: T2CharStringPen(glyphs[name].width, glyphs) for name in used.values()}
        for name, pen in pens.items():
            glyphs[name].draw(Qu2CuPen(pen, 0.5, all_cubic=True))
        made = FontBuilder(font["head"].unitsPerEm, isTTF=False)
        made.setupGlyphOrder([".notdef", *pens])
        made.setupCharacterMap(used)
        empty = T2CharStringPen(500, None).getCharString()
        strings = {".notdef": empty, **{name: pen.getCharString() for name, pen in pens.items()}}
        made.setupCFF("Made", {}, strings, {})
        widths = {name: (glyphs[name].width, 0) for name in pens}
        made.setupHorizontalMetrics({".notdef": (500, 0), **widths})
        made.setupHorizontalHeader(ascent=1900, descent=-500)
        made.setupNameTable({"familyName": "Made", "styleName": "Regular"})
        made.setupOS2()
        made.setupPost()
        made.save(path)


@pytest.mark.parametrize("make", [vetoed, postscript])
def test_a_font_that_cannot_or_may_not_be_embedded_is_drawn_as_outlines(make, tmp_path):
    path = tmp_path / "made.font"
    make(path)
    book = Book(files={**BUNDLED.files, "made": (path, path)})
    device = Device(dpi=300, book=book)
    content = "Größe 128 ÄÖÜ"
    outlined = pdf.compile(line(content, font="made"), device=device).render({})
    embedded = pdf.compile(line(content), device=device).render({})
    assert b"FontFile" in embedded
    assert b"FontFile" not in outlined
    one, other = (pages(document, dpi=1200)[0] for document in (outlined, embedded))
    assert max(abs(a - b) for a, b in zip(ink(one), ink(other), strict=True)) <= 4
    assert differing(one, other) < 0.08 * dark(other)


def test_a_tag_leaves_no_ink():
    form = layout.place(line(" "), device=DEVICE)
    marked = layout.Form(**{**vars(form), "fixed": (Tag(epc="3034257BF7194E4000001A85"),)})
    page = pages(pdf.Compiled(line(" "), marked).render({}), dpi=DPI)[0]
    assert page.getextrema() == (255, 255)


def test_a_document_of_no_label_is_refused():
    with pytest.raises(
        ValueError,
        match=r"^A PDF document of 0 labels was asked for: expected at least one\.$",
    ):
        pdf.compile(UNIT, device=DEVICE).document([])


def test_what_cannot_be_printed_is_refused_with_the_sentence_of_check():
    compiled = pdf.compile(UNIT, device=DEVICE)
    with pytest.raises(Unprintable) as checked:
        compiled.check({"serial": "AC-é"})
    with pytest.raises(Unprintable) as rendered:
        compiled.render({"serial": "AC-é"})
    assert str(rendered.value) == str(checked.value)


class Sink(io.RawIOBase):
    """A file that only counts."""

    size = 0

    def write(self, data: object) -> int:
        assert isinstance(data, bytes)
        self.size += len(data)
        return len(data)


def test_writing_takes_no_more_memory_for_many_labels_than_for_few():
    compiled = pdf.compile(BENCH, device=DEVICE)
    compiled.render({"serial": "AC2632700000O"})
    peaks = []
    for number in (20, 150):
        sink = Sink()
        tracemalloc.start()
        compiled.write(rows(number), sink)  # type: ignore[arg-type]
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert sink.size > 700 * number
    assert peaks[1] - peaks[0] < 50_000


def test_a_written_file_is_the_document(tmp_path: Path):
    compiled = pdf.compile(BENCH, device=DEVICE)
    with (tmp_path / "labels.pdf").open("wb") as file:
        compiled.write(rows(30), file)
    assert (tmp_path / "labels.pdf").read_bytes() == compiled.document(list(rows(30)))


@pytest.mark.long
@pytest.mark.timeout(900)
def test_a_hundred_thousand_labels_in_one_document_fit_into_300_mb(tmp_path: Path):
    script = (
        "import resource, sys\n"
        "from tests.printers.test_pdf import *\n"
        "document = pdf.compile(BENCH, device=DEVICE).document(list(rows(100_000)))\n"
        "Path(sys.argv[1]).write_bytes(document)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    )
    path = tmp_path / "labels.pdf"
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) < 300_000
    document = pypdfium2.PdfDocument(path)
    assert len(document) == 100_000
    assert "SN AC2632799999O" in document[99_999].get_textpage().get_text_bounded()
