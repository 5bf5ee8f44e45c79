"""What a text may mean: spaces, small letters, what a scanner puts in front, GS1's two forms."""

import pytest

from labeler.serials.readings import readings

GS = "\x1d"
SERIAL = "AC26327000422"
SPACE = "White space around it was left out."
SMALL = "Small letters were read as capitals."
SCANNER = "The scanner's symbology identifier {} was left out."
ELEMENTS = "AI (21) was taken from the GS1 element string."


def read(given: str) -> list[tuple[str, tuple[str, ...], str | None]]:
    return [(one.text, one.notes, one.gtin) for one in readings(given)]


def test_a_plain_text_means_itself() -> None:
    assert read(SERIAL) == [(SERIAL, (), None)]
    assert read("") == [("", (), None)]


def test_spaces_and_small_letters_are_understood_but_large_ones_are_not_made_up() -> None:
    assert read(f"\t{SERIAL} ") == [(SERIAL, (SPACE,), None)]
    assert read("aß") == [("aß", (), None), ("Aß", (SMALL,), None)]
    assert read(" a") == [("a", (SPACE,), None), ("A", (SPACE, SMALL), None)]


@pytest.mark.parametrize(
    ("code", "said"),
    [("]C0", "]C0"), ("]Q1", "]Q1"), ("]d1", "]d1")],
)
def test_a_symbology_identifier_of_a_plain_symbol_is_left_out(code: str, said: str) -> None:
    first, whole = read(code + SERIAL)[0], read(code + SERIAL)[-1]
    assert first == (SERIAL, (SCANNER.format(said),), None)
    assert whole[0] == (code + SERIAL).upper()


@pytest.mark.parametrize(
    ("code", "kind"), [("]C1", "GS1-128"), ("]Q3", "GS1 QR Code"), ("]d2", "GS1 DataMatrix")]
)
def test_a_serial_is_taken_from_a_scanned_element_string(code: str, kind: str) -> None:
    scanned = f"{code}0104012345000009{'10L42'}{GS}21{SERIAL}"
    notes = (SCANNER.format(f"{code} ({kind})"), ELEMENTS)
    assert read(scanned)[0] == (SERIAL, notes, "04012345000009")


def test_a_serial_is_taken_from_an_element_string_without_a_symbology_identifier() -> None:
    assert read(f"(01)04012345000009(21){SERIAL}")[0] == (SERIAL, (ELEMENTS,), "04012345000009")
    assert read(f"10L42{GS}21{SERIAL}")[0] == (SERIAL, (ELEMENTS,), None)


def test_digits_that_look_like_an_element_string_come_first_as_they_are() -> None:
    given = f"0104012345000009{'21'}{SERIAL}"
    assert read(given) == [
        (given, (), None),
        (SERIAL, (ELEMENTS,), "04012345000009"),
    ]
    assert read("10L42") == [("10L42", (), None)], (
        "a lot is no serial, and nobody said that it is an element string"
    )


def test_a_serial_is_taken_from_a_digital_link() -> None:
    note = "AI (21) was taken from the GS1 Digital Link."
    link = f"https://id.example.com/01/04012345000009/21/{SERIAL}?17=270331"
    assert read(link)[0] == (SERIAL, (note,), "04012345000009")
    assert read(f"]Q1{link}")[0] == (SERIAL, (SCANNER.format("]Q1"), note), "04012345000009")


def test_the_keys_that_are_serials_by_themselves_are_taken() -> None:
    assert read("(00)340123450000000000")[0] == (
        "340123450000000000",
        ("AI (00) was taken from the GS1 element string.",),
        None,
    )
    assert read("(8004)4012345ABC")[0][0] == "4012345ABC"
    assert read("(8003)006141411234525678")[0][:2] == (
        "06141411234525678",
        ("AI (8003) was taken from the GS1 element string.",),
    )


def test_what_has_no_serial_or_is_wrong_stays_a_plain_text_and_is_said() -> None:
    assert read("(10)L42") == [
        (
            "(10)L42",
            ("The GS1 element string has no serial: expected AI (21), got (10)L42.",),
            None,
        )
    ]
    assert read("(01)04012345000008(21)1") == [
        (
            "(01)04012345000008(21)1",
            (
                (
                    "It was read as plain text: AI (01) '04012345000008' has a wrong check digit: "
                    "expected '9' at position 14, got '8'; scan or type it again."
                ),
            ),
            None,
        )
    ]
    [(text, notes, gtin), alone] = read("(00)340123450000000015")
    assert (text, gtin) == ("(00)340123450000000015", None)
    assert alone == (
        "340123450000000015",
        (*notes, "AI (00) was taken as it stands."),
        None,
    )
    [text, notes, _] = read("HTTPS://EXAMPLE.COM/AC1")[0]
    assert (text, notes[0].split(":")[0]) == (
        "HTTPS://EXAMPLE.COM/AC1",
        "It was read as plain text",
    )
