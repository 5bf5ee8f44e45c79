"""Every kind of fault of the printer, alone and in pairs: what the record says is so."""

import pytest

from printers.emulator import faults
from printers.emulator.faults import KINDS, Fault
from tests.faults.cases import Case, check
from tests.faults.seeds import seed_of
from tests.faults.station import Line

LINES = ("tcp", "pty")
LABELS, LONG_LABELS = 9, 1000
PAIRS, LONG_PAIRS = 5, 20
"""How many pairs there are in the short and in the long sweep."""
LONG_SHARE = 0.02
"""Faults for each label in the long sweep."""


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
    outcome = check(case(line, (faults.parse(script),), labels=LABELS), tmp_path)
    assert [str(fault) for fault in outcome.settled.faults][:1] == [script]


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("seed", range(PAIRS))
def test_two_faults_by_chance_leave_a_record_that_is_so(tmp_path, seed, line):
    script = faults.plan(seed, labels=LABELS, share=2 / LABELS)
    check(case(line, script, labels=LABELS, seed=seed), tmp_path)


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_thousand_labels_with_faults_of_one_kind_leave_a_record_that_is_so(
    tmp_path, request, kind, line
):
    seed, _ = seed_of(request)
    script = faults.plan(seed, labels=LONG_LABELS, share=LONG_SHARE, kinds=(kind,))
    check(case(line, script, labels=LONG_LABELS, seed=seed), tmp_path)


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("number", range(LONG_PAIRS))
def test_a_thousand_labels_with_faults_of_two_kinds_leave_a_record_that_is_so(
    tmp_path, request, number, line
):
    seed, dice = seed_of(request)
    kinds = tuple(dice.sample(sorted(KINDS), 2))
    script = faults.plan(seed, labels=LONG_LABELS, share=LONG_SHARE, kinds=kinds)
    check(case(line, script, labels=LONG_LABELS, seed=seed), tmp_path)
