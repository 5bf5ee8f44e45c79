"""Test serials: what a line is tried with, and what no unit of production ever has.

A test serial is `TEST-` and a text of its series, counted in epochs of its own: epoch -1 goes with
the production epoch 1. No production series may make a text that begins like that, which is tried
character by character before anything is issued. So the two can never be equal.

>>> from labeler.serials import parse_pattern
>>> could_begin_so(parse_pattern("AC{counter:5}")), could_begin_so(parse_pattern("TE{counter:9}"))
(False, False)
>>> require_apart(parse_pattern("TEST-{counter:5}"))
Traceback (most recent call last):
labeler.serials.errors.PatternError: Pattern 'TEST-{counter:5}', character 1: its serials could \
begin with 'TEST-', as only those of test runs do; write another literal in front.
"""

from dataclasses import replace

from labeler.errors import NO_TEST_SERIALS, Refusal
from labeler.serials import Definition, PatternError, Series

PREFIX = "TEST-"
"""How every test serial begins, and no other."""
MARK = "TEST"
"""What the labels of a test run say besides."""
SERIAL_LENGTH_MAX = 64
"""What the record keeps of a serial."""


def could_begin_so(series: Series) -> bool:
    """Return whether each character of the prefix may stand at its place in a text of the series.

    Places are looked at one by one, so it may say yes where no text begins so; never the reverse.
    """
    return all(
        character in series.characters_at(position)
        for position, character in enumerate(PREFIX, start=1)
    )


def require_apart(series: Series) -> None:
    """Raise PatternError if a production serial of the series could be taken for a test's."""
    if could_begin_so(series):
        raise PatternError(
            series.pattern,
            position=1,
            problem=f"its serials could begin with '{PREFIX}', as only those of test runs do; "
            "write another literal in front.",
        )


def require_room(name: str, series: Series) -> None:
    """Refuse (2009) a series whose test serials would be longer than a serial may be."""
    length = len(PREFIX) + series.text_length
    if length > SERIAL_LENGTH_MAX:
        raise Refusal(
            NO_TEST_SERIALS,
            f"A test serial of series '{name}' would have {length} characters: '{PREFIX}' and "
            f"{series.text_length}; expected {SERIAL_LENGTH_MAX} at most.",
            hint="Nothing was opened. Test with another product, or give the series a shorter "
            "pattern.",
        )


def counted(definition: Definition) -> Definition:
    """Return the definition as tests count by it: who guesses a test serial has gained nothing."""
    return replace(definition, unguessable=False)


def epoch(production: int) -> int:
    """Return the epoch in which tests count while production counts in this one."""
    return -production


def permuted_as(name: str) -> str:
    """Return what chooses a test's permutation: it must tell nothing of the production numbers.

    No series has such a name.
    """
    return f"{name}\0{MARK}"
