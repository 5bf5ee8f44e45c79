"""Label templates: what is read, what is refused and where, what a run and a unit fill in."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from labeler import templates
from labeler.templates import CONSTANTS, TemplateError
from printers import label as model
from printers.errors import Unprintable
from tests import plants

HEAD = "label: unit-label\nmedia: {width_mm: 70, height_mm: 40}\nelements:\n"


def parse(*elements: str) -> templates.LabelTemplate:
    """Return a template with these elements, each on a line of its own from line 4."""
    text = HEAD + "".join(f"  - {element}\n" for element in elements)
    return templates.parse(text, name="unit-label")


def text(content: str) -> str:
    """Return a text element."""
    return f"text: {{x_mm: 1, y_mm: 2, text: {content!r}}}"


def refusal(content: str) -> str:
    with pytest.raises(TemplateError) as caught:
        templates.parse(content, name="unit-label")
    return str(caught.value)


def contents(template: templates.LabelTemplate, **constants: str) -> list[model.Content]:
    given = {name.replace("__", "."): value for name, value in constants.items()}
    form = template.form(given)
    return [e.content for e in form.elements if isinstance(e, model.Text | model.Barcode)]


def test_template_of_the_plant_is_read() -> None:
    content = yaml.safe_dump(plants.TEMPLATE)
    found = templates.parse(content, name="unit-label")
    assert (found.name, found.width_mm, found.height_mm) == ("unit-label", 70, 40)
    assert found.content == content
    assert found.digest == hashlib.sha256(content.encode()).hexdigest()
    assert found.fields == {"product.name", "run.lot", "number", "date:%d.%m.%Y", "serial"}


def test_template_that_ships_is_right() -> None:
    for path in (Path(__file__).parent.parent / "templates").glob("*.yaml"):
        assert templates.parse(path.read_text(encoding="utf-8"), name=path.stem).elements


def test_form_has_every_element_in_millimetres() -> None:
    found = parse(
        "text: {x_mm: 1, y_mm: 2, text: a, size_mm: 4, bold: true, align: right, width_mm: 9}",
        "barcode: {x_mm: 1, y_mm: 2, symbology: code128, data: b, x_dimension_mm: 0.25, "
        "height_mm: 9, hri: true}",
        "box: {x_mm: 1, y_mm: 2, width_mm: 3, height_mm: 4}",
        "line: {x_mm: 1, y_mm: 2, length_mm: 3, thickness_mm: 1, direction: vertical}",
    ).form({})
    assert found == model.Label(
        name="unit-label",
        width_mm=70,
        height_mm=40,
        elements=(
            model.Text(
                x_mm=1, y_mm=2, content=("a",), size_mm=4, bold=True, align="right", width_mm=9
            ),
            model.Barcode(
                x_mm=1,
                y_mm=2,
                symbology="code128",
                content=("b",),
                x_dimension_mm=0.25,
                height_mm=9,
                hri=True,
            ),
            model.Box(x_mm=1, y_mm=2, width_mm=3, height_mm=4, thickness_mm=0.3),
            model.Line(x_mm=1, y_mm=2, length_mm=3, thickness_mm=1, direction="vertical"),
        ),
    )


def test_form_fills_constants_and_keeps_unit_values_as_fields() -> None:
    found = parse(text("Lot {run.lot}: {serial} of {attributes.höhe}!"), text("{line}"))
    assert found.fields == {"run.lot", "serial", "attributes.höhe", "line"}
    given = {"run.lot": "L1", "attributes.höhe": "3 {serial}", "line": "line-1"}
    form = found.form(given)
    assert [e.content for e in form.elements if isinstance(e, model.Text)] == [
        ("Lot L1: ", model.Field("serial"), " of 3 {serial}!"),
        ("line-1",),
    ]


def test_form_without_a_value_it_shows_is_unprintable() -> None:
    with pytest.raises(Unprintable) as caught:
        parse(text("{attributes.b}"), text("{attributes.a}")).form({})
    assert str(caught.value) == (
        "Template 'unit-label' shows 'attributes.a', which this run does not have. "
        "Open the run with it, or take it out of the template."
    )


def test_form_takes_doubled_braces_for_braces() -> None:
    assert contents(parse(text("{{serial}} {serial}}}{{"))) == [
        ("{serial} ", model.Field("serial"), "}{")
    ]


def test_form_of_an_empty_text_is_empty() -> None:
    assert contents(parse(text(""), text("{run.lot}")), run__lot="") == [(), ("",)]


def test_unit_values_are_serial_number_and_dates_in_the_zone_of_the_site() -> None:
    found = parse(text("{serial} {number} {date:%d.%m.%Y} {date:%H:%M} {date:%G-W%V-%u %j%%}"))
    at = datetime(2026, 12, 31, 23, 30, tzinfo=UTC).astimezone(ZoneInfo("Europe/Berlin"))
    assert found.filler(at)("AC1", 7) == {
        "serial": "AC1",
        "number": "7",
        "date:%d.%m.%Y": "01.01.2027",
        "date:%H:%M": "00:30",
        "date:%G-W%V-%u %j%%": "2026-W53-5 001%",
    }


def test_unit_values_hold_only_what_the_template_shows() -> None:
    assert set(parse(text("{run.lot}")).filler(plants.NOON)("AC1", 7)) <= {"serial", "number"}


KNOWN = (
    "Known: serial, number, date:FORMAT, line, product.code, product.gtin, product.name, run.id, "
    "run.lot, run.operator, run.quantity, run.work_order, site.name, attributes.NAME, "
    "identifiers.NAME."
)


def test_constants_are_the_known_ones() -> None:
    assert (
        f"Known: serial, number, date:FORMAT, {', '.join(sorted(CONSTANTS))}, attributes.NAME, "
        "identifiers.NAME."
    ) == KNOWN


CODES = "%% %G %H %M %S %V %Y %d %j %m %u %y"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{colour}", f"'{{colour}}' is not a known value. {KNOWN}"),
        ("{}", f"'{{}}' is not a known value. {KNOWN}"),
        ("{ serial }", f"'{{ serial }}' is not a known value. {KNOWN}"),
        ("{attributes.}", f"'{{attributes.}}' is not a known value. {KNOWN}"),
        (
            "{date:%q}",
            (
                f"'{{date:%q}}' is not a date format. Expected codes of {CODES}, "
                "as in {date:%d.%m.%Y}."
            ),
        ),
        (
            "{date:}",
            (
                f"'{{date:}}' is not a date format. Expected codes of {CODES}, "
                "as in {date:%d.%m.%Y}."
            ),
        ),
        (
            "{date:%Y%}",
            (
                f"'{{date:%Y%}}' is not a date format. Expected codes of {CODES}, "
                "as in {date:%d.%m.%Y}."
            ),
        ),
        (
            "SN {serial",
            "a single '{' at position 4 of 'SN {serial'. Write '{{' for the character itself.",
        ),
        (
            "serial}",
            "a single '}' at position 7 of 'serial}'. Write '}}' for the character itself.",
        ),
    ],
)
def test_placeholder_that_is_wrong_is_refused(content: str, sentence: str) -> None:
    document = HEAD + f"  - {text('fine')}\n  - {text(content)}\n"
    assert refusal(document) == f"Template 'unit-label', line 5: {sentence}"
    barcode = (
        f"  - barcode: {{x_mm: 1, y_mm: 1, symbology: qr, data: {content!r}, x_dimension_mm: 1}}\n"
    )
    assert refusal(HEAD + barcode) == f"Template 'unit-label', line 4: {sentence}"


@pytest.mark.parametrize(
    ("element", "line", "sentence"),
    [
        (
            "text: {x_mm: 1, y_mm: 1, text: a, colour: red}",
            4,
            (
                "elements.0.text.colour is not a known key. Known here: x_mm, y_mm, text, "
                "size_mm, bold, align, width_mm."
            ),
        ),
        (
            "text: {y_mm: 1, text: a}",
            4,
            "elements.0.text.x_mm is missing: expected a number from 0 to 1000.",
        ),
        (
            "text: {x_mm: -1, y_mm: 1, text: a}",
            4,
            "elements.0.text.x_mm: expected a number from 0 to 1000, got -1.",
        ),
        (
            "text: {x_mm: .nan, y_mm: 1, text: a}",
            4,
            "elements.0.text.x_mm: expected a number from 0 to 1000, got nan.",
        ),
        (
            "text: {x_mm: 1, y_mm: 1, text: 5}",
            4,
            "elements.0.text.text: expected text, got 5.",
        ),
        (
            "text: {x_mm: 1, y_mm: 1, text: a, align: middle}",
            4,
            "elements.0.text.align: expected one of left, center, right, got 'middle'.",
        ),
        (
            "image: {x_mm: 1}",
            4,
            "elements.0.image is not a known key. Known here: text, barcode, box, line.",
        ),
    ],
)
def test_element_that_is_wrong_is_refused(element: str, line: int, sentence: str) -> None:
    found = refusal(f"{HEAD}  - {element}\n")
    assert found.startswith(f"Template 'unit-label', line {line}: {sentence}")


@pytest.mark.parametrize(
    ("element", "count"),
    [
        ("{}", 0),
        ("{text: {x_mm: 1, y_mm: 1, text: a}, line: {x_mm: 1, y_mm: 1, length_mm: 1}}", 2),
    ],
)
def test_element_that_is_not_one_thing_is_refused(element: str, count: int) -> None:
    assert refusal(f"{HEAD}  - {text('fine')}\n  - {element}\n") == (
        "Template 'unit-label', line 5: expected exactly one of text, barcode, box, line, "
        f"got {count}."
    )


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (
            "",
            (
                "Template 'unit-label', line 1: the template: expected keys with values "
                "(label, media, elements), got null."
            ),
        ),
        (
            "- a",
            (
                "Template 'unit-label', line 1: the template: expected keys with values "
                "(label, media, elements), got ['a']."
            ),
        ),
        ("a: *b", "Template 'unit-label': line 1: aliases (*name) are not read here. "),
        ("label: x\nlabel: y", "Template 'unit-label': line 2: key 'label' stands twice. "),
        (
            "label: unit-label\nmedia: {width_mm: 70, height_mm: 40}\nelements: []",
            "Template 'unit-label', line 3: elements: expected a list of 1 to 200 entries, got [].",
        ),
        (
            HEAD.replace("70", "0") + f"  - {text('a')}",
            (
                "Template 'unit-label', line 2: media.width_mm: expected a number above 0, "
                "1000 at most, got 0."
            ),
        ),
        (
            HEAD + f"  - {text('a')}\n" * 201,
            "Template 'unit-label', line 3: elements: expected a list of 1 to 200 entries, got [{",
        ),
    ],
)
def test_template_that_is_wrong_is_refused(document: str, sentence: str) -> None:
    assert refusal(document).startswith(sentence)


def test_template_names_every_finding() -> None:
    found = refusal(HEAD.replace("70", "0").replace("40", "x") + f"  - {text('a')}")
    assert found.splitlines() == [
        (
            "Template 'unit-label', line 2: media.width_mm: expected a number above 0, "
            "1000 at most, got 0."
        ),
        (
            "Template 'unit-label', line 2: media.height_mm: expected a number above 0, "
            "1000 at most, got 'x'."
        ),
    ]


def test_template_that_calls_itself_otherwise_is_refused() -> None:
    assert refusal(HEAD.replace("unit-label", "box-label") + f"  - {text('a')}") == (
        "Template 'unit-label' calls itself 'box-label' (label:). "
        "Expected 'unit-label', the name of its file."
    )


def test_template_made_of_anything_is_read_or_refused() -> None:
    odd: list[Any] = [None, 1, "x", [], {}, {"label": "unit-label"}, {"elements": None}]
    for content in odd:
        with pytest.raises(TemplateError):
            templates.parse(yaml.safe_dump(content), name="unit-label")
