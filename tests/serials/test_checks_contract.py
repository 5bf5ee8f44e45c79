"""What every check scheme owes: a file dropped into the folder is held to this at once."""

import doctest
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.serials import InvalidSerial, SerialError, checks
from tests.serials.schemes import VIN_TWINS, bodies, real_numbers

each_scheme = pytest.mark.parametrize(
    "scheme", [checks.load(name) for name in checks.names()], ids=checks.names()
)

UNSEEN_SUBSTITUTIONS: dict[str, Callable[[str, str], bool]] = {
    "iso7064_mod_97_10": lambda right, wrong: right.isdigit() != wrong.isdigit(),
    "vin": lambda right, wrong: any(right in twins and wrong in twins for twins in VIN_TWINS),
}
"""Scheme -> the substitutions it does not promise to catch; all others catch every one."""


def wrong_characters(scheme: checks.Scheme, right: str) -> list[str]:
    unseen = UNSEEN_SUBSTITUTIONS.get(scheme.name, lambda right, wrong: False)
    return [c for c in scheme.alphabet if c != right and not unseen(right, c)]


def check_places(scheme: checks.Scheme, number: str) -> slice:
    start = (scheme.check_position or len(number) - scheme.check_length + 1) - 1
    return slice(start, start + scheme.check_length)


def refusal_of(verb: Callable[[str], str], text: str) -> InvalidSerial | None:
    try:
        verb(text)
    except InvalidSerial as refusal:
        return refusal
    return None


def test_every_file_of_the_folder_is_a_scheme_and_nothing_else_is() -> None:
    folder = Path(checks.__file__).parent
    files = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert set(checks.names()) == files


@pytest.mark.parametrize("name", ["", "lunh", "__init__", "os", "..checking"])
def test_a_name_that_is_not_listed_is_never_loaded(name: str) -> None:
    with pytest.raises(SerialError) as refusal:
        checks.load(name)
    assert str(refusal.value) == (
        f"No check scheme {name!r}: expected one of {', '.join(checks.names())}."
    )


@each_scheme
def test_scheme_says_what_it_is_and_shows_a_number_that_fails(scheme: checks.Scheme) -> None:
    module = import_module(f"labeler.serials.checks.{scheme.name}")
    assert module.__doc__ is not None
    assert "Standard: " in module.__doc__
    examples = doctest.DocTestParser().get_examples(module.__doc__)
    assert any(example.exc_msg for example in examples)
    assert any(not example.exc_msg for example in examples)


@each_scheme
def test_scheme_is_named_as_its_file_and_offers_its_verbs_there(scheme: checks.Scheme) -> None:
    module = import_module(f"labeler.serials.checks.{scheme.name}")
    assert checks.load(scheme.name) is scheme is module.SCHEME
    verbs = (module.compute, module.validate, module.compute_after)
    assert verbs == (scheme.compute, scheme.validate, scheme.compute_after)


@each_scheme
def test_a_scheme_that_is_loaded_cannot_be_changed(scheme: checks.Scheme) -> None:
    with pytest.raises(FrozenInstanceError):
        scheme.name = "luhn"  # type: ignore[misc]


@each_scheme
def test_alphabets_hold_each_character_once(scheme: checks.Scheme) -> None:
    assert len(set(scheme.alphabet)) == len(scheme.alphabet)
    assert len(set(scheme.check_alphabet)) == len(scheme.check_alphabet)


@each_scheme
def test_twenty_real_numbers_or_more_are_valid(scheme: checks.Scheme) -> None:
    numbers = real_numbers(scheme.name)
    assert len(set(numbers)) >= 20
    assert [scheme.validate(number) for number in numbers] == numbers


@each_scheme
def test_every_single_substitution_in_a_real_number_is_caught(scheme: checks.Scheme) -> None:
    for number in real_numbers(scheme.name):
        for place, right in enumerate(number):
            for wrong in wrong_characters(scheme, right):
                text = number[:place] + wrong + number[place + 1 :]
                assert refusal_of(scheme.validate, text) is not None, text


@each_scheme
@given(data=st.data())
def test_a_text_with_its_check_characters_is_valid(
    scheme: checks.Scheme, data: st.DataObject
) -> None:
    body = data.draw(bodies(scheme))
    check = scheme.compute(body)
    assert len(check) == scheme.check_length
    assert set(check) <= set(scheme.check_alphabet)
    text = scheme.complete(body)
    places = check_places(scheme, text)
    assert (text[places], text[: places.start] + text[places.stop :]) == (check, body)
    assert scheme.validate(text) == text


