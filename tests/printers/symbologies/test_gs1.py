"""GS1 data: what may stand in it, and where separators go. biip reads beside us."""

import re

import biip
import pytest
from biip.gs1_application_identifiers import _GS1_APPLICATION_IDENTIFIERS as TABLE
from biip.gs1_messages import GS1Message
from hypothesis import given
from hypothesis import strategies as st

from printers import symbologies
from printers.errors import Unprintable
from printers.symbologies import Options, _gs1, _gs1_rules
from printers.symbologies._gs1 import Element
from tests.printers.symbologies import samples, scans

GTIN = samples.GTIN
VALUES = st.text(alphabet=samples.SET_82, min_size=1, max_size=20)
PARTS = re.compile(r"([NXYZ])(\.\.)?(\d+)")
TIMES = {
    "YYMMDD": "280229",
    "YYMMDDhh": "28022923",
    "YYMMDDhhmm": "2802292359",
    "CCYYMMDD": "20280229",
    "CCYYMMDDhhmm": "202802292359",
}
ODD = {
    "423": "111222",
    "425": "111222",
    "8003": "09501101530003",
    "7258": "1/2",
    "8013": "1987654Ad4X4bL5ttr2310c2K",
    "8010": "9501A",
}


def sample(ai):
    """A value that fits the AI's format."""
    if ai in ODD or ai in _gs1_rules._TIMES:
        return ODD.get(ai) or TIMES[_gs1_rules._TIMES[ai][0]]
    form = TABLE[ai].format.partition("+")[2].replace("[N1..N2]", "")
    value = ""
    for kind, is_variable, length in PARTS.findall(form.partition("[")[0]):
        value += ("1" if kind == "N" else "A") * (1 if is_variable else int(length))
    place = _gs1_rules._CHECK_DIGITS.get(ai)
    if place:
        value = value[: place - 1] + samples.check_digit(value[: place - 1]) + value[place:]
    return value


def refusal(text, name="gs1_datamatrix"):
    one = symbologies.load(name)
    with pytest.raises(Unprintable) as refused:
        one.validate(text, one.settle(Options()))
    return str(refused.value)


@given(VALUES | st.text(alphabet="()\\", max_size=8), VALUES)
def test_a_value_through_literal_never_opens_an_element(value, serial):
    literal = _gs1.literal
    pairs = list(_gs1._pairs(f"(10){literal(value)}(21){literal(serial)}", "GS1"))
    assert [(ai, text) for _, ai, text in pairs] == [("10", value), ("21", serial)]


def test_a_serial_with_brackets_stays_one_element():
    text = f"(01){GTIN}(21){_gs1.literal('A(10)X')}"
    assert _gs1.parse(text, title="GS1-128") == (
        Element(ai="01", value=GTIN),
        Element(ai="21", value="A(10)X"),
    )


def test_a_closing_bracket_may_stand_for_itself():
    assert _gs1.parse("(21)A)1", title="GS1-128") == (Element(ai="21", value="A)1"),)


@pytest.mark.parametrize("ai", TABLE)
def test_every_ai_of_the_table_is_printed_and_read_back(ai):
    value = sample(ai)
    other = "90" if ai == "91" else "91"
    text = f"({ai}){_gs1.literal(value)}({other})END"
    one = symbologies.load("gs1_datamatrix")
    options = one.settle(Options())
    [(read, announced)] = scans.zxing("gs1_datamatrix", scans.picture(one, text, options))
    separator = "\x1d" if TABLE[ai].separator_required else ""
    assert announced == "]d2"
    if ai == "235":  # The writer of Data Matrix leaves its separator out, so it goes to the end.
        assert read.decode() == f"91END\x1d235{value}"
    else:
        assert read.decode() == f"{ai}{value}{separator}{other}END"


@given(
    st.lists(
        st.sampled_from(["11", "01", "10", "21", "3103", "410", "91", "8200"]),
        unique=True,
        min_size=1,
    ),
    VALUES,
)
def test_biip_reads_the_elements_that_were_meant(ais, value):
    values = {ai: value if ai in {"10", "21", "91", "8200"} else sample(ai) for ai in ais}
    elements = _gs1.parse(
        "".join(f"({ai}){_gs1.literal(text)}" for ai, text in values.items()), title="GS1"
    )
    read = GS1Message.parse(_gs1.carried(elements, separator="\x1d"))
    assert {one.ai.ai: one.value for one in read.element_strings} == values


def test_separators_are_those_of_the_table_and_none_stands_at_the_end():
    for ai, row in TABLE.items():
        assert _gs1_rules.needs_separator(ai) == row.separator_required, ai
    elements = _gs1.parse(f"(10)A(01){GTIN}(21)B", title="GS1")
    assert _gs1.carried(elements, separator="|") == f"10A|01{GTIN}21B"


