"""What the tests of the check schemes know of them: real numbers, and texts of any kind."""

from pathlib import Path

from hypothesis import strategies as st

from labeler.serials.checks import Scheme

NUMBERS = Path(__file__).parent / "numbers"

VIN_TWINS = ("1AJ", "2BKS", "3CLT", "4DMU", "5ENV", "6FW", "7GPX", "8HY", "9RZ")
"""Characters of a VIN that count the same, by 49 CFR 565.15(c)."""


def real_numbers(name: str) -> list[str]:
    lines = (NUMBERS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line.split()[0] for line in lines if not line.startswith("#")]


def bodies(scheme: Scheme, *, length: int | None = None) -> st.SearchStrategy[str]:
    shortest, longest = scheme.lengths[0], min(40, scheme.lengths[-1])
    if length is not None:
        shortest = longest = length
    return st.text(alphabet=scheme.alphabet, min_size=shortest, max_size=longest)
