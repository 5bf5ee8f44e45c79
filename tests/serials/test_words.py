"""Which words are found in a serial, and which numbers are left."""

from itertools import product
from string import ascii_letters, ascii_uppercase, digits

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.serials import SerialError
from labeler.serials.alphabets import alphabet
from labeler.serials.words import DEFAULT_WORDS, LOOK_ALIKES, WordFilter, clean_numbers

ALNUM = digits + ascii_uppercase
WORDS = st.lists(
    st.text(alphabet=ascii_letters + digits, min_size=2, max_size=5), max_size=6, unique=True
).map(tuple)
TEXTS = st.text(alphabet="ABEILOST013457 8-x", max_size=14) | st.text(max_size=14)


def plainly(words: tuple[str, ...], text: str) -> str | None:
    """What `finds` promises, character by character."""
    for start in range(len(text)):
        here = [word for word in words if reads_as(text[start : start + len(word)], word)]
        if here:
            return max(here, key=len)
    return None


def reads_as(piece: str, word: str) -> bool:
    return len(piece) == len(word) and all(
        found in (letter.upper(), letter.lower(), LOOK_ALIKES.get(letter.upper()))
        for found, letter in zip(piece, word, strict=True)
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("MERDE", "merde"),
        ("AC00MERDE7", "merde"),
        ("merde", "merde"),
        ("M3RD3", "merde"),
        ("5H1T", "shit"),
        ("PU7O", "Puto"),
        ("PUT0", "Puto"),
        ("808", "bob"),
        ("4L00F", "aloof"),
        ("A100F", "aloof"),
        ("88", "88"),
        ("MERD", None),
        ("BB", None),
        ("M-ERDE", None),
        ("", None),
        ("ſhit", None),
    ],
)
def test_a_word_is_found_whole_or_in_part_and_through_look_alikes(
    text: str, found: str | None
) -> None:
    assert WordFilter(("shit", "merde", "Puto", "bob", "88", "aloof")).finds(text) == found


def test_the_first_word_of_a_text_is_named_and_of_two_there_the_longer_one() -> None:
    words = WordFilter(("ASS", "TITS", "ASSHOLE"))
    assert words.finds("TITSASSHOLE") == "TITS"
    assert words.finds("XASSHOLETITS") == "ASSHOLE"
    assert words.finds("XASSHOLTITS") == "ASS"


@given(words=WORDS, text=TEXTS)
def test_what_is_found_is_what_a_reader_would_find(words: tuple[str, ...], text: str) -> None:
    found = WordFilter(words).finds(text)
    expected = plainly(words, text)
    assert (found is None) == (expected is None)
    if found is not None and expected is not None:
        assert len(found) == len(expected)
        assert any(reads_as(text[i : i + len(found)], found) for i in range(len(text)))


@given(data=st.data(), words=WORDS.filter(bool))
def test_every_disguise_of_a_word_is_found(data: st.DataObject, words: tuple[str, ...]) -> None:
    word = data.draw(st.sampled_from(words))
    choices = [(c.upper(), c.lower(), LOOK_ALIKES.get(c.upper(), c)) for c in word]
    disguise = "".join(data.draw(st.sampled_from(choice)) for choice in choices)
    assert WordFilter(words).finds(data.draw(st.sampled_from(["", "9", "Z-"])) + disguise)


def test_a_list_without_words_finds_nothing() -> None:
    assert WordFilter(()).finds("SHIT") is None


def test_the_default_list_is_found_and_leaves_nearly_all_numbers() -> None:
    words = WordFilter()
    assert words == WordFilter(DEFAULT_WORDS)
    assert [words.finds(word.lower()) for word in DEFAULT_WORDS] == list(DEFAULT_WORDS)
    assert len(set(DEFAULT_WORDS)) == len(DEFAULT_WORDS)
    of_four = ["".join(letters) for letters in product("ABCEFIKLSTU1345", repeat=4)]
    assert 0.9 < sum(words.finds(text) is None for text in of_four) / len(of_four) < 1
    write = alphabet("alnum").encoder(6)
    numbers = range(0, 36**6, 36**6 // 20_011)
    assert len(list(clean_numbers(numbers, write, words=words))) / len(numbers) > 0.99


def test_clean_numbers_keep_their_order_and_miss_those_with_a_word() -> None:
    write = alphabet("upper").encoder(3)
    numbers = list(clean_numbers(range(26**3), write, words=WordFilter(("AB", "CUL"))))
    texts = [write(number) for number in numbers]
    assert texts == [t for t in map(write, range(26**3)) if "AB" not in t and t != "CUL"]


def test_clean_numbers_are_taken_one_by_one() -> None:
    asked: list[int] = []

    def text_of(number: int) -> str:
        asked.append(number)
        return f"SEX{number}" if number < 3 else f"AC{number}"

    numbers = clean_numbers(iter(range(10**12)), text_of, words=WordFilter())
    assert [next(numbers), asked] == [3, [0, 1, 2, 3]]
    assert list(clean_numbers([], text_of, words=WordFilter())) == []


@pytest.mark.parametrize(
    ("word", "character", "place"),
    [("Scheiß", "ß", 6), ("con ne", " ", 4), ("a.", ".", 2), ("A\u0661", "\u0661", 2)],
)
def test_a_word_that_no_serial_can_spell_is_refused(word: str, character: str, place: int) -> None:
    with pytest.raises(SerialError) as refusal:
        WordFilter(("ok", word))
    assert str(refusal.value) == (
        f"Unwanted word {word!r} has {character!r} as character {place}: expected letters A to Z"
        f" and digits only, which a serial may have; write the word without it."
    )


@pytest.mark.parametrize("word", ["", "A"])
def test_a_word_that_would_forbid_nearly_everything_is_refused(word: str) -> None:
    with pytest.raises(SerialError) as refusal:
        WordFilter((word,))
    assert str(refusal.value) == (
        f"Unwanted word {word!r} is too short: expected 2 or more characters, or it would forbid"
        f" too many numbers; leave it out."
    )
