"""GTINs: one number in four lengths."""

import pytest
from biip.gtin import Gtin as BiipGtin
from hypothesis import given
from hypothesis import strategies as st
from stdnum import ean

from labeler.serials.checks import gs1_mod10
from labeler.serials.identifiers import InvalidIdentifier, gtin

PUBLISHED = {
    "09506000134352": ("GTIN-13", "9506000134352"),
    "9501101020917": ("GTIN-13", "9501101020917"),
    "10614141000415": ("GTIN-14", "10614141000415"),
    "614141007349": ("GTIN-12", "614141007349"),
    "00614141123452": ("GTIN-12", "614141123452"),
    "96385074": ("GTIN-8", "96385074"),
    "95010939": ("GTIN-8", "95010939"),
    "6291041500213": ("GTIN-13", "6291041500213"),
}
"""Examples of the GS1 General Specifications and the EPC Tag Data Standard."""


@pytest.mark.parametrize("text", PUBLISHED)
def test_published_gtins_read_in_every_length_that_fits(text: str) -> None:
    read = gtin.parse(text)
    assert (read.name, read.shortest) == PUBLISHED[text]
    assert read.check_digit == text[-1]
    assert str(read) == text.zfill(14)
    for length in (8, 12, 13, 14):
        if length >= read.length:
            assert gtin.parse(read.in_length(length)) == read


def test_gtin_14_fits_into_no_other_length() -> None:
    with pytest.raises(InvalidIdentifier) as refusal:
        gtin.parse("10614141000415").in_length(13)
    assert str(refusal.value) == (
        "GTIN '10614141000415' does not fit into 13 digits: it is a GTIN-14; use 14."
    )


bodies = st.text(alphabet="0123456789", min_size=13, max_size=13)


@given(body=bodies)
def test_every_gtin_survives_its_shortest_length_and_two_other_readers(body: str) -> None:
    read = gtin.parse(body + gs1_mod10.compute(body))
    assert gtin.parse(read.shortest) == read
    assert ean.is_valid(read.shortest)
    assert BiipGtin.parse(read.digits).as_gtin_14() == read.digits


@given(body=bodies, split=st.integers(4, 12))
def test_company_prefix_and_item_reference_make_the_gtin_they_came_from(
    body: str, split: int
) -> None:
    made = gtin.make(body[1 : 1 + split], body[1 + split :], indicator=body[0])
    assert made == gtin.parse(body + gs1_mod10.compute(body))
    assert made.indicator == body[0]


def test_gtin_8_is_made_of_seven_digits() -> None:
    assert gtin.make_gtin_8("9501093").shortest == "95010939"


def test_company_prefix_is_told_where_the_public_table_tells_it() -> None:
    assert gtin.parse("7032069804988").company_prefix == "703206"
    assert gtin.parse("96385074").company_prefix is None
    assert gtin.parse("2000000000008").company_prefix is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "GTIN '' has 0 characters: expected 8, 12, 13 or 14; give all of it."),
        (
            "40063813339",
            "GTIN '40063813339' has 11 characters: expected 8, 12, 13 or 14; give all of it.",
        ),
        (
            "400638133393O",
            (
                "GTIN '400638133393O' is wrong at position 13: expected a digit, got 'O'; scan or"
                " type it again."
            ),
        ),
        (
            "\u0664006381333931",
            (
                "GTIN '٤006381333931' is wrong at position 1: expected a digit, got '٤'; scan or"
                " type it again."
            ),
        ),
    ],
)
def test_what_is_no_gtin_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(InvalidIdentifier) as refusal:
        gtin.parse(text)
    assert str(refusal.value) == sentence


def test_a_value_is_a_proof() -> None:
    with pytest.raises(InvalidIdentifier):
        gtin.Gtin(digits="04006381333932")
    with pytest.raises(InvalidIdentifier):
        gtin.Gtin(digits="4006381333931")
