"""The parts of a pattern beside dates and plain counters: codes, shifts, runs, resets, kinds."""

from datetime import UTC, datetime
from typing import Any

import pytest

from labeler.serials import (
    CounterExhausted,
    InvalidSerial,
    PatternError,
    SerialError,
    Vocabulary,
    parse_pattern,
)
from labeler.serials.alphabets import Alphabet
from labeler.serials.codes import make_table
from tests.serials.plant import CALENDAR, NOON, OWN, series


def problem_of(pattern: str, *, own: Vocabulary = OWN) -> str:
    with pytest.raises(PatternError) as refusal:
        parse_pattern(pattern, own=own)
    return str(refusal.value).removeprefix(f"Pattern {pattern!r}, ")


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("{code:vin_year}{counter:2}", "T07"),
        ("{code:year_digit}{counter:2}", "607"),
        ("{code:month_hex}{counter:2}", "B07"),
        ("{code:month_letter}{counter:2}", "L07"),
        ("{code:day_31}{counter:2}", "P07"),
        ("{code:hour_letter}{counter:2}", "N07"),
        ("{code:half}{counter:2}", "L07"),
        ("{counter:3:vowels}", "AEO"),
        ("{run:line:6:names}/{counter:2}", "LINE-1/07"),
        ("{run:number:5}/{counter:2}", "00012/07"),
        ("{run:attributes.colour:3}{counter:2}", "RED07"),
        ("{counter:2,start=3,step=4}", "07"),
    ],
)
def test_a_part_is_written_and_read_back(pattern: str, text: str) -> None:
    run = {"line": "LINE-1", "number": "12", "attributes.colour": "RED"}
    own = Vocabulary(
        alphabets={
            **OWN.alphabets,
            "names": Alphabet(name="names", characters="-0123456789EILN"),
        },
        code_tables=OWN.code_tables,
    )
    made = parse_pattern(pattern, own=own)
    occasion = CALENDAR.occasion(NOON, run=run)
    number = 8 if "vowels" in pattern else 7
    assert made.format(counter=number, at=occasion) == text
    assert made.parse(text).counter == number


@pytest.mark.parametrize(
    ("run", "problem"),
    [
        ({}, "The run has no lot: expected 4 characters for the serials; give the run its lot."),
        (
            {"lot": "L4"},
            "The run's lot 'L4' has 2 characters: expected 4, as the pattern of its serials says.",
        ),
        (
            {"lot": "L4-1"},
            (
                "The run's lot 'L4-1' cannot stand in its serials: expected one of"
                " 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ, got '-'."
            ),
        ),
    ],
)
def test_a_run_that_does_not_say_what_its_serials_show_is_refused(
    run: dict[str, str], problem: str
) -> None:
    with pytest.raises(SerialError) as refusal:
        series("{run:lot:4}{counter:3}").format(counter=1, at=CALENDAR.occasion(NOON, run=run))
    assert str(refusal.value) == problem


def test_a_shift_the_series_does_not_know_is_refused() -> None:
    with pytest.raises(SerialError) as refusal:
        series("{shift}{counter:3}").format(counter=1, at=NOON)
    assert str(refusal.value) == (
        "The shift is 'None': expected one of A, B, C, which the series knows."
    )


def test_a_code_table_that_has_ended_is_refused() -> None:
    table = make_table("model", of="year", codes={2026: "A", 2027: "B"})
    made = parse_pattern("{code:model}{counter:3}", own=Vocabulary(code_tables={"model": table}))
    with pytest.raises(SerialError) as refusal:
        made.format(counter=1, at=datetime(2028, 1, 1, tzinfo=UTC))
    assert str(refusal.value) == (
        "Code table 'model' has no code for year 2028: expected one of 2026 to 2027;"
        " add it to the table."
    )


@pytest.mark.parametrize(
    ("of", "codes", "problem"),
    [
        (
            "moon",
            {1: "A"},
            (
                "Code table 't' is of 'moon': expected one of year, iso_year, iso_week,"
                " iso_weekday,"
                " month, day, day_of_year, hour."
            ),
        ),
        ("month", {}, "Code table 't' has no codes; write for example 1: A."),
        ("month", {13: "A"}, "Code table 't' has a code for month 13: expected 1 to 12."),
        (
            "month",
            {1: " "},
            "Code table 't' has the code ' ' for month 1: expected printable ASCII without spaces.",
        ),
        (
            "month",
            {1: "A", 2: "BC"},
            (
                "Code table 't' has codes of different lengths, 'A' and 'BC'; write codes of one"
                " length."
            ),
        ),
    ],
)
def test_a_wrong_code_table_is_refused(of: str, codes: dict[int, str], problem: str) -> None:
    with pytest.raises(SerialError) as refusal:
        make_table("t", of=of, codes=codes)
    assert str(refusal.value) == problem


