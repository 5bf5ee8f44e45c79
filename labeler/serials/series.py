"""A number series: number and occasion -> serial, and a serial back to what it says.

>>> from datetime import UTC, datetime
>>> from labeler.serials import parse_pattern
>>> series = parse_pattern("AC{date:%y%j}{counter:5}{check:iso7064_mod_37_36}")
>>> series.format(counter=42, at=datetime(2026, 11, 23, tzinfo=UTC))
'AC26327000422'
>>> parsed = series.parse("AC26327000422")
>>> parsed.counter, dict(parsed.values)
(42, {'year_of_century': '26', 'day_of_year': '327', 'counter': '00042', 'check': '2'})
>>> series.parse("AC2632700O422")
Traceback (most recent call last):
labeler.serials.errors.InvalidSerial: Serial 'AC2632700O422' is wrong at position 10, counter: \
expected one of 0123456789, got 'O'.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import takewhile
from types import MappingProxyType
from typing import Literal as OneOf

from labeler.serials import periods
from labeler.serials.checking import confirm
from labeler.serials.dates import DatePart, is_possible
from labeler.serials.errors import CounterExhausted, InvalidSerial, SerialError, shown
from labeler.serials.faults import Fault
from labeler.serials.fields import Check, Constant, Field, Literal, RunPart
from labeler.serials.numbers import Number
from labeler.serials.occasions import Occasion, as_occasion
from labeler.units import counted

SeriesKind = OneOf["sequential", "permuted", "random", "pool"]
_KINDS: Mapping[str, SeriesKind] = MappingProxyType(
    {"counter": "sequential", "permuted": "permuted", "random": "random", "imported": "pool"}
)


@dataclass(frozen=True, kw_only=True)
class ParsedSerial:
    """A text that is a serial of a series: every field fits and the check characters are right."""

    text: str
    """The whole serial."""
    counter: int
    """Its number, as it is shown: what was handed to `Series.format`."""
    values: Mapping[str, str] = field(hash=False)
    """Field name -> its characters, in the order of the pattern, without literals."""
    date_parts: Mapping[str, int] = field(hash=False)
    """Name of the date part -> its number. A year of two digits stays one."""


@dataclass(frozen=True, kw_only=True)
class Series:
    """The rule that makes serials. Made by `parse_pattern`, which has checked it."""

    pattern: str
    """The text an engineer wrote."""
    fields: tuple[Field, ...]
    """What the text means, from left to right; each date code is a field of its own."""

    @cached_property
    def number(self) -> Number:
        """The field that makes each serial unique."""
        return next(f for f in self.fields if isinstance(f, Number))

    @property
    def kind(self) -> SeriesKind:
        """How its numbers come about."""
        return _KINDS[self.number.kind]

    @cached_property
    def check(self) -> Check | None:
        """Its check characters, if it has any."""
        return next((f for f in self.fields if isinstance(f, Check)), None)

    @property
    def check_place(self) -> int:
        """How many characters stand before its check characters; all of them, if it has none."""
        before = takewhile(lambda f: not isinstance(f, Check), self.fields)
        return sum(f.length for f in before)

    @cached_property
    def text_length(self) -> int:
        """How many characters every serial has."""
        return sum(f.length for f in self.fields)

    @property
    def counter_start(self) -> int:
        """The first number: hand this one in before any other."""
        return self.number.start

    @property
    def counter_last(self) -> int:
        """The last number; the one after it raises CounterExhausted."""
        return self.number.last

    @property
    def counter_capacity(self) -> int:
        """How many numbers there are from start to last; in each period, if it resets."""
        return self.number.count

    @property
    def run_parts(self) -> tuple[RunPart, ...]:
        """What it shows of the run."""
        return tuple(f for f in self.fields if isinstance(f, RunPart))

    @cached_property
    def _period_fields(self) -> list[Constant]:
        return periods.shown_fields(self.fields, self.number.reset) or []

    def period(self, at: datetime | Occasion) -> str:
        """The key under which the counter counts on this occasion; empty if it never resets."""
        return periods.key(self._period_fields, as_occasion(at))

    def format(self, *, counter: int, at: datetime | Occasion) -> str:
        """The serial with this number, issued on this occasion.

        A moment stands for its own calendar day, without shift and run. Raises CounterExhausted
        past the last number, SerialError before the first one, for a moment without a zone, or
        where the run does not say what the pattern shows.
        """
        return self.formatter(at)(counter)

    def formatter(self, at: datetime | Occasion) -> Callable[[int], str]:
        """A function from a number to its serial, for all serials issued on one occasion.

        Everything but the number is written once, and so is its part of the check characters.
        """
        prefix, suffix = self.around_number(at)
        number_text = self._number_writer()
        if self.check is None:
            return lambda counter: prefix + number_text(counter) + suffix
        tail_length = self.number.width + len(suffix)
        check = self.check.scheme.compute_after(prefix, tail_length)
        if self.check.scheme.check_position is not None:
            place = self.check_place
            front, back = prefix[:place], prefix[place:]
            cut = place - len(front)  # nothing, unless the check stands behind the number

            def serial_around(counter: int) -> str:
                tail = number_text(counter) + suffix
                return front + tail[:cut] + check(tail) + back + tail[cut:]

            return serial_around

        def serial(counter: int) -> str:
            tail = number_text(counter) + suffix
            return prefix + tail + check(tail)

        return serial

    def around_number(self, at: datetime | Occasion) -> tuple[str, str]:
        """What stands before and behind the number on an occasion, check characters left out."""
        occasion = as_occasion(at)
        place = self.fields.index(self.number)
        behind = _text_at(occasion, self.fields[place + 1 :])
        return _text_at(occasion, self.fields[:place]), behind

    def number_text(self, number: int) -> str:
        """Its number alone, as a serial shows it."""
        return self._number_writer()(number)

    @cached_property
    def _encode(self) -> Callable[[int], str]:
        return self.number.alphabet.encoder(self.number.width)

    def _number_writer(self) -> Callable[[int], str]:
        start, last, step = self.number.start, self.number.last, self.number.step
        encode = self._encode

        def write(counter: int) -> str:
            if start <= counter <= last and (step == 1 or not (counter - start) % step):
                return encode(counter)
            raise self._no_number(counter)

        return write

    def _no_number(self, counter: int) -> SerialError:
        if counter > self.number.last:
            return CounterExhausted(self.pattern, counter=counter, last=self.number.last)
        if counter < self.number.start:
            return SerialError(
                f"Counter {counter} lies before the start of series {shown(self.pattern)}:"
                f" expected {self.number.start} or more."
            )
        return SerialError(
            f"Counter {counter} is none of series {shown(self.pattern)}: expected"
            f" {self.number.start} and then every {self.number.step}."
        )

    def parse(self, text: str) -> ParsedSerial:
        """What a serial says, or InvalidSerial with the first thing that is wrong with it."""
        values: dict[str, str] = {}
        for position, part, piece in self._pieces(text):
            fault = part.fault(piece)
            if fault:
                raise _misfit(text, position, part, fault)
            if isinstance(part, Literal):
                continue
            earlier = values.setdefault(part.name, piece)
            if earlier != piece:
                again = Fault(offset=0, expected=f"{earlier} as before", found=piece)
                raise _misfit(text, position, part, again)
        date_parts = self._date_parts(text, values)
        if self.check:
            scheme = self.check.scheme
            expected = scheme.compute(scheme.without_check(text))
            confirm(text, scheme=scheme.name, expected=expected, position=scheme.check_position)
        return ParsedSerial(
            text=text,
            counter=self.number.alphabet.decode(values[self.number.name]),
            values=MappingProxyType(values),
            date_parts=MappingProxyType(date_parts),
        )

    def characters_at(self, position: int) -> str:
        """The characters that can stand at a position, counted from 1; none outside the text."""
        start = 1
        for part in self.fields:
            if start <= position < start + part.length:
                return part.characters_at(position - start)
            start += part.length
        return ""

    def _pieces(self, text: str) -> Iterator[tuple[int, Field, str]]:
        if len(text) != self.text_length:
            raise InvalidSerial(
                text,
                problem=f"has {counted(len(text), 'character')}: expected {self.text_length}"
                f" by pattern {shown(self.pattern)}.",
            )
        start = 0
        for part in self.fields:
            yield start + 1, part, text[start : start + part.length]
            start += part.length

    def _date_parts(self, text: str, values: Mapping[str, str]) -> dict[str, int]:
        parts = {f.code: f for f in self.fields if isinstance(f, DatePart)}
        numbers = {code: int(values[part.name]) for code, part in parts.items()}
        if not is_possible(tuple(numbers.items())):
            said = ", ".join(f"{part.name} {values[part.name]}" for part in parts.values())
            raise InvalidSerial(
                text, problem=f"names no day of the calendar: expected one that has {said}."
            )
        return {parts[code].name: number for code, number in numbers.items()}


def _text_at(occasion: Occasion, fields: tuple[Field, ...]) -> str:
    return "".join(f.text_at(occasion) for f in fields if isinstance(f, Constant))


def _misfit(text: str, position: int, part: Field, fault: Fault) -> InvalidSerial:
    wrong = position + fault.offset
    return InvalidSerial(
        text,
        position=wrong,
        problem=f"is wrong at position {wrong}, {part.name}:"
        f" expected {fault.expected}, got {shown(fault.found)}.",
    )
