"""PDF labels per second, against blabel: the same label, as a document of many and of one."""

import re
import time
import zlib
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from blabel import LabelWriter

from bench.harness import Benchmark, Gate, Row, take_turns
from bench.place import BenchError
from bench.zpl_labels import LABEL, LOT, NAME, PRODUCT, SN, serials
from printers import languages

TURNS = 5
MANY = 40
RATIO = Gate(goal=20.0, floor=20.0)

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
    compiled = languages.load("pdf").compile(LABEL, dpi=203)
    return lambda found: compiled.document([{"serial": serial} for serial in found])


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


def size(make: Make, name: str) -> int:
    """Return the bytes of a label in a long document; refuse one with other than a page each."""
    made = make(list(islice(serials(), MANY)))
    pages = len(re.findall(rb"/Type\s*/Page\b", _inflated(made)))
    if pages != MANY:
        raise BenchError(f"{name} made {pages} pages of {MANY} labels.")
    return round(len(made) / MANY)


def _inflated(document: bytes) -> bytes:
    """Return the document with its compressed objects readable."""

    def inflate(match: re.Match[bytes]) -> bytes:
        try:
            return zlib.decompressobj().decompress(match[1])
        except zlib.error:
            return match[0]

    return re.sub(rb"stream\r?\n(.*?)endstream", inflate, document, flags=re.DOTALL)


def run(folder: Path) -> list[Row]:
    """Measure documents of many labels, and of one."""
    mine, theirs, source = ours(), by_blabel(folder), serials()
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
    ]


BENCHMARK = Benchmark(name="pdf", run=run)
