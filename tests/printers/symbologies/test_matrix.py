"""Data Matrix, PDF417 and Aztec: sizes that follow from the kinds of characters."""

import random
import string

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from printers import symbologies
from printers.errors import Unprintable
from printers.symbologies import Options, _aztec_sizes, aztec, datamatrix, pdf417
from tests.printers.symbologies import samples, scans

KINDS = [
    string.digits,
    string.ascii_uppercase,
    string.ascii_lowercase,
    "#$%&",
    "!()",
    "\x01\x02\x05",
]
TEXTS = samples.STRATEGIES["qr"]


def another(text, source):
    """A text of the same kinds of characters."""
    return "".join(
        source.choice(next((kind for kind in KINDS if character in kind), character))
        for character in text
    )


@pytest.mark.parametrize("name", ["aztec", "datamatrix", "pdf417"])
@given(
    text=st.lists(st.sampled_from([*KINDS, ", ", "é"]), min_size=1, max_size=60).map(
        lambda kinds: "".join(kind[0] for kind in kinds)
    ),
    seed=st.integers(),
)
@settings(deadline=None)
def test_texts_of_the_same_kinds_of_characters_are_as_large(name, text, seed):
    one = symbologies.load(name)
    options = one.settle(Options())
    other = another(text, random.Random(seed))
    assert one.size(other, options) == one.size(text, options)


@pytest.mark.parametrize(
    "pattern", ["AC-{:07d}", "{:04d}", "https://id.example/{:012d}", "a{:05d}b"]
)
def test_serials_of_a_pattern_are_as_large_even_where_their_bits_are_unlucky(pattern):
    sizes = {aztec.size(pattern.format(n), aztec.settle(Options())) for n in range(2000)}
    assert len(sizes) == 1


@given(TEXTS, st.sampled_from(["5", "23", "50", "95"]))
@settings(deadline=None)
def test_an_aztec_symbol_has_as_many_check_words_as_were_asked_for(text, percent):
    options = aztec.settle(Options(error_correction=percent))
    try:
        rows = aztec.encode(text, options)
    except Unprintable:
        return
    size = next(one for one in _aztec_sizes.SIZES if one.columns == len(rows))
    words = _aztec_sizes.data_bits(rows, size) // size.codeword_bits
    bits = ((88 if size.compact else 112) + 16 * size.layers) * size.layers
    total = bits // size.codeword_bits
    assert total - words >= total * int(percent) / 100 + 3


def longest(columns, options):
    """The longest text of many kinds of characters that has that size, by halving."""
    fits, too_long = 1, 3000
    while too_long - fits > 1:
        middle = (fits + too_long) // 2
        try:
            is_fitting = aztec.size(("Az9,\x00" * middle)[:middle], options)[0] <= columns
        except Unprintable:
            is_fitting = False
        fits, too_long = (middle, too_long) if is_fitting else (fits, middle)
    return ("Az9,\x00" * fits)[:fits]


@pytest.mark.parametrize("size", _aztec_sizes.SIZES, ids=lambda size: str(size.columns))
def test_every_aztec_size_is_drawn_and_read(size):
    """The largest text of the size, which has binary data and punctuation, too."""
    options = aztec.settle(Options())
    text = longest(size.columns, options)
    rows = aztec.encode(text, options)
    assert len(rows) == size.columns
    seen = scans.draw(rows, symbologies.QuietZone(2, 2, 2, 2), scale=2)
    assert scans.zxing("aztec", seen)[0][0] == text.encode()


@pytest.mark.parametrize("shape", ["square", "rectangle"])
def test_data_matrix_has_the_wanted_shape(shape):
    options = datamatrix.settle(Options(shape=shape))
    sizes = {datamatrix.size("A" * count, options) for count in range(1, 60)}
    assert {columns == rows for columns, rows in sizes} == {shape == "square"}
    if shape == "rectangle":
        assert sizes == {(18, 8), (32, 8), (26, 12), (36, 12), (36, 16), (48, 16)}


def test_what_is_too_long_for_a_rectangle_is_refused_in_a_sentence():
    with pytest.raises(Unprintable) as refused:
        datamatrix.validate("A" * 73, datamatrix.settle(Options(shape="rectangle")))
    assert str(refused.value) == (
        "Data Matrix cannot carry 73 bytes: expected what fits a rectangle of 16 x 48 modules (98 "
        "digits or 72 capitals); shorten the data or use shape square."
    )
    datamatrix.validate("A" * 72, datamatrix.settle(Options(shape="rectangle")))
    datamatrix.validate("1" * 98, datamatrix.settle(Options(shape="rectangle")))


@given(TEXTS, st.integers(min_value=10, max_value=144))
@settings(deadline=None)
def test_any_bytes_within_the_capacity_fit_a_data_matrix(text, columns):
    options = datamatrix.settle(Options())
    capacity = datamatrix.capacity(columns, options)
    data = text.encode()
    filled = (data * (capacity // len(data) + 1))[:capacity].decode(errors="ignore")
    if filled:
        assert datamatrix.size(filled, options)[0] <= columns


def test_an_iso_15434_message_is_read_as_one():
    """MH10.8.2 data in a message of format 06, as VDA 4994 and MIL-STD-130 want it."""
    text = "[)>\x1e06\x1d17V0CVA5\x1d1P4711\x1dS786950\x1e\x04"
    options = datamatrix.settle(Options())
    [found] = zxingcpp.read_barcodes(scans.picture(datamatrix, text, options))
    assert (found.bytes, found.content_type) == (text.encode(), zxingcpp.ContentType.ISO15434)


@pytest.mark.parametrize(
    ("name", "announced"), [("aztec", "]z3"), ("datamatrix", "]d4"), ("pdf417", "]L1")]
)
def test_text_beyond_ascii_is_announced_as_utf_8(name, announced):
    one = symbologies.load(name)
    seen = scans.picture(one, "é日", one.settle(Options()))
    [found] = zxingcpp.read_barcodes(seen, text_mode=zxingcpp.TextMode.ECI)
    assert found.text == f"{announced}\\000026é日"


@given(TEXTS, st.integers(min_value=1, max_value=30), st.sampled_from("012345678"))
@settings(deadline=None)
def test_the_width_of_pdf417_is_that_of_its_columns(text, columns, level):
    options = pdf417.settle(Options(columns=columns, error_correction=level, row_height=5))
    try:
        rows = pdf417.encode(text, options)
    except Unprintable:
        assert columns < 10
        return
    assert len(rows[0]) == 69 + 17 * columns
    assert len(rows) % 5 == 0
    assert all(len(set(rows[at : at + 5])) == 1 for at in range(0, len(rows), 5))
    assert 3 <= len(rows) // 5 <= 90


def test_data_that_needs_more_columns_is_refused_in_a_sentence():
    """zxing-cpp would take more columns than it was told."""
    options = pdf417.settle(Options(columns=2))
    with pytest.raises(Unprintable) as refused:
        pdf417.validate("a" * 500, options)
    assert str(refused.value) == (
        "PDF417 cannot carry 500 bytes in 2 data columns at error correction 3: expected what fits "
        "90 rows and 928 codewords; shorten the data, or give it more columns or less error "
        "correction."
    )


def test_what_is_too_long_for_aztec_is_refused_in_a_sentence():
    options = aztec.settle(Options(error_correction="50"))
    with pytest.raises(Unprintable) as refused:
        aztec.validate("a" * 2000, options)
    assert str(refused.value) == (
        "Aztec Code cannot carry 2000 bytes at error correction 50: expected what fits 151 x 151 "
        "modules; shorten the data or lower the percentage."
    )
