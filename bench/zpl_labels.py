"""ZPL labels per second and bytes a label, against the two ZPL libraries of the package index.

The same label on all sides: four texts, a Code 128, a QR; only the serial changes. Ours escapes
every field and chooses the code sets of Code 128; theirs do neither.
"""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import zpl
from simple_zpl2 import Code128_Barcode, QR_Barcode, ZPLDocument

from bench.harness import Benchmark, Gate, Row, rate, take_turns
from bench.place import BenchError
from printers import languages
from printers.label import Barcode, Field, Label, Text

TURNS = 9
CHUNK = 50
"""Labels between two looks at the clock."""
RATIO = Gate(goal=1.0, floor=1.0)

Make = Callable[[str], str | bytes]

NAME, PRODUCT, LOT = "Axis controller", "Product AC-100  GTIN 04012345000009", "Run 1  Lot L42"
SN = "SN "
FIELDS = 6

SERIAL = Field("serial")
LABEL = Label(
    name="bench",
    width_mm=70,
    height_mm=40,
    elements=(
        Text(x_mm=4, y_mm=3, size_mm=4, content=(NAME,)),
        Text(x_mm=4, y_mm=9, size_mm=3, content=(PRODUCT,)),
        Text(x_mm=4, y_mm=14, size_mm=3, content=(LOT,)),
        Text(x_mm=4, y_mm=32, size_mm=4, content=(SN, SERIAL)),
        Barcode(
            x_mm=4,
            y_mm=19,
            symbology="code128",
            content=(SERIAL,),
            x_dimension_mm=0.25,
            height_mm=11,
        ),
        Barcode(x_mm=49, y_mm=5, symbology="qr", content=(SERIAL,), x_dimension_mm=0.625),
    ),
)
"""The label, as this project's library is told it; bench/pdf_labels.py draws it too."""


def serials() -> Iterator[str]:
    """Give serials that never repeat."""
    return (f"AC26327{number:05}O" for number in itertools.count())


def ours() -> Make:
    """Compile the form once, as the service does for each run, and fill it for each label."""
    compiled = languages.load("zpl").compile(LABEL, dpi=203)
    return lambda serial: compiled.render({"serial": serial})


def by_zpl(serial: str) -> str:
    """Build the label with PyPI `zpl`, the way its README shows."""
    made = zpl.Label(height=40, width=70, dpmm=8)
    for y, size, text in ((3, 4, NAME), (9, 3, PRODUCT), (14, 3, LOT), (32, 4, SN + serial)):
        made.origin(4, y)
        made.write_text(text, char_height=size, char_width=size)
        made.endorigin()
    made.origin(4, 19)
    made.barcode("C", serial, height=88, print_interpretation_line="N")
    made.endorigin()
    made.origin(49, 5)
    made.barcode("Q", serial, magnification=5, errorCorrection="M")
    made.endorigin()
    return str(made.dumpZPL())


def by_simple_zpl2(serial: str) -> str:
    """Build the label with PyPI `simple-zpl2`, the way its README shows."""
    made = ZPLDocument()
    texts = ((24, 32, NAME), (72, 24, PRODUCT), (112, 24, LOT), (256, 32, SN + serial))
    for y, size, text in texts:
        made.add_field_origin(32, y)
        made.add_font("0", "N", size, size)
        made.add_field_data(text)
    made.add_field_origin(32, 152)
    made.add_barcode(Code128_Barcode(serial, "N", 88, "N"))
    made.add_field_origin(392, 40)
    made.add_barcode(QR_Barcode(serial, 2, 5, "M"))
    return str(made.zpl_text)


def size(make: Make, name: str) -> int:
    """Return the bytes of a label; refuse one that does not hold what it should."""
    made = make(next(serials()))
    text = made if isinstance(made, str) else made.decode()
    if text.count("^FD") != FIELDS or not text.endswith(("^XZ", "^XZ\n")):
        raise BenchError(f"{name} made another label than expected:\n{text}")
    return len(text.encode())


def run(folder: Path) -> list[Row]:
    """Measure ours against each of them."""
    del folder
    mine, source = ours(), serials()
    bytes_of_mine = size(mine, "ours")
    rows = []
    for name, make in (("zpl", by_zpl), ("simple-zpl2", by_simple_zpl2)):
        bytes_of_theirs = size(make, name)
        turns = take_turns(
            lambda: rate(mine, source, chunk=CHUNK),
            lambda make=make: rate(make, source, chunk=CHUNK),  # type: ignore[misc]
            turns=TURNS,
        )
        unit = f"labels/s, {bytes_of_mine} B each"
        other = f"{name}, {bytes_of_theirs} B"
        rows.append(turns.row("ZPL labels", unit, other, RATIO, bytes=bytes_of_mine))
    return rows


BENCHMARK = Benchmark(name="zpl", run=run)