@pytest.mark.parametrize(
    ("text", "place", "problem"),
    [
        ("(99999)1", 1, "an AI of two to four digits in brackets, got '(99999'"),
        ("01095", 1, "an AI of two to four digits in brackets, got '01095'"),
        ("(21)A\\n", 6, "a bracket or a backslash behind a backslash, got '\\\\n'"),
        ("(21)A(", 6, "an AI of two to four digits in brackets, got '('"),
        ("(٢١)A", 1, "an AI of two to four digits in brackets, got '(٢١)A'"),
    ],
)
def test_what_is_no_bracket_syntax_is_refused_at_its_place(text, place, problem):
    assert refusal(text) == (
        f"GS1 DataMatrix cannot carry {text!r} from position {place} on: expected {problem}; write "
        "GS1 data like (01)09501101530003(21)AC1, with \\( for a bracket inside a value."
    )


SET_82 = "in GS1's character set 82"
PLAIN = f"{SET_82} (letters, digits and some signs, no space)"


@pytest.mark.parametrize(
    ("ai", "value", "problem"),
    [
        ("05", "1", "an application identifier of GS1, such as 01, 10 or 21; correct it"),
        ("01", "09501101530004", "check digit '3' in place 14, got '4'; correct it"),
        ("01", "9501101530003", "N14; correct it"),
        ("00", "095011015300000011", "check digit '0' in place 18, got '1'; correct it"),
        ("253", "9501101530002A", "check digit '3' in place 13, got '2'; correct it"),
        ("414", "9501101530002", "check digit '3' in place 13, got '2'; correct it"),
        ("8013", "1987654Ad4X4bL5ttr2310c2J", "check characters '2K' at its end; correct it"),
        ("17", "260230", "a day as YYMMDD, got '260230'; correct it"),
        ("17", "261301", "a day as YYMMDD, got '261301'; correct it"),
        ("7006", "260200", "a day as YYMMDD, got '260200'; correct it"),
        (
            "7007",
            "260201260230",
            "a day as YYMMDD or YYMMDDYYMMDD, got '260201260230'; correct it",
        ),
        ("7003", "2602012460", "a day and time as YYMMDDhhmm, got '2602012460'; correct it"),
        ("7003", "2602019999", "a day and time as YYMMDDhhmm, got '2602019999'; correct it"),
        (
            "7011",
            "26020123595",
            "a day and time as YYMMDD or YYMMDDhhmm, got '26020123595'; correct it",
        ),
        ("7250", "20260230", "a day as CCYYMMDD, got '20260230'; correct it"),
        ("21", "", "X..20; correct it"),
        ("21", "A" * 21, "X..20; correct it"),
        ("21", "A B", f"X..20 {PLAIN}; correct it"),
        ("21", "A\x1d10B", f"X..20 {PLAIN}; correct it"),
        ("10", "é", f"X..20 {PLAIN}; correct it"),
        ("01", "٠٩٥٠١١٠١٥٣٠٠٠٣", f"N14 {PLAIN}; correct it"),
        ("8010", "a", "Y..30; correct it"),
        (
            "4300",
            "Müller",
            f"X..35 {SET_82}, others percent-encoded as in 'M%C3%BCller'; correct it",
        ),
        (
            "4300",
            "50%",
            "two hexadecimal digits behind each %, which is itself %25; correct it",
        ),
        ("4300", "%FF%FF", "percent-encoded UTF-8; correct it"),
        ("4300", "%C3%BC" * 6, "X..35 as it is written, got 36 characters; shorten it"),
    ],
)
def test_a_value_that_its_ai_cannot_hold_is_refused_in_a_sentence(ai, value, problem):
    text = f"(91)A({ai}){value}"
    assert refusal(text) == (
        f"GS1 DataMatrix cannot carry AI ({ai}) with {value!r} at position 6 of {text!r}: "
        f"expected {problem}."
    )


@pytest.mark.parametrize(
    ("ai", "value"),
    [
        ("17", "270200"), ("17", "280229"), ("4324", "2602289999"), ("4325", "2602282359"),
        ("7007", "260201260228"), ("8008", "260228235959"), ("7011", "2602282359"),
        ("4330", "001050-"), ("4330", "001050"), ("4300", "%C3%BC" * 5 + "abcde"),
        ("8018", "0" * 18), ("8043", "1" * 18 + "12"),
    ],
)  # fmt: skip
def test_what_an_ai_may_hold_besides_is_taken(ai, value):
    assert _gs1_rules.problem(ai, value) is None


def test_an_ai_that_stands_there_twice_is_refused_in_a_sentence():
    assert refusal("(21)A(21)B", name="gs1_128") == (
        "GS1-128 cannot carry AI (21) with 'B' at position 6 of '(21)A(21)B': expected each AI "
        "once; leave one out."
    )


@given(st.text(alphabet=samples.SET_82, min_size=1, max_size=23))
def test_check_pairs_find_any_changed_character(text):
    pair = _gs1_rules.check_pair(text)
    other = ("A" if text[0] != "A" else "B") + text[1:]
    assert len(pair) == 2
    assert _gs1_rules.check_pair(other) != pair


def test_biip_agrees_about_whole_messages():
    for text in samples.GS1:
        elements = _gs1.parse(text, title="GS1")
        found = biip.parse(_gs1.carried(elements, separator="\x1d"))
        assert found.gs1_message is not None
        read = [(one.ai.ai, one.value) for one in found.gs1_message.element_strings]
        assert read == [(one.ai, one.value) for one in elements]
