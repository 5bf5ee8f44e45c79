"""Conditions: what holds, what cannot be known yet, and where a wrong one is wrong."""

import itertools

import pytest

from labeler.templates import conditions
from labeler.templates.errors import Fault

KNOWN = {"run.lot": "L7", "run.operator": "", "product.code": "AC-100", "number": "1"}


def unknown(source: str) -> None:
    """Know nothing."""


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("{run.lot}", True),
        ("{run.operator}", False),
        ("not {run.operator}", True),
        ("{product.code} == AC-100", True),
        ("{product.code} == 'AC-100'", True),
        ('{product.code}=="AC-100"', True),
        ("{product.code} == ac-100", False),
        ("{product.code|lower} == ac-100", True),
        ("{product.code|first:2} in [AB, AC]", True),
        ("{product.code} in [AC-1, 'AC 100']", False),
        ("{product.code} not in [AC-1, 'AC 100']", True),
        ("not {product.code} not in [AC-100]", True),
        ("{product.code} != AC-100", False),
        ("not {product.code} != AC-100", True),
        ("{run.operator} == ''", True),
        ("{run.lot} and {run.operator}", False),
        ("{run.lot} or {run.operator}", True),
        ("{run.lot} and not {run.operator}", True),
        ("not ({run.lot} and {run.operator})", True),
        ("not ({run.lot} or {run.operator})", False),
        ("({run.operator} or {run.lot}) and {number} == 1", True),
        ("{run.operator} or ({run.lot} and {number} != 1)", False),
        ("({run.lot})", True),
        ("{attributes.and} == 'and'", None),
        ("{copy}", None),
        ("{copy} == 1", None),
    ],
)
def test_condition_holds_or_not(text: str, holds: bool | None) -> None:
    assert conditions.read(text).decide(KNOWN.get) is holds


@pytest.mark.parametrize(
    ("text", "copies"),
    [
        ("{copy}", {1, 2, 10}),
        ("not {copy}", {0}),
        ("{copy} != 0", {1, 2, 10}),
        ("{copy|pad:2} == 10", {10}),
        ("{copy|pad:2}", {1, 2, 10}),
        ("{copy} in [1, 2] and {run.lot}", {1, 2}),
    ],
)
def test_copy_alone_holds_on_copies(text: str, copies: set[int]) -> None:
    condition = conditions.read(text)
    found = {one for one in (0, 1, 2, 10) if condition.decide({**KNOWN, "copy": str(one)}.get)}
    assert found == copies


def test_condition_is_decided_by_what_is_known_already() -> None:
    for word, negated in itertools.product(("and", "or"), ("", "not ")):
        condition = conditions.read(f"{negated}({{run.lot}} {word} {{line}} == a)")
        for lot, line in itertools.product(("L7", ""), ("a", "b")):
            known = condition.decide({"run.lot": lot}.get)
            whole = condition.decide({"run.lot": lot, "line": line}.get)
            assert whole is not None
            assert known in (None, whole)
    assert conditions.read("{run.lot} and {line} == a").decide({"run.lot": ""}.get) is False
    assert conditions.read("{run.lot} or {line} == a").decide({"run.lot": "L"}.get) is True


def test_what_every_unit_has_is_there_before_its_value_is_known() -> None:
    assert conditions.read("{identifiers.mac}").decide(unknown) is True
    assert conditions.read("not {serial.fnc1|group:4}").decide(unknown) is False
    assert conditions.read("{serial|skip:20}").decide(unknown) is None
    assert conditions.read("{identifiers.mac} == A").decide(unknown) is None
    assert conditions.read("{run.lot}").decide(unknown) is None


AFTER_VALUE = "expected ==, !=, in, not in, and, or, or the end"
QUOTES = "expected a text; put one that is no plain word in quotes"
A_VALUE = "expected a value in braces, such as {run.lot}"


@pytest.mark.parametrize(
    ("text", "position", "problem"),
    [
        ("", 1, f"{A_VALUE}, got the end"),
        ("  ", 1, f"{A_VALUE}, got the end"),
        ("run.lot", 1, f"{A_VALUE}, got 'run.lot'"),
        ("{run.lot} = L7", 11, f"{AFTER_VALUE}, got '='"),
        ("{run.lot} is L7", 11, f"{AFTER_VALUE}, got 'is'"),
        ("{run.lot} ==", 13, f"{QUOTES}, got the end"),
        ("{run.lot} == {line}", 14, f"{QUOTES}, got '{{line}}'"),
        ("{run.lot} == and", 14, f"{QUOTES}, got 'and'"),
        ("{run.lot} == L 7", 16, "expected and, or, or the end, got '7'"),
        ("{run.lot} == 'L7", 14, f'{QUOTES}, got "\'"'),
        ("{run.lot} in L7", 14, "expected [ and a list, such as [A, B], got 'L7'"),
        ("{run.lot} in []", 15, f"{QUOTES}, got ']'"),
        ("{run.lot} in [L7 L8]", 18, "expected , or ], got 'L8'"),
        ("{run.lot} not L7", 15, "expected in, got 'L7'"),
        ("{run.lot} and", 14, f"{A_VALUE}, got the end"),
        ("not not {run.lot}", 5, f"{A_VALUE}, got 'not'"),
        ("({run.lot}", 11, "expected ==, !=, in, not in, and, or, or ), got the end"),
        ("{run.lot})", 10, f"{AFTER_VALUE}, got ')'"),
        ("({run.lot} or {line}) {line}", 23, "expected and, or, or the end, got '{line}'"),
        (
            "(({run.lot}))",
            2,
            "parentheses inside of parentheses: expected one level of them",
        ),
        (
            "{run.lot} and {line} or {run.id}",
            22,
            "'and' and 'or' side by side: put one of both in parentheses",
        ),
        (
            "({run.lot} and {line}) or ({run.id} or {run.lot} and {line})",
            50,
            "'and' and 'or' side by side: put one of both in parentheses",
        ),
        (" or ".join(["{run.lot}"] * 9), 105, "more than 8 terms: expected fewer"),
    ],
)
def test_condition_that_is_wrong_is_refused_at_its_position(
    text: str, position: int, problem: str
) -> None:
    with pytest.raises(Fault) as caught:
        conditions.read(text)
    shown = text if len(text) <= 100 else f"{text[:97]}..."
    assert caught.value.sentences == (f"show_if {shown!r}, position {position}: {problem}.",)


def test_condition_about_what_is_not_known_is_refused_with_all_that_is_wrong() -> None:
    with pytest.raises(Fault) as caught:
        conditions.read("{line} and {run.lott|uper}")
    first, second = caught.value.sentences
    place = "show_if '{line} and {run.lott|uper}', position 12: "
    assert first.startswith(
        f"{place}'{{run.lott}}' is not a known value: did you mean {{run.lot}}? Known: serial, "
    )
    assert second.startswith(f"{place}'uper' is not a known filter: did you mean 'upper'? Known: ")


def test_condition_that_is_too_long_is_refused() -> None:
    with pytest.raises(Fault) as caught:
        conditions.read("{line} == " + "x" * 1000)
    assert caught.value.sentences == (
        "show_if has 1010 characters: expected 1000 at most; ask less.",
    )
