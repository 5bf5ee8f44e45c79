"""When a production day begins, and which shift is at work."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from labeler.serials import Calendar, SerialError, Shift, parse_pattern
from labeler.serials.numbers import Reset
from labeler.serials.occasions import check_shifts
from tests.serials.plant import BERLIN, CALENDAR, OWN, SHIFTS, at


@pytest.mark.parametrize(
    ("moment", "day", "shift"),
    [
        ("2026-11-23T06:00:00", date(2026, 11, 23), "A"),
        ("2026-11-23T13:59:59", date(2026, 11, 23), "A"),
        ("2026-11-23T14:00:00", date(2026, 11, 23), "B"),
        ("2026-11-23T22:00:00", date(2026, 11, 23), "C"),
        ("2026-11-24T00:00:00", date(2026, 11, 23), "C"),
        ("2026-11-24T05:59:59", date(2026, 11, 23), "C"),
        ("2026-11-24T06:00:00", date(2026, 11, 24), "A"),
        ("2027-01-01T05:00:00", date(2026, 12, 31), "C"),
    ],
)
def test_the_night_shift_belongs_to_the_day_before(moment: str, day: date, shift: str) -> None:
    found = at(moment)
    assert (found.day, found.shift) == (day, shift)


def test_the_production_day_gives_the_date_and_the_wall_gives_the_hour() -> None:
    text = parse_pattern("{date:%y%m%d}-{date:%H%M}-{shift}-{counter:2}", own=OWN).format(
        counter=7, at=at("2027-01-01T05:30:00")
    )
    assert text == "261231-0530-C-07"


def test_both_hours_of_the_night_the_clock_goes_back_are_one_production_day() -> None:
    calendar = Calendar(zone=BERLIN)
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    found = [calendar.occasion(first + timedelta(hours=hour)) for hour in (0, 1)]
    assert [(f.at.hour, f.day) for f in found] == [(2, date(2026, 10, 25))] * 2


@pytest.mark.parametrize(
    ("reset", "moment", "begins"),
    [
        ("shift", "2026-11-23T12:00:00", "2026-11-23T14:00:00"),
        ("shift", "2026-11-23T22:00:00", "2026-11-24T06:00:00"),
        ("day", "2026-11-23T12:00:00", "2026-11-24T06:00:00"),
        ("day", "2026-11-24T05:59:59", "2026-11-24T06:00:00"),
        ("day", "2026-11-24T06:00:00", "2026-11-25T06:00:00"),
        ("week", "2026-11-23T12:00:00", "2026-11-30T06:00:00"),
        ("week", "2026-11-30T05:00:00", "2026-11-30T06:00:00"),
        ("month", "2026-12-31T12:00:00", "2027-01-01T06:00:00"),
        ("month", "2027-01-31T12:00:00", "2027-02-01T06:00:00"),
        ("year", "2026-11-23T12:00:00", "2027-01-01T06:00:00"),
        ("day", "2026-10-24T12:00:00", "2026-10-25T06:00:00"),
    ],
)
def test_the_next_beginning_is_that_of_the_site(reset: Reset, moment: str, begins: str) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=BERLIN)
    wanted = datetime.fromisoformat(begins).replace(tzinfo=BERLIN)
    assert CALENDAR.next_begin(at, reset) == wanted


def test_no_clock_says_when_a_run_begins() -> None:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    assert [CALENDAR.next_begin(at, reset) for reset in ("never", "run")] == [None, None]


def test_a_moment_without_a_zone_is_no_occasion() -> None:
    with pytest.raises(SerialError) as refusal:
        CALENDAR.occasion(datetime(2026, 11, 23))  # noqa: DTZ001
    assert str(refusal.value) == (
        "Moment 2026-11-23T00:00:00 has no time zone: expected the time of the site with its zone;"
        " use datetime.astimezone(site_zone)."
    )


@pytest.mark.parametrize(
    ("shifts", "problem"),
    [
        (SHIFTS, None),
        ((), None),
        (
            (*SHIFTS, Shift(name="D", start=time(14))),
            "Shifts 'B' and 'D' start at the same time.",
        ),
        (
            (*SHIFTS, Shift(name="DD", start=time(15))),
            "Shifts 'A' and 'DD' have names of different lengths; write names of one length.",
        ),
        (
            (*SHIFTS, Shift(name="A", start=time(15))),
            "Two shifts have the same name; write each name once.",
        ),
    ],
)
def test_shifts_have_names_of_one_length_and_starts_of_their_own(
    shifts: tuple[Shift, ...], problem: str | None
) -> None:
    assert check_shifts(shifts) == problem