@each_scheme
@given(data=st.data())
def test_the_canonical_text_is_its_own_canonical_text(
    scheme: checks.Scheme, data: st.DataObject
) -> None:
    body = data.draw(bodies(scheme))
    text = scheme.complete(body).lower()
    try:
        canonical = scheme.validate(text)
    except InvalidSerial:
        return
    assert scheme.validate(canonical) == canonical


@each_scheme
@given(data=st.data())
def test_every_single_substitution_is_caught(scheme: checks.Scheme, data: st.DataObject) -> None:
    text = scheme.complete(data.draw(bodies(scheme)))
    place = data.draw(st.integers(0, len(text) - 1))
    wrong = data.draw(st.sampled_from(wrong_characters(scheme, text[place])))
    with pytest.raises(InvalidSerial):
        scheme.validate(text[:place] + wrong + text[place + 1 :])


@each_scheme
@given(data=st.data())
def test_the_sum_of_a_prefix_goes_on_as_if_it_had_never_stopped(
    scheme: checks.Scheme, data: st.DataObject
) -> None:
    whole = data.draw(bodies(scheme))
    prefix = whole[: data.draw(st.integers(0, len(whole)))]
    tails = data.draw(st.lists(bodies(scheme, length=len(whole) - len(prefix)), min_size=1))
    check = scheme.compute_after(prefix, len(tails[0]))
    assert [check(tail) for tail in tails] == [scheme.compute(prefix + tail) for tail in tails]


@each_scheme
@given(text=st.text(max_size=30))
def test_any_other_text_is_refused_in_a_sentence(scheme: checks.Scheme, text: str) -> None:
    for verb in (scheme.compute, scheme.validate):
        refusal = refusal_of(verb, text)
        if refusal:
            assert str(refusal).startswith("Serial ")
            assert str(refusal).endswith(".")
            assert scheme.name in str(refusal)
            assert refusal.position is None or 1 <= refusal.position <= len(refusal.text)


@each_scheme
def test_a_character_of_no_alphabet_is_named_with_its_position(scheme: checks.Scheme) -> None:
    length = max(5, scheme.lengths[0])
    text = scheme.alphabet[:2] + "\u0661" + scheme.alphabet[1] * (length - 3)
    with pytest.raises(InvalidSerial) as refusal:
        scheme.compute(text)
    assert str(refusal.value) == (
        f"Serial {text!r} is wrong at position 3 for check scheme {scheme.name}:"
        f" expected one of {scheme.alphabet}, got '\u0661'."
    )
    assert (refusal.value.text, refusal.value.position) == (text, 3)


@each_scheme
def test_a_text_of_another_length_is_refused_with_the_lengths_there_are(
    scheme: checks.Scheme,
) -> None:
    shortest, longest = scheme.lengths[0], scheme.lengths[-1]
    for verb, more in ((scheme.compute, 0), (scheme.validate, scheme.check_length)):
        for length, word in ((0, "short"), (shortest + more - 1, "short"), (longest + 1, "long")):
            if length > 1000:
                continue
            text = scheme.alphabet[1] * (length + (more if word == "long" else 0))
            with pytest.raises(InvalidSerial) as refusal:
                verb(text)
            start = f"Serial '{text}' is too {word} for check scheme {scheme.name}: expected "
            assert str(refusal.value).startswith(f"{start}{shortest + more}")
            assert str(refusal.value).endswith(f" characters, got {len(text)}.")
            assert refusal.value.position is None


@each_scheme
def test_a_pattern_can_end_with_a_scheme_where_its_check_characters_come_last(
    scheme: checks.Scheme,
) -> None:
    longest = min(70, scheme.lengths[-1])
    able = set() if scheme.name == "vin" else set(range(scheme.lengths[0], longest + 1))
    assert {length for length in range(71) if scheme.can_end(length)} == able


@each_scheme
def test_a_wrong_check_character_is_named_with_the_right_one(scheme: checks.Scheme) -> None:
    number = real_numbers(scheme.name)[0]
    places = check_places(scheme, number)
    stars = "*" * scheme.check_length
    wrong = number[: places.start] + stars + number[places.stop :]
    with pytest.raises(InvalidSerial) as refusal:
        scheme.validate(wrong)
    word = "character" if scheme.check_length == 1 else "characters"
    assert str(refusal.value) == (
        f"Serial '{wrong}' fails check scheme {scheme.name}: expected check {word}"
        f" '{number[places]}', got '{stars}'."
    )
    assert refusal.value.position == places.start + 1
