"""A pattern that could make another text than its identifier is refused at its character."""

import pytest

from labeler.serials import Identifier, PatternError, define, identify
from tests.serials.plant import OWN


def place(pattern: str, word: str) -> int:
    return pattern.index(word) + 1


REFUSED: list[tuple[Identifier, str, str, str]] = [
    (
        Identifier(type="sscc"),
        "A0614141{counter:9}{check:iso7064_mod_37_36}",
        "A",
        (
            "An SSCC has digits only, and here 'A' can stand; write another character, or leave it"
            " out."
        ),
    ),
    (
        Identifier(type="sscc"),
        "10614141{counter:9:alnum}{check:iso7064_mod_37_36}",
        "{counter",
        "An SSCC has digits only, and here 'A' can stand; write it in the alphabet digits.",
    ),
    (
        Identifier(type="sscc"),
        "10614141{counter:9}{check:luhn}",
        "{check",
        "An SSCC has another check digit; write {check:gs1_mod10}.",
    ),
    (
        Identifier(type="sscc"),
        "10614141{counter:10}",
        "{counter",
        "An SSCC has a check digit at its end; write {check:gs1_mod10} there.",
    ),
    (
        Identifier(type="sscc"),
        "10614141{counter:9}0{check:gs1_mod10}",
        "{counter",
        "An SSCC has 18 characters, and this pattern makes 19; write a number 8 wide.",
    ),
    (
        Identifier(type="sscc"),
        "1061414100000000000{counter:1}{check:gs1_mod10}",
        "{counter",
        "An SSCC has 18 characters, and this pattern makes 21; leave other fields out.",
    ),
    (
        Identifier(type="sscc", company_prefix_length=8),
        "10614141{counter:9}{check:gs1_mod10}",
        "{counter",
        ("The GS1 Company Prefix, positions 2 to 9, is the same in every text; write its digits."),
    ),
    (
        Identifier(type="gtin"),
        "4006{counter:6}{check:gs1_mod10}",
        "{counter",
        (
            "A GTIN has 8, 12, 13 or 14 characters, and this pattern makes 11; write a number 7"
            " wide."
        ),
    ),
    (
        Identifier(type="sgtin_serial"),
        "AC 1{counter:5}",
        " 1",
        (
            "The serial of an SGTIN has characters of GS1's set 82 only, and here ' ' can stand;"
            " write another character, or leave it out."
        ),
    ),
    (
        Identifier(type="sgtin_serial"),
        "{counter:21}",
        "{counter",
        (
            "The serial of an SGTIN has 1 to 20 characters, and this pattern makes 21; write a"
            " number 20 wide."
        ),
    ),
    (
        Identifier(type="lot"),
        "{{{counter:5}",
        "{{{",
        (
            "A lot has characters of GS1's set 82 only, and here '{' can stand; write another"
            " character, or leave it out."
        ),
    ),
    (
        Identifier(type="grai"),
        "06141411234{counter:8}",
        "{counter",
        (
            "A GRAI begins with its asset type, 13 digits that are the same in every text; write"
            " its digits."
        ),
    ),
    (
        Identifier(type="grai"),
        "061414112345A{counter:8}",
        "A",
        (
            "A GRAI begins with its asset type, 13 digits that are the same in every text; write"
            " its digits."
        ),
    ),
    (
        Identifier(type="grai"),
        "0614141123453{counter:8}",
        "3{",
        ("Asset type '0614141123453' has a wrong check digit: expected '2', got '3'; write 2."),
    ),
    (
        Identifier(type="giai"),
        "06141{counter:26}",
        "{counter",
        "A GIAI has 5 to 30 characters, and this pattern makes 31; write a number 25 wide.",
    ),
    (
        Identifier(type="giai"),
        "06A{counter:6}",
        "A",
        (
            "A GIAI begins with a GS1 Company Prefix, digits only, and here 'A' can stand; write"
            " another character, or leave it out."
        ),
    ),
    (
        Identifier(type="giai", company_prefix_length=12),
        "0614141{counter:1}",
        "{counter",
        ("The GS1 Company Prefix, positions 1 to 12, is the same in every text; write its digits."),
    ),
    (
        Identifier(type="vin"),
        "1M8GDM9AXKP{counter:6}",
        "XKP",
        "A VIN has a check digit in position 9; write {check:vin} there.",
    ),
    (
        Identifier(type="vin"),
        "1M8GDM9A{check:vin}0P{counter:6}",
        "0P",
        (
            "A VIN has the code of its model year in position 10, and here '0' can stand; write"
            " {code:vin_year}."
        ),
    ),
    (
        Identifier(type="vin"),
        "1M8GDM9A{check:vin}KP{counter:6:hex}",
        "{counter",
        "A VIN ends with four digits, and here 'A' can stand; write it in the alphabet digits.",
    ),
    (
        Identifier(type="vin"),
        "1M8GDM9A0KP{counter:6:alnum}",
        "{counter",
        (
            "A VIN has digits and capitals without I, O and Q only, and here 'I' can stand; write"
            " it in the alphabet digits."
        ),
    ),
    (
        Identifier(type="vin"),
        "1M8{counter:4}",
        "{counter",
        "A VIN has a check digit in position 9; write {check:vin} there.",
    ),
    (
        Identifier(type="imei"),
        "35209900{counter:7}",
        "{counter",
        "An IMEI has a check digit at its end; write {check:imei} there.",
    ),
    (
        Identifier(type="imei"),
        "35209900{counter:5}{check:luhn}",
        "{counter",
        "An IMEI has 15 characters, and this pattern makes 14; write a number 6 wide.",
    ),
    (
        Identifier(type="eui48"),
        "001bC5{counter:6:hex}",
        "b",
        (
            "An EUI-48 has hexadecimal digits in capitals only, and here 'b' can stand; write"
            " another character, or leave it out."
        ),
    ),
    (
        Identifier(type="eui48"),
        "001BC50AB{shift}{counter:2:alnum}",
        "{counter",
        (
            "An EUI-48 has hexadecimal digits in capitals only, and here 'G' can stand; write it"
            " in the alphabet hex."
        ),
    ),
    (
        Identifier(type="eui48"),
        "001BC{counter:7:hex}",
        "{counter",
        (
            "No block of addresses is wider than an MA-L, whose first 6 digits are the same; write"
            " the prefix the IEEE has assigned."
        ),
    ),
    (
        Identifier(type="eui48"),
        "021BC5{counter:6:hex}",
        "21",
        (
            "An address of one device, assigned by the IEEE, has 0, 4, 8 or C here, not '2': its"
            " multicast bit or its local bit is set; write the prefix the IEEE has assigned."
        ),
    ),
    (
        Identifier(type="eui48"),
        "001BC50AB{counter:3:hex,step=3}0",
        "{counter",
        "An EUI-48 has 12 characters, and this pattern makes 13; write a number 2 wide.",
    ),
    (
        Identifier(type="eui48"),
        "001BC50AB{counter:3:hex,step=3,start=0}",
        "step",
        (
            "A device takes 3 addresses, so the last device's would lie behind the block's end;"
            " write a start and a step with which 4096 less the start can be divided, such as"
            " start=0,step=4."
        ),
    ),
    (
        Identifier(type="eui48"),
        "001BC50AB{counter:3:hex,start=0,step=5000}",
        "step",
        (
            "A device takes 5000 addresses, so the last device's would lie behind the block's end;"
            " write a start and a step with which 4096 less the start can be divided, such as"
            " start=0,step=4096."
        ),
    ),
    (
        Identifier(type="eui48"),
        "001BC50AB{counter:3,start=0,step=4}",
        "step",
        (
            "A device takes 4 addresses, which are counted in hexadecimal digits; write the number"
            " in the alphabet hex."
        ),
    ),
    (
        Identifier(type="eui64"),
        "001BC50AB{counter:7:hex,step=4}",
        "step",
        (
            "A device takes 4 addresses, so the last device's would lie behind the block's end;"
            " write a start and a step with which 268435456 less the start can be divided, such as"
            " start=0,step=4."
        ),
    ),
    (
        Identifier(type="iuid"),
        "A_{counter:5}",
        "_",
        (
            "The serial of an IUID has digits, capitals, - and / only, and here '_' can stand;"
            " write another character, or leave it out."
        ),
    ),
]


@pytest.mark.parametrize(("identifier", "pattern", "word", "problem"), REFUSED)
def test_a_pattern_that_could_make_another_text_is_refused_at_its_character(
    identifier: Identifier, pattern: str, word: str, problem: str
) -> None:
    definition = define(pattern, own=OWN)
    with pytest.raises(PatternError) as refusal:
        identify(definition, identifier)
    position = place(pattern, word)
    assert str(refusal.value) == f"Pattern '{pattern}', character {position}: {problem}"
    assert refusal.value.position == position
