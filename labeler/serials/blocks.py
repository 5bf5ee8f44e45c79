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
    tail_length = width + len(parts[1])
    head_length = len(parts[0]) + number.width - width
    check = series.check
    place = _check_place(series)
    cut = max(place - head_length, 0)

    @lru_cache(maxsize=TABLES_MAX)
    def table(check_of: Callable[[str], str]) -> list[str]:
        return [tail[:cut] + check_of(tail) + tail[cut:] for tail in tails]

    def serials_of(head: str, low: int, count: int) -> list[str]:
        if check is None:
            return [head + tail for tail in tails[low : low + count]]
        rows = table(check.scheme.compute_after(head, tail_length))[low : low + count]
        if place >= head_length:
            return [head + row for row in rows]
        front, back = head[:place], head[place:]
        end = check.length
        return [front + row[:end] + back + row[end:] for row in rows]

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
            serials += serials_of(head, low, count)
            at_number += count
        return serials

    return block


def _check_place(series: Series) -> int:
    """Characters before its check characters; without any, all of them."""
    before = 0
    for part in series.fields:
        if part is series.check:
            break
        before += part.length
    return before


def _nothing(_: int) -> str:
    return ""
