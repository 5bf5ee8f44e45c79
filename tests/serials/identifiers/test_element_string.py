"""Element strings: FNC1 and brackets, what is refused, and where other readers see less."""

from datetime import UTC, date, datetime

import pytest
from biip import ParseError
from biip.gs1_application_identifiers import _GS1_APPLICATION_IDENTIFIERS as BIIP_TABLE
from biip.gs1_messages import GS1Message
from hypothesis import given
from hypothesis import strategies as st
from stdnum import gs1_128

from labeler.serials.checks import gs1_mod10
from labeler.serials.identifiers import InvalidIdentifier, element_string, lot
from labeler.serials.identifiers._texts import CHARSET_82, GS

texts = st.text(alphabet=CHARSET_82, min_size=1, max_size=20)


def keys(length: int, *, beginning: str = "") -> st.SearchStrategy[str]:
    body = length - 1 - len(beginning)
    digits = st.text(alphabet="0123456789", min_size=body, max_size=body)
    return digits.map(lambda one: beginning + one + gs1_mod10.compute(beginning + one))


days = st.dates(min_value=date(2000, 1, 1), max_value=date(2075, 12, 31)).map(
    lambda day: f"{day:%y%m%d}"
)
VALUES = {
    "00": keys(18),
    "01": keys(14),
    "10": texts,
    "11": days,
    "15": days,
    "17": days,
    "21": texts,
    "240": st.text(alphabet=CHARSET_82, min_size=1, max_size=30),
    "3103": st.integers(0, 999999).map("{:06d}".format),
    "37": st.integers(1, 99999999).map(str),
    "414": keys(13),
    "8003": st.tuples(keys(14, beginning="0"), st.text(alphabet=CHARSET_82, max_size=16)).map(
        "".join
    ),
    "8004": st.text(alphabet=CHARSET_82, min_size=1, max_size=30),
    "8018": keys(18),
}
messages = st.lists(st.sampled_from(sorted(VALUES)), min_size=1, max_size=6, unique=True).flatmap(
    lambda ais: st.tuples(*(st.tuples(st.just(ai), VALUES[ai]) for ai in ais))
)


@given(pairs=messages, symbology=st.sampled_from(["", *element_string.SYMBOLOGIES]))
def test_every_message_survives_brackets_and_fnc1(
    pairs: tuple[tuple[str, str], ...], symbology: str
) -> None:
    built = element_string.build(pairs)
    assert [(one.ai, one.value) for one in built.elements] == list(pairs)
    assert element_string.parse(built.bracketed()) == built
    assert element_string.parse(built.fnc1()) == built
    scanned = element_string.parse(symbology + built.fnc1())
    assert scanned == element_string.build(pairs, symbology=symbology)
    everywhere = GS.join(one.ai + one.value for one in built.elements)
    assert element_string.parse(GS + everywhere + GS) == built


@given(pairs=messages)
def test_biip_reads_what_we_write(pairs: tuple[tuple[str, str], ...]) -> None:
    built = element_string.build(pairs)
    read = GS1Message.parse(built.fnc1())
    assert [(one.ai.ai, one.value) for one in read.element_strings] == list(pairs)
    assert GS1Message.from_element_strings(read.element_strings).value == built.fnc1()
    if all("(" not in value for _, value in pairs):
        assert element_string.parse(read.as_hri()) == built


def test_examples_of_the_general_specifications() -> None:
    message = element_string.parse("]C101095060001343521714120810ABC123" + GS + "2112345")
    assert message.bracketed() == "(01)09506000134352(17)141208(10)ABC123(21)12345"
    assert [one.title for one in message.elements] == [
        "GTIN", "USE BY or EXPIRY", "BATCH/LOT", "SERIAL",
    ]  # fmt: skip
    assert element_string.parse("(00)395011010013000129").fnc1() == "00395011010013000129"


