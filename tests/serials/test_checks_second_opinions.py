"""What other libraries say of the same text: python-stdnum, and python-barcode for Code 39."""

from collections.abc import Callable
from string import ascii_uppercase, digits

import pytest
from barcode.codex import Code39
from hypothesis import given
from hypothesis import strategies as st
from stdnum import damm, ean, imei, isbn, issn, luhn, verhoeff
from stdnum.iso7064 import mod_11_2, mod_11_10, mod_37_2, mod_37_36, mod_97_10

from labeler.serials.checks import load
from tests.serials.schemes import bodies, real_numbers

HEX = digits + "ABCDEF"


def by_barcode(text: str) -> str:
    return str(Code39(text, add_checksum=True).get_fullcode()).removeprefix(text)


SECOND_OPINIONS: dict[str, Callable[[str], str]] = {
    "code39_mod_43": by_barcode,
    "damm": damm.calc_check_digit,
    "gs1_mod10": ean.calc_check_digit,
    "imei": luhn.calc_check_digit,
    "iso7064_mod_11_10": mod_11_10.calc_check_digit,
    "iso7064_mod_11_2": mod_11_2.calc_check_digit,
    "iso7064_mod_27_26": lambda text: mod_37_36.calc_check_digit(text, ascii_uppercase),
    "iso7064_mod_37_2": mod_37_2.calc_check_digit,
    "iso7064_mod_37_36": mod_37_36.calc_check_digit,
    "iso7064_mod_97_10": mod_97_10.calc_check_digits,
    "luhn": luhn.calc_check_digit,
    "luhn_mod_16": lambda text: luhn.calc_check_digit(text, HEX),
    "luhn_mod_36": lambda text: luhn.calc_check_digit(text, digits + ascii_uppercase),
    "verhoeff": verhoeff.calc_check_digit,
}


@pytest.mark.parametrize("name", SECOND_OPINIONS)
@given(data=st.data())
def test_another_library_computes_the_same_check_characters(name: str, data: st.DataObject) -> None:
    text = data.draw(bodies(load(name)))
    assert load(name).compute(text) == SECOND_OPINIONS[name](text)


@given(text=bodies(load("mod_11_weighted"), length=9))
def test_python_stdnum_reads_what_mod_11_weighted_makes_as_an_isbn(text: str) -> None:
    number = load("mod_11_weighted").complete(text)
    assert isbn.validate(number) == number


@given(text=bodies(load("mod_11_weighted"), length=7))
def test_python_stdnum_reads_what_mod_11_weighted_makes_as_an_issn(text: str) -> None:
    number = load("mod_11_weighted").complete(text)
    assert issn.validate(number) == number


def test_python_stdnum_reads_the_real_imeis_too() -> None:
    numbers = real_numbers("imei")
    assert [imei.validate(number) for number in numbers] == numbers


@given(text=bodies(load("iso7064_mod_1271_36")))
def test_python_reads_mod_1271_36_as_a_number_that_leaves_one(text: str) -> None:
    number = load("iso7064_mod_1271_36").complete(text)
    assert int(number, 36) % 1271 == 1
    assert 2 <= int(number[-2:], 36) <= 1272


@given(text=bodies(load("iso7064_mod_661_26")))
def test_python_reads_mod_661_26_as_a_number_that_leaves_one(text: str) -> None:
    in_base_26 = str.maketrans(ascii_uppercase, (digits + ascii_uppercase)[:26])
    number = load("iso7064_mod_661_26").complete(text).translate(in_base_26)
    assert int(number, 26) % 661 == 1
    assert 2 <= int(number[-2:], 26) <= 662
