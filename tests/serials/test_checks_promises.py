"""Each scheme's own promise and its known gaps, found by trying every pair of characters.

A gap is stated as exactly what is missed: a scheme that became better would fail here too.
"""

from collections.abc import Callable, Iterator
from itertools import combinations, pairwise, product
from string import ascii_uppercase, digits

import pytest

from labeler.serials import InvalidSerial
from labeler.serials.checks import Scheme, load
from tests.serials.schemes import VIN_TWINS

Mistake = Callable[[str, str], tuple[str, str]]
"""Two characters -> what was meant and what was written."""

PURE = ("iso7064_mod_11_2", "iso7064_mod_37_2", "iso7064_mod_661_26", "iso7064_mod_1271_36")
HYBRID = ("iso7064_mod_11_10", "iso7064_mod_27_26", "iso7064_mod_37_36")
LUHN = ("luhn", "luhn_mod_16", "luhn_mod_36", "imei")
BEHIND = ("", "1", "90", "981", "2345678")
FIVE_APART = {"05", "16", "27", "38", "49"}


def transposition(a: str, b: str) -> tuple[str, str]:
    return a + b, b + a


def twin(a: str, b: str) -> tuple[str, str]:
    return a + a, b + b


def jump(middle: str) -> Mistake:
    return lambda a, b: (a + middle + b, b + middle + a)


def missed(
    scheme: Scheme, mistake: Mistake, before: str = "", *, behind: str = "", of: str = ""
) -> set[str]:
    """The pairs of characters with which the mistake does not show in the check characters."""
    found = set()
    for a, b in combinations(of or scheme.alphabet, 2):
        meant, written = (before + middle + behind for middle in mistake(a, b))
        if scheme.compute(meant) == scheme.compute(written):
            found.add(a + b)
    return found


def missed_jumps(scheme: Scheme, before: str = "", *, behind: str = "", of: str = "") -> int:
    """How many exchanges of two characters with one between them are missed."""
    middles = of or scheme.alphabet
    return sum(len(missed(scheme, jump(m), before, behind=behind, of=of)) for m in middles)


def missed_with_check(scheme: Scheme, bodies: Iterator[str]) -> set[str]:
    """Last body character and first check character whose exchange is not seen."""
    found = set()
    for body in bodies:
        text = scheme.complete(body)
        place = len(body)
        written = text[: place - 1] + text[place] + text[place - 1] + text[place + 1 :]
        if written != text and is_valid(scheme, written):
            found.add("".join(sorted(text[place - 1 : place + 1])))
    return found


def is_valid(scheme: Scheme, text: str) -> bool:
    try:
        scheme.validate(text)
    except InvalidSerial:
        return False
    return True


def texts(alphabet: str, length: int) -> Iterator[str]:
    return ("".join(characters) for characters in product(alphabet, repeat=length))


def contexts(scheme: Scheme) -> list[tuple[str, str]]:
    first, second, third = scheme.alphabet[1], scheme.alphabet[-1], scheme.alphabet[5]
    before = ("", first, second + third)
    return [(b, c) for b in before for c in ("", second, third + first)]


@pytest.mark.parametrize("name", PURE)
def test_pure_systems_miss_no_exchange_and_no_twin(name: str) -> None:
    scheme = load(name)
    for before, behind in contexts(scheme):
        assert missed(scheme, transposition, before, behind=behind) == set()
        assert missed(scheme, twin, before, behind=behind) == set()
        assert missed(scheme, jump(scheme.alphabet[2]), before, behind=behind) == set()
    assert missed_with_check(scheme, texts(scheme.alphabet, 2)) == set()


@pytest.mark.parametrize("letters", [digits, ascii_uppercase])
def test_mod_97_10_misses_no_exchange_and_no_twin_among_digits_or_letters(letters: str) -> None:
    scheme = load("iso7064_mod_97_10")
    for before, behind in [("", ""), ("7", "4"), ("K", "X"), ("19", "Z05")]:
        assert missed(scheme, transposition, before, behind=behind, of=letters) == set()
        assert missed(scheme, twin, before, behind=behind, of=letters) == set()
        assert missed_jumps(scheme, before, behind=behind, of=letters) == 0


