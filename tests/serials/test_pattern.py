"""What a pattern may say, and the whole sentence for everything that it may not."""

from datetime import UTC, datetime

import pytest

from labeler.serials import TEXT_LENGTH_MAX, PatternError, parse_pattern
from labeler.serials.alphabets import ALPHABETS, alphabet
from labeler.serials.checks import names
from labeler.serials.dates import DATE_PARTS
from labeler.serials.errors import SerialError
from labeler.serials.pattern import number_position

SCHEMES = ", ".join(names())
FIELDS = (
    "{date:…}, {code:…}, {run:…}, {counter:…}, {permuted:…}, {random:…}, {imported:…}, {check:…},"
    " {shift}"
)
OPTIONS = "write for example {counter:5,start=1000,step=1,reset=day}."
CODES = "%Y %y %G %g %V %u %m %d %j %H %M %S"
NO_COUNTER = "Without a counter every serial of a moment is the same; add one, such as {counter:5}."
OUTER_SPACE = "A space at an end of a serial cannot be seen and is lost when typed; remove it."
NO_PERCENT = "A date has no place for '%' itself; write it outside the braces."
CHECK_LAST = (
    "A check covers everything before it, so it must be last; write {check:luhn} once, at the end"
    " of the pattern."
)
KNOWN_ALPHABETS = (
    "expected one of alnum, base34, crockford32, digits, gs1_39, gs1_82, hex, upper; one with"
    " -confusable behind it leaves out characters that people mix up."
)
ALNUM = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

