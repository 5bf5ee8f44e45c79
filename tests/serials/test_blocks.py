"""Many serials at once are the same texts as one by one."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.serials import CounterExhausted, Occasion, SerialError, parse_pattern
from labeler.serials.blocks import TABLE_MAX, block_writer
from labeler.serials.checks import load, names
from tests.serials.test_series_properties import (
    MOMENTS,
    VIN_MOMENTS,
    checked_serieses,
    inside_serieses,
    serieses,
    steps,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@settings(deadline=None)
@given(data=st.data(), at=MOMENTS)
def test_a_block_holds_what_the_formatter_writes(data: st.DataObject, at: datetime) -> None:
    series = data.draw(serieses() | checked_serieses())
    first = data.draw(st.integers(series.counter_start, series.counter_last))
    count = data.draw(st.integers(0, min(3 * TABLE_MAX, series.counter_last - first + 1)))
    write = series.formatter(at)
    numbers = range(first, first + count)
    assert block_writer(series, at)(numbers) == [write(number) for number in numbers]


@settings(deadline=None)
@given(data=st.data(), at=VIN_MOMENTS)
def test_a_block_with_the_check_inside_holds_what_the_formatter_writes(
    data: st.DataObject, at: Occasion
) -> None:
    series = data.draw(inside_serieses())
    first, step = data.draw(steps(series)), series.number.step
    count = data.draw(st.integers(0, min(2 * TABLE_MAX, (series.counter_last - first) // step + 1)))
    write = series.formatter(at)
    numbers = range(first, first + count * step, step)
    texts = [write(number) for number in numbers]
    assert block_writer(series, at)(numbers) == texts
    assert [load("vin").validate(text) for text in texts[:10]] == texts[:10]


@pytest.mark.parametrize(
    "pattern", ["{counter:8}{check:vin}7T1PLANT", "1M8GDM9A{check:vin}KP{counter:6}"]
)
def test_a_block_has_the_check_inside_whether_the_number_stands_before_it_or_behind(
    pattern: str,
) -> None:
    series = parse_pattern(pattern)
    numbers = range(1, 30_001)
    written = block_writer(series, NOON)(numbers)
    assert written == [series.format(counter=number, at=NOON) for number in numbers]
    assert len(set(map(load("vin").validate, written))) == len(numbers)


@pytest.mark.parametrize("name", [name for name in names() if load(name).can_end(9)])
def test_a_block_of_every_scheme_has_the_right_check_characters(name: str) -> None:
    scheme = load(name)
    letters = "digits" if "0" in scheme.alphabet else "upper"
    series = parse_pattern(f"{{counter:9:{letters}}}{{check:{name}}}")
    numbers = range(1, 30_001)
    bodies = [series.number_text(number) for number in numbers]
    assert block_writer(series, NOON)(numbers) == [body + scheme.compute(body) for body in bodies]


def test_a_block_of_steps_is_written_too() -> None:
    series = parse_pattern("{counter:4,step=3}{check:damm}")
    numbers = range(1, 40, 3)
    assert block_writer(series, NOON)(numbers) == [
        series.format(counter=number, at=NOON) for number in numbers
    ]


def test_a_block_with_numbers_the_series_does_not_have_is_refused() -> None:
    write = block_writer(parse_pattern("{counter:2}"), NOON)
    for numbers, error in ((range(98, 101), CounterExhausted), (range(3), SerialError)):
        with pytest.raises(error):
            write(numbers)
