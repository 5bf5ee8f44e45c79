"""A fault: what a field finds wrong with the text in its place."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One wrong place, in the field's own terms; the series adds the rest of the sentence."""

    offset: int
    """Characters of the field before the wrong one."""
    expected: str
    """What should stand there, in words."""
    found: str
    """What stands there."""
