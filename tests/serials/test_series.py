"""What a series writes and what it reads, with the whole sentence where it refuses."""

import doctest
import pkgutil
from datetime import UTC, datetime, timedelta, timezone
from importlib import import_module

import pytest

import labeler.serials
from labeler.serials import (
    CounterExhausted,
    InvalidSerial,
    ParsedSerial,
    SerialError,
    parse_pattern,
)

PATTERN = "AC{date:%y%j}{counter:5}{check:iso7064_mod_37_36}"
NOON = datetime(2026, 11, 23, 12, 34, 56, tzinfo=UTC)


@pytest.mark.parametrize(
    ("pattern", "counter", "text"),
    [
        (PATTERN, 1, "AC2632700001K"),
        (PATTERN, 99999, "AC2632799999K"),
        ("{counter:6,start=100000}{check:luhn}", 100000, "1000009"),
        ("629104150{counter:3}{check:gs1_mod10}", 21, "6291041500213"),
        ("{date:%Y-%m-%dT%H:%M:%S}/{counter:2}", 7, "2026-11-23T12:34:56/07"),
        ("{date:%G-W%V-%u}/{counter:2:hex}", 171, "2026-W48-1/AB"),
        ("{counter:3:base34}-{date:%g%V}", 34**2, "100-2648"),
        ("{counter:2:upper}{date:%y}{check:iso7064_mod_37_36}", 27, "BB26C"),
        ("{{{counter:4:crockford32}}}", 32**4 - 1, "{ZZZZ}"),
    ],
)
def test_a_series_writes_its_serials_and_reads_them_back(
    pattern: str, counter: int, text: str
) -> None:
    series = parse_pattern(pattern)
    assert series.format(counter=counter, at=NOON) == text
    assert series.formatter(NOON)(counter) == text
    assert series.parse(text).counter == counter


def test_a_parsed_serial_says_what_each_field_means() -> None:
    assert parse_pattern(PATTERN).parse("AC2632700001K") == ParsedSerial(
        text="AC2632700001K",
        counter=1,
        values={
            "year_of_century": "26",
            "day_of_year": "327",
            "counter": "00001",
            "check": "K",
        },
        date_parts={"year_of_century": 26, "day_of_year": 327},
    )


def test_a_parsed_serial_may_be_a_key_and_cannot_be_changed() -> None:
    parsed = parse_pattern(PATTERN).parse("AC2632700001K")
    assert len({parsed, parse_pattern(PATTERN).parse("AC2632700001K")}) == 1
    with pytest.raises(TypeError):
        parsed.values["check"] = "0"  # type: ignore[index]


def test_the_date_is_that_of_the_zone_that_was_handed_in() -> None:
    series = parse_pattern("{date:%Y%m%d%H}-{counter:2}")
    late = datetime(2026, 12, 31, 23, tzinfo=UTC)
    there = late.astimezone(timezone(timedelta(hours=9)))
    assert series.format(counter=1, at=late) == "2026123123-01"
    assert series.format(counter=1, at=there) == "2027010108-01"


@pytest.mark.parametrize(
    ("year", "month", "day", "text"),
    [
        (2026, 12, 31, "2026-W53-26-53-365-2026"),
        (2027, 1, 1, "2026-W53-26-53-001-2027"),
        (2024, 12, 30, "2025-W01-25-01-365-2024"),
        (2024, 2, 29, "2024-W09-24-09-060-2024"),
        (999, 6, 1, "0999-W22-99-22-152-0999"),
        (9999, 12, 31, "9999-W52-99-52-365-9999"),
        (1, 1, 1, "0001-W01-01-01-001-0001"),
    ],
)
def test_iso_weeks_belong_to_the_iso_year(year: int, month: int, day: int, text: str) -> None:
    series = parse_pattern("{date:%G-W%V-%g-%V-%j-%Y}:{counter:1}")
    moment = datetime(year, month, day, tzinfo=UTC)
    assert series.format(counter=1, at=moment) == f"{text}:1"
    assert series.parse(f"{text}:1").date_parts["iso_week"] == int(text[6:8])


def test_an_exhausted_counter_never_wraps() -> None:
    series = parse_pattern("AC{counter:2}")
    write = series.formatter(NOON)
    assert write(99) == "AC99"
    for counter in (100, 101, 10**30):
        with pytest.raises(CounterExhausted) as refusal:
            write(counter)
        assert str(refusal.value) == (
            f"Series 'AC{{counter:2}}' is exhausted: expected a counter of at most 99, got"
            f" {counter}; release a version of the series with a wider counter."
        )
        assert refusal.value.pattern == "AC{counter:2}"
        assert (refusal.value.counter, refusal.value.last) == (counter, 99)


def test_a_wide_counter_ends_where_a_database_integer_does() -> None:
    series = parse_pattern("{counter:20}")
    assert series.format(counter=2**63 - 1, at=NOON) == "09223372036854775807"
    with pytest.raises(CounterExhausted):
        series.format(counter=2**63, at=NOON)
    with pytest.raises(InvalidSerial):
        series.parse("09223372036854775808")