@pytest.mark.parametrize(
    ("pattern", "text", "problem"),
    [
        (
            "{code:half}{counter:2}",
            "X07",
            "is wrong at position 1, half: expected one of H L, got 'X'.",
        ),
        (
            "{shift}{counter:2}",
            "X07",
            "is wrong at position 1, shift: expected one of A, B, C, got 'X'.",
        ),
        (
            "{run:lot:2:digits}{counter:2}",
            "1X07",
            "is wrong at position 2, lot: expected one of 0123456789, got 'X'.",
        ),
        (
            "{counter:2,start=3,step=4}",
            "08",
            "is wrong at position 1, counter: expected 03 to 99 in steps of 4, got '08'.",
        ),
        (
            "{random:2:hex}",
            "0G",
            "is wrong at position 2, random: expected one of 0123456789ABCDEF, got 'G'.",
        ),
    ],
)
def test_a_wrong_part_is_named(pattern: str, text: str, problem: str) -> None:
    with pytest.raises(InvalidSerial) as refusal:
        series(pattern).parse(text)
    assert str(refusal.value) == f"Serial {text!r} {problem}"


DAYS = "{date:%y%j} or {date:%y%m%d}"
RESET_REFUSED = {
    "{date:%y%m}{counter:4,reset=day}": ("day", DAYS),
    "{date:%y%d}{counter:4,reset=day}": ("day", DAYS),
    "{date:%g%V}{counter:4,reset=day}": ("day", DAYS),
    "{date:%y%j}{counter:4,reset=shift}": ("shift", "{date:%y%j} and {shift}"),
    "{shift}{counter:4,reset=shift}": ("shift", "{date:%y%j} and {shift}"),
    "{date:%y%m%d}{counter:4,reset=week}": ("week", "{date:%g%V}"),
    "{date:%y%j}{counter:4,reset=month}": ("month", "{date:%y%m}"),
    "{date:%m}{counter:4,reset=month}": ("month", "{date:%y%m}"),
    "{date:%m}{counter:4,reset=year}": ("year", "{date:%y}"),
    "{run:line:4}{counter:4,reset=run}": ("run", "{run:number:6} or {run:lot:8}"),
}


@pytest.mark.parametrize("pattern", RESET_REFUSED)
def test_a_reset_whose_period_the_pattern_does_not_show_is_refused(pattern: str) -> None:
    period, advice = RESET_REFUSED[pattern]
    assert problem_of(pattern) == (
        f"character {pattern.index('{counter') + 1}: A counter that begins again each {period}"
        f" would repeat serials, since the pattern does not show the {period}; write {advice} into"
        f" it, or reset=never."
    )


@pytest.mark.parametrize(
    ("pattern", "key"),
    [
        ("{date:%y%j}{counter:4}", ""),
        ("{date:%y%j}{date:%H}{counter:4,reset=day}", "26327"),
        ("{date:%y}{code:month_hex}{code:day_31}{counter:4,reset=day}", "26BP"),
        ("{date:%g%V%u}{counter:4,reset=day}", "26481"),
        ("{date:%Y%j}{shift}{counter:4,reset=shift}", "2026327A"),
        ("{date:%g%V%u}{counter:4,reset=week}", "2648"),
        ("{date:%y%m%d}{counter:4,reset=month}", "2611"),
        ("{code:vin_year}{date:%j}{counter:4,reset=year}", "T"),
        ("{run:lot:3}{date:%y%j}{counter:4,reset=run}", "L42"),
    ],
)
def test_a_period_is_what_the_pattern_shows_of_it(pattern: str, key: str) -> None:
    assert series(pattern).period(CALENDAR.occasion(NOON, run={"lot": "L42"})) == key


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        ("{shift}{counter:4}", None),
        (
            "{shift:1}{counter:4}",
            (
                "character 1: There is no field 'shift'; write one of {date:…},"
                " {code:…}, {run:…}, {counter:…}, {permuted:…}, {random:…}, "
                "{imported:…}, {check:…},"
                " {shift}."
            ),
        ),
        (
            "{code:moon}{counter:4}",
            (
                "character 7: No code table 'moon': expected one of vin_year,"
                " year_digit, month_hex, month_letter, day_31, hour_letter, half."
            ),
        ),
        (
            "{run:colour:3}{counter:4}",
            (
                "character 6: A run has no 'colour'; write one of line,"
                " plant, product, lot, work_order, number, attributes.NAME."
            ),
        ),
        (
            "{run:attributes.:3}{counter:4}",
            (
                "character 6: A run has no 'attributes.'; write one of"
                " line, plant, product, lot, work_order, number, attributes.NAME."
            ),
        ),
        (
            "{run:lot}{counter:4}",
            (
                "character 10: A width is a number from 1 to 64, not ''; write for"
                " example {run:lot:6}."
            ),
        ),
        (
            "{counter:4,reset=hour}",
            (
                "character 18: A counter cannot begin again each 'hour'; write"
                " one of never, run, shift, day, week, month, year."
            ),
        ),
        (
            "{counter:4,step=0}",
            ("character 12: A counter that stands still repeats serials; write step=1 or more."),
        ),
        ("{counter:4,step=1,step=2}", "character 19: step is said twice; write it once."),
        (
            "{permuted:5}",
            (
                "character 1: Only 100000 numbers can be tried out one by one, and whoever does"
                " knows their order without the key; write a width of at least 6."
            ),
        ),
        (
            "{permuted:3:base34}",
            (
                "character 1: Only 39304 numbers can be tried out one by one, and whoever does"
                " knows their order without the key; write a width of at least 4."
            ),
        ),
        (
            "{random:8}{counter:4}",
            (
                "character 11: A second counter would say the same number twice;"
                " write one counter, as wide as you need."
            ),
        ),
    ],
)
def test_what_a_pattern_may_not_say_is_refused_at_its_character(
    pattern: str, problem: str | None
) -> None:
    if problem is None:
        assert parse_pattern(pattern, own=OWN).text_length == 5
    else:
        assert problem_of(pattern) == problem