def test_mod_97_10_misses_the_exchanges_of_a_digit_and_a_letter_that_read_the_same() -> None:
    scheme = load("iso7064_mod_97_10")
    for before, behind in [("", ""), ("7", "4"), ("K", "X"), ("19", "Z05")]:
        assert missed(scheme, transposition, before, behind=behind) == {"1B", "2M", "3X"}


def test_mod_97_10_misses_one_in_97_letters_that_stand_for_digits() -> None:
    scheme = load("iso7064_mod_97_10")
    for digit, letter in product(digits, ascii_uppercase):  # 00 to 96 are the 97 states before it
        before = [f"{state:02d}" for state in range(97)]
        equal = [b for b in before if scheme.compute(b + digit) == scheme.compute(b + letter)]
        assert len(equal) == 1


@pytest.mark.parametrize("name", HYBRID)
def test_hybrid_systems_miss_one_transposition_of_neighbours_behind_each_state(name: str) -> None:
    scheme = load(name)
    alphabet = scheme.alphabet
    found: set[str] = set()
    for first in alphabet:  # every first character brings the scheme into another state
        missed_here = missed(scheme, transposition, first)
        assert len(missed_here) == 1
        found |= missed_here
    assert found == {a + b for a, b in pairwise(alphabet)} | {alphabet[0] + alphabet[-1]}


@pytest.mark.parametrize("name", HYBRID)
def test_hybrid_systems_miss_only_the_first_two_when_the_check_is_exchanged(name: str) -> None:
    scheme = load(name)
    assert missed_with_check(scheme, texts(scheme.alphabet, 2)) == {scheme.alphabet[:2]}


@pytest.mark.parametrize(
    ("name", "of_all"),
    [("iso7064_mod_11_10", 3), ("iso7064_mod_27_26", 9), ("iso7064_mod_37_36", 12)],
)
def test_hybrid_systems_miss_as_many_twins_behind_each_state(name: str, of_all: int) -> None:
    scheme = load(name)
    assert {len(missed(scheme, twin, first)) for first in scheme.alphabet} == {of_all}


@pytest.mark.parametrize(
    ("name", "cycle"),
    [("iso7064_mod_11_10", 10), ("iso7064_mod_27_26", 18), ("iso7064_mod_37_36", 36)],
)
def test_hybrid_systems_see_lost_leading_zeros_unless_a_whole_cycle(name: str, cycle: int) -> None:
    scheme = load(name)
    zero, other = scheme.alphabet[0], scheme.alphabet[3]
    unseen = [n for n in range(1, 80) if scheme.compute(zero * n + other) == scheme.compute(other)]
    assert unseen == list(range(cycle, 80, cycle))


def in_columns(name: str, behind: str) -> tuple[Scheme, str, str]:
    """A scheme with the text before and behind that lets two or three characters stand there."""
    scheme = load(name)
    before = "5" * (scheme.lengths[0] - 2 - len(behind)) if name == "imei" else "5"
    return scheme, before, behind


@pytest.mark.parametrize("behind", BEHIND)
@pytest.mark.parametrize("name", LUHN)
def test_luhn_misses_only_the_transposition_of_the_first_and_the_last(
    name: str, behind: str
) -> None:
    scheme, before, behind = in_columns(name, behind)
    gap = {scheme.alphabet[0] + scheme.alphabet[-1]}
    assert missed(scheme, transposition, before, behind=behind) == gap


@pytest.mark.parametrize("name", ["luhn", "luhn_mod_16", "luhn_mod_36"])
def test_luhn_misses_only_the_same_two_when_the_check_character_is_exchanged(name: str) -> None:
    scheme = load(name)
    gap = {scheme.alphabet[0] + scheme.alphabet[-1]}
    assert missed_with_check(scheme, texts(scheme.alphabet, 2)) == gap


@pytest.mark.parametrize("behind", BEHIND)
@pytest.mark.parametrize(
    ("name", "twins"),
    [
        ("luhn", {"25", "36", "47"}),
        ("imei", {"25", "36", "47"}),
        ("luhn_mod_16", {"38", "49", "5A", "6B", "7C"}),
        ("luhn_mod_36", {"0C", "1D", "2E", "3F", "4G", "5H", "IU", "JV", "KW", "LX", "MY", "NZ"}),
    ],
)
def test_luhn_misses_these_twins_in_every_column(name: str, twins: set[str], behind: str) -> None:
    scheme, before, behind = in_columns(name, behind)
    assert missed(scheme, twin, before, behind=behind) == twins


