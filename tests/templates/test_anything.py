"""Templates made of anything: a TemplateError or a form of bounded size, never anything else."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from labeler import templates
from labeler.templates import CONSTANTS, OPENED, LabelTemplate, TemplateError
from labeler.templates.filters import KINDS
from printers import label as model
from printers.errors import Unprintable
from tests import plants
from tests.templates.reading import contents

PIECES = st.sampled_from(
    [
        *("{", "}", "{{", "}}", "|", ":", "%", " ", "'", '"', "(", ")", "[", "]", ",", "==", "!="),
        *("and", "or", "not", "in", "1", "0", "1000", "9999", "ß", "\u0000", "\ud7ff", "٣"),
        *("serial", "number", "date:%Y", "date:", "run.opened:%H", "identifiers.mac.plain"),
        *("gs1.fnc1", "serial.epc_hex", "attributes.x", "__class__", "{run.lot}", "{serial|"),
        *("{line|group:1:----------", "{line|pad:1000}", "{serial|group:1:----------", "}{"),
        *CONSTANTS,
        *(f"|{name}" for name in KINDS),
    ]
)
TEXTS = st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=50)
CONSTANTS_GIVEN = dict.fromkeys(CONSTANTS, "x" * 64) | {OPENED: plants.NOON.isoformat()}
LONGEST = 1000 * 12 + 50 * 12
"""Each piece of a text, at the longest that a filter may make it, or as it is written."""


def read(text: str, show_if: str | None) -> LabelTemplate:
    """Read a template with this text and condition."""
    keys = {"x_mm": 1, "y_mm": 1, "text": text}
    element = {"text": keys if show_if is None else {**keys, "show_if": show_if}}
    document = {
        "label": "any",
        "media": {"width_mm": 50, "height_mm": 20},
        "elements": [element],
    }
    return templates.parse(yaml.safe_dump(document), name="any")


def refusal_of(text: str, show_if: str | None) -> str | None:
    """Return what is wrong with it, if anything is."""
    try:
        read(text, show_if)
    except TemplateError as error:
        return str(error)
    return None


@given(text=TEXTS, show_if=st.none() | TEXTS)
def test_any_text_is_refused_in_sentences_or_fills_a_bounded_label(
    text: str, show_if: str | None
) -> None:
    said = refusal_of(text, show_if)
    if said is not None:
        assert all(line.startswith("Template 'any'") for line in said.splitlines())
        assert len(said) < 20_000
        return
    try:
        form = read(text, show_if).form(CONSTANTS_GIVEN, ["mac"])
        more = dict.fromkeys(form.more, "0123456789")
        values = form.filler(plants.NOON)("AC2632700042O", 7, more=more)
        written = [model.fill(content, values) for content in contents(form)]
    except Unprintable:
        return
    assert sum(map(len, written)) <= LONGEST


@given(text=TEXTS)
def test_what_was_read_once_is_read_again_from_the_names_of_its_fields(text: str) -> None:
    try:
        form = read(text, None).form(CONSTANTS_GIVEN, ["mac"])
    except (TemplateError, Unprintable):
        return
    for one in form.expressions:
        again = read("{" + one.text + "}", None).form(CONSTANTS_GIVEN, ["mac"])
        assert again.expressions == (one,)


@pytest.mark.parametrize(
    "text",
    [
        "{" * 199_999,
        "{a" * 200_000,
        "{" + "a" * 400_000,
        "{" + "a" * 400_000 + "}",
        "{serial" + "|" * 400_000 + "}",
        "{serial|" + "u" * 400_000 + "}",
        "{serial|pad:" + "9" * 400_000 + "}",
        "{date:" + "%Y" * 200_000 + "}",
        "{serial}" * 50_000,
    ],
    ids=lambda text: text[:12],
)
def test_a_text_of_any_length_is_refused(text: str) -> None:
    with pytest.raises(TemplateError):
        read(text, None)


@pytest.mark.parametrize("show_if", [" " * 400_000, "(" * 900, "not " * 240, "{line} and " * 90])
def test_a_condition_of_any_length_is_refused(show_if: str) -> None:
    with pytest.raises(TemplateError):
        read("a", show_if)
