"""What holds for every pattern, moment and number."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from labeler.serials import (
    CounterExhausted,
    InvalidSerial,
    Occasion,
    PatternError,
    Series,
    parse_pattern,
)
from labeler.serials.alphabets import ALPHABETS
from labeler.serials.checks import load, names
from labeler.serials.fields import Literal

LITERALS = st.text(alphabet="ABZ019-./ x{}'\"", max_size=5).map(
    lambda text: text.replace("{", "{{").replace("}", "}}")
)
DATES = st.lists(
    st.sampled_from(
        ["%Y", "%y", "%j", "%m", "%d", "%H", "%M", "%S", "%u", "%G%V", "%g%V", "-", "T"]
    ),
    min_size=1,
    max_size=4,
).map(lambda codes: "{date:%y" + "".join(codes) + "}")
MOMENTS = st.datetimes(
    min_value=datetime(1, 1, 2),  # noqa: DTZ001
    max_value=datetime(9999, 12, 30),  # noqa: DTZ001
    timezones=st.integers(-12 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m))),
)


@st.composite
def counters(draw: st.DrawFn) -> str:
    width, name = draw(st.integers(1, 14)), draw(st.sampled_from(sorted(ALPHABETS)))
    last = ALPHABETS[name].capacity(width) - 1
    start = draw(st.none() | st.integers(0, min(last, 2**63 - 1)))
    return f"{{counter:{width}:{name}" + ("}" if start is None else f",start={start}}}")


@st.composite
def serieses(draw: st.DrawFn) -> Series:
    """Any series: pieces in any order, with a check where a scheme can check them."""
    constants = st.lists(LITERALS | DATES, max_size=3).map("".join)
    pattern = draw(constants) + draw(counters()) + draw(constants)
    scheme = draw(st.none() | st.sampled_from(names()))
    if scheme:
        pattern += f"{{check:{scheme}}}"
    try:
        return parse_pattern(pattern)
    except PatternError:
        assume(condition=False)
        raise


@st.composite
def checked_serieses(draw: st.DrawFn) -> Series:
    scheme = load(draw(st.sampled_from(names())))
    able = [n for n, a in ALPHABETS.items() if set(a.characters) <= set(scheme.alphabet)]
    literal = st.text(alphabet=scheme.alphabet, max_size=5)
    date = st.sampled_from(["", "{date:%y%j}", "{date:%Y%m%d}", "{date:%G%V}"])
    counter = f"{{counter:{draw(st.integers(1, 10))}:{draw(st.sampled_from(able))}}}"
    before, after = draw(literal) + draw(date), draw(date) + draw(literal)
    try:
        return parse_pattern(before + counter + after + f"{{check:{scheme.name}}}")
    except PatternError:  # digits for a scheme of letters, or too many for one of a few characters
        assume(condition=False)
        raise


VIN_LETTERS = load("vin").alphabet
VIN_FIELDS = (
    ("{code:vin_year}", 1),
    ("{code:month_hex}", 1),
    ("{run:plant:1:digits}", 1),
    ("{date:%y}", 2),
    ("{date:%j}", 3),
)


@st.composite
def inside_serieses(draw: st.DrawFn) -> Series:
    """Any series whose check character stands within it, its number before or behind that."""
    width, letters = draw(st.integers(1, 8)), draw(st.sampled_from(["digits", "hex"]))
    counter = f"{{counter:{width}:{letters},step={draw(st.integers(1, 3))}}}"
    halves = [[(counter, width)], []]
    if draw(st.booleans()):
        halves.reverse()
    written = [draw(_eight(half)) for half in halves]
    return parse_pattern("{check:vin}".join(written))


@st.composite
def _eight(draw: st.DrawFn, pieces: list[tuple[str, int]]) -> str:
    """Eight characters of a VIN: the pieces, and constants around them."""
    left = 8 - sum(length for _, length in pieces)
    while left:
        literal = draw(st.sampled_from(VIN_LETTERS)), 1
        fields = [one for one in VIN_FIELDS if one[1] <= left]
        piece = draw(st.sampled_from([literal, *fields]))
        pieces.insert(draw(st.integers(0, len(pieces))), piece)
        left -= piece[1]
    return "".join(text for text, _ in pieces)


VIN_MOMENTS = st.datetimes(
    min_value=datetime(1980, 1, 1),  # noqa: DTZ001
    max_value=datetime(2159, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
).map(lambda moment: Occasion(at=moment, day=moment.date(), run={"plant": "7"}))


def steps(series: Series) -> st.SearchStrategy[int]:
    """Numbers of a series whose counter may step."""
    places = st.integers(0, series.counter_capacity - 1)
    return places.map(lambda place: series.counter_start + place * series.number.step)


def numbers(series: Series) -> st.SearchStrategy[int]:
    return st.integers(series.counter_start, series.counter_last)


@given(data=st.data(), at=MOMENTS)
def test_every_serial_is_read_back_as_it_was_written(data: st.DataObject, at: datetime) -> None:
    series = data.draw(serieses())
    counter = data.draw(numbers(series))
    text = series.format(counter=counter, at=at)
    parsed = series.parse(text)
    assert (parsed.text, parsed.counter, len(text)) == (text, counter, series.text_length)
    assert all(int(parsed.values[name]) == number for name, number in parsed.date_parts.items())


@given(data=st.data(), at=VIN_MOMENTS)
def test_every_serial_with_its_check_inside_is_a_vin_and_is_read_back(
    data: st.DataObject, at: Occasion
) -> None:
    series = data.draw(inside_serieses())
    counter = data.draw(steps(series))
    text = series.format(counter=counter, at=at)
    assert load("vin").validate(text) == text
    assert series.parse(text).counter == counter
    wrong = text[:8] + data.draw(st.sampled_from("0123456789X".replace(text[8], ""))) + text[9:]
    with pytest.raises(InvalidSerial) as refusal:
        series.parse(wrong)
    assert refusal.value.position == 9
    assert str(refusal.value) == (
        f"Serial '{wrong}' fails check scheme vin: expected check character '{text[8]}', got"
        f" '{wrong[8]}'."
    )


@given(data=st.data(), at=MOMENTS, then=MOMENTS)
def test_two_numbers_never_give_one_text_whatever_the_clock_says(
    data: st.DataObject, at: datetime, then: datetime
) -> None:
    series = data.draw(serieses())
    one, other = data.draw(numbers(series)), data.draw(numbers(series))
    assume(one != other)
    assert series.format(counter=one, at=at) != series.format(counter=other, at=then)


@given(data=st.data(), beyond=st.integers(1, 2**70))
def test_no_number_past_the_last_is_ever_written(data: st.DataObject, beyond: int) -> None:
    series = data.draw(serieses())
    with pytest.raises(CounterExhausted):
        series.format(counter=series.counter_last + beyond, at=datetime(2026, 11, 23, tzinfo=UTC))


@given(data=st.data(), at=MOMENTS)
def test_every_character_misread_in_a_checked_serial_is_noticed(
    data: st.DataObject, at: datetime
) -> None:
    series = data.draw(checked_serieses())
    text = series.format(counter=data.draw(numbers(series)), at=at)
    place = data.draw(st.integers(0, len(text) - 1))
    wrong = data.draw(st.characters(min_codepoint=32, max_codepoint=126))
    assume(wrong != text[place])
    assert series.check
    if series.check.scheme.name == "iso7064_mod_97_10":  # it promises digits and letters apart
        assume(wrong.isdigit() == text[place].isdigit())
    with pytest.raises(InvalidSerial):
        series.parse(text[:place] + wrong + text[place + 1 :])


@given(data=st.data(), at=MOMENTS)
def test_whatever_is_read_is_its_literals_and_values_and_nothing_else(
    data: st.DataObject, at: datetime
) -> None:
    series = data.draw(serieses())
    text = series.format(counter=data.draw(numbers(series)), at=at)
    place = data.draw(st.integers(0, len(text) - 1))
    noise = text[:place] + data.draw(st.sampled_from("0159AZ")) + text[place + 1 :]
    try:
        parsed = series.parse(noise)
    except InvalidSerial:
        return
    pieces = [f.text if isinstance(f, Literal) else parsed.values[f.name] for f in series.fields]
    assert "".join(pieces) == parsed.text == noise
    if not parsed.date_parts:
        assert series.format(counter=parsed.counter, at=at) == noise


@given(
    pattern=st.text(alphabet="{}:%,=AC date counter check luhn 05yjV\n", max_size=60) | st.text()
)
def test_any_other_pattern_is_refused_at_one_of_its_characters(pattern: str) -> None:
    try:
        series = parse_pattern(pattern)
    except PatternError as refusal:
        at_most = len(pattern) + 1
        if not 1 <= refusal.position <= at_most or not str(refusal).endswith("."):
            raise
    else:
        assert series.counter_capacity >= 1
