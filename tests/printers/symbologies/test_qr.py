import random
import string

import pytest
import qrcode
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from qrcode.util import lost_point

from printers.errors import Unprintable
from printers.label import Barcode, Field, Label
from printers.symbologies import _qr_matrix, qr
from tests.printers.pictures import draw, modules_picture

LEVELS = st.sampled_from("LMQH")
TEXTS = st.text(
    alphabet=st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=60
) | st.text(alphabet=string.digits + "AC-:/x", min_size=1, max_size=120)


def scan(text: str, level: str) -> list[str]:
    seen = modules_picture(qr.encode(text, error_correction=level))
    return [symbol.text for symbol in zxingcpp.read_barcodes(seen)]


@given(TEXTS, LEVELS)
@settings(deadline=None)
def test_any_text_scans_as_itself(text, level):
    assert scan(text, level) == [text]


@given(TEXTS, LEVELS)
@settings(deadline=None)
def test_columns_and_capacity_agree_with_the_symbol(text, level):
    rows = qr.encode(text, error_correction=level)
    columns = qr.columns(text, error_correction=level)
    assert {len(row) for row in rows} == {columns} == {len(rows)}
    fits = qr.capacity(columns, error_correction=level)
    assert qr.columns("a" * fits, error_correction=level) <= columns
    assert qr.columns("é" * (fits // 2), error_correction=level) <= columns


@pytest.mark.parametrize("level", "LMQH")
@pytest.mark.parametrize("length", [1, 17, 80, 300, 1000])
def test_large_symbols_scan_as_themselves(length, level):
    text = "".join(random.Random(length).choices(string.ascii_letters, k=length))
    assert scan(text, level) == [text]


@pytest.mark.parametrize(("text", "version"), [("https://id.example/AC", 2), ("a" * 150, 8)])
def test_codewords_and_their_places_are_those_of_the_library(text, version):
    """With the mask that we chose, the library draws the very same symbol."""
    ours = qr.encode(text)
    symbols = []
    for mask in range(8):
        theirs = qrcode.QRCode(version=version, error_correction=0, mask_pattern=mask)
        theirs.add_data(text, optimize=0)
        theirs.make(fit=False)
        whole = _qr_matrix.from_rows(theirs.modules)
        symbols.append(_qr_matrix.to_rows(whole, theirs.modules_count))
    assert symbols.count(ours) == 1


@pytest.mark.parametrize("seed", range(40))
def test_the_penalty_of_a_mask_is_that_of_the_library(seed):
    source = random.Random(seed)
    symbol = qrcode.QRCode(error_correction=source.choice([0, 1, 2, 3]), mask_pattern=seed % 8)
    symbol.add_data("".join(source.choices(string.printable, k=source.randint(1, 200))))
    symbol.make()
    ours = _qr_matrix.penalty(_qr_matrix.from_rows(symbol.modules), symbol.modules_count)
    assert ours == lost_point(symbol.modules)


SERIALS = [
    f"{prefix}{number:0{digits}d}"
    for prefix in (
        "",
        "AC-",
        "ac",
        "https://id.example/",
        "https://id.example/01/04006381333931/21/",
    )
    for digits in (7, 9, 14)
    for number in (1, 10**digits - 1)
]


@pytest.mark.parametrize("level", "LMQH")
def test_the_printers_own_symbol_is_as_large_as_ours(level):
    """Zplkit models a printer's own choice of modes and version."""
    for serial in SERIALS:
        element = Barcode(
            x_mm=2,
            y_mm=2,
            symbology="qr",
            content=(Field("serial"),),
            x_dimension_mm=0.25,
            error_correction=level,
        )
        label = Label(name="qr", width_mm=40, height_mm=40, elements=(element,))
        ink = draw("zpl", label, {"serial": serial}).point(lambda level: 255 - level).getbbox()
        assert ink is not None
        width = qr.columns(serial, error_correction=level) * 2
        assert (ink[2] - ink[0], ink[3] - ink[1]) == (width, width), serial


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "",
            (
                "QR code cannot carry an empty text '': expected at least one character; hand in a "
                "value for the field."
            ),
        ),
        (
            "A\x1dB",
            (
                "QR code cannot carry character U+001D at position 2 of 'A\\x1dB': expected no "
                "control "
                "characters; remove it from the data."
            ),
        ),
        (
            "A\ud800",
            (
                "QR code cannot carry character U+D800 at position 2 of 'A\\ud800': expected no "
                "control "
                "characters; remove it from the data."
            ),
        ),
        (
            "a" * 1274,
            (
                "QR code cannot carry 1274 bytes at error correction H: expected what fits "
                "version 40; "
                "shorten the data or lower the level."
            ),
        ),
    ],
)
def test_what_it_cannot_carry_is_refused_in_a_sentence(text, sentence):
    with pytest.raises(Unprintable) as refused:
        qr.validate(text, error_correction="H")
    assert str(refused.value) == sentence
