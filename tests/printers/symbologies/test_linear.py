"""EAN, UPC, ITF-14, Code 39 and Code 93, compared with the writers of zxing-cpp."""

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from zxingcpp import BarcodeFormat

from printers import symbologies
from printers.errors import Unprintable
from printers.symbologies import Caption, Options
from tests.printers.symbologies import samples

FAMILY = {"ean13": 13, "ean8": 8, "upca": 12, "itf14": 14}
WRITERS = {
    "ean13": BarcodeFormat.EAN13,
    "ean8": BarcodeFormat.EAN8,
    "upca": BarcodeFormat.UPCA,
    "itf14": BarcodeFormat.ITF,
    "code39": BarcodeFormat.Code39Std,
    "code93": BarcodeFormat.Code93,
}
RATIO = {"code39": Options(ratio=2)}
"""The ratio that zxing-cpp draws."""
every_number = pytest.mark.parametrize(("name", "digits"), FAMILY.items())


def load(name, **options):
    one = symbologies.load(name)
    return one, one.settle(Options(**options))


def drawn_by_another(name, text):
    """The top row of a symbol, where guard bars are not longer than others."""
    drawn = zxingcpp.create_barcode(text, WRITERS[name])
    image = drawn.to_image(scale=1, add_hrt=False, add_quiet_zones=False)
    dots = memoryview(image)  # type: ignore[arg-type]  # Its stub does not say that it is a buffer.
    return "".join("01"[dot == 0] for dot in dots.tobytes()[: image.shape[1]])


@pytest.mark.parametrize("name", sorted(WRITERS))
@given(data=st.data())
def test_another_writer_draws_the_very_same_bars(name, data):
    one = symbologies.load(name)
    options = one.settle(RATIO.get(name, Options()))
    text = data.draw(samples.STRATEGIES[name])
    [row] = one.encode(text, options)
    if name == "itf14":
        text += samples.check_digit(text)
    assert row == drawn_by_another(name, text)


@every_number
def test_a_number_may_come_without_its_check_digit_with_it_and_as_gtin_14(name, digits):
    one, options = load(name)
    short = "9501101530003".zfill(20)[-digits:-1] if name != "upca" else "03600029145"
    whole = short + samples.check_digit(short)
    forms = {short, whole, whole.zfill(14)}
    assert len({one.encode(form, options) for form in forms}) == 1


@every_number
@given(data=st.data())
def test_a_wrong_check_digit_is_refused_with_the_right_one(name, digits, data):
    """python-barcode replaces it without a word."""
    one, options = load(name)
    short = data.draw(st.text(alphabet="0123456789", min_size=digits - 1, max_size=digits - 1))
    right = samples.check_digit(short)
    wrong = data.draw(st.sampled_from("0123456789").filter(lambda digit: digit != right))
    with pytest.raises(Unprintable) as refused:
        one.validate(short + wrong, options)
    assert str(refused.value) == (
        f"{one.TITLE} cannot carry {short + wrong!r}: expected check digit {right!r} at position "
        f"{digits}, got {wrong!r}; correct the number, or leave its check digit out."
    )


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        (
            "ean13",
            "40063813339",
            (
                "EAN-13 cannot carry '40063813339': expected 12 digits, 13 with the check digit, "
                "or 14 "
                "that begin with 0, got 11; hand in a number of that length."
            ),
        ),
        (
            "ean13",
            "15400141288763",
            (
                "EAN-13 cannot carry '15400141288763': expected 12 digits, 13 with the check "
                "digit, or "
                "14 that begin with 0, got 14; hand in a number of that length."
            ),
        ),
        (
            "ean8",
            "12345",
            (
                "EAN-8 cannot carry '12345': expected 7 digits, 8 with the check digit, or 14 that "
                "begin with 000000, got 5; hand in a number of that length."
            ),
        ),
        (
            "upca",
            "04006381333931",
            (
                "UPC-A cannot carry '04006381333931': expected 11 digits, 12 with the check "
                "digit, or "
                "14 that begin with 00, got 14; hand in a number of that length."
            ),
        ),
        (
            "itf14",
            "154001412887631",
            (
                "ITF-14 cannot carry '154001412887631': expected 13 digits, 14 with the check "
                "digit, "
                "got 15; hand in a number of that length."
            ),
        ),
        (
            "itf14",
            "154001412887A",
            (
                "ITF-14 cannot carry character U+0041 at position 13 of '154001412887A': expected "
                "digits only; hand in a GTIN."
            ),
        ),
        (
            "ean8",
            "١٢٣٤٥٦٧",
            (
                "EAN-8 cannot carry character U+0661 at position 1 of '١٢٣٤٥٦٧': expected digits "
                "only; "
                "hand in a GTIN."
            ),
        ),
        (
            "code39",
            "AC_1",
            (
                "Code 39 cannot carry character U+005F at position 3 of 'AC_1': expected a capital "
                "letter, a digit or one of -. $/+%; write it in capitals or use code128."
            ),
        ),
        (
            "code39",
            "*A*",
            (
                "Code 39 cannot carry character U+002A at position 1 of '*A*': expected a capital "
                "letter, a digit or one of -. $/+%; write it in capitals or use code128."
            ),
        ),
        (
            "code93",
            "A\t",
            (
                "Code 93 cannot carry character U+0009 at position 2 of 'A\\t': expected printable "
                "ASCII (space to ~); remove the character or use a matrix symbology such as qr."
            ),
        ),
        (
            "code93",
            "a" * 62,
            (
                f"Code 93 cannot carry {'a' * 62!r}: expected 123 symbol characters at most, got "
                "124; "
                "shorten the data or use a matrix symbology such as qr."
            ),
        ),
    ],
)
def test_what_it_cannot_carry_is_refused_in_a_sentence(name, text, sentence):
    one, options = load(name)
    with pytest.raises(Unprintable) as refused:
        one.encode(text, options)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(("ratio", "columns"), [(2, 12), (3, 15)])
def test_the_ratio_of_code_39_is_that_of_its_wide_elements(ratio, columns):
    one, options = load("code39", ratio=ratio)
    [row] = one.encode("0", options)
    assert len(row) == 3 * columns + 2
    assert {len(bar) for bar in row.split("0") if bar} == {1, ratio}
    assert {len(space) for space in row.split("1") if space} == {1, ratio}


def test_the_longest_code_93_is_drawn():
    one, options = load("code93")
    for text in ("A" * 123, "a" * 61):
        assert len(one.encode(text, options)[0]) == one.size(text, options)[0]


def test_the_hri_of_the_family_stands_where_its_digits_are():
    one, options = load("itf14")
    assert one.captions("1540014128876", options) == (Caption("15400141288763", 0, 135),)
    one, options = load("ean13")
    assert one.captions("4006381333931", options) == (
        Caption("4", -11, -2),
        Caption("006381", 3, 45),
        Caption("333931", 50, 92),
    )


def test_code_39_shows_the_check_character_that_scanners_send():
    one, options = load("code39", check_character=True)
    assert one.captions("CODE39", options)[0].text == "CODE39W"
