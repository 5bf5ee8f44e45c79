"""What single schemes refuse and how they write what they accept."""

import pytest

from labeler.serials import InvalidSerial
from labeler.serials.checking import confirm
from labeler.serials.checks import load


@pytest.mark.parametrize(
    ("name", "written", "canonical"),
    [
        ("code39_mod_43", "code 39r", "CODE 39R"),
        ("imei", "49-015420-323751-8", "490154203237518"),
        ("iso7064_mod_11_2", "079x", "079X"),
        ("iso7064_mod_37_36", "a12425gAbc1234002m", "A12425GABC1234002M"),
        ("iso7064_mod_97_10", "hwupkr0mpou8fgxbt394", "HWUPKR0MPOU8FGXBT394"),
        ("luhn_mod_16", "af0123450abcdec", "AF0123450ABCDEC"),
        ("luhn_mod_36", "ac263278", "AC263278"),
        ("mod_11_weighted", "080442957x", "080442957X"),
        ("vin", "1m8gdm9axkp042788", "1M8GDM9AXKP042788"),
    ],
)
def test_the_canonical_text_has_capitals_and_no_hyphens(
    name: str, written: str, canonical: str
) -> None:
    assert load(name).validate(written) == canonical


@pytest.mark.parametrize("letter", ["ß", "ı", "ﬁ", "ａ", "é"])
def test_foreign_letters_are_not_taken_for_capitals(letter: str) -> None:
    with pytest.raises(InvalidSerial):
        load("iso7064_mod_37_36").validate(f"A1{letter}M")


@pytest.mark.parametrize("letter", ["I", "O", "Q"])
def test_a_vin_has_no_i_o_or_q(letter: str) -> None:
    text = f"1M8GDM9AXK{letter}042788"
    with pytest.raises(InvalidSerial) as refusal:
        load("vin").validate(text)
    assert str(refusal.value) == (
        f"Serial '{text}' is wrong at position 11 for check scheme vin:"
        f" expected one of 0123456789ABCDEFGHJKLMNPRSTUVWXYZ, got '{letter}'."
    )


@pytest.mark.parametrize(
    ("name", "text", "word", "wanted"),
    [
        ("luhn", "7", "short", "2 or more"),
        ("iso7064_mod_97_10", "44", "short", "3 or more"),
        ("mod_11_weighted", "7", "short", "2 to 10"),
        ("mod_11_weighted", "97803064061", "long", "2 to 10"),
        ("gs1_check_character_pair", "!" * 26, "long", "3 to 25"),
        ("vin", "1M8GDM9AXKP04278", "short", "17"),
        ("imei", "3568680000414120", "long", "15"),
    ],
)
def test_a_text_of_a_wrong_length_is_told_the_right_ones(
    name: str, text: str, word: str, wanted: str
) -> None:
    with pytest.raises(InvalidSerial) as refusal:
        load(name).validate(text)
    assert str(refusal.value) == (
        f"Serial '{text}' is too {word} for check scheme {name}: expected {wanted} characters,"
        f" got {len(text)}."
    )


def test_two_check_characters_are_named_in_the_plural() -> None:
    assert confirm("79482", scheme="mod_97_10", expected="82") == "79482"
    with pytest.raises(InvalidSerial) as refusal:
        confirm("79428", scheme="mod_97_10", expected="82")
    assert str(refusal.value) == (
        "Serial '79428' fails check scheme mod_97_10: expected check characters '82', got '28'."
    )
    assert refusal.value.position == 4


def test_gs1_pair_tells_small_letters_from_capitals() -> None:
    scheme = load("gs1_check_character_pair")
    with pytest.raises(InvalidSerial) as refusal:
        scheme.validate("1987654AD4X4bL5ttr2310c2K")
    assert str(refusal.value).endswith("expected check characters 'SQ', got '2K'.")
    assert refusal.value.position == 24
