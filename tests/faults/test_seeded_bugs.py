"""The checker sees: each bug that is put into the spooler is named."""

import re

import pytest

from printers.emulator import faults
from tests.faults.bugs import BUGS
from tests.faults.cases import Case, Death, run

AFTER_WRITE = (Death(point="after write"),)
CASES: dict[str, tuple[Case, str]] = {
    "writes twice": (
        Case(line="tcp", bug="writes twice", labels=3),
        r"Serial AC\w+ came out 2 times, though label \d+ is doubtful\.",
    ),
    "resends blindly": (
        Case(line="tcp", bug="resends blindly", labels=3, deaths=AFTER_WRITE),
        r"Serial AC\w+ came out 2 times, though label \d+ is printed\.",
    ),
    "forgets a job": (
        Case(line="tcp", bug="forgets a job", labels=6, patience_s=1.5),
        r"The label \d+ of serial AC\w+ was forgotten: it is still queued\.",
    ),
    "settles without proof": (
        Case(
            line="tcp",
            bug="settles without proof",
            labels=3,
            faults=(faults.parse("after 1 label: never-print for 99 s"),),
        ),
        r"label \d+ of serial AC\w+ is called printed by an odometer that .* come out then\.",
    ),
    "swaps two labels": (
        Case(line="tcp", bug="swaps two labels", labels=3),
        r"The label \d+ of serial AC\w+ came out before the label \d+ of serial AC\w+\.",
    ),
    "loses a trigger": (
        Case(line="tcp", bug="loses a trigger", labels=6),
        r"Serial AC\w+ was acknowledged, and the record has no unit of it\.",
    ),
    "claims after the write": (
        Case(line="tcp", bug="claims after the write", labels=3, deaths=AFTER_WRITE),
        r"Serial AC\w+ came out [2-9] times, though label \d+ is printed\.",
    ),
}
"""Bug -> a case in which it does harm, and a sentence that names the harm."""


def test_every_seeded_bug_has_its_case():
    assert sorted(CASES) == sorted(BUGS)


@pytest.mark.parametrize("bug", CASES)
def test_a_seeded_bug_is_named(tmp_path, bug):
    case, sentence = CASES[bug]
    found = run(case, tmp_path).differences
    assert [one for one in found if re.fullmatch(sentence, one)], found
