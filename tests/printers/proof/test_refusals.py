"""A value that a label cannot show is refused by every language, in every way, alike."""

import pytest

from printers.device import Device
from tests.printers.proof import labels, proving

PLACES = [(name, place) for name in labels.NAMES for place in labels.placeholders(name)]
TURN = 24
"""Each place gets every 24th value, others than the place before it; all: test_full_matrix.py."""


@pytest.mark.parametrize(("at", "name", "place"), [(at, *one) for at, one in enumerate(PLACES)])
def test_every_language_refuses_alike(at, name, place):
    for value in labels.NASTY[at % TURN :: TURN]:
        texts = {**labels.harmless(name), place: value}
        answers = proving.refusals(name, texts, dpi=203)
        assert len(set(answers.values())) == 1, (value, answers)


def test_what_labels_refuse_is_said_in_these_sentences(golden):
    """What is not listed is printed. A sentence that changes is a change that people read."""
    told = [
        f"{name}: {place} = {value!a}\n    {ascii(sentence)[1:-1]}"
        for name, place in PLACES
        for value in TOLD
        if (sentence := refused(name, place, value)) is not None
    ]
    golden.require_text("refusals.txt", "\n".join(told) + "\n")


TOLD = ("^XZ", "", "é", "日本語", "A\tB", "12", "W" * 60)


def refused(name: str, place: str, value: str) -> str | None:
    return labels.refusal(name, {**labels.harmless(name), place: value}, Device(dpi=203))
