"""Two series that can make the same text are found, with the text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.serials import parse_pattern
from labeler.serials.checks import load
from labeler.serials.overlap import Overlap, overlap
from tests.serials.plant import series
from tests.serials.test_series_properties import MOMENTS, numbers, serieses


@pytest.mark.parametrize(
    ("one", "other", "text"),
    [
        ("A{counter:4}", "A{counter:4}", "A0001"),
        ("A{counter:4}", "{counter:5:hex}", "A0001"),
        ("A{counter:4,start=5000}", "A{counter:4,start=20}", "A5000"),
        ("{date:%y%j}{counter:4}", "2{counter:8}", "200010001"),
        ("{date:%m%d}{counter:2}", "02{counter:4,start=2900}", "022901"),
        ("{shift}{counter:2}", "B{run:lot:1}{counter:1}", "B01"),
        ("{counter:2,start=1,step=6}", "{counter:2,start=3,step=5}", "13"),
        ("{counter:5}{check:luhn}", "{counter:6}", "000018"),
        ("{counter:5}{check:luhn}", "{counter:5}{check:gs1_mod10}", "000109"),
        ("{random:6}", "{permuted:6}", "000000"),
    ],
)
def test_two_series_that_make_one_text_are_found(one: str, other: str, text: str) -> None:
    for left, right in ((one, other), (other, one)):
        assert overlap(series(left), series(right)) == Overlap(text=text, certain=True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A{counter:4}", "B{counter:4}"),
        ("A{counter:4}", "A{counter:5}"),
        ("{counter:9}A", "{counter:9}B"),
        ("A{counter:4}", "{counter:5}"),
        ("{counter:4,start=5000}", "0{counter:3}"),
        ("{counter:2,start=1,step=6}", "{counter:2,start=3,step=6}"),
        ("{date:%m}{counter:2}", "13{counter:2}"),
        ("{date:%m%d}{counter:2}", "0230{counter:2}"),
        ("7992739871{counter:1}", "{run:line:10}{counter:1,start=5}A"),
        ("{shift}{counter:2}", "D{counter:2}"),
        ("{date:%d-%d}{counter:2}", "01-02{counter:2}"),
    ],
)
def test_two_series_that_make_no_text_in_common_are_left_alone(one: str, other: str) -> None:
    assert overlap(series(one), series(other)) is None
    assert overlap(series(other), series(one)) is None


@pytest.mark.parametrize(
    ("one", "other", "text"),
    [
        (
            "1M8GDM9A{check:vin}KP{counter:6}",
            "1M8GDM9A{check:vin}KP{counter:6}",
            "1M8GDM9A0KP000002",
        ),
        ("1M8GDM9A{check:vin}KP{counter:6}", "1M8GDM9AXKP{counter:6}", "1M8GDM9AXKP000007"),
        (
            "1M8GDM9A{check:vin}KP{counter:6}",
            "1M8GDM9A{counter:8:alnum}{check:luhn_mod_36}",
            "1M8GDM9A0KP000128",
        ),
        ("{counter:8}{check:vin}7T1PA11X", "0{counter:7}{run:lot:9}", "0000000177T1PA11X"),
    ],
)
def test_two_series_of_which_one_has_its_check_inside_are_found(
    one: str, other: str, text: str
) -> None:
    for left, right in ((one, other), (other, one)):
        found = overlap(series(left), series(right))
        assert found == Overlap(text=text, certain=True)
        assert load("vin").validate(text) == text


def test_two_series_with_one_check_inside_that_never_fits_are_left_alone() -> None:
    one, other = series("1M8GDM9A{check:vin}KP04278{counter:1}"), "1M8GDM9A3KP04278{counter:1}"
    digits = [load("vin").complete(f"1M8GDM9AKP04278{digit}")[8] for digit in range(1, 10)]
    assert "3" not in digits
    assert overlap(one, series(other)) is None


def test_a_search_without_an_end_is_said_to_be_uncertain() -> None:
    odd, even = parse_pattern("{counter:9,step=2}"), parse_pattern("{counter:9,start=2,step=2}")
    assert overlap(odd, even) == Overlap(text="00000000", certain=False)


@settings(deadline=None, max_examples=10)
@given(data=st.data(), at=MOMENTS)
def test_a_series_overlaps_itself(data: st.DataObject, at: object) -> None:
    made = data.draw(serieses())
    found = overlap(made, made)
    assert found is not None
    if found.certain:
        assert made.parse(found.text).text == found.text


@settings(deadline=None, max_examples=10)
@given(data=st.data(), at=MOMENTS)
def test_two_series_without_overlap_never_make_one_text(data: st.DataObject, at: object) -> None:
    one, other = data.draw(serieses()), data.draw(serieses())
    if overlap(one, other) is None:
        text = one.format(counter=data.draw(numbers(one)), at=at)  # type: ignore[arg-type]
        assert data.draw(numbers(other)) is not None
        with pytest.raises(ValueError, match="Serial "):
            other.parse(text)
