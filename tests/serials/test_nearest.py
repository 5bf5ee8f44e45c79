"""Which texts are one slip away, in which order, and how many."""

from collections.abc import Callable
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.serials import InvalidSerial, parse_pattern
from labeler.serials.alphabets import CONFUSABLE_PAIRS
from labeler.serials.nearest import CANDIDATES_MAX, Candidate, Kind, candidates, resized

ORDER: list[Kind] = ["confusable", "two confusables", "transposition", "substitution"]
LOOK_ALIKE = {frozenset(pair) for pair in CONFUSABLE_PAIRS}


def everywhere(characters: str) -> Callable[[int], str]:
    return lambda position: characters


def listed(text: str, characters: str) -> list[tuple[str, str, int]]:
    found = candidates(text, everywhere(characters))
    return [(one.text, one.kind, one.position) for one in found]


def differences(one: str, other: str) -> list[int]:
    return [place for place, pair in enumerate(zip(one, other, strict=True)) if pair[0] != pair[1]]


def kind_of(text: str, other: str) -> Kind | None:
    """The likeliest slip that makes one of the other, or None if it takes more than one."""
    places = differences(text, other)
    alike = all({text[place], other[place]} in LOOK_ALIKE for place in places)
    if len(places) == 1:
        return "confusable" if alike else "substitution"
    if len(places) == 2 and alike:
        return "two confusables"
    is_swap = len(places) == 2 and places[1] == places[0] + 1
    return "transposition" if is_swap and sorted(text) == sorted(other) else None


def all_texts(allowed: list[str]) -> list[str]:
    texts = [""]
    for characters in allowed:
        texts = [text + character for text in texts for character in characters]
    return texts


def test_every_slip_of_a_short_text_comes_once_and_the_likeliest_first() -> None:
    assert listed("O18", "018IO") == [
        ("018", "confusable", 1),
        ("OI8", "confusable", 2),
        ("0I8", "two confusables", 1),
        ("1O8", "transposition", 1),
        ("O81", "transposition", 2),
        ("118", "substitution", 1),
        ("818", "substitution", 1),
        ("I18", "substitution", 1),
        ("O08", "substitution", 2),
        ("O88", "substitution", 2),
        ("OO8", "substitution", 2),
        ("O10", "substitution", 3),
        ("O11", "substitution", 3),
        ("O1I", "substitution", 3),
        ("O1O", "substitution", 3),
    ]


def test_two_characters_that_look_alike_are_exchanged_only_once() -> None:
    assert listed("0O", "0O") == [
        ("OO", "confusable", 1),
        ("00", "confusable", 2),
        ("O0", "two confusables", 1),
    ]


def test_an_impossible_character_must_be_the_slip() -> None:
    assert listed("1Z5", "0123456789") == [
        ("125", "confusable", 2),
        *((f"1{digit}5", "substitution", 2) for digit in "013456789"),
    ]
    assert listed("OZ", "0123456789") == [("02", "two confusables", 1)]
    assert listed("OX", "0123456789") == []
    assert listed("OZI", "0123456789") == []


@pytest.mark.parametrize(
    ("text", "kind", "position"),
    [
        ("1M8GDM9A1KP042788", "substitution", 9),
        ("1M8GDM9AXKPO42788", "confusable", 12),
        ("1M8GDM9AXKP042878", "transposition", 15),
    ],
)
def test_a_slip_in_a_serial_with_its_check_inside_is_found(
    text: str, kind: str, position: int
) -> None:
    series = parse_pattern("1M8GDM9A{check:vin}KP{counter:6}")

    def is_serial(candidate: Candidate) -> bool:
        try:
            return series.parse(candidate.text).text == candidate.text
        except InvalidSerial:
            return False

    found = [one for one in candidates(text, series.characters_at) if is_serial(one)]
    assert Candidate(text="1M8GDM9AXKP042788", kind=kind, position=position) in found  # type: ignore[arg-type]


def test_each_position_has_its_own_characters() -> None:
    found = candidates("A0O", lambda position: ("AB", "0", "01")[position - 1])
    assert list(found) == [
        Candidate(text="A00", kind="confusable", position=3),
        Candidate(text="A01", kind="substitution", position=3),
    ]
    asked: list[int] = []

    def characters_at(position: int) -> str:
        asked.append(position)
        return "12"

    list(candidates("121", characters_at))
    assert asked == [1, 2, 3]


