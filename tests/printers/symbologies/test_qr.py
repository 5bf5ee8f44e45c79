import random
import string

import pytest
import qrcode
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from qrcode.util import lost_point

from printers.errors import Unprintable
from printers.symbologies import Options, _qr_matrix, gs1_qr, qr
from tests.printers.symbologies import samples, scans

LEVELS = st.sampled_from("LMQH").map(lambda level: Options(error_correction=level))
MEDIUM = Options(error_correction="M")
TEXTS = st.text(
    alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60
) | st.text(alphabet=string.digits + "AC-:/x", min_size=1, max_size=120)


def scan(text: str, options: Options) -> list[bytes]:
    return [read for read, _ in scans.zxing("qr", scans.picture(qr, text, options))]


@given(TEXTS, LEVELS)
@settings(deadline=None)
def test_any_text_scans_as_itself(text, options):
    assert scan(text, options) == [text.encode()]


@given(TEXTS, LEVELS)
@settings(deadline=None)
def test_a_text_as_long_as_the_capacity_fits_in_any_script(text, options):
    columns, rows = qr.size(text, options)
    assert columns == rows
    fits = qr.capacity(columns, options)
    assert qr.size("a" * fits, options)[0] == columns
    assert qr.size("é" * (fits // 2), options)[0] <= columns
    assert qr.size("a" * (fits + 1), options)[0] == columns + 4


@given(TEXTS, LEVELS)
@settings(deadline=None)
def test_another_encoder_needs_as_many_modules_or_more(text, options):
    """Its level is one of the same percentages, which it may raise where there is room."""
    drawn = zxingcpp.create_barcode(
        text.encode(),
        zxingcpp.BarcodeFormat.QRCode,
        eci="0",
        ec_level=options.error_correction,
    )
    width, _ = drawn.to_image(scale=1, add_hrt=False, add_quiet_zones=False).shape
    assert qr.size(text, options)[0] <= width


@given(samples.STRATEGIES["gs1_qr"], LEVELS)
@settings(deadline=None)
def test_another_encoder_of_gs1_data_needs_as_many_modules_or_more(text, options):
    drawn = zxingcpp.create_barcode(
        text.replace("\\(", "\0").replace("\\)", "\1").translate(SQUARE),
        zxingcpp.BarcodeFormat.QRCode,
        gs1=True,
        ec_level=options.error_correction,
    )
    width, _ = drawn.to_image(scale=1, add_hrt=False, add_quiet_zones=False).shape
    assert gs1_qr.size(text, options)[0] <= width


SQUARE = str.maketrans({"(": "[", ")": "]", "\0": "(", "\1": ")"})


@pytest.mark.parametrize("level", "LMQH")
@pytest.mark.parametrize("length", [1, 17, 80, 300, 1000])
def test_large_symbols_scan_as_themselves(length, level):
    text = "".join(random.Random(length).choices(string.ascii_letters, k=length))
    assert scan(text, Options(error_correction=level)) == [text.encode()]


@pytest.mark.parametrize(("text", "version"), [("https://id.example/AC", 2), ("a" * 150, 8)])
def test_codewords_and_their_places_are_those_of_the_library(text, version):
    """With the mask that we chose, the library draws the very same symbol."""
    ours = qr.encode(text, MEDIUM)
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


@pytest.mark.parametrize("value", ["A%B", "%", "A(B", "AB", "12345678", "%%A"])
def test_gs1_data_is_not_confused_by_what_separates_it(value):
    """In alphanumeric mode % is the separator, and a % in a value is doubled."""
    text = samples.elements(value, lot=value)
    read = scans.zxing("gs1_qr", scans.picture(gs1_qr, text, MEDIUM))
    assert read == [(f"01{samples.GTIN}10{value}\x1d21{value}".encode(), "]Q3")]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "",
            (
                "QR Code cannot carry an empty text '': expected at least one character; hand in a "
                "value for the field."
            ),
        ),
        (
            "A\ud800",
            (
                "QR Code cannot carry character U+D800 at position 2 of 'A\\ud800': expected whole "
                "characters, and this is half of one (a surrogate); read the data as UTF-8 where "
                "it "
                "comes from."
            ),
        ),
        (
            "a" * 1274,
            (
                "QR Code cannot carry 1274 bytes at error correction H: expected what fits "
                "version 40; "
                "shorten the data or lower the level."
            ),
        ),
    ],
)
def test_what_it_cannot_carry_is_refused_in_a_sentence(text, sentence):
    with pytest.raises(Unprintable) as refused:
        qr.validate(text, Options(error_correction="H"))
    assert str(refused.value) == sentence


def test_the_largest_symbol_is_filled_to_its_last_byte():
    options = Options(error_correction="H")
    assert scan("a" * 1273, options) == [b"a" * 1273]
