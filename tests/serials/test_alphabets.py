"""GS1's character sets, characters that people mix up, and the alphabets of a site's own."""

from string import ascii_lowercase, ascii_uppercase, digits

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.serials import SerialError
from labeler.serials.alphabets import (
    ALPHABETS,
    CONFUSABLE,
    CONFUSABLE_PAIRS,
    Alphabet,
    alphabet,
    make_alphabet,
)

PRINTABLE = "".join(map(chr, range(33, 127)))
TOO_MANY = "".join(c for c in PRINTABLE if c not in "$@[")
SUFFIX_ADVICE = "one with -confusable behind it leaves out characters that people mix up."
OWN = st.lists(st.sampled_from(PRINTABLE), min_size=2, max_size=82, unique=True).map(
    lambda characters: make_alphabet("own", "".join(characters))
)


def refusal_of(name: str, characters: str) -> str:
    with pytest.raises(SerialError) as refusal:
        make_alphabet(name, characters)
    return str(refusal.value)


def test_the_gs1_sets_are_those_of_the_general_specifications() -> None:
    assert alphabet("gs1_39") == Alphabet(
        name="gs1_39", characters="#-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    )
    signs = "!\"%&'()*+,-./:;<=>?_"
    everything = signs + digits + ascii_uppercase + ascii_lowercase
    assert alphabet("gs1_82") == Alphabet(name="gs1_82", characters="".join(sorted(everything)))


@given(letters=st.sampled_from(list(ALPHABETS.values())) | OWN, data=st.data())
def test_every_number_is_read_as_it_was_written(letters: Alphabet, data: st.DataObject) -> None:
    width = data.draw(st.integers(1, 20))
    number = data.draw(st.integers(0, letters.capacity(width) - 1))
    text = letters.encoder(width)(number)
    assert (len(text), letters.decode(text)) == (width, number)


@given(letters=OWN)
def test_the_order_of_the_characters_is_the_order_of_the_numbers(letters: Alphabet) -> None:
    write = letters.encoder(1)
    assert "".join(map(write, range(letters.capacity(1)))) == letters.characters


def test_an_own_alphabet_of_the_digits_is_written_as_fast_as_the_digits() -> None:
    own = make_alphabet("own", digits)
    assert repr(own.encoder(5)).startswith("<method-wrapper '__mod__' of str object")
    assert [own.encoder(5)(42), own.decode("00042")] == ["00042", 42]


def test_without_confusable_no_pair_is_left_in_any_alphabet() -> None:
    rests = {name: alphabet(f"{name}-confusable") for name in ALPHABETS}
    assert {name: rest.characters for name, rest in rests.items()} == {
        "alnum": "3479ACEFHJKMNPRTWXY",
        "base34": "3479ACEFHJKMNPRTWXY",
        "crockford32": "3479ACEFHJKMNPRTWXY",
        "digits": "3479",
        "gs1_39": "#-/3479ACEFHJKMNPRTWXY",
        "gs1_82": "!\"%&'()*+,-./3479:;<=>?ACEFHJKMNPRTWXY_acefhjkmnprtwxy",
        "hex": "3479ACEF",
        "upper": "ACEFHJKMNPRTWXY",
    }
    assert [rest.name for rest in rests.values()] == [f"{name}-confusable" for name in ALPHABETS]


def test_confusable_is_every_character_of_a_pair_and_its_small_letter() -> None:
    assert CONFUSABLE == "012568BDGILOQSUVZbdgiloqsuvz"
    assert {c for pair in CONFUSABLE_PAIRS for c in pair} <= set(CONFUSABLE)
    assert len({frozenset(pair) for pair in CONFUSABLE_PAIRS}) == len(CONFUSABLE_PAIRS)
    assert CONFUSABLE_PAIRS[:3] == (("0", "O"), ("1", "I"), ("1", "L"))


def test_other_characters_than_the_usual_ones_may_be_left_out() -> None:
    rest = alphabet("hex").without("8B")
    assert rest == Alphabet(name="hex-confusable", characters="012345679ACDEF")


@pytest.mark.parametrize(("characters", "left"), [("01258", ""), ("OI7", "7")])
def test_an_alphabet_that_is_nearly_all_confusable_is_refused(characters: str, left: str) -> None:
    own = {"own": make_alphabet("own", characters)}
    with pytest.raises(SerialError) as refusal:
        alphabet("own-confusable", own=own)
    assert str(refusal.value) == (
        f"Alphabet 'own' has too few characters without confusable ones: {left!r} are left,"
        f" expected 2 or more; use the whole alphabet, or another one."
    )


def test_the_alphabets_of_a_site_are_found_by_name_with_and_without_confusable() -> None:
    own = {"vowels": make_alphabet("vowels", "AEIOU")}
    assert alphabet("vowels", own=own) == Alphabet(name="vowels", characters="AEIOU")
    rest = alphabet("vowels-confusable", own=own)
    assert rest == Alphabet(name="vowels-confusable", characters="AE")
    assert alphabet("hex", own=own) == ALPHABETS["hex"]


@pytest.mark.parametrize(
    "name", ["vowel", "", "-confusable", "vowels-confusable-confusable", "Vowels", "hex-"]
)
def test_an_unknown_name_is_refused_with_the_sites_own_names_too(name: str) -> None:
    own = {"vowels": make_alphabet("vowels", "AEIOU")}
    with pytest.raises(SerialError) as refusal:
        alphabet(name, own=own)
    assert str(refusal.value) == (
        f"No alphabet {name!r}: expected one of alnum, base34, crockford32, digits, gs1_39,"
        f" gs1_82, hex, upper, vowels; {SUFFIX_ADVICE}"
    )


def test_a_name_that_a_site_takes_from_the_common_ones_changes_nothing() -> None:
    own = {"hex": make_alphabet("own", "AB")}
    assert alphabet("hex", own=own) == ALPHABETS["hex"]


@pytest.mark.parametrize("name", ["", "A", "1a", "a-b", "a b", "a" * 31, "vokäle", "a\n"])
def test_a_name_that_no_pattern_could_say_is_refused(name: str) -> None:
    assert refusal_of(name, "AB") == (
        f"Alphabet {name!r} cannot be named so: expected a small letter and then at most 29 small"
        f" letters, digits or underscores; write for example plant_2."
    )


def test_a_name_that_every_site_has_is_refused() -> None:
    assert refusal_of("hex", "AB") == (
        "Alphabet 'hex' is one that every site has: expected a name of its own; write for example"
        " my_hex."
    )


@pytest.mark.parametrize(
    ("characters", "count"),
    [("", "0 characters"), ("A", "1 character"), (TOO_MANY, "91 characters")],
)
def test_too_few_or_too_many_characters_are_refused(characters: str, count: str) -> None:
    assert refusal_of("own", characters) == (
        f"Alphabet 'own' has {count}: expected 2 to 82; write every character that a"
        f" counter is to be written in, lowest first."
    )


@pytest.mark.parametrize(
    ("characters", "place"),
    [("A B", 2), (" AB", 1), ("AB\t", 3), ("AÄ", 2), ("A\u0661", 2), ("A\x7f", 2), ("A\xa0", 2)],
)
def test_a_blank_or_a_character_that_no_scanner_sends_is_refused(
    characters: str, place: int
) -> None:
    assert refusal_of("own", characters) == (
        f"Alphabet 'own' has {characters[place - 1]!r} as character {place}: expected printable"
        f" ASCII without the space, which every scanner sends and nobody overlooks; remove it."
    )


def test_a_character_that_is_there_twice_is_refused_with_the_second_place() -> None:
    assert refusal_of("own", "ABCBA") == (
        "Alphabet 'own' has 'B' twice: expected every character once; remove the second one,"
        " character 4."
    )


@given(characters=st.text(alphabet="ABC !$\n", max_size=8) | st.text(max_size=8))
def test_what_is_made_can_be_used_and_anything_else_is_refused_in_a_sentence(
    characters: str,
) -> None:
    try:
        own = make_alphabet("own", characters)
    except SerialError as refusal:
        if not (str(refusal).startswith("Alphabet 'own' has ") and str(refusal).endswith(".")):
            raise
        return
    assert own == Alphabet(name="own", characters=characters)
    assert sorted(set(characters)) == sorted(characters)