@pytest.mark.parametrize("name", ["luhn", "luhn_mod_16", "gs1_mod10"])
def test_two_weights_in_turn_miss_every_exchange_with_one_character_between(name: str) -> None:
    scheme = load(name)
    size = len(scheme.alphabet)
    assert missed_jumps(scheme, "7", behind="4") == size * (size - 1) // 2 * size


@pytest.mark.parametrize("behind", BEHIND)
@pytest.mark.parametrize("before", ["", "7"])
def test_gs1_mod10_misses_only_pairs_that_are_five_apart(before: str, behind: str) -> None:
    scheme = load("gs1_mod10")
    assert missed(scheme, transposition, before, behind=behind) == FIVE_APART
    assert missed(scheme, twin, before, behind=behind) == FIVE_APART


def test_gs1_mod10_misses_only_pairs_five_apart_when_the_check_digit_is_exchanged() -> None:
    assert missed_with_check(load("gs1_mod10"), texts(digits, 3)) == FIVE_APART


def test_gs1_pair_misses_no_exchange_wherever_the_two_stand() -> None:
    scheme = load("gs1_check_character_pair")
    body = "1987654Ad4X4bL5ttr2310c"
    for first, second in combinations(range(len(body)), 2):

        def exchange(a: str, b: str, first: int = first, second: int = second) -> tuple[str, str]:
            one, two = list(body), list(body)
            one[first], one[second] = a, b
            two[first], two[second] = b, a
            return "".join(one), "".join(two)

        assert missed(scheme, exchange, of="!09:AZ_az4") == set()


def test_gs1_pair_misses_no_twin_and_no_exchange_with_its_check_characters() -> None:
    scheme = load("gs1_check_character_pair")
    for behind in ("", "b", "bL5ttr2310cbL5ttr2310"):
        assert missed(scheme, twin, behind=behind) == set()
        assert missed(scheme, transposition, behind=behind) == set()
    assert missed_with_check(scheme, texts(scheme.alphabet, 2)) == set()


def test_mod_11_weighted_misses_no_exchange_wherever_the_two_stand() -> None:
    scheme = load("mod_11_weighted")
    for first, second in combinations(range(9), 2):
        for a, b in combinations(digits, 2):
            one, two = list("030640615"), list("030640615")
            one[first], one[second] = a, b
            two[first], two[second] = b, a
            assert scheme.compute("".join(one)) != scheme.compute("".join(two))
    assert missed_with_check(scheme, texts(digits, 3)) == set()


@pytest.mark.parametrize("behind", range(8))
def test_mod_11_weighted_misses_only_twins_that_weigh_5_and_6(behind: int) -> None:
    scheme = load("mod_11_weighted")
    all_pairs = {a + b for a, b in combinations(digits, 2)}
    found = missed(scheme, twin, behind="7" * behind)
    assert found == (all_pairs if behind == 3 else set())


@pytest.mark.parametrize("column", range(16))
def test_verhoeff_misses_no_transposition_and_two_twins_and_26_jumps(column: int) -> None:
    scheme = load("verhoeff")
    behind = "0123456789012345"[:column]
    assert missed(scheme, transposition, behind=behind) == set()
    assert len(missed(scheme, twin, behind=behind)) == 2
    assert missed_jumps(scheme, behind=behind) == 26


@pytest.mark.parametrize("name", ["verhoeff", "damm"])
def test_verhoeff_and_damm_miss_no_exchange_with_the_check_digit(name: str) -> None:
    assert missed_with_check(load(name), texts(digits, 3)) == set()


def test_verhoeff_sees_a_leading_zero_unless_it_was_the_8th_or_16th_digit() -> None:
    scheme = load("verhoeff")
    unseen = [n for n in range(1, 20) if scheme.compute("0" + "3" * n) == scheme.compute("3" * n)]
    assert unseen == [7, 15]


