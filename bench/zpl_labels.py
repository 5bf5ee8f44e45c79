"""ZPL labels per second and bytes a label, against two ZPL libraries and against a bare f-string.

The same label on all sides: four texts, a Code 128, a QR. Ours escapes every field and chooses the
code sets of Code 128; the libraries do neither, and the f-string escapes with our function.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import zpl
from simple_zpl2 import Code128_Barcode, QR_Barcode, ZPLDocument

from bench.harness import Benchmark, Gate, Row, Turns, rate, take_turns
from bench.place import BenchError
from printers import languages
from printers.device import Device
from printers.label import Barcode, Field, Label, Text
from printers.languages import Compiled, StoredForm
from printers.languages import zpl as own

TURNS = 9
CHUNK = 50
"""Labels between two looks at the clock."""
PEERS = Gate(goal=2.0, floor=2.0)
BARE = Gate(goal=0.5, floor=0.5)
"""What checks, code sets and the room of each symbol may cost beside formatting and escaping."""
STORED = Gate(goal=2.5, floor=2.5)
"""A recalled label has 0.4 of the bytes of a whole one, or fewer."""

Make = Callable[[str], str | bytes]
MakeRow = Callable[[Mapping[str, str]], bytes]

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


NUMBER = Field("number")
UNIT = replace(
    LABEL,
    elements=(
        *LABEL.elements[:2],
        Text(x_mm=4, y_mm=14, size_mm=3, content=("No ", NUMBER)),
        *LABEL.elements[3:],
    ),
)
"""Two texts and both symbols wait for values."""
TWO = replace(
    LABEL,
    elements=(
        *LABEL.elements[:5],
        Barcode(x_mm=49, y_mm=5, symbology="qr", content=(PRODUCT,), x_dimension_mm=0.5),
    ),
)
"""A text and the Code 128 wait for values."""


def serials() -> Iterator[str]:
    """Give serials that never repeat."""
    return (f"AC26327{number:05}O" for number in itertools.count())


def ours() -> Make:
    """Compile the form once, as the service does for each run, and fill it for each label."""
    compiled = compile_form(LABEL)
    return lambda serial: compiled.render({"serial": serial})


def compile_form(label: Label) -> Compiled:
    """Compile a label for a printer of 203 dpi."""
    return languages.load("zpl").compile(label, device=Device(dpi=203))


def stored(label: Label) -> StoredForm:
    """Return the label as a stored format."""
    found = languages.stored(compile_form(label))
    if found is None:
        raise BenchError("The label has no stored format.")
    return found


def rows() -> Iterator[Mapping[str, str]]:
    """Give values that never repeat."""
    return ({"serial": f"AC26327{at:05}O", "number": str(at)} for at in itertools.count(1))


def by_f_string(row: Mapping[str, str]) -> bytes:
    """Write the label the plain way, with our escape in every field."""
    e = own.escape
    serial, number = row["serial"], row["number"]
    return (
        "^XA\n^JZY^MD0^PQ1\n^CI28^PON^PMN^LRN^PW559^LL320^LH0,0\n"
        f"^FO32,24^A0N,32,32^FH^FD{e(NAME)}^FS\n"
        f"^FO32,72^A0N,24,24^FH^FD{e(PRODUCT)}^FS\n"
        f"^FO32,112^A0N,24,24^FH^FD{e('No ' + number)}^FS\n"
        f"^FO32,256^A0N,32,32^FH^FD{e(SN + serial)}^FS\n"
        f"^BY2,3,88^FO32,152^BCN,88,N,N,N,N^FH^FD{e(serial)}^FS\n"
        f"^BY2,3,1^FO392,40^BQN,2,5^FH^FDMA,{e(serial)}^FS\n^XZ\n"
    ).encode()


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
    """Measure ours against each of them, and stored formats against whole labels."""
    del folder
    return [*against_peers(), against_f_string(), *of_stored_formats()]


def against_peers() -> Iterator[Row]:
    """Yield how fast ours is beside each library."""
    mine, source = ours(), serials()
    bytes_of_mine = size(mine, "ours")
    for name, make in (("zpl", by_zpl), ("simple-zpl2", by_simple_zpl2)):
        bytes_of_theirs = size(make, name)
        turns = take_turns(
            lambda: rate(mine, source, chunk=CHUNK),
            lambda make=make: rate(make, source, chunk=CHUNK),  # type: ignore[misc]
            turns=TURNS,
        )
        unit = f"labels/s, {bytes_of_mine} B each"
        other = f"{name}, {bytes_of_theirs} B"
        yield turns.row("ZPL labels", unit, other, PEERS, bytes=bytes_of_mine)


def against_f_string() -> Row:
    """Return how fast ours is beside the least that one could do."""
    mine, source = compile_form(UNIT).render, rows()
    row = next(source)
    if len(mine(row)) != len(by_f_string(row)) + len(">:>5>6"):
        raise BenchError(f"The f-string made another label than ours:\n{by_f_string(row)!r}")
    turns = _beside(mine, by_f_string, source)
    return turns.row("ZPL labels", "labels/s", "f-string with the same escape", BARE)


def of_stored_formats() -> Iterator[Row]:
    """Yield how many bytes a recalled label saves, and how fast it is made."""
    for what, label, gate in (("2 of 6", TWO, STORED), ("4 of 6", UNIT, None)):
        row = next(rows())
        whole, recalled = len(compile_form(label).render(row)), len(stored(label).recall(row))
        yield Row(
            name=f"ZPL stored format, {what} fields vary",
            unit="B a whole label",
            ours=whole,
            other=recalled,
            other_name="B recalled",
            turns=(whole / recalled,),
            gate=gate,
        )
    turns = _beside(stored(UNIT).recall, compile_form(UNIT).render, rows())
    yield turns.row("ZPL labels recalled", "labels/s", "whole labels", None)


def _beside(mine: MakeRow, other: MakeRow, source: Iterator[Mapping[str, str]]) -> Turns:
    return take_turns(
        lambda: rate(mine, source, chunk=CHUNK),
        lambda: rate(other, source, chunk=CHUNK),
        turns=TURNS,
    )


BENCHMARK = Benchmark(name="zpl", run=run)
