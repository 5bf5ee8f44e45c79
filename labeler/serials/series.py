"""A number series: counter and moment -> serial, and a serial back to what it says.

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
from types import MappingProxyType

from labeler.serials.checking import confirm
from labeler.serials.dates import DatePart, is_possible
from labeler.serials.errors import CounterExhausted, InvalidSerial, SerialError, shown
from labeler.serials.faults import Fault
from labeler.serials.fields import Check, Constant, Counter, Field, Literal


@dataclass(frozen=True, kw_only=True)
class ParsedSerial:
    """A text that is a serial of a series: every field fits and the check characters are right."""

    text: str
    """The whole serial."""
    counter: int
    """Its number, counted as it was handed to `Series.format`."""
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
    def _counter(self) -> Counter:
        return next(f for f in self.fields if isinstance(f, Counter))

    @cached_property
    def _check(self) -> Check | None:
        return next((f for f in self.fields if isinstance(f, Check)), None)

    @cached_property
    def text_length(self) -> int:
        """How many characters every serial has."""
        return sum(f.length for f in self.fields)

    @property
    def counter_start(self) -> int:
        """The first number: hand this one in before any other."""
        return self._counter.start

    @property
    def counter_last(self) -> int:
        """The last number; the one after it raises CounterExhausted."""
        return self._counter.last

    @property
    def counter_capacity(self) -> int:
        """How many numbers there are from start to last."""
        return self._counter.capacity

    def format(self, *, counter: int, at: datetime) -> str:
        """The serial with this number, issued at this moment in the site's zone.

        Raises CounterExhausted past the last number, SerialError before the first one or for a
        moment without a zone.
        """
        return self.formatter(at)(counter)

    def formatter(self, at: datetime) -> Callable[[int], str]:
        """A function from a number to its serial, for all serials issued at one moment.

        Everything but the counter is written once, and so is its part of the check characters.
        """
        if at.utcoffset() is None:
            raise SerialError(
                f"Moment {at.isoformat()} has no time zone: expected the time of the site with"
                f" its zone; use datetime.astimezone(site_zone)."
            )
        place = self.fields.index(self._counter)
        prefix = _text_at(at, self.fields[:place])
        suffix = _text_at(at, self.fields[place + 1 :])
        number_text = self._number_writer()
        if self._check is None:
            return lambda counter: prefix + number_text(counter) + suffix
        tail_length = self._counter.width + len(suffix)
        check = self._check.scheme.compute_after(prefix, tail_length)

        def serial(counter: int) -> str:
            tail = number_text(counter) + suffix
            return prefix + tail + check(tail)

        return serial

    def _number_writer(self) -> Callable[[int], str]:
        start, last = self._counter.start, self._counter.last
        encode = self._counter.alphabet.encoder(self._counter.width)

        def write(counter: int) -> str:
            if start <= counter <= last:
                return encode(counter)
            if counter > last:
                raise CounterExhausted(self.pattern, counter=counter, last=last)
            raise SerialError(
                f"Counter {counter} lies before the start of series {shown(self.pattern)}:"
                f" expected {start} or more."
            )

        return write

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
        if self._check:
            scheme = self._check.scheme
            confirm(text, scheme=scheme.name, expected=scheme.compute(text[: -scheme.check_length]))
        return ParsedSerial(
            text=text,
            counter=self._counter.alphabet.decode(values["counter"]),
            values=MappingProxyType(values),
            date_parts=MappingProxyType(date_parts),
        )

    def _pieces(self, text: str) -> Iterator[tuple[int, Field, str]]:
        if len(text) != self.text_length:
            raise InvalidSerial(
                text,
                problem=f"has {len(text)} characters: expected {self.text_length}"
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


def _text_at(at: datetime, fields: tuple[Field, ...]) -> str:
    return "".join(f.text_at(at) for f in fields if isinstance(f, Constant))


def _misfit(text: str, position: int, part: Field, fault: Fault) -> InvalidSerial:
    wrong = position + fault.offset
    return InvalidSerial(
        text,
        position=wrong,
        problem=f"is wrong at position {wrong}, {part.name}:"
        f" expected {fault.expected}, got {shown(fault.found)}.",
    )
