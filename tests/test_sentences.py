"""The service's sentences are found in its source, and said in the language of whoever asks."""

from pathlib import Path

import pytest

from labeler.web import sentences as saying
from tests import sentences

MODULE = """
WHY = "Nobody knows."

def refuse(line, number, is_open):
    left = "is full" if is_open else "is empty"
    if number:
        raise Refusal(KIND, f"Line '{line.name}' {left}.", hint=_hint(line))
    log.info("Line.", why="It is only logged.")
    raise Refusal(KIND, "Run " + f"{number} of {number}" + " ends.", hint=WHY, status=f"{line}")

def _hint(line):
    if line:
        return "Open one."
    return f"{line}"
"""


def test_sentences_of_a_module_are_found_with_names_for_their_values(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text(MODULE)
    assert sentences.found([tmp_path]) == {
        "Line '{name}' is full.",
        "Line '{name}' is empty.",
        "Open one.",
        "Run {number} of {number_2} ends.",
        "Nobody knows.",
    }


@pytest.mark.parametrize(
    ("sentence", "german"),
    [
        ("There is no run 999.", "Den Auftrag 999 gibt es nicht."),
        ("The body is no JSON object.", "Der Inhalt der Anfrage ist kein JSON-Objekt."),
        (
            "search: expected text of 3 to 64 characters, got 'ab'.",
            "search: erwartet Text mit 3 bis 64 Zeichen, erhalten 'ab'.",
        ),
        (
            "There is no run 999. There is no run 7.",
            "Den Auftrag 999 gibt es nicht. Den Auftrag 7 gibt es nicht.",
        ),
    ],
)
def test_sentence_is_said_in_german_with_its_values(sentence: str, german: str) -> None:
    assert saying.translated(sentence, "de") == german


def test_sentence_that_no_source_has_is_not_translated() -> None:
    assert saying.translated("The moon is full of 7 cheeses.", "de") is None
    assert saying.said("The moon.") == saying.Said(text="The moon.", language="en")


@pytest.mark.timeout(30)
def test_sentence_of_nothing_but_pieces_is_looked_up_in_one_pass() -> None:
    for text in sorted(sentences.found()):
        pieces = saying.NAMED.split(text)[::2]
        told = pieces[0] + ("x".join(pieces[1:-1]) * 200)[:1500] + max(pieces, key=len) + "!"
        saying.translated(told, "de")
    assert saying.translated("There is no run 7. " * 5000, "de") is None


def test_sentences_are_all_found_again_by_a_text_of_their_own() -> None:
    lost = [
        text
        for text in sorted(sentences.found())
        if saying.translated(saying.NAMED.sub("7", text), "de") is None
    ]
    assert lost == []