def test_a_site_without_shifts_has_no_shift_to_show() -> None:
    assert problem_of("{shift}{counter:4}", own=Vocabulary()) == (
        "character 1: The site has no shifts; write them in config.yaml, under site.shifts."
    )


@pytest.mark.parametrize(
    ("pattern", "kind"),
    [
        ("{counter:4}", "sequential"),
        ("{permuted:6}", "permuted"),
        ("{random:8:crockford32}", "random"),
        ("AC{imported:8:hex}", "pool"),
    ],
)
def test_a_series_knows_how_its_numbers_come_about(pattern: str, kind: str) -> None:
    assert series(pattern).kind == kind


def test_a_counter_goes_its_own_steps_and_ends_at_the_last_that_fits() -> None:
    made = series("{counter:2,start=3,step=40}")
    assert (made.counter_start, made.counter_last, made.counter_capacity) == (3, 83, 3)
    write = made.formatter(NOON)
    assert [write(number) for number in (3, 43, 83)] == ["03", "43", "83"]
    refusals: list[tuple[type[Any], str]] = []
    for number in (0, 4, 84, 123):
        with pytest.raises(SerialError) as refusal:
            write(number)
        refusals.append((type(refusal.value), str(refusal.value)))
    pattern = "'{counter:2,start=3,step=40}'"
    used_up = (
        f"Series {pattern} is exhausted: expected a counter of at most 83, got NUMBER; release a"
        f" version of the series with a wider counter."
    )
    assert refusals == [
        (SerialError, f"Counter 0 lies before the start of series {pattern}: expected 3 or more."),
        (SerialError, f"Counter 4 is none of series {pattern}: expected 3 and then every 40."),
        (CounterExhausted, used_up.replace("NUMBER", "84")),
        (CounterExhausted, used_up.replace("NUMBER", "123")),
    ]


@pytest.mark.parametrize(
    ("pattern", "position", "characters"),
    [
        ("A{counter:2}", 1, "A"),
        ("A{counter:2}", 3, "0123456789"),
        ("A{counter:2}", 4, ""),
        ("A{counter:2}", 0, ""),
        ("{shift}{counter:2}", 1, "ABC"),
        ("{code:half}{counter:2}", 1, "HL"),
    ],
)
def test_a_series_knows_what_may_stand_where(pattern: str, position: int, characters: str) -> None:
    assert series(pattern).characters_at(position) == characters


@pytest.mark.parametrize(
    ("pattern", "beginnings"),
    [
        ("AC{counter:2}", {"A": True, "AC": True, "B": False}),
        ("{date:%m}{counter:2}", {"": True, "0": True, "1": True, "12": True}),
        ("{date:%m}{counter:2}", {"13": False, "2": False, "00": False, "X": False}),
        ("{shift}{counter:2}", {"A": True, "D": False}),
        ("{code:half}{counter:2}", {"H": True, "X": False}),
        ("{run:lot:2:digits}{counter:2}", {"1": True, "X": False}),
        ("{counter:2,start=30,step=7}", {"3": True, "37": True, "9": True}),
        ("{counter:2,start=30,step=7}", {"2": False, "38": False, "99": False, "X": False}),
    ],
)
def test_a_field_admits_the_beginnings_of_its_values_only(
    pattern: str, beginnings: dict[str, bool]
) -> None:
    first = series(pattern).fields[0]
    assert {beginning: first.admits(beginning) for beginning in beginnings} == beginnings


def test_a_check_admits_characters_of_its_scheme_only() -> None:
    check = series("{counter:2}{check:luhn}").fields[-1]
    assert [check.admits(beginning) for beginning in ("", "7", "X")] == [True, True, False]
    assert (series("{counter:2}{check:luhn}").check, series("{counter:2}").check) == (check, None)
