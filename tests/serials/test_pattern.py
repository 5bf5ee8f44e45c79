"""What a pattern may say, and what a series made of it knows of itself."""

from datetime import UTC, datetime

import pytest

from labeler.serials import TEXT_LENGTH_MAX, parse_pattern
from labeler.serials.alphabets import ALPHABETS, alphabet
from labeler.serials.pattern import number_position

ALNUM = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@pytest.mark.parametrize(
    ("pattern", "text_length", "start", "last", "capacity"),
    [
        ("{counter:1}", 1, 1, 9, 9),
        ("{counter:5}", 5, 1, 99999, 99999),
        ("{counter:5,start=0}", 5, 0, 99999, 100000),
        ("{counter:5:digits,start=99999}", 5, 99999, 99999, 1),
        ("{counter:2:hex}", 2, 1, 255, 255),
        ("{counter:3:upper,start=0}", 3, 0, 26**3 - 1, 26**3),
        ("{counter:3:alnum,start=0}", 3, 0, 36**3 - 1, 36**3),
        ("{counter:3:base34,start=0}", 3, 0, 34**3 - 1, 34**3),
        ("{counter:3:crockford32,start=0}", 3, 0, 32**3 - 1, 32**3),
        ("{counter:3:gs1_39,start=0}", 3, 0, 39**3 - 1, 39**3),
        ("{counter:3:gs1_82,start=0}", 3, 0, 82**3 - 1, 82**3),
        ("{counter:3:alnum-confusable,start=0}", 3, 0, 19**3 - 1, 19**3),
        ("{counter:20}", 20, 1, 2**63 - 1, 2**63 - 1),
        ("{{{counter:5}}}", 7, 1, 99999, 99999),
        ("A B{counter:5}", 8, 1, 99999, 99999),
        ("AC{date:%y%j}{counter:5}{check:iso7064_mod_37_36}", 13, 1, 99999, 99999),
        ("{date:%Y-%m-%dT%H%M%S}/{counter:5}", 23, 1, 99999, 99999),
        ("{date:%G-W%V-%u}/{counter:5}", 16, 1, 99999, 99999),
        ("{date:%Y}{counter:5}{date:%G%V}", 15, 1, 99999, 99999),
        ("{date:%V}{counter:5}", 7, 1, 99999, 99999),
        ("{counter:63}{check:luhn}", 64, 1, 2**63 - 1, 2**63 - 1),
    ],
)
def test_a_series_knows_its_length_and_how_far_it_counts(
    pattern: str, text_length: int, start: int, last: int, capacity: int
) -> None:
    series = parse_pattern(pattern)
    assert series.pattern == pattern
    assert series.text_length == text_length <= TEXT_LENGTH_MAX
    counts = (series.counter_start, series.counter_last, series.counter_capacity)
    assert counts == (start, last, capacity)


def test_a_series_is_its_fields_from_left_to_right() -> None:
    series = parse_pattern("{date:%y%j}{counter:5}0{check:luhn}")
    names_of_fields = [field.name for field in series.fields]
    assert names_of_fields == ["year_of_century", "day_of_year", "counter", "literal", "check"]
    characters = [field.characters_at(0) for field in series.fields]
    assert characters == ["0123456789"] * 3 + ["0"] + ["0123456789"]


def test_two_readings_of_one_pattern_are_equal_and_may_be_keys() -> None:
    pattern = "AC{date:%y%j}{counter:5}{check:iso7064_mod_37_36}"
    assert parse_pattern(pattern) == parse_pattern(pattern)
    assert len({parse_pattern(pattern), parse_pattern(pattern)}) == 1


def test_alphabets_hold_each_character_once_in_ascending_order() -> None:
    for letters in ALPHABETS.values():
        assert "".join(sorted(set(letters.characters))) == letters.characters
        assert letters.capacity(3) == len(letters.characters) ** 3
    lengths = {name: len(letters.characters) for name, letters in ALPHABETS.items()}
    assert lengths == {
        "alnum": 36,
        "base34": 34,
        "crockford32": 32,
        "digits": 10,
        "gs1_39": 39,
        "gs1_82": 82,
        "hex": 16,
        "upper": 26,
    }
    assert not set("ILOU") & set(alphabet("crockford32").characters)
    assert not set("IO") & set(alphabet("base34").characters)


def test_a_pattern_of_17_characters_may_have_the_check_digit_of_a_vin_in_position_9() -> None:
    series = parse_pattern("1M8GDM9A{check:vin}{code:vin_year}P{counter:6}")
    at = datetime(2019, 11, 23, tzinfo=UTC)
    assert series.format(counter=42788, at=at) == "1M8GDM9AXKP042788"
    assert series.parse("1M8GDM9AXKP042788").values == {
        "check": "X",
        "vin_year": "K",
        "counter": "042788",
    }


def test_the_number_is_found_before_and_behind_a_check_inside() -> None:
    assert number_position("1M8GDM9A{check:vin}KP{counter:6}") == 22
    assert number_position("{counter:8}{check:vin}7T1PLANT") == 1


def test_a_pattern_of_14_digits_may_end_as_an_imei() -> None:
    series = parse_pattern("35417803{counter:6}{check:imei}")
    at = datetime(2026, 11, 23, tzinfo=UTC)
    assert series.format(counter=685978, at=at) == "354178036859789"