REFUSED = [
    ("", 1, NO_COUNTER),
    ("AC", 3, NO_COUNTER),
    ("AC{date:%y}", 12, NO_COUNTER),
    ("{{counter:5}}", 14, NO_COUNTER),
    (
        "AC{counter:5",
        3,
        (
            "This '{' has no partner; write '{{' for the character itself, or a whole field such as"
            " {counter:5}."
        ),
    ),
    (
        "AC}{counter:5}",
        3,
        (
            "This '}' has no partner; write '}}' for the character itself, or a whole field such as"
            " {counter:5}."
        ),
    ),
    (
        "AC{count:5}",
        3,
        f"There is no field 'count'; write one of {FIELDS}.",
    ),
    (
        "{}",
        1,
        f"There is no field ''; write one of {FIELDS}.",
    ),
    (
        "Ä{counter:5}",
        1,
        "'Ä' is not printable ASCII; write letters, digits or signs that every scanner can send.",
    ),
    (
        "AC\n{counter:5}",
        3,
        r"'\n' is not printable ASCII; write letters, digits or signs that every scanner can send.",
    ),
    (
        "{date:%y\t%j}{counter:5}",
        9,
        r"'\t' is not printable ASCII; write letters, digits or signs that every scanner can send.",
    ),
    ("{date}{counter:5}", 1, "This date has no date code; write one, such as {date:%y%j}."),
    ("{date:yj}{counter:5}", 1, "This date has no date code; write one, such as {date:%y%j}."),
    ("{date:%y%%}{counter:5}", 9, NO_PERCENT),
    ("{date:%y%}{counter:5}", 9, NO_PERCENT),
    (
        "{date:%y%b}{counter:5}",
        9,
        "%b is written in the language of the machine; write %m.",
    ),
    (
        "{date:%-d}{counter:5}",
        7,
        "%- drops zeros, so it has no fixed width; write the code without '-'.",
    ),
    ("{date:%y%W}{counter:5}", 9, "%W does not count ISO weeks; write %G%V."),
    ("{date:%Q}{counter:5}", 7, f"'%Q' is not a date code; write one of {CODES}."),
    ("{date:%\n}{counter:5}", 7, rf"'%\n' is not a date code; write one of {CODES}."),
    (
        "{counter}",
        9,
        "A width is a number from 1 to 64, not ''; write for example {counter:5}.",
    ),
    (
        "{counter:x}",
        10,
        "A width is a number from 1 to 64, not 'x'; write for example {counter:5}.",
    ),
    (
        "{counter:٥}",
        10,
        "A width is a number from 1 to 64, not '٥'; write for example {counter:5}.",
    ),
    (
        "{counter:0}",
        10,
        "A width is a number from 1 to 64, not '0'; write for example {counter:5}.",
    ),
    (
        "{counter:5:base35}",
        12,
        f"No alphabet 'base35': {KNOWN_ALPHABETS}",
    ),
    (
        "{counter:5:}",
        12,
        f"No alphabet '': {KNOWN_ALPHABETS}",
    ),
    (
        "{counter:5,by=2}",
        12,
        f"A counter has no option 'by=2'; {OPTIONS}",
    ),
    (
        "{counter:5,start=-1}",
        12,
        f"A counter has no option 'start=-1'; {OPTIONS}",
    ),
    (
        "{counter:5,}",
        12,
        f"A counter has no option ''; {OPTIONS}",
    ),
    (
        "{counter:2:hex,start=256}",
        16,
        "Start 256 does not fit; write a start of at most 255, or a wider counter.",
    ),
    (
        "{counter:3}-{counter:3}",
        13,
        "A second counter would say the same number twice; write one counter, as wide as you need.",
    ),
    ("{counter:5}{check:lunh}", 19, f"No check scheme 'lunh': expected one of {SCHEMES}."),
    ("{counter:5}{check}", 18, f"No check scheme '': expected one of {SCHEMES}."),
    (
        "{check:luhn}{counter:5}",
        1,
        CHECK_LAST,
    ),
    (
        "{counter:5}{check:luhn}{check:luhn}",
        12,
        CHECK_LAST,
    ),
    (" {counter:5}", 1, OUTER_SPACE),
    ("{counter:5}AC ", 14, OUTER_SPACE),
    ("{counter:5}{date:%y }", 20, OUTER_SPACE),
    (
        "A" * 60 + "{counter:5}",
        61,
        "Here the serial grows to 65 characters; write a pattern of at most 64.",
    ),
    (
        "{counter:64}{check:luhn}",
        13,
        "Here the serial grows to 65 characters; write a pattern of at most 64.",
    ),
    (
        "{date:%Y-%V}{counter:5}",
        10,
        "ISO weeks belong to the ISO year, which is not always %Y; write %G%V.",
    ),
    (
        "{date:%V}{counter:5}{date:%y}",
        7,
        "ISO weeks belong to the ISO year, which is not always %y; write %g%V.",
    ),
    (
        "{date:%G%m}{counter:5}",
        7,
        "The ISO year %G is not always the year of the day; write %Y, or %G%V with its week.",
    ),
    (
        "{date:%g%j}{counter:5}",
        7,
        "The ISO year %g is not always the year of the day; write %y, or %g%V with its week.",
    ),
    (
        "12AC{counter:5}{check:luhn}",
        3,
        "Check scheme luhn cannot check 'A', only 0123456789; write {check:iso7064_mod_37_36}.",
    ),
    (
        "{counter:5:hex}{check:gs1_mod10}",
        1,
        (
            "Check scheme gs1_mod10 cannot check 'A', only 0123456789;"
            " write {check:iso7064_mod_37_36}."
        ),
    ),
    (
        "{{{counter:5}{check:luhn}",
        1,
        "Check scheme luhn cannot check '{', only 0123456789; write other characters, or no check.",
    ),
    (
        "{date:%y-%j}{counter:5}{check:iso7064_mod_37_36}",
        9,
        (
            f"Check scheme iso7064_mod_37_36 cannot check '-', only {ALNUM};"
            " write {check:gs1_check_character_pair}."
        ),
    ),
    (
        "PLANT-7-LINE-12-{counter:8}{check:iso7064_mod_37_36}",
        6,
        (
            f"Check scheme iso7064_mod_37_36 cannot check '-', only {ALNUM};"
            " write other characters, or no check."
        ),
    ),
    (
        "{counter:16}{check:vin}",
        13,
        (
            "Check scheme vin has its check character at position 9 of its text, and here it stands"
            " at position 17; write {check:vin} behind the first 8 characters."
        ),
    ),
    (
        "WDB{check:vin}1234AT1{counter:6}",
        4,
        (
            "Check scheme vin has its check character at position 9 of its text, and here it stands"
            " at position 4; write {check:vin} behind the first 8 characters."
        ),
    ),
    (
        "WDB1234A{check:vin}T1{counter:5}",
        9,
        "Check scheme vin checks 16 characters, and 15 stand beside it; write 16 beside it.",
    ),
    (
        "WDB1234A{check:vin}TO{counter:6}",
        21,
        (
            "Check scheme vin cannot check 'O', only 0123456789ABCDEFGHJKLMNPRSTUVWXYZ;"
            " write these alone."
        ),
    ),
    (
        "WDB1234A{check:vin}T1{counter:6:alnum}",
        22,
        (
            "Check scheme vin cannot check 'I', only 0123456789ABCDEFGHJKLMNPRSTUVWXYZ;"
            " write these alone."
        ),
    ),
    (
        "WDB1234A{check:vin}T1{counter:6}{check:luhn}",
        33,
        ("Two checks would have to cover each other; write {check:vin} or this one, not both."),
    ),
    (
        "{counter:13}{check:imei}",
        13,
        (
            "Check scheme imei checks 14 characters, and 13 stand before it;"
            " write {check:iso7064_mod_37_36}."
        ),
    ),
    (
        "{date:%y%j}{counter:5}{check:mod_11_weighted}",
        23,
        (
            "Check scheme mod_11_weighted checks 1 to 9 characters, and 10 stand before it;"
            " write {check:iso7064_mod_37_36}."
        ),
    ),
]