def test_letter_and_digit_in_each_others_place_were_transposed() -> None:
    found = candidates("1A", lambda position: ("A", "1")[position - 1])
    assert list(found) == [Candidate(text="A1", kind="transposition", position=1)]


@pytest.mark.parametrize("text", ["", "7", "77"])
def test_a_text_that_can_be_no_other_has_no_candidates(text: str) -> None:
    assert listed(text, "7") == []


@given(data=st.data())
def test_the_candidates_are_all_texts_within_one_slip_and_no_others(data: st.DataObject) -> None:
    characters = st.text(alphabet="0OQD1IL2Z", min_size=1, max_size=5)
    unique = characters.map(lambda some: "".join(dict.fromkeys(some)))
    allowed = data.draw(st.lists(unique, max_size=5))
    length = len(allowed)
    text = data.draw(st.text(alphabet="0OQD1IL2Z-", min_size=length, max_size=length))
    found = list(candidates(text, lambda position: allowed[position - 1], limit=10**6))
    assert {one.text: one.kind for one in found} == {
        other: kind for other in all_texts(allowed) if (kind := kind_of(text, other))
    }
    assert len({one.text for one in found}) == len(found)
    assert [one.position - 1 for one in found] == [differences(text, one.text)[0] for one in found]
    order = [ORDER.index(one.kind) for one in found]
    assert order == sorted(order)


@pytest.mark.parametrize(("limit", "count"), [(-1, 0), (0, 0), (1, 1), (5, 5), (10**6, 63 * 36)])
def test_there_are_never_more_than_asked_for(limit: int, count: int) -> None:
    characters = "3" + "ACEFHJKMNPRTWXY479" + "acefhjkmnprtwxy!?*"
    every = list(candidates("3" * 63, everywhere(characters), limit=10**7))
    assert list(candidates("3" * 63, everywhere(characters), limit=limit)) == every[:count]
    assert len(every[:count]) == count


def test_a_character_that_is_handed_in_twice_makes_no_candidate_twice() -> None:
    assert listed("3", "9339") == [("9", "substitution", 1)]


def test_a_serial_of_twenty_characters_has_no_more_than_the_usual_limit() -> None:
    alnum = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    found = list(candidates("AC26327A4K9M3N7P1R8T", everywhere(alnum)))
    assert len(found) < CANDIDATES_MAX
    assert len(list(candidates("O" * 64, everywhere(alnum)))) == CANDIDATES_MAX == 2000


def test_candidates_are_made_one_by_one() -> None:
    found = candidates("O" * 5000, everywhere("O0"))
    assert [one.position for one in islice(found, 3)] == [1, 2, 3]


def test_the_serial_that_was_meant_is_among_the_first() -> None:
    series = parse_pattern("AC{counter:6}{check:iso7064_mod_37_36}")
    characters = ["A", "C", *["0123456789"] * 6, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"]

    def meant(text: str) -> list[Candidate]:
        found = candidates(text, lambda position: characters[position - 1])
        return [one for one in found if is_serial(one.text)]

    def is_serial(text: str) -> bool:
        try:
            series.parse(text)
        except InvalidSerial:
            return False
        return True

    assert meant("ACO0123O?") == []
    assert [is_serial("AC0012304"), is_serial("AC0102304")] == [True, False]
    assert meant("AC00I23O4") == [
        Candidate(text="AC0012304", kind="two confusables", position=5),
    ]
    assert meant("AC0102304")[0] == Candidate(text="AC0012304", kind="transposition", position=4)


def test_one_character_too_many_or_missing_is_found_each_text_once() -> None:
    def tell(text: str, length: int) -> list[tuple[str, str, int]]:
        found = resized(text, everywhere("AB"), length=length)
        return [(one.text, one.kind, one.position) for one in found]

    assert tell("AAB", 2) == [("AB", "extra character", 1), ("AA", "extra character", 3)]
    assert tell("A", 2) == [
        ("AA", "missing character", 1),
        ("BA", "missing character", 1),
        ("AB", "missing character", 2),
    ]
    assert tell("AB", 2) == tell("ABAB", 2) == tell("", 2) == []
