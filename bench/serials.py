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
from labeler.serials.blocks import block_writer

TURNS = 9
CHUNK = 1000
"""Serials between two looks at the clock."""
RATIO = Gate(goal=2.0, floor=2.0)
BLOCK = 10_000
BLOCK_RATIO = Gate(goal=0.5, floor=0.5)

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


def compare_block() -> Row:
    """Measure a block of serials, check characters included, against writing the same text."""
    pattern = "AC{date:%y%j}{counter:7}{check:iso7064_mod_37_36}"
    write = block_writer(parse_pattern(pattern), AT)
    blocks = [range(first, first + BLOCK) for first in range(1, 1_000_001, BLOCK)]
    if write(blocks[3]) != [parse_pattern(pattern).format(counter=n, at=AT) for n in blocks[3]]:
        raise BenchError("The block differs from its serials.")
    turns = take_turns(
        lambda: BLOCK * rate(write, itertools.cycle(blocks), chunk=1),
        lambda: BLOCK * rate(_bare, itertools.cycle(blocks), chunk=1),
        turns=TURNS,
    )
    return turns.row("serials, a block", "serials/s", "bare texts/s", BLOCK_RATIO)


def _bare(numbers: range) -> list[str]:
    return [f"AC26327{number:07d}K" for number in numbers]


def run(folder: Path) -> list[Row]:
    """Measure all of them."""
    del folder
    return [*(compare(name) for name in PATTERNS), compare_block()]


BENCHMARK = Benchmark(name="serials", run=run)