def test_a_bracket_inside_a_value_has_a_backslash_in_front() -> None:
    message = element_string.build([("10", "A(1)"), ("21", "7")])
    assert message.bracketed() == r"(10)A\(1)(21)7"
    assert element_string.parse(r"(10)A\(1)(21)7") == message
    assert message.fnc1() == "10A(1)" + GS + "217"


REFUSED = {
    "": "Element string '' is empty: expected an AI and its value; scan it again.",
    "]C0ABC": (
        "Element string ']C0ABC' comes from a symbol without GS1 element strings: expected"
        " symbology identifier ]C1, ]J1, ]Q3, ]d2, ]e0, got ]C0; read it as plain text."
    ),
    "010950600013435205": (
        "Element string '010950600013435205' is wrong at position 17: expected an AI, got '05';"
        " look whether a separator is missing before it."
    ),
    "010950600013435": (
        "AI (01) '0950600013435' does not fit: expected N14; look whether a separator is missing."
    ),
    "21ABCDEFGHIJKLMNOPQRSTU": (
        "AI (21) 'ABCDEFGHIJKLMNOPQRSTU' does not fit: expected X..20; look whether a separator is"
        " missing."
    ),
    "21": "AI (21) '' does not fit: expected X..20; look whether a separator is missing.",
    "37": "AI (37) '' does not fit: expected N..8; look whether a separator is missing.",
    "(05)1": "AI '05' is not in GS1's list: expected one such as 01, 10 or 21; correct it.",
    "(0)1": (
        "Element string '(0)1' is wrong at position 1: expected an AI in brackets and its value,"
        r" with \( for a bracket inside a value; correct it."
    ),
    "(10)A(B": (
        "Element string '(10)A(B' is wrong at position 6: expected an AI in brackets and its"
        r" value, with \( for a bracket inside a value; correct it."
    ),
    "(10)A(10)B": (
        "Element string '(10)A(10)B' has AI (10) twice: expected each AI once; leave one out."
    ),
    "(17)270230": (
        "AI (17) '270230' is no day: expected YYMMDD, with 00 for the month's last day; correct it."
    ),
    "(17)270001": (
        "AI (17) '270001' is no day: expected YYMMDD, with 00 for the month's last day; correct it."
    ),
    "(414)9506000134353": (
        "AI (414) '9506000134353' has a wrong check digit: expected '2' at position 13, got '3';"
        " scan or type it again."
    ),
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_element_string_is_refused(text: str) -> None:
    with pytest.raises(InvalidIdentifier) as refusal:
        element_string.parse(text)
    assert str(refusal.value) == REFUSED[text]


def test_an_empty_list_builds_nothing() -> None:
    with pytest.raises(InvalidIdentifier) as refusal:
        element_string.build([])
    assert str(refusal.value) == REFUSED[""]


@pytest.mark.parametrize(
    ("value", "year", "day"),
    [
        ("270331", 2026, date(2027, 3, 31)),
        ("760101", 2026, date(2076, 1, 1)),
        ("770101", 2026, date(1977, 1, 1)),
        ("990101", 2000, date(1999, 1, 1)),
        ("000101", 2051, date(2100, 1, 1)),
        ("280200", 2026, date(2028, 2, 29)),
        ("000229", 2060, date(2100, 2, 28)),
    ],
)
def test_the_century_is_told_by_the_year_that_is_handed_in(
    value: str, year: int, day: date
) -> None:
    assert element_string.Element(ai="17", value=value).date(reference_year=year) == day


def test_only_dates_have_a_day() -> None:
    with pytest.raises(InvalidIdentifier) as refusal:
        element_string.Element(ai="21", value="1").date(reference_year=2026)
    assert str(refusal.value) == (
        "AI (21) '1' is no date: expected an AI of 11, 12, 13, 15, 16, 17; ask for another one."
    )


def test_lot_reads_from_every_form_and_holds_nothing_else() -> None:
    made = lot.make("AB-123")
    assert lot.parse("(10)AB-123") == lot.parse("]d210AB-123") == made
    assert lot.compact("]d210AB-123") == "10AB-123"
    with pytest.raises(InvalidIdentifier) as refusal:
        lot.parse("(10)AB(21)7")
    assert str(refusal.value) == (
        "Lot '(10)AB(21)7' holds AIs (10)(21): expected (10) and no other; read other texts as"
        " element_string or digital_link."
    )
    with pytest.raises(InvalidIdentifier):
        lot.make("A" * 21)


# Where biip and python-stdnum are silent: why reading is ours.


def test_no_ai_of_biips_table_is_the_beginning_of_another_one() -> None:
    ais = set(BIIP_TABLE)
    assert [ai for ai in ais if any(ai[:length] in ais for length in range(2, len(ai)))] == []


def test_biips_table_wants_a_separator_where_figure_7_8_5_2_does() -> None:
    wanted = {ai: entry.separator_required for ai, entry in BIIP_TABLE.items()}
    assert wanted == {ai: element_string.needs_separator(ai) for ai in BIIP_TABLE}


def test_biip_takes_a_wrong_check_digit_and_tells_it_only_who_asks() -> None:
    text = "0109506000134353"
    element = GS1Message.parse(text).element_strings[0]
    assert (element.gtin, element.value) == (None, "09506000134353")
    assert element.gtin_error == "Invalid GTIN check digit for '09506000134353': Expected 2, got 3."
    with pytest.raises(InvalidIdentifier):
        element_string.parse(text)


def test_biip_does_not_check_the_check_digit_of_a_grai() -> None:
    text = "8003006141411234535678"
    assert GS1Message.parse(text).as_hri() == "(8003)006141411234535678"
    with pytest.raises(InvalidIdentifier):
        element_string.parse(text)


def test_biip_reads_on_where_a_separator_is_missing() -> None:
    text = "21" + "A" * 20 + "10X"
    assert GS1Message.parse(text).as_hri() == f"(21){'A' * 20}(10)X"
    with pytest.raises(InvalidIdentifier):
        element_string.parse(text)


def test_biip_takes_digits_of_other_scripts() -> None:
    text = "01" + "\u0661" * 14
    assert GS1Message.parse(text).element_strings[0].value == "\u0661" * 14
    with pytest.raises(InvalidIdentifier):
        element_string.parse(text)


def test_biip_cuts_a_bracketed_value_at_a_bracket_and_takes_an_ai_twice() -> None:
    assert GS1Message.parse_hri("(10)A(B").as_hri() == "(10)A"
    assert GS1Message.parse_hri("(10)A(10)B").as_hri() == "(10)A(10)B"


def test_biip_leaves_the_symbology_identifier_to_its_caller() -> None:
    with pytest.raises(ParseError):
        GS1Message.parse("]C10109506000134352")
    assert element_string.parse("]C10109506000134352").symbology == "]C1"


def test_biip_reads_todays_date_for_the_century() -> None:
    year = (datetime.now(UTC).year + 50) % 100
    element = GS1Message.parse(f"17{year:02d}0101").element_strings[0]
    assert element.date is not None
    assert element.date.year == datetime.now(UTC).year + 50


def test_stdnum_swallows_the_separator_unless_it_is_told_which_one() -> None:
    text = "0109506000134352" + "21A" + GS + "10B"
    assert gs1_128.info(text) == {"01": "09506000134352", "21": "A" + GS + "10B"}
    assert gs1_128.info(text, separator=GS) == {"01": "09506000134352", "21": "A", "10": "B"}
    assert element_string.parse(text).get("21") == "A"


def test_stdnum_takes_what_character_set_82_does_not_have() -> None:
    assert gs1_128.info("10A#B", separator=GS) == {"10": "A#B"}
    with pytest.raises(InvalidIdentifier):
        element_string.parse("10A#B")