@pytest.mark.parametrize(("pattern", "position", "problem"), REFUSED)
def test_a_bad_pattern_is_refused_at_its_character(
    pattern: str, position: int, problem: str
) -> None:
    with pytest.raises(PatternError) as refusal:
        parse_pattern(pattern)
    shown = repr(pattern[:80]) + ("..." if len(pattern) > 80 else "")
    assert str(refusal.value) == f"Pattern {shown}, character {position}: {problem}"
    assert (refusal.value.pattern, refusal.value.position) == (pattern, position)


def test_the_caret_stands_under_the_character() -> None:
    with pytest.raises(PatternError) as refusal:
        parse_pattern("AC{date:%y%V}{counter:5}")
    assert refusal.value.caret == "AC{date:%y%V}{counter:5}\n          ^"


@pytest.mark.parametrize("code", "aAwbBhpPIlkeUWcxDFXTRrsZz")
def test_codes_of_strftime_without_a_fixed_width_or_meaning_get_their_own_advice(code: str) -> None:
    with pytest.raises(PatternError) as refusal:
        parse_pattern(f"{{counter:5}}{{date:%{code}}}")
    advice = str(refusal.value).split(": ", 1)[1]
    assert advice.startswith(f"%{code} ")
    assert "; write " in advice
    assert "one of" not in advice


@pytest.mark.parametrize(
    ("pattern", "text_length", "start", "last", "capacity"),
    [
        ("{counter:1}", 1, 1, 9, 9),
        ("{counter:5}", 5, 1, 99999, 99999),
        ("{counter:5,start=0}", 5, 0, 99999, 100000),
        ("{counter:5:digits,start=99999}", 5, 99999, 99999, 1),
        ("{counter:2:hex}", 2, 1, 255, 255),
        ("{counter:3:upper,start=0}", 3, 0, 26**3 - 1, 26**3),
        ("{counter:3:alnum,start=0}", 3, 0, 36**3 - 1, 36**3),
        ("{counter:3:base34,start=0}", 3, 0, 34**3 - 1, 34**3),
        ("{counter:3:crockford32,start=0}", 3, 0, 32**3 - 1, 32**3),
        ("{counter:3:gs1_39,start=0}", 3, 0, 39**3 - 1, 39**3),
        ("{counter:3:gs1_82,start=0}", 3, 0, 82**3 - 1, 82**3),
        ("{counter:3:alnum-confusable,start=0}", 3, 0, 19**3 - 1, 19**3),
        ("{counter:20}", 20, 1, 2**63 - 1, 2**63 - 1),
        ("{{{counter:5}}}", 7, 1, 99999, 99999),
        ("A B{counter:5}", 8, 1, 99999, 99999),
        ("AC{date:%y%j}{counter:5}{check:iso7064_mod_37_36}", 13, 1, 99999, 99999),
        ("{date:%Y-%m-%dT%H%M%S}/{counter:5}", 23, 1, 99999, 99999),
        ("{date:%G-W%V-%u}/{counter:5}", 16, 1, 99999, 99999),
        ("{date:%Y}{counter:5}{date:%G%V}", 15, 1, 99999, 99999),
        ("{date:%V}{counter:5}", 7, 1, 99999, 99999),
        ("{counter:63}{check:luhn}", 64, 1, 2**63 - 1, 2**63 - 1),
    ],
)
def test_a_series_knows_its_length_and_how_far_it_counts(
    pattern: str, text_length: int, start: int, last: int, capacity: int
) -> None:
    series = parse_pattern(pattern)
    assert series.pattern == pattern
    assert series.text_length == text_length <= TEXT_LENGTH_MAX
    counts = (series.counter_start, series.counter_last, series.counter_capacity)
    assert counts == (start, last, capacity)


