"""A bad pattern is refused at its character, with what to write instead."""

import pytest

from labeler.serials import PatternError, parse_pattern
from labeler.serials.alphabets import alphabet
from labeler.serials.checks import names
from labeler.serials.dates import DATE_PARTS
from labeler.serials.errors import SerialError

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


def test_an_unknown_alphabet_is_refused_with_the_known_ones() -> None:
    with pytest.raises(SerialError) as refusal:
        alphabet("roman")
    assert str(refusal.value) == f"No alphabet 'roman': {KNOWN_ALPHABETS}"


def test_date_codes_are_those_of_the_advice() -> None:
    assert " ".join(f"%{code}" for code in DATE_PARTS) == CODES
