"""PDF labels per second: against blabel, and against ReportLab's canvas with nothing around it.

The bare canvas draws what ours draws: the same fonts, embedded; what is fixed in a form object; the
same runs of dark modules as one path. It encodes each symbol with the same code as ours, for no
label comes with its symbols; a second row tells what it does when it is given their paths. It
neither checks a value nor asks how wide a text is, and it keeps all pages in memory.
"""

import io
import re
import time
import zlib
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from blabel import LabelWriter
from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from bench.harness import Benchmark, Gate, Row, take_turns
from bench.place import BenchError
from bench.zpl_labels import LABEL, LOT, NAME, PRODUCT, SN, serials
from printers.device import Device
from printers.fonts import BUNDLED
from printers.languages import pdf
from printers.layout import dots
from printers.symbologies import Options, code128, qr

TURNS = 5
MANY = 40
LONG = 1000
RATIO = Gate(goal=30.0, floor=30.0)
BARE = Gate(goal=0.7, floor=0.7)
BYTES_MAX = 1400
"""Of a label in a document of LONG."""
DPI = 203

QR = qr.settle(Options())
_DARK_RUN = re.compile("1+")

Make = Callable[[list[str]], bytes]

TEMPLATE = f"""
<p class="t" style="top: 3mm; font-size: 4mm">{NAME}</p>
<p class="t" style="top: 9mm">{PRODUCT}</p>
<p class="t" style="top: 14mm">{LOT}</p>
<img style="left: 4mm; top: 19mm; width: 40mm; height: 11mm"
  src="{{{{ label_tools.barcode(serial, 'code128', write_text=False) }}}}"/>
<img style="left: 49mm; top: 5mm; width: 15mm" src="{{{{ label_tools.qr_code(serial) }}}}"/>
<p class="t" style="top: 32mm; font-size: 4mm">{SN}{{{{ serial }}}}</p>
"""
STYLE = """
@page { size: 70mm 40mm; margin: 0 }
p, img { position: absolute; margin: 0 }
.t { left: 4mm; font: 3mm Helvetica, sans-serif }
"""


def ours() -> Make:
    """Compile the form once, as the service does for each run."""
    compiled = pdf.compile(LABEL, device=Device(dpi=DPI))
    return lambda found: compiled.document([{"serial": serial} for serial in found])


def bare(given: dict[str, str] | None = None) -> Make:
    """Set up the bare canvas; ``given`` has the paths of serials' symbols."""
    pdfmetrics.registerFont(TTFont("sans", str(BUNDLED.face("sans", bold=False).path)))
    rl_config.useA85 = 0

    def make(found: list[str]) -> bytes:
        width, height = dots(LABEL.width_mm, DPI), dots(LABEL.height_mm, DPI)
        scale = 72 / DPI
        target = io.BytesIO()
        page = (width * scale, height * scale)
        canvas = Canvas(target, pagesize=page, pageCompression=1, invariant=1)
        canvas.beginForm("fixed", 0, 0, width, height)
        for y_mm, size_mm, text in ((3, 4, NAME), (9, 3, PRODUCT), (14, 3, LOT)):
            _write(canvas, text, y=height - dots(y_mm, DPI), size=dots(size_mm, DPI))
        canvas.endForm()
        for serial in found:
            canvas.addLiteral(f"{scale:.9f} 0 0 {scale:.9f} 0 0 cm")
            canvas.doForm("fixed")
            _write(canvas, SN + serial, y=height - dots(32, DPI), size=dots(4, DPI))
            canvas.addLiteral(given[serial] if given else symbols(serial))
            canvas.showPage()
        canvas.save()
        return target.getvalue()

    return make


def _write(canvas: Canvas, text: str, *, y: int, size: int) -> None:
    canvas.setFont("sans", size)
    canvas.drawString(dots(4, DPI), y - 0.75 * size, text)


def symbols(serial: str) -> str:
    """Encode the serial twice and make paths of the runs of dark modules."""
    bars = _runs(code128.encode(serial, Options()), left_mm=4, top_mm=19, module=2, high=88)
    square = _runs(qr.encode(serial, QR), left_mm=49, top_mm=5, module=5, high=5)
    return bars + square


