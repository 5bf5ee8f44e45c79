import itertools
import re
from functools import cache

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from printers.errors import Unprintable
from printers.symbologies import Caption, Options, _code128, code128, gs1_128
from printers.symbologies._code128 import FNC1
from tests.printers.symbologies import samples, scans

PLAIN = code128.settle(Options())
PRINTABLE = st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), min_size=1)
ASCII = st.text(alphabet=st.characters(max_codepoint=127), min_size=1)
DIGITS_AND_MORE = st.text(alphabet="0123456789A", min_size=1, max_size=24)
FEW_KINDS = st.text(alphabet="12Aa\t" + FNC1, min_size=1, max_size=24)
ANY_DATA = PRINTABLE | ASCII | DIGITS_AND_MORE | FEW_KINDS
A_AND_B = frozenset(map(chr, range(32, 96)))
FITS = {"A": A_AND_B | set(map(chr, range(32))), "B": A_AND_B | set(map(chr, range(96, 128)))}


def scan(text: str) -> list[bytes]:
    return [read for read, _ in scans.zxing("code128", scans.picture(code128, text, PLAIN))]


def fewest_codewords(text: str) -> int:
    """Start, data, shifts and switches by trying everything."""

    @cache
    def rest(at: int, code_set: str) -> int:
        if at == len(text):
            return 0
        ways = []
        for other in "ABC":
            switch = int(other != code_set)
            if text[at] == FNC1:
                ways.append(switch + 1 + rest(at + 1, other))
            elif other != "C":
                shift = int(text[at] not in FITS[other])
                ways.append(switch + shift + 1 + rest(at + 1, other))
            elif re.fullmatch("[0-9]{2}", text[at : at + 2]):
                ways.append(switch + 1 + rest(at + 2, other))
        return min(ways)

    return 1 + min(rest(0, code_set) for code_set in "ABC")


@pytest.mark.parametrize(
    "text", ["99", "999", "9912345", "99A", "A99", "A9999", "A999999B", "9" * 41, "0", "007"]
)
def test_values_with_99_and_leading_zeros_scan_as_themselves(text):
    assert scan(text) == [text.encode()]


@given(ASCII)
def test_any_ascii_scans_as_itself(text):
    assert scan(text) == [text.encode()]


@given(ANY_DATA)
def test_the_code_sets_make_the_shortest_symbol(text):
    check = 1
    words = _code128.codewords(_code128.segments(text))
    assert len(words) == fewest_codewords(text) + check


@given(ANY_DATA)
def test_segments_are_the_text_in_sets_that_have_its_characters(text):
    parts = code128.segments(text)
    assert "".join(run for _, run in parts) == text
    assert all(run for _, run in parts)
    assert parts[0][0] in "ABC"
    for code_set, run in parts:
        bare = run.replace(FNC1, "")
        if code_set == "C":
            assert re.fullmatch("([0-9]{2})*", bare)
            assert all(len(piece) % 2 == 0 for piece in run.split(FNC1))
        else:
            assert set(bare) <= FITS[code_set.upper()]
        assert code_set in "ABC" or len(run) == 1
    sets = [code_set for code_set, _ in parts]
    assert all(left != right for left, right in itertools.pairwise(sets))


@given(ANY_DATA)
def test_columns_agree_with_the_symbol(text):
    parts = _code128.segments(text)
    assert len(_code128.bars(_code128.codewords(parts))) == _code128.columns(parts)


@given(st.integers(min_value=1, max_value=40))
def test_the_capacity_is_that_of_the_worst_text(characters):
    worst = ("a\t" * characters)[:characters]
    columns, _ = code128.size(worst, PLAIN)
    assert code128.capacity(columns, PLAIN) == characters


@given(PRINTABLE)
def test_another_encoder_needs_as_many_modules_or_more(text):
    drawn = zxingcpp.create_barcode(text.encode(), zxingcpp.BarcodeFormat.Code128)
    _, width = drawn.to_image(scale=1, add_hrt=False, add_quiet_zones=False).shape
    assert code128.size(text, PLAIN)[0] <= width


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("ab\tcd", (("B", "ab"), ("a", "\t"), ("B", "cd"))),
        ("\t\nab", (("A", "\t\n"), ("B", "ab"))),
        ("\x1d1234", (("A", "\x1d"), ("C", "1234"))),
        ("A\x01b\x02C", (("A", "A\x01"), ("b", "b"), ("A", "\x02C"))),
    ],
)
def test_control_characters_stand_in_set_a_or_behind_a_shift(text, parts):
    assert code128.segments(text) == parts


def test_fnc1_costs_one_codeword_in_any_set():
    text = "(01)09501101530003(10)12AB(21)123456"
    assert gs1_128.segments(text) == (
        ("C", f"{FNC1}01095011015300031012"),
        ("B", "AB"),
        ("C", f"{FNC1}21123456"),
    )
    words = _code128.codewords(gs1_128.segments(text))
    assert words[:2] == [105, 102]
    assert words.count(102) == 2


def test_a_gs1_symbol_of_more_than_48_characters_is_refused_in_a_sentence():
    text = f"{samples.elements('A' * 20)}(8200)123456789"
    with pytest.raises(Unprintable) as refused:
        gs1_128.validate(text, PLAIN)
    assert str(refused.value) == (
        f"GS1-128 cannot carry {text!r}: expected 48 characters at most without brackets, got 52; "
        "split it into two symbols or use gs1_datamatrix."
    )
    gs1_128.validate(text[:-4], PLAIN)


def test_the_hri_shows_a_space_for_each_control_character():
    assert code128.captions("A\t\x1d1", PLAIN) == (Caption("A  1", 0, 79),)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "",
            (
                "Code 128 cannot carry an empty text '': expected at least one character; hand "
                "in a "
                "value for the field."
            ),
        ),
        (
            "AC\t1é",
            (
                "Code 128 cannot carry character U+00E9 at position 5 of 'AC\\t1é': expected ASCII "
                "(U+0000 to U+007F); remove the character or use a matrix symbology such as qr."
            ),
        ),
        (
            "٣٤",
            (
                "Code 128 cannot carry character U+0663 at position 1 of '٣٤': expected ASCII "
                "(U+0000 to U+007F); remove the character or use a matrix symbology such as qr."
            ),
        ),
    ],
)
def test_what_it_cannot_carry_is_refused_in_a_sentence(text, sentence):
    with pytest.raises(Unprintable) as refused:
        code128.encode(text, PLAIN)
    assert str(refused.value) == sentence
