"""Every refusal has a number of its own, an explanation, and a test that meets it."""

import re
from collections.abc import Iterable
from pathlib import Path

from labeler import errors
from labeler.errors import Kind, Refusal

ROOT = Path(__file__).parent.parent
WORD = re.compile(r"\w+")

UNMET: dict[int, str] = {}
"""Number -> why no test meets it."""


def table() -> str:
    """Return the table of docs/errors.md: `python -c "from tests import test_errors as t; …"`."""
    rows = [f"| {kind.number} | {kind.status} | {kind.title} |" for kind in errors.KINDS]
    return "\n".join(["| number | HTTP status | meaning |", "|---|---|---|", *rows])


def words_of(paths: Iterable[Path]) -> set[str]:
    """Return every word and number of the files."""
    return {word for path in paths for word in WORD.findall(path.read_text(encoding="utf-8"))}


def test_errors_have_numbers_of_their_own_in_ascending_order() -> None:
    numbers = [kind.number for kind in errors.KINDS]
    assert numbers == sorted(set(numbers))


def test_errors_have_titles_of_their_own() -> None:
    titles = [kind.title for kind in errors.KINDS]
    assert len(titles) == len(set(titles))
    assert [title for title in titles if title.endswith(".")] == []


def test_errors_say_whose_fault_it_is_by_their_status() -> None:
    service = {kind.number for kind in errors.KINDS if kind.status >= 500}
    assert service == {kind.number for kind in errors.KINDS if kind.number >= 9000}


def test_errors_are_all_listed() -> None:
    named = [one for one in vars(errors).values() if isinstance(one, Kind)]
    assert sorted(named, key=lambda kind: kind.number) == list(errors.KINDS)


def test_errors_are_documented() -> None:
    text = (ROOT / "docs/errors.md").read_text(encoding="utf-8")
    assert table() in text


def test_errors_are_all_used_by_the_service() -> None:
    used = words_of(
        path
        for path in ROOT.glob("labeler/**/*.py")
        if path.name != "errors.py" or path.parent.name != "labeler"
    )
    named = {name for name, one in vars(errors).items() if isinstance(one, Kind)}
    assert sorted(named - used) == []


def test_errors_are_all_met_by_a_test() -> None:
    own = Path(__file__).name
    said = words_of(path for path in ROOT.glob("tests/**/test_*.py") if path.name != own)
    met = {kind.number for kind in errors.KINDS if str(kind.number) in said}
    assert {kind.number for kind in errors.KINDS} - met == set(UNMET)


def test_refusal_reads_as_a_sentence_and_what_to_do() -> None:
    refusal = Refusal(errors.RUN_FULL, "Run 1 is full.", hint="Open the next.")
    assert (str(refusal), refusal.sentence, refusal.hint) == (
        "Run 1 is full. Open the next.",
        "Run 1 is full.",
        "Open the next.",
    )
    assert str(Refusal(errors.RUN_FULL, "Run 1 is full.")) == "Run 1 is full."
