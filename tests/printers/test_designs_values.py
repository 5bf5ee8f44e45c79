"""Values in the fields of a design: always themselves, never a command."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from printers.errors import Unprintable
from tests.printers.designed import SAMPLES, body, commands, printed, read, sample, seen
from tests.printers.pictures import scan

NASTY = [
    "^XZ", "~JA", "^FS^XZ^XA^JUS^XZ", "_5E", "_5eXZ", ">;", ">:A>8", 'say "A"', "A,B", "{serial}",
    "%s", "A>", "\\&", "<<>", "a`b", "A|B", "~~", "^^", "__", "_1", "~1", "##", "#1",
]  # fmt: skip
FIELDS = {
    "text": "^FO20,20^A0N,30,30",
    "block": "^FO20,20^A0N,30,30^FB300,2,0,C",
    "text block": "^FO20,20^A0N,30,30^TBN,300,60",
    "font of the printer": "^FO20,20^A@N,30,30,E:ARI000.TTF",
    "default font": "^FO20,20",
    "code 128": "^FO20,20^BY2^BCN,80,N",
    "code 128, automatic": "^FO20,20^BY2^BCN,80,N,N,N,A",
    "data matrix": "^FO20,20^BXN,5,200",
    "data matrix, own mark": "^FO20,20^BXN,5,200,,,,#",
    "code 39": "^FO20,20^BY2^B3N,N,80,N,N",
    "pdf417": "^FO20,20^BY2^B7N,6,3",
    "aztec": "^FO20,20^BON,5",
}
QR = "^FO20,20^BQN,2,5^FDQA,{serial}^FS"
ANY = st.one_of(st.text(max_size=30), st.text("^~_\\>;:,{}<%A0z\x02\x1e\x10\n", max_size=30))


def field(kind: str) -> str:
    return f"^XA{FIELDS[kind]}^FD{{serial}}^FS^XZ"


def shown(kind: str, value: str) -> bytes | None:
    """The label, or None where the value is refused in a sentence."""
    try:
        return printed(read(field(kind)), serial=value)
    except Unprintable as refused:
        return None if re.search(r": expected .*\.$", str(refused), re.DOTALL) else b"mumbled"


@pytest.mark.parametrize("kind", FIELDS)
@settings(deadline=None)
@given(value=ANY)
def test_no_value_adds_or_removes_a_command(kind, value):
    document = shown(kind, value)
    if document is not None:
        assert commands(document) == commands(printed(read(field(kind)), serial="12"))
        assert re.fullmatch(rb"[\n -~]*", document)


@pytest.mark.parametrize("name", SAMPLES)
@settings(deadline=None)
@given(value=ANY)
def test_no_value_adds_a_command_to_a_file_of_a_label_program(name, value):
    try:
        document = printed(sample(name), serial=value, lot=value)
    except Unprintable:
        return
    assert commands(document) == commands(printed(sample(name), serial="12", lot="12"))


SCANNED = [
    "code 128",
    "code 128, automatic",
    "data matrix",
    "data matrix, own mark",
    "pdf417",
    "aztec",
]


@pytest.mark.parametrize(
    "value", [*NASTY, "AC-0001", "99", "9912345", "123456A", "A12345678B", "~"]
)
@pytest.mark.parametrize("kind", SCANNED)
def test_a_symbol_scans_as_the_value(kind, value):
    document = shown(kind, value)
    if document is None:
        assert kind in ("pdf417", "aztec")
        assert "\\" in value
    else:
        assert [text for _, text in scan(seen(document))] == [value]


@pytest.mark.parametrize("value", [*NASTY, "AC-0001", "Müller", "😀", "漢字"])
def test_a_qr_code_scans_as_the_value(value):
    document = printed(read(f"^XA{QR}^XZ"), serial=value)
    assert scan(seen(document)) == [("QR Code", value)]


@pytest.mark.parametrize(
    ("kind", "value", "sentence"),
    [
        (
            "text",
            "A😀",
            (
                "Value 'A😀' has character U+1F600: expected characters of the printer's own font "
                "(latin-1), which the design draws it with; change the value, or rebuild the "
                "design as a template."
            ),
        ),
        (
            "text",
            "A\x1eXZ",
            (
                r"Value 'A\x1eXZ' has control character U+001E at position 2: expected characters "
                "that can be seen; remove it."
            ),
        ),
        (
            "block",
            "A\\B",
            (
                r"Value 'A\\B' has character U+005C: expected characters of the printer's own font "
                "(latin-1), which the design draws it with; change the value, or rebuild the "
                "design as a template."
            ),
        ),
        (
            "text block",
            "A<B",
            (
                "Value 'A<B' stands in a ^TB text block, which takes < for a command of its own: "
                "expected none; remove it, or make the field a ^FB block."
            ),
        ),
        (
            "code 128",
            "",
            (
                "Code 128 cannot carry an empty text '': expected at least one character; hand in "
                "a value for the field."
            ),
        ),
        (
            "code 39",
            "ac-1",
            (
                "Value 'ac-1' stands in a ^B3 symbol: expected digits, capitals, space and . / % "
                "-, at least one; change the value, or draw it as a QR code."
            ),
        ),
        (
            "data matrix",
            "é",
            (
                "Value 'é' stands in a ^BX symbol: expected ASCII, at least one character; change "
                "the value, or draw it as a QR code."
            ),
        ),
    ],
)
def test_a_value_that_would_print_as_another_is_refused(kind, value, sentence):
    with pytest.raises(Unprintable) as refused:
        printed(read(field(kind)), serial=value)
    assert str(refused.value) == sentence


def test_a_font_that_somebody_put_into_the_printer_may_have_any_character():
    assert b"^FD_E6_BC_A2^FS" in printed(read(field("font of the printer")), serial="漢")


def test_a_missing_value_is_refused():
    with pytest.raises(Unprintable, match="^The label needs a value for the field 'serial'"):
        printed(read(field("text")))


@pytest.mark.parametrize(
    ("data", "value", "sent"),
    [
        ("{serial}", "1234567", ">;123456>67"),
        (">:{serial}", "AC-000012", ">:AC->5000012"),
        (">:SN{serial}", "00001>", ">:SN00001>0"),
        (">;{serial}>6-A", "0012", ">;0012>6-A"),
        (">:AB>5{serial}", "001234", ">:AB>5001234"),
        (">9{serial}", "AB", ">9AB"),
        (">:A>0{serial}", "B>C", ">:A>0B>0C"),
    ],
)
def test_code_128_keeps_the_codes_of_the_design_and_takes_values_as_data(data, value, sent):
    design = read(f"^XA^FO20,20^BY2^BCN,80,N^FD{data}^FS^XZ")
    assert re.findall(r"\^FD(.*)\^FS", body(design, serial=value)) == [sent]


@pytest.mark.parametrize(
    ("data", "value", "sentence"),
    [
        (
            ">;{serial}",
            "123",
            (
                "Value '123' stands where the design is in code set C of Code 128: expected an "
                "even number of digits; take the > codes out of the design."
            ),
        ),
        (
            ">;>8{serial}",
            "AB",
            (
                "Value 'AB' stands where the design is in code set C of Code 128: expected an even "
                "number of digits; take the > codes out of the design."
            ),
        ),
        (
            ">9{serial}",
            "ab",
            (
                "Value 'ab' stands where the design is in code set A of Code 128: expected no "
                "small letters; take the > codes out of the design."
            ),
        ),
    ],
)
def test_code_128_refuses_a_value_that_its_code_set_has_not(data, value, sentence):
    with pytest.raises(Unprintable) as refused:
        body(read(f"^XA^FO20,20^BY2^BCN,80,N^FD{data}^FS^XZ"), serial=value)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("command", "value", "seen_as"),
    [
        ("^BEN,80,N", "400638133393", ("EAN-13", "4006381333931")),
        ("^BEN,80,N", "4006381333931", ("EAN-13", "4006381333931")),
        ("^B8N,80,N", "9638507", ("EAN-8", "96385074")),
        ("^BUN,80,N", "03600029145", ("EAN-13", "0036000291452")),
        ("^B2N,80,N", "12345678", ("ITF", "12345678")),
        ("^BCN,80,N,N,N,U", "0034567890123456789", ("Code 128", "(00)345678901234567895")),
    ],
)
def test_a_symbol_of_digits_prints_its_number(command, value, seen_as):
    document = printed(read(f"^XA^FO40,20^BY2{command}^FD{{serial}}^FS^XZ"), serial=value)
    assert scan(seen(document)) == [seen_as]


@pytest.mark.parametrize(
    ("command", "value", "sentence"),
    [
        (
            "^BCN,80,N,N,N,U",
            "123",
            (
                "^BC in mode U gets the data '123': expected 19 digits, the AI 00 and an SSCC "
                "without its check digit, which the printer makes; correct the value."
            ),
        ),
        (
            "^BCN,80,N,N,N,D",
            "(21)A1",
            (
                "Value '(21)A1' stands in a ^BC symbol of mode D, which takes parentheses, spaces "
                "and > out of its data: expected none; change the value."
            ),
        ),
    ],
)
def test_a_mode_of_code_128_refuses_what_it_would_change(command, value, sentence):
    with pytest.raises(Unprintable) as refused:
        printed(read(f"^XA^FO40,20^BY2{command}^FD{{serial}}^FS^XZ"), serial=value)
    assert str(refused.value) == sentence


def test_a_wrong_check_digit_is_refused_and_not_replaced():
    with pytest.raises(Unprintable) as refused:
        printed(read("^XA^FO40,20^BEN,80,N^FD{serial}^FS^XZ"), serial="4006381333930")
    assert str(refused.value) == (
        "EAN-13 cannot carry '4006381333930': expected check digit '1' at position 13, got '0'; "
        "correct the number, or leave its check digit out."
    )


def test_a_constant_of_the_run_is_a_value_too():
    """What fills a placeholder is data even where it is known before the label is printed."""
    design = read("^XA^FO20,20^BCN,80,N,N,N,A^FN1^FDx^FS^XZ", fn1=">8^XZ")
    assert "^FH^FD>08><XZ^FS" in body(design)


def test_a_field_of_a_design_keeps_level_and_mode_of_its_qr_code():
    source = "^XA^FO20,20^BQN,2,5^FN1^FDHA,0000^FS^XZ"
    assert "^FDHA,A1^FS" in body(read(source, fn1="{serial}"), serial="A1")
    assert "^FDLA,A1^FS" in body(read(source, fn1="LA,{serial}"), serial="A1")
