"""Each scheme's own promise and its known gaps, and what another library says of the same text."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import ean
from stdnum import luhn as stdnum_luhn
from stdnum.iso7064 import mod_37_36

from labeler.serials import InvalidSerial
from labeler.serials.checking import confirm
from labeler.serials.checks import gs1_mod10, iso7064_mod_37_36, load, luhn, names

SECOND_OPINIONS: dict[str, Callable[[str], str]] = {
    "gs1_mod10": ean.calc_check_digit,
    "iso7064_mod_37_36": mod_37_36.calc_check_digit,
    "luhn": stdnum_luhn.calc_check_digit,
}


def missed_transpositions(check: Callable[[str], str], alphabet: str, prefix: str) -> set[str]:
    """Pairs of characters behind `prefix` whose exchange the check character does not show."""
    return {
        a + b
        for a in alphabet
        for b in alphabet
        if a < b and check(prefix + a + b) == check(prefix + b + a)
    }


def missed_with_check(check: Callable[[str], str], bodies: list[str]) -> set[str]:
    """Last two characters of texts whose exchange, check character included, is not seen."""
    missed = set()
    for body in bodies:
        last, digit = body[-1], check(body)
        if last != digit and check(body[:-1] + digit) == last:
            missed.add(min(last, digit) + max(last, digit))
    return missed


@pytest.mark.parametrize("prefix", ["", "7", "12", "981", "00005"])
def test_luhn_misses_only_the_transposition_of_0_and_9(prefix: str) -> None:
    assert missed_transpositions(luhn.compute, luhn.ALPHABET, prefix) == {"09"}


def test_luhn_misses_only_0_and_9_when_the_check_digit_is_exchanged() -> None:
    assert missed_with_check(luhn.compute, [f"{n:03d}" for n in range(1000)]) == {"09"}


@pytest.mark.parametrize("prefix", ["", "7", "12", "981", "00005"])
def test_gs1_misses_only_transpositions_of_digits_five_apart(prefix: str) -> None:
    gaps = {"05", "16", "27", "38", "49"}
    assert missed_transpositions(gs1_mod10.compute, gs1_mod10.ALPHABET, prefix) == gaps


def test_gs1_misses_only_digits_five_apart_when_the_check_digit_is_exchanged() -> None:
    gaps = {"05", "16", "27", "38", "49"}
    assert missed_with_check(gs1_mod10.compute, [f"{n:03d}" for n in range(1000)]) == gaps


def test_mod_37_36_misses_one_transposition_of_neighbours_behind_each_state() -> None:
    alphabet = iso7064_mod_37_36.ALPHABET
    neighbours = {a + b for a, b in pairwise(alphabet)} | {"0Z"}
    found: set[str] = set()
    for first in alphabet:  # 36 first characters bring the scheme into its 36 states
        missed = missed_transpositions(iso7064_mod_37_36.compute, alphabet, first)
        assert len(missed) == 1
        found |= missed
    assert found == neighbours


@pytest.mark.parametrize("name", ["gs1_mod10", "luhn"])
def test_lost_leading_zeros_are_not_seen_by_sums_from_the_right(name: str) -> None:
    assert load(name).compute("00731") == load(name).compute("731")


def test_mod_37_36_gives_capitals_as_the_canonical_text() -> None:
    assert iso7064_mod_37_36.validate("a12425gAbc1234002m") == "A12425GABC1234002M"


@pytest.mark.parametrize("letter", ["ß", "ı", "ﬁ", "ａ", "é"])
def test_mod_37_36_does_not_take_foreign_letters_for_capitals(letter: str) -> None:
    with pytest.raises(InvalidSerial):
        iso7064_mod_37_36.validate(f"A1{letter}M")


def test_two_check_characters_are_named_in_the_plural() -> None:
    assert confirm("79482", scheme="mod_97_10", expected="82") == "79482"
    with pytest.raises(InvalidSerial) as refusal:
        confirm("79428", scheme="mod_97_10", expected="82")
    assert str(refusal.value) == (
        "Serial '79428' fails check scheme mod_97_10: expected check characters '82', got '28'."
    )
    assert refusal.value.position == 4


@pytest.mark.parametrize("name", [n for n in names() if n in SECOND_OPINIONS])
@given(data=st.data())
def test_python_stdnum_computes_the_same_check_characters(name: str, data: st.DataObject) -> None:
    scheme = load(name)
    text = data.draw(st.text(alphabet=scheme.alphabet, min_size=1, max_size=40))
    assert scheme.compute(text) == SECOND_OPINIONS[name](text)
