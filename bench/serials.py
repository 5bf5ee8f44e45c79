"""Serials per second, check character included, against python-stdnum's check digits alone.

Ours writes the whole serial from its number, as issuing does; the other side only computes the
check digit of the same text, which it is given.
"""

import itertools
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from stdnum import damm, luhn
from stdnum.iso7064 import mod_37_36

from bench.harness import Benchmark, Gate, Row, rate, take_turns
from bench.place import BenchError
from labeler.serials import parse_pattern

TURNS = 9
CHUNK = 1000
"""Serials between two looks at the clock."""
RATIO = Gate(goal=2.0, floor=2.0)

AT = datetime(2026, 11, 23, tzinfo=UTC)
PATTERNS = {
    "luhn": "{date:%Y%m%d}{counter:6}{check:luhn}",
    "iso7064_mod_37_36": "AC{date:%Y%m%d}{counter:6}{check:iso7064_mod_37_36}",
    "damm": "{date:%Y%m%d}{counter:6}{check:damm}",
}
OTHERS: dict[str, Callable[[str], str]] = {
    "luhn": luhn.calc_check_digit,
    "iso7064_mod_37_36": mod_37_36.calc_check_digit,
    "damm": damm.calc_check_digit,
}

NUMBERS = range(1, 100_001)


def compare(name: str) -> Row:
    """Measure one scheme; refuse if both sides do not agree on every serial."""
    make, check_of = parse_pattern(PATTERNS[name]).formatter(AT), OTHERS[name]
    serials = [make(number) for number in NUMBERS]
    for serial in serials:
        if serial[-1] != check_of(serial[:-1]):
            raise BenchError(f"{name}: {serial} should end in {check_of(serial[:-1])}")
    texts = [serial[:-1] for serial in serials]
    turns = take_turns(
        lambda: rate(make, itertools.cycle(NUMBERS), chunk=CHUNK),
        lambda: rate(check_of, itertools.cycle(texts), chunk=CHUNK),
        turns=TURNS,
    )
    return turns.row(f"serials, {name}", "serials/s", "stdnum check digits/s", RATIO)


def run(folder: Path) -> list[Row]:
    """Measure all of them."""
    del folder
    return [compare(name) for name in PATTERNS]


BENCHMARK = Benchmark(name="serials", run=run)