@pytest.mark.parametrize("counter", [0, -1, 99])
def test_a_counter_before_the_start_is_refused(counter: int) -> None:
    with pytest.raises(SerialError) as refusal:
        parse_pattern("{counter:5,start=100}").format(counter=counter, at=NOON)
    assert str(refusal.value) == (
        f"Counter {counter} lies before the start of series '{{counter:5,start=100}}':"
        f" expected 100 or more."
    )
    assert not isinstance(refusal.value, CounterExhausted)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(SerialError) as refusal:
        parse_pattern(PATTERN).formatter(NOON.replace(tzinfo=None))
    assert str(refusal.value) == (
        "Moment 2026-11-23T12:34:56 has no time zone: expected the time of the site with its"
        " zone; use datetime.astimezone(site_zone)."
    )


@pytest.mark.parametrize(
    ("pattern", "text", "position", "problem"),
    [
        (PATTERN, "", None, f"has 0 characters: expected 13 by pattern '{PATTERN}'."),
        (PATTERN, "AC1X", None, f"has 4 characters: expected 13 by pattern '{PATTERN}'."),
        (PATTERN, "AX2632700001K", 2, "is wrong at position 2, literal: expected 'C', got 'X'."),
        (PATTERN, "ac2632700001k", 1, "is wrong at position 1, literal: expected 'A', got 'a'."),
        (
            PATTERN,
            "ACZ632700001K",
            3,
            "is wrong at position 3, year_of_century: expected a digit, got 'Z'.",
        ),
        (
            PATTERN,
            "AC26٣2700001K",
            5,
            "is wrong at position 5, day_of_year: expected a digit, got '٣'.",
        ),
        (
            PATTERN,
            "AC2636700001K",
            5,
            "is wrong at position 5, day_of_year: expected 001 to 366, got '367'.",
        ),
        (
            PATTERN,
            "AC2636600001K",
            None,
            (
                "names no day of the calendar: expected one that has year_of_century 26,"
                " day_of_year 366."
            ),
        ),
        (
            PATTERN,
            "AC26327O0001K",
            8,
            "is wrong at position 8, counter: expected one of 0123456789, got 'O'.",
        ),
        (
            PATTERN,
            "AC2632700000K",
            8,
            "is wrong at position 8, counter: expected 00001 to 99999, got '00000'.",
        ),
        (
            PATTERN,
            "AC2632700001X",
            13,
            "fails check scheme iso7064_mod_37_36: expected check character 'K', got 'X'.",
        ),
        (
            PATTERN,
            "AC2632700010K",
            13,
            "fails check scheme iso7064_mod_37_36: expected check character 'I', got 'K'.",
        ),
        (
            "{counter:4}{check:luhn}",
            "0001X",
            5,
            "fails check scheme luhn: expected check character '8', got 'X'.",
        ),
        (
            "{date:%Y}-{counter:2}-{date:%Y}",
            "2026-01-2027",
            9,
            "is wrong at position 9, year: expected 2026 as before, got '2027'.",
        ),
    ],
)
def test_a_text_that_is_no_serial_of_the_series_is_explained(
    pattern: str, text: str, position: int | None, problem: str
) -> None:
    with pytest.raises(InvalidSerial) as refusal:
        parse_pattern(pattern).parse(text)
    assert str(refusal.value) == f"Serial {text!r} {problem}"
    assert (refusal.value.text, refusal.value.position) == (text, position)


def test_a_very_long_text_is_shown_by_its_beginning() -> None:
    with pytest.raises(InvalidSerial) as refusal:
        parse_pattern("{counter:2}").parse("9" * 100_000)
    nines = "9" * 80
    assert str(refusal.value) == (
        f"Serial '{nines}'... has 100000 characters: expected 2 by pattern '{{counter:2}}'."
    )


@pytest.mark.parametrize(
    ("form", "possible", "impossible"),
    [
        ("%Y%j", "2024366", "2026366"),
        ("%Y%m%d", "20240229", "20260229"),
        ("%y%m%d", "000229", "010229"),
        ("%m%d", "0229", "0230"),
        ("%G%V", "202653", "202553"),
        ("%g%V", "2653", "0253"),
        ("%G%V%u", "9999525", "9999526"),
        ("%Y%G%V", "2027202653", "2027202652"),
        ("%y%G%V", "99199853", "98199953"),
        ("%y%g%V", "999853", "979853"),
        ("%Y-%y", "2026-26", "2026-27"),
        ("%V%m", "5301", "5302"),
        ("%V%H%M%S", "53235959", None),
        ("%H", "23", None),
    ],
)
def test_date_parts_must_fit_one_day_of_the_calendar(
    form: str, possible: str, impossible: str | None
) -> None:
    series = parse_pattern(f"{{date:{form}}}:{{counter:1}}")
    assert series.parse(f"{possible}:1").counter == 1
    if impossible:
        with pytest.raises(InvalidSerial, match="names no day of the calendar"):
            series.parse(f"{impossible}:1")


def test_every_example_in_the_package_is_true() -> None:
    package = labeler.serials
    modules = [package, *(import_module(m.name) for m in walk(package.__path__, package.__name__))]
    results = {module.__name__: doctest.testmod(module) for module in modules}
    assert {name: result.failed for name, result in results.items() if result.failed} == {}
    assert sum(result.attempted for result in results.values()) > 30


def walk(path: list[str], name: str) -> list[pkgutil.ModuleInfo]:
    return list(pkgutil.walk_packages(path, prefix=f"{name}."))