def test_a_series_is_its_fields_from_left_to_right() -> None:
    series = parse_pattern("{date:%y%j}{counter:5}0{check:luhn}")
    names_of_fields = [field.name for field in series.fields]
    assert names_of_fields == ["year_of_century", "day_of_year", "counter", "literal", "check"]
    characters = [field.characters_at(0) for field in series.fields]
    assert characters == ["0123456789"] * 3 + ["0"] + ["0123456789"]


def test_two_readings_of_one_pattern_are_equal_and_may_be_keys() -> None:
    pattern = "AC{date:%y%j}{counter:5}{check:iso7064_mod_37_36}"
    assert parse_pattern(pattern) == parse_pattern(pattern)
    assert len({parse_pattern(pattern), parse_pattern(pattern)}) == 1


def test_alphabets_hold_each_character_once_in_ascending_order() -> None:
    for letters in ALPHABETS.values():
        assert "".join(sorted(set(letters.characters))) == letters.characters
        assert letters.capacity(3) == len(letters.characters) ** 3
    lengths = {name: len(letters.characters) for name, letters in ALPHABETS.items()}
    assert lengths == {
        "alnum": 36,
        "base34": 34,
        "crockford32": 32,
        "digits": 10,
        "gs1_39": 39,
        "gs1_82": 82,
        "hex": 16,
        "upper": 26,
    }
    assert not set("ILOU") & set(alphabet("crockford32").characters)
    assert not set("IO") & set(alphabet("base34").characters)


def test_an_unknown_alphabet_is_refused_with_the_known_ones() -> None:
    with pytest.raises(SerialError) as refusal:
        alphabet("roman")
    assert str(refusal.value) == f"No alphabet 'roman': {KNOWN_ALPHABETS}"


def test_date_codes_are_those_of_the_advice() -> None:
    assert " ".join(f"%{code}" for code in DATE_PARTS) == CODES


def test_a_pattern_of_17_characters_may_have_the_check_digit_of_a_vin_in_position_9() -> None:
    series = parse_pattern("1M8GDM9A{check:vin}{code:vin_year}P{counter:6}")
    at = datetime(2019, 11, 23, tzinfo=UTC)
    assert series.format(counter=42788, at=at) == "1M8GDM9AXKP042788"
    assert series.parse("1M8GDM9AXKP042788").values == {
        "check": "X",
        "vin_year": "K",
        "counter": "042788",
    }


def test_the_number_is_found_before_and_behind_a_check_inside() -> None:
    assert number_position("1M8GDM9A{check:vin}KP{counter:6}") == 22
    assert number_position("{counter:8}{check:vin}7T1PLANT") == 1


def test_a_pattern_of_14_digits_may_end_as_an_imei() -> None:
    series = parse_pattern("35417803{counter:6}{check:imei}")
    at = datetime(2026, 11, 23, tzinfo=UTC)
    assert series.format(counter=685978, at=at) == "354178036859789"