def test_damm_misses_no_transposition_and_as_many_twins_and_jumps_as_it_says() -> None:
    scheme = load("damm")
    rows = {scheme.compute(text): text for text in texts(digits, 2)}
    assert sorted(rows) == list(digits)
    before = list(rows.values())
    assert [missed(scheme, transposition, text) for text in before] == [set()] * 10
    assert sum(len(missed(scheme, twin, text)) for text in before) == 38
    assert sum(missed_jumps(scheme, text) for text in before) == 479


def test_code39_mod_43_misses_every_exchange_within_the_body_and_no_twin() -> None:
    scheme = load("code39_mod_43")
    all_pairs = {a + b for a, b in combinations(scheme.alphabet, 2)}
    assert missed(scheme, transposition, "AB", behind="7") == all_pairs
    assert missed(scheme, jump("Q"), "AB", behind="7") == all_pairs
    assert missed(scheme, twin, "AB", behind="7") == set()
    assert missed_with_check(scheme, texts(scheme.alphabet, 2)) == set()
    assert scheme.compute("A00B0") == scheme.compute("AB")


VIN = "1M8GDM9AKP042788"
VIN_EQUALS = {a + b for twins in VIN_TWINS for a, b in combinations(twins, 2)}


@pytest.mark.parametrize("place", range(16))
def test_vin_misses_only_substitutions_of_characters_that_count_the_same(place: int) -> None:
    scheme = load("vin")

    def substitution(a: str, b: str) -> tuple[str, str]:
        return a, b

    before, behind = VIN[:place], VIN[place + 1 :]
    assert missed(scheme, substitution, before, behind=behind) == VIN_EQUALS


@pytest.mark.parametrize("place", [*range(7), *range(8, 15)])
def test_vin_misses_only_transpositions_of_characters_that_count_the_same(place: int) -> None:
    before, behind = VIN[:place], VIN[place + 2 :]
    assert missed(load("vin"), transposition, before, behind=behind) == VIN_EQUALS


@pytest.mark.parametrize("place", [*range(7), *range(8, 15)])
def test_vin_misses_all_twins_only_in_positions_3_and_4_and_13_and_14(place: int) -> None:
    scheme = load("vin")
    before, behind = VIN[:place], VIN[place + 2 :]
    all_pairs = {a + b for a, b in combinations(scheme.alphabet, 2)}
    found = missed(scheme, twin, before, behind=behind)
    assert found == (all_pairs if place in (2, 11) else VIN_EQUALS)


def test_vin_misses_every_exchange_of_its_check_digit_with_a_digit_in_position_8() -> None:
    scheme = load("vin")
    seen = {True: set[str](), False: set[str]()}
    for eighth, last in product(scheme.alphabet, scheme.alphabet):
        text = scheme.complete(VIN[:7] + eighth + VIN[8:-1] + last)
        written = text[:7] + text[8] + text[7] + text[9:]
        if written != text:
            seen[is_valid(scheme, written)].add(text[7])
    assert seen[True] == set(digits)
    assert seen[False] >= set(scheme.alphabet) - set(digits)


def test_vin_catches_every_exchange_of_its_check_digit_with_the_character_behind_it() -> None:
    scheme = load("vin")
    for tenth, last in product(scheme.alphabet, scheme.alphabet):
        text = scheme.complete(VIN[:8] + tenth + VIN[9:-1] + last)
        written = text[:8] + text[9] + text[8] + text[10:]
        assert written == text or not is_valid(scheme, written)


@pytest.mark.parametrize(
    "name", ["gs1_mod10", "luhn", "luhn_mod_16", "luhn_mod_36", "damm", "mod_11_weighted", *PURE]
)
def test_lost_leading_zeros_are_not_seen_where_a_zero_counts_nothing(name: str) -> None:
    scheme = load(name)
    body = scheme.alphabet[7] + scheme.alphabet[3] + scheme.alphabet[1]
    assert scheme.compute(scheme.alphabet[0] * 2 + body) == scheme.compute(body)


def test_gs1_pair_does_not_see_lost_exclamation_marks_in_front() -> None:
    scheme = load("gs1_check_character_pair")
    assert scheme.compute("!!12345A") == scheme.compute("12345A")