def _runs(rows: tuple[str, ...], *, left_mm: float, top_mm: float, module: int, high: int) -> str:
    left, bottom = dots(left_mm, DPI), dots(LABEL.height_mm - top_mm, DPI)
    path = []
    for index, row in enumerate(rows):
        lower = bottom - index * module - high
        for run in _DARK_RUN.finditer(row):
            start, end = run.span()
            path.append(f"{left + start * module} {lower} {(end - start) * module} {high} re")
    return "\n".join(path) + "\nf\n"


def by_blabel(folder: Path) -> Make:
    """Set up blabel the way its README shows."""
    style = folder / "style.css"
    style.write_text(STYLE, encoding="utf-8")
    writer = LabelWriter(item_template=TEMPLATE, default_stylesheets=(str(style),))

    def make(found: list[str]) -> bytes:
        made: bytes = writer.write_labels([{"serial": serial} for serial in found], target=None)
        return made

    return make


def rate(make: Make, source: Iterator[str], *, labels: int, documents: int) -> float:
    """Return labels per second of one thread."""
    began = time.perf_counter()
    for _ in range(documents):
        make(list(islice(source, labels)))
    return labels * documents / (time.perf_counter() - began)


def size(make: Make, name: str, *, labels: int = MANY) -> int:
    """Return the bytes of a label in a long document; refuse one with other than a page each."""
    made = make(list(islice(serials(), labels)))
    pages = len(re.findall(rb"/Type\s*/Page\b", _inflated(made)))
    if pages != labels:
        raise BenchError(f"{name} made {pages} pages of {labels} labels.")
    return round(len(made) / labels)


def _inflated(document: bytes) -> bytes:
    """Return the document with its compressed objects readable."""

    def inflate(match: re.Match[bytes]) -> bytes:
        try:
            return zlib.decompressobj().decompress(match[1])
        except zlib.error:
            return match[0]

    return re.sub(rb"stream\r?\n(.*?)endstream", inflate, document, flags=re.DOTALL)


def run(folder: Path) -> list[Row]:
    """Measure documents of many labels, and of one, against blabel and the bare canvas."""
    mine, theirs, source = ours(), by_blabel(folder), serials()
    bytes_of_mine = size(mine, "ours", labels=LONG)
    if bytes_of_mine > BYTES_MAX:
        raise BenchError(f"A label of {LONG} takes {bytes_of_mine} B: at most {BYTES_MAX} wanted.")
    unit, other = f"labels/s, {size(mine, 'ours')} B each", f"blabel, {size(theirs, 'blabel')} B"
    many = take_turns(
        lambda: rate(mine, source, labels=MANY, documents=10),
        lambda: rate(theirs, source, labels=MANY, documents=1),
        turns=TURNS,
    )
    one = take_turns(
        lambda: rate(mine, source, labels=1, documents=40),
        lambda: rate(theirs, source, labels=1, documents=5),
        turns=TURNS,
    )
    return [
        many.row(f"PDF labels, {MANY} a document", unit, other, RATIO),
        one.row("PDF labels, 1 a document", "labels/s", "blabel", None),
        *_against_bare(mine, bytes_of_mine),
    ]


def _against_bare(mine: Make, bytes_of_mine: int) -> list[Row]:
    known = list(islice(serials(), LONG))
    paths = {serial: symbols(serial) for serial in known}
    rows = []
    for what, given, gate in (("both encode", None, BARE), ("it is given paths", paths, None)):
        theirs = bare(given)
        turns = take_turns(
            lambda: rate(mine, iter(known), labels=LONG, documents=1),
            lambda theirs=theirs: rate(theirs, iter(known), labels=LONG, documents=1),  # type: ignore[misc]
            turns=TURNS,
        )
        unit = f"labels/s, {bytes_of_mine} B each"
        other = f"bare canvas, {size(theirs, 'the bare canvas', labels=LONG)} B"
        rows.append(turns.row(f"PDF labels, {LONG} a document, {what}", unit, other, gate))
    return rows


BENCHMARK = Benchmark(name="pdf", run=run)
