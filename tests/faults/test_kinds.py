"""Every kind of fault of the printer, alone and in pairs: what the record says is so."""

import pytest

from printers.emulator import faults
from printers.emulator.faults import KINDS, Fault
from tests.faults.cases import Case, Outcome, check
from tests.faults.station import Line

LINES = ("tcp", "pty")
PAIRS = 6
"""Seeds of pairs in the short sweep."""


def scripts() -> list[str]:
    """Return every kind after two labels, and in the third where it may come there."""
    found = []
    for name, kind in KINDS.items():
        found.append(f"after 2 labels: {name}")
        if kind.inside:
            found.append(f"in label 3: {name}")
    return found


def case(line: Line, script: tuple[Fault, ...], *, labels: int, seed: int = 0) -> Case:
    """Return the case of a script; labels are sent whole where a bit of them may be wrong."""
    changes = {}
    if any(fault.kind == "data-noise" for fault in script):
        changes = {"printers": {"zebra-1": {"stored_formats": False}}}
    return Case(line=line, faults=script, labels=labels, seed=seed, changes=changes)


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("script", scripts())
def test_a_fault_of_any_kind_leaves_a_record_that_is_so(tmp_path, script, line):
    outcome: Outcome = check(case(line, (faults.parse(script),), labels=9), tmp_path)
    assert [str(fault) for fault in outcome.settled.faults][:1] == [script]


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("seed", range(PAIRS))
def test_two_faults_by_chance_leave_a_record_that_is_so(tmp_path, seed, line):
    script = faults.plan(seed, labels=9, share=2 / 9)
    check(case(line, script, labels=9, seed=seed), tmp_path)
