import itertools
from functools import cache

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from printers.errors import Unprintable
from printers.symbologies import code128
from tests.printers.pictures import modules_picture

PRINTABLE = st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), min_size=1)
DIGITS_AND_MORE = st.text(alphabet="0123456789A", min_size=1, max_size=24)


def scan(text: str) -> list[str]:
    found = zxingcpp.read_barcodes(
        modules_picture(code128.encode(text), scale=1, height=5),
        formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.Code128),
        try_rotate=False,
        try_downscale=False,
        try_invert=False,
    )
    return [symbol.text for symbol in found]


def fewest_codewords(text: str) -> int:
    """Start, data and switches by trying everything: code sets B and C."""

    @cache
    def rest(at: int, code_set: str) -> int:
        if at == len(text):
            return 0
        ways = []
        for other in "BC":
            switch = int(other != code_set)
            if other == "B":
                ways.append(switch + 1 + rest(at + 1, "B"))
            elif text[at : at + 2].isdigit() and at + 2 <= len(text):
                ways.append(switch + 1 + rest(at + 2, "C"))
        return min(ways)

    return 1 + min(rest(0, "B"), rest(0, "C"))


def test_every_four_digit_value_scans_as_itself():
    """A leading 99 is also the number of the switch to code set C; none of these may be lost."""
    values = [f"{number:04d}" for number in range(10_000)]
    wrong = [value for value in values if scan(value) != [value]]
    assert wrong == []


@pytest.mark.parametrize(
    "text", ["99", "999", "9912345", "99A", "A99", "A9999", "A999999B", "9" * 41, "0", "007"]
)
def test_values_with_99_and_leading_zeros_scan_as_themselves(text):
    assert scan(text) == [text]


@given(PRINTABLE)
def test_any_printable_ascii_scans_as_itself(text):
    assert scan(text) == [text]


@given(DIGITS_AND_MORE)
def test_the_code_sets_make_the_shortest_symbol(text):
    check = 1
    assert len(code128.codewords(text)) == fewest_codewords(text) + check


@given(PRINTABLE | DIGITS_AND_MORE)
def test_segments_are_the_text_and_pairs_of_digits(text):
    parts = code128.segments(text)
    assert "".join(run for _, run in parts) == text
    assert all(run.isdigit() and len(run) % 2 == 0 for code_set, run in parts if code_set == "C")
    assert all(run for _, run in parts)
    sets = [code_set for code_set, _ in parts]
    assert all(left != right for left, right in itertools.pairwise(sets))


@given(PRINTABLE | DIGITS_AND_MORE)
def test_columns_and_capacity_agree_with_the_symbol(text):
    columns = code128.columns(text)
    assert len(code128.encode(text)[0]) == columns
    worst = code128.capacity(columns)
    assert code128.columns("A" * worst) <= columns if worst else True
    assert code128.columns("A" * (worst + 1)) > columns


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
            "AC\t1",
            (
                "Code 128 cannot carry character U+0009 at position 3 of 'AC\\t1': expected "
                "printable "
                "ASCII (space to ~); remove the character or use the symbology qr."
            ),
        ),
        (
            "AC1\n",
            (
                "Code 128 cannot carry character U+000A at position 4 of 'AC1\\n': expected "
                "printable "
                "ASCII (space to ~); remove the character or use the symbology qr."
            ),
        ),
        (
            "٣٤",
            (
                "Code 128 cannot carry character U+0663 at position 1 of '٣٤': expected printable "
                "ASCII (space to ~); remove the character or use the symbology qr."
            ),
        ),
    ],
)
def test_what_it_cannot_carry_is_refused_in_a_sentence(text, sentence):
    with pytest.raises(Unprintable) as refused:
        code128.encode(text)
    assert str(refused.value) == sentence
