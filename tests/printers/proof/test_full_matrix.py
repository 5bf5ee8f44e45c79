"""The whole proof: every template, every resolution, every nasty value, every language.

It takes half an hour of one core; `make test` runs a selection (``test_values.py`` and others).
What costs most and tells least is thinned out: vectors of large labels at 600 dpi, and refusals at
the finer resolutions.
"""

from functools import cache

import hypothesis
import pytest

from tests.printers.proof import labels, proving
from tests.printers.proof.seeing import LANGUAGES, device
from tests.printers.proof.test_stored import prove_recall
from tests.printers.proof.test_values import VALUES

pytestmark = [pytest.mark.long, pytest.mark.timeout(7200)]

every_label = pytest.mark.parametrize("name", labels.NAMES)
every_dpi = pytest.mark.parametrize("dpi", labels.RESOLUTIONS)


@cache
def fillings(name: str, dpi: int) -> list[dict[str, str]]:
    """The sample, and the label with each nasty value wherever it takes it; each filling once."""
    found = [dict(labels.harmless(name))]
    for value in labels.NASTY:
        texts = labels.stuffed(name, value, device(dpi, value))
        if texts not in found:
            found.append(texts)
    return found


@every_dpi
@every_label
def test_every_nasty_value_scans_as_itself_in_every_language(name, dpi):
    for at, texts in enumerate(fillings(name, dpi)):
        is_quick = dpi < 600 or labels.is_small(name) or at % 8 == 0
        among = LANGUAGES if is_quick else ("png", "tspl", "zpl")
        proving.prove_label(name, texts, dpi=dpi, among=among)


@every_dpi
@every_label
def test_every_recalled_label_is_the_same_picture(name, dpi):
    for texts in fillings(name, dpi):
        prove_recall(name, texts, dpi=dpi)


@every_dpi
@every_label
def test_every_place_refuses_every_value_alike_in_every_language(name, dpi):
    for at, place in enumerate(labels.placeholders(name)):
        for value in labels.NASTY if dpi == 203 else labels.NASTY[at % 4 :: 4]:
            texts = {**labels.harmless(name), place: value}
            answers = proving.refusals(name, texts, dpi=dpi)
            assert set(answers) == set(LANGUAGES)
            assert len(set(answers.values())) == 1, (place, value, answers)


@every_label
@hypothesis.given(value=VALUES)
@hypothesis.settings(max_examples=60, deadline=None, database=None)
def test_any_value_scans_as_itself_in_every_language(name, value):
    texts = labels.stuffed(name, value, device(203, value))
    proving.prove_label(name, texts, dpi=203)
