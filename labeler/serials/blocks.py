"""Many serials at once: a block of numbers that follow one another, as their texts.

The last characters of the numbers, with everything behind them, are written into a table once for
each state that a check scheme can be in before them. From then on a serial is one text put behind
another: several times quicker than one by one.

>>> from datetime import UTC, datetime
>>> from labeler.serials.pattern import parse_pattern
>>> series = parse_pattern("A{counter:4}{check:luhn_mod_36}")
>>> write = block_writer(series, datetime(2026, 11, 23, tzinfo=UTC))
>>> write(range(99, 102))
['A0099P', 'A0100E', 'A0101C']
"""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from itertools import product

from labeler.serials.occasions import Occasion
from labeler.serials.series import Series

TABLE_MAX = 2000
"""Rows of one table."""
TABLES_MAX = 128
"""Tables kept. No scheme with states of its own has more of them, but MOD 661-26 and 1271-36."""


def block_writer(series: Series, at: datetime | Occasion) -> Callable[[range], list[str]]:
    """Return a function from numbers that follow one another to their serials.

    Raises what `Series.formatter` raises, for the occasion at once and for numbers when called.
    """
    write = series.formatter(at)
    parts = series.around_number(at)
    number = series.number
    base = len(number.alphabet.characters)
    width = next(w for w in range(min(number.width, 10), 0, -1) if base**w <= TABLE_MAX or w == 1)
    tails = ["".join(one) + parts[1] for one in product(number.alphabet.characters, repeat=width)]
    size = len(tails)
    high = number.alphabet.encoder(number.width - width) if number.width > width else _nothing
    serials_of = _rows_writer(series, tails, head_length=len(parts[0]) + number.width - width)

    def block(numbers: range) -> list[str]:
        if numbers.step != 1 or number.step != 1 or not numbers:
            return [write(one) for one in numbers]
        write(numbers[0]), write(numbers[-1])  # refuses numbers the series does not have
        serials: list[str] = []
        at_number = numbers.start
        while at_number < numbers.stop:
            before, low = divmod(at_number, size)
            count = min(size - low, numbers.stop - at_number)
            head = parts[0] + high(before)
            serials += serials_of(head, slice(low, low + count))
            at_number += count
        return serials

    return block


def _rows_writer(
    series: Series, tails: list[str], *, head_length: int
) -> Callable[[str, slice], list[str]]:
    """Return a function from what stands before the tails, and which of them, to the serials."""
    check = series.check
    if check is None:
        return lambda head, rows: [head + tail for tail in tails[rows]]
    scheme, tail_length = check.scheme, len(tails[0])
    place, length = series.check_place, check.length
    cut = max(place - head_length, 0)

    @lru_cache(maxsize=TABLES_MAX)
    def table(check_of: Callable[[str], str]) -> list[str]:
        return [tail[:cut] + check_of(tail) + tail[cut:] for tail in tails]

    def behind(head: str, rows: slice) -> list[str]:
        return [head + row for row in table(scheme.compute_after(head, tail_length))[rows]]

    def within(head: str, rows: slice) -> list[str]:
        front, back = head[:place], head[place:]
        checked = table(scheme.compute_after(head, tail_length))[rows]
        return [front + row[:length] + back + row[length:] for row in checked]

    return behind if place >= head_length else within


def _nothing(_: int) -> str:
    return ""
