"""Every template with values that printers take for commands: each symbol scans as its value."""

import hypothesis
import pytest
from hypothesis import strategies as st

from tests.printers.proof import labels, proving
from tests.printers.proof.seeing import device
from tests.printers.symbologies.samples import ANY_ASCII, SET_82

SSCC = {"logistics-label", "pallet-label"}
"""Their serial is 18 digits, the last of which follows from the others."""
NOWHERE = {"\ud800"}
"""What no label takes."""
TURNS = len(labels.NAMES)
DRAWN = ("pdf", "svg", "tspl")
"""Languages besides PNG in which a value is dots or curves, and no characters."""


def dots_of_turn(at: int, name: str) -> int:
    """One resolution after the other; the finest, which takes seconds, for small labels only."""
    return labels.RESOLUTIONS[(at + at // TURNS) % (3 if labels.is_small(name) else 2)]


@pytest.mark.parametrize("dpi", labels.RESOLUTIONS)
@pytest.mark.parametrize("prefix", ["", "TEST-"])
@pytest.mark.parametrize("name", labels.NAMES)
def test_nothing_reaches_into_the_quiet_zones_of_a_sample(name, prefix, dpi):
    """A run that tries the line prefixes its serials; an SSCC takes no prefix."""
    texts, given = labels.harmless(name), device(dpi, "")
    texts = {**texts, "serial": prefix + texts["serial"]}
    if name in SSCC and prefix:
        assert "expected N18; correct it." in (labels.refusal(name, texts, given) or "")
        return
    assert labels.intruders(name, texts, given) == []


def in_turn(at: int) -> tuple[str, ...]:
    """PNG, ZPL and one of the others; all at once are test_full_matrix.py's."""
    return ("png", DRAWN[at % len(DRAWN)], "zpl")


@pytest.mark.parametrize("dpi", labels.RESOLUTIONS)
@pytest.mark.parametrize("name", labels.NAMES)
def test_the_sample_of_every_template_scans_in_every_language(name, dpi):
    turn = labels.NAMES.index(name) + labels.RESOLUTIONS.index(dpi)
    among = ("png", "zpl") if dpi == 600 and not labels.is_small(name) else in_turn(turn)
    proving.prove_label(name, labels.harmless(name), dpi=dpi, among=among)


@pytest.mark.parametrize(("at", "value"), list(enumerate(labels.NASTY)))
def test_a_nasty_value_scans_as_itself_and_adds_no_command(at, value):
    """On one label that takes it somewhere, another one each time; by turns of those we draw.

    Every value in every language, and on every label, is test_full_matrix.py's.
    """
    for name in labels.from_turn(at):
        dpi = dots_of_turn(at, name)
        texts = labels.stuffed(name, value, device(dpi, value))
        if texts != labels.harmless(name):
            proving.prove_label(name, texts, dpi=dpi, among=in_turn(at))
            return
    assert value in NOWHERE


@pytest.mark.parametrize("letter", ["7", "W"])
@pytest.mark.parametrize("name", labels.NAMES)
def test_the_longest_serial_that_a_label_takes_scans(name, letter):
    given = device(203, "")
    for length in range(100, 0, -1):
        texts = {**labels.harmless(name), "serial": letter * length}
        if labels.refusal(name, texts, given) is None and not labels.intruders(name, texts, given):
            proving.prove_label(name, texts, dpi=203)
            return
    assert name in SSCC


VALUES = (
    st.text(alphabet="0123456789", min_size=1, max_size=30)
    | st.text(alphabet=SET_82, min_size=1, max_size=20)
    | st.text(alphabet="^~_\\>;,:&%\"'<[]{}|` ABX059", min_size=1, max_size=24)
    | st.text(alphabet=ANY_ASCII, min_size=1, max_size=16)
    | st.text(st.characters(), max_size=10)
    | st.lists(st.sampled_from(labels.NASTY), min_size=2, max_size=3).map("".join)
)


@hypothesis.given(name=st.sampled_from(labels.NAMES), value=VALUES)
@hypothesis.settings(max_examples=40, deadline=None)
def test_any_value_scans_as_itself_and_adds_no_command(name, value):
    texts = labels.stuffed(name, value, device(203, value))
    proving.prove_label(name, texts, dpi=203, among=("png", "zpl"))
